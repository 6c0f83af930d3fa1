/* A release as a run of bytes in pieces, and back. */
#include <stdlib.h>
#include <string.h>

#include "tavs/record.h"
#include "tavs/secret.h"

/* docs/format.md, section 10. */
enum {
    PIECE_HEAD_BYTES = 4, /* u16 number of the piece, from 1; u16 how many there are */
    PART_BYTES = RECORD_PIECE_BYTES - PIECE_HEAD_BYTES, /* of the release, in a piece */

    AT_NUMBER = 2,
    AT_CORRECTS = 4,
    AT_EDITION = 6,
    AT_THRESHOLD = 7,
    AT_PLACES = 8,
    AT_PERIODS = 9,
    AT_FIGURES = 10,
    HEAD_BYTES = 12,
    OFFER_BYTES = 2,
    PERIOD_BYTES = 4,
    FIGURE_BYTES = 16,
};

/* Where byte `at` of a release lies in its pieces. */
static size_t place_of(size_t at)
{
    return at / PART_BYTES * RECORD_PIECE_BYTES + PIECE_HEAD_BYTES + at % PART_BYTES;
}

struct writing {
    uint8_t *pieces;
    size_t at;
};

static void put(struct writing *writing, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        writing->pieces[place_of(writing->at++)] = bytes[i];
}

struct reading {
    const uint8_t *pieces;
    size_t at;
};

static void get(struct reading *reading, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = reading->pieces[place_of(reading->at++)];
}

static size_t count_pieces(size_t places, size_t periods, size_t figures)
{
    const size_t size = HEAD_BYTES + places * (KEYS_STORE_ID_BYTES + OFFER_BYTES) +
                        periods * PERIOD_BYTES + figures * FIGURE_BYTES;
    return (size + PART_BYTES - 1) / PART_BYTES;
}

size_t record_release_pieces(const struct record_release *release)
{
    return count_pieces(release->place_count, release->period_count, release->figure_count);
}

enum base_code record_release_new(size_t places, size_t periods, size_t figures,
                                  struct record_release **out, struct base_error *error)
{
    enum { ALIGNMENT = _Alignof(struct record_release) };
    void *memory;
    struct record_release *release;
    /* Figures first: they want the widest alignment of all. Guarded memory ends where its page does, so
     * that it begins aligned only if its size is. */
    const size_t size = sizeof *release + figures * sizeof *release->figures +
                        periods * sizeof *release->periods +
                        places * (sizeof *release->places + sizeof *release->offers);
    enum base_code code =
        secret_new((size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, &memory, error);
    if (code != BASE_OK)
        return code;
    release = memory;
    *release = (struct record_release){.place_count = places,
                                       .period_count = periods,
                                       .figure_count = figures,
                                       .figures = (struct record_figure *)(void *)(release + 1)};
    release->periods = (struct base_period *)(void *)(release->figures + figures);
    release->places = (uint8_t(*)[KEYS_STORE_ID_BYTES])(void *)(release->periods + periods);
    release->offers = (struct record_offer *)(void *)(release->places + places);
    *out = release;
    return BASE_OK;
}

/* ---- writing ---- */

static void put_period(uint8_t bytes[PERIOD_BYTES], struct base_period period)
{
    base_put_u16(bytes, period.first);
    base_put_u16(bytes + 2, period.last);
}

static void put_figure(struct writing *to, const struct record_figure *figure)
{
    uint8_t bytes[FIGURE_BYTES];

    base_put_u32(bytes, (uint32_t)figure->cells.places.word[0]);
    put_period(bytes + 4, figure->cells.months);
    bytes[8] = figure->cells.channels;
    bytes[9] = figure->cells.parties;
    bytes[10] = figure->cells.sessions;
    bytes[11] = figure->shown ? 1 : 0;
    base_put_u32(bytes + 12, figure->shown ? (uint32_t)figure->value : 0);
    put(to, bytes, sizeof bytes);
    secret_wipe(bytes, sizeof bytes);
}

void record_release_encode(uint8_t *pieces, const struct record_release *release)
{
    const size_t count = record_release_pieces(release);
    struct writing to = {.pieces = pieces};
    uint8_t head[HEAD_BYTES], offer[OFFER_BYTES], period[PERIOD_BYTES];

    memset(pieces, 0, count * RECORD_PIECE_BYTES);
    for (size_t i = 0; i < count; i++) {
        base_put_u16(pieces + i * RECORD_PIECE_BYTES, (uint16_t)(i + 1));
        base_put_u16(pieces + i * RECORD_PIECE_BYTES + 2, (uint16_t)count);
    }
    base_put_u16(head, release->month);
    base_put_u16(head + AT_NUMBER, release->number);
    base_put_u16(head + AT_CORRECTS, release->corrects);
    head[AT_EDITION] = release->edition;
    head[AT_THRESHOLD] = release->threshold;
    head[AT_PLACES] = (uint8_t)release->place_count;
    head[AT_PERIODS] = (uint8_t)release->period_count;
    base_put_u16(head + AT_FIGURES, (uint16_t)release->figure_count);
    put(&to, head, sizeof head);
    for (size_t i = 0; i < release->place_count; i++)
        put(&to, release->places[i], sizeof release->places[i]);
    for (size_t i = 0; i < release->place_count; i++) {
        offer[0] = release->offers[i].channels;
        offer[1] = release->offers[i].parties;
        put(&to, offer, sizeof offer);
    }
    for (size_t i = 0; i < release->period_count; i++) {
        put_period(period, release->periods[i]);
        put(&to, period, sizeof period);
    }
    for (size_t i = 0; i < release->figure_count; i++)
        put_figure(&to, &release->figures[i]);
    secret_wipe(head, sizeof head);
}

/* ---- reading ---- */

static enum base_code fail(uint16_t number, struct base_error *error)
{
    return base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), number);
}

