#include "inside.h"

struct table_selection table_select_all(const struct tally_counts *counts)
{
    const struct table_selection all = {
        .months = counts->period,
        .channels = CODEBOOK_ALL_CHANNELS,
        .parties = CODEBOOK_ALL_PARTIES,
        .sessions = TABLE_ALL_SESSIONS,
    };
    return all;
}

static bool selects(const struct table_selection *selection, unsigned cell)
{
    const struct codebook_contact contact = codebook_contact_of(cell);
    return set_has(selection->channels, contact.value[CODEBOOK_CHANNEL]) &&
           set_has(selection->parties, contact.value[CODEBOOK_PARTY]) &&
           set_has(selection->sessions, contact.value[CODEBOOK_SESSION]);
}

/* Adds the selected cells up and says whether any of them was not zero. */
static int64_t add_up(const struct tally_counts *counts, const struct table_selection *selection,
                      bool *any)
{
    int64_t sum = 0;
    *any = false;
    for (size_t month = 0; month < base_period_months(counts->period); month++) {
        const size_t number = counts->period.first + month;
        if (number < selection->months.first || number > selection->months.last)
            continue;
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            if (!selects(selection, cell))
                continue;
            sum += counts->cells[month][cell];
            *any = *any || counts->cells[month][cell] != 0;
        }
    }
    return sum;
}

int64_t table_sum(const struct tally_counts *counts, struct table_selection selection)
{
    bool any;
    return add_up(counts, &selection, &any);
}

bool table_any_counted(const struct tally_counts *counts, struct table_selection selection)
{
    bool any;
    (void)add_up(counts, &selection, &any);
    return any;
}

codebook_set *selection_set(struct table_selection *selection, enum codebook_dimension dimension)
{
    switch (dimension) {
    case CODEBOOK_CHANNEL:
        return &selection->channels;
    case CODEBOOK_PARTY:
        return &selection->parties;
    default:
        return &selection->sessions;
    }
}

codebook_set rows_of_dimension(const struct tally_counts *counts, const struct base_period *periods,
                               size_t period_count, enum codebook_dimension dimension)
{
    if (dimension == CODEBOOK_SESSION)
        return TABLE_ALL_SESSIONS;
    codebook_set rows = dimension == CODEBOOK_CHANNEL ? counts->channels : counts->parties;
    for (size_t i = 0; i < period_count; i++) {
        for (unsigned value = 0; value < codebook_values(dimension); value++) {
            struct table_selection one = table_select_all(counts);
            one.months = periods[i];
            *selection_set(&one, dimension) = (codebook_set)(1u << value);
            if (table_any_counted(counts, one))
                rows |= *selection_set(&one, dimension);
        }
    }
    return rows;
}
