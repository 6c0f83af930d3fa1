#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"

/* The XDG base directory specification: a relative path counts as not set. */
static const struct {
    const char *variable, *usual; /* below the home folder */
} places[PLACES] = {
    [PLACE_HOME] = {NULL, ""},
    [PLACE_ZDOTDIR] = {"ZDOTDIR", NULL},
    [PLACE_DATA] = {"XDG_DATA_HOME", ".local/share"},
    [PLACE_STATE] = {"XDG_STATE_HOME", ".local/state"},
    [PLACE_CACHE] = {"XDG_CACHE_HOME", ".cache"},
    [PLACE_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
};

struct visit {
    const struct where *where;
    size_t count;
    enum place_kind place;
    const char *folder;
    search_visit *look;
    void *context;
};

/* An entry of a folder for which several patterns of the table may stand. */
static enum base_code look_at_entry(struct search *search, void *context, const char *path,
                                    const char *name, struct base_error *error)
{
    const struct visit *visit = context;
    for (size_t i = 0; i < visit->count; i++) {
        const struct where *where = &visit->where[i];
        if (where->place == visit->place && strcmp(where->folder, visit->folder) == 0 &&
            fnmatch(where->pattern, name, 0) == 0)
            return visit->look(search, visit->context, path, name, error);
    }
    return BASE_OK;
}

static bool is_first_of_folder(const struct where *where, size_t number)
{
    for (size_t i = 0; i < number; i++)
        if (where[i].place == where[number].place &&
            strcmp(where[i].folder, where[number].folder) == 0)
            return false;
    return true;
}

static enum base_code look_below(struct search *search, const char *base, struct visit *visit,
                                 struct base_error *error)
{
    char folder[PATH_MAX];
    if (!search_join(folder, base, visit->folder))
        return BASE_OK;
    return search_folder(search, folder, look_at_entry, visit, NULL, error);
}

/* Where the environment says, and also in the usual folder: that was used before the variable was
 * set, and is by a shell that does not see it. */
static enum base_code look_in_place(struct search *search, struct home home, struct visit *visit,
                                    struct base_error *error)
{
    char usual[PATH_MAX];
    const char *variable = places[visit->place].variable;
    const char *set = home.own && variable != NULL ? getenv(variable) : NULL;
    enum base_code code = BASE_OK;

    if (set != NULL && set[0] == '/')
        code = look_below(search, set, visit, error);
    if (code == BASE_OK && places[visit->place].usual != NULL &&
        search_join(usual, home.path, places[visit->place].usual) &&
        (set == NULL || strcmp(set, usual) != 0))
        code = look_below(search, usual, visit, error);
    return code;
}

enum base_code places_visit(struct search *search, struct home home, const struct where *where,
                            size_t count, search_visit *look, void *context,
                            struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < count; i++) {
        struct visit visit = {where, count, where[i].place, where[i].folder, look, context};
        if (is_first_of_folder(where, i))
            code = look_in_place(search, home, &visit, error);
    }
    return code;
}
