/* The ledger of releases: read whole, and added to. */
#include <stdlib.h>
#include <string.h>

#include "tavs/secret.h"
#include "tavs/tally.h"

/* ---- reading --------------------------------------------------------------------------------- */

/* It is this store's own: its place is the first. */
static enum base_code decode(const struct store *store, const uint8_t *pieces, size_t count,
                             uint16_t number, struct record_release **out, struct base_error *error)
{
    struct record_release *release;
    enum base_code code = record_release_decode(pieces, count, number, &release, error);
    if (code != BASE_OK)
        return code;
    if (memcmp(release->places[0], store_header(store)->store_id, KEYS_STORE_ID_BYTES) != 0) {
        secret_free(release);
        return base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), number);
    }
    *out = release;
    return BASE_OK;
}

/* Reads the release that begins with record `number` and says how many records it has. */
static enum base_code read_release(struct store *store, const struct keys_reader *reader,
                                   uint16_t number, size_t *pieces, struct record_release **out,
                                   struct base_error *error)
{
    void *first;
    void *all = NULL;
    enum base_code code = secret_new(RECORD_PIECE_BYTES, &first, error);
    if (code == BASE_OK)
        code = store_get_piece(store, number, reader, first, error);
    if (code == BASE_OK)
        code = record_release_measure(first, number, pieces, error);
    if (code == BASE_OK)
        code = secret_new(*pieces * RECORD_PIECE_BYTES, &all, error);
    for (size_t i = 0; code == BASE_OK && i < *pieces; i++)
        code = store_get_piece(store, (uint16_t)(number + i), reader,
                               (uint8_t *)all + i * RECORD_PIECE_BYTES, error);
    if (code == BASE_OK)
        code = decode(store, all, *pieces, number, out, error);
    secret_free(first);
    secret_free(all);
    return code;
}

/* What a ledger says of the release that is to be the next in it. */
struct order {
    uint16_t count; /* releases so far */
    uint8_t newest[RECORD_MOST_RELEASES +
                   1]; /* of each, if it is not a correction: its newest edition */
};

/* Whether the release is the next: by its number, and as a corrected edition by what it corrects. */
static bool follows(struct order *order, const struct record_release *release)
{
    const uint16_t corrects = release->corrects;
    if (release->number != order->count + 1)
        return false;
    /* A corrected edition is the second at least: of what is a correction itself none follows. */
    if (corrects != 0 &&
        (corrects > order->count || release->edition != order->newest[corrects] + 1))
        return false;
    order->count++;
    order->newest[corrects == 0 ? release->number : corrects] = release->edition;
    return true;
}

/* Reads the next release: `first` is the number of its first record, before and after. */
static enum base_code read_next(struct store *store, const struct keys_reader *reader,
                                struct order *order, size_t *first, struct record_release **out,
                                struct base_error *error)
{
    struct record_release *release = NULL;
    size_t pieces;
    enum base_code code = read_release(store, reader, (uint16_t)*first, &pieces, &release, error);
    if (code == BASE_OK && !follows(order, release))
        code = base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), (unsigned)*first);
    if (code == BASE_OK) {
        *out = release;
        *first += pieces;
    } else {
        secret_free(release);
    }
    return code;
}

static struct tally_ledger *new_ledger(uint16_t records)
{
    struct tally_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL)
        return NULL;
    ledger->records = records;
    ledger->entries = calloc((size_t)records + 1, sizeof *ledger->entries);
    if (ledger->entries != NULL)
        return ledger;
    free(ledger);
    return NULL;
}

