/* Periods of the calendar that have a layout, and others as a row of them. */
#include "tavs/protect.h"

enum { MONTHS_OF_YEAR = 12 };

enum protect_period protect_period_of(struct base_period period)
{
    const size_t months = base_period_months(period);
    if (period.first > period.last || period.first % months != 0)
        return PROTECT_NO_LAYOUT;
    switch (months) {
    case 1:
        return PROTECT_MONTH;
    case 3:
        return PROTECT_QUARTER;
    case 6:
        return PROTECT_HALF_YEAR;
    case MONTHS_OF_YEAR:
        return PROTECT_YEAR;
    default:
        return PROTECT_NO_LAYOUT;
    }
}

/* The longest period with a layout that begins with `first` and ends no later than `last`. */
static struct base_period longest_from(base_month first, base_month last)
{
    static const unsigned lengths[] = {MONTHS_OF_YEAR, 6, 3, 1};
    size_t i = 0;
    while (first % lengths[i] != 0 || first + lengths[i] - 1 > last)
        i++;
    return (struct base_period){first, (base_month)(first + lengths[i] - 1)};
}

size_t protect_split_period(struct base_period period, struct base_period *parts, size_t room)
{
    size_t count = 0;
    for (unsigned first = period.first; first <= period.last;) {
        const struct base_period part = longest_from((base_month)first, period.last);
        if (count < room)
            parts[count] = part;
        count++;
        first = part.last + 1U;
    }
    return count;
}
