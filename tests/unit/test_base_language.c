/* base: the language of all texts; months, periods and days as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "tavs/base.h"

static void assert_period(const char *period_text, const char *expected)
{
    struct base_period period;
    struct base_error error;
    char text[BASE_WORDS_TEXT];
    assert_int_equal(base_period_parse(period_text, &period, &error), BASE_OK);
    base_period_words(period, text);
    assert_string_equal(text, expected);
}

static void assert_date(const char *date, const char *expected)
{
    char text[BASE_WORDS_TEXT];
    base_date_words(date, text);
    assert_string_equal(text, expected);
}

static void test_periods(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"2026", "2026", "2026"},
        {"2026-11", "November 2026", "november 2026"},
        {"2026-Q4", "4th quarter of 2026", "4. kvartal 2026"},
        {"2026-01..2026-06", "January to June 2026", "januar til juni 2026"},
        {"2025-11..2026-05", "November 2025 to May 2026", "november 2025 til maj 2026"},
        {"2026-02..2026-04", "February to April 2026", "februar til april 2026"},
        {"2025-01..2026-12", "January 2025 to December 2026", "januar 2025 til december 2026"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(base_speak("en"));
        assert_period(cases[i][0], cases[i][1]);
        assert_true(base_speak("da"));
        assert_period(cases[i][0], cases[i][2]);
    }
}

/* Also a quarter is told by its months where months are asked for. */
static void test_months(void **state)
{
    (void)state;
    static const char *const danish[] = {"januar",    "februar", "marts",    "april",
                                         "maj",       "juni",    "juli",     "august",
                                         "september", "oktober", "november", "december"};
    char text[BASE_WORDS_TEXT], expected[BASE_WORDS_TEXT];
    assert_true(base_speak("da"));
    for (unsigned month = 0; month < 12; month++) {
        const base_month number = (base_month)(2026 * 12 + month);
        base_month_words(number, text);
        (void)snprintf(expected, sizeof expected, "%s 2026", danish[month]);
        assert_string_equal(text, expected);
        base_months_words((struct base_period){number, number}, text);
        assert_string_equal(text, expected);
        base_months_words((struct base_period){number, 2026 * 12 + 11}, text);
        (void)snprintf(expected, sizeof expected, "%s%s 2026", danish[month],
                       month == 11 ? "" : " til december");
        assert_string_equal(text, expected);
    }
}

static void test_dates(void **state)
{
    (void)state;
    assert_true(base_speak("en"));
    assert_date("2026-11", "November 2026");
    assert_date("2026-11-03", "3 November 2026");
    assert_true(base_speak("da"));
    assert_date("2026-11-03", "3. november 2026");
    assert_date("2026-05-31", "31. maj 2026");
    assert_date("2026-10-10", "10. oktober 2026");
    static const char *const others[] = {
        "",           "2026-11-",    "2026-13-01", "2026-11-00", "2026-11-32",
        "2026-11-3 ", "2026-11-033", "20261-1-03", "2026-11x03", "a long text that is no date"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_date(others[i], others[i]);
}

static void test_errors_of_the_system(void **state)
{
    (void)state;
    assert_true(base_speak("en"));
    assert_string_equal(base_os_error_text(ENOENT), "No such file or directory");
    assert_string_equal(base_os_error_text(ECHILD), strerror(ECHILD));
    assert_true(base_speak("da"));
    assert_string_equal(base_os_error_text(ENOENT), "filen eller mappen findes ikke");
}

/* What the filter of system calls refused is named. */
static void test_refused_calls(void **state)
{
    char expected[256];
    (void)state;
    assert_true(base_speak("en"));
    snprintf(expected, sizeof expected,
             "the system call %s was refused by tavs's own confinement, please report it", "ioctl");
    assert_string_equal(base_os_error_text(BASE_CONFINED + SYS_ioctl), expected);
    assert_non_null(
        strstr(base_os_error_text(BASE_CONFINED + SYS_io_uring_setup), " io_uring_setup "));
    assert_non_null(strstr(base_os_error_text(BASE_CONFINED + SYS_read), " read "));
    assert_non_null(strstr(base_os_error_text(BASE_CONFINED + 999), " 999 "));
    assert_non_null(strstr(base_os_error_text(BASE_CONFINED + BASE_CONFINED_CALLS - 1), " 1023 "));
    /* Copied: the next call of strerror may free it. */
    snprintf(expected, sizeof expected, "%s", strerror(BASE_CONFINED + BASE_CONFINED_CALLS));
    assert_string_equal(base_os_error_text(BASE_CONFINED + BASE_CONFINED_CALLS), expected);
    assert_true(base_speak("da"));
    assert_non_null(strstr(base_os_error_text(BASE_CONFINED + SYS_ioctl), "systemkaldet ioctl "));
}

/* The English texts that stand for the errors are the C library's own. */
static void test_errors_are_named_as_the_library_names_them(void **state)
{
    (void)state;
    assert_true(base_speak("en"));
    for (int number = 1; number < 134; number++) {
        char text[BASE_WORDS_TEXT]; /* strerror may write over what it gave before */
        (void)snprintf(text, sizeof text, "%s", base_os_error_text(number));
        assert_string_equal(text, strerror(number));
    }
}

static void test_plural(void **state)
{
    (void)state;
    assert_true(base_speak("da"));
    assert_string_equal(P_("%s byte unaccounted for; ", "%s bytes unaccounted for; ", 1),
                        "%s byte uden forklaring; ");
    assert_string_equal(P_("%s byte unaccounted for; ", "%s bytes unaccounted for; ", 0),
                        "%s bytes uden forklaring; ");
}

/* Whatever locale is in force; what was spoken before does not stay. */
static void test_any_locale(void **state)
{
    (void)state;
    static const char *const locales[] = {"C",           "POSIX",       "C.UTF-8",
                                          "en_US.UTF-8", "da_DK.UTF-8", ""};
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        assert_int_equal(setenv("LC_ALL", locales[i], 1), 0);
        (void)setlocale(LC_ALL, "");
        assert_true(base_speak("da"));
        assert_string_equal(_("Month"), "Måned");
        assert_true(base_speak("en"));
        assert_string_equal(_("Month"), "Month");
    }
}

static void test_another_language(void **state)
{
    (void)state;
    assert_true(base_speak("da"));
    assert_false(base_speak("sv"));
    assert_string_equal(_("Month"), "Month");
    assert_true(base_speak("da"));
    assert_string_equal(_("Month"), "Måned");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_months),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_errors_of_the_system),
        cmocka_unit_test(test_refused_calls),
        cmocka_unit_test(test_errors_are_named_as_the_library_names_them),
        cmocka_unit_test(test_plural),
        cmocka_unit_test(test_any_locale),
        cmocka_unit_test(test_another_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
