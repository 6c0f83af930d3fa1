#include "random_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct base_error error;

enum { MOST_LINES = 4 };
enum { MOST_WORK = 40000 };

/* ---- chance ---------------------------------------------------------------------------------- */

static uint64_t chance;

void random_seed(unsigned number)
{
    chance = 0x9e3779b97f4a7c15u * (number + 1);
}

unsigned random_below(unsigned bound)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (unsigned)((chance >> 33) % bound);
}

unsigned random_trials(unsigned usually)
{
    const char *wanted = getenv("TAVS_TRIALS");
    if (wanted != NULL)
        return (unsigned)strtoul(wanted, NULL, 10);
    return getenv("TAVS_VALGRIND") != NULL || getenv("TAVS_SLOW_MACHINE") != NULL ? usually / 20
                                                                                  : usually;
}

/* ---- a random case --------------------------------------------------------------------------- */

static int64_t *count_of(struct random_case *one, const unsigned values[RANDOM_DIMENSIONS])
{
    return plain_counts_cell(one->counts, values[MONTH], values[CHANNEL], values[PARTY],
                             values[SESSION]);
}

void random_case_make(struct random_case *one)
{
    static const unsigned sizes[][RANDOM_DIMENSIONS] = {
        {1, 2, 2, 1}, {1, 3, 2, 1}, {1, 3, 3, 1}, {2, 2, 2, 1}, {3, 2, 1, 1}, {2, 2, 1, 2},
        {1, 2, 2, 2}, {3, 1, 1, 2}, {2, 2, 2, 2}, {1, 4, 2, 1}, {3, 2, 2, 1}, {4, 1, 2, 1},
    };
    *one = (struct random_case){.threshold = 3 + random_below(4)};
    memcpy(one->size, sizes[random_below(sizeof sizes / sizeof sizes[0])], sizeof one->size);
    static const char *const periods[] = {"2017-01", "2017-01..2017-02", "2017-01..2017-03",
                                          "2017-01..2017-04"};
    one->counts = plain_counts_new(periods[one->size[MONTH] - 1],
                                   (codebook_set)((1u << one->size[CHANNEL]) - 1),
                                   (codebook_set)((1u << one->size[PARTY]) - 1));
    int64_t begun[CODEBOOK_PARTIES] = {0};
    unsigned v[RANDOM_DIMENSIONS];
    for (v[MONTH] = 0; v[MONTH] < one->size[MONTH]; v[MONTH]++) {
        for (v[SESSION] = 0; v[SESSION] < one->size[SESSION]; v[SESSION]++) {
            for (v[CHANNEL] = 0; v[CHANNEL] < one->size[CHANNEL]; v[CHANNEL]++) {
                for (v[PARTY] = 0; v[PARTY] < one->size[PARTY]; v[PARTY]++) {
                    int64_t count = random_below(4) == 0 ? random_below(7) : random_below(3);
                    if (v[SESSION] == 0)
                        begun[v[PARTY]] += count;
                    else if (count > begun[v[PARTY]])
                        count = begun[v[PARTY]];
                    begun[v[PARTY]] -= v[SESSION] == 1 ? count : 0;
                    *count_of(one, v) = count;
                    memcpy(one->cell[one->cells++], v, sizeof v);
                }
            }
        }
    }
}

static struct protect_line plain_line(void)
{
    return (struct protect_line){.part = protect_sum_all(), .months_of_year = PROTECT_ALL_MONTHS};
}

static void restrict_line(struct protect_line *line, enum random_dimension dimension,
                          unsigned value)
{
    const codebook_set set = (codebook_set)(1u << value);
    switch (dimension) {
    case MONTH:
        line->months_of_year = (uint16_t)(1u << value);
        break;
    case CHANNEL:
        line->part.channels = set;
        break;
    case PARTY:
        line->part.parties = set;
        break;
    default:
        line->part.sessions = set;
        break;
    }
}

static void make_axis(const struct random_case *one, enum random_dimension dimension,
                      struct protect_axis *axis)
{
    static const enum protect_join joins[] = {PROTECT_JOIN_MONTHS, PROTECT_JOIN_CHANNELS,
                                              PROTECT_JOIN_PARTIES, PROTECT_JOIN_SESSIONS};
    axis->join = random_below(3) == 0 ? joins[dimension] : PROTECT_JOIN_NOTHING;
    axis->count = 0;
    for (unsigned i = 0; i < one->size[dimension]; i++) {
        axis->line[axis->count] = plain_line();
        restrict_line(&axis->line[axis->count++], dimension, i);
    }
    if (random_below(4) == 0)
        return;
    axis->line[axis->count] = plain_line();
    axis->line[axis->count++].total = true;
}

