/* A run: groups of digits with a separator between them, as long as a number may be. */
#ifndef TAVS_SCAN_RUN_H
#define TAVS_SCAN_RUN_H

#include "find.h"

enum {
    MOST_GROUPS = 6,  /* that a number may have, and one to see what follows */
    MOST_DIGITS = 16, /* of a group; a longer one is no number of these kinds */
    MOST_BETWEEN = 4, /* characters between groups */
    BEFORE_BYTES = 28,
};

enum separator { APART, SPACE, DASH, DOT, SLASH };

struct group {
    size_t start, size;
    enum separator next; /* to the group after it */
    bool loose;          /* the separator has spaces around its sign */
};

struct run {
    struct scan_text text;
    const struct find_context *context;
    struct group group[MOST_GROUPS];
    size_t count;
    struct group before; /* size 0: none is joined to the first */
    char said[BEFORE_BYTES + 1];
};

bool run_digit_at(struct scan_text text, size_t at);

/* Copies the digits of the first `count` groups; false unless they are `need` in all. */
bool run_gather(const struct run *run, size_t count, char *digits, size_t need);

/* Where the first `count` groups end in the text. */
size_t run_end(const struct run *run, size_t count);

/* True if there is nothing else in the text. */
bool run_is_whole(const struct run *run, size_t count);

/* Joined to a further group before or after; by a sign only, or by a space too. */
bool run_is_part(const struct run *run, size_t count, bool by_space);

bool run_touches_letter(const struct run *run, size_t count);

/* "0,0101901234" */
bool run_is_decimals(const struct run *run);

void run_report(const struct run *run, size_t count, enum scan_kind kind,
                enum scan_confidence confidence, find_take *take, void *taker);

/* Each reports what the run begins with and returns how many groups it took, 0 for none. */
size_t run_match_cpr(const struct run *run, find_take *take, void *taker);
size_t run_match_birthday(const struct run *run, find_take *take, void *taker);
size_t run_match_phone(const struct run *run, find_take *take, void *taker);

#endif
