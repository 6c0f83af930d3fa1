/* Years whose figures are public: whether what later years count narrows their tallies. */
#include "earlier.h"

#include <string.h>

#include "choose/choose.h"
#include "fail.h"

enum { MONTHS_OF_YEAR = 12 };

/* A year that is asked again. */
struct question {
    struct protect_request request; /* all that is public is known; nothing is wanted */
    const struct protect_solver *solver;
    int year;
    base_month end, before; /* the year's last month; the last month that is taken for granted */
    struct arena *arena;
    size_t orders;
    int32_t *falls;  /* of each order, at the end of the year */
    int32_t *lifted; /* the most that was found to be made up for */
    bool *kept;      /* orders that fall by no more than later months leave */
};

static base_month last_month(int year)
{
    return (base_month)(year * MONTHS_OF_YEAR + MONTHS_OF_YEAR - 1);
}

/* ---- balances -------------------------------------------------------------------------------- */

/* By how much more conversations of the order's session than of the next there are in a month. */
static int64_t surplus(const struct protect_place *place, const struct session_order *order,
                       base_month month)
{
    int64_t sum = 0;
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        const struct codebook_contact contact = {{(uint8_t)channel, order->party, order->session}};
        const unsigned cell = codebook_cell(contact);
        sum += problem_count(place, month, cell) - problem_count(place, month, cell + 1);
    }
    return sum;
}

/* The lowest balance, but not below 0, of the months from `first` to `last`. */
static int64_t lowest(const struct protect_request *request, const struct session_order *order,
                      unsigned first, unsigned last)
{
    const struct protect_place *place = &request->places[order->place];
    int64_t balance = 0, least = INT32_MAX;
    const unsigned begin = place->counts == NULL ? first : place->counts->period.first;
    for (unsigned month = begin < first ? begin : first; month <= last; month++) {
        balance += surplus(place, order, (base_month)month);
        if (month >= first && balance < least)
            least = balance > 0 ? balance : 0;
    }
    return least;
}

static struct session_order order_number(size_t number)
{
    enum { STEPS = CODEBOOK_SESSIONS - 1 };
    return (struct session_order){
        .place = (uint8_t)(number / (CODEBOOK_PARTIES * STEPS)),
        .party = (uint8_t)(number / STEPS % CODEBOOK_PARTIES),
        .session = (uint8_t)(number % STEPS),
    };
}

/* Whether months after `before` bind the year more than those up to then do, the year's last one included. */
static bool is_narrower(const struct question *question)
{
    const struct protect_request *request = &question->request;
    for (size_t i = 0; i < question->orders; i++) {
        const struct session_order order = order_number(i);
        if (lowest(request, &order, question->before + 1U, request->closed_through) <
            lowest(request, &order, question->end, question->before))
            return true;
    }
    return false;
}

/* ---- both years free ------------------------------------------------------------------------- */

static bool is_lifted(const struct question *question)
{
    for (size_t i = 0; i < question->orders; i++)
        if (question->falls[i] > question->lifted[i])
            return false;
    return true;
}

/* Whether the years between bear it that their months have so much less. */
static bool is_borne_until(const struct question *question, base_month last)
{
    for (size_t i = 0; i < question->orders; i++) {
        const struct session_order order = order_number(i);
        if (question->falls[i] > 0 && last > question->end &&
            lowest(&question->request, &order, question->end + 1U, last) < question->falls[i])
            return false;
    }
    return true;
}

