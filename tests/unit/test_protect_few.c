/* protect_release of years with next to no contacts. Nothing can be shown of them, and that is what comes out: what no
 * tally can be is proven, and nothing is left open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "invented_office.h"
#include "plain_counts.h"
#include "protect_office.h"

enum { MOST = 4, JANUARY_2017 = 12 };

/* A contact: its month counts from January 2016. `count` 0 ends a list. */
struct contact {
    unsigned place, month, channel, party, session, count;
};

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

static const char *const periods[] = {"2017", "2017-03"};

/* Each of the first periods by itself, with nothing published before. */
static void assert_nothing_is_shown(const struct protect_office *office, size_t count,
                                    const char *what)
{
    for (size_t i = 0; i < count; i++) {
        struct protect_office alone = *office;
        struct protect_result *result;
        if (protect_office_release(&alone, periods[i], &result) != BASE_OK)
            fail_msg("%s: %s is refused", what, periods[i]);
        assert_int_equal(result->shown, 0);
        protect_result_free(result);
    }
}

static const struct {
    const char *what;
    struct contact contacts[MOST];
} years[] = {
    {"none", {{0}}},
    {"one", {{0, 14, PHONE, USER, 0, 1}}},
    {"one in December", {{0, 23, IN_PERSON, PROFESSIONAL, 0, 1}}},
    {"two alike", {{0, 14, PHONE, USER, 0, 2}}},
    {"two apart", {{0, 14, PHONE, USER, 0, 1}, {0, 18, IN_PERSON, RELATIVE, 0, 1}}},
    {"a course of two", {{0, 14, PHONE, USER, 0, 1}, {0, 18, PHONE, USER, 1, 1}}},
    {"three apart",
     {{0, 12, PHONE, USER, 0, 1}, {0, 18, PHONE, RELATIVE, 0, 1}, {0, 20, IN_PERSON, USER, 0, 1}}},
    {"a course begun the year before", {{0, 5, PHONE, USER, 0, 1}, {0, 14, PHONE, USER, 1, 1}}},
    {"a second without a first", {{0, 14, PHONE, USER, 1, 1}}},
    {"two of them, of two parties", {{0, 14, PHONE, USER, 1, 1}, {0, 15, PHONE, RELATIVE, 2, 1}}},
    {"one at the other place", {{1, 14, PHONE, USER, 0, 1}}},
    {"one at each place", {{0, 14, PHONE, USER, 0, 1}, {1, 14, PHONE, USER, 0, 1}}},
};

static struct tally_counts *counts_of(const struct contact *contacts, unsigned place)
{
    struct tally_counts *counts =
        plain_counts_new("2016-01..2017-12", 1U << IN_PERSON | 1U << PHONE, CODEBOOK_ALL_PARTIES);
    for (const struct contact *at = contacts; at->count > 0; at++)
        if (at->place == place)
            *plain_counts_cell(counts, at->month, at->channel, at->party, at->session) += at->count;
    return counts;
}

static void test_of_one_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        struct tally_counts *counts = counts_of(years[i].contacts, 0);
        const struct protect_office office = {.place = {protect_office_place(counts)}, .places = 1};
        assert_nothing_is_shown(&office, 2, years[i].what);
        plain_counts_free(counts);
    }
}

static void test_of_two_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        struct tally_counts *counts[] = {counts_of(years[i].contacts, 0),
                                         counts_of(years[i].contacts, 1)};
        const struct protect_office office = {
            .place = {protect_office_place(counts[0]), protect_office_place(counts[1])},
            .places = 2};
        assert_nothing_is_shown(&office, 1, years[i].what);
        plain_counts_free(counts[0]);
        plain_counts_free(counts[1]);
    }
}

/* Of two places one of which is nearly empty what can be shown is shown. */
static void test_beside_a_busy_place(void **state)
{
    (void)state;
    for (size_t i = 1; i < sizeof years / sizeof *years; i += 4) {
        const struct invention how = {1, 40, 2, 2017, 1};
        struct tally_counts *busy = invented_office_new(&how),
                            *other = counts_of(years[i].contacts, 0);
        struct protect_office office = {
            .place = {protect_office_place(busy), protect_office_place(other)}, .places = 2};
        struct protect_result *result;
        if (protect_office_release(&office, "2017", &result) != BASE_OK)
            fail_msg("%s: refused", years[i].what);
        assert_true(result->shown > 10);
        protect_result_free(result);
        invented_office_free(busy);
        plain_counts_free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_one_place),
        cmocka_unit_test(test_of_two_places),
        cmocka_unit_test(test_beside_a_busy_place),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