/* Two dimensions crossed, of all of the third and fourth or of one value. */
static void make_table(const struct random_case *one, struct protect_table *table)
{
    enum random_dimension row = (enum random_dimension)random_below(RANDOM_DIMENSIONS), column;
    do {
        column = (enum random_dimension)random_below(RANDOM_DIMENSIONS);
    } while (column == row);
    table->part = protect_sum_all();
    make_axis(one, row, &table->row);
    make_axis(one, column, &table->column);
    table->part.months = one->counts->period;
    table->part.sessions = (codebook_set)((1u << one->size[SESSION]) - 1);
    if (row != SESSION && column != SESSION && random_below(2) == 0)
        table->part.sessions = PROTECT_COURSES;
    if (row != PARTY && column != PARTY && random_below(3) == 0)
        table->part.parties = (codebook_set)(1u << random_below(one->size[PARTY]));
}

/* ---- what an attacker has -------------------------------------------------------------------- */

static bool is_in(const struct random_case *one, const struct protect_sum *sum, size_t cell)
{
    const unsigned *v = one->cell[cell];
    const unsigned month = one->counts->period.first + v[MONTH];
    return month >= sum->months.first && month <= sum->months.last &&
           ((sum->channels >> v[CHANNEL]) & 1u) != 0 && ((sum->parties >> v[PARTY]) & 1u) != 0 &&
           ((sum->sessions >> v[SESSION]) & 1u) != 0;
}

static int add_up(const struct brute *brute, uint32_t cells)
{
    int sum = 0;
    for (size_t i = 0; i < brute->cells; i++)
        sum += ((cells >> i) & 1u) != 0 ? brute->truth[i] : 0;
    return sum;
}

/* Everything that was published so far, and the rule of sessions if any second ones were. */
bool random_brute(struct random_case *one, struct brute *brute)
{
    bool second = false;
    *brute = (struct brute){.cells = one->cells, .limit = (int)one->threshold - 1};
    brute->most_work = MOST_WORK;
    for (size_t i = 0; i < one->cells; i++)
        brute->truth[i] = (int)*count_of(one, one->cell[i]);
    for (size_t i = 0; i < one->earlier_count; i++) {
        struct brute_sum *sum = &brute->sum[brute->sums++];
        for (size_t j = 0; j < one->cells; j++)
            sum->cells |= is_in(one, &one->earlier[i].sum, j) ? 1u << j : 0;
        sum->shown = one->earlier[i].shown;
        sum->value = add_up(brute, sum->cells);
        second = second || (one->earlier[i].sum.sessions & ~PROTECT_COURSES) != 0;
    }
    for (unsigned party = 0; second && one->size[SESSION] > 1 && party < one->size[PARTY];
         party++) {
        for (unsigned month = 0; month < one->size[MONTH]; month++) {
            uint32_t *side[] = {&brute->rule[brute->rules].more, &brute->rule[brute->rules].less};
            for (size_t j = 0; j < one->cells; j++)
                if (one->cell[j][MONTH] <= month && one->cell[j][PARTY] == party)
                    *side[one->cell[j][SESSION]] |= 1u << j;
            brute->rules++;
        }
    }
    /* Beyond the limit only where a rule binds cells that no sum does. */
    if (brute->rules > 0)
        brute->limit *= 2;
    return brute_force(brute);
}

struct random_checked random_checked;

static bool leaves_open(const struct random_case *one, const struct brute *brute, size_t i)
{
    const struct brute_sum *sum = &brute->sum[i];
    return sum->least <= add_up(brute, sum->cells & brute->fixed) &&
           sum->most >= (int)one->threshold - 1;
}

/* What earlier releases left open of a figure that is published now. They may have told it, or told it to the
 * maker of a contact, where none of their figures was about it. */
static bool was_open(const struct random_case *one, const struct brute *now, size_t i,
                     struct brute_sum *left)
{
    struct brute before = *now;
    for (size_t j = 0; j < before.sums; j++)
        before.sum[j].shown = one->shown_before[j];
    if (!brute_force(&before))
        return false;
    *left = before.sum[i];
    return leaves_open(one, &before, i);
}

