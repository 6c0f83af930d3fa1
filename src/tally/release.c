#include <string.h>

#include "tavs/secret.h"
#include "tavs/tally.h"

/* The order of a release's places in the ledger of one of them. */
static void order_places(const struct record_release *release, size_t own,
                         uint8_t order[RECORD_MOST_PLACES])
{
    size_t count = 0;
    order[count++] = (uint8_t)own;
    for (size_t place = 0; place < release->place_count; place++) {
        size_t at = count;
        if (place == own)
            continue;
        for (; at > 1 && memcmp(release->places[place], release->places[order[at - 1]],
                                KEYS_STORE_ID_BYTES) < 0;
             at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)place;
        count++;
    }
}

enum base_code tally_release_of_place(const struct record_release *release, size_t place,
                                      struct record_release **out, struct base_error *error)
{
    uint8_t order[RECORD_MOST_PLACES];
    struct record_release *own;
    enum base_code code = record_release_new(release->place_count, release->period_count,
                                             release->figure_count, &own, error);
    if (code != BASE_OK)
        return code;
    own->month = release->month;
    own->kind = release->kind;
    own->threshold = release->threshold;
    own->tables = release->tables;
    memcpy(own->digest, release->digest, sizeof own->digest);
    memcpy(own->periods, release->periods, release->period_count * sizeof *own->periods);
    memcpy(own->figures, release->figures, release->figure_count * sizeof *own->figures);
    order_places(release, place, order);
    for (size_t i = 0; i < release->place_count; i++)
        memcpy(own->places[i], release->places[order[i]], sizeof own->places[i]);
    for (size_t i = 0; i < own->figure_count; i++) {
        own->figures[i].places = 0;
        for (size_t j = 0; j < release->place_count; j++)
            own->figures[i].places |= ((release->figures[i].places >> order[j]) & 1U) << j;
    }
    *out = own;
    return BASE_OK;
}

bool tally_release_is_same(const struct record_release *one, const struct record_release *other)
{
    if (one->kind != other->kind || one->threshold != other->threshold ||
        one->tables != other->tables || one->place_count != other->place_count ||
        one->period_count != other->period_count)
        return false;
    for (size_t i = 0; i < one->period_count; i++)
        if (one->periods[i].first != other->periods[i].first ||
            one->periods[i].last != other->periods[i].last)
            return false;
    return memcmp(one->places, other->places, one->place_count * sizeof *one->places) == 0;
}
