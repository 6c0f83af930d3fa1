/* Requirements one by one, where nothing is chosen. */
#include "inside.h"

enum base_code choose_list_unmet(const struct choice_request *request, struct target **unmet,
                                 size_t *count, struct base_error *error)
{
    struct chooser *chooser;
    struct choice choice;
    if (chooser_new(request, &choice, &chooser, error) != BASE_OK)
        return error->code;
    const enum base_code code = chooser_tell_known(chooser);
    chooser_end(chooser);
    if (code != BASE_OK)
        return code;
    *unmet = chooser->unmet;
    *count = chooser->unmet_count;
    return BASE_OK;
}

static void list_falls(const struct state *state, int32_t *falls)
{
    const unsigned months = state->problem->months;
    for (size_t i = 0; i < state->problem->orders; i++) {
        const size_t last = i * months + months - 1;
        const int32_t change = state->margin[last] - state->allowance[last];
        falls[i] = change < 0 ? -change : 0;
    }
}

enum base_code choose_find(const struct choice_request *request, const struct target *target,
                           enum choose_answer *answer, int32_t *falls, struct base_error *error)
{
    struct chooser *chooser;
    struct choice choice;
    if (chooser_new(request, &choice, &chooser, error) != BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < request->problem->figures; i++)
        if (request->problem->figure[i].known)
            state_set_mode(&chooser->state, i, MODE_FIXED, 0);
    *answer = find_witness(chooser, target);
    chooser_end(chooser);
    if (chooser->code == BASE_OK && *answer == CHOOSE_FOUND)
        list_falls(&chooser->state, falls);
    return chooser->code;
}