/* Whoever made the one contact of a hidden figure knows that, and asks about the others. */
static void check_singles(struct random_case *one, const struct brute *all)
{
    for (size_t i = 0; i < all->sums; i++) {
        if (all->sum[i].shown || all->sum[i].value != 1)
            continue;
        struct brute brute = *all;
        brute.fixed = all->sum[i].cells;
        if (!brute_force(&brute)) {
            random_checked.skipped++;
            continue;
        }
        for (size_t j = 0; j < all->sums; j++) {
            const struct brute_sum *other = &brute.sum[j];
            if (other->shown || other->value >= (int)one->threshold ||
                (other->cells & ~brute.fixed) == 0)
                continue;
            struct brute_sum left;
            assert_true(leaves_open(one, &brute, j) || !was_open(one, &brute, j, &left));
            random_checked.beside++;
        }
    }
}

void random_check(struct random_case *one)
{
    struct brute brute;
    if (!random_brute(one, &brute)) {
        random_checked.skipped++;
        return;
    }
    for (size_t i = 0; i < brute.sums; i++) {
        const struct brute_sum *sum = &brute.sum[i];
        if (sum->shown) {
            assert_true(sum->value >= (int)one->threshold || sum->cells == 0);
            continue;
        }
        if (sum->value >= (int)one->threshold)
            continue;
        struct brute_sum left = *sum;
        if (leaves_open(one, &brute, i))
            random_checked.figures++;
        else if (was_open(one, &brute, i, &left))
            fail_msg("a figure of %d is known to be %d to %d", sum->value, sum->least, sum->most);
        else
            assert_true((sum->least == left.least || sum->least <= 0) &&
                        (sum->most == left.most || sum->most >= (int)one->threshold - 1));
    }
    check_singles(one, &brute);
}

/* ---- releases -------------------------------------------------------------------------------- */

static bool is_known(const struct random_case *one, const struct protect_sum *sum, size_t *at)
{
    for (*at = 0; *at < one->earlier_count; ++*at)
        if (memcmp(&one->earlier[*at].sum, sum, sizeof *sum) == 0)
            return true;
    return false;
}

static void note_release(struct random_case *one, const struct protect_result *result)
{
    for (size_t i = 0; i < result->table_count; i++) {
        const struct protect_result_table *table = &result->tables[i];
        for (size_t j = 0; j < table->row.count * table->column.count; j++) {
            const struct protect_figure *figure = &table->figures[j];
            const bool shown = figure->status == PROTECT_SHOWN;
            size_t at;
            if (is_known(one, &figure->sum, &at)) {
                one->earlier[at].shown = one->earlier[at].shown || shown;
                continue;
            }
            assert_true(one->earlier_count < RANDOM_EARLIER);
            one->earlier[one->earlier_count++] =
                (struct protect_earlier){.sum = figure->sum, .shown = shown};
        }
    }
}

enum base_code random_release(struct random_case *one, const struct protect_solver *solver)
{
    struct protect_line lines[RANDOM_TABLES][2][MOST_LINES + 1];
    struct protect_table tables[RANDOM_TABLES];
    const struct protect_table *wanted[RANDOM_TABLES];
    const size_t count = 1 + random_below(RANDOM_TABLES);
    for (size_t i = 0; i < RANDOM_EARLIER; i++)
        one->shown_before[i] = i < one->earlier_count && one->earlier[i].shown;
    for (size_t i = 0; i < count; i++) {
        tables[i].row.line = lines[i][0];
        tables[i].column.line = lines[i][1];
        make_table(one, &tables[i]);
        wanted[i] = &tables[i];
    }
    const struct protect_place place = {one->counts};
    const struct protect_request request = {
        .threshold = one->threshold,
        .places = &place,
        .place_count = 1,
        .tables = wanted,
        .table_count = count,
        .earlier = one->earlier,
        .earlier_count = one->earlier_count,
        .solver = solver,
    };
    struct protect_result *result = NULL;
    const enum base_code code = protect_release(&request, &result, &error);
    if (code == BASE_OK)
        note_release(one, result);
    protect_result_free(result);
    return code;
}

void random_case_free(struct random_case *one)
{
    plain_counts_free(one->counts);
}