/* How much of everything the first piece says there is. */
struct amounts {
    size_t places, periods, figures;
};

static bool read_amounts(const uint8_t piece[RECORD_PIECE_BYTES], struct amounts *amounts)
{
    const uint8_t *head = piece + PIECE_HEAD_BYTES;
    amounts->places = head[AT_PLACES];
    amounts->periods = head[AT_PERIODS];
    amounts->figures = base_get_u16(head + AT_FIGURES);
    return amounts->places >= 1 && amounts->places <= RECORD_MOST_PLACES && amounts->periods >= 1 &&
           amounts->periods <= RECORD_MOST_PERIODS && amounts->figures >= 1 &&
           amounts->figures <= RECORD_MOST_FIGURES;
}

enum base_code record_release_measure(const uint8_t piece[RECORD_PIECE_BYTES], uint16_t number,
                                      size_t *pieces, struct base_error *error)
{
    struct amounts amounts;
    if (!read_amounts(piece, &amounts))
        return fail(number, error);
    const size_t count = count_pieces(amounts.places, amounts.periods, amounts.figures);
    if (base_get_u16(piece) != 1 || base_get_u16(piece + 2) != count)
        return fail(number, error);
    *pieces = count;
    return BASE_OK;
}

static bool is_period(struct base_period period)
{
    return period.first >= BASE_FIRST_MONTH && period.first <= period.last &&
           period.last <= BASE_LAST_MONTH;
}

static bool is_subset(codebook_set set, unsigned all)
{
    return set != 0 && (set & ~all) == 0;
}

static struct base_period get_period(const uint8_t bytes[PERIOD_BYTES])
{
    return (struct base_period){base_get_u16(bytes), base_get_u16(bytes + 2)};
}

static bool is_cell_set(const struct cell_set *cells, size_t places)
{
    return cells->places.word[0] != 0 && cells->places.word[0] >> places == 0 &&
           is_period(cells->months) && is_subset(cells->channels, CODEBOOK_ALL_CHANNELS) &&
           is_subset(cells->parties, CODEBOOK_ALL_PARTIES) &&
           is_subset(cells->sessions, COUNTS_ALL_SESSIONS);
}

/* Nothing is kept of what a hidden figure comes to. */
static bool get_figure(struct reading *from, size_t places, struct record_figure *figure)
{
    uint8_t bytes[FIGURE_BYTES];

    get(from, bytes, sizeof bytes);
    *figure = (struct record_figure){
        .cells = {.places = {.word = {base_get_u32(bytes)}},
                  .months = get_period(bytes + 4),
                  .channels = bytes[8],
                  .parties = bytes[9],
                  .sessions = bytes[10]},
        .shown = bytes[11] == 1,
        .value = base_get_u32(bytes + 12),
    };
    const bool good = is_cell_set(&figure->cells, places) && bytes[11] <= 1 &&
                      (figure->shown || figure->value == 0);
    secret_wipe(bytes, sizeof bytes);
    return good;
}

