#include "point.h"

#include <sodium.h>
#include <string.h>

#include "tavs/secret.h"

_Static_assert(ELGAMAL_POINT_BYTES == crypto_core_ristretto255_BYTES, "encoding of an element");
_Static_assert(ELGAMAL_SCALAR_BYTES == crypto_core_ristretto255_SCALARBYTES, "scalar");

bool elgamal_point_may_be(const uint8_t point[ELGAMAL_POINT_BYTES])
{
    return (point[ELGAMAL_POINT_BYTES - 1] & 0x80) == 0 &&
           !sodium_is_zero(point, ELGAMAL_POINT_BYTES);
}

bool elgamal_cell_may_be(const struct elgamal_cell *cell)
{
    return elgamal_point_may_be(cell->a) && elgamal_point_may_be(cell->b);
}

bool elgamal_point_is_valid(const uint8_t point[ELGAMAL_POINT_BYTES])
{
    return elgamal_point_may_be(point) && crypto_core_ristretto255_is_valid_point(point) == 1;
}

bool elgamal_cell_is_valid(const struct elgamal_cell *cell)
{
    return elgamal_point_is_valid(cell->a) && elgamal_point_is_valid(cell->b);
}

void elgamal_scalar_reduce(uint8_t scalar[ELGAMAL_SCALAR_BYTES], const uint8_t wide[64])
{
    crypto_core_ristretto255_scalar_reduce(scalar, wide);
}

/* libsodium only masks a scalar that is not canonical: a scalar is canonical if reducing it changes
 * nothing. */
bool elgamal_scalar_is_valid(const uint8_t scalar[ELGAMAL_SCALAR_BYTES])
{
    uint8_t wide[64] = {0};
    uint8_t reduced[ELGAMAL_SCALAR_BYTES];
    memcpy(wide, scalar, ELGAMAL_SCALAR_BYTES);
    crypto_core_ristretto255_scalar_reduce(reduced, wide);
    const int differs = sodium_memcmp(reduced, scalar, sizeof reduced);
    const int refused = differs | sodium_is_zero(scalar, ELGAMAL_SCALAR_BYTES);
    sodium_memzero(wide, sizeof wide);
    sodium_memzero(reduced, sizeof reduced);
    secret_declassify(&refused, sizeof refused);
    return refused == 0;
}

bool elgamal_is_done(int result)
{
    secret_declassify(&result, sizeof result);
    return result == 0;
}

bool elgamal_public_key(uint8_t public_key[ELGAMAL_POINT_BYTES],
                        const uint8_t secret[ELGAMAL_SCALAR_BYTES])
{
    const bool done = elgamal_scalar_is_valid(secret) &&
                      elgamal_is_done(crypto_scalarmult_ristretto255_base(public_key, secret));
    secret_declassify(public_key, ELGAMAL_POINT_BYTES);
    return done;
}
