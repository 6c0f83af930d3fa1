#ifndef PROTECT_SETTLE_INSIDE_H
#define PROTECT_SETTLE_INSIDE_H

#include "settle.h"

/* A part on its way. */
struct settle_part {
    struct settlement *whole;
    struct model_ground ground;
    struct arena *arena;
    struct settle_sum *sums; /* copies */
    size_t *index;           /* of each in the whole */
    size_t count;
    bool follows; /* another part ends where it begins: what was carried over is known */
    struct system system;
    struct audit_tallies tallies;
    struct chooser *chooser; /* what the choice has learned */
};

/* ---- settle_part.c ---- */

/* Leaves in the copies what was decided. As settle. */
enum base_code settle_part(struct settle_part *part, struct base_error *error);

/* ---- prepare.c ---- */

/* The system with its statuses: wanted sums are shown, but the small ones. */
enum base_code settle_publish(struct settle_part *part, struct base_error *error);

/* The same, and the needs. */
enum base_code settle_prepare(struct settle_part *part, struct base_error *error);

/* ---- alone.c ---- */

/* Whether all that is shown of the part is possible if there was no conversation before it. Then it tells
 * nothing of those; it does not depend on them. BASE_NO_MEMORY. */
enum base_code stands_alone(struct settle_part *part, bool *alone, struct base_error *error);

/* ---- expose.c ---- */

/* Needs that are not met even if all that is decided now is hidden: earlier releases have told. They are lowered
 * to what those leave open, and counted. BASE_NOT_PROVEN, BASE_NO_MEMORY. */
enum base_code waive_exposed(struct settle_part *part, struct base_error *error);

/* The same of what the maker of a single contact knows of a need: by the rules of sessions he knows that there
 * was a first contact before his second. BASE_NOT_PROVEN also if it is not exposed. */
enum base_code waive_finding(struct settle_part *part, const struct audit_finding *finding,
                             struct base_error *error);

/* ---- explain.c ---- */

/* Intervals and exchanges of what is hidden. */
enum base_code explain_part(struct settle_part *part, struct base_error *error);

#endif
