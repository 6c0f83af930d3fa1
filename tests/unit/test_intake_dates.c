/* intake: dates in many forms, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "intake/inside.h"

enum { NOVEMBER_2026 = 2026 * 12 + 10 };

static void check(const char *text, base_month expected)
{
    base_month month = 0;
    if (date_read_month(text, &month) != DATE_READ || month != expected)
        fail_msg("'%s' became %u", text, month);
}

static void check_is(const char *text, enum date_reading reading)
{
    base_month month = 1;
    if (date_read_month(text, &month) != reading || month != 1)
        fail_msg("'%s' became %u", text, month);
}

static void check_none(const char *text)
{
    check_is(text, DATE_NONE);
}

static void test_forms(void **state)
{
    static const char *const november[] = {
        /* ISO 8601 */
        "2026-11-03", "2026-11", "20261103", "2026/11/03", "2026-11-3", "2026/11/3",
        /* Danish */
        "3.11.2026", "03.11.2026", "3. 11. 2026", "03-11-2026", "3-11-2026", "3/11 2026",
        "3/11-2026", "11-2026", "11.2026", "11/2026",
        /* the thirteenth and later can be no month */
        "13/11/2026", "30/11/2026", "30/11/2026 14:05",
        /* with the month's name */
        "3. november 2026", "3.november 2026", "3 november 2026", "03. NOV. 2026", "3 Nov 2026",
        "3-nov-2026", "november 2026", "November  2026", "nov 2026", "nov. 2026", "nov-26",
        "Nov-26", "november-26", "nov-2026", "nov2026", "nove 2026",
        /* with the time of day, which is forgotten */
        "2026-11-03T14:05:00.000Z", "2026-11-03 14:05", "3.11.2026 14.05", "03-11-2026 9:05:59",
        "3. november 2026  14:05", "2026-11-03T14:05:09,5", "3. november 2026 kl. 14.05",
        "3.11.2026 kl 14:05", "3.11.2026 Kl.14.05"};
    (void)state;
    for (size_t i = 0; i < sizeof november / sizeof *november; i++)
        check(november[i], NOVEMBER_2026);
}

/* Every name in both languages, whole, in three letters, and every beginning between. */
static void test_names(void **state)
{
    static const char *const names[12][2] = {
        {"januar", "january"},  {"februar", "february"},  {"marts", "march"},
        {"april", "april"},     {"maj", "may"},           {"juni", "june"},
        {"juli", "july"},       {"august", "august"},     {"september", "september"},
        {"oktober", "october"}, {"november", "november"}, {"december", "december"}};
    char text[32];
    (void)state;
    for (size_t month = 0; month < 12; month++)
        for (size_t language = 0; language < 2; language++)
            for (size_t length = 3; length <= strlen(names[month][language]); length++) {
                snprintf(text, sizeof text, "1. %.*s 2026", (int)length, names[month][language]);
                check(text, (base_month)(2026 * 12 + month));
            }
}

static void test_every_day(void **state)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const int years[] = {2000, 2016, 2017, 2100, 2199};
    char text[32];
    (void)state;
    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        for (int month = 1; month <= 12; month++)
            for (int day = 0; day <= 32; day++) {
                const bool leap = years[i] == 2000 || years[i] == 2016;
                const int last = month == 2 && leap ? 29 : days[month - 1];
                snprintf(text, sizeof text, "%04d-%02d-%02d", years[i], month, day);
                if (day >= 1 && day <= last)
                    check(text, (base_month)(years[i] * 12 + month - 1));
                else
                    check_none(text);
            }
}

static void test_the_ends_of_time(void **state)
{
    (void)state;
    check("2000-01", BASE_FIRST_MONTH);
    check("31.12.2199", BASE_LAST_MONTH);
    check("jan-00", BASE_FIRST_MONTH);
    check("dec-99", 2099 * 12 + 11);
    check_none("1999-12");
    check_none("2200-01");
    check_none("9999-01");
}

