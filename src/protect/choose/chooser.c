/* Whether each requirement has a witness: in the pool, or one that is looked for. */
#include "inside.h"

#include "../fail.h"

static bool has_living(struct chooser *chooser, uint32_t *link)
{
    struct pool *pool = &chooser->pool;
    for (uint32_t table; (table = pool_next(pool, link)) != NO_NUMBER;
         link = &pool->link[*link].next)
        if (pool_lives(pool, table))
            return true;
    return false;
}

static void note_unmet(struct chooser *chooser, const struct target *target)
{
    chooser->code = arena_grow(chooser->problem->arena, &chooser->unmet, chooser->unmet_count,
                               &chooser->unmet_room, sizeof *chooser->unmet, chooser->error);
    if (chooser->code == BASE_OK)
        chooser->unmet[chooser->unmet_count++] = *target;
}

/* Looks for what the pool has not; false ends the trial. Before candidates are tried what is proven to be
 * impossible is exempt, and what was not settled is asked again when all that is known is told. */
static bool meet(struct chooser *chooser, const struct target *target, bool *exempt)
{
    const enum choose_answer answer = find_witness(chooser, target);
    if (answer == CHOOSE_IMPOSSIBLE && chooser->stage != STAGE_TRIAL) {
        *exempt = true;
        note_unmet(chooser, target);
    }
    return chooser->code == BASE_OK &&
           (answer == CHOOSE_FOUND || *exempt || chooser->stage == STAGE_KNOWN);
}

static bool meet_figures(struct chooser *chooser)
{
    for (size_t i = 0; i < chooser->needs.count; i++) {
        struct need *need = &chooser->needs.need[i];
        if (need->exempt || has_living(chooser, &need->first_link))
            continue;
        const struct target target = {need->figure, need->by, NO_NUMBER, NO_NUMBER};
        if (!meet(chooser, &target, &need->exempt))
            return false;
    }
    return true;
}

static bool meet_cells(struct chooser *chooser)
{
    struct needs *needs = &chooser->needs;
    for (uint32_t i = 0; i < chooser->problem->cells; i++) {
        if (needs->cell_exempt[i] || has_living(chooser, &needs->cell_link[i]))
            continue;
        const struct target target = {NO_NUMBER, 0, NO_NUMBER, i};
        if (!meet(chooser, &target, &needs->cell_exempt[i]))
            return false;
    }
    return true;
}

/* Which singletons no living table of the need keeps; false if there is none. */
static bool find_open(struct chooser *chooser, size_t number)
{
    const struct needs *needs = &chooser->needs;
    const size_t words = needs->words;
    struct pool *pool = &chooser->pool;
    uint32_t *link = &chooser->needs.need[number].first_link;
    uint64_t left = 0;
    for (size_t i = 0; i < words; i++)
        left |= chooser->open[i] = needs->makers[number * words + i];
    for (uint32_t table; left != 0 && (table = pool_next(pool, link)) != NO_NUMBER;
         link = &pool->link[*link].next) {
        if (!pool_lives(pool, table))
            continue;
        left = 0;
        for (size_t i = 0; i < words; i++)
            left |= chooser->open[i] &= ~pool->keeps[table * words + i];
    }
    return left != 0;
}

static bool meet_maker(struct chooser *chooser, size_t number)
{
    struct needs *needs = &chooser->needs;
    const struct need *need = &needs->need[number];
    while (find_open(chooser, number)) {
        size_t word = 0;
        while (chooser->open[word] == 0)
            word++;
        const unsigned bit = (unsigned)__builtin_ctzll(chooser->open[word]);
        const struct target target = {need->figure, need->by, needs->single[word * 64 + bit],
                                      NO_NUMBER};
        bool exempt = false;
        if (!meet(chooser, &target, &exempt))
            return false;
        if (exempt)
            needs->makers[number * needs->words + word] &= ~((uint64_t)1 << bit);
    }
    return true;
}

