/* A house that publishes by protect_release and keeps what it showed, as the ledgers of its places would: an aid of the
 * attacks. */
#ifndef HOUSE_H
#define HOUSE_H

#include "outside.h"
#include "tavs/protect.h"

enum { HOUSE_PLACES = 3, HOUSE_MOST = 6000 };

/* What was shown, in one edition. */
struct house_shown {
    struct cell_set set;
    int64_t value;
};

struct house {
    unsigned threshold, places;
    struct tally_counts *counts[HOUSE_PLACES]; /* of the whole life; the house's own */
    base_month closed_through;
    uint64_t lot_key; /* 0: none is hidden by lot */
    protect_lot *lot; /* or lots of the caller's */
    void *lot_context;
    struct house_shown shown[HOUSE_MOST];
    size_t shown_count;
    size_t before; /* so many of them had been shown before the last release */
    unsigned releases, refused;
    /* Of the last release. */
    size_t figures, seen, searches, programs;
    double seconds; /* of the processor */
};

struct house *house_open(unsigned places, unsigned threshold, struct tally_counts *const *counts);
void house_close(struct house *house);

/* Publishes the periods together for the places of a set; false if that was refused. What is published is checked:
 * its figures are those of the layouts, their values true, no small one shown, what was public shown. */
bool house_publish(struct house *house, const struct base_period *periods, size_t count,
                   unsigned places);
bool house_publish_one(struct house *house, base_month first, unsigned months);

/* A new edition of all that was shown. false: refused. */
bool house_correct(struct house *house);

/* Whether a figure is shown. */
bool house_shows(const struct house *house, const struct cell_set *set);
int64_t house_value(const struct house *house, const struct cell_set *set);

/* All that is shown, attacked; years from..to. Of the latest release only what it added is held against it. */
void house_attack(const struct house *house, unsigned from, unsigned to, bool say,
                  struct outside_found *found);

/* The processor's time of this process so far. */
double house_clock(void);

#endif
