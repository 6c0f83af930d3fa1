/* A release as the ledger of one of its places has it. */
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

static struct place_set reorder(const struct place_set *places,
                                const uint8_t order[RECORD_MOST_PLACES], size_t count)
{
    struct place_set reordered = {{0}};
    for (unsigned i = 0; i < count; i++)
        if (place_set_has(places, order[i]))
            place_set_add(&reordered, i);
    return reordered;
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
    own->edition = release->edition;
    own->threshold = release->threshold;
    memcpy(own->periods, release->periods, release->period_count * sizeof *own->periods);
    memcpy(own->figures, release->figures, release->figure_count * sizeof *own->figures);
    order_places(release, place, order);
    for (size_t i = 0; i < release->place_count; i++) {
        memcpy(own->places[i], release->places[order[i]], sizeof own->places[i]);
        own->offers[i] = release->offers[order[i]];
    }
    for (size_t i = 0; i < own->figure_count; i++)
        own->figures[i].cells.places =
            reorder(&release->figures[i].cells.places, order, release->place_count);
    *out = own;
    return BASE_OK;
}
