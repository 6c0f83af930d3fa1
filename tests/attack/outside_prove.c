/* The outside attacker's programs: a tally with what is asked, or the proof that there is none. Columns are how much
 * more and how much less of each cell there is than truly, and the balance of each rule and month. */
#include "outside_world.h"
#include "programs.h"

#include <math.h>
#include <stdlib.h>

/* The first rows are for what is asked: the figure, and the singleton. */
enum { FIGURE_ROW, MAKER_ROW, GOALS };

static const double SECONDS = 60;

struct maker {
    struct programs_model model;
    size_t terms, term_room;
};

static void put(struct maker *maker, size_t column, double factor)
{
    struct programs_model *model = &maker->model;
    if (maker->terms == maker->term_room) {
        maker->term_room = 2 * maker->term_room + 1024;
        model->column = world_need(realloc(model->column, maker->term_room * sizeof(int)));
        model->factor = world_need(realloc(model->factor, maker->term_room * sizeof(double)));
    }
    model->column[maker->terms] = (int)column;
    model->factor[maker->terms++] = factor;
}

static void put_cell(struct maker *maker, const struct outside_world *world, size_t cell,
                     double sign)
{
    put(maker, world->u + cell, sign);
    put(maker, world->w + cell, -sign);
}

static void begin_row(struct maker *maker, double lower, double upper)
{
    maker->model.row_of[maker->model.rows++] = (struct programs_row){lower, upper, maker->terms, 0};
}

static void end_row(struct maker *maker)
{
    struct programs_row *row = &maker->model.row_of[maker->model.rows - 1];
    row->count = maker->terms - row->first;
}

/* By how much a shown figure differs from its true value: nothing. */
static void add_sum(struct maker *maker, const struct outside_world *world,
                    const struct world_sum *sum)
{
    begin_row(maker, 0, 0);
    for (size_t i = sum->first; i < sum->first + sum->count; i++)
        put_cell(maker, world, (size_t)world->member[i], 1);
    end_row(maker);
}

static void add_session(struct maker *maker, const struct outside_world *world,
                        const struct world_rule *rule, unsigned month, unsigned session,
                        double sign)
{
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        const int cell =
            world
                ->cell_at[(rule->place * world->asked->months + month) * CODEBOOK_CELLS +
                          (channel * CODEBOOK_PARTIES + rule->party) * CODEBOOK_SESSIONS + session];
        if (cell != OUTSIDE_NONE)
            put_cell(maker, world, (size_t)cell, sign);
    }
}

/* By how much the balance differs from the true one: that of the month before and what this month changes. */
static void add_rule(struct maker *maker, const struct outside_world *world, size_t number)
{
    const struct world_rule *rule = &world->rule[number];
    for (unsigned month = 0; month < world->asked->months; month++) {
        const size_t column = world->e + number * world->asked->months + month;
        begin_row(maker, 0, 0);
        put(maker, column, -1);
        if (month > 0)
            put(maker, column - 1, 1);
        add_session(maker, world, rule, month, rule->session, 1);
        add_session(maker, world, rule, month, rule->session + 1, -1);
        end_row(maker);
    }
}

/* The tally at hand must be the truth. */
static void add_columns(struct maker *maker, struct outside_world *world)
{
    struct programs_column *column = maker->model.column_of;
    for (size_t i = 0; i < world->cells; i++) {
        const double cost = 1 + chance_below(&world->chance, 100) / 1000.0;
        column[world->u + i] = (struct programs_column){0, INFINITY, cost};
        column[world->w + i] =
            (struct programs_column){0, world->cell[i].truth - world->cell[i].low, cost};
    }
    for (size_t i = 0; i < world->rules; i++)
        for (unsigned month = 0; month < world->asked->months; month++)
            column[world->e + i * world->asked->months + month] = (struct programs_column){
                (double)(world->rule[i].least[month] - world->balance[i][month]), INFINITY, 0};
}

static void open_programs(struct outside_world *world)
{
    struct maker maker = {{0}, 0, 0};
    const size_t balances = world->rules * world->asked->months;
    world_reset(world);
    world->u = 0;
    world->w = world->cells;
    world->e = 2 * world->cells;
    maker.model.columns = world->e + balances;
    maker.model.column_of =
        world_need(calloc(maker.model.columns + 1, sizeof(struct programs_column)));
    maker.model.row_of =
        world_need(calloc(GOALS + world->shown + balances, sizeof(struct programs_row)));
    add_columns(&maker, world);
    for (unsigned i = 0; i < GOALS; i++) {
        begin_row(&maker, -INFINITY, INFINITY);
        end_row(&maker);
    }
    for (size_t i = 0; i < world->shown; i++)
        add_sum(&maker, world, &world->shown_sum[i]);
    for (size_t i = 0; i < world->rules; i++)
        add_rule(&maker, world, i);
    world->programs = programs_open(&maker.model);
    world->values = world_need(calloc(maker.model.columns + 1, sizeof *world->values));
    free(maker.model.column_of);
    free(maker.model.row_of);
    free(maker.model.column);
    free(maker.model.factor);
}

