/* Which figures of a year are shown: one after the other, each if every requirement keeps a witness. */
#include "inside.h"

#include <string.h>

#include "../fail.h"

/* ---- whether all requirements are met -------------------------------------------------------- */

enum verdict { MET, NOT_MET };

static bool has_living(struct chooser *chooser, uint32_t *link)
{
    struct pool *pool = &chooser->pool;
    for (uint32_t table; (table = pool_next(pool, link)) != NO_NUMBER;
         link = &pool->link[*link].next)
        if (pool_lives(pool, table))
            return true;
    return false;
}

/* Looks for what the pool has not. With nothing but known figures (`exempt`) it may be proven to be impossible,
 * and what was not settled is asked again when all of them are told. */
static enum verdict meet(struct chooser *chooser, const struct target *target, bool *exempt)
{
    const enum program_answer answer = find_witness(chooser, target);
    if (answer == PROGRAM_FOUND)
        return chooser->code == BASE_OK ? MET : NOT_MET;
    if (answer == PROGRAM_IMPOSSIBLE && exempt != NULL) {
        *exempt = true;
        return MET;
    }
    return chooser->stage == STAGE_KNOWN && chooser->code == BASE_OK ? MET : NOT_MET;
}

static enum verdict meet_figures(struct chooser *chooser, bool base)
{
    for (size_t i = 0; i < chooser->needs.count; i++) {
        struct need *need = &chooser->needs.need[i];
        if (need->exempt || has_living(chooser, &need->first_link))
            continue;
        const struct target target = {need->figure, need->by, NO_NUMBER, NO_NUMBER};
        if (meet(chooser, &target, base ? &need->exempt : NULL) != MET)
            return NOT_MET;
    }
    return MET;
}

static enum verdict meet_cells(struct chooser *chooser, bool base)
{
    struct needs *needs = &chooser->needs;
    for (uint32_t i = 0; i < chooser->problem->cells; i++) {
        if (needs->cell_exempt[i] || has_living(chooser, &needs->cell_link[i]))
            continue;
        const struct target target = {NO_NUMBER, 0, NO_NUMBER, i};
        if (meet(chooser, &target, base ? &needs->cell_exempt[i] : NULL) != MET)
            return NOT_MET;
    }
    return MET;
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

static enum verdict meet_maker(struct chooser *chooser, size_t number, bool base)
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
        if (meet(chooser, &target, base ? &exempt : NULL) != MET)
            return NOT_MET;
        if (exempt)
            needs->makers[number * needs->words + word] &= ~((uint64_t)1 << bit);
    }
    return MET;
}

static enum verdict meet_all(struct chooser *chooser)
{
    const bool base = chooser->stage != STAGE_TRIAL;
    if (meet_figures(chooser, base) != MET || meet_cells(chooser, base) != MET)
        return NOT_MET;
    if (chooser->stage == STAGE_KNOWN)
        return MET;
    for (size_t i = 0; i < chooser->needs.count; i++)
        if (!chooser->needs.need[i].exempt && meet_maker(chooser, i, base) != MET)
            return NOT_MET;
    return MET;
}

/* ---- candidates ------------------------------------------------------------------------------ */

static enum base_code try_figure(struct chooser *chooser, uint32_t figure)
{
    struct choice *choice = chooser->choice;
    chooser->pool.trial++;
    pool_exclude(&chooser->pool, figure, false);
    state_set_mode(&chooser->state, figure, MODE_FIXED, 0);
    const bool show = meet_all(chooser) == MET;
    if (chooser->code != BASE_OK)
        return chooser->code;
    choice->shown[figure] = show;
    choice->status[figure] = show ? SDC_SHOWN : SDC_HIDDEN_SECONDARY;
    if (show)
        pool_exclude(&chooser->pool, figure, true);
    else
        state_set_mode(&chooser->state, figure, MODE_FREE, 0);
    return BASE_OK;
}

static bool is_by_lot(const struct chooser *chooser, const struct problem_figure *figure)
{
    const struct choice_request *request = chooser->request;
    return request->lot != NULL && !figure->headline &&
           request->lot(request->lot_context, &figure->set);
}

static enum base_code choose_one(struct chooser *chooser, uint32_t number)
{
    const struct suppression_problem *problem = chooser->problem;
    const struct problem_figure *figure = &problem->figure[number];
    struct choice *choice = chooser->choice;
    if (figure->known) {
        choice->status[number] = SDC_SHOWN;
        return BASE_OK;
    }
    if (figure->value < (int64_t)problem->threshold || figure->ahead) {
        choice->status[number] = SDC_HIDDEN_PRIMARY;
        return BASE_OK;
    }
    choice->status[number] = SDC_HIDDEN_SECONDARY;
    if (is_by_lot(chooser, figure)) {
        choice->status[number] = SDC_HIDDEN_BY_LOT;
        return BASE_OK;
    }
    if (!figure->wanted && !figure->headline)
        return BASE_OK;
    return try_figure(chooser, number);
}

/* The problem has its figures in the order in which they are tried. */
static enum base_code choose_all(struct chooser *chooser)
{
    const struct choice_request *request = chooser->request;
    const size_t figures = chooser->problem->figures;
    for (uint32_t i = 0; i < figures; i++) {
        if (choose_one(chooser, i) != BASE_OK)
            return chooser->code;
        if (request->progress != NULL)
            request->progress(request->progress_context, i + 1, figures);
    }
    return BASE_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

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
    return program_new(chooser->request, &chooser->state, choice, &chooser->program, error);
}

/* One known figure after the other, so that each finds tables near those that it excludes. */
static enum base_code tell_known(struct chooser *chooser)
{
    chooser->stage = STAGE_KNOWN;
    for (uint32_t i = 0; i < chooser->problem->figures; i++) {
        if (!chooser->problem->figure[i].known)
            continue;
        chooser->pool.trial++;
        pool_exclude(&chooser->pool, i, false);
        state_set_mode(&chooser->state, i, MODE_FIXED, 0);
        if (meet_all(chooser) != MET)
            return chooser->code;
        pool_exclude(&chooser->pool, i, true);
    }
    return BASE_OK;
}

/* What is known already leaves to each requirement a witness, or it is exempt. */
static enum base_code meet_base(struct chooser *chooser)
{
    if (tell_known(chooser) != BASE_OK)
        return chooser->code;
    chooser->stage = STAGE_BASE;
    const enum verdict verdict = meet_all(chooser);
    chooser->stage = STAGE_TRIAL;
    if (verdict == MET)
        return BASE_OK;
    return chooser->code != BASE_OK ? chooser->code : fail_tables(chooser->error, BASE_NOT_PROVEN);
}

enum base_code choose_figures(const struct choice_request *request, struct choice *choice,
                              struct base_error *error)
{
    struct chooser *chooser;
    if (arena_take(request->problem->arena, 1, sizeof *chooser, &chooser, error) != BASE_OK)
        return error->code;
    *chooser = (struct chooser){
        .request = request, .problem = request->problem, .choice = choice, .error = error};
    enum base_code code = prepare(chooser);
    if (code == BASE_OK)
        code = meet_base(chooser);
    if (code == BASE_OK)
        code = choose_all(chooser);
    program_close(chooser->program);
    return code;
}
