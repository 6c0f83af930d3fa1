#include <stdlib.h>

#include "inside.h"

enum { MONTHS_OF_YEAR = 12 };

static const enum protect_kind of_a_year[] = {
    PROTECT_COURSES_BY_CHANNEL,
    PROTECT_CONVERSATIONS_BY_CHANNEL,
    PROTECT_COURSES_BY_PARTY,
    PROTECT_COURSES_BY_SESSION,
    PROTECT_MONTHS,
    PROTECT_CHANNELS_BY_PARTY,
    PROTECT_QUARTERS_BY_CHANNEL,
    PROTECT_SESSIONS_BY_PARTY,
};
static const enum protect_kind of_several_years[] = {
    PROTECT_COURSES_BY_CHANNEL, PROTECT_CONVERSATIONS_BY_CHANNEL, PROTECT_COURSES_BY_PARTY,
    PROTECT_COURSES_BY_SESSION, PROTECT_COURSES_BY_MONTH,
};
static const enum protect_kind of_a_period[] = {
    PROTECT_COURSES_BY_CHANNEL,
    PROTECT_CONVERSATIONS_BY_CHANNEL,
    PROTECT_COURSES_BY_PARTY,
    PROTECT_COURSES_BY_SESSION,
    PROTECT_CHANNELS_BY_PARTY,
    PROTECT_SESSIONS_BY_PARTY,
    PROTECT_MONTHS, /* last: left out where there is one month, or more than one year */
};

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static bool has_months(struct base_period period)
{
    return period.first < period.last &&
           base_month_year(period.first) == base_month_year(period.last);
}

static size_t choose_kinds(const struct release_order *order, const enum protect_kind **kinds)
{
    if (order->kind == TABLE_REPORT) {
        *kinds = order->period_count > 1 ? of_several_years : of_a_year;
        return order->period_count > 1 ? LENGTH(of_several_years) : LENGTH(of_a_year);
    }
    *kinds = of_a_period;
    return LENGTH(of_a_period) - (has_months(order->periods[0]) ? 0 : 1);
}

static enum base_code add(struct wanted *wanted, enum protect_kind kind, int place,
                          const struct protect_scope *scope, struct base_error *error)
{
    struct wanted_table *tables =
        reallocarray(wanted->tables, wanted->count + 1, sizeof *wanted->tables);
    if (tables == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
    wanted->tables = tables;
    tables[wanted->count] = (struct wanted_table){.kind = kind, .place = place};
    const enum base_code code = protect_table_new(kind, scope, &tables[wanted->count].table, error);
    if (code == BASE_OK) {
        wanted->count++;
        wanted->kinds |= (uint16_t)(1u << kind);
    }
    return code;
}

/* All kinds for all places together, and if there are several, for each. */
static enum base_code add_kinds(struct wanted *wanted, const enum protect_kind *kinds, size_t count,
                                const struct release_place *places, size_t place_count,
                                const struct base_period *periods, size_t period_count,
                                struct base_error *error)
{
    const int first = TABLE_ALL_PLACES;
    const int last = place_count > 1 ? (int)place_count - 1 : first;
    _Static_assert(TABLE_ALL_PLACES == -1, "the places follow");
    for (int place = first; place <= last; place++) {
        struct protect_scope scope = {.periods = periods, .period_count = period_count};
        for (size_t i = 0; i < place_count; i++) {
            if (place != TABLE_ALL_PLACES && place != (int)i)
                continue;
            scope.places |= (uint32_t)1 << i;
            scope.channels |= places[i].source.counts->channels;
            scope.parties |= places[i].source.counts->parties;
        }
        for (size_t i = 0; i < count; i++)
            if (add(wanted, kinds[i], place, &scope, error) != BASE_OK)
                return error->code;
    }
    return BASE_OK;
}

enum base_code wanted_tables(const struct release_order *order, const struct release_place *places,
                             size_t place_count, struct wanted *wanted, struct base_error *error)
{
    const enum protect_kind *kinds;
    const size_t count = choose_kinds(order, &kinds);
    return add_kinds(wanted, kinds, count, places, place_count, order->periods, order->period_count,
                     error);
}

enum base_code reserved_tables(const struct release_order *order,
                               const struct release_place *places, size_t place_count,
                               struct wanted *reserved, struct base_error *error)
{
    if (order->kind == TABLE_REPORT)
        return BASE_OK;
    const struct base_period asked = order->periods[0];
    for (int year = base_month_year(asked.first); year <= base_month_year(asked.last); year++) {
        const struct base_period whole = {(base_month)(year * MONTHS_OF_YEAR),
                                          (base_month)(year * MONTHS_OF_YEAR + MONTHS_OF_YEAR - 1)};
        if (add_kinds(reserved, of_a_year, LENGTH(of_a_year), places, place_count, &whole, 1,
                      error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

void wanted_free(struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->count; i++)
        protect_table_free(wanted->tables[i].table);
    free(wanted->tables);
}
