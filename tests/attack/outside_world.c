/* The outside attacker's picture: cells, shown and attacked sums, the rule of sessions, and a tally at hand. */
#include "outside_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MONTHS_OF_YEAR = 12, STEPS = CODEBOOK_SESSIONS - 1, LAYOUT = 128 };

void *world_need(void *memory)
{
    if (memory == NULL) {
        perror("outside");
        exit(EXIT_FAILURE);
    }
    return memory;
}

static void *zeros(size_t count, size_t size)
{
    return world_need(calloc(count + 1, size));
}

static unsigned session_of(unsigned code)
{
    return code % CODEBOOK_SESSIONS;
}

static unsigned party_of(unsigned code)
{
    return code / CODEBOOK_SESSIONS % CODEBOOK_PARTIES;
}

static unsigned channel_of(unsigned code)
{
    return code / CODEBOOK_SESSIONS / CODEBOOK_PARTIES;
}

static bool is_in(const struct cell_set *set, unsigned place, unsigned month, unsigned code)
{
    return (set->places.word[0] >> place & 1) != 0 && month >= set->months.first &&
           month <= set->months.last && (set->channels >> channel_of(code) & 1) != 0 &&
           (set->parties >> party_of(code) & 1) != 0 &&
           (set->sessions >> session_of(code) & 1) != 0;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static int64_t change_of(const struct outside_place *place, unsigned month, unsigned code)
{
    return place->change == NULL ? 0 : place->change[month][code];
}

/* Neither of the two editions is below zero, but for what truly is. */
static int least_of(int64_t truth, int64_t change)
{
    const int64_t now = truth < 0 ? truth : 0;
    const int64_t then = change + (truth - change < 0 ? truth - change : 0);
    return (int)(now > then ? now : then);
}

static void add_cell(struct outside_world *world, unsigned place, unsigned month, unsigned code)
{
    const struct outside_place *at = &world->asked->place[place];
    const int64_t truth = at->truth[month][code], change = change_of(at, month, code);
    int *number = &world->cell_at[(place * world->asked->months + month) * CODEBOOK_CELLS + code];
    *number = OUTSIDE_NONE;
    if (truth == 0 && change == 0 &&
        ((at->channels >> channel_of(code) & 1) == 0 || (at->parties >> party_of(code) & 1) == 0))
        return;
    *number = (int)world->cells;
    world->cell[world->cells++] = (struct world_cell){
        .place = place,
        .month = month,
        .code = code,
        .year = month / MONTHS_OF_YEAR,
        .truth = (int)truth,
        .low = least_of(truth, change),
    };
}

static void add_cells(struct outside_world *world)
{
    const size_t most = (size_t)world->asked->places * world->asked->months * CODEBOOK_CELLS;
    world->cell = zeros(most, sizeof *world->cell);
    world->cell_at = zeros(most, sizeof *world->cell_at);
    for (unsigned place = 0; place < world->asked->places; place++)
        for (unsigned month = 0; month < world->asked->months; month++)
            for (unsigned code = 0; code < CODEBOOK_CELLS; code++)
                add_cell(world, place, month, code);
}

/* ---- sums ------------------------------------------------------------------------------------ */

static void fill_sum(struct outside_world *world, const struct cell_set *set, struct world_sum *sum)
{
    *sum = (struct world_sum){.set = *set, .first = world->members, .shown = OUTSIDE_NONE};
    sum->year = (set->months.first - world->asked->first) / (unsigned)MONTHS_OF_YEAR;
    if (world->member_room < world->members + world->cells) {
        world->member_room = 2 * world->member_room + world->cells;
        world->member =
            world_need(realloc(world->member, world->member_room * sizeof *world->member));
    }
    for (size_t i = 0; i < world->cells; i++) {
        const struct world_cell *cell = &world->cell[i];
        if (!is_in(set, cell->place, world->asked->first + cell->month, cell->code))
            continue;
        world->member[world->members++] = (int)i;
        sum->truth += cell->truth;
    }
    sum->count = world->members - sum->first;
}

static bool have_same_cells(const struct outside_world *world, const struct world_sum *one,
                            const struct world_sum *other)
{
    return one->count == other->count && one->truth == other->truth &&
           memcmp(world->member + one->first, world->member + other->first,
                  one->count * sizeof *world->member) == 0;
}

static int64_t change_of_sum(const struct outside_world *world, const struct world_sum *sum)
{
    int64_t change = 0;
    for (size_t i = sum->first; i < sum->first + sum->count; i++) {
        const struct world_cell *cell = &world->cell[world->member[i]];
        change += change_of(&world->asked->place[cell->place], cell->month, cell->code);
    }
    return change;
}

static void add_shown(struct outside_world *world)
{
    world->shown_sum = zeros(world->asked->shown_count, sizeof *world->shown_sum);
    for (size_t i = 0; i < world->asked->shown_count; i++) {
        const struct outside_shown *shown = &world->asked->shown[i];
        struct world_sum *sum = &world->shown_sum[world->shown];
        fill_sum(world, &shown->set, sum);
        int64_t value = shown->value;
        if (shown->earlier_edition)
            value += change_of_sum(world, sum);
        if (value != sum->truth) {
            world->wrong++;
            if (world->asked->say)
                printf("wrong: a shown %lld is %lld\n", (long long)value, (long long)sum->truth);
        }
        bool twice = false;
        for (size_t j = 0; j < world->shown && !twice; j++)
            twice = have_same_cells(world, &world->shown_sum[j], sum);
        if (twice || sum->count == 0)
            world->members = sum->first;
        else
            world->shown++;
    }
}

static void add_figure(struct outside_world *world, const struct cell_set *set)
{
    struct world_sum *sum = &world->figure[world->figures];
    fill_sum(world, set, sum);
    bool twice = false;
    for (size_t i = 0; i < world->figures && !twice; i++)
        twice = have_same_cells(world, &world->figure[i], sum);
    if (twice || sum->count == 0) {
        world->members = sum->first;
        return;
    }
    for (size_t i = 0; i < world->shown; i++)
        if (have_same_cells(world, &world->shown_sum[i], sum))
            sum->shown = (int)i;
    world->figures++;
}

static void add_layout(struct outside_world *world, struct base_period period)
{
    struct cell_set figures[LAYOUT];
    const unsigned places = world->asked->places;
    codebook_set channels = 0, parties = 0;
    for (unsigned i = 0; i < places; i++) {
        const struct outside_place *place = &world->asked->place[i];
        const struct place_set one = {{(uint64_t)1 << i}};
        const size_t count = outside_layout(period, &one, place->channels, place->parties, figures);
        for (size_t j = 0; j < count; j++)
            add_figure(world, &figures[j]);
        channels |= place->channels;
        parties |= place->parties;
    }
    const struct place_set all = {{((uint64_t)1 << places) - 1}};
    const size_t count = places < 2 ? 0 : outside_layout(period, &all, channels, parties, figures);
    for (size_t j = 0; j < count; j++)
        add_figure(world, &figures[j]);
}

static void add_figures(struct outside_world *world)
{
    static const unsigned lengths[] = {12, 6, 3, 1};
    const struct outside_case *asked = world->asked;
    const size_t years = asked->last_year - asked->first_year + 1;
    world->figure = zeros(years * (asked->places + 1) * 300, sizeof *world->figure);
    for (unsigned year = asked->first_year; year <= asked->last_year; year++)
        for (unsigned i = 0; i < 4; i++)
            for (unsigned month = 0; month < MONTHS_OF_YEAR; month += lengths[i]) {
                const base_month first = (base_month)(year * MONTHS_OF_YEAR + month);
                if (first < asked->first + asked->months)
                    add_layout(world,
                               (struct base_period){first, (base_month)(first + lengths[i] - 1)});
            }
}

static void add_covers(struct outside_world *world)
{
    size_t covers = 0;
    world->cover_first = zeros(world->cells + 1, sizeof *world->cover_first);
    for (size_t i = 0; i < world->figures; i++)
        for (size_t j = 0; j < world->figure[i].count; j++, covers++)
            world->cover_first[world->member[world->figure[i].first + j] + 1]++;
    for (size_t i = 0; i < world->cells; i++)
        world->cover_first[i + 1] += world->cover_first[i];
    world->cover = zeros(covers, sizeof *world->cover);
    size_t *used = zeros(world->cells, sizeof *used);
    for (size_t i = 0; i < world->figures; i++)
        for (size_t j = 0; j < world->figure[i].count; j++) {
            const int cell = world->member[world->figure[i].first + j];
            world->cover[world->cover_first[cell] + used[cell]++] = (int)i;
        }
    free(used);
}

/* ---- the rule of sessions -------------------------------------------------------------------- */

static int64_t surplus(const int64_t (*counts)[CODEBOOK_CELLS], unsigned month,
                       const struct world_rule *rule)
{
    int64_t sum = 0;
    for (unsigned channel = 0; counts != NULL && channel < CODEBOOK_CHANNELS; channel++) {
        const unsigned code =
            (channel * CODEBOOK_PARTIES + rule->party) * CODEBOOK_SESSIONS + rule->session;
        sum += counts[month][code] - counts[month][code + 1];
    }
    return sum;
}

static void fill_rule(const struct outside_world *world, struct world_rule *rule)
{
    const struct outside_place *place = &world->asked->place[rule->place];
    int64_t now = 0, change = 0;
    rule->least = zeros(world->asked->months, sizeof *rule->least);
    for (unsigned month = 0; month < world->asked->months; month++) {
        now += surplus(place->truth, month, rule);
        change += surplus(place->change, month, rule);
        rule->least[month] = least_of(now, change);
    }
}

static void add_rules(struct outside_world *world)
{
    world->rule =
        zeros((size_t)world->asked->places * CODEBOOK_PARTIES * STEPS, sizeof *world->rule);
    for (unsigned place = 0; place < world->asked->places; place++)
        for (unsigned party = 0; party < CODEBOOK_PARTIES; party++)
            for (unsigned session = 0; session < STEPS; session++) {
                struct world_rule *rule = &world->rule[world->rules++];
                *rule = (struct world_rule){place, party, session, NULL};
                fill_rule(world, rule);
            }
}

/* ---- the tally at hand ----------------------------------------------------------------------- */

static size_t rule_of(const struct world_cell *cell)
{
    return (cell->place * CODEBOOK_PARTIES + party_of(cell->code)) * STEPS;
}

static void shift_balance(struct outside_world *world, size_t rule, unsigned month, int amount)
{
    for (unsigned i = month; i < world->asked->months; i++)
        world->balance[rule][i] += amount;
}

void world_add(struct outside_world *world, int cell, int amount)
{
    const struct world_cell *at = &world->cell[cell];
    const unsigned session = session_of(at->code);
    world->tally[cell] += amount;
    if (session < STEPS)
        shift_balance(world, rule_of(at) + session, at->month, amount);
    if (session > 0)
        shift_balance(world, rule_of(at) + session - 1, at->month, -amount);
    for (size_t i = world->cover_first[cell]; i < world->cover_first[cell + 1]; i++) {
        const int figure = world->cover[i];
        world->value[figure] += amount;
        if (!world->is_touched[figure]) {
            world->is_touched[figure] = true;
            world->touched[world->touched_count++] = figure;
        }
    }
}

bool world_rules_hold(const struct outside_world *world, int cell)
{
    const struct world_cell *at = &world->cell[cell];
    for (size_t rule = rule_of(at); rule < rule_of(at) + STEPS; rule++)
        for (unsigned month = at->month; month < world->asked->months; month++)
            if (world->balance[rule][month] < world->rule[rule].least[month])
                return false;
    return true;
}

void world_reset(struct outside_world *world)
{
    for (size_t i = 0; i < world->cells; i++)
        if (world->tally[i] != world->cell[i].truth)
            world_add(world, (int)i, world->cell[i].truth - world->tally[i]);
}

void world_take_kept(struct outside_world *world, size_t number)
{
    const int *kept = world->kept + number * world->cells;
    for (size_t i = 0; i < world->cells; i++)
        if (world->tally[i] != kept[i])
            world_add(world, (int)i, kept[i] - world->tally[i]);
}

/* The first ones in order, then in place of any. */
static void keep(struct outside_world *world)
{
    size_t number = world->kept_count;
    if (number < OUTSIDE_KEPT)
        world->kept_count++;
    else
        number = chance_below(&world->chance, OUTSIDE_KEPT);
    memcpy(world->kept + number * world->cells, world->tally, world->cells * sizeof *world->tally);
    memcpy(world->kept_value + number * world->figures, world->value,
           world->figures * sizeof *world->value);
}

static bool confirm_rule(const struct outside_world *world, const struct world_rule *rule)
{
    int64_t balance = 0;
    for (unsigned month = 0; month < world->asked->months; month++) {
        for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
            const int *at =
                &world->cell_at[(rule->place * world->asked->months + month) * CODEBOOK_CELLS +
                                (channel * CODEBOOK_PARTIES + rule->party) * CODEBOOK_SESSIONS +
                                rule->session];
            balance += at[0] == OUTSIDE_NONE ? 0 : world->tally[at[0]];
            balance -= at[1] == OUTSIDE_NONE ? 0 : world->tally[at[1]];
        }
        if (balance < rule->least[month])
            return false;
    }
    return true;
}

