/* Plain counts for the tests of tables and their formats: an aid, not a test. */
#ifndef PLAIN_COUNTS_H
#define PLAIN_COUNTS_H

#include "tavs/tally.h"

/* The values of the codebook by name. Sessions count from 0. */
enum { IN_PERSON, PHONE, MAIL, WEB };
enum { USER, RELATIVE, PROFESSIONAL };

/* Zeros over "2017", "2017-01..2017-03", …, all months closed. */
struct tally_counts *plain_counts_new(const char *period, codebook_set channels,
                                      codebook_set parties);
void plain_counts_free(struct tally_counts *counts);

/* The cell of month number `month` (0 is the period's first). */
int64_t *plain_counts_cell(struct tally_counts *counts, size_t month, unsigned channel,
                           unsigned party, unsigned session);

/* Zeros over all of what a and b cover, with their counts; a comes first and both have the same
 * offers. Frees both. */
struct tally_counts *plain_counts_join(struct tally_counts *a, struct tally_counts *b);

/* 73 courses: 40 in person, 33 by telephone, as an annual report of 2017 has them; the rest is invented.
 * By party 16 users, 48 relatives and 9 professionals; 136 conversations, 88 in person and 48 by
 * telephone; 34, 18, 7 and 4 courses reached a 2nd, 3rd, 4th and 5th. */
struct tally_counts *plain_counts_2017(void);

/* Invented: 2017's figures shifted by `shift` months within another year, doubled if `twice`. */
struct tally_counts *plain_counts_like_2017(const char *year, unsigned shift, bool twice);

#endif
