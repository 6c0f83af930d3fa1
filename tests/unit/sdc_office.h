/* Requests to the disclosure control, and what comes out: an aid, not a test. */
#ifndef SDC_OFFICE_H
#define SDC_OFFICE_H

#include "tavs/sdc.h"

enum { SDC_OFFICE_PLACES = 2, SDC_OFFICE_MOST = 2000 };

/* Places that release again and again: what was shown is public. */
struct sdc_office {
    struct sdc_place place[SDC_OFFICE_PLACES];
    size_t places;
    struct cell_set shown[SDC_OFFICE_MOST];
    size_t shown_count;
    sdc_lot *lot;
    void *lot_context;
    const struct sdc_solver *solver;
};

struct sdc_place sdc_office_place(const struct tally_counts *counts);

/* Of "2017", "2017-01..2017-03"; everything up to the period's end is closed. What is shown is kept. */
enum base_code sdc_office_release(struct sdc_office *office, const char *period,
                                  struct sdc_result **result);

/* The figure of all places with these sets of a year; fails if there is none. */
const struct sdc_figure *sdc_office_figure(const struct sdc_result *result, const char *period,
                                           codebook_set channels, codebook_set sessions);

/* Each status fits its value, what is small is hidden, and the numbers of statuses add up. */
void sdc_office_check(const struct sdc_office *office, const struct sdc_result *result);

#endif