/* The solution, rounded, as the tally at hand; true if it is a tally. */
static bool take_solution(struct outside_world *world)
{
    for (size_t i = 0; i < world->cells; i++) {
        const int amount = (int)lround(world->values[world->u + i] - world->values[world->w + i]);
        const int now = world->cell[i].truth + amount;
        if (now != world->tally[i])
            world_add(world, (int)i, now - world->tally[i]);
    }
    return world_confirm(world);
}

static bool is_reached(const struct outside_world *world, const struct world_goal *goal)
{
    if (goal->maker != OUTSIDE_NONE && world->value[goal->maker] < 1)
        return false;
    return goal->figure != OUTSIDE_NONE ? world->value[goal->figure] == goal->value
                                        : world->tally[goal->cell] != world->cell[goal->cell].truth;
}

static enum world_proof solve(struct outside_world *world, const struct world_goal *goal)
{
    for (int whole = 0; whole < 2; whole++) {
        world->program_count++;
        switch (programs_solve(world->programs, whole == 1, SECONDS, world->values)) {
        case PROGRAMS_NONE:
            return WORLD_IMPOSSIBLE;
        case PROGRAMS_UNKNOWN:
            return WORLD_UNKNOWN;
        case PROGRAMS_FOUND:
            if (take_solution(world) && is_reached(world, goal)) {
                world_note(world, true);
                world_learn(world);
                return WORLD_REACHED;
            }
        }
    }
    return WORLD_UNKNOWN;
}

static enum world_proof prove_cell(struct outside_world *world, const struct world_goal *goal)
{
    const size_t cell = (size_t)goal->cell;
    const double most = world->cell[cell].truth - world->cell[cell].low;
    programs_bound_column(world->programs, world->u + cell, 1, INFINITY);
    programs_bound_column(world->programs, world->w + cell, 0, 0);
    enum world_proof proof = solve(world, goal);
    programs_bound_column(world->programs, world->u + cell, 0, 0);
    programs_bound_column(world->programs, world->w + cell, 1, most);
    if (proof != WORLD_REACHED && most >= 1) {
        const enum world_proof less = solve(world, goal);
        proof = less == WORLD_IMPOSSIBLE ? proof : less;
    }
    programs_bound_column(world->programs, world->u + cell, 0, INFINITY);
    programs_bound_column(world->programs, world->w + cell, 0, most);
    return proof;
}

/* By how much a figure differs from its true value; OUTSIDE_NONE: nothing is asked. */
static void set_goal(struct outside_world *world, size_t row, int figure, double least, double most)
{
    struct maker maker = {{0}, 0, 0};
    const struct world_sum *sum = &world->figure[figure == OUTSIDE_NONE ? 0 : figure];
    for (size_t i = 0; figure != OUTSIDE_NONE && i < sum->count; i++)
        put_cell(&maker, world, (size_t)world->member[sum->first + i], 1);
    if (figure == OUTSIDE_NONE)
        programs_set_row(world->programs, row, -INFINITY, INFINITY, 0, NULL, NULL);
    else
        programs_set_row(world->programs, row, least, most, maker.terms, maker.model.column,
                         maker.model.factor);
    free(maker.model.column);
    free(maker.model.factor);
}

enum world_proof world_prove(struct outside_world *world, const struct world_goal *goal)
{
    if (world->programs == NULL)
        open_programs(world);
    if (goal->figure == OUTSIDE_NONE)
        return prove_cell(world, goal);
    const double more = (double)(goal->value - world->figure[goal->figure].truth);
    set_goal(world, FIGURE_ROW, goal->figure, more, more);
    set_goal(world, MAKER_ROW, goal->maker, 0, INFINITY); /* it is 1 truly */
    const enum world_proof proof = solve(world, goal);
    set_goal(world, FIGURE_ROW, OUTSIDE_NONE, 0, 0);
    set_goal(world, MAKER_ROW, OUTSIDE_NONE, 0, 0);
    return proof;
}
