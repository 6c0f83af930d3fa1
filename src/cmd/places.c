/* Several stores in one report or export: each is opened, read and closed before the next. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

struct cmd_place {
    char path[PATH_MAX], name[CMD_PLACE_BYTES];
    char fingerprint[KEYS_FINGERPRINT_TEXT];
    struct tally_counts *counts, *life;
    struct cmd_ledger ledger;
};

/* ---- names ----------------------------------------------------------------------------------
 * No store holds a text, so a place goes by where its store lies: by the least part of the paths that
 * tells all of them apart. */

/* Writes `count` parts of a path; its last `left_out` parts don't count, nor does ".mdb". */
static void take_parts(const char *path, size_t left_out, size_t count, char name[CMD_PLACE_BYTES])
{
    static const char extension[] = ".mdb";
    char part[PATH_MAX];
    size_t end = strlen(path);
    for (size_t i = 0; i < left_out; i++)
        while (end > 0 && path[--end] != '/')
            ;
    size_t begin = end;
    for (size_t i = 0; i < count && begin > 0; i++)
        while (begin > 0 && path[--begin] != '/')
            ;
    begin += path[begin] == '/' ? 1 : 0;
    if (left_out == 0 && end - begin >= sizeof extension &&
        strcmp(path + end - (sizeof extension - 1), extension) == 0)
        end -= sizeof extension - 1;
    (void)snprintf(part, sizeof part, "%.*s", begin < end ? (int)(end - begin) : 0, path + begin);
    (void)base_make_printable(name, CMD_PLACE_BYTES, part);
}

static void name_places(struct cmd_places *places, size_t left_out, size_t count)
{
    for (size_t i = 0; i < places->count; i++)
        take_parts(places->place[i].path, left_out, count, places->place[i].name);
}

static bool are_named_alike(const struct cmd_places *places, size_t one, size_t other)
{
    return strcmp(places->place[one].name, places->place[other].name) == 0;
}

static bool is_last_part_the_same(struct cmd_places *places, size_t left_out)
{
    name_places(places, left_out, 1);
    for (size_t i = 1; i < places->count; i++)
        if (!are_named_alike(places, 0, i))
            return false;
    return places->place[0].name[0] != '\0';
}

/* The first place that goes by the name of one before it; their count if there is none. */
static size_t find_namesake(const struct cmd_places *places)
{
    for (size_t i = 1; i < places->count; i++)
        for (size_t j = 0; j < i; j++)
            if (are_named_alike(places, i, j))
                return i;
    return places->count;
}

