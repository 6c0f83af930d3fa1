#include "plain_counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MONTHS = 12 };

static void *need(void *memory)
{
    if (memory == NULL) {
        perror("plain_counts");
        exit(EXIT_FAILURE);
    }
    return memory;
}

struct tally_counts *plain_counts_new(const char *period, codebook_set channels,
                                      codebook_set parties)
{
    struct tally_counts *counts = need(calloc(1, sizeof *counts));
    struct base_error error;
    if (base_period_parse(period, &counts->period, &error) != BASE_OK) {
        fprintf(stderr, "plain_counts: %s\n", period);
        exit(EXIT_FAILURE);
    }
    counts->channels = channels;
    counts->parties = parties;
    counts->closed_through = counts->period.last;
    counts->cells = need(calloc(base_period_months(counts->period), sizeof *counts->cells));
    return counts;
}

void plain_counts_free(struct tally_counts *counts)
{
    free(counts->cells);
    free(counts);
}

struct tally_counts *plain_counts_join(struct tally_counts *a, struct tally_counts *b)
{
    struct tally_counts *both = need(calloc(1, sizeof *both));
    *both = *a;
    both->period.last = b->period.last;
    both->closed_through = b->closed_through;
    both->cells = need(calloc(base_period_months(both->period), sizeof *both->cells));
    memcpy(both->cells, a->cells, base_period_months(a->period) * sizeof *both->cells);
    memcpy(both->cells + (b->period.first - a->period.first), b->cells,
           base_period_months(b->period) * sizeof *both->cells);
    plain_counts_free(a);
    plain_counts_free(b);
    return both;
}

/* The number of a cell as docs/format.md has it; not the codebook's own function, which is under
 * test too. */
int64_t *plain_counts_cell(struct tally_counts *counts, size_t month, unsigned channel,
                           unsigned party, unsigned session)
{
    return &counts->cells[month][(channel * 3 + party) * 5 + session];
}

static const struct {
    unsigned channel, party, session;
    int64_t month[MONTHS];
} counted_in_2017[] = {
    {IN_PERSON, RELATIVE, 0, {3, 2, 3, 2, 2, 2, 1, 2, 3, 3, 2, 2}},     /* 27 */
    {IN_PERSON, USER, 0, {1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0}},         /* 9 */
    {IN_PERSON, PROFESSIONAL, 0, {0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0}}, /* 4 */
    {PHONE, RELATIVE, 0, {2, 2, 2, 1, 2, 2, 1, 1, 3, 2, 2, 1}},         /* 21 */
    {PHONE, USER, 0, {1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0}},             /* 7 */
    {PHONE, PROFESSIONAL, 0, {0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1, 0}},     /* 5 */
    {IN_PERSON, RELATIVE, 1, {1, 2, 2, 1, 2, 1, 1, 1, 2, 2, 2, 1}},     /* 18 */
    {PHONE, RELATIVE, 1, {1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1}},         /* 9 */
    {IN_PERSON, USER, 1, {0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0}},         /* 5 */
    {PHONE, PROFESSIONAL, 1, {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0}},     /* 2 */
    {IN_PERSON, RELATIVE, 2, {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},     /* 11 */
    {PHONE, RELATIVE, 2, {0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0}},         /* 4 */
    {IN_PERSON, USER, 2, {0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1}},         /* 3 */
    {IN_PERSON, RELATIVE, 3, {0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1}},     /* 7 */
    {IN_PERSON, RELATIVE, 4, {0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0}},     /* 4 */
};

struct tally_counts *plain_counts_like_2017(const char *year, unsigned shift, bool twice)
{
    struct tally_counts *counts =
        plain_counts_new(year, 1u << IN_PERSON | 1u << PHONE, CODEBOOK_ALL_PARTIES);
    for (size_t i = 0; i < sizeof counted_in_2017 / sizeof counted_in_2017[0]; i++)
        for (size_t month = 0; month < MONTHS; month++)
            *plain_counts_cell(counts, (month + shift) % MONTHS, counted_in_2017[i].channel,
                               counted_in_2017[i].party, counted_in_2017[i].session) =
                counted_in_2017[i].month[month] * (twice ? 2 : 1);
    return counts;
}

struct tally_counts *plain_counts_2017(void)
{
    return plain_counts_like_2017("2017", 0, false);
}
