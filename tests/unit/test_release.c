/* release: a release of two places, the same again from their ledgers, and none where nobody counted yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "plain_counts.h"
#include "tavs/release.h"
#include "tavs/secret.h"

enum { PLACES = 2 };

static struct base_error error;
static struct tally_counts *counts[PLACES];
static struct release_place places[PLACES];
static struct tally_entry entries[PLACES];
static struct tally_ledger ledgers[PLACES];
static const bool unchanged = false;
static const struct base_period quarter = {2017 * 12, 2017 * 12 + 2};

static const struct release_order order = {
    .kind = TABLE_EXPORT,
    .language = CODEBOOK_ENGLISH,
    .threshold = PROTECT_THRESHOLD,
    .periods = &quarter,
    .period_count = 1,
    .explain = true,
};

static void make_places(int small)
{
    static const char *const names[] = {"north", "south"};
    for (size_t i = 0; i < PLACES; i++) {
        counts[i] = plain_counts_new("2017-01..2017-03", 1u << IN_PERSON | 1u << PHONE, 1u << USER);
        *plain_counts_cell(counts[i], 0, IN_PERSON, USER, 0) = 14;
        *plain_counts_cell(counts[i], 1, PHONE, USER, 0) = 22;
        *plain_counts_cell(counts[i], 2, PHONE, USER, 0) = i == 0 ? small : 9;
        places[i] = (struct release_place){.source = {names[i], "1a2b 3c4d", counts[i], counts[i]}};
        memset(places[i].store_id, (int)i + 1, sizeof places[i].store_id);
    }
}

static void free_places(void)
{
    for (size_t i = 0; i < PLACES; i++) {
        plain_counts_free(counts[i]);
        secret_free(entries[i].release);
        entries[i].release = NULL;
    }
}

static struct release *release_now(void)
{
    struct release *release = NULL;
    assert_int_equal(release_new(&order, places, PLACES, &release, &error), BASE_OK);
    return release;
}

/* Each place's ledger has the release from now on. */
static void remember(const struct release *release)
{
    for (size_t i = 0; i < PLACES; i++) {
        assert_int_equal(tally_release_of_place(release->record, i, &entries[i].release, &error),
                         BASE_OK);
        ledgers[i] = (struct tally_ledger){1, 1, &entries[i]};
        places[i].ledger = &ledgers[i];
        places[i].changed = &unchanged;
    }
}

static void assert_same_document(const struct release *one, const struct release *other)
{
    assert_int_equal(one->shown, other->shown);
    assert_int_equal(one->hidden, other->hidden);
    assert_int_equal(one->result->table_count, other->result->table_count);
    for (size_t i = 0; i < one->result->table_count; i++) {
        const struct protect_result_table *a = &one->result->tables[i],
                                          *b = &other->result->tables[i];
        assert_int_equal(a->row.count, b->row.count);
        assert_int_equal(a->column.count, b->column.count);
        for (size_t j = 0; j < a->row.count * a->column.count; j++) {
            assert_memory_equal(&a->figures[j].sum, &b->figures[j].sum, sizeof a->figures[j].sum);
            assert_int_equal(a->figures[j].status == PROTECT_SHOWN,
                             b->figures[j].status == PROTECT_SHOWN);
            assert_int_equal(a->figures[j].value, b->figures[j].value);
        }
    }
}

static void test_the_same_again(void **state)
{
    (void)state;
    make_places(2);
    struct release *first = release_now();
    assert_false(first->is_again);
    assert_true(first->shown > 0 && first->hidden > 0);
    assert_int_equal(first->record->figure_count, first->shown + first->hidden);
    assert_int_equal(first->record->place_count, PLACES);
    remember(first);
    struct release *again = release_now();
    assert_true(again->is_again);
    assert_same_document(first, again);
    release_free(again);
    /* Not where one place does not have it. */
    places[1].ledger = NULL;
    again = release_now();
    assert_false(again->is_again);
    release_free(again);
    release_free(first);
    free_places();
}

static void test_before_the_store_began(void **state)
{
    (void)state;
    make_places(2);
    static const struct base_period before = {2016 * 12, 2016 * 12 + 11};
    struct release_order early = order;
    struct release *release = NULL;
    early.periods = &before;
    assert_int_equal(release_new(&early, places, PLACES, &release, &error), BASE_NOTHING_TO_SHOW);
    places[0].source.life = places[1].source.life = NULL;
    assert_int_equal(release_new(&order, places, PLACES, &release, &error), BASE_NOTHING_TO_SHOW);
    assert_null(release);
    free_places();
}

static int set_up(void **state)
{
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_again),
        cmocka_unit_test(test_before_the_store_began),
    };
    return cmocka_run_group_tests_name("release", tests, set_up, NULL);
}
