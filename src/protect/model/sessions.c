/* What everybody knows of sessions: nobody has a second conversation before a first one. */
#include "problem.h"

/* By how much there are more conversations of `session` than of the next, of a party in a month. */
static int64_t surplus(const struct protect_place *place, base_month month, unsigned party,
                       unsigned session)
{
    int64_t sum = 0;
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        const struct codebook_contact contact = {
            {(uint8_t)channel, (uint8_t)party, (uint8_t)session}};
        const unsigned cell = codebook_cell(contact);
        sum += problem_count(place, month, cell) - problem_count(place, month, cell + 1);
    }
    return sum;
}

static int64_t sum_before(const struct protect_place *place, base_month end, unsigned party,
                          unsigned session)
{
    int64_t sum = 0;
    const base_month first = place->counts == NULL ? end : place->counts->period.first;
    for (unsigned month = first; month < end; month++)
        sum += surplus(place, (base_month)month, party, session);
    return sum;
}

static void fill_order(const struct protect_request *request,
                       const struct suppression_problem *problem, struct session_order *order)
{
    const struct protect_place *place = &request->places[order->place];
    const unsigned closed = problem->months - (problem->month_ahead ? 1U : 0U);
    int64_t balance = sum_before(place, problem->first, order->party, order->session);
    order->opening = balance;
    order->slack = INT32_MAX;
    for (unsigned i = 0; i < problem->months; i++) {
        if (i < closed)
            balance +=
                surplus(place, (base_month)(problem->first + i), order->party, order->session);
        order->least_balance[i] = balance < 0 ? balance : 0;
    }
    if (problem->month_ahead || place->counts == NULL)
        return;
    for (unsigned month = problem->first + problem->months;
         month <= request->closed_through && month <= place->counts->period.last; month++) {
        balance += surplus(place, (base_month)month, order->party, order->session);
        const int64_t left = balance > 0 ? balance : 0;
        order->slack = left < order->slack ? left : order->slack;
    }
}

enum base_code session_orders_new(const struct protect_request *request,
                                  struct suppression_problem *problem, struct base_error *error)
{
    enum { STEPS = CODEBOOK_SESSIONS - 1 };
    const size_t most = problem->place_count * CODEBOOK_PARTIES * STEPS;
    if (arena_take(problem->arena, most, sizeof *problem->order, &problem->order, error) != BASE_OK)
        return error->code;
    for (size_t place = 0; place < problem->place_count; place++)
        for (unsigned party = 0; party < CODEBOOK_PARTIES; party++)
            for (unsigned session = 0; session < STEPS; session++) {
                struct session_order *order = &problem->order[problem->orders++];
                *order = (struct session_order){
                    .place = (uint8_t)place, .party = (uint8_t)party, .session = (uint8_t)session};
                fill_order(request, problem, order);
            }
    return BASE_OK;
}
