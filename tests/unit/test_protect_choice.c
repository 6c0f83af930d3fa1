/* protect: the exact choice is the cheapest there is; how much more elimination and repair hide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protect/layout.h"
#include "protect/settle_inside.h"
#include "random_case.h"
#include "tavs/secret.h"

enum { MOST_SUMS = 128 };

static struct base_error error;

struct chosen {
    int64_t cost; /* of what is hidden beside the small ones */
    size_t hidden, figures;
    enum protect_method method;
};

/* Settles the tables as they are, joined nowhere. */
static struct settlement prepare(const struct tally_counts *counts, struct protect_place *place,
                                 const enum protect_kind *kinds, size_t count,
                                 struct settle_sum *sums)
{
    struct settlement settlement = {
        .ground = {place, 1, counts->period.first, counts->period.last},
        .threshold = PROTECT_THRESHOLD,
        .deadline = old_solver_clock() + 30,
        .sums = sums,
    };
    place->counts = counts;
    assert_int_equal(old_solver_find(NULL, &settlement.solver, &error), BASE_OK);
    assert_int_equal(old_arena_new(&settlement.arena, &error), BASE_OK);
    for (size_t i = 0; i < count; i++) {
        struct protect_table *table = protected_table(kinds[i], counts);
        struct layout layout;
        assert_int_equal(layout_make(table, 0, 0, settlement.arena, &layout, &error), BASE_OK);
        for (size_t j = 0; j < layout.figures; j++) {
            assert_true(settlement.count < MOST_SUMS);
            sums[settlement.count++] = (struct settle_sum){.sum = layout.sum[j]};
        }
        protect_table_free(table);
    }
    return settlement;
}

static struct chosen choose(const struct tally_counts *counts, const enum protect_kind *kinds,
                            size_t count, bool exactly)
{
    struct protect_place place;
    struct settle_sum sums[MOST_SUMS];
    struct settlement settlement = prepare(counts, &place, kinds, count, sums);
    struct chosen chosen = {.figures = settlement.count};
    settlement.exact_deadline = exactly ? settlement.deadline : 0;
    assert_int_equal(settle(&settlement, &error), BASE_OK);
    bool met[MOST_SUMS] = {false};
    for (size_t i = 0; i < settlement.count; i++) {
        if (sums[i].shown || sums[i].small || met[sums[i].number])
            continue;
        met[sums[i].number] = true;
        chosen.cost += sums[i].value + 1;
        chosen.hidden++;
    }
    chosen.method = settlement.method;
    old_arena_free(settlement.arena);
    return chosen;
}

/* ---- the cheapest ------------------------------------------------------------------------------ */

static bool passes(const struct settle_part *part)
{
    struct arena *arena;
    struct audit_tallies tallies = {.count = 0};
    struct audit_report report;
    assert_int_equal(old_arena_new(&arena, &error), BASE_OK);
    tallies.arena = arena;
    assert_int_equal(audit_system(&part->system, part->whole->solver, part->whole->deadline, false,
                                  arena, &tallies, &report, &error),
                     BASE_OK);
    old_arena_free(arena);
    return report.passed;
}

/* Tries every choice of what else to hide. */
static int64_t find_cheapest(struct settle_part *part)
{
    struct system_sum *candidate[16];
    size_t count = 0;
    int64_t cheapest = INT64_MAX;
    for (size_t i = 0; i < part->system.sums; i++) {
        struct system_sum *sum = &part->system.sum[i];
        if (!sum->candidate || sum->primary)
            continue;
        assert_true(count < 16);
        candidate[count++] = sum;
    }
    for (uint32_t choice = 0; choice < 1u << count; choice++) {
        int64_t cost = 0;
        for (size_t i = 0; i < count; i++) {
            const bool hidden = ((choice >> i) & 1u) != 0;
            candidate[i]->status = hidden ? SUM_HIDDEN : SUM_SHOWN;
            cost += hidden ? candidate[i]->cost : 0;
        }
        if (cost < cheapest && passes(part))
            cheapest = cost;
    }
    return cheapest;
}

