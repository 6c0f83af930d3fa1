#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "elgamal_table.h"
#include "point.h"
#include "tavs/secret.h"

_Static_assert(-ELGAMAL_LEAST_COUNT % ELGAMAL_TABLE == 0, "negative counts fill whole giant steps");
_Static_assert((ELGAMAL_MOST_COUNT + 1) % ELGAMAL_TABLE == 0, "and so do the others");

static int compare_point(const void *point, const void *step)
{
    return memcmp(point, step, ELGAMAL_POINT_BYTES); /* a step begins with its point */
}

/* The multiple m in 0 .. ELGAMAL_TABLE - 1 for which point = mG, or -1. */
static int baby_step(const uint8_t point[ELGAMAL_POINT_BYTES])
{
    const uint8_t *found = bsearch(point, elgamal_baby_steps, ELGAMAL_TABLE,
                                   sizeof elgamal_baby_steps[0], compare_point);
    if (found == NULL)
        return -1;
    size_t place = (size_t)(found - elgamal_baby_steps[0].point) / sizeof elgamal_baby_steps[0];
    return elgamal_baby_steps[place].multiple;
}

typedef int group_operation(unsigned char *result, const unsigned char *p, const unsigned char *q);

/* Tries point, point -/+ one giant step, ... `giants` of them. On success *count is the logarithm,
 * `direction` * giant steps further than the multiple found. */
static bool search(const uint8_t point[ELGAMAL_POINT_BYTES], group_operation *step, int direction,
                   int first, int giants, int64_t *count)
{
    uint8_t walker[ELGAMAL_POINT_BYTES];
    bool found = false;
    memcpy(walker, point, sizeof walker);
    for (int giant = 0; giant < first + giants; giant++) {
        int multiple = giant < first ? -1 : baby_step(walker);
        found = multiple >= 0;
        if (found) {
            *count = multiple + (int64_t)direction * giant * ELGAMAL_TABLE;
            break;
        }
        if (step(walker, walker, elgamal_giant_step) != 0)
            break;
    }
    sodium_memzero(walker, sizeof walker);
    return found;
}

/* Baby steps, giant steps (Shanks 1971): the counts of ordinary months are found at once, then the
 * small negative ones, then the large. */
static bool logarithm(const uint8_t point[ELGAMAL_POINT_BYTES], int64_t *count)
{
    enum {
        DOWN = -ELGAMAL_LEAST_COUNT / ELGAMAL_TABLE,
        UP = (ELGAMAL_MOST_COUNT + 1) / ELGAMAL_TABLE,
    };
    return search(point, crypto_core_ristretto255_sub, 1, 0, 1, count) ||
           search(point, crypto_core_ristretto255_add, -1, 1, DOWN, count) ||
           search(point, crypto_core_ristretto255_sub, 1, 1, UP - 1, count);
}

bool elgamal_decrypt(const struct elgamal_cell *cell, const uint8_t secret[ELGAMAL_SCALAR_BYTES],
                     int64_t *count)
{
    uint8_t point[ELGAMAL_POINT_BYTES];
    bool done = elgamal_cell_may_be(cell) && elgamal_scalar_is_valid(secret) &&
                elgamal_is_done(crypto_scalarmult_ristretto255(point, secret, cell->a)) &&
                elgamal_is_done(crypto_core_ristretto255_sub(point, cell->b, point));
    secret_declassify(point, sizeof point); /* the search takes longer the larger the count is */
    done = done && logarithm(point, count);
    sodium_memzero(point, sizeof point);
    return done;
}
