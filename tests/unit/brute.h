/* Everything that an attacker can think possible, by trying all whole-number tallies of a few cells. Written
 * from the rule alone: it shares nothing with the room. An aid, not a test. */
#ifndef BRUTE_H
#define BRUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BRUTE_CELLS = 16, BRUTE_SUMS = 160 };

struct brute_sum {
    uint32_t cells; /* bit i: cell i is in it */
    bool shown;
    int value; /* if it is shown */
    /* Out, of hidden ones: the least and most that it can be. Where it has no limit, most is what was looked
     * as far as, at least the threshold. */
    int least, most;
};

struct brute {
    size_t cells;
    int truth[BRUTE_CELLS];
    uint32_t fixed; /* cells that the attacker knows himself */
    /* Over each prefix of the months he knows that the second cells add up to no more than the first. */
    size_t rules;
    struct {
        uint32_t more, less;
    } rule[BRUTE_SUMS];
    size_t sums;
    struct brute_sum sum[BRUTE_SUMS];
    int limit;          /* of a cell that no shown sum limits */
    uint64_t most_work; /* tallies that are tried at most; 0: any number */
};

/* Fills in least and most. False if that is more work than it may be. */
bool brute_force(struct brute *brute);

#endif
