/* The outside attack: every requirement is asked, walks first, then programs. */
#include "outside_world.h"
#include "programs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 60, WALK = 400, SEEK = 300, TRIES = 10, DRAWN = 24 };

/* What is worked with: the world, and one in which only what was shown before is known. */
struct attack {
    struct outside_world *world, *before;
    struct outside_case asked_before;
    struct outside_shown *shown_before;
    struct outside_found *found;
};

void outside_close(struct outside_world *world)
{
    if (world == NULL)
        return;
    for (size_t i = 0; i < world->rules; i++) {
        free(world->rule[i].least);
        free(world->balance[i]);
    }
    programs_close(world->programs);
    void *const memory[] = {
        world->cell,      world->cell_at,      world->shown_sum,  world->figure,
        world->member,    world->cover_first,  world->cover,      world->rule,
        world->class,     world->class_member, world->pair,       world->tally,
        world->balance,   world->value,        world->reached,    world->changed,
        world->singleton, world->made,         world->touched,    world->is_touched,
        world->values,    world->kept,         world->kept_value, world->learnt};
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        free(memory[i]);
    free(world);
}

static void open_before(struct attack *attack)
{
    const struct outside_case *asked = attack->world->asked;
    attack->asked_before = *asked;
    attack->shown_before = world_need(calloc(asked->shown_count + 1, sizeof *attack->shown_before));
    attack->asked_before.shown = attack->shown_before;
    attack->asked_before.shown_count = 0;
    attack->asked_before.say = false;
    for (size_t i = 0; i < asked->shown_count; i++)
        if (asked->shown[i].before)
            attack->shown_before[attack->asked_before.shown_count++] = asked->shown[i];
    attack->before = outside_open(&attack->asked_before);
}

/* How far a tally that was kept is from the goal. */
static int64_t distance(const struct outside_world *world, const struct world_goal *goal,
                        size_t kept)
{
    if (goal->maker != OUTSIDE_NONE &&
        world->kept_value[kept * world->figures + (size_t)goal->maker] < 1)
        return INT32_MAX;
    if (goal->figure == OUTSIDE_NONE)
        return 0;
    return llabs(world->kept_value[kept * world->figures + (size_t)goal->figure] - goal->value);
}

/* The nearest of some that are drawn. */
static void start_near(struct outside_world *world, const struct world_goal *goal)
{
    size_t best = chance_below(&world->chance, (unsigned)world->kept_count);
    for (unsigned i = 0; i < DRAWN; i++) {
        const size_t other = chance_below(&world->chance, (unsigned)world->kept_count);
        if (distance(world, goal, other) < distance(world, goal, best))
            best = other;
    }
    world_take_kept(world, best);
}

static bool seek(struct outside_world *world, const struct world_goal *goal)
{
    for (unsigned i = 0; i < TRIES; i++) {
        if (i == 0)
            world_reset(world);
        else
            start_near(world, goal);
        if (world_seek(world, goal, SEEK))
            return true;
    }
    return false;
}

static int find_figure(const struct outside_world *world, const struct cell_set *set)
{
    for (size_t i = 0; i < world->figures; i++)
        if (cell_set_equals(&world->figure[i].set, set))
            return (int)i;
    return OUTSIDE_NONE;
}

/* A goal that what is shown excludes: whether it was excluded before. */
static bool is_let_off(struct attack *attack, const struct world_goal *goal)
{
    if (attack->before == NULL)
        open_before(attack);
    struct outside_world *before = attack->before;
    struct world_goal same = *goal;
    if (goal->figure != OUTSIDE_NONE)
        same.figure = find_figure(before, &attack->world->figure[goal->figure].set);
    if (goal->maker != OUTSIDE_NONE)
        same.maker = find_figure(before, &attack->world->figure[goal->maker].set);
    if (seek(before, &same))
        return false;
    return world_prove(before, &same) == WORLD_IMPOSSIBLE;
}

static enum world_proof ask(struct attack *attack, const struct world_goal *goal, bool reached)
{
    attack->found->asked++;
    if (reached || seek(attack->world, goal))
        return WORLD_REACHED;
    const enum world_proof proof = world_prove(attack->world, goal);
    if (proof == WORLD_UNKNOWN)
        attack->found->unknown++;
    if (proof != WORLD_IMPOSSIBLE)
        return WORLD_REACHED;
    if (!is_let_off(attack, goal))
        return WORLD_IMPOSSIBLE;
    attack->found->let_off++;
    return WORLD_REACHED;
}

static void say_figure(const struct outside_world *world, const char *what, size_t figure,
                       int64_t value)
{
    const struct cell_set *set = &world->figure[figure].set;
    if (world->asked->say)
        printf("%s: places %llx, months %u to %u of %u, channels %x, parties %x, sessions %x: "
               "truly %lld, not %lld\n",
               what, (unsigned long long)set->places.word[0], set->months.first % 12U + 1,
               set->months.last % 12U + 1, set->months.first / 12U, set->channels, set->parties,
               set->sessions, (long long)world->figure[figure].truth, (long long)value);
}

static void ask_figure(struct attack *attack, size_t figure)
{
    struct outside_world *world = attack->world;
    const unsigned threshold = world->asked->threshold;
    unsigned excluded = 0;
    for (unsigned value = 0; value < threshold; value++) {
        const struct world_goal goal = {(int)figure, OUTSIDE_NONE, value, OUTSIDE_NONE};
        if (ask(attack, &goal, world->reached[figure * threshold + value]) != WORLD_IMPOSSIBLE)
            continue;
        say_figure(world, "narrowed", figure, value);
        excluded++;
    }
    attack->found->narrowed += excluded > 0;
    attack->found->exact += excluded + 1 == threshold;
}

