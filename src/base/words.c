/* Months, periods and days as people write them. Whole phrases, so that each language has its own order of
 * words and its own capitals. */
#include <stdio.h>
#include <string.h>

#include "tavs/base.h"

enum {
    MONTHS = 12,
    QUARTERS = 4,
    MONTHS_OF_QUARTER = 3,
    MONTH_TEXT = BASE_MONTH_TEXT - 1,
    LAST_DAY = 31
};

/* TRANSLATORS: a month within a sentence: "november 2026". */
static const char *const months[MONTHS] = {
    N_("January %d"),   N_("February %d"), N_("March %d"),    N_("April %d"),
    N_("May %d"),       N_("June %d"),     N_("July %d"),     N_("August %d"),
    N_("September %d"), N_("October %d"),  N_("November %d"), N_("December %d"),
};

/* TRANSLATORS: from a month to another of the same year: "oktober til december 2026". */
static const char *const from_months[MONTHS] = {
    N_("January to %s"),   N_("February to %s"), N_("March to %s"),    N_("April to %s"),
    N_("May to %s"),       N_("June to %s"),     N_("July to %s"),     N_("August to %s"),
    N_("September to %s"), N_("October to %s"),  N_("November to %s"), N_("December to %s"),
};

/* TRANSLATORS: a day: "3. november 2026". */
static const char *const days[MONTHS] = {
    N_("%d January %d"),   N_("%d February %d"), N_("%d March %d"),    N_("%d April %d"),
    N_("%d May %d"),       N_("%d June %d"),     N_("%d July %d"),     N_("%d August %d"),
    N_("%d September %d"), N_("%d October %d"),  N_("%d November %d"), N_("%d December %d"),
};

static const char *const quarters[QUARTERS] = {
    N_("1st quarter of %d"),
    N_("2nd quarter of %d"),
    N_("3rd quarter of %d"),
    N_("4th quarter of %d"),
};

void base_month_words(base_month month, char text[BASE_WORDS_TEXT])
{
    (void)snprintf(text, BASE_WORDS_TEXT, _(months[base_month_number(month) - 1]),
                   base_month_year(month));
}

void base_months_words(struct base_period period, char text[BASE_WORDS_TEXT])
{
    char first[BASE_WORDS_TEXT], last[BASE_WORDS_TEXT];

    base_month_words(period.first, first);
    base_month_words(period.last, last);
    if (period.first == period.last)
        (void)snprintf(text, BASE_WORDS_TEXT, "%s", first);
    else if (base_month_year(period.first) == base_month_year(period.last))
        (void)snprintf(text, BASE_WORDS_TEXT, _(from_months[base_month_number(period.first) - 1]),
                       last);
    else
        /* TRANSLATORS: from a month to a month, both included. */
        (void)snprintf(text, BASE_WORDS_TEXT, _("%s to %s"), first, last);
}

void base_period_words(struct base_period period, char text[BASE_WORDS_TEXT])
{
    const int year = base_month_year(period.first);
    const int number = base_month_number(period.first) - 1;
    const size_t length = base_period_months(period);

    if (length == MONTHS && number == 0) {
        (void)snprintf(text, BASE_WORDS_TEXT, "%d", year);
    } else if (length == MONTHS_OF_QUARTER && number % MONTHS_OF_QUARTER == 0) {
        (void)snprintf(text, BASE_WORDS_TEXT, _(quarters[number / MONTHS_OF_QUARTER]), year);
    } else {
        base_months_words(period, text);
    }
}

void base_date_words(const char *date, char text[BASE_WORDS_TEXT])
{
    char month_text[BASE_MONTH_TEXT];
    struct base_error ignored;
    base_month month;
    int64_t day;

    (void)snprintf(text, BASE_WORDS_TEXT, "%s", date);
    if (base_month_parse(date, &month, &ignored) == BASE_OK)
        base_month_words(month, text);
    if (strlen(date) != BASE_DATE_TEXT - 1 || date[MONTH_TEXT] != '-')
        return;
    memcpy(month_text, date, MONTH_TEXT);
    month_text[MONTH_TEXT] = '\0';
    const char *number = date + MONTH_TEXT + (date[MONTH_TEXT + 1] == '0' ? 2 : 1);
    if (base_month_parse(month_text, &month, &ignored) == BASE_OK &&
        base_parse_number(number, 1, LAST_DAY, &day))
        (void)snprintf(text, BASE_WORDS_TEXT, _(days[base_month_number(month) - 1]), (int)day,
                       base_month_year(month));
}
