/* The layouts, as docs/disclosure.md has them; written from there, not from the program. */
#include "outside.h"

enum { QUARTER = 3, YEAR = 12 };

struct list {
    struct cell_set base;
    codebook_set channels, parties;
    struct cell_set *figures;
    size_t count;
};

/* A channel or party of 0xff: all. */
static void add(struct list *list, unsigned first, unsigned months, unsigned channel,
                unsigned party, codebook_set sessions)
{
    struct cell_set set = list->base;
    set.months.first = (base_month)(list->base.months.first + first);
    set.months.last = (base_month)(set.months.first + months - 1);
    set.sessions = sessions;
    if (channel != 0xff && list->channels != 1U << channel)
        set.channels = (codebook_set)(1U << channel);
    if (party != 0xff && list->parties != 1U << party)
        set.parties = (codebook_set)(1U << party);
    for (size_t i = 0; i < list->count; i++)
        if (cell_set_equals(&list->figures[i], &set))
            return;
    list->figures[list->count++] = set;
}

static void by_channel(struct list *list, unsigned first, unsigned months, codebook_set sessions)
{
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++)
        if ((list->channels >> channel & 1) != 0)
            add(list, first, months, channel, 0xff, sessions);
}

static void by_party(struct list *list, unsigned channel, codebook_set sessions)
{
    for (unsigned party = 0; party < CODEBOOK_PARTIES; party++)
        if ((list->parties >> party & 1) != 0)
            add(list, 0, YEAR, channel, party, sessions);
}

static void rest_of_year(struct list *list)
{
    by_party(list, 0xff, COUNTS_COURSES);
    for (unsigned session = 1; session < CODEBOOK_SESSIONS; session++)
        add(list, 0, YEAR, 0xff, 0xff, (codebook_set)(1U << session));
    for (unsigned first = 0; first < YEAR; first += QUARTER)
        add(list, first, QUARTER, 0xff, 0xff, COUNTS_COURSES);
    for (unsigned month = 0; month < YEAR; month++)
        add(list, month, 1, 0xff, 0xff, COUNTS_ALL_SESSIONS);
    for (unsigned month = 0; month < YEAR; month++)
        add(list, month, 1, 0xff, 0xff, COUNTS_COURSES);
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++)
        if ((list->channels >> channel & 1) != 0)
            by_party(list, channel, COUNTS_COURSES);
    for (unsigned first = 0; first < YEAR; first += QUARTER)
        by_channel(list, first, QUARTER, COUNTS_COURSES);
    for (unsigned session = 1; session < CODEBOOK_SESSIONS; session++)
        by_party(list, 0xff, (codebook_set)(1U << session));
}

size_t outside_layout(struct base_period period, const struct place_set *places,
                      codebook_set channels, codebook_set parties, struct cell_set *figures)
{
    const unsigned months = (unsigned)base_period_months(period);
    struct list list = {
        .base = {*places, period, CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES, COUNTS_COURSES},
        .channels = channels,
        .parties = parties,
        .figures = figures,
    };
    add(&list, 0, months, 0xff, 0xff, COUNTS_COURSES);
    add(&list, 0, months, 0xff, 0xff, COUNTS_ALL_SESSIONS);
    if (months == 1)
        return list.count;
    by_channel(&list, 0, months, COUNTS_COURSES);
    by_channel(&list, 0, months, COUNTS_ALL_SESSIONS);
    if (months == YEAR)
        rest_of_year(&list);
    return list.count;
}
