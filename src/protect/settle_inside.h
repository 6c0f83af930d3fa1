#ifndef PROTECT_SETTLE_INSIDE_H
#define PROTECT_SETTLE_INSIDE_H

#include "settle.h"

/* ---- prepare.c ---- */

/* The system with its statuses and needs: wanted sums are shown, but the small ones. */
enum base_code settle_prepare(struct settlement *settlement, struct base_error *error);

/* ---- expose.c ---- */

/* Needs that are not met even if all that is decided now is hidden: earlier releases have told, or (only if
 * `singles` matter) the rules of sessions tell the makers of single contacts. They are lowered to what those
 * leave open, and counted. BASE_NOT_PROVEN, BASE_NO_MEMORY. */
enum base_code waive_exposed(struct settlement *settlement, bool singles, struct base_error *error);

#endif
