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
    SETTLE_STALE_HIDDEN
};

struct settle_sum {
    struct protect_sum sum;
    enum settle_role role;
    int64_t value; /* out, as the following */
    bool shown, small;
    uint32_t number; /* in the system, SYSTEM_NOTHING: zero by definition, and shown */
};

struct settlement {
    struct model_ground ground;
    unsigned threshold;
    const struct protect_solver *solver;
    double exact_deadline, deadline;
    struct arena *arena;
    struct settle_sum *sums;
    size_t count;
    /* Out: */
    struct system system;
    struct chooser *chooser; /* what the choice has learned */
    enum protect_method method;
    size_t exposed_before, witnesses;
};

/* BASE_NOT_PROTECTED, BASE_NOT_PROVEN, BASE_NO_MEMORY. */
enum base_code settle(struct settlement *settlement, struct base_error *error);

/* Lets go of what is not in the arena; also after a failure. */
void settle_end(struct settlement *settlement);

/* A choice without an audit, for trying joins; its findings are never published. */
enum base_code settle_estimate(struct settlement *settlement, struct base_error *error);

#endif