enum base_code tally_ledger_read(struct store *store, const struct keys_reader *reader,
                                 struct tally_ledger **out, struct base_error *error)
{
    const uint16_t records = store_header(store)->releases;
    struct tally_ledger *ledger = new_ledger(records);
    struct order order = {0};
    enum base_code code = BASE_OK;
    if (ledger == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%u", records);
    for (size_t first = 1; code == BASE_OK && first <= records;) {
        struct tally_entry *entry = &ledger->entries[ledger->count];
        entry->number = (uint16_t)first;
        code = read_next(store, reader, &order, &first, &entry->release, error);
        ledger->count += code == BASE_OK;
    }
    if (code == BASE_OK)
        *out = ledger;
    else
        tally_ledger_free(ledger);
    return code;
}

enum base_code tally_ledger_check(struct store *store, const struct keys_reader *reader,
                                  uint16_t *damaged, uint64_t *releases, struct base_error *error)
{
    struct order order = {0};
    *damaged = 0;
    *releases = 0;
    for (size_t first = 1; first <= store_header(store)->releases; ++*releases) {
        struct record_release *release = NULL;
        enum base_code code = read_next(store, reader, &order, &first, &release, error);
        secret_free(release);
        if (code == BASE_STORE_DAMAGED || code == BASE_RELEASE_FORGED) {
            *damaged = (uint16_t)first;
            return BASE_OK;
        }
        if (code != BASE_OK)
            return code;
    }
    return BASE_OK;
}

void tally_ledger_free(struct tally_ledger *ledger)
{
    if (ledger == NULL)
        return;
    for (size_t i = 0; ledger->entries != NULL && i < ledger->count; i++)
        secret_free(ledger->entries[i].release);
    free(ledger->entries);
    free(ledger);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What the ledger has is what was to be kept. */
static bool is_same(const struct record_release *kept, const struct record_release *given)
{
    for (size_t i = 0; i < given->figure_count; i++)
        if (!cell_set_equals(&kept->figures[i].cells, &given->figures[i].cells) ||
            kept->figures[i].shown != given->figures[i].shown ||
            (given->figures[i].shown && kept->figures[i].value != given->figures[i].value))
            return false;
    return true;
}

/* The release as its pieces, which can be read again. */
static enum base_code encode(const struct store *store, const struct record_release *release,
                             uint8_t *pieces, struct base_error *error)
{
    const uint16_t number = (uint16_t)(store_header(store)->releases + 1);
    struct record_release *again = NULL;
    record_release_encode(pieces, release);
    enum base_code code =
        decode(store, pieces, record_release_pieces(release), number, &again, error);
    if (code == BASE_OK && !is_same(again, release))
        code = base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), number);
    secret_free(again);
    return code;
}

static enum base_code add_release(struct store *store, const struct keys_reader *reader,
                                  const struct record_release *release, struct base_error *error)
{
    const size_t count = record_release_pieces(release);
    void *pieces = NULL;
    enum base_code code = secret_new(count * RECORD_PIECE_BYTES, &pieces, error);
    if (code == BASE_OK)
        code = encode(store, release, pieces, error);
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        code =
            store_add_piece(store, (const uint8_t *)pieces + i * RECORD_PIECE_BYTES, reader, error);
    secret_free(pieces);
    return code;
}

/* Reads the ledger only to know what comes next in it. */
static enum base_code read_order(struct store *store, const struct keys_reader *reader,
                                 struct order *order, struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (size_t first = 1; code == BASE_OK && first <= store_header(store)->releases;) {
        struct record_release *release = NULL;
        code = read_next(store, reader, order, &first, &release, error);
        secret_free(release);
    }
    return code;
}

static bool has_room(const struct store *store, const struct record_release *const *releases,
                     size_t count)
{
    size_t records = store_header(store)->releases;
    for (size_t i = 0; i < count; i++)
        records += record_release_pieces(releases[i]);
    return records <= RECORD_MOST_RELEASES;
}

enum base_code tally_ledger_add(struct store *store, const struct keys_reader *reader,
                                const struct record_release *const *releases, size_t count,
                                struct base_error *error)
{
    struct order order = {0};
    if (!has_room(store, releases, count))
        return base_fail(error, BASE_LEDGER_FULL, "%d", RECORD_MOST_RELEASES);
    enum base_code code = read_order(store, reader, &order, error);
    for (size_t i = 0; code == BASE_OK && i < count; i++) {
        struct record_release next = *releases[i];
        next.number = (uint16_t)(order.count + 1);
        if (!follows(&order, &next))
            code = base_fail(error, BASE_STORE_DAMAGED, _("release record %u"),
                             store_header(store)->releases + 1);
        else
            code = add_release(store, reader, &next, error);
    }
    return code;
}
