/* What has a row in a release: what a place offers, and what it offered before as far as that can be seen. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

/* Whatever was counted once. Without a row of its own, a total would tell it beside the rows. */
static void add_counted(struct tally_counts *to, const struct tally_counts *counted)
{
    for (size_t month = 0; month < base_period_months(counted->period); month++) {
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            if (counted->cells[month][cell] == 0)
                continue;
            const struct codebook_contact contact = codebook_contact_of(cell);
            to->channels |= (codebook_set)(1u << contact.value[CODEBOOK_CHANNEL]);
            to->parties |= (codebook_set)(1u << contact.value[CODEBOOK_PARTY]);
        }
    }
}

static bool is_about(const struct release_order *order, struct base_period months)
{
    for (size_t i = 0; i < order->period_count; i++)
        if (months.first <= order->periods[i].last && months.last >= order->periods[i].first)
            return true;
    return false;
}

/* Which bit the place is in a release; none if it is not in it. */
static uint32_t own_bit(const struct record_release *release, const struct release_place *place)
{
    for (size_t i = 0; i < release->place_count; i++)
        if (memcmp(release->places[i], place->store_id, sizeof place->store_id) == 0)
            return (uint32_t)1 << i;
    return 0;
}

/* Whatever an earlier release had a row for. Were it zero by definition now, a total that is the sum of the
 * other rows would tell that it was zero then. */
static void add_released(struct tally_counts *to, const struct release_order *order,
                         const struct release_place *place)
{
    for (size_t i = 0; place->ledger != NULL && i < place->ledger->count; i++) {
        const struct record_release *release = place->ledger->entries[i].release;
        const uint32_t own = own_bit(release, place);
        for (size_t j = 0; own != 0 && j < release->figure_count; j++) {
            const struct record_figure *figure = &release->figures[j];
            if (figure->cells.places.word[0] != own || !is_about(order, figure->cells.months))
                continue;
            to->channels |=
                figure->cells.channels == CODEBOOK_ALL_CHANNELS ? 0 : figure->cells.channels;
            to->parties |=
                figure->cells.parties == CODEBOOK_ALL_PARTIES ? 0 : figure->cells.parties;
        }
    }
}

enum base_code offered_new(const struct release_order *order, const struct release_place *places,
                           size_t place_count, struct offered *out, struct base_error *error)
{
    *out = (struct offered){.places = calloc(place_count, sizeof *out->places),
                            .counts = calloc(place_count, sizeof *out->counts),
                            .lives = calloc(place_count, sizeof *out->lives)};
    if (out->places == NULL || out->counts == NULL || out->lives == NULL) {
        offered_free(out);
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
    }
    for (size_t i = 0; i < place_count; i++) {
        struct table_source *source = &out->places[i].source;
        out->places[i] = places[i];
        out->counts[i] = *source->counts;
        source->counts = &out->counts[i];
        add_counted(&out->counts[i], source->life != NULL ? source->life : source->counts);
        add_released(&out->counts[i], order, &places[i]);
        if (source->life == NULL)
            continue;
        out->lives[i] = *source->life;
        out->lives[i].channels = out->counts[i].channels;
        out->lives[i].parties = out->counts[i].parties;
        source->life = &out->lives[i];
    }
    return BASE_OK;
}

void offered_free(struct offered *offered)
{
    free(offered->places);
    free(offered->counts);
    free(offered->lives);
}
