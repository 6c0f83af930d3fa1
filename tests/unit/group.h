/* For tests of elgamal: public vectors, a public key pair, and cells under it. */
#ifndef TAVS_TESTS_GROUP_H
#define TAVS_TESTS_GROUP_H

#include "tavs/elgamal.h"
#include "trial.h"

enum { GROUP_MULTIPLES = 16, GROUP_INVALID = 30 };

/* RFC 9496, appendix A: 0G to 15G, and what must not be decoded. */
extern uint8_t group_multiples[GROUP_MULTIPLES][ELGAMAL_POINT_BYTES];
extern uint8_t group_invalid[GROUP_INVALID][ELGAMAL_POINT_BYTES];

/* RFC 9497, appendix A.1.2: x and Y = xG. */
extern uint8_t group_secret[ELGAMAL_SCALAR_BYTES];
extern uint8_t group_public[ELGAMAL_POINT_BYTES];

extern const uint8_t group_one[ELGAMAL_SCALAR_BYTES];

/* Fills all these and starts libsodium: a group setup of cmocka. */
int group_load(void **state);

struct elgamal_cell group_cell(const uint8_t a[ELGAMAL_POINT_BYTES],
                               const uint8_t b[ELGAMAL_POINT_BYTES]);

/* A fresh cell of `count` under the key pair. */
struct elgamal_cell group_fresh(int32_t count);

/* Fails unless the cell decrypts, under the key pair, to `expected`. */
void group_assert_count(const struct elgamal_cell *cell, int64_t expected);

/* Fails unless the cell does not decrypt, and the output is left alone. */
void group_assert_no_count(const struct elgamal_cell *cell,
                           const uint8_t secret[ELGAMAL_SCALAR_BYTES]);

#endif
