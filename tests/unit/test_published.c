/* published: what is read of files, and which places of several files are the same. */
#include <stdio.h>
#include <string.h>

#include "published/inside.h"
#include "support.h"
#include "tavs/secret.h"

#define HEADINGS "period,channel,party,session,count,status\r\n"
#define OFFERED  "\"offered\":{\"channels\":[\"phone\",\"mail\"],\"parties\":[\"user\"]}"
#define FRONT                                                                                      \
    "{\"format\":\"tavs\",\"kind\":\"export\",\"internal\":false,\"threshold\":7,\"places\":["
#define ROW                                                                                        \
    "],\"rows\":[{\"period\":\"2017\",\"channel\":\"phone\",\"party\":\"all\",\"session\":\"1\","  \
    "\"count\":40,\"status\":\"shown\"}]}"

static struct published *empty(void)
{
    struct published *published = NULL;
    struct base_error error;
    assert_int_equal(published_new(&published, &error), BASE_OK);
    return published;
}

static void add(struct published *published, const char *name, const char *text)
{
    struct base_error error;
    if (published_add(published, name, text, strlen(text), &error) != BASE_OK)
        fail_msg("%s: error %d: %s", name, error.code, error.subject);
}

static void test_sets(void **state)
{
    static const struct {
        enum codebook_dimension dimension;
        const char *text;
        codebook_set set; /* 0: refused */
    } cases[] = {
        {CODEBOOK_CHANNEL, "all", 0x0f},
        {CODEBOOK_CHANNEL, "in-person", 0x01},
        {CODEBOOK_CHANNEL, "phone+mail", 0x06},
        {CODEBOOK_CHANNEL, "mail+phone", 0x06},
        {CODEBOOK_PARTY, "all", 0x07},
        {CODEBOOK_PARTY, "relative", 0x02},
        {CODEBOOK_SESSION, "3+4+5", 0x1c},
        {CODEBOOK_SESSION, "all", 0x1f},
        {CODEBOOK_CHANNEL, "", 0},
        {CODEBOOK_CHANNEL, "+", 0},
        {CODEBOOK_CHANNEL, "phone+", 0},
        {CODEBOOK_CHANNEL, "+phone", 0},
        {CODEBOOK_CHANNEL, "phone+phone", 0},
        {CODEBOOK_CHANNEL, "all+phone", 0},
        {CODEBOOK_CHANNEL, "Phone", 0},
        {CODEBOOK_CHANNEL, "telefon", 0},
        {CODEBOOK_PARTY, "phone", 0},
        {CODEBOOK_SESSION, "6", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        codebook_set set = 0;
        const bool read = published_read_set(cases[i].dimension, cases[i].text, &set);
        if (read != (cases[i].set != 0) || set != cases[i].set)
            fail_msg("%s: %x", cases[i].text, (unsigned)set);
    }
}

static void test_figures(void **state)
{
    struct published *published = empty();
    (void)state;
    add(published, "x.csv",
        HEADINGS "2017-Q4,phone+mail,user,3+4+5,..,hidden\r\n\r\n\"2016\",all,all,all,7,shown\n");
    assert_int_equal(published->figure_count, 2);
    const struct published_figure *one = &published->figures[0], *other = one + 1;
    assert_false(one->shown);
    assert_int_equal(one->sum.months.first, 2017 * 12 + 9);
    assert_int_equal(one->sum.months.last, 2017 * 12 + 11);
    assert_int_equal(one->sum.channels, 6);
    assert_int_equal(one->sum.parties, 1);
    assert_int_equal(one->sum.sessions, 0x1c);
    assert_true(other->shown);
    assert_int_equal(other->value, 7);
    assert_int_equal(published->files[0]->threshold, 0);
    published_free(published);
}

static void test_json(void **state)
{
    struct published *published = empty();
    (void)state;
    add(published, "x.json", " \n" FRONT "{\"name\":null,\"fingerprint\":null," OFFERED "}" ROW);
    assert_int_equal(published->files[0]->threshold, 7);
    assert_int_equal(published->files[0]->places.place[0].offered.channels, 6);
    assert_int_equal(published->figures[0].value, 40);
    assert_int_equal(published->figures[0].sum.places.word[0], 1);
    published_free(published);
}

/* What csv tells of what a place offers; what a row of several places says only where none is known to. */
static void test_offers_of_csv(void **state)
{
    struct published *published = empty();
    struct base_error error;
    (void)state;
    add(published, "x.csv",
        "place," HEADINGS "a,2017,phone,all,1,9,shown\nb,2017,mail+web,all,1,9,shown\n"
        "all,2017,phone,user,1,9,shown\nall,2017,in-person,user,1,9,shown\n");
    assert_int_equal(published_settle(published, &error), BASE_OK);
    assert_int_equal(published->places.count, 2);
    assert_int_equal(published->places.place[0].offered.channels, 0x1 | 0x2);
    assert_int_equal(published->places.place[1].offered.channels, 0x1 | 0xc);
    assert_int_equal(published->places.place[0].offered.parties, 1);
    assert_int_equal(published->figures[3].sum.places.word[0], 3);
    published_free(published);

    published = empty();
    add(published, "y.csv", HEADINGS "2017,all,all,1,9,shown\n");
    assert_int_equal(published_settle(published, &error), BASE_OK);
    assert_int_equal(published->places.place[0].offered.channels, CODEBOOK_ALL_CHANNELS);
    assert_int_equal(published->places.place[0].offered.parties, CODEBOOK_ALL_PARTIES);
    published_free(published);
}

/* Whatever the order of the files. */
static void test_places(void **state)
{
    static const char one[] = FRONT "{\"name\":\"n\",\"fingerprint\":\"1\"," OFFERED "}" ROW,
                      same[] = FRONT "{\"name\":\"m\",\"fingerprint\":\"1\"," OFFERED "}" ROW,
                      other[] = FRONT "{\"name\":\"n\",\"fingerprint\":\"2\"," OFFERED "}" ROW,
                      nobody[] = HEADINGS "2017,web,all,1,9,shown\n",
                      named[] = "place," HEADINGS "n,2017,phone,all,1,9,shown\n"
                                "s,2017,phone,all,1,9,shown\n";
    static const struct {
        const char *files[4];
        size_t places;
    } cases[] = {
        {{one, same}, 1},          {{one, other}, 2},
        {{nobody, one, same}, 1},  {{one, nobody}, 1},
        {{nobody, one, other}, 3}, {{nobody, nobody}, 1},
        {{named, one}, 2},         {{one, named}, 2},
        {{named, nobody}, 3},      {{named, other, one, nobody}, 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct published *published = empty();
        struct base_error error;
        for (size_t file = 0; file < 4 && cases[i].files[file] != NULL; file++)
            add(published, "x", cases[i].files[file]);
        assert_int_equal(published_settle(published, &error), BASE_OK);
        if (published->places.count != cases[i].places)
            fail_msg("case %zu: %zu places", i, published->places.count);
        published_free(published);
    }
}

/* Bytes that end where they end: a zero, a name that is no text, nothing at all. */
static void test_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum base_code code;
    } cases[] = {
        {"", 0, BASE_PUBLISHED_FORMAT},
        {"\0", 1, BASE_PUBLISHED_FORMAT},
        {"\xef\xbb\xbf" HEADINGS, 3 + sizeof HEADINGS - 1, BASE_PUBLISHED_EXCEL},
        {HEADINGS "2017,ph\0ne,all,1,9,shown\n", sizeof HEADINGS + 24, BASE_PUBLISHED_DAMAGED},
        {"{}", 2, BASE_PUBLISHED_FORMAT},
        {"{", 1, BASE_PUBLISHED_DAMAGED},
        {"{\"\xff\":1}", 7, BASE_PUBLISHED_DAMAGED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct published *published = empty();
        struct base_error error;
        if (published_add(published, "x\x1b", cases[i].bytes, cases[i].size, &error) !=
            cases[i].code)
            fail_msg("case %zu: error %d", i, error.code);
        assert_int_equal(strncmp(error.subject, "x\\x1b", 5), 0);
        published_free(published);
    }
}

/* Figures that overlap without an order, so that no interval is easy. */
static void test_late(void **state)
{
    enum { ROWS = 60, ROW_BYTES = 80, SETS = 7 };
    static char text[ROWS * ROW_BYTES];
    static const char *const channels[SETS] = {
        "in-person", "phone", "in-person+phone", "mail+web", "phone+mail", "in-person+web", "all"};
    struct published *published = empty();
    const struct published_result *result;
    struct base_error error;
    int size = snprintf(text, sizeof text, HEADINGS);
    (void)state;
    for (int i = 0; i < ROWS; i++)
        size += snprintf(text + size, sizeof text - (size_t)size,
                         "20%02d-%02d..20%02d-%02d,%s,all,all,%s\n", 10 + i % 5, 1 + i * 5 % 12,
                         15 + i % 3, 1 + i * 7 % 12, channels[i % SETS],
                         i % 3 == 0 ? "..,hidden" : "4000,shown");
    add(published, "x.csv", text);
    assert_int_equal(published_attack(published, 0, 0.001, &result, &error), BASE_NOT_CHECKED);
    published_free(published);
}

static int set_up(void **state)
{
    struct base_error error;
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets),   cmocka_unit_test(test_figures),
        cmocka_unit_test(test_json),   cmocka_unit_test(test_offers_of_csv),
        cmocka_unit_test(test_places), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_late),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
