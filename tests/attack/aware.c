/* The attacker who knows the program: for each pair of a hidden small figure and another value a tally is looked for
 * for which the program shows the same. */
#include "aware.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "invent.h"

enum { POLISHED = 4, SHAKES = 6000 };

struct search {
    struct tally_counts *counts, *other, *best, *last;
    struct outside_place place;
    struct outside_shown *shown;
    struct outside_case asked;
    struct outside_world *world;
    struct aware_shown real, got;
    aware_publish *publish;
    void *context;
    const struct aware_effort *effort;
    struct aware_found *found;
    struct aware_shown hidden; /* and small */
};

static int64_t value_of(const struct tally_counts *counts, const struct cell_set *set)
{
    int64_t sum = 0;
    for (unsigned month = set->months.first; month <= set->months.last; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            if (cell_set_has(set, 0, (base_month)month, cell))
                sum += counts->cells[month - counts->period.first][cell];
    return sum;
}

static bool has(const struct aware_shown *shown, const struct cell_set *set)
{
    for (size_t i = 0; i < shown->count; i++)
        if (cell_set_equals(&shown->set[i], set))
            return true;
    return false;
}

/* How many figures are shown of one only. */
static size_t difference(const struct aware_shown *one, const struct aware_shown *other)
{
    size_t both = 0;
    for (size_t i = 0; i < one->count; i++)
        both += has(other, &one->set[i]);
    return one->count + other->count - 2 * both;
}

static void prepare(struct search *search, unsigned threshold)
{
    search->shown = calloc(search->real.count + 1, sizeof *search->shown);
    if (search->shown == NULL)
        abort();
    for (size_t i = 0; i < search->real.count; i++)
        search->shown[i] = (struct outside_shown){
            .set = search->real.set[i], .value = value_of(search->counts, &search->real.set[i])};
    search->place = (struct outside_place){(const int64_t(*)[CODEBOOK_CELLS])search->counts->cells,
                                           NULL, search->counts->channels, search->counts->parties};
    const unsigned year = search->counts->period.first / 12U;
    search->asked = (struct outside_case){
        .threshold = threshold,
        .place = &search->place,
        .places = 1,
        .first = search->counts->period.first,
        .months = (unsigned)base_period_months(search->counts->period),
        .first_year = year,
        .last_year = year,
        .shown = search->shown,
        .shown_count = search->real.count,
    };
    search->world = outside_open(&search->asked);
}

/* For the other tally; SIZE_MAX: it was refused. */
static size_t compare(struct search *search, const struct aware_shown *only)
{
    search->got.count = 0;
    search->found->programs_run++;
    if (!search->publish(search->context, search->other, only, &search->got))
        return SIZE_MAX;
    return difference(&search->got, &search->real);
}

static void copy_counts(struct tally_counts *to, const struct tally_counts *from)
{
    memcpy(to->cells, from->cells, base_period_months(from->period) * sizeof *to->cells);
}

/* From a tally with the value to one for which no more has to be protected than for the truth, or little more; `best`
 * is the best of them. Worse ones are taken, too, ever fewer. */
static bool polish(struct search *search, const struct cell_set *figure, int64_t value,
                   uint64_t seed)
{
    int64_t(*const counts[1])[CODEBOOK_CELLS] = {search->other->cells};
    struct chance chance = chance_new(seed);
    if (!outside_tally(search->world, figure, value, seed, counts))
        return false;
    copy_counts(search->best, search->other);
    copy_counts(search->last, search->other);
    size_t now = outside_unlikeness(search->world), least = now;
    for (unsigned i = 0; i < SHAKES && least > 0; i++) {
        const unsigned warm = 1 + (SHAKES - i) * 3 / SHAKES;
        copy_counts(search->other, search->last);
        outside_shake(search->world, figure, 1 + i % 3, counts);
        const size_t unlike = outside_unlikeness(search->world);
        if (unlike > now + chance_below(&chance, warm))
            continue;
        now = unlike;
        copy_counts(search->last, search->other);
        if (now < least)
            copy_counts(search->best, search->other);
        least = now < least ? now : least;
    }
    return true;
}

/* From there on to others with the same value, as long as the program shows no less alike. */
static bool climb(struct search *search, const struct cell_set *figure)
{
    int64_t(*const counts[1])[CODEBOOK_CELLS] = {search->other->cells};
    copy_counts(search->other, search->best);
    size_t least = compare(search, &search->real);
    for (unsigned i = 0; i < search->effort->tries && least > 0; i++) {
        copy_counts(search->other, search->best);
        outside_shake(search->world, figure, 1 + i % 6, counts);
        const size_t now = compare(search, &search->real);
        if (now > least)
            continue;
        least = now;
        copy_counts(search->best, search->other);
    }
    return least == 0;
}

static bool find_other(struct search *search, const struct cell_set *figure, int64_t value)
{
    for (uint64_t seed = 1; seed <= POLISHED; seed++)
        if (polish(search, figure, value, seed) && climb(search, figure))
            return true;
    return false;
}

static void say_set(const char *what, const struct cell_set *set)
{
    printf("%s months %u to %u, channels %x, parties %x, sessions %x", what,
           set->months.first % 12U + 1, set->months.last % 12U + 1, set->channels, set->parties,
           set->sessions);
}

/* The pair, and what is shown of one only for the tally that came nearest. */
static void say_pair(struct search *search, const struct cell_set *figure, int64_t value)
{
    say_set("not found:", figure);
    printf(": truly %lld, as %lld\n", (long long)value_of(search->counts, figure),
           (long long)value);
    copy_counts(search->other, search->best);
    int64_t(*const counts[1])[CODEBOOK_CELLS] = {search->other->cells};
    outside_shake(search->world, figure, 0, counts);
    printf("unlike %zu\n", outside_unlikeness(search->world));
    (void)compare(search, &search->real);
    for (size_t i = 0; i < search->real.count; i++)
        if (!has(&search->got, &search->real.set[i])) {
            say_set("    hidden then:", &search->real.set[i]);
            printf(": %lld\n", (long long)value_of(search->counts, &search->real.set[i]));
        }
    for (size_t i = 0; i < search->got.count; i++)
        if (!has(&search->real, &search->got.set[i])) {
            say_set("    shown then:", &search->got.set[i]);
            printf(": %lld\n", (long long)value_of(search->counts, &search->got.set[i]));
        }
}

static void look_for(struct search *search, const struct cell_set *figure, int64_t value)
{
    search->found->pairs++;
    if (find_other(search, figure, value)) {
        copy_counts(search->other, search->best);
        search->found->not_same_key += compare(search, NULL) != 0;
        return;
    }
    search->found->not_found++;
    if (search->effort->say)
        say_pair(search, figure, value);
}

/* Of the layouts of the months, quarters, half-years and the year. */
static void list_hidden(struct search *search, int64_t threshold)
{
    static const unsigned lengths[] = {12, 6, 3, 1};
    const struct tally_counts *counts = search->counts;
    const struct place_set one = {{1}};
    struct cell_set figures[128];
    for (unsigned i = 0; i < 4; i++)
        for (unsigned month = 0; month < 12; month += lengths[i]) {
            const base_month first = (base_month)(counts->period.first + month);
            const struct base_period period = {first, (base_month)(first + lengths[i] - 1)};
            const size_t count =
                outside_layout(period, &one, counts->channels, counts->parties, figures);
            for (size_t j = 0; j < count; j++)
                if (value_of(counts, &figures[j]) < threshold &&
                    !has(&search->hidden, &figures[j]) && !has(&search->real, &figures[j]))
                    search->hidden.set[search->hidden.count++] = figures[j];
        }
}

static void look_for_pairs(struct search *search, unsigned threshold)
{
    struct chance chance = chance_new(search->hidden.count);
    const unsigned all = (unsigned)search->hidden.count * (threshold - 1);
    const unsigned wanted = search->effort->pairs;
    const unsigned count = wanted == 0 || wanted > all ? all : wanted;
    for (unsigned i = 0; i < count; i++) {
        const unsigned pair = count == all ? i : chance_below(&chance, all);
        const struct cell_set *figure = &search->hidden.set[pair / (threshold - 1)];
        const int64_t value = pair % (threshold - 1);
        look_for(search, figure, value + (value >= value_of(search->counts, figure)));
    }
}

void aware_attack(struct tally_counts *counts, unsigned threshold, aware_publish *publish,
                  void *context, const struct aware_effort *effort, struct aware_found *found)
{
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL)
        abort();
    search->counts = counts;
    search->other = invent_copy(counts);
    search->best = invent_copy(counts);
    search->last = invent_copy(counts);
    search->publish = publish;
    search->context = context;
    search->effort = effort;
    search->found = found;
    if (publish(context, counts, NULL, &search->real)) {
        prepare(search, threshold);
        list_hidden(search, threshold);
        look_for_pairs(search, threshold);
        outside_close(search->world);
    }
    invent_free(search->other);
    invent_free(search->best);
    invent_free(search->last);
    free(search->shown);
    free(search);
}
