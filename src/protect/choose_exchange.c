#include "choose_inside.h"

/* Do all cuts hold that are known? If so, do the programs find another? */
static enum base_code holds(struct chooser *chooser, double deadline, bool *held,
                            struct base_error *error)
{
    size_t found = 0;
    bool failed = false;
    *held = choose_keeps_cuts(chooser);
    if (!*held)
        return BASE_OK;
    const enum base_code code = choose_look_at_all(chooser, deadline, &found, &failed, error);
    *held = code == BASE_OK && found == 0 && !failed;
    return code;
}

/* The next dearer shown candidate, or the next of the same cost; false after the last. */
static bool next_shown(const struct chooser *chooser, size_t *at)
{
    const struct system *system = chooser->system;
    const bool first = *at == SIZE_MAX;
    const int64_t cost = first ? 0 : system->sum[chooser->candidate[*at]].cost;
    size_t next = SIZE_MAX;
    int64_t next_cost = INT64_MAX;
    for (size_t i = 0; i < chooser->candidates; i++) {
        const int64_t one = system->sum[chooser->candidate[i]].cost;
        const bool later = first || one > cost || (one == cost && i > *at);
        if (chooser->hidden[i] == 0 && later && one < next_cost) {
            next = i;
            next_cost = one;
        }
    }
    *at = next;
    return next != SIZE_MAX;
}

enum base_code chooser_exchange(struct chooser *chooser, uint32_t sum, double deadline,
                                uint32_t *instead, struct base_error *error)
{
    size_t own = 0;
    *instead = SYSTEM_NOTHING;
    while (own < chooser->candidates && chooser->candidate[own] != sum)
        own++;
    if (own == chooser->candidates || chooser->hidden[own] == 0)
        return BASE_OK;
    enum base_code code = BASE_OK;
    for (size_t at = SIZE_MAX; code == BASE_OK && *instead == SYSTEM_NOTHING &&
                               old_solver_clock() < deadline && next_shown(chooser, &at);) {
        bool held;
        chooser->hidden[own] = 0;
        chooser->hidden[at] = 1;
        code = holds(chooser, deadline, &held, error);
        chooser->hidden[own] = 1;
        chooser->hidden[at] = 0;
        if (code == BASE_OK && held)
            *instead = chooser->candidate[at];
    }
    return code;
}
