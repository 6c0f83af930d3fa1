/* Which figures of a year are shown: one after the other, each if every requirement keeps a witness. */
#include "inside.h"

enum { FEW = 10 }; /* thresholds */

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

/* Whether a figure of the headline has a lot all the same: conversations in all, of a year that has ended with so few
 * courses that not to show them would tell that there were few second conversations. It is seen from what is shown:
 * courses in all stand before it. */
static bool is_of_few(const struct chooser *chooser, const struct problem_figure *figure)
{
    const struct suppression_problem *problem = chooser->problem;
    if (problem->month_ahead || figure->set.sessions != COUNTS_ALL_SESSIONS)
        return false;
    struct cell_set set = figure->set;
    set.sessions = COUNTS_COURSES;
    const uint32_t courses = problem_find(problem, &set);
    return courses == PROBLEM_NO_CELL || !chooser->choice->shown[courses] ||
           problem->figure[courses].value < FEW * (int64_t)problem->threshold;
}

static bool is_by_lot(const struct chooser *chooser, const struct problem_figure *figure)
{
    const struct choice_request *request = chooser->request;
    return request->lot != NULL && (!figure->headline || is_of_few(chooser, figure)) &&
           request->lot(request->lot_context, &figure->set);
}

static bool is_by_channel(const struct cell_set *set)
{
    return set->channels != CODEBOOK_ALL_CHANNELS;
}

static bool have_places_in_common(const struct place_set *one, const struct place_set *other)
{
    uint64_t both = 0;
    for (size_t i = 0; i < sizeof one->word / sizeof *one->word; i++)
        both |= one->word[i] & other->word[i];
    return both != 0;
}

/* Of a year that has not ended: whether a headline figure that is not small can't be shown as the year is so far. Then
 * nothing can be held against it, and what is of its kind waits: all for courses in all, conversations for
 * conversations, channels for channels. */
static bool has_to_wait(const struct chooser *chooser, const struct problem_figure *figure)
{
    const struct suppression_problem *problem = chooser->problem;
    for (uint32_t i = 0; problem->month_ahead && i < problem->figures; i++) {
        const struct problem_figure *headline = &problem->figure[i];
        if (!headline->headline || headline->known || chooser->choice->shown[i] ||
            headline->value < (int64_t)problem->threshold ||
            !have_places_in_common(&headline->set.places, &figure->set.places))
            continue;
        if (is_by_channel(&headline->set) ? is_by_channel(&figure->set)
                                          : headline->set.sessions == COUNTS_COURSES ||
                                                figure->set.sessions != COUNTS_COURSES)
            return true;
    }
    return false;
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
    if (!figure->headline && has_to_wait(chooser, figure))
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
