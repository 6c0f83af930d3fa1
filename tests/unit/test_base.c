/* base: errors, bytes, numbers, months and periods. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tavs/base.h"

/* The clock of this program: libtavs finds it before the C library's. */
static time_t clock_shows;

time_t time(time_t *now)
{
    if (now != NULL)
        *now = clock_shows;
    return clock_shows;
}

static int count_of(const char *text)
{
    return (int)strlen(text);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void test_fail_fills_all(void **state)
{
    struct base_error error = {BASE_IO, EIO, "before"};

    (void)state;
    assert_int_equal(base_fail(&error, BASE_BAD_MONTH, "row %d of %s", 7, "here"), BASE_BAD_MONTH);
    assert_int_equal(error.code, BASE_BAD_MONTH);
    assert_int_equal(error.os_error, 0);
    assert_string_equal(error.subject, "row 7 of here");
}

static void test_fail_takes_its_own_subject(void **state)
{
    struct base_error error;

    (void)state;
    base_fail(&error, BASE_IO, "inner");
    base_fail(&error, BASE_STORE_DAMAGED, "outer: %s, %s", error.subject, error.subject);
    assert_string_equal(error.subject, "outer: inner, inner");
}

static void test_fail_cuts_between_characters(void **state)
{
    static const char *const characters[] = {"x", "å", "€", "𝄞"};
    struct base_error error;
    char text[BASE_SUBJECT_BYTES + 16];

    (void)state;
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        size_t bytes = strlen(characters[i]);

        /* The character begins at each place near the end in turn. */
        for (size_t start = BASE_SUBJECT_BYTES - 8; start < BASE_SUBJECT_BYTES; start++) {
            memset(text, 'a', start);
            strcpy(text + start, characters[i]);
            bool fits = start + bytes < BASE_SUBJECT_BYTES;
            size_t expected = fits ? start + bytes : start;

            strcat(text, fits ? "" : "bbbb");
            base_fail(&error, BASE_IO, "%s", text);
            assert_int_equal(strlen(error.subject), expected);
            assert_memory_equal(error.subject, text, expected);

            /* Whole, with more text after it that does not fit. */
            strcpy(text + start + bytes, "bbbbbbbbb");
            base_fail(&error, BASE_IO, "%s", text);
            assert_true(strlen(error.subject) >= expected);
            assert_memory_equal(error.subject, text, expected);
        }
    }
}

static void test_fail_os_chooses_the_code(void **state)
{
    static const struct {
        int os_error;
        enum base_code code;
    } cases[] = {
        {ENOSPC, BASE_NO_SPACE},
        {EDQUOT, BASE_NO_SPACE},
        {EACCES, BASE_NO_PERMISSION},
        {EPERM, BASE_NO_PERMISSION},
        {EROFS, BASE_NO_PERMISSION},
        {ENOMEM, BASE_NO_MEMORY},
        {EIO, BASE_IO},
        {ENOENT, BASE_IO},
        {EEXIST, BASE_IO},
    };
    struct base_error error;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(&error, 0xff, sizeof error);
        assert_int_equal(base_fail_os(&error, cases[i].os_error, "%s", "f"), cases[i].code);
        assert_int_equal(error.code, cases[i].code);
        assert_int_equal(error.os_error, cases[i].os_error);
        assert_string_equal(error.subject, "f");
    }
}

/* ---- bytes and numbers ------------------------------------------------------------------------
 */

static void test_byte_order(void **state)
{
    uint8_t bytes[6] = {0};

    (void)state;
    base_put_u32(bytes, 0x01a2b3f4);
    base_put_u16(bytes + 4, 0xfe05);
    assert_memory_equal(bytes, "\x01\xa2\xb3\xf4\xfe\x05", 6);
    assert_int_equal(base_get_u32(bytes), 0x01a2b3f4);
    assert_int_equal(base_get_u16(bytes + 4), 0xfe05);
    base_put_u32(bytes, 0xffffffff);
    assert_true(base_get_u32(bytes) == 0xffffffff);
}

