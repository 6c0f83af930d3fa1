/* Which of the wanted sums may be shown, beside what is given: model, choice and audit in turn, until the
 * audit passes. */
#ifndef PROTECT_SETTLE_H
#define PROTECT_SETTLE_H

#include "audit.h"
#include "choose.h"
#include "model.h"

enum settle_role {
    SETTLE_WANTED,
    SETTLE_WANTED_HIDDEN, /* published, but hidden whatever its size */
    SETTLE_SHOWN,         /* was shown, with the value that it has now */
    SETTLE_HIDDEN,        /* was hidden */
    SETTLE_STALE_SHOWN,   /* was shown, maybe with another value */
    SETTLE_STALE_HIDDEN,
    SETTLE_AGAIN /* of the release that is only explained: it stays as it is, and is among the given ones too */
};

struct settle_sum {
    struct protect_sum sum;
    enum settle_role role;
    int64_t value; /* out, as the following */
    bool shown, small;
    uint32_t number;     /* in its part's system; SYSTEM_NOTHING: zero by definition, and shown */
    int64_t least, most; /* if it was to be explained: what an attacker is left with */
    size_t instead;      /* the sum that could be hidden in its place; SIZE_MAX: none */
};

struct settlement {
    struct model_ground ground;
    unsigned threshold;
    const struct protect_solver *solver;
    double exact_deadline, deadline;
    struct arena *arena;
    bool
        estimate; /* a choice without an audit, for trying joins; what it finds is never published */
    bool explain;
    struct settle_sum *sums;
    size_t count;
    /* Out: */
    enum protect_method method;
    size_t exposed_before, witnesses;
};

/* Settles the wanted sums, each part (parts.h) by itself, or with those before it. What is only given, and leads
 * to nothing wanted, is left as it is. BASE_NOT_PROTECTED, BASE_NOT_PROVEN, BASE_NO_MEMORY. */
enum base_code settle(struct settlement *settlement, struct base_error *error);

#endif
