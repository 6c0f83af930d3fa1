/* The layouts of a period, of all places together and of each. */
#include "layouts.h"

enum base_code layouts_new(const struct protect_request *request, struct base_period period,
                           struct arena *arena, struct layouts *layouts, struct base_error *error)
{
    const size_t several = request->place_count > 1 ? 1 : 0;
    codebook_set channels = 0, parties = 0;
    layouts->lists = request->place_count + several;
    if (arena_take(arena, layouts->lists, sizeof *layouts->figures, &layouts->figures, error) !=
            BASE_OK ||
        arena_take(arena, layouts->lists, sizeof *layouts->count, &layouts->count, error) !=
            BASE_OK)
        return error->code;
    for (size_t i = 0; i < request->place_count; i++) {
        const struct protect_place *place = &request->places[i];
        struct place_set one = {{0}};
        place_set_add(&one, (unsigned)i);
        channels |= place->channels;
        parties |= place->parties;
        layouts->count[several + i] =
            protect_layout(period, &one, place->channels, place->parties,
                           layouts->figures[several + i], PROTECT_MOST_LAYOUT);
    }
    const struct place_set all = place_set_first((unsigned)request->place_count);
    if (several != 0)
        layouts->count[0] = protect_layout(period, &all, channels, parties, layouts->figures[0],
                                           PROTECT_MOST_LAYOUT);
    return BASE_OK;
}