bool world_confirm(const struct outside_world *world)
{
    for (size_t i = 0; i < world->cells; i++)
        if (world->tally[i] < world->cell[i].low)
            return false;
    for (size_t i = 0; i < world->shown; i++) {
        const struct world_sum *sum = &world->shown_sum[i];
        int64_t value = 0;
        for (size_t j = sum->first; j < sum->first + sum->count; j++)
            value += world->tally[world->member[j]];
        if (value != sum->truth)
            return false;
    }
    for (size_t i = 0; i < world->rules; i++)
        if (!confirm_rule(world, &world->rule[i]))
            return false;
    return true;
}

/* ---- what was reached ------------------------------------------------------------------------ */

bool world_is_small(const struct outside_world *world, const struct world_sum *figure)
{
    return figure->shown == OUTSIDE_NONE && figure->truth >= 0 &&
           figure->truth < (int64_t)world->asked->threshold;
}

static bool *made_at(struct outside_world *world, int singleton, int figure)
{
    return world->made +
           ((size_t)singleton * world->figures + (size_t)figure) * world->asked->threshold;
}

/* What the value of one figure reaches; `set` marks it. Returns whether anything of it is new. */
static bool reach(struct outside_world *world, int figure, bool set)
{
    const int64_t value = world->value[figure];
    if (value < 0 || value >= (int64_t)world->asked->threshold ||
        !world_is_small(world, &world->figure[figure]))
        return false;
    bool *reached = &world->reached[(size_t)figure * world->asked->threshold + (size_t)value];
    bool new = !*reached;
    *reached = *reached || set;
    for (size_t i = 0; i < world->figures && (set || !new); i++) {
        const int singleton = world->singleton[i];
        if (singleton == OUTSIDE_NONE || world->value[i] < 1 ||
            world->figure[i].year != world->figure[figure].year)
            continue;
        bool *made = made_at(world, singleton, figure) + value;
        new = new || !*made;
        *made = *made || set;
    }
    return new;
}

