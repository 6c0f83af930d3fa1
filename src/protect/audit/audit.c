/* What is shown is confirmed, or nothing is. */
#include "audit.h"

#include "../fail.h"
#include "inside.h"

/* ---- the pool -------------------------------------------------------------------------------- */

/* Writes a table of the pool to audit->tally; false if it is none. */
static bool write_table(const struct audit *audit, const struct witness_pool *pool,
                        const struct feasible_table *table)
{
    const struct suppression_problem *problem = audit->problem;
    if (table->first > pool->changes || table->count > pool->changes - table->first)
        return false;
    for (size_t i = 0; i < problem->cells; i++)
        audit->tally[i] = problem->cell[i].truth;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct table_change *change = &pool->change[table->first + i];
        if (change->cell >= problem->cells)
            return false;
        audit->tally[change->cell] += change->amount;
    }
    return true;
}

/* The true tally is a witness as well; if it does not agree with itself, something is wrong with the problem. */
static enum base_code note_truth(struct audit *audit, struct base_error *error)
{
    const struct suppression_problem *problem = audit->problem;
    for (size_t i = 0; i < problem->cells; i++)
        audit->tally[i] = problem->cell[i].truth;
    bool agrees = agree_add_up(audit);
    for (size_t i = 0; i < problem->figures; i++)
        agrees = agrees && audit->value[i] == problem->figure[i].value;
    if (!agrees)
        return fail_tables(error, BASE_NOT_PROVEN);
    requirement_note(audit);
    return BASE_OK;
}

static void note_pool(struct audit *audit, const struct witness_pool *pool)
{
    for (size_t i = 0; i < pool->tables; i++) {
        if (!write_table(audit, pool, &pool->table[i]) || !agree_add_up(audit))
            continue;
        audit->report->witnesses++;
        requirement_note(audit);
    }
}

/* ---- what the pool does not meet ------------------------------------------------------------- */

struct unmet {
    struct audit *audit;
    struct exempting *exempting;
    struct searching *searching;
};

static enum base_code look_for(struct unmet *unmet, const struct requirement *one,
                               struct base_error *error)
{
    struct audit *audit = unmet->audit;
    if (unmet->searching == NULL && search_new(audit, &unmet->searching, error) != BASE_OK)
        return error->code;
    switch (search_witness(unmet->searching, one)) {
    case SEARCH_FOUND:
        requirement_note(audit);
        return BASE_OK;
    case SEARCH_NOTHING:
        return fail_tables(error, BASE_NOT_PROTECTED);
    default:
        return fail_tables(error, BASE_NOT_PROVEN);
    }
}

static enum base_code take_unmet(void *context, const struct requirement *one,
                                 struct base_error *error)
{
    struct unmet *unmet = context;
    bool proven = false;
    if (unmet->exempting == NULL && exempt_new(unmet->audit, &unmet->exempting, error) != BASE_OK)
        return error->code;
    if (exempt_prove(unmet->exempting, one, &proven, error) != BASE_OK)
        return error->code;
    unmet->audit->report->exempt += proven ? 1 : 0;
    return proven ? BASE_OK : look_for(unmet, one, error);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* A small figure is hidden, or was told before. */
static enum base_code check_shown(struct audit *audit, const bool *shown, struct base_error *error)
{
    const struct suppression_problem *problem = audit->problem;
    for (size_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        const bool small = figure->value >= 0 && figure->value < (int64_t)problem->threshold;
        if (shown[i] && small && !figure->known)
            return fail_tables(error, BASE_NOT_PROTECTED);
        audit->told[i] = figure->known || shown[i];
    }
    return BASE_OK;
}

static enum base_code audit_all(struct audit *audit, const bool *shown,
                                const struct witness_pool *pool, struct base_error *error)
{
    const struct suppression_problem *problem = audit->problem;
    struct unmet unmet = {.audit = audit};
    if (arena_take(audit->arena, problem->figures, sizeof *audit->told, &audit->told, error) !=
            BASE_OK ||
        arena_take(audit->arena, problem->figures, sizeof *audit->value, &audit->value, error) !=
            BASE_OK ||
        arena_take(audit->arena, problem->cells, sizeof *audit->tally, &audit->tally, error) !=
            BASE_OK ||
        check_shown(audit, shown, error) != BASE_OK || requirement_find(audit, error) != BASE_OK ||
        note_truth(audit, error) != BASE_OK)
        return error->code;
    note_pool(audit, pool);
    const enum base_code code = requirement_each_unmet(audit, take_unmet, &unmet, error);
    exempt_close(unmet.exempting);
    search_close(unmet.searching);
    return code;
}

enum base_code audit_problem(const struct suppression_problem *problem, const bool *shown,
                             const struct witness_pool *pool, const struct protect_solver *solver,
                             struct audit_report *report, struct base_error *error)
{
    struct audit_report found = {0};
    struct audit audit = {.problem = problem, .solver = solver, .report = &found};
    if (arena_new(&audit.arena, error) != BASE_OK)
        return error->code;
    const enum base_code code = audit_all(&audit, shown, pool, error);
    arena_free(audit.arena);
    if (code == BASE_OK)
        *report = found;
    return code;
}
