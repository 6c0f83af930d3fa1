/* The choice of a year: its witnesses need no other solver to be confirmed, what it hides has to be hidden, and
 * a solver that fails or lies makes it show no more than the audit passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "faulty.h"
#include "invented_office.h"
#include "protect/audit/audit.h"
#include "protect/choose/choose.h"
#include "protect_office.h"

static struct base_error error;

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

/* The year 2017 of an invented office, nothing of which is known. */
struct year {
    struct tally_counts *counts;
    struct arena *arena;
    struct protect_place place;
    struct base_period period;
    struct suppression_problem *problem;
};

static void open_year(struct year *year, unsigned seed, unsigned courses, unsigned channels)
{
    const struct invention how = {seed, courses, channels, 2017, 1};
    year->counts = invented_office_new(&how);
    year->place = protect_office_place(year->counts);
    year->period = year->counts->period;
    const struct protect_request request = {
        .threshold = PROTECT_THRESHOLD,
        .places = &year->place,
        .place_count = 1,
        .periods = &year->period,
        .period_count = 1,
        .closed_through = year->period.last,
    };
    assert_int_equal(arena_new(&year->arena, &error), BASE_OK);
    assert_int_equal(problem_new(&request, 2017, year->arena, &year->problem, &error), BASE_OK);
}

static void close_year(struct year *year)
{
    arena_free(year->arena);
    invented_office_free(year->counts);
}

static enum base_code choose(const struct year *year, const struct protect_solver *solver,
                             struct choice *choice)
{
    const struct choice_request request = {.problem = year->problem, .solver = solver};
    return choose_figures(&request, choice, &error);
}

static enum base_code audit(const struct year *year, const struct choice *choice,
                            const struct protect_solver *solver, struct audit_report *report)
{
    return audit_problem(year->problem, choice->shown, &choice->witnesses, solver, report, &error);
}

/* Only for exemptions does the audit have to ask a solver. */
static void test_witnesses(void **state)
{
    (void)state;
    size_t exempt = 0;
    for (unsigned seed = 1; seed < 4; seed++) {
        struct year year;
        struct choice choice;
        struct audit_report report;
        open_year(&year, seed, 70, seed % 2 == 0 ? 4 : 2);
        assert_int_equal(choose(&year, faulty_solver(FAULTY_HONEST, 0), &choice), BASE_OK);
        assert_int_equal(audit(&year, &choice, faulty_solver(FAULTY_HONEST, 0), &report), BASE_OK);
        assert_int_equal(report.witnesses, choice.witnesses.tables);
        assert_true(report.requirements > 100 && report.exempt * 100 <= report.requirements);
        exempt += report.exempt;
        if (report.exempt == 0)
            assert_int_equal(audit(&year, &choice, faulty_solver(FAULTY_CLOSED, 0), &report),
                             BASE_OK);
        close_year(&year);
    }
    print_message("%zu exempt\n", exempt);
}

/* A figure that was hidden to protect others can't be shown beside what is. */
static void test_secondary(void **state)
{
    (void)state;
    struct year year;
    struct choice choice;
    struct audit_report report;
    size_t secondary = 0;
    open_year(&year, 4, 70, 2);
    const struct protect_solver *solver = faulty_solver(FAULTY_HONEST, 0);
    assert_int_equal(choose(&year, solver, &choice), BASE_OK);
    for (size_t i = 0; i < year.problem->figures; i++) {
        if (!year.problem->figure[i].wanted || choice.status[i] != PROTECT_HIDDEN_SECONDARY)
            continue;
        secondary++;
        choice.shown[i] = true;
        assert_int_equal(audit(&year, &choice, solver, &report), BASE_NOT_PROTECTED);
        choice.shown[i] = false;
    }
    assert_true(secondary > 5);
    close_year(&year);
}

/* The same request, the same result. */
static void test_again(void **state)
{
    (void)state;
    struct year year;
    struct choice one, other;
    open_year(&year, 9, 40, 2);
    const struct protect_solver *solver = faulty_solver(FAULTY_HONEST, 0);
    assert_int_equal(choose(&year, solver, &one), BASE_OK);
    assert_int_equal(choose(&year, solver, &other), BASE_OK);
    assert_memory_equal(one.status, other.status, year.problem->figures * sizeof *one.status);
    assert_int_equal(one.searches, other.searches);
    assert_int_equal(one.linear_programs, other.linear_programs);
    assert_int_equal(one.witnesses.tables, other.witnesses.tables);
    close_year(&year);
}

/* Thousands of witnesses are found and excluded again; only those that still are witnesses take memory. */
static void test_memory(void **state)
{
    (void)state;
    const size_t most = (size_t)4 << 20;
    struct year year;
    struct choice choice;
    open_year(&year, 10, 70, 4);
    assert_int_equal(choose(&year, faulty_solver(FAULTY_HONEST, 0), &choice), BASE_OK);
    print_message("%zu searches, %zu witnesses at the end, %zu KiB\n", choice.searches,
                  choice.witnesses.tables, arena_bytes(year.arena) >> 10);
    assert_true(choice.searches > 2000);
    assert_true(arena_bytes(year.arena) < most);
    close_year(&year);
}

static size_t count_shown(const struct year *year, const struct choice *choice)
{
    size_t shown = 0;
    for (size_t i = 0; i < year->problem->figures; i++)
        shown += choice->shown[i];
    return shown;
}

/* What an honest audit says of what is shown by the word of a faulty solver. Denied requirements are let off by
 * the choice; it is the audit that doesn't. */
static void test_faulty(void **state)
{
    (void)state;
    for (int way = FAULTY_CLOSED; way < FAULTY_WAYS; way++) {
        struct year year;
        struct choice choice, honest;
        struct audit_report report;
        open_year(&year, (unsigned)way, 30, 2);
        assert_int_equal(choose(&year, faulty_solver(FAULTY_HONEST, 0), &honest), BASE_OK);
        enum base_code code = choose(&year, faulty_solver((enum faulty_way)way, 5), &choice);
        const size_t shown = code == BASE_OK ? count_shown(&year, &choice) : 0;
        if (code == BASE_OK)
            code = audit(&year, &choice, faulty_solver((enum faulty_way)way, 5), &report);
        assert_true(code == BASE_OK || code == BASE_NOT_PROTECTED || code == BASE_NOT_PROVEN);
        if (code == BASE_OK)
            assert_int_equal(audit(&year, &choice, faulty_solver(FAULTY_HONEST, 0), &report),
                             BASE_OK);
        print_message("way %d: code %d, %zu shown, else %zu\n", way, code, shown,
                      count_shown(&year, &honest));
        close_year(&year);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_witnesses), cmocka_unit_test(test_secondary),
        cmocka_unit_test(test_again),     cmocka_unit_test(test_memory),
        cmocka_unit_test(test_faulty),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