static bool get_head(struct reading *from, struct record_release *release)
{
    uint8_t head[HEAD_BYTES];

    get(from, head, sizeof head);
    release->month = base_get_u16(head);
    release->number = base_get_u16(head + AT_NUMBER);
    release->corrects = base_get_u16(head + AT_CORRECTS);
    release->edition = head[AT_EDITION];
    release->threshold = head[AT_THRESHOLD];
    secret_wipe(head, sizeof head);
    return release->month >= BASE_FIRST_MONTH && release->month <= BASE_LAST_MONTH &&
           release->number >= 1 && release->corrects < release->number && release->edition >= 1 &&
           (release->corrects == 0) == (release->edition == 1) &&
           release->threshold >= RECORD_LEAST_THRESHOLD &&
           release->threshold <= RECORD_MOST_THRESHOLD;
}

static int compare_figures(const void *one, const void *other)
{
    const struct record_figure *const *a = one, *const *b = other;
    return cell_set_compare(&(*a)->cells, &(*b)->cells);
}

/* Looks for a figure that is there twice. */
static enum base_code find_twice(const struct record_release *release, bool *found,
                                 struct base_error *error)
{
    void *memory;
    const size_t count = release->figure_count;
    enum base_code code = secret_new(count * sizeof(struct record_figure *), &memory, error);
    if (code != BASE_OK)
        return code;
    const struct record_figure **sorted = memory;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &release->figures[i];
    qsort(sorted, count, sizeof(struct record_figure *), compare_figures);
    *found = false;
    for (size_t i = 1; i < count; i++)
        *found = *found || cell_set_equals(&sorted[i - 1]->cells, &sorted[i]->cells);
    secret_free(memory);
    return BASE_OK;
}

/* Its own store first, then the others in the order of their ids, each once. */
static bool places_are_in_order(const struct record_release *release)
{
    for (size_t i = 1; i < release->place_count; i++)
        if (memcmp(release->places[0], release->places[i], KEYS_STORE_ID_BYTES) == 0 ||
            (i > 1 && memcmp(release->places[i - 1], release->places[i], KEYS_STORE_ID_BYTES) >= 0))
            return false;
    return true;
}

static bool get_release(const uint8_t *pieces, size_t count, struct record_release *release)
{
    struct reading from = {.pieces = pieces};
    uint8_t offer[OFFER_BYTES], period[PERIOD_BYTES], rest = 0;
    bool good = get_head(&from, release);

    for (size_t i = 0; i < release->place_count; i++)
        get(&from, release->places[i], sizeof release->places[i]);
    for (size_t i = 0; i < release->place_count; i++) {
        get(&from, offer, sizeof offer);
        release->offers[i] = (struct record_offer){offer[0], offer[1]};
        good = good && is_subset(offer[0], CODEBOOK_ALL_CHANNELS) &&
               is_subset(offer[1], CODEBOOK_ALL_PARTIES);
    }
    for (size_t i = 0; i < release->period_count; i++) {
        get(&from, period, sizeof period);
        release->periods[i] = get_period(period);
        good = good && is_period(release->periods[i]);
    }
    for (size_t i = 0; i < release->figure_count; i++)
        good = get_figure(&from, release->place_count, &release->figures[i]) && good;
    while (from.at < count * PART_BYTES)
        rest |= pieces[place_of(from.at++)];
    return good && rest == 0 && places_are_in_order(release);
}

enum base_code record_release_decode(const uint8_t *pieces, size_t count, uint16_t number,
                                     struct record_release **out, struct base_error *error)
{
    struct amounts amounts;
    struct record_release *release;
    size_t expected;
    enum base_code code = record_release_measure(pieces, number, &expected, error);
    if (code != BASE_OK)
        return code;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *piece = pieces + i * RECORD_PIECE_BYTES;
        if (count != expected || base_get_u16(piece) != i + 1 || base_get_u16(piece + 2) != count)
            return fail((uint16_t)(number + i), error);
    }
    (void)read_amounts(pieces, &amounts);
    code = record_release_new(amounts.places, amounts.periods, amounts.figures, &release, error);
    if (code != BASE_OK)
        return code;
    bool twice = false;
    if (!get_release(pieces, count, release))
        code = fail(number, error);
    else
        code = find_twice(release, &twice, error);
    if (code == BASE_OK && twice)
        code = fail(number, error);
    if (code == BASE_OK)
        *out = release;
    else
        secret_free(release);
    return code;
}
