#include "invented_office.h"

#include <stdio.h>
#include <stdlib.h>

#include "tavs/secret.h"

enum { MONTHS_OF_YEAR = 12 };

static uint64_t chance;

static unsigned below(unsigned bound)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (unsigned)((chance >> 33) % bound);
}

/* One of `count` values, each as likely as its weight says. */
static unsigned pick(const unsigned *weight, unsigned count)
{
    unsigned sum = 0, value = 0;
    for (unsigned i = 0; i < count; i++)
        sum += weight[i];
    for (unsigned left = below(sum); left >= weight[value]; value++)
        left -= weight[value];
    return value;
}

static void *guarded(size_t size)
{
    struct base_error error;
    void *memory;
    if (secret_new(size, &memory, &error) != BASE_OK) {
        fputs("invented_office: no memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}

static void invent_course(struct tally_counts *counts, unsigned months, unsigned channels)
{
    static const unsigned by_channel[] = {11, 9, 2, 1}, by_party[] = {4, 12, 3};
    const unsigned party = pick(by_party, CODEBOOK_PARTIES);
    unsigned channel = pick(by_channel, channels), month = below(months);
    for (unsigned session = 0; session < CODEBOOK_SESSIONS && month < months; session++) {
        const struct codebook_contact contact = {
            {(uint8_t)channel, (uint8_t)party, (uint8_t)session}};
        counts->cells[month][codebook_cell(contact)]++;
        if (below(100) >= (session == 0 ? 45 : 55))
            return;
        month += below(2);
        channel = below(4) == 0 ? pick(by_channel, channels) : channel;
    }
}

struct tally_counts *invented_office_new(const struct invention *invention)
{
    const unsigned months = invention->years * MONTHS_OF_YEAR;
    struct tally_counts *counts = guarded(sizeof *counts);
    chance = UINT64_C(0x9e3779b97f4a7c15) * (invention->seed + 1);
    counts->period.first = (base_month)(invention->first_year * MONTHS_OF_YEAR);
    counts->period.last = (base_month)(counts->period.first + months - 1);
    counts->closed_through = counts->period.last;
    counts->channels = (codebook_set)((1U << invention->channels) - 1);
    counts->parties = CODEBOOK_ALL_PARTIES;
    counts->cells = guarded(months * sizeof *counts->cells);
    for (unsigned i = 0; i < invention->courses * invention->years; i++)
        invent_course(counts, months, invention->channels);
    return counts;
}

void invented_office_free(struct tally_counts *counts)
{
    secret_free(counts->cells);
    secret_free(counts);
}
