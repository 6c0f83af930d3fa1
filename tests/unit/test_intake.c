/* intake: tables in text, added up. */
#include <stdio.h>
#include <string.h>

#include "support.h"
#include "tavs/intake.h"

static const char *const no_names[INTAKE_COLUMNS];

/* Feeds a table in pieces of `piece` bytes; the sums are the caller's, with *intake. */
static enum base_code take(const char *text, size_t piece, struct intake **intake,
                           struct base_error *error)
{
    const size_t size = strlen(text);
    enum base_code code = intake_new("t.csv", no_names, intake, error);
    for (size_t at = 0; at < size && code == BASE_OK; at += piece)
        code = intake_feed(*intake, text + at, size - at < piece ? size - at : piece, error);
    return code == BASE_OK ? intake_end(*intake, error) : code;
}

static int32_t amount(const struct intake *intake, const char *month, unsigned channel,
                      unsigned party, unsigned session)
{
    base_month number;
    struct base_error error;
    const struct codebook_contact contact = {{(uint8_t)channel, (uint8_t)party, (uint8_t)session}};
    assert_int_equal(base_month_parse(month, &number, &error), BASE_OK);
    return intake_result(intake)->amounts[number - BASE_FIRST_MONTH][codebook_cell(contact)];
}

/* In pieces it is the same as whole. */
static void test_pieces(void **state)
{
    static const char text[] = "\xef\xbb\xbfMåned;Kanal;Målgruppe;Samtale;Antal\r\n"
                               "2017-03;telefon;pårørende;2;7\r\n\r\n"
                               "2017-03;\"phone\";relative;2;-2\r\n"
                               "2018-01;mail;bruger;1;0\r\n";
    (void)state;
    for (size_t piece = 1; piece <= sizeof text; piece += piece < 9 ? 1 : 40) {
        struct intake *intake = NULL;
        struct base_error error;
        assert_int_equal(take(text, piece, &intake, &error), BASE_OK);
        assert_int_equal(amount(intake, "2017-03", 1, 1, 1), 5);
        assert_int_equal(intake_result(intake)->zero_rows, 1);
        assert_false(intake_result(intake)->contacts);
        intake_free(intake);
    }
}

static void test_dates(void **state)
{
    static const struct {
        const char *date;
        bool taken;
    } dates[] = {
        {"2017-03-09", true}, {"20170309", true},   {"2017-03", true},       {"9.3.2017", true},
        {"09-03-2017", true}, {"9/3 2017", true},   {"9. marts 2017", true}, {"marts 2017", true},
        {"mar-17", true},     {"March 2017", true}, {"09.03.2017", true},    {"3/9/2017", false},
        {"9.3.17", false},    {"2017-13", false},   {"2017-02-30", false},   {"30.2.2017", false},
        {"1999-03", false},   {"marts", false},     {"0.3.2017", false},     {"2017-03-9x", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        char text[256];
        struct intake *intake = NULL;
        struct base_error error;
        snprintf(text, sizeof text, "date,channel,party,session\n%s,phone,user,1\n", dates[i].date);
        const enum base_code code = take(text, sizeof text, &intake, &error);
        if (code != (dates[i].taken ? BASE_OK : BASE_INTAKE_MONTH))
            fail_msg("%s: code %d", dates[i].date, (int)code);
        if (dates[i].taken)
            assert_int_equal(amount(intake, "2017-03", 1, 0, 0), 1);
        intake_free(intake);
    }
}

static void test_refusals(void **state)
{
#define HEAD "month,channel,party,session,count\n"
    static const struct {
        const char *text;
        enum base_code code;
    } tables[] = {
        {"", BASE_INTAKE_NO_HEADINGS},
        {"a,b\n", BASE_INTAKE_NO_HEADINGS},
        {"month,channel,party,session,initials\n", BASE_INTAKE_UNKNOWN_COLUMN},
        {"month,channel,party,session,\n", BASE_INTAKE_UNKNOWN_COLUMN},
        {"month,channel,party\n", BASE_INTAKE_COLUMN_MISSING},
        {"month,date,channel,party,session\n", BASE_INTAKE_COLUMN_TWICE},
        {HEAD "2017-03,fax,user,1,1\n", BASE_INTAKE_CHANNEL},
        {HEAD "2017-03,p,user,1,1\n", BASE_INTAKE_CHANNEL},
        {HEAD "2017-03,phone,dog,1,1\n", BASE_INTAKE_PARTY},
        {HEAD "2017-03,phone,user,0,1\n", BASE_INTAKE_SESSION},
        {HEAD "2017-03,phone,user,6,1\n", BASE_INTAKE_SIXTH_SESSION},
        {HEAD "2017-03,phone,user,1,1.234\n", BASE_INTAKE_COUNT},
        {HEAD "2017-03,phone,user,1,..\n", BASE_INTAKE_HIDDEN},
        {HEAD "2017-03,phone,user,1,100001\n", BASE_INTAKE_LIMIT},
        {HEAD "2017-03,phone,user,1,60000\n2017-03,phone,user,1,60000\n", BASE_INTAKE_LIMIT},
        {HEAD "2017-03,phone,user,1\n", BASE_INTAKE_RAGGED},
        {HEAD "2017-03,phone,user,1,1,1\n", BASE_INTAKE_RAGGED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct intake *intake = NULL;
        struct base_error error;
        const enum base_code code = take(tables[i].text, 4096, &intake, &error);
        if (code != tables[i].code)
            fail_msg("%s: code %d (%s)", tables[i].text, (int)code, error.subject);
        assert_null(strstr(error.subject, "dog"));
        intake_free(intake);
    }
}

/* Whoever feeds byte by byte has fed nothing below headings that are refused. */
static void test_nothing_is_read_below_an_unknown_column(void **state)
{
    static const char text[] = "month,channel,party,session,name\n2017-03,phone,user,1,Jens\n";
    struct intake *intake = NULL;
    struct base_error error;
    size_t fed = 0;
    (void)state;
    assert_int_equal(intake_new("t.csv", no_names, &intake, &error), BASE_OK);
    while (intake_feed(intake, text + fed, 1, &error) == BASE_OK)
        fed++;
    assert_int_equal(error.code, BASE_INTAKE_UNKNOWN_COLUMN);
    assert_true(fed <= (size_t)(strchr(text, '\n') - text));
    assert_non_null(strstr(error.subject, "name"));
    intake_free(intake);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, support_enter, support_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_pieces),
        TEST(test_dates),
        TEST(test_refusals),
        TEST(test_nothing_is_read_below_an_unknown_column),
    };
    return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
