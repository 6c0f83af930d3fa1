/* The outside attacker's walk: steps that leave every shown figure as it is. Two cells (or one, or none) give a
 * contact, and two take one, whose shown figures are the same ones together. */
#include "outside_world.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CLASSES = 2400 };

/* ---- classes of cells, and pairs of classes -------------------------------------------------- */

static int compare_pairs(const void *one, const void *other)
{
    const struct world_pair *a = one, *b = other;
    return a->mark < b->mark ? -1 : a->mark > b->mark;
}

static unsigned class_of(struct outside_world *world, uint64_t mark, unsigned year)
{
    for (unsigned i = 1; i < world->classes; i++)
        if (world->class[i].mark == mark && world->class[i].year == year)
            return i;
    world->class[world->classes] = (struct world_class){.mark = mark, .year = year};
    return (unsigned)world->classes++;
}

static void list_classes(struct outside_world *world)
{
    uint64_t *mark = world_need(calloc(world->cells + 1, sizeof *mark));
    for (size_t i = 0; i < world->shown; i++) {
        const uint64_t own = chance_next(&world->chance);
        for (size_t j = 0; j < world->shown_sum[i].count; j++)
            mark[world->member[world->shown_sum[i].first + j]] += own;
    }
    world->class = world_need(calloc(world->cells + 1, sizeof *world->class));
    world->class_member = world_need(calloc(world->cells + 1, sizeof *world->class_member));
    world->classes = 1;
    for (size_t i = 0; i < world->cells; i++) {
        world->cell[i].class = class_of(world, mark[i], world->cell[i].year);
        world->class[world->cell[i].class].count++;
    }
    for (size_t i = 1; i < world->classes; i++) {
        world->class[i].first = world->class[i - 1].first + world->class[i - 1].count;
        world->class[i - 1].count = 0;
    }
    world->class[world->classes - 1].count = 0;
    for (size_t i = 0; i < world->cells; i++) {
        struct world_class *class = &world->class[world->cell[i].class];
        world->class_member[class->first + class->count++] = (int)i;
    }
    free(mark);
}

static void list_pairs(struct outside_world *world)
{
    size_t room = world->classes;
    for (size_t i = 1; i < world->classes; i++)
        for (size_t j = i; j < world->classes; j++)
            room += world->class[j].year == world->class[i].year;
    world->pair = world_need(calloc(room, sizeof *world->pair));
    for (size_t i = 0; i < world->classes; i++)
        for (size_t j = i; j < world->classes; j++)
            if (i == 0 || world->class[j].year == world->class[i].year)
                world->pair[world->pairs++] = (struct world_pair){
                    world->class[i].mark + world->class[j].mark, (uint32_t)i, (uint32_t)j};
    qsort(world->pair, world->pairs, sizeof *world->pair, compare_pairs);
}

void world_classify(struct outside_world *world)
{
    list_classes(world);
    if (world->classes <= (size_t)MOST_CLASSES * (world->asked->months + 11) / 12)
        list_pairs(world);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void take(struct world_step *step, int cell, int amount)
{
    step->cell[step->count] = cell;
    step->amount[step->count++] = amount;
}

static int any_of(struct outside_world *world, unsigned class)
{
    const struct world_class *at = &world->class[class];
    return at->count == 0
               ? OUTSIDE_NONE
               : world->class_member[at->first + chance_below(&world->chance, (unsigned)at->count)];
}

/* One of the pairs with the same mark. */
static const struct world_pair *any_pair(struct outside_world *world, uint64_t mark)
{
    size_t low = 0, high = world->pairs;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (world->pair[middle].mark < mark)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < world->pairs && world->pair[end].mark == mark)
        end++;
    return low == end ? NULL
                      : &world->pair[low + chance_below(&world->chance, (unsigned)(end - low))];
}

/* `one` changes by `sign`, and another of its year with it or none; two of the same marks change against them. */
static bool draw_step(struct outside_world *world, int one, int sign, struct world_step *step)
{
    int other = OUTSIDE_NONE;
    uint64_t mark = world->class[world->cell[one].class].mark;
    step->count = 0;
    take(step, one, sign);
    if (chance_below(&world->chance, 3) != 0) {
        other = (int)chance_below(&world->chance, (unsigned)world->cells);
        if (other == one || world->cell[other].year != world->cell[one].year)
            return false;
        mark += world->class[world->cell[other].class].mark;
        take(step, other, sign);
    }
    const struct world_pair *pair = any_pair(world, mark);
    if (pair == NULL)
        return false;
    const int against[2] = {any_of(world, pair->one), any_of(world, pair->other)};
    for (unsigned i = 0; i < 2; i++) {
        if (against[i] == OUTSIDE_NONE)
            continue;
        if (against[i] == one || against[i] == other || (i == 1 && against[0] == against[1]))
            return false;
        take(step, against[i], -sign);
    }
    return true;
}