static void test_is_zero(void **state)
{
    uint8_t bytes[9] = {0};

    (void)state;
    assert_true(base_is_zero(bytes, 0));
    assert_true(base_is_zero(bytes, sizeof bytes));
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = 0x80;
        assert_false(base_is_zero(bytes, sizeof bytes));
        assert_true(base_is_zero(bytes, i));
        bytes[i] = 0;
    }
}

static void test_hex(void **state)
{
    char text[9] = "????????";

    (void)state;
    base_hex(text, (const uint8_t *)"\x00\x9a\xff\x10", 4);
    assert_string_equal(text, "009aff10");
    base_hex(text, (const uint8_t *)"", 0);
    assert_string_equal(text, "");
}

static void test_parse_number(void **state)
{
    static const struct {
        const char *text;
        int64_t least, most, value;
    } good[] = {
        {"0", 0, 9, 0},
        {"1", 1, 1, 1},
        {"007", 0, 9, 7},
        {"-4096", -4096, 0, -4096},
        {"-0", 0, 0, 0},
        {"9223372036854775807", 0, INT64_MAX, INT64_MAX},
        {"-9223372036854775808", INT64_MIN, 0, INT64_MIN},
    };
    static const char *const bad[] = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1\n",
        "x",
        "1x",
        "0x1",
        "1.0",
        "1e1",
        "--1",
        "²",
        "1-",
        "101",
        "-101",
        "９",
        "1000000000000",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551617",
        "99999999999999999999",
        "-99999999999999999999",
    };
    int64_t value;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        value = 12345;
        assert_true(base_parse_number(good[i].text, good[i].least, good[i].most, &value));
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        value = 12345;
        if (base_parse_number(bad[i], -100, 100, &value) || value != 12345)
            fail_msg("\"%s\" is taken for a number", bad[i]);
    }
}

/* ---- months and periods -----------------------------------------------------------------------
 */

static void test_month_numbers(void **state)
{
    (void)state;
    /* From docs/format.md, section 1. */
    assert_int_equal(BASE_FIRST_MONTH, 24000);
    assert_int_equal(BASE_LAST_MONTH, 26399);
    assert_int_equal(base_month_year(24204), 2017);
    assert_int_equal(base_month_number(24204), 1);
    assert_int_equal(base_month_year(24203), 2016);
    assert_int_equal(base_month_number(24203), 12);
}

static void test_month_round_trip(void **state)
{
    struct base_error error;

    (void)state;
    for (int year = BASE_FIRST_YEAR; year <= BASE_LAST_YEAR; year++) {
        for (int number = 1; number <= 12; number++) {
            char expected[32], text[BASE_MONTH_TEXT];
            base_month month = 0;

            snprintf(expected, sizeof expected, "%d-%02d", year, number);
            assert_int_equal(base_month_parse(expected, &month, &error), BASE_OK);
            assert_int_equal(month, year * 12 + number - 1);
            base_month_format(month, text);
            assert_string_equal(text, expected);
        }
    }
}

static void test_month_refused(void **state)
{
    static const char *const bad[] = {
        "",         "2026",     "2026-",    "2026-1",  "2026-00",  "2026-13",          "2026-99",
        "1999-12",  "2200-01",  "26-01",    "02026-1", "2026/01",  "2026-01 ",         " 2026-01",
        "2026-01x", "2026-0x",  "2026-x1",  "x026-01", "2026-Q1",  "2026--1",          "2026-+1",
        "202601",   "-2026-01", "2026-001", "nu",      "２026-01", "2026-01..2026-02",
    };
    struct base_error error;
    base_month month = 12345;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (base_month_parse(bad[i], &month, &error) != BASE_BAD_MONTH || month != 12345)
            fail_msg("\"%s\" is taken for a month", bad[i]);
        assert_string_equal(error.subject, bad[i]);
    }
}

