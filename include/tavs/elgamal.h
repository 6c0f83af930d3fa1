/* elgamal: counts as exponential ElGamal ciphertexts over ristretto255 (RFC 9496).
 *
 *   x secret scalar, Y = xG public; a cell that counts m is (A, B) = (rG, mG + rY).
 *
 * All group arithmetic is libsodium's. Time and memory access depend on public values only (never
 * on which cell is counted, by how much, or on a scalar), but for elgamal_decrypt, whose search for
 * the discrete logarithm takes longer the larger the count is.
 */
#ifndef TAVS_ELGAMAL_H
#define TAVS_ELGAMAL_H

#include "tavs/base.h"

enum {
    ELGAMAL_POINT_BYTES = 32,
    ELGAMAL_SCALAR_BYTES = 32,
    ELGAMAL_CELL_BYTES = 64,
    ELGAMAL_LEAST_COUNT = -4096,
    ELGAMAL_MOST_COUNT = 1048575,
};

/* Both elements in ristretto255's encoding (RFC 9496, section 4.3.2). */
struct elgamal_cell {
    uint8_t a[ELGAMAL_POINT_BYTES];
    uint8_t b[ELGAMAL_POINT_BYTES];
};

/* True for a canonical encoding (RFC 9496, section 4.3.1) of an element other than the identity. */
bool elgamal_point_is_valid(const uint8_t point[ELGAMAL_POINT_BYTES]);

/* True if both elements are valid points. */
bool elgamal_cell_is_valid(const struct elgamal_cell *cell);

/* Reduces 64 uniformly random bytes to a scalar (RFC 9496, section 4.4). */
void elgamal_scalar_reduce(uint8_t scalar[ELGAMAL_SCALAR_BYTES], const uint8_t wide[64]);

/* Y = xG. False if x is zero or not canonical (>= the group's order). */
bool elgamal_public_key(uint8_t public_key[ELGAMAL_POINT_BYTES],
                        const uint8_t secret[ELGAMAL_SCALAR_BYTES]);

/* `cells` become fresh encryptions of zero. False if `public_key` is not a valid point. */
bool elgamal_encrypt_zeros(struct elgamal_cell *cells, size_t count,
                           const uint8_t public_key[ELGAMAL_POINT_BYTES]);

/* Re-randomises every one of the `count` cells, each with its own fresh scalar, and adds `amount`
 * (-1,048,575 .. 1,048,575; 0 counts nothing) to cells[counted]; counted < count. False, and the
 * cells unchanged, if the key or a cell is not valid, an argument is out of range or memory is
 * short. */
bool elgamal_add_count(struct elgamal_cell *cells, size_t count,
                       const uint8_t public_key[ELGAMAL_POINT_BYTES], size_t counted,
                       int32_t amount);

/* The same with an amount for each of them: amounts[i] is added to cells[i]. */
bool elgamal_add_counts(struct elgamal_cell *cells, size_t count,
                        const uint8_t public_key[ELGAMAL_POINT_BYTES], const int32_t amounts[]);

/* sum = sum + other: the encryption of both counts together. False, and `sum` unchanged, if a cell
 * is not valid. */
bool elgamal_add_cell(struct elgamal_cell *sum, const struct elgamal_cell *other);

/* The count in a cell. False if the cell is not valid, `secret` is zero or not canonical, or the
 * count lies outside ELGAMAL_LEAST_COUNT .. ELGAMAL_MOST_COUNT. */
bool elgamal_decrypt(const struct elgamal_cell *cell, const uint8_t secret[ELGAMAL_SCALAR_BYTES],
                     int64_t *count);

#endif