/* A tally of the later year that makes up for it. */
static enum base_code lift_in(struct question *question, int year, bool *found,
                              struct base_error *error)
{
    const struct target nothing = {CHOOSE_NONE, 0, CHOOSE_NONE, CHOOSE_NONE};
    enum choose_answer answer;
    struct suppression_problem *problem;
    int32_t *unused;
    if (problem_new(&question->request, year, question->arena, &problem, error) != BASE_OK ||
        arena_take(question->arena, question->orders, sizeof *unused, &unused, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < problem->orders; i++) {
        problem->order[i].opening -= question->falls[i];
        if (problem->order[i].slack != INT32_MAX)
            problem->order[i].slack -= question->falls[i];
    }
    const struct choice_request wanted = {.problem = problem, .solver = question->solver};
    if (choose_find(&wanted, &nothing, &answer, unused, error) != BASE_OK)
        return error->code;
    *found = answer == CHOOSE_FOUND;
    return BASE_OK;
}

static enum base_code lift(struct question *question, bool *found, struct base_error *error)
{
    *found = is_lifted(question);
    for (int year = question->year + 1;
         !*found && year <= base_month_year(question->request.closed_through); year++) {
        if (!is_borne_until(question, last_month(year - 1)))
            break;
        if (lift_in(question, year, found, error) != BASE_OK)
            return error->code;
        if (*found)
            memcpy(question->lifted, question->falls, question->orders * sizeof *question->falls);
    }
    return BASE_OK;
}

/* ---- the year's requirements ----------------------------------------------------------------- */

/* By how much an order may fall as later months are. */
static int64_t room_now(const struct question *question, const struct session_order *order)
{
    return lowest(&question->request, order, question->end + 1U, question->request.closed_through);
}

/* Lets each order that is not kept fall by so much more. */
static void loosen(const struct question *question, struct suppression_problem *problem, int64_t by)
{
    for (size_t i = 0; i < problem->orders; i++) {
        struct session_order *order = &problem->order[i];
        const int64_t room = room_now(question, order) + (question->kept[i] ? 0 : by);
        const int64_t most =
            question->before > question->end
                ? lowest(&question->request, order, question->end + 1U, question->before)
                : INT32_MAX;
        order->slack = room < most ? room : most;
    }
}

/* Whether there is a tally for the target, and whether a later year makes up for it. */
static enum base_code try_to_meet(struct question *question, struct suppression_problem *problem,
                                  const struct target *target, int64_t by,
                                  enum choose_answer *answer, bool *found, struct base_error *error)
{
    const struct choice_request wanted = {.problem = problem, .solver = question->solver};
    *found = false;
    loosen(question, problem, by);
    if (choose_find(&wanted, target, answer, question->falls, error) != BASE_OK)
        return error->code;
    return *answer == CHOOSE_FOUND ? lift(question, found, error) : BASE_OK;
}

/* Other tallies than one that no later year makes up for: an order that fell too far in it is kept, each in turn. */
static enum base_code branch(struct question *question, struct suppression_problem *problem,
                             const struct target *target, unsigned depth, bool *found,
                             struct base_error *error)
{
    enum { MOST_WAYS = 6, DEEPEST = 4 };
    enum choose_answer answer;
    size_t way[MOST_WAYS], ways = 0;
    if (try_to_meet(question, problem, target, INT32_MAX, &answer, found, error) != BASE_OK)
        return error->code;
    if (*found || answer != CHOOSE_FOUND || depth == DEEPEST)
        return BASE_OK;
    for (size_t i = 0; i < problem->orders && ways < MOST_WAYS; i++)
        if (question->falls[i] > room_now(question, &problem->order[i]))
            way[ways++] = i;
    for (size_t i = 0; i < ways && !*found; i++) {
        question->kept[way[i]] = true;
        if (branch(question, problem, target, depth + 1, found, error) != BASE_OK)
            return error->code;
        question->kept[way[i]] = false;
    }
    return BASE_OK;
}

/* Met by no tally as it was before: let off. Else later months have to give way, by as little as it takes. */
static enum base_code meet(struct question *question, struct suppression_problem *problem,
                           const struct target *target, struct base_error *error)
{
    static const int64_t step[] = {INT32_MAX, 1, 2, 4};
    bool found = false;
    for (size_t i = 0; !found && i < sizeof step / sizeof *step; i++) {
        enum choose_answer answer;
        if (try_to_meet(question, problem, target, step[i], &answer, &found, error) != BASE_OK)
            return error->code;
        if (i == 0 && answer == CHOOSE_IMPOSSIBLE)
            return BASE_OK;
    }
    if (!found && branch(question, problem, target, 0, &found, error) != BASE_OK)
        return error->code;
    return found ? BASE_OK : base_fail(error, BASE_NOT_PROTECTED, "%d", question->year);
}

static enum base_code ask(struct question *question, struct base_error *error)
{
    struct suppression_problem *problem;
    struct target *unmet;
    size_t count;
    if (problem_new(&question->request, question->year, question->arena, &problem, error) !=
        BASE_OK)
        return error->code;
    const struct choice_request wanted = {.problem = problem, .solver = question->solver};
    if (choose_list_unmet(&wanted, &unmet, &count, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < count; i++)
        if (meet(question, problem, &unmet[i], error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

static enum base_code ask_if_narrower(struct question *question, struct base_error *error)
{
    question->orders = question->request.place_count * CODEBOOK_PARTIES * (CODEBOOK_SESSIONS - 1);
    if (!is_narrower(question))
        return BASE_OK;
    if (arena_new(&question->arena, error) != BASE_OK)
        return error->code;
    enum base_code code = arena_take(question->arena, question->orders, sizeof *question->falls,
                                     &question->falls, error);
    if (code == BASE_OK)
        code = arena_take(question->arena, question->orders, sizeof *question->lifted,
                          &question->lifted, error);
    if (code == BASE_OK)
        code = arena_take(question->arena, question->orders, sizeof *question->kept,
                          &question->kept, error);
    if (code == BASE_OK)
        code = ask(question, error);
    arena_free(question->arena);
    return code;
}

/* ---- which years ----------------------------------------------------------------------------- */

static bool is_public(const struct public_figures *figures, int year)
{
    for (size_t i = 0; i < figures->count; i++)
        if (base_month_year(figures->figure[i].months.first) == year)
            return true;
    return false;
}

enum base_code earlier_years_check(const struct protect_request *request,
                                   const struct public_figures *figures,
                                   const struct protect_solver *solver, struct base_error *error)
{
    struct question question = {.request = *request, .solver = solver};
    question.request.periods = NULL;
    question.request.period_count = 0;
    question.request.correction = false;
    question.request.prior = figures->figure;
    question.request.prior_count = figures->count;
    for (int year = figures->last; year >= BASE_FIRST_YEAR; year--) {
        question.year = year;
        question.end = last_month(year);
        question.before = year < figures->first ? last_month(figures->first - 1) : question.end;
        if (question.end < request->closed_through && is_public(figures, year) &&
            ask_if_narrower(&question, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}