static void test_month_now_is_local_and_in_range(void **state)
{
    static const struct {
        time_t clock;
        const char *zone, *month;
    } cases[] = {
        {1772319600, "UTC0", "2026-02"},      /* 2026-02-28 23:00 UTC */
        {1772319600, "CET-1CEST", "2026-03"}, /* midnight in Copenhagen */
        {1772319599, "CET-1CEST", "2026-02"},
        {1772319600, "EST5EDT", "2026-02"},
        {1767225600, "EST5EDT", "2025-12"}, /* 2026-01-01 00:00 UTC */
        {0, "UTC0", "2000-01"},
        {-1, "UTC0", "2000-01"},
        {946684799, "UTC0", "2000-01"}, /* a second before the range, and its last one */
        {7258118399, "UTC0", "2199-12"},
        {7258118400, "UTC0", "2199-12"}, /* a second after the range */
        {INT64_MAX, "UTC0", "2000-01"},  /* no year at all */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[BASE_MONTH_TEXT];

        clock_shows = cases[i].clock;
        setenv("TZ", cases[i].zone, 1);
        base_month_format(base_month_now(), text);
        assert_string_equal(text, cases[i].month);
    }
    unsetenv("TZ");
}

static void test_period_parse(void **state)
{
    static const struct {
        const char *text;
        int first, last;
    } good[] = {
        {"2026", 24312, 24323},
        {"2000", 24000, 24011},
        {"2199", 26388, 26399},
        {"2026-11", 24322, 24322},
        {"2026-Q1", 24312, 24314},
        {"2026-Q4", 24321, 24323},
        {"2026-q2", 24315, 24317},
        {"2026-01..2026-06", 24312, 24317},
        {"2025-12..2026-01", 24311, 24312},
        {"2026-03..2026-03", 24314, 24314},
        {"2000-01..2199-12", 24000, 26399},
    };
    static const char *const bad[] = {
        "",
        "1999",
        "2200",
        "202",
        "20266",
        "2026-",
        "2026-Q0",
        "2026-Q5",
        "2026-Q",
        "2026Q1",
        "2026-Q1x",
        "2026-K1",
        "2026/Q1",
        "1999-Q4",
        "2026-13",
        "2026-00",
        "2026..",
        "..2026",
        "2026..2027",
        "2026-01..",
        "2026-01..2026-13",
        "2026-02..2026-01",
        "2026-01.,2026-02",
        "2026-01...2026-02",
        "2026-01..2026-Q2",
        "2026-Q1..2026-Q2",
        "2026-01-.2026-06",
        "2026-01..2026-06 ",
        " 2026-01..2026-06",
        "2026-01..2026-6x",
    };
    struct base_error error;
    struct base_period period;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(base_period_parse(good[i].text, &period, &error), BASE_OK);
        assert_int_equal(period.first, good[i].first);
        assert_int_equal(period.last, good[i].last);
        assert_int_equal(base_period_months(period), good[i].last - good[i].first + 1);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        period = (struct base_period){11, 22};
        if (base_period_parse(bad[i], &period, &error) != BASE_BAD_PERIOD || period.first != 11 ||
            period.last != 22)
            fail_msg("\"%s\" is taken for a period", bad[i]);
        assert_string_equal(error.subject, bad[i]);
    }
}

/* How long the shortest form of a period is, said apart from the code. */
static int shortest(struct base_period period)
{
    if (period.first / 12 == period.last / 12 && period.first % 12 == 0 && period.last % 12 == 11)
        return count_of("2026");
    if (period.first == period.last)
        return count_of("2026-11");
    if (period.first / 3 == period.last / 3 && period.first % 3 == 0 && period.last % 3 == 2)
        return count_of("2026-Q4");
    return count_of("2026-01..2026-06");
}