static void undo(struct outside_world *world, const struct world_step *step)
{
    for (unsigned i = 0; i < step->count; i++)
        world_add(world, step->cell[i], -step->amount[i]);
}

static bool try_step(struct outside_world *world, const struct world_step *step)
{
    for (unsigned i = 0; i < step->count; i++)
        if (world->tally[step->cell[i]] + step->amount[i] < world->cell[step->cell[i]].low)
            return false;
    for (unsigned i = 0; i < step->count; i++)
        world_add(world, step->cell[i], step->amount[i]);
    for (unsigned i = 0; i < step->count; i++)
        if (!world_rules_hold(world, step->cell[i])) {
            undo(world, step);
            return false;
        }
    return true;
}

void world_learn(struct outside_world *world)
{
    struct world_step step = {.count = 0};
    for (size_t i = 0; i < world->cells; i++) {
        if (world->tally[i] == world->cell[i].truth)
            continue;
        if (step.count == STEP_CELLS)
            return;
        take(&step, (int)i, world->tally[i] - world->cell[i].truth);
    }
    if (world->learnt == NULL)
        world->learnt = world_need(calloc(OUTSIDE_LEARNT, sizeof *world->learnt));
    const size_t number = world->learnt_count < OUTSIDE_LEARNT
                              ? world->learnt_count++
                              : chance_below(&world->chance, OUTSIDE_LEARNT);
    world->learnt[number] = step;
}

static void draw_learnt(struct outside_world *world, struct world_step *step)
{
    *step = world->learnt[chance_below(&world->chance, (unsigned)world->learnt_count)];
    if (chance_below(&world->chance, 2) == 0)
        for (unsigned i = 0; i < step->count; i++)
            step->amount[i] = -step->amount[i];
}

void world_walk(struct outside_world *world, unsigned steps)
{
    struct world_step step;
    for (unsigned i = 0; world->pairs > 0 && world->cells > 0 && i < steps; i++) {
        const int one = (int)chance_below(&world->chance, (unsigned)world->cells);
        const int sign = chance_below(&world->chance, 2) == 0 ? 1 : -1;
        if (draw_step(world, one, sign, &step) && try_step(world, &step))
            world_note(world, false);
    }
}

/* ---- a goal ---------------------------------------------------------------------------------- */

static int64_t distance(const struct outside_world *world, const struct world_goal *goal)
{
    if (goal->figure == OUTSIDE_NONE)
        return world->tally[goal->cell] == world->cell[goal->cell].truth;
    return llabs(world->value[goal->figure] - goal->value);
}

static bool maker_holds(const struct outside_world *world, const struct world_goal *goal)
{
    return goal->maker == OUTSIDE_NONE || world->value[goal->maker] >= 1;
}

static int draw_first(struct outside_world *world, const struct world_goal *goal, int *sign)
{
    if (goal->figure == OUTSIDE_NONE) {
        *sign = chance_below(&world->chance, 2) == 0 ? 1 : -1;
        return goal->cell;
    }
    const struct world_sum *figure = &world->figure[goal->figure];
    *sign = world->value[goal->figure] < goal->value ? 1 : -1;
    return world->member[figure->first + chance_below(&world->chance, (unsigned)figure->count)];
}

bool world_seek(struct outside_world *world, const struct world_goal *goal, unsigned steps)
{
    struct world_step step;
    for (unsigned i = 0; world->pairs > 0 && i < steps; i++) {
        const int64_t before = distance(world, goal);
        int sign;
        if (before == 0 && maker_holds(world, goal)) {
            world_note(world, true);
            return true;
        }
        int one = draw_first(world, goal, &sign);
        if (chance_below(&world->chance, 4) == 0)
            one = (int)chance_below(&world->chance, (unsigned)world->cells);
        if (world->learnt_count > 0 && i % 3 == 0)
            draw_learnt(world, &step);
        else if (!draw_step(world, one, sign, &step))
            continue;
        if (!try_step(world, &step))
            continue;
        if (distance(world, goal) > before || !maker_holds(world, goal))
            undo(world, &step);
        else
            world_note(world, false);
    }
    return false;
}

void world_shake(struct outside_world *world, int figure, unsigned steps)
{
    struct world_step step;
    const int64_t value = world->value[figure];
    for (unsigned i = 0, taken = 0; i < 4000 && taken < steps; i++) {
        const int one = (int)chance_below(&world->chance, (unsigned)world->cells);
        const int sign = chance_below(&world->chance, 2) == 0 ? 1 : -1;
        if (world->learnt_count > 0 && i % 8 == 0)
            draw_learnt(world, &step);
        else if (!draw_step(world, one, sign, &step))
            continue;
        if (!try_step(world, &step))
            continue;
        if (world->value[figure] != value)
            undo(world, &step);
        else
            taken++;
    }
}
