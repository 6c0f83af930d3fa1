/* Invented places: courses begin in random months, and go on the same month or the next ones. */
#include "invent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MONTHS_OF_YEAR = 12 };

static void *need(void *memory)
{
    if (memory == NULL) {
        perror("invent");
        exit(EXIT_FAILURE);
    }
    return memory;
}

struct tally_counts *invent_nothing(unsigned channels, unsigned year, unsigned years)
{
    struct tally_counts *counts = need(calloc(1, sizeof *counts));
    counts->period.first = (base_month)(year * MONTHS_OF_YEAR);
    counts->period.last = (base_month)(counts->period.first + years * MONTHS_OF_YEAR - 1);
    counts->channels = (codebook_set)((1U << channels) - 1);
    counts->parties = CODEBOOK_ALL_PARTIES;
    counts->closed_through = counts->period.last;
    counts->cells = need(calloc(base_period_months(counts->period), sizeof *counts->cells));
    return counts;
}

struct tally_counts *invent_copy(const struct tally_counts *counts)
{
    struct tally_counts *copy = need(calloc(1, sizeof *copy));
    const size_t months = base_period_months(counts->period);
    *copy = *counts;
    copy->cells = need(calloc(months, sizeof *copy->cells));
    memcpy(copy->cells, counts->cells, months * sizeof *copy->cells);
    return copy;
}

void invent_free(struct tally_counts *counts)
{
    if (counts == NULL)
        return;
    free(counts->cells);
    free(counts);
}

/* The cell's number as docs/format.md has it. */
int64_t *invent_cell(struct tally_counts *counts, size_t month, unsigned channel, unsigned party,
                     unsigned session)
{
    return &counts
                ->cells[month][(channel * CODEBOOK_PARTIES + party) * CODEBOOK_SESSIONS + session];
}

static unsigned draw(struct chance *chance, const unsigned *weight, unsigned count)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += weight[i];
    unsigned at = chance_below(chance, sum), value = 0;
    while (at >= weight[value])
        at -= weight[value++];
    return value;
}

static void add_course(struct tally_counts *counts, const struct invent *how,
                       const unsigned *channels, const unsigned *parties, struct chance *chance)
{
    const size_t months = base_period_months(counts->period);
    const unsigned again = how->again != 0 ? how->again : 45;
    const unsigned party = draw(chance, parties, CODEBOOK_PARTIES);
    const unsigned channel = draw(chance, channels, how->channels);
    size_t month = chance_below(chance, (unsigned)months);
    for (unsigned session = 0; session < CODEBOOK_SESSIONS && month < months; session++) {
        const unsigned by =
            chance_below(chance, 5) == 0 ? draw(chance, channels, how->channels) : channel;
        ++*invent_cell(counts, month, by, party, session);
        if (chance_below(chance, 100) >= again)
            return;
        month += chance_below(chance, 3);
    }
}

static bool is_given(const unsigned *weight, unsigned count)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += weight[i];
    return sum != 0;
}

struct tally_counts *invent_place(const struct invent *how, unsigned year, unsigned years,
                                  struct chance *chance)
{
    static const unsigned channels[CODEBOOK_CHANNELS] = {8, 5, 2, 1};
    static const unsigned parties[CODEBOOK_PARTIES] = {2, 5, 1};
    struct tally_counts *counts = invent_nothing(how->channels, year, years);
    for (unsigned i = 0; i < how->courses * years; i++)
        add_course(counts, how, is_given(how->weight, how->channels) ? how->weight : channels,
                   is_given(how->party, CODEBOOK_PARTIES) ? how->party : parties, chance);
    return counts;
}