/* While what is known is being told, makers wait. */
bool chooser_meets_all(struct chooser *chooser)
{
    if (!meet_figures(chooser) || !meet_cells(chooser))
        return false;
    for (size_t i = 0; chooser->stage != STAGE_KNOWN && i < chooser->needs.count; i++)
        if (!chooser->needs.need[i].exempt && !meet_maker(chooser, i))
            return false;
    return true;
}

/* One known figure after the other, so that tables are found near those that it excludes. */
static bool tell_all(struct chooser *chooser)
{
    chooser->stage = STAGE_KNOWN;
    for (uint32_t i = 0; i < chooser->problem->figures; i++) {
        if (!chooser->problem->figure[i].known)
            continue;
        chooser->pool.trial++;
        pool_exclude(&chooser->pool, i, false);
        state_set_mode(&chooser->state, i, MODE_FIXED, 0);
        if (!chooser_meets_all(chooser))
            return false;
        pool_exclude(&chooser->pool, i, true);
    }
    chooser->stage = STAGE_BASE;
    return chooser_meets_all(chooser);
}

enum base_code chooser_tell_known(struct chooser *chooser)
{
    const bool met = tell_all(chooser);
    chooser->stage = STAGE_TRIAL;
    if (met)
        return BASE_OK;
    return chooser->code != BASE_OK ? chooser->code : fail_tables(chooser->error, BASE_NOT_PROVEN);
}

static enum base_code make_programs(struct chooser *chooser)
{
    const size_t places = chooser->problem->place_count;
    struct state *state = &chooser->state;
    struct base_error *error = chooser->error;
    if (program_new(chooser->request, NO_NUMBER, state, chooser->choice, &chooser->program,
                    error) != BASE_OK ||
        arena_take(chooser->problem->arena, places, sizeof(struct program *), &chooser->local,
                   error) != BASE_OK)
        return error->code;
    for (uint32_t i = 0; places > 1 && i < places; i++)
        if (program_new(chooser->request, i, state, chooser->choice, &chooser->local[i], error) !=
            BASE_OK)
            return error->code;
    return BASE_OK;
}

void chooser_end(struct chooser *chooser)
{
    if (chooser == NULL)
        return;
    program_close(chooser->program);
    for (size_t i = 0; i < chooser->problem->place_count; i++)
        program_close(chooser->local[i]);
}

static enum base_code prepare(struct chooser *chooser)
{
    const struct suppression_problem *problem = chooser->problem;
    struct arena *arena = problem->arena;
    struct choice *choice = chooser->choice;
    struct base_error *error = chooser->error;
    *choice = (struct choice){0};
    if (arena_take(arena, problem->figures, sizeof *choice->status, &choice->status, error) !=
            BASE_OK ||
        arena_take(arena, problem->figures, sizeof *choice->shown, &choice->shown, error) !=
            BASE_OK ||
        needs_new(problem, &chooser->needs, error) != BASE_OK ||
        arena_take(arena, chooser->needs.words, sizeof *chooser->open, &chooser->open, error) !=
            BASE_OK ||
        state_new(problem, &chooser->state, error) != BASE_OK ||
        pool_new(problem, &chooser->needs, &choice->witnesses, &chooser->pool, error) != BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < problem->figures; i++)
        choice->shown[i] = problem->figure[i].known;
    chooser->pool.trial = 1;
    return make_programs(chooser);
}

enum base_code chooser_new(const struct choice_request *request, struct choice *choice,
                           struct chooser **out, struct base_error *error)
{
    struct chooser *chooser;
    if (arena_take(request->problem->arena, 1, sizeof *chooser, &chooser, error) != BASE_OK)
        return error->code;
    *chooser = (struct chooser){.request = request,
                                .problem = request->problem,
                                .choice = choice,
                                .error = error,
                                .stage = STAGE_TRIAL};
    if (prepare(chooser) != BASE_OK)
        return error->code;
    *out = chooser;
    return BASE_OK;
}
