#include "choose.h"
#include "fail.h"

#include <string.h>

#include "choose_inside.h"

enum base_code chooser_open(struct system *system, const struct protect_solver *solver,
                            struct arena *arena, struct chooser **out, struct base_error *error)
{
    struct chooser *chooser;
    size_t room = 0;
    if (old_arena_take(arena, 1, sizeof *chooser, &chooser, error) != BASE_OK)
        return error->code;
    *chooser = (struct chooser){.system = system, .solver = solver, .arena = arena};
    for (uint32_t i = 0; i < system->sums; i++) {
        if (!system->sum[i].candidate || system->sum[i].primary)
            continue;
        if (old_arena_grow(arena, &chooser->candidate, chooser->candidates, &room,
                       sizeof *chooser->candidate, error) != BASE_OK)
            return error->code;
        chooser->candidate[chooser->candidates++] = i;
    }
    const size_t count = chooser->candidates;
    if (old_arena_take(arena, count, sizeof *chooser->hidden, &chooser->hidden, error) != BASE_OK ||
        old_arena_take(arena, count, sizeof *chooser->scratch.weight, &chooser->scratch.weight,
                   error) != BASE_OK ||
        old_arena_take(arena, count, sizeof *chooser->scratch.candidate, &chooser->scratch.candidate,
                   error) != BASE_OK ||
        cutter_open(system, solver, chooser->candidate, count, arena, &chooser->cutter, error) !=
            BASE_OK)
        return error->code;
    *out = chooser;
    return BASE_OK;
}

void chooser_close(struct chooser *chooser)
{
    if (chooser == NULL)
        return;
    cutter_close(&chooser->cutter);
    chooser->solver->close(chooser->master);
}

enum base_code choose_keep_cut(struct chooser *chooser, struct base_error *error)
{
    struct arena *arena = chooser->arena;
    struct choose_cut cut = {.count = chooser->scratch.count};
    if (old_arena_grow(arena, &chooser->cut, chooser->cuts, &chooser->cut_room, sizeof *chooser->cut,
                   error) != BASE_OK ||
        old_arena_take(arena, cut.count, sizeof *cut.candidate, &cut.candidate, error) != BASE_OK ||
        old_arena_take(arena, cut.count, sizeof *cut.weight, &cut.weight, error) != BASE_OK)
        return error->code;
    memcpy(cut.candidate, chooser->scratch.candidate, cut.count * sizeof *cut.candidate);
    memcpy(cut.weight, chooser->scratch.weight, cut.count * sizeof *cut.weight);
    chooser->cut[chooser->cuts++] = cut;
    return BASE_OK;
}

/* ---- looking at all ------------------------------------------------------------------------- */

static enum base_code look_at(struct chooser *chooser, const struct choose_target *target,
                              double deadline, size_t *found, bool *failed,
                              struct base_error *error)
{
    const enum cut_answer answer =
        cutter_look(&chooser->cutter, target, deadline, &chooser->scratch);
    *failed = *failed || answer == CUT_FAILED;
    if (answer != CUT_FOUND)
        return BASE_OK;
    ++*found;
    return choose_keep_cut(chooser, error);
}