static void test_exact_is_cheapest(void **state)
{
    (void)state;
    const enum protect_kind kind = PROTECT_CHANNELS_BY_PARTY;
    const unsigned count = random_trials(12);
    for (unsigned i = 0; i < count; i++) {
        int cells[6];
        random_seed(i);
        for (size_t j = 0; j < 6; j++)
            cells[j] = (int)(random_below(3) == 0 ? random_below(5) : 3 + random_below(30));
        struct tally_counts *counts = protected_courses(3, 2, cells);
        const struct chosen exact = choose(counts, &kind, 1, true);
        struct protect_place place;
        struct settle_sum sums[MOST_SUMS];
        struct settlement settlement = prepare(counts, &place, &kind, 1, sums);
        struct settle_part part = {.whole = &settlement,
                                   .ground = settlement.ground,
                                   .arena = settlement.arena,
                                   .sums = sums,
                                   .count = settlement.count};
        assert_int_equal(settle_prepare(&part, &error), BASE_OK);
        assert_int_equal(exact.method, PROTECT_EXACT);
        assert_int_equal(exact.cost, find_cheapest(&part));
        old_arena_free(settlement.arena);
        plain_counts_free(counts);
    }
}

/* ---- elimination ------------------------------------------------------------------------------- */

/* A year of about `courses` courses, spread by chance. */
static struct tally_counts *make_year(unsigned courses)
{
    struct tally_counts *counts =
        plain_counts_new("2017", random_below(3) == 0 ? 0x0f : 0x03, CODEBOOK_ALL_PARTIES);
    for (unsigned i = 0; i < courses; i++) {
        const unsigned month = random_below(12), party = random_below(8);
        const unsigned channel = counts->channels == 0x0f && random_below(6) == 0
                                     ? MAIL + random_below(2)
                                     : random_below(2);
        for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++) {
            const unsigned then = month + session < 12 ? month + session : 11;
            ++*plain_counts_cell(counts, then, channel,
                                 party < 2   ? USER
                                 : party < 7 ? RELATIVE
                                             : PROFESSIONAL,
                                 session);
            if (random_below(2) == 0)
                break;
        }
    }
    return counts;
}

static void test_elimination_against_exact(void **state)
{
    (void)state;
    static const enum protect_kind kinds[] = {PROTECT_COURSES_BY_CHANNEL, PROTECT_CHANNELS_BY_PARTY,
                                              PROTECT_MONTHS, PROTECT_QUARTERS_BY_CHANNEL};
    const unsigned count = random_trials(16);
    struct chosen exact = {0}, other = {0};
    double longest = 0;
    for (unsigned i = 0; i < count; i++) {
        random_seed(i + 1000);
        struct tally_counts *counts = make_year(50 + random_below(50));
        const double before = old_solver_clock();
        const struct chosen best = choose(counts, kinds, 4, true);
        longest = old_solver_clock() - before > longest ? old_solver_clock() - before : longest;
        const struct chosen more = choose(counts, kinds, 4, false);
        assert_int_equal(best.method, PROTECT_EXACT);
        assert_int_equal(more.method, PROTECT_ELIMINATION);
        assert_true(more.cost >= best.cost);
        exact.cost += best.cost;
        exact.hidden += best.hidden;
        exact.figures += best.figures;
        other.cost += more.cost;
        other.hidden += more.hidden;
        plain_counts_free(counts);
    }
    print_message(
        "%u years, %zu figures: exact hides %zu more than the small ones (cost %ld, at most "
        "%.2f s), elimination %zu (cost %ld)\n",
        count, exact.figures, exact.hidden, (long)exact.cost, longest, other.hidden,
        (long)other.cost);
}

static int set_up(void **state)
{
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_is_cheapest),
        cmocka_unit_test(test_elimination_against_exact),
    };
    return cmocka_run_group_tests_name("protect: the choice", tests, set_up, NULL);
}
