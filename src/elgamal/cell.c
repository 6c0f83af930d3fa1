#include <sodium.h>
#include <string.h>

#include "point.h"
#include "tavs/secret.h"

/* (sG, sY) for a fresh random s: an encryption of zero. `public_key` has been checked, so that
 * libsodium could only refuse s = 0, which it never draws. */
static bool encrypt_zero(struct elgamal_cell *cell, const uint8_t public_key[ELGAMAL_POINT_BYTES])
{
    uint8_t scalar[ELGAMAL_SCALAR_BYTES];
    crypto_core_ristretto255_scalar_random(scalar);
    bool done = elgamal_is_done(crypto_scalarmult_ristretto255_base(cell->a, scalar)) &&
                elgamal_is_done(crypto_scalarmult_ristretto255(cell->b, scalar, public_key));
    sodium_memzero(scalar, sizeof scalar);
    secret_declassify(cell, sizeof *cell);
    return done;
}

bool elgamal_encrypt_zeros(struct elgamal_cell *cells, size_t count,
                           const uint8_t public_key[ELGAMAL_POINT_BYTES])
{
    bool done = elgamal_point_is_valid(public_key);
    for (size_t i = 0; done && i < count; i++)
        done = encrypt_zero(&cells[i], public_key);
    return done;
}

static void small_scalar(uint8_t scalar[ELGAMAL_SCALAR_BYTES], uint32_t value)
{
    memset(scalar, 0, ELGAMAL_SCALAR_BYTES);
    for (unsigned i = 0; i < 4; i++)
        scalar[i] = (uint8_t)(value >> (8 * i));
}

/* amount * G, in time that does not depend on the amount. libsodium multiplies by no zero, and a
 * negative scalar would need a branch, so an offset beyond every amount is added to the scalar and
 * taken off the element. */
static bool amount_point(uint8_t point[ELGAMAL_POINT_BYTES], int32_t amount)
{
    static const uint32_t offset = 1U << 21;
    _Static_assert(ELGAMAL_MOST_COUNT < 1 << 21, "the shifted amount is positive");
    uint8_t scalar[ELGAMAL_SCALAR_BYTES];
    uint8_t offset_point[ELGAMAL_POINT_BYTES];

    small_scalar(scalar, offset);
    bool done = elgamal_is_done(crypto_scalarmult_ristretto255_base(offset_point, scalar));
    small_scalar(scalar, offset + (uint32_t)amount);
    done = done && elgamal_is_done(crypto_scalarmult_ristretto255_base(point, scalar)) &&
           elgamal_is_done(crypto_core_ristretto255_sub(point, point, offset_point));
    sodium_memzero(scalar, sizeof scalar);
    return done;
}

/* cell + fresh zero + `addend`; an addend of zero bytes is the identity and counts nothing. */
static bool refresh(struct elgamal_cell *fresh, const struct elgamal_cell *cell,
                    const uint8_t public_key[ELGAMAL_POINT_BYTES],
                    const uint8_t addend[ELGAMAL_POINT_BYTES])
{
    return elgamal_cell_may_be(cell) && encrypt_zero(fresh, public_key) &&
           elgamal_is_done(crypto_core_ristretto255_add(fresh->a, fresh->a, cell->a)) &&
           elgamal_is_done(crypto_core_ristretto255_add(fresh->b, fresh->b, cell->b)) &&
           elgamal_is_done(crypto_core_ristretto255_add(fresh->b, fresh->b, addend));
}

/* 0xff if the two are equal, else 0, without a branch. */
static uint8_t equal_mask(size_t left, size_t right)
{
    uint64_t difference = (uint64_t)left ^ (uint64_t)right;
    return (uint8_t)(((difference | (0U - difference)) >> 63) - 1);
}

bool elgamal_add_count(struct elgamal_cell *cells, size_t count,
                       const uint8_t public_key[ELGAMAL_POINT_BYTES], size_t counted,
                       int32_t amount)
{
    uint8_t point[ELGAMAL_POINT_BYTES];
    uint8_t addend[ELGAMAL_POINT_BYTES];
    struct base_error error;
    void *memory;

    const int out_of_range =
        (counted >= count) | (amount < -ELGAMAL_MOST_COUNT) | (amount > ELGAMAL_MOST_COUNT);
    secret_declassify(&out_of_range, sizeof out_of_range);
    if (out_of_range)
        return false;
    if (secret_new(count * sizeof *cells, &memory, &error) != BASE_OK)
        return false;
    struct elgamal_cell *fresh = memory;
    bool done = elgamal_point_is_valid(public_key) && amount_point(point, amount);
    for (size_t i = 0; done && i < count; i++) {
        uint8_t mask = equal_mask(i, counted);
        for (size_t j = 0; j < sizeof addend; j++)
            addend[j] = point[j] & mask;
        done = refresh(&fresh[i], &cells[i], public_key, addend);
    }
    secret_declassify(fresh, count * sizeof *fresh);
    if (done)
        memcpy(cells, fresh, count * sizeof *cells);
    secret_free(fresh);
    sodium_memzero(point, sizeof point);
    sodium_memzero(addend, sizeof addend);
    return done;
}

bool elgamal_add_counts(struct elgamal_cell *cells, size_t count,
                        const uint8_t public_key[ELGAMAL_POINT_BYTES], const int32_t amounts[])
{
    uint8_t addend[ELGAMAL_POINT_BYTES];
    struct base_error error;
    void *memory;

    int out_of_range = 0;
    for (size_t i = 0; i < count; i++)
        out_of_range |= (amounts[i] < -ELGAMAL_MOST_COUNT) | (amounts[i] > ELGAMAL_MOST_COUNT);
    secret_declassify(&out_of_range, sizeof out_of_range);
    if (out_of_range)
        return false;
    if (secret_new(count * sizeof *cells, &memory, &error) != BASE_OK)
        return false;
    struct elgamal_cell *fresh = memory;
    bool done = elgamal_point_is_valid(public_key);
    for (size_t i = 0; done && i < count; i++)
        done =
            amount_point(addend, amounts[i]) && refresh(&fresh[i], &cells[i], public_key, addend);
    secret_declassify(fresh, count * sizeof *fresh);
    if (done)
        memcpy(cells, fresh, count * sizeof *cells);
    secret_free(fresh);
    sodium_memzero(addend, sizeof addend);
    return done;
}

bool elgamal_add_cell(struct elgamal_cell *sum, const struct elgamal_cell *other)
{
    struct elgamal_cell result;
    if (!elgamal_cell_may_be(sum) || !elgamal_cell_may_be(other) ||
        crypto_core_ristretto255_add(result.a, sum->a, other->a) != 0 ||
        crypto_core_ristretto255_add(result.b, sum->b, other->b) != 0)
        return false;
    *sum = result;
    return true;
}