enum base_code choose_look_at_all(struct chooser *chooser, double deadline, size_t *found,
                                  bool *failed, struct base_error *error)
{
    *found = 0;
    *failed = false;
    cutter_hide(&chooser->cutter, chooser->hidden);
    for (uint32_t i = 0; i < 2 * chooser->system->needs && !*failed; i++) {
        const struct choose_target target = {i / 2, i % 2 == 0, CHOOSE_NO_SINGLE};
        if (look_at(chooser, &target, deadline, found, failed, error) != BASE_OK)
            return error->code;
    }
    for (size_t i = 0; i < chooser->targets && !*failed; i++)
        if (look_at(chooser, &chooser->target[i], deadline, found, failed, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

/* ---- repair --------------------------------------------------------------------------------- */

static double reached(const struct chooser *chooser, const struct choose_cut *cut)
{
    double sum = 0;
    for (size_t i = 0; i < cut->count; i++)
        sum += chooser->hidden[cut->candidate[i]] * cut->weight[i];
    return sum;
}

/* Hides what helps most for its cost until the cut is kept to. False if all is hidden already. */
static bool keep_to(struct chooser *chooser, const struct choose_cut *cut)
{
    const struct system *system = chooser->system;
    while (reached(chooser, cut) < 1 - 1e-6) {
        double best = 0;
        uint32_t chosen = 0;
        for (size_t i = 0; i < cut->count; i++) {
            const uint32_t candidate = cut->candidate[i];
            const double good =
                cut->weight[i] / (double)system->sum[chooser->candidate[candidate]].cost;
            if (chooser->hidden[candidate] == 0 && good > best) {
                best = good;
                chosen = candidate;
            }
        }
        if (best <= 0)
            return false;
        chooser->hidden[chosen] = 1;
    }
    return true;
}

static bool keep_to_all(struct chooser *chooser)
{
    for (size_t i = 0; i < chooser->cuts; i++)
        if (!keep_to(chooser, &chooser->cut[i]))
            return false;
    return true;
}

bool choose_keeps_cuts(const struct chooser *chooser)
{
    for (size_t i = 0; i < chooser->cuts; i++)
        if (reached(chooser, &chooser->cut[i]) < 1 - 1e-6)
            return false;
    return true;
}

/* May a hidden candidate be shown, all else staying as it is? */
static enum base_code try_to_show(struct chooser *chooser, size_t candidate, double deadline,
                                  struct base_error *error)
{
    size_t found = 0;
    bool failed = false;
    chooser->hidden[candidate] = 0;
    const bool kept = choose_keeps_cuts(chooser);
    if (kept && choose_look_at_all(chooser, deadline, &found, &failed, error) != BASE_OK)
        return error->code;
    if (!kept || found > 0 || failed)
        chooser->hidden[candidate] = 1;
    return BASE_OK;
}

/* The dearest first. */
static enum base_code show_again(struct chooser *chooser, double deadline, struct base_error *error)
{
    const struct system *system = chooser->system;
    int64_t below = INT64_MAX;
    for (;;) {
        int64_t cost = 0;
        for (size_t i = 0; i < chooser->candidates; i++) {
            const int64_t one = system->sum[chooser->candidate[i]].cost;
            if (chooser->hidden[i] != 0 && one < below && one > cost)
                cost = one;
        }
        if (cost == 0)
            return BASE_OK;
        for (size_t i = 0; i < chooser->candidates; i++)
            if (chooser->hidden[i] != 0 && system->sum[chooser->candidate[i]].cost == cost &&
                try_to_show(chooser, i, deadline, error) != BASE_OK)
                return error->code;
        below = cost;
    }
}

enum base_code choose_repair(struct chooser *chooser, double deadline, bool *done,
                             struct base_error *error)
{
    *done = false;
    for (;;) {
        size_t found;
        bool failed;
        if (!keep_to_all(chooser))
            return BASE_OK;
        if (choose_look_at_all(chooser, deadline, &found, &failed, error) != BASE_OK)
            return error->code;
        if (failed)
            return BASE_OK;
        if (found == 0)
            break;
    }
    *done = true;
    return show_again(chooser, deadline, error);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void set_statuses(const struct chooser *chooser)
{
    struct system *system = chooser->system;
    for (size_t i = 0; i < system->sums; i++)
        if (system->sum[i].candidate)
            system->sum[i].status = SUM_HIDDEN;
    for (size_t i = 0; i < chooser->candidates; i++)
        if (chooser->hidden[i] == 0)
            system->sum[chooser->candidate[i]].status = SUM_SHOWN;
}

enum base_code chooser_choose(struct chooser *chooser, double exact_deadline, double deadline,
                              enum protect_method *method, struct base_error *error)
{
    bool done;
    *method = PROTECT_EXACT;
    if (choose_exactly(chooser, exact_deadline, &done, error) != BASE_OK)
        return error->code;
    if (!done) {
        *method = PROTECT_ELIMINATION;
        if (choose_by_elimination(chooser, error) != BASE_OK ||
            choose_repair(chooser, deadline, &done, error) != BASE_OK)
            return error->code;
    }
    if (!done)
        return fail_tables(error, BASE_NOT_PROVEN);
    set_statuses(chooser);
    return BASE_OK;
}

/* Have two sums a variable in common? Members ascend. */
static bool overlap(const struct system *system, const struct system_sum *one,
                    const struct system_sum *other)
{
    for (uint32_t i = 0, j = 0; i < one->count && j < other->count;) {
        const uint32_t a = system->member[one->first + i], b = system->member[other->first + j];
        if (a == b)
            return true;
        i += a < b ? 1 : 0;
        j += b < a ? 1 : 0;
    }
    return false;
}

/* At least one of those must be hidden that are shown, true whatever the reason of the finding; one that has
 * something to do with the sum, if there is one. */
static void cut_shown(struct chooser *chooser, const struct system_sum *with)
{
    struct choose_cut *cut = &chooser->scratch;
    cut->count = 0;
    for (uint32_t i = 0; i < chooser->candidates; i++) {
        const struct system_sum *sum = &chooser->system->sum[chooser->candidate[i]];
        if (chooser->hidden[i] != 0 || (with != NULL && !overlap(chooser->system, sum, with)))
            continue;
        cut->candidate[cut->count] = i;
        cut->weight[cut->count++] = 1;
    }
    if (cut->count == 0 && with != NULL)
        cut_shown(chooser, NULL);
}

/* Choices that are optimal for the continuous programs can fail in whole numbers one after the other. After
 * a few it is enough to find one that holds. */
static enum base_code freeze(struct chooser *chooser, struct base_error *error)
{
    for (uint32_t i = 0; i < chooser->candidates; i++) {
        if (chooser->hidden[i] == 0)
            continue;
        chooser->scratch.count = 1;
        chooser->scratch.candidate[0] = i;
        chooser->scratch.weight[0] = 1;
        if (choose_keep_cut(chooser, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static enum base_code learn_unproven(struct chooser *chooser, uint32_t need,
                                     struct base_error *error)
{
    enum { BEFORE_FREEZING = 12 };
    const struct system *system = chooser->system;
    if (++chooser->unproven > BEFORE_FREEZING && freeze(chooser, error) != BASE_OK)
        return error->code;
    cut_shown(chooser, &system->sum[system->need[need].sum]);
    return BASE_OK;
}

enum base_code chooser_learn(struct chooser *chooser, const struct choose_target *target,
                             double deadline, bool *more, struct base_error *error)
{
    cutter_hide(&chooser->cutter, chooser->hidden);
    const bool proven =
        cutter_look(&chooser->cutter, target, deadline, &chooser->scratch) == CUT_FOUND;
    if (proven && target->single != CHOOSE_NO_SINGLE) {
        if (old_arena_grow(chooser->arena, &chooser->target, chooser->targets, &chooser->target_room,
                       sizeof *chooser->target, error) != BASE_OK)
            return error->code;
        chooser->target[chooser->targets++] = *target;
    }
    if (!proven && learn_unproven(chooser, target->need, error) != BASE_OK)
        return error->code;
    *more = chooser->scratch.count > 0;
    return *more ? choose_keep_cut(chooser, error) : BASE_OK;
}
