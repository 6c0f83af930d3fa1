/* Figures for the tests of disclosure control, and their ways in: an aid, not a test. */
#ifndef PROTECTED_H
#define PROTECTED_H

#include "plain_counts.h"
#include "tavs/protect.h"

/* The counts of a year in tools/cases. */
struct tally_counts *protected_case(const char *year);

/* A month's courses in each channel and party: rows channels, columns parties, first
 * conversations of
 * January 2017. */
struct tally_counts *protected_courses(size_t channels, size_t parties, const int *figures);

/* protect_release of one place, which must do. */
struct protect_result *protected_release(const struct tally_counts *counts, unsigned threshold,
                                         const struct protect_table *const *tables, size_t count,
                                         bool explain);

/* The offered table of a kind, over the counts' own period. */
struct protect_table *protected_table(enum protect_kind kind, const struct tally_counts *counts);

#endif
