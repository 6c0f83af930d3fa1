/* Inside of elgamal: what libsodium takes and we refuse. */
#ifndef TAVS_ELGAMAL_POINT_H
#define TAVS_ELGAMAL_POINT_H

#include "tavs/elgamal.h"

/* False for the identity, and for an encoding whose highest bit is set: libsodium 1.0.18 ignores
 * that bit, though no canonical encoding has it. True says nothing about the rest, which every
 * operation of libsodium checks. */
bool elgamal_point_may_be(const uint8_t point[ELGAMAL_POINT_BYTES]);
bool elgamal_cell_may_be(const struct elgamal_cell *cell);

/* True for a canonical scalar (below the group's order) other than zero. */
bool elgamal_scalar_is_valid(const uint8_t scalar[ELGAMAL_SCALAR_BYTES]);

/* Whether an operation of libsodium was done: that says nothing of what it worked on. */
bool elgamal_is_done(int result);

#endif
