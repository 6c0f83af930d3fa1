#include "audit.h"

#include <math.h>
#include <string.h>

#include "audit_program.h"
#include "witness.h"

/* Of one integer program: where that takes more, more has to be hidden instead. */
enum { INTEGER_NODES = 1000 };

/* A confirmed tally: which needs' ends it reaches, which single contacts it leaves alone. */
struct witness {
    bool all; /* agrees with the stale sums too */
    uint8_t *least, *most, *keeps;
};

struct audit {
    const struct system *system;
    const struct protect_solver *solver;
    void *state;
    double deadline;
    bool estimate;
    struct arena *arena;
    struct audit_tallies *tallies;
    struct audit_report *report;
    uint32_t *single; /* sums */
    size_t singles;
    struct witness *witness;
    size_t witness_room;
    double *values;
    int64_t *tally;
    uint8_t *fixed; /* variables that the attacker knows himself */
};

/* ---- singles -------------------------------------------------------------------------------- */

static enum base_code find_singles(struct audit *audit, struct base_error *error)
{
    size_t room = 0;
    for (uint32_t i = 0; i < audit->system->sums; i++) {
        if (!system_is_single(&audit->system->sum[i]))
            continue;
        if (old_arena_grow(audit->arena, &audit->single, audit->singles, &room, sizeof *audit->single,
                       error) != BASE_OK)
            return error->code;
        audit->single[audit->singles++] = i;
    }
    return BASE_OK;
}

static bool keeps_truth(const struct system *system, uint32_t sum, const int64_t *tally)
{
    for (uint32_t i = 0; i < system->sum[sum].count; i++) {
        const uint32_t variable = system->member[system->sum[sum].first + i];
        if (tally[variable] != system->truth[variable])
            return false;
    }
    return true;
}

/* Whoever made the one contact of a sum knows each of its variables. */
static void fix_single(struct audit *audit, uint32_t sum, bool fixed)
{
    const struct system *system = audit->system;
    for (uint32_t i = 0; i < system->sum[sum].count; i++) {
        const uint32_t v = system->member[system->sum[sum].first + i];
        const int64_t more = fixed ? 0 : system->upper[v] - system->truth[v];
        const int64_t less = fixed ? 0 : system->truth[v] - system->lower[v];
        audit->fixed[v] = fixed;
        audit->solver->bound_column(audit->state, (size_t)2 * v, 0, (double)more);
        audit->solver->bound_column(audit->state, (size_t)2 * v + 1, 0, (double)less);
    }
}

/* What he knows of a need's sum from himself; true if that is all of it. */
static bool knows_all(const struct audit *audit, uint32_t sum, int64_t *known)
{
    const struct system *system = audit->system;
    bool all = true;
    *known = 0;
    for (uint32_t i = 0; i < system->sum[sum].count; i++) {
        const uint32_t v = system->member[system->sum[sum].first + i];
        if (audit->fixed[v])
            *known += system->truth[v];
        else
            all = false;
    }
    return all;
}

/* ---- witnesses ------------------------------------------------------------------------------ */