void world_note(struct outside_world *world, bool all)
{
    bool new = all, confirmed = false;
    const size_t count = all ? world->figures : world->touched_count;
    for (size_t i = 0; i < count && !new; i++)
        new = reach(world, world->touched[i], false);
    for (size_t i = 0; i < world->cells && !new; i++)
        new = !world->changed[i] && world->tally[i] != world->cell[i].truth;
    if (new)
        confirmed = world_confirm(world);
    if (confirmed)
        keep(world);
    for (size_t i = 0; confirmed && i < world->figures; i++)
        (void)reach(world, (int)i, true);
    for (size_t i = 0; confirmed && i < world->cells; i++)
        world->changed[i] = world->changed[i] || world->tally[i] != world->cell[i].truth;
    for (size_t i = 0; i < world->touched_count; i++)
        world->is_touched[world->touched[i]] = false;
    world->touched_count = 0;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void prepare_tally(struct outside_world *world)
{
    world->tally = zeros(world->cells, sizeof *world->tally);
    world->value = zeros(world->figures, sizeof *world->value);
    world->touched = zeros(world->figures, sizeof *world->touched);
    world->is_touched = zeros(world->figures, sizeof *world->is_touched);
    world->balance = zeros(world->rules, sizeof *world->balance);
    for (size_t i = 0; i < world->rules; i++)
        world->balance[i] = zeros(world->asked->months, sizeof **world->balance);
    world->singleton = zeros(world->figures, sizeof *world->singleton);
    for (size_t i = 0; i < world->figures; i++)
        world->singleton[i] = world->figure[i].truth == 1 && world->figure[i].shown == OUTSIDE_NONE
                                  ? (int)world->singletons++
                                  : OUTSIDE_NONE;
    world->reached = zeros(world->figures * world->asked->threshold, 1);
    world->made = zeros(world->singletons * world->figures * world->asked->threshold, 1);
    world->changed = zeros(world->cells, 1);
    world->kept = zeros(OUTSIDE_KEPT * world->cells, sizeof *world->kept);
    world->kept_value = zeros(OUTSIDE_KEPT * world->figures, sizeof *world->kept_value);
    world_reset(world);
    world_note(world, true);
}

struct outside_world *outside_open(const struct outside_case *asked)
{
    struct outside_world *world = zeros(1, sizeof *world);
    world->asked = asked;
    world->chance = chance_new(1);
    add_cells(world);
    add_shown(world);
    add_figures(world);
    add_covers(world);
    add_rules(world);
    prepare_tally(world);
    world_classify(world);
    return world;
}
