/* The layouts: which figures a period has. Fixed and public; a period's layout depends on what is offered, never
 * on a count. */
#include "tavs/protect.h"

enum { MONTHS_OF_YEAR = 12, QUARTER = 3 };

struct listing {
    struct cell_set all; /* all contacts of the period */
    codebook_set channels, parties;
    struct cell_set *figures;
    size_t count, room;
};

struct cell_set protect_canonical_set(const struct cell_set *set, codebook_set channels,
                                      codebook_set parties)
{
    struct cell_set canonical = *set;
    if ((canonical.channels & channels) == channels)
        canonical.channels = CODEBOOK_ALL_CHANNELS;
    if ((canonical.parties & parties) == parties)
        canonical.parties = CODEBOOK_ALL_PARTIES;
    return canonical;
}

static void put(struct listing *to, const struct cell_set *set)
{
    const struct cell_set canonical = protect_canonical_set(set, to->channels, to->parties);
    for (size_t i = 0; i < to->count && i < to->room; i++)
        if (cell_set_equals(&to->figures[i], &canonical))
            return;
    if (to->count < to->room)
        to->figures[to->count] = canonical;
    to->count++;
}

static bool has(codebook_set set, unsigned value)
{
    return (set >> value & 1U) != 0;
}

static void put_by_channel(struct listing *to, struct cell_set set)
{
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        set.channels = (codebook_set)(1U << channel);
        if (has(to->channels, channel))
            put(to, &set);
    }
}

static void put_by_party(struct listing *to, struct cell_set set)
{
    for (unsigned party = 0; party < CODEBOOK_PARTIES; party++) {
        set.parties = (codebook_set)(1U << party);
        if (has(to->parties, party))
            put(to, &set);
    }
}

static struct cell_set with_sessions(const struct listing *to, codebook_set sessions)
{
    struct cell_set set = to->all;
    set.sessions = sessions;
    return set;
}

static struct cell_set with_months(struct cell_set set, unsigned first, unsigned count)
{
    const base_month begin = (base_month)(set.months.first + first);
    set.months = (struct base_period){begin, (base_month)(begin + count - 1)};
    return set;
}

static void put_year(struct listing *to)
{
    const struct cell_set courses = with_sessions(to, COUNTS_COURSES);
    put_by_party(to, courses);
    for (unsigned session = 1; session < CODEBOOK_SESSIONS; session++) {
        const struct cell_set later = with_sessions(to, (codebook_set)(1U << session));
        put(to, &later);
    }
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month += QUARTER) {
        const struct cell_set quarter = with_months(courses, month, QUARTER);
        put(to, &quarter);
    }
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month++) {
        const struct cell_set conversations = with_months(to->all, month, 1);
        put(to, &conversations);
    }
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month++) {
        const struct cell_set begun = with_months(courses, month, 1);
        put(to, &begun);
    }
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        struct cell_set one = courses;
        one.channels = (codebook_set)(1U << channel);
        if (has(to->channels, channel))
            put_by_party(to, one);
    }
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month += QUARTER)
        put_by_channel(to, with_months(courses, month, QUARTER));
    for (unsigned session = 1; session < CODEBOOK_SESSIONS; session++)
        put_by_party(to, with_sessions(to, (codebook_set)(1U << session)));
}

size_t protect_layout(struct base_period period, const struct place_set *places,
                      codebook_set channels, codebook_set parties, struct cell_set *figures,
                      size_t room)
{
    const enum protect_period kind = protect_period_of(period);
    struct listing to = {
        .all = {.places = *places,
                .months = period,
                .channels = CODEBOOK_ALL_CHANNELS,
                .parties = CODEBOOK_ALL_PARTIES,
                .sessions = COUNTS_ALL_SESSIONS},
        .channels = channels,
        .parties = parties,
        .figures = figures,
        .room = room,
    };
    if (kind == PROTECT_NO_LAYOUT)
        return 0;
    const struct cell_set courses = with_sessions(&to, COUNTS_COURSES);
    put(&to, &courses);
    put(&to, &to.all);
    if (kind == PROTECT_MONTH)
        return to.count;
    put_by_channel(&to, courses);
    put_by_channel(&to, to.all);
    if (kind == PROTECT_YEAR)
        put_year(&to);
    return to.count;
}