/* Two readers would read it differently, or it is no month at all. */
static void test_what_is_refused(void **state)
{
    static const char *const none[] = {"3. november 26",
                                       "26-nov-03",
                                       "2026-13",
                                       "2026-00",
                                       "2026-1",
                                       "2026/11",
                                       "202611",
                                       "2026",
                                       "2026-Q4",
                                       "2026-W45",
                                       "45968",
                                       "1",
                                       "",
                                       " ",
                                       "november",
                                       "nov",
                                       "no 2026",
                                       "novembre 2026",
                                       "den 3. november 2026",
                                       "3. nov",
                                       "2026-11-03x",
                                       "x2026-11-03",
                                       "2026-11-03 ",
                                       "2026-11-03T",
                                       "2026-11-03 14",
                                       "2026-11 14:05",
                                       "2026-11-03 14:5",
                                       "2026-11-03 24:00",
                                       "2026-11-03 14:60",
                                       "2026-11-03 14:05:",
                                       "2026-11-03 14:05.",
                                       "2026-11-03 14:05 +",
                                       "2026-11-03 14:05 +1",
                                       "2026-11-03 14:05 +25:00",
                                       "2026-11-03 14:05 +01:0",
                                       "2026-11-03 14:05 Zz",
                                       "2026-11-03Z",
                                       "17. maj",
                                       "May 32",
                                       "2026--11",
                                       "-2026-11",
                                       "2026-11-",
                                       "2026.11.03",
                                       "3..11.2026",
                                       "3,11,2026",
                                       "20261131",
                                       "20261301",
                                       "2026110",
                                       "202611033",
                                       "november 20260",
                                       "november 026",
                                       "32.11.2026",
                                       "0.11.2026",
                                       "31.11.2026",
                                       "29.2.2026",
                                       "Hans",
                                       "010190-1234",
                                       "in november 2026",
                                       "2026-11-03 Hans",
                                       "3.11.2026 kl. 14",
                                       "3.11.2026 kl",
                                       "3.11.2026kl. 14.05",
                                       "13/13/2026",
                                       "31/11/2026"};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        check_none(none[i]);
}

/* Which number is the day, and which the month or the year? */
static void test_what_is_in_doubt(void **state)
{
    static const char *const doubtful[] = {
        "3/11/2026", "11/3/2026", "12/11/2026",  "03-11-26", "26-11-03", "3.11.26",
        "3/11-26",   "5/6",       "05-06",       "5.6",      "May 17",   "may 5",
        "Nov. 12",   "nov26",     "November 26", "17-May",   "26-nov",   "3/11/2026 14:05",
        "3/11/26",   "11/23/2026"};
    (void)state;
    for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++)
        check_is(doubtful[i], DATE_DOUBTFUL);
    check("nov-26", NOVEMBER_2026);
    check("nov. 2026", NOVEMBER_2026);
    check("17. maj 2026", 2026 * 12 + 4);
}

/* A moment belongs to the month that it was here. */
static void test_times_with_a_zone(void **state)
{
    static const struct {
        const char *zone, *text;
        base_month month;
    } times[] = {
        {"Europe/Copenhagen", "2026-10-31T23:30:00Z", NOVEMBER_2026},
        {"Europe/Copenhagen", "2026-10-31 23:00Z", NOVEMBER_2026},
        {"Europe/Copenhagen", "2026-10-31T22:59:59.999Z", NOVEMBER_2026 - 1},
        {"Europe/Copenhagen", "2026-06-30T22:00:00z", NOVEMBER_2026 - 4}, /* summer time */
        {"Europe/Copenhagen", "2026-06-30T21:59:00+00:00", NOVEMBER_2026 - 5},
        {"Europe/Copenhagen", "2026-11-01T00:30:00+01:00", NOVEMBER_2026},
        {"Europe/Copenhagen", "2026-11-01T00:30:00+02:00", NOVEMBER_2026 - 1},
        {"Europe/Copenhagen", "2026-11-01T00:30:00+0200", NOVEMBER_2026 - 1},
        {"Europe/Copenhagen", "2026-11-01T00:30 +02", NOVEMBER_2026 - 1},
        {"Europe/Copenhagen", "2026-10-31 19:00-05:00", NOVEMBER_2026},
        {"Europe/Copenhagen", "31.10.2026 23.30Z", NOVEMBER_2026},
        {"Europe/Copenhagen", "2026-10-31T23:30:00", NOVEMBER_2026 - 1}, /* no zone: here */
        {"Europe/Copenhagen", "2025-12-31T23:00:00Z", 2026 * 12},
        {"America/New_York", "2026-11-01T03:59:00Z", NOVEMBER_2026 - 1},
        {"UTC", "2026-10-31T23:30:00Z", NOVEMBER_2026 - 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        setenv("TZ", times[i].zone, 1);
        tzset();
        check(times[i].text, times[i].month);
    }
    check_none("2199-12-31T23:30:00-05:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_the_ends_of_time),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_what_is_in_doubt),
        cmocka_unit_test(test_times_with_a_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