static void check_period(base_month first, base_month last)
{
    struct base_period period = {first, last}, again;
    struct base_error error;
    char text[BASE_PERIOD_TEXT];

    base_period_format(period, text);
    assert_int_equal(base_period_parse(text, &again, &error), BASE_OK);
    assert_int_equal(again.first, first);
    assert_int_equal(again.last, last);
    assert_int_equal(count_of(text), shortest(period));
}

static void test_period_format_is_shortest_and_reads_back(void **state)
{
    (void)state;
    for (int first = BASE_FIRST_MONTH; first <= BASE_LAST_MONTH; first++) {
        for (int last = first; last <= first + 26 && last <= BASE_LAST_MONTH; last++)
            check_period((base_month)first, (base_month)last);
        check_period((base_month)first, BASE_LAST_MONTH);
    }
}

static void test_fail_makes_its_subject_printable(void **state)
{
    struct base_error error;
    (void)state;
    (void)base_fail(&error, BASE_IO, "%s", "a\x1b[2J\n\xe2\x80\xae.mdb");
    assert_string_equal(error.subject, "a\\x1b[2J\\x0a\\u202e.mdb");
}

static void test_make_printable(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"", ""},
        {"sm\xc3\xb8r \xe2\x82\xac \xf0\x9f\x98\x80", "sm\xc3\xb8r \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\x1b[1m\n\x7f", "\\x1b[1m\\x0a\\x7f"},
        {"\\x1b", "\\x1b"},
        {"Hj\xf8rring", "Hj\\xf8rring"},
        {"\xc2\x80\xc2\xa0\x9b", "\\u0080\xc2\xa0\\x9b"}, /* C1 controls */
        {"\xc0\xaf\xe0\x9f\xbf\xed\xa0\x80",
         "\\xc0\\xaf\\xe0\\x9f\\xbf\\xed\\xa0\\x80"}, /* overlong, surrogate */
        {"a\xc3", "a\\xc3"},
        {"\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9", "\\u202a\\u202e\\u2066\\u2069"},
        {"\xe2\x80\x8b\xe2\x80\x8f\xef\xbb\xbf\xe2\x80\xa8", "\\u200b\\u200f\\ufeff\\u2028"},
        {"\xf3\xa0\x80\x81\xf0\x9d\x85\xb3", "\\U000e0001\\U0001d173"},
        {"\xc2\xad\xd8\x9c\xef\xbf\xbf\xef\xbf\xbd", "\\u00ad\\u061c\\uffff\xef\xbf\xbd"},
    };
    char text[64], again[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)base_make_printable(text, sizeof text, cases[i].from);
        assert_string_equal(text, cases[i].to);
        (void)base_make_printable(again, sizeof again, text);
        assert_string_equal(again, text);
    }
    (void)base_make_printable(text, 4, "a\x1b");
    assert_string_equal(text, "a"); /* nor what stands for one */
    (void)base_make_printable(text, 4, "ab\xc3\xb8");
    assert_string_equal(text, "ab"); /* not in the middle of a character */
    (void)base_make_printable(text, 5, "ab\xc3\xb8");
    assert_string_equal(text, "ab\xc3\xb8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail_fills_all),
        cmocka_unit_test(test_fail_takes_its_own_subject),
        cmocka_unit_test(test_fail_cuts_between_characters),
        cmocka_unit_test(test_fail_os_chooses_the_code),
        cmocka_unit_test(test_fail_makes_its_subject_printable),
        cmocka_unit_test(test_make_printable),
        cmocka_unit_test(test_byte_order),
        cmocka_unit_test(test_is_zero),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_parse_number),
        cmocka_unit_test(test_month_numbers),
        cmocka_unit_test(test_month_round_trip),
        cmocka_unit_test(test_month_refused),
        cmocka_unit_test(test_month_now_is_local_and_in_range),
        cmocka_unit_test(test_period_parse),
        cmocka_unit_test(test_period_format_is_shortest_and_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
