#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the ledger"));
}

/* Which bit of the order a place of a release is. One that is not in the order gets a bit at or above
 * the order's own: protect takes it to be known to everybody. */
static uint32_t place_bit(const struct release_place *places, size_t place_count,
                          const uint8_t store_id[KEYS_STORE_ID_BYTES])
{
    for (size_t i = 0; i < place_count; i++)
        if (memcmp(places[i].store_id, store_id, KEYS_STORE_ID_BYTES) == 0)
            return (uint32_t)1 << i;
    return (uint32_t)1 << (PROTECT_MOST_PLACES - 1);
}

static struct protect_sum sum_of_figure(const struct record_figure *figure, const uint32_t *bits)
{
    struct protect_sum sum = {.months = figure->cells.months,
                              .channels = figure->cells.channels,
                              .parties = figure->cells.parties,
                              .sessions = figure->cells.sessions};
    for (unsigned i = 0; i < RECORD_MOST_PLACES; i++)
        if (place_set_has(&figure->cells.places, i))
            sum.places |= bits[i];
    return sum;
}

static enum base_code add_release(struct earlier *earlier, const struct record_release *release,
                                  bool changed, const struct release_place *places,
                                  size_t place_count, struct base_error *error)
{
    uint32_t bits[RECORD_MOST_PLACES] = {0};
    struct protect_earlier *sums =
        reallocarray(earlier->sums, earlier->count + release->figure_count, sizeof *earlier->sums);
    if (sums == NULL)
        return no_memory(error);
    earlier->sums = sums;
    for (size_t i = 0; i < release->place_count; i++)
        bits[i] = place_bit(places, place_count, release->places[i]);
    for (size_t i = 0; i < release->figure_count; i++)
        sums[earlier->count++] = (struct protect_earlier){
            .sum = sum_of_figure(&release->figures[i], bits),
            .shown = release->figures[i].shown,
            .changed = changed,
        };
    return BASE_OK;
}

enum base_code earlier_new(const struct release_place *places, size_t place_count,
                           struct earlier *earlier, struct base_error *error)
{
    for (size_t i = 0; i < place_count; i++)
        for (size_t j = 0; places[i].ledger != NULL && j < places[i].ledger->count; j++)
            if (add_release(earlier, places[i].ledger->entries[j].release, places[i].changed[j],
                            places, place_count, error) != BASE_OK)
                return error->code;
    return BASE_OK;
}

void earlier_free(struct earlier *earlier)
{
    free(earlier->sums);
}

enum base_code record_new(const struct release_order *order, const struct release_place *places,
                          size_t place_count, uint16_t kinds, size_t figures,
                          struct record_release **out, struct base_error *error)
{
    struct record_release *record;
    if (record_release_new(place_count, order->period_count, figures, &record, error) != BASE_OK)
        return error->code;
    record->month = base_month_now();
    record->edition = 1;
    record->threshold = (uint8_t)order->threshold;
    (void)kinds;
    for (size_t i = 0; i < place_count; i++)
        memcpy(record->places[i], places[i].store_id, KEYS_STORE_ID_BYTES);
    memcpy(record->periods, order->periods, order->period_count * sizeof *order->periods);
    *out = record;
    return BASE_OK;
}

/* The newest release of a place's ledger that is the same as `record` and unchanged there, or NULL. */
static enum base_code find_at_place(const struct release_place *place,
                                    const struct record_release *record, size_t index,
                                    const struct record_release **found, struct base_error *error)
{
    struct record_release *own;
    const struct tally_ledger *ledger = place->ledger;
    *found = NULL;
    if (ledger == NULL || ledger->count == 0)
        return BASE_OK;
    if (tally_release_of_place(record, index, &own, error) != BASE_OK)
        return error->code;
    for (size_t i = ledger->count; i-- > 0 && *found == NULL;)
        if (!place->changed[i] && own->place_count == 0)
            *found = ledger->entries[i].release;
    secret_free(own);
    return BASE_OK;
}

enum base_code find_again(const struct release_place *places, size_t place_count,
                          const struct record_release *record, const struct record_release **found,
                          struct earlier *sums, struct base_error *error)
{
    const struct record_release *first = NULL;
    *found = NULL;
    for (size_t i = 0; i < place_count; i++) {
        const struct record_release *here;
        if (find_at_place(&places[i], record, i, &here, error) != BASE_OK)
            return error->code;
        if (here == NULL)
            return BASE_OK;
        first = i == 0 ? here : first;
        if (here->month != first->month || here->figure_count != first->figure_count)
            return BASE_OK;
    }
    if (first == NULL)
        return BASE_OK;
    *found = first;
    return add_release(sums, first, false, places, place_count, error);
}
