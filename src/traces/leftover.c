/* What editors, pagers, recorders and data bases of command lines keep. In such files a command may
 * stand anywhere. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static const struct where leftovers[] = {
    /* vim and neovim */
    {PLACE_HOME, "", ".viminf*"},
    {PLACE_HOME, ".vim", "*viminfo*"},
    {PLACE_HOME, ".vim/swap", "*"},
    {PLACE_HOME, ".vim/backup", "*"},
    {PLACE_HOME, ".vim/undo", "*"},
    {PLACE_HOME, ".vim/undodir", "*"},
    {PLACE_STATE, "vim", "*viminfo*"},
    {PLACE_STATE, "vim/swap", "*"},
    {PLACE_STATE, "vim/backup", "*"},
    {PLACE_STATE, "vim/undo", "*"},
    {PLACE_STATE, "nvim/shada", "*"},
    {PLACE_DATA, "nvim/shada", "*"},
    {PLACE_STATE, "nvim/swap", "*"},
    {PLACE_DATA, "nvim/swap", "*"},
    {PLACE_STATE, "nvim/backup", "*"},
    {PLACE_STATE, "nvim/undo", "*"},
    /* emacs, nano */
    {PLACE_HOME, ".emacs.d", "history"},
    {PLACE_HOME, ".emacs.d", "recentf"},
    {PLACE_HOME, ".emacs.d/auto-save-list", "*"},
    {PLACE_HOME, ".emacs.d/backups", "*"},
    {PLACE_HOME, "", ".nano_history*"},
    {PLACE_HOME, ".nano", "*"},
    {PLACE_DATA, "nano", "*"},
    /* pagers, file managers, recorders */
    {PLACE_HOME, "", ".lesshst*"},
    {PLACE_STATE, "", "lesshst*"},
    {PLACE_DATA, "", "lesshst*"},
    {PLACE_DATA, "mc", "history*"},
    {PLACE_HOME, "", "typescript*"},
    {PLACE_HOME, "", "screenlog.*"},
    {PLACE_HOME, "", "nohup.out"},
    /* data bases of command lines */
    {PLACE_DATA, "atuin", "history.db*"},
    {PLACE_CONFIG, "nushell", "history.sqlite*"},
    {PLACE_DATA, "xonsh/history_json", "*"},
    /* what editors leave of files in the home folder itself, such as .bashrc */
    {PLACE_HOME, "", "*.sw[a-p]"},
    {PLACE_HOME, "", "*~"},
    {PLACE_HOME, "", "#*#"},
    {PLACE_HOME, "", "*.un~"},
};

/* The same, beside the store. */
static const char *const beside[] = {"*.sw[a-p]", "*~",          "#*#",       ".#*",
                                     "*.un~",     "typescript*", "nohup.out", "screenlog.*"};

bool leftover_is_named(const char *name)
{
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (fnmatch(beside[i], name, 0) == 0)
            return true;
    return false;
}

/* ---- looking ---- */

/* True if the text holds "/NAME" as the end of a path, or "%NAME", as vim writes it. */
static bool names_store(const struct search *search, const char *text, size_t size)
{
    const size_t length = strlen(search->name);
    const char *const end = text + size;

    for (const char *at = text + 1; at < end; at++) {
        at = memmem(at, (size_t)(end - at), search->name, length);
        if (at == NULL)
            return false;
        const char after = at + length < end ? at[length] : '\0';
        if ((at[-1] == '/' || at[-1] == '%') && strchr(" \t\n\r\"'", after) != NULL)
            return true;
    }
    return false;
}

/* Lines of what is text; a file with zero bytes has none that anybody could look up. */
static bool tell_lines(struct search *search, const char *path, const struct search_text *text)
{
    const char *const end = text->bytes + text->size;
    uint64_t line = 1;
    bool told = false;

    for (const char *at = text->bytes; at < end; line++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const char *const line_end = feed == NULL ? end : feed;
        if (command_tells(at, (size_t)(line_end - at), COMMAND_LOOSE)) {
            search_say(search, TRACES_LEFTOVER, path, line, "");
            told = true;
        }
        at = line_end + 1;
    }
    return told;
}

static void tell_leftover(struct search *search, const char *path, const char *name,
                          const struct search_text *text)
{
    if (command_tells(text->bytes, text->size, COMMAND_LOOSE)) {
        /* A command that goes over several lines is in none of them. */
        if (memchr(text->bytes, '\0', text->size) != NULL || !tell_lines(search, path, text))
            search_say(search, TRACES_LEFTOVER, path, 0, "");
    } else if (names_store(search, text->bytes, text->size) ||
               (strchr(name, '%') != NULL && strstr(name, search->name) != NULL)) {
        search_say(search, TRACES_OPENED, path, 0, "");
    } else {
        search_say(search, TRACES_FILE_CLEAR, path, 0, "");
    }
}

enum base_code look_at_leftover(struct search *search, void *context, const char *path,
                                const char *name, struct base_error *error)
{
    struct search_text text;
    (void)context;
    const enum base_code code = search_read(search, path, &text, error);
    if (code == BASE_OK && text.bytes != NULL)
        tell_leftover(search, path, name, &text);
    search_text_free(&text);
    return code;
}

enum base_code look_at_editors(struct search *search, struct home home, struct base_error *error)
{
    const char *set = home.own ? getenv("LESSHISTFILE") : NULL;
    enum base_code code = BASE_OK;

    if (set != NULL && *set == '/')
        code = look_at_leftover(search, NULL, set, "", error);
    if (code == BASE_OK)
        code = places_visit(search, home, leftovers, sizeof leftovers / sizeof *leftovers,
                            look_at_leftover, NULL, error);
    return code;
}