static bool contains(const struct outside_world *world, size_t outer, size_t inner)
{
    const struct world_sum *one = &world->figure[outer], *other = &world->figure[inner];
    size_t at = 0;
    for (size_t i = 0; i < one->count && at < other->count; i++)
        at += world->member[one->first + i] == world->member[other->first + at];
    return at == other->count;
}

static void ask_maker(struct attack *attack, size_t maker, size_t figure)
{
    struct outside_world *world = attack->world;
    const unsigned threshold = world->asked->threshold;
    bool excluded = false;
    for (unsigned value = contains(world, figure, maker); value < threshold; value++) {
        const struct world_goal goal = {(int)figure, OUTSIDE_NONE, value, (int)maker};
        const size_t at =
            ((size_t)world->singleton[maker] * world->figures + figure) * threshold + value;
        if (ask(attack, &goal, world->made[at]) != WORLD_IMPOSSIBLE)
            continue;
        say_figure(world, "whose only contact is the attacker's", maker, 0);
        say_figure(world, "narrowed for him", figure, value);
        excluded = true;
    }
    attack->found->makers += excluded;
}

static void ask_all(struct attack *attack)
{
    struct outside_world *world = attack->world;
    for (size_t i = 0; i < world->figures; i++)
        if (world_is_small(world, &world->figure[i]))
            ask_figure(attack, i);
    for (size_t i = 0; i < world->cells; i++) {
        const struct world_goal goal = {OUTSIDE_NONE, (int)i, 0, OUTSIDE_NONE};
        if (ask(attack, &goal, world->changed[i]) == WORLD_IMPOSSIBLE)
            attack->found->exact++;
    }
    for (size_t i = 0; i < world->figures; i++)
        for (size_t j = 0; world->singleton[i] != OUTSIDE_NONE && j < world->figures; j++)
            if (j != i && world_is_small(world, &world->figure[j]) &&
                world->figure[j].year == world->figure[i].year)
                ask_maker(attack, i, j);
}

static void count_figures(const struct outside_world *world, struct outside_found *found)
{
    found->figures = world->figures;
    found->wrong = world->wrong;
    for (size_t i = 0; i < world->figures; i++) {
        const struct world_sum *figure = &world->figure[i];
        found->shown += figure->shown != OUTSIDE_NONE;
        found->small += world_is_small(world, figure);
    }
    for (size_t i = 0; i < world->asked->shown_count; i++) {
        const struct outside_shown *shown = &world->asked->shown[i];
        found->wrong += !shown->before && shown->value < (int64_t)world->asked->threshold;
    }
}

void outside_attack(const struct outside_case *asked, struct outside_found *found)
{
    struct attack attack = {.world = outside_open(asked), .found = found};
    const unsigned rounds = asked->rounds != 0 ? asked->rounds : ROUNDS;
    *found = (struct outside_found){0};
    count_figures(attack.world, found);
    for (unsigned i = 0; i < rounds; i++) {
        if (i % 3 == 0)
            world_reset(attack.world);
        world_walk(attack.world, WALK);
    }
    ask_all(&attack);
    found->programs = attack.world->program_count;
    if (attack.before != NULL)
        found->programs += attack.before->program_count;
    outside_close(attack.before);
    outside_close(attack.world);
    free(attack.shown_before);
}

bool outside_found_nothing(const struct outside_found *found)
{
    return found->narrowed + found->exact + found->makers + found->wrong + found->unknown == 0;
}

void outside_print(const char *what, const struct outside_found *found)
{
    printf("%s: %zu figures, %zu shown, %zu small; %zu requirements, %zu let off; narrowed %zu, "
           "exact %zu, for makers %zu, wrong %zu, unknown %zu; %zu programs\n",
           what, found->figures, found->shown, found->small, found->asked, found->let_off,
           found->narrowed, found->exact, found->makers, found->wrong, found->unknown,
           found->programs);
}

static void give_counts(const struct outside_world *world, int64_t (*const *counts)[CODEBOOK_CELLS])
{
    for (size_t i = 0; i < world->cells; i++) {
        const struct world_cell *cell = &world->cell[i];
        counts[cell->place][cell->month][cell->code] = world->tally[i];
    }
}

bool outside_tally(struct outside_world *world, const struct cell_set *figure, int64_t value,
                   uint64_t seed, int64_t (*const *counts)[CODEBOOK_CELLS])
{
    const struct world_goal goal = {find_figure(world, figure), OUTSIDE_NONE, value, OUTSIDE_NONE};
    world->chance = chance_new(seed);
    world_reset(world);
    if (goal.figure == OUTSIDE_NONE ||
        (!world_seek(world, &goal, SEEK) && world_prove(world, &goal) != WORLD_REACHED))
        return false;
    give_counts(world, counts);
    return true;
}

void outside_shake(struct outside_world *world, const struct cell_set *figure, unsigned steps,
                   int64_t (*const *counts)[CODEBOOK_CELLS])
{
    for (size_t i = 0; i < world->cells; i++) {
        const struct world_cell *cell = &world->cell[i];
        const int now = (int)counts[cell->place][cell->month][cell->code];
        if (now != world->tally[i])
            world_add(world, (int)i, now - world->tally[i]);
    }
    world_shake(world, find_figure(world, figure), steps);
    give_counts(world, counts);
}

size_t outside_unlikeness(const struct outside_world *world)
{
    const int64_t threshold = world->asked->threshold;
    size_t unlike = 0;
    for (size_t i = 0; i < world->figures; i++) {
        const int64_t truth = world->figure[i].truth, value = world->value[i];
        unlike += truth >= threshold && value < threshold;
        unlike += truth != 1 && value == 1;
    }
    return unlike;
}
