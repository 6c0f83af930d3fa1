/* protect: random tables, linked and with margins, released one after the other, against brute force over
 * all whole-number tallies. TAVS_TRIALS: how many (make protect-trials does thousands). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_case.h"
#include "tavs/secret.h"

enum { MOST_RELEASES = 3 };

static struct base_error error;

/* Exact, unless it holds all of 0 to `open`. Brute force has not looked beyond `limit`. */
static void check_interval(const struct protect_published *found, const struct brute_sum *brute,
                           int64_t limit, int64_t open)
{
    if (!found->shown && found->least <= 0 && found->most >= open) {
        assert_true(brute->least <= found->least);
        assert_true(brute->most >= (found->most < limit ? found->most : limit));
        return;
    }
    assert_int_equal(found->least, brute->least);
    if (found->most <= limit)
        assert_int_equal(found->most, brute->most);
    else
        assert_true(brute->most >= limit || found->most == brute->most);
}

/* The attack from the published figures alone comes to the same intervals. */
static void check_attack(struct random_case *one)
{
    struct brute brute;
    struct protect_published published[RANDOM_EARLIER];
    if (!random_brute(one, &brute))
        return;
    for (size_t i = 0; i < one->earlier_count; i++) {
        published[i] = (struct protect_published){
            .sum = one->earlier[i].sum,
            .shown = one->earlier[i].shown,
            .value = brute.sum[i].shown ? brute.sum[i].value : -77,
        };
    }
    const struct protect_offered offered = {one->counts->channels, one->counts->parties,
                                            one->counts->period.first};
    struct protect_attack attack = {.threshold = one->threshold,
                                    .offered = &offered,
                                    .place_count = 1,
                                    .published = published,
                                    .published_count = one->earlier_count};
    assert_int_equal(protect_attack(&attack, &error), BASE_OK);
    assert_false(attack.contradictory);
    for (size_t i = 0; i < one->earlier_count; i++)
        check_interval(&published[i], &brute.sum[i], brute.limit, (int64_t)one->threshold - 1);
}

static void test_against_brute_force(void **state)
{
    (void)state;
    const unsigned count = random_trials(300);
    for (unsigned i = 0; i < count; i++) {
        struct random_case one;
        random_seed(i);
        random_case_make(&one);
        const unsigned releases = 1 + random_below(MOST_RELEASES);
        for (unsigned j = 0; j < releases; j++) {
            assert_int_equal(random_release(&one, NULL), BASE_OK);
            random_check(&one);
        }
        if (i % 4 == 0)
            check_attack(&one);
        random_case_free(&one);
    }
    print_message(
        "%u cases: %zu small figures, %zu beside a known contact, %zu times too much work\n", count,
        random_checked.figures, random_checked.beside, random_checked.skipped);
    assert_true(random_checked.figures > count);
}

static int set_up(void **state)
{
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_brute_force),
    };
    return cmocka_run_group_tests_name("protect: random tables", tests, set_up, NULL);
}
