/* Which figures of a year are shown: one after the other, each if every requirement keeps a witness. */
#include "inside.h"

static enum base_code try_figure(struct chooser *chooser, uint32_t figure)
{
    struct choice *choice = chooser->choice;
    chooser->pool.trial++;
    pool_exclude(&chooser->pool, figure, false);
    state_set_mode(&chooser->state, figure, MODE_FIXED, 0);
    const bool show = chooser_meets_all(chooser);
    if (chooser->code != BASE_OK)
        return chooser->code;
    choice->shown[figure] = show;
    choice->status[figure] = show ? PROTECT_SHOWN : PROTECT_HIDDEN_SECONDARY;
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
        choice->status[number] = PROTECT_SHOWN;
        return BASE_OK;
    }
    if (figure->value < (int64_t)problem->threshold || figure->ahead) {
        choice->status[number] = PROTECT_HIDDEN_PRIMARY;
        return BASE_OK;
    }
    choice->status[number] = PROTECT_HIDDEN_SECONDARY;
    if (figure->kept_hidden || (!figure->wanted && !figure->headline))
        return BASE_OK;
    if (is_by_lot(chooser, figure)) {
        choice->status[number] = PROTECT_HIDDEN_BY_LOT;
        return BASE_OK;
    }
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

enum base_code choose_figures(const struct choice_request *request, struct choice *choice,
                              struct base_error *error)
{
    struct chooser *chooser;
    if (chooser_new(request, choice, &chooser, error) != BASE_OK)
        return error->code;
    enum base_code code = chooser_tell_known(chooser);
    if (code == BASE_OK)
        code = choose_all(chooser);
    chooser_end(chooser);
    if (code == BASE_OK)
        pool_drop_dead(&chooser->pool);
    return code;
}
