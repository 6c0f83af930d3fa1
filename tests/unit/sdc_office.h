/* Requests to the disclosure control, and what comes out: an aid, not a test. */
#ifndef PROTECT_OFFICE_H
#define PROTECT_OFFICE_H

#include "tavs/protect.h"

enum { PROTECT_OFFICE_PLACES = 2, PROTECT_OFFICE_MOST = 2000 };

/* Places that release again and again: what was shown is public. */
struct protect_office {
    struct protect_place place[PROTECT_OFFICE_PLACES];
    size_t places;
    struct cell_set shown[PROTECT_OFFICE_MOST];
    size_t shown_count;
    protect_lot *lot;
    void *lot_context;
    const struct protect_solver *solver;
};

struct protect_place protect_office_place(const struct tally_counts *counts);

/* Of "2017", "2017-01..2017-03"; everything up to the period's end is closed. What is shown is kept. */
enum base_code protect_office_release(struct protect_office *office, const char *period,
                                      struct protect_result **result);

/* The figure of all places with these sets of a year; fails if there is none. */
const struct protect_figure *protect_office_figure(const struct protect_result *result,
                                                   const char *period, codebook_set channels,
                                                   codebook_set sessions);

/* Each status fits its value, what is small is hidden, and the numbers of statuses add up. */
void protect_office_check(const struct protect_office *office, const struct protect_result *result);

#endif
