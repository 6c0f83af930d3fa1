#include <math.h>

#include "audit_program.h"

/* What a change costs more where somebody would know. */
#define SPARED 3

static void add_term(struct audit_program *program, size_t variable, double factor)
{
    program->column[program->terms] = (uint32_t)(2 * variable);
    program->factor[program->terms++] = factor;
    program->column[program->terms] = (uint32_t)(2 * variable + 1);
    program->factor[program->terms++] = -factor;
}

static struct solver_row *next_row(struct audit_program *program)
{
    struct solver_row *row = &program->row[program->rows++];
    row->first = program->terms;
    return row;
}

static void add_sum_row(struct audit_program *program, const struct system *system, uint32_t number,
                        bool known)
{
    const struct system_sum *sum = &system->sum[number];
    struct solver_row *row = next_row(program);
    for (uint32_t i = 0; i < sum->count; i++)
        add_term(program, system->member[sum->first + i], 1);
    row->count = program->terms - row->first;
    row->lower = known ? 0 : -INFINITY;
    row->upper = known ? 0 : INFINITY;
}

static void add_rule_row(struct audit_program *program, const struct system *system,
                         const struct system_rule *rule)
{
    struct solver_row *row = next_row(program);
    for (uint32_t i = rule->first; i < rule->first + rule->count; i++)
        add_term(program, system->term[i], system->factor[i]);
    row->count = program->terms - row->first;
    row->lower = row->upper = 0;
}

/* What somebody knows of himself had better stay: then the tally is a witness for him too. */
static void spare_singles(struct audit_program *program, const struct system *system)
{
    for (size_t i = 0; i < system->sums; i++) {
        if (!system_is_single(&system->sum[i]))
            continue;
        for (uint32_t j = 0; j < system->sum[i].count; j++) {
            const uint32_t variable = system->member[system->sum[i].first + j];
            program->columns[2 * variable].cost += SPARED;
            program->columns[2 * variable + 1].cost += SPARED;
        }
    }
}

static void set_columns(struct audit_program *program, const struct system *system)
{
    for (size_t i = 0; i < system->variables; i++) {
        const struct solver_column more = {0, (double)(system->upper[i] - system->truth[i]),
                                           audit_program_cost(2 * i), true};
        const struct solver_column less = {0, (double)(system->truth[i] - system->lower[i]),
                                           audit_program_cost(2 * i + 1), true};
        program->columns[2 * i] = more;
        program->columns[2 * i + 1] = less;
    }
    spare_singles(program, system);
}

enum base_code audit_program_new(const struct system *system, struct arena *arena,
                                 struct audit_program *out, struct base_error *error)
{
    struct audit_program program = {.column_count = 2 * system->variables};
    const size_t rows = system->sums + system->needs + system->rules;
    size_t terms = 2 * system->terms;
    for (size_t i = 0; i < system->sums; i++)
        terms += (size_t)2 * system->sum[i].count;
    for (size_t i = 0; i < system->needs; i++)
        terms += (size_t)2 * system->sum[system->need[i].sum].count;
    if (old_arena_take(arena, program.column_count, sizeof *program.columns, &program.columns, error) !=
            BASE_OK ||
        old_arena_take(arena, rows, sizeof *program.row, &program.row, error) != BASE_OK ||
        old_arena_take(arena, terms, sizeof *program.column, &program.column, error) != BASE_OK ||
        old_arena_take(arena, terms, sizeof *program.factor, &program.factor, error) != BASE_OK)
        return error->code;
    set_columns(&program, system);
    for (uint32_t i = 0; i < system->sums; i++)
        add_sum_row(&program, system, i, system_is_known(&system->sum[i], false));
    for (size_t i = 0; i < system->needs; i++)
        add_sum_row(&program, system, system->need[i].sum, false);
    for (size_t i = 0; i < system->rules; i++)
        add_rule_row(&program, system, &system->rule[i]);
    *out = program;
    return BASE_OK;
}

struct solver_program audit_program_pose(const struct audit_program *program)
{
    return (struct solver_program){
        .columns = program->columns,
        .column_count = program->column_count,
        .rows = program->row,
        .row_count = program->rows,
        .column = program->column,
        .factor = program->factor,
    };
}