static bool begins_formula(const char *text)
{
    static const char *const signs[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strncmp(text, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

/* Whether a spreadsheet that is given csv with this name would compute it; each divides lines at other marks. Csv for
 * programs can't say that it is a text, as csv for Excel does: they would take what says so for a part of the name. */
static bool is_formula(const char *name)
{
    bool is_cell = true;
    for (; *name != '\0'; name++) {
        if (is_cell && begins_formula(name))
            return true;
        is_cell = strchr(",;|\"'", *name) != NULL || (is_cell && *name == ' ');
    }
    return false;
}

static enum base_code find_names(struct cmd_places *places, struct base_error *error)
{
    size_t left_out = 0, parts = 1;
    while (is_last_part_the_same(places, left_out))
        left_out++;
    name_places(places, left_out, parts);
    while (find_namesake(places) < places->count && parts < PATH_MAX / 2)
        name_places(places, left_out, ++parts);
    for (size_t i = 0; i < places->count; i++)
        if (is_formula(places->place[i].name))
            return base_fail(error, BASE_FORMULA_NAME, "%s", places->place[i].name);
    const size_t namesake = find_namesake(places);
    return namesake == places->count ? BASE_OK
                                     : base_fail(error, BASE_BAD_OPTION_VALUE, "--store %s",
                                                 places->place[namesake].path);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* From here on the context is about that one store; errors name it. */
void cmd_turn_to_place(struct cmd_context *context, const struct cmd_places *places, size_t index)
{
    if (places->count < 2)
        return;
    context->store_path = context->stores.value[index];
    memcpy(context->place, places->place[index].name, sizeof context->place);
    if (context->passphrase_files.count > 1)
        context->value[CMD_PASSPHRASE_FILE] = context->passphrase_files.value[index];
}

/* Asked before anybody types a passphrase: each store can be opened, and none is there twice. */
static enum base_code check_stores(struct cmd_context *context, struct cmd_places *places,
                                   struct base_error *error)
{
    for (size_t i = 0; i < places->count; i++) {
        struct store *store;
        cmd_turn_to_place(context, places, i);
        if (cmd_open_store(context, STORE_READ, NULL, &store, error) != BASE_OK)
            return error->code;
        keys_fingerprint_text(places->place[i].fingerprint, store_fingerprint(store));
        store_close(store);
        for (size_t j = 0; j < i; j++)
            if (strcmp(places->place[i].fingerprint, places->place[j].fingerprint) == 0)
                return base_fail(error, BASE_SAME_STORE, "%s", context->store_path);
    }
    return BASE_OK;
}

static struct release_place release_place_of(const struct cmd_places *places, size_t index)
{
    const struct cmd_place *place = &places->place[index];
    const struct record_header *header = &place->ledger.header;
    struct release_place release = {
        .name = places->source[index].name,
        .fingerprint = place->fingerprint,
        .key = place->ledger.reader.key,
        .life = place->life,
        .channels = header->ever_channels,
        .parties = header->ever_parties,
        .now = {header->channels, header->parties},
        .threshold = header->threshold,
        .closed_through = header->closed_through,
        .ledger = place->ledger.ledger,
    };
    memcpy(release.store_id, header->store_id, sizeof release.store_id);
    return release;
}

static enum base_code read_stores(struct cmd_context *context, struct cmd_places *places,
                                  struct base_period period, enum cmd_reading reading,
                                  struct base_error *error)
{
    for (size_t i = 0; i < places->count; i++) {
        struct cmd_place *place = &places->place[i];
        char checked[KEYS_FINGERPRINT_TEXT];
        memcpy(checked, place->fingerprint, sizeof checked);
        cmd_turn_to_place(context, places, i);
        if (cmd_read_counts(context, period, &place->counts,
                            reading == CMD_READ_COUNTS ? NULL : &place->life,
                            reading == CMD_READ_LEDGER ? &place->ledger : NULL, place->fingerprint,
                            error) != BASE_OK)
            return error->code;
        if (places->count > 1 && strcmp(checked, place->fingerprint) != 0)
            return base_fail(error, BASE_FINGERPRINT_DIFFERS, "%s", place->fingerprint);
        places->source[i] = (struct table_source){
            .name = places->count > 1 ? place->name : NULL,
            .fingerprint = place->fingerprint,
            .counts = place->counts,
            .life = place->life,
        };
        if (reading != CMD_READ_LEDGER)
            continue;
        places->release[i] = release_place_of(places, i);
        if (i == 0)
            memcpy(places->fingerprint, place->ledger.reader.fingerprint,
                   sizeof places->fingerprint);
    }
    context->place[0] = '\0';
    return BASE_OK;
}

/* Several stores: their names, then all that can be refused, then the passphrases. */
static enum base_code prepare(struct cmd_context *context, struct cmd_places *places,
                              struct base_error *error)
{
    for (size_t i = 0; i < places->count; i++) {
        const char *given = context->stores.value[i];
        char *path = places->place[i].path;
        if (realpath(given, path) == NULL)
            (void)snprintf(path, sizeof places->place[i].path, "%s", given);
        for (size_t j = 0; j < i; j++)
            if (strcmp(path, places->place[j].path) == 0)
                return base_fail(error, BASE_SAME_STORE, "%s", given);
    }
    if (find_names(places, error) != BASE_OK || check_stores(context, places, error) != BASE_OK)
        return error->code;
    context->place[0] = '\0';
    if (context->passphrase_files.count == 1)
        return cmd_read_passphrase(context, &context->passphrase, error);
    return BASE_OK;
}

enum base_code cmd_read_places(struct cmd_context *context, struct base_period period,
                               enum cmd_reading reading, struct cmd_places **out,
                               struct base_error *error)
{
    const size_t count = context->stores.count > 1 ? context->stores.count : 1;
    struct cmd_places *places = calloc(1, sizeof *places);
    if (places != NULL)
        places->place = calloc(count, sizeof *places->place);
    if (places != NULL && reading == CMD_READ_LEDGER)
        places->release = calloc(count, sizeof *places->release);
    if (places == NULL || places->place == NULL ||
        (reading == CMD_READ_LEDGER && places->release == NULL)) {
        cmd_free_places(places);
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the stores"));
    }
    places->count = count;
    enum base_code code = count > 1 ? prepare(context, places, error) : BASE_OK;
    if (code == BASE_OK)
        code = read_stores(context, places, period, reading, error);
    secret_free(context->passphrase);
    context->passphrase = NULL;
    if (code == BASE_OK)
        *out = places;
    else
        cmd_free_places(places);
    return code;
}

/* ---- recording ------------------------------------------------------------------------------ */

/* Whether the store is as it was read: nothing was released, opened or closed since. */
static enum base_code open_to_record(struct cmd_context *context, const struct cmd_place *place,
                                     struct store **out, struct base_error *error)
{
    struct store *store;
    enum base_code code =
        cmd_open_store(context, STORE_WRITE, &place->ledger.reader, &store, error);
    if (code != BASE_OK)
        return code;
    if (store_header(store)->edition != place->ledger.header.edition)
        code = base_fail(error, BASE_RELEASED_MEANWHILE, "%s", context->store_path);
    if (code == BASE_OK)
        code = tally_check_ledger_pin(store, error);
    if (code == BASE_OK)
        *out = store;
    else
        store_close(store);
    return code;
}

static enum base_code add_at(struct cmd_context *context, const struct cmd_places *places,
                             const struct cmd_recording *recordings, size_t index,
                             struct store **store, struct base_error *error)
{
    if (recordings[index].count == 0)
        return BASE_OK;
    cmd_turn_to_place(context, places, index);
    enum base_code code = open_to_record(context, &places->place[index], store, error);
    if (code == BASE_OK)
        code = tally_ledger_add(*store, places->place[index].ledger.reader.key,
                                recordings[index].releases, recordings[index].count, error);
    return code;
}

/* All that can be refused has been: every store holds its records, written and not yet durable. The first store that
 * fails leaves all as it was; a later one can't undo what was recorded before it. */
static enum base_code commit_all(struct cmd_context *context, const struct cmd_places *places,
                                 struct store **stores, struct base_error *error)
{
    struct base_error later;
    bool any = false;
    size_t failed = 0;
    enum base_code code = BASE_OK;
    for (size_t i = 0; i < places->count; i++) {
        if (stores[i] == NULL)
            continue;
        cmd_turn_to_place(context, places, i);
        enum base_code one = cmd_commit(stores[i], &later);
        const bool done = one == BASE_OK || one == BASE_NOT_ERASED;
        if (!done && any)
            return base_fail(error, BASE_RECORDED_IN_PART, "%s", later.subject);
        if (one == BASE_OK)
            one = tally_pin_ledger(stores[i], &later);
        if (one != BASE_OK && code == BASE_OK) {
            *error = later;
            code = one;
            failed = i;
        }
        if (!done)
            return code;
        any = true;
    }
    if (code != BASE_OK)
        cmd_turn_to_place(context, places, failed);
    return code;
}

enum base_code cmd_record_releases(struct cmd_context *context, const struct cmd_places *places,
                                   const struct cmd_recording *recordings, struct base_error *error)
{
    struct store *stores[TABLE_MOST_PLACES] = {NULL};
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < places->count; i++)
        code = add_at(context, places, recordings, i, &stores[i], error);
    if (code == BASE_OK) {
        code = commit_all(context, places, stores, error);
        if (cmd_has_committed() || code == BASE_NOT_ERASED)
            context->published =
                recordings[0].count > 0 ? (unsigned)places->place[0].ledger.ledger->count + 1 : 0;
    }
    for (size_t i = 0; i < places->count; i++)
        store_close(stores[i]);
    if (code == BASE_OK)
        context->place[0] = '\0';
    return code;
}

size_t cmd_places_of(const struct cmd_places *places, const struct record_release *record,
                     struct release_place list[RECORD_MOST_PLACES])
{
    size_t count = 0;
    for (size_t i = 0; i < places->count; i++)
        for (size_t j = 0; j < record->place_count; j++)
            if (memcmp(places->release[i].store_id, record->places[j], KEYS_STORE_ID_BYTES) == 0)
                list[count++] = places->release[i];
    return count;
}

void cmd_free_places(struct cmd_places *places)
{
    if (places == NULL)
        return;
    for (size_t i = 0; places->place != NULL && i < places->count; i++) {
        tally_counts_free(places->place[i].counts);
        tally_counts_free(places->place[i].life);
        cmd_close_ledger(&places->place[i].ledger);
    }
    free(places->release);
    free(places->place);
    free(places);
}
