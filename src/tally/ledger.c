#include <stdlib.h>
#include <string.h>

#include "tavs/secret.h"
#include "tavs/tally.h"

/* ---- the digest of a release's figures -------------------------------------------------------
 * Whoever has the reader's key can try out what counts give a digest. So it must not hold more than what
 * the release told: of a hidden figure only whether it was under the threshold, or else two releases of a
 * month with one contact between them would tell that contact for ever. */

enum { VALUE_BYTES = 8 };

static bool holds(unsigned set, unsigned value)
{
    return ((set >> value) & 1U) != 0;
}

static int64_t sum_month(const struct record_figure *figure, const int64_t cells[CODEBOOK_CELLS])
{
    int64_t sum = 0;
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
        const struct codebook_contact contact = codebook_contact_of(cell);
        if (holds(figure->channels, contact.value[CODEBOOK_CHANNEL]) &&
            holds(figure->parties, contact.value[CODEBOOK_PARTY]) &&
            holds(figure->sessions, contact.value[CODEBOOK_SESSION]))
            sum += cells[cell];
    }
    return sum;
}

/* What a figure adds up of this store. */
static int64_t sum_figure(const struct record_figure *figure, const struct tally_counts *life)
{
    const base_month first =
        figure->months.first > life->period.first ? figure->months.first : life->period.first;
    const base_month last =
        figure->months.last < life->period.last ? figure->months.last : life->period.last;
    int64_t sum = 0;
    for (unsigned month = first; (figure->places & 1U) != 0 && month <= last; month++)
        sum += sum_month(figure, life->cells[month - life->period.first]);
    return sum;
}

static enum base_code digest_figures(const struct keys_reader *reader,
                                     const struct record_release *release,
                                     const struct tally_counts *life,
                                     uint8_t digest[KEYS_DIGEST_BYTES], struct base_error *error)
{
    static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v2 figures";
    const size_t size = sizeof domain + release->figure_count * VALUE_BYTES;
    void *memory;
    enum base_code code = secret_new(size, &memory, error);
    if (code != BASE_OK)
        return code;
    uint8_t *to = memory;
    memcpy(to, domain, sizeof domain);
    to += sizeof domain;
    for (size_t i = 0; i < release->figure_count; i++, to += VALUE_BYTES) {
        const int64_t sum = sum_figure(&release->figures[i], life);
        const uint64_t value =
            release->figures[i].shown ? (uint64_t)sum : sum >= release->threshold;
        base_put_u32(to, (uint32_t)(value >> 32));
        base_put_u32(to + 4, (uint32_t)value);
    }
    keys_reader_digest(reader, digest, memory, size);
    secret_free(memory);
    return BASE_OK;
}

enum base_code tally_release_changed(const struct keys_reader *reader,
                                     const struct record_release *release,
                                     const struct tally_counts *life, bool *changed,
                                     struct base_error *error)
{
    uint8_t digest[KEYS_DIGEST_BYTES];
    enum base_code code = digest_figures(reader, release, life, digest, error);
    if (code == BASE_OK)
        *changed = memcmp(digest, release->digest, sizeof digest) != 0;
    secret_wipe(digest, sizeof digest);
    return code;
}

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

enum base_code tally_ledger_read(struct store *store, const struct keys_reader *reader,
                                 struct tally_ledger **out, struct base_error *error)
{
    const uint16_t records = store_header(store)->releases;
    struct tally_ledger *ledger = calloc(1, sizeof *ledger);
    enum base_code code = BASE_OK;
    if (ledger != NULL)
        ledger->entries = calloc((size_t)records + 1, sizeof *ledger->entries);
    if (ledger == NULL || ledger->entries == NULL)
        code = base_fail(error, BASE_NO_MEMORY, "%u", records);
    for (size_t number = 1, pieces; code == BASE_OK && number <= records; number += pieces) {
        struct tally_entry *entry = &ledger->entries[ledger->count];
        entry->number = (uint16_t)number;
        code = read_release(store, reader, entry->number, &pieces, &entry->release, error);
        if (code == BASE_OK)
            ledger->count++;
    }
    if (code == BASE_OK)
        ledger->records = records;
    if (code == BASE_OK)
        *out = ledger;
    else
        tally_ledger_free(ledger);
    return code;
}

enum base_code tally_ledger_check(struct store *store, const struct keys_reader *reader,
                                  uint16_t *damaged, uint64_t *releases, struct base_error *error)
{
    const size_t records = store_header(store)->releases;
    *damaged = 0;
    *releases = 0;
    for (size_t number = 1, pieces; number <= records; number += pieces, ++*releases) {
        struct record_release *release = NULL;
        enum base_code code =
            read_release(store, reader, (uint16_t)number, &pieces, &release, error);
        secret_free(release);
        if (code == BASE_STORE_DAMAGED || code == BASE_RELEASE_FORGED) {
            *damaged = (uint16_t)number;
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

/* The release with another digest, as its pieces, which can be read again. */
static enum base_code encode(const struct store *store, const struct record_release *release,
                             const uint8_t digest[KEYS_DIGEST_BYTES], uint8_t *pieces,
                             struct base_error *error)
{
    struct record_release digested = *release, *again = NULL;
    memcpy(digested.digest, digest, sizeof digested.digest);
    record_release_encode(pieces, &digested);
    enum base_code code = decode(store, pieces, record_release_pieces(release),
                                 (uint16_t)(store_header(store)->releases + 1), &again, error);
    secret_free(again);
    secret_wipe(&digested, sizeof digested);
    return code;
}

enum base_code tally_ledger_add(struct store *store, const struct keys_reader *reader,
                                const struct record_release *release,
                                const struct tally_counts *life, struct base_error *error)
{
    const size_t count = record_release_pieces(release);
    uint8_t digest[KEYS_DIGEST_BYTES];
    void *pieces = NULL;

    if (count + store_header(store)->releases > RECORD_MOST_RELEASES)
        return base_fail(error, BASE_LEDGER_FULL, "%d", RECORD_MOST_RELEASES);
    enum base_code code = digest_figures(reader, release, life, digest, error);
    if (code == BASE_OK)
        code = secret_new(count * RECORD_PIECE_BYTES, &pieces, error);
    if (code == BASE_OK)
        code = encode(store, release, digest, pieces, error);
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        code =
            store_add_piece(store, (const uint8_t *)pieces + i * RECORD_PIECE_BYTES, reader, error);
    secret_free(pieces);
    secret_wipe(digest, sizeof digest);
    return code;
}