static enum base_code keep_witness(struct audit *audit, struct base_error *error)
{
    const struct system *system = audit->system;
    size_t *count = &audit->report->witnesses;
    struct witness new = {.all = witness_agrees(system, audit->tally, false)};
    if (old_arena_grow(audit->arena, &audit->witness, *count, &audit->witness_room,
                   sizeof *audit->witness, error) != BASE_OK ||
        old_arena_take(audit->arena, system->needs, 1, &new.least, error) != BASE_OK ||
        old_arena_take(audit->arena, system->needs, 1, &new.most, error) != BASE_OK ||
        old_arena_take(audit->arena, audit->singles, 1, &new.keeps, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < system->needs; i++) {
        const int64_t value = witness_value(system, system->need[i].sum, audit->tally);
        new.least[i] = value <= system->need[i].least;
        new.most[i] = value >= system->need[i].most;
    }
    for (size_t i = 0; i < audit->singles; i++)
        new.keeps[i] = keeps_truth(system, audit->single[i], audit->tally);
    audit->witness[(*count)++] = new;
    return BASE_OK;
}

static enum base_code keep_tally(struct audit *audit, struct base_error *error)
{
    struct audit_tallies *tallies = audit->tallies;
    const size_t count = audit->system->variables;
    int64_t *copy;
    if (old_arena_grow(tallies->arena, &tallies->tally, tallies->count, &tallies->room,
                   sizeof *tallies->tally, error) != BASE_OK ||
        old_arena_take(tallies->arena, count, sizeof *copy, &copy, error) != BASE_OK)
        return error->code;
    memcpy(copy, audit->tally, count * sizeof *copy);
    tallies->tally[tallies->count++] = copy;
    return BASE_OK;
}

/* What was found before may do for this system too; so may the truth. */
static enum base_code try_tally(struct audit *audit, const int64_t *tally, struct base_error *error)
{
    if (!witness_agrees(audit->system, tally, true))
        return BASE_OK;
    memcpy(audit->tally, tally, audit->system->variables * sizeof *tally);
    return keep_witness(audit, error);
}

static enum base_code try_tallies(struct audit *audit, struct base_error *error)
{
    if (try_tally(audit, audit->system->truth, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < audit->tallies->count; i++)
        if (try_tally(audit, audit->tallies->tally[i], error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

static bool has_witness(const struct audit *audit, const struct audit_finding *wanted,
                        size_t single)
{
    for (size_t i = 0; i < audit->report->witnesses; i++) {
        const struct witness *witness = &audit->witness[i];
        if ((witness->all || audit->system->need[wanted->need].current) &&
            (wanted->most ? witness->most : witness->least)[wanted->need] &&
            (wanted->single == AUDIT_NO_SINGLE || witness->keeps[single]))
            return true;
    }
    return false;
}

/* The solver's word is worth nothing: its answer is rounded and added up. */
static bool confirm(struct audit *audit, const struct audit_finding *wanted, int64_t bound)
{
    const struct system *system = audit->system;
    const struct system_need *need = &system->need[wanted->need];
    for (size_t i = 0; i < system->variables; i++) {
        int64_t change;
        if (!solver_round(audit->values[2 * i] - audit->values[2 * i + 1], &change))
            return false;
        audit->tally[i] = system->truth[i] + change;
    }
    const int64_t value = witness_value(system, need->sum, audit->tally);
    return (wanted->most ? value >= bound : value <= bound) &&
           (wanted->single == AUDIT_NO_SINGLE ||
            keeps_truth(system, wanted->single, audit->tally)) &&
           witness_agrees(system, audit->tally, need->current);
}

/* ---- looking -------------------------------------------------------------------------------- */

static enum base_code add_finding(struct audit *audit, struct audit_finding finding,
                                  struct base_error *error)
{
    struct audit_report *report = audit->report;
    if (old_arena_grow(audit->arena, &report->finding, report->findings, &report->room,
                   sizeof *report->finding, error) != BASE_OK)
        return error->code;
    report->undecided = report->undecided || finding.undecided;
    report->finding[report->findings++] = finding;
    return BASE_OK;
}

static enum base_code look(struct audit *audit, struct audit_finding wanted, int64_t bound,
                           struct base_error *error)
{
    const struct system *system = audit->system;
    const size_t row = system->sums + wanted.need;
    const double change = (double)(bound - system->sum[system->need[wanted.need].sum].value);
    audit->solver->bound_row(audit->state, row, wanted.most ? change : -INFINITY,
                             wanted.most ? INFINITY : change);
    wanted.undecided = true;
    for (unsigned integer = 0; integer < (audit->estimate ? 1 : 2); integer++) {
        const double left = audit->deadline - old_solver_clock();
        const struct solver_task task = {.integer = integer == 1,
                                         .first = true,
                                         .nodes = INTEGER_NODES,
                                         .seconds = left,
                                         .values = audit->values};
        const enum solver_answer answer =
            left > 0 ? audit->solver->solve(audit->state, &task) : SOLVER_FAILED;
        wanted.undecided = answer != SOLVER_INFEASIBLE;
        if (answer == SOLVER_FAILED || answer == SOLVER_INFEASIBLE)
            break;
        if (confirm(audit, &wanted, bound)) {
            audit->solver->bound_row(audit->state, row, -INFINITY, INFINITY);
            return keep_tally(audit, error) == BASE_OK ? keep_witness(audit, error) : error->code;
        }
    }
    audit->solver->bound_row(audit->state, row, -INFINITY, INFINITY);
    return audit->estimate && wanted.undecided ? BASE_OK : add_finding(audit, wanted, error);
}

/* What must be reached, for somebody who knows so much of it himself. */
static int64_t bound_of(const struct audit *audit, const struct audit_finding *wanted,
                        int64_t known)
{
    const struct system_need *need = &audit->system->need[wanted->need];
    const struct system_waiver *waiver =
        wanted->single == AUDIT_NO_SINGLE
            ? NULL
            : system_find_waiver(audit->system, wanted->need, wanted->single);
    if (waiver != NULL)
        return wanted->most ? waiver->most : waiver->least;
    if (wanted->most)
        return need->most;
    return known > need->least ? known : need->least;
}

/* All needs of one view, for one kind of attacker. */
static enum base_code look_at_needs(struct audit *audit, bool current, size_t single,
                                    struct base_error *error)
{
    const struct system *system = audit->system;
    for (uint32_t i = 0; i < system->needs; i++) {
        int64_t known;
        if (system->need[i].current != current || knows_all(audit, system->need[i].sum, &known))
            continue;
        for (unsigned most = 0; most < 2; most++) {
            const struct audit_finding wanted = {
                .need = i,
                .most = most == 1,
                .single = single == SIZE_MAX ? AUDIT_NO_SINGLE : audit->single[single],
            };
            if (!has_witness(audit, &wanted, single) &&
                look(audit, wanted, bound_of(audit, &wanted, known), error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

/* Stale sums are known, or not. */
static void know_stale(struct audit *audit, bool known)
{
    const struct system *system = audit->system;
    for (size_t i = 0; i < system->sums; i++)
        if (system->sum[i].stale && system->sum[i].status == SUM_SHOWN)
            audit->solver->bound_row(audit->state, i, known ? 0 : -INFINITY, known ? 0 : INFINITY);
}

static enum base_code look_for_attacker(struct audit *audit, size_t single,
                                        struct base_error *error)
{
    if (look_at_needs(audit, false, single, error) != BASE_OK)
        return error->code;
    know_stale(audit, false);
    const enum base_code code = look_at_needs(audit, true, single, error);
    know_stale(audit, true);
    return code;
}

static enum base_code look_for_all(struct audit *audit, struct base_error *error)
{
    if (look_for_attacker(audit, SIZE_MAX, error) != BASE_OK)
        return error->code;
    const size_t singles = audit->estimate ? 0 : audit->singles;
    for (size_t i = 0; i < singles && audit->report->findings == 0; i++) {
        fix_single(audit, audit->single[i], true);
        const enum base_code code = look_for_attacker(audit, i, error);
        fix_single(audit, audit->single[i], false);
        if (code != BASE_OK)
            return code;
    }
    return BASE_OK;
}

static enum base_code prepare(struct audit *audit, struct base_error *error)
{
    const struct system *system = audit->system;
    struct audit_program program;
    if (find_singles(audit, error) != BASE_OK ||
        audit_program_new(system, audit->arena, &program, error) != BASE_OK ||
        old_arena_take(audit->arena, program.column_count, sizeof *audit->values, &audit->values,
                   error) != BASE_OK ||
        old_arena_take(audit->arena, system->variables, sizeof *audit->tally, &audit->tally, error) !=
            BASE_OK ||
        old_arena_take(audit->arena, system->variables, 1, &audit->fixed, error) != BASE_OK)
        return error->code;
    const struct solver_program posed = audit_program_pose(&program);
    audit->state = audit->solver->open(&posed);
    audit->report->undecided = audit->state == NULL;
    return BASE_OK;
}

enum base_code audit_system(const struct system *system, const struct protect_solver *solver,
                            double deadline, bool estimate, struct arena *arena,
                            struct audit_tallies *tallies, struct audit_report *report,
                            struct base_error *error)
{
    *report = (struct audit_report){.passed = false};
    struct audit audit = {
        .system = system,
        .solver = solver,
        .deadline = deadline,
        .estimate = estimate,
        .arena = arena,
        .tallies = tallies,
        .report = report,
    };
    if (system->needs == 0) {
        report->passed = true;
        return BASE_OK;
    }
    enum base_code code = prepare(&audit, error);
    if (code == BASE_OK && audit.state != NULL)
        code = try_tallies(&audit, error);
    if (code == BASE_OK && audit.state != NULL)
        code = look_for_all(&audit, error);
    solver->close(audit.state);
    report->passed = code == BASE_OK && report->findings == 0 && !report->undecided;
    return code;
}
