#include "group.h"

#include <sodium.h>
#include <string.h>

uint8_t group_multiples[GROUP_MULTIPLES][ELGAMAL_POINT_BYTES];
uint8_t group_invalid[GROUP_INVALID][ELGAMAL_POINT_BYTES];
uint8_t group_secret[ELGAMAL_SCALAR_BYTES];
uint8_t group_public[ELGAMAL_POINT_BYTES];
const uint8_t group_one[ELGAMAL_SCALAR_BYTES] = {1};

static void load_points(const json_t *list, uint8_t points[][ELGAMAL_POINT_BYTES], size_t count)
{
    assert_int_equal(json_array_size(list), count);
    for (size_t i = 0; i < count; i++)
        trial_hex(json_array_get(list, i), points[i], ELGAMAL_POINT_BYTES);
}

int group_load(void **state)
{
    json_t *group = trial_vectors("rfc9496.json");
    json_t *voprf = trial_vectors("rfc9497.json");

    (void)state;
    load_points(trial_get(group, "multiples_of_generator"), group_multiples, GROUP_MULTIPLES);
    load_points(trial_get(group, "invalid_encodings"), group_invalid, GROUP_INVALID);
    trial_bytes(voprf, "secret_key", group_secret, sizeof group_secret);
    trial_bytes(voprf, "public_key", group_public, sizeof group_public);
    json_decref(group);
    json_decref(voprf);
    return sodium_init() < 0;
}

struct elgamal_cell group_cell(const uint8_t a[ELGAMAL_POINT_BYTES],
                               const uint8_t b[ELGAMAL_POINT_BYTES])
{
    struct elgamal_cell cell;

    memcpy(cell.a, a, sizeof cell.a);
    memcpy(cell.b, b, sizeof cell.b);
    return cell;
}

struct elgamal_cell group_fresh(int32_t count)
{
    struct elgamal_cell cell;

    assert_true(elgamal_encrypt_zeros(&cell, 1, group_public));
    assert_true(elgamal_add_count(&cell, 1, group_public, 0, count));
    return cell;
}

void group_assert_count(const struct elgamal_cell *cell, int64_t expected)
{
    int64_t count = INT64_MIN;

    if (!elgamal_decrypt(cell, group_secret, &count))
        fail_msg("a cell of %lld does not decrypt", (long long)expected);
    if (count != expected)
        fail_msg("a cell of %lld decrypts to %lld", (long long)expected, (long long)count);
}

void group_assert_no_count(const struct elgamal_cell *cell,
                           const uint8_t secret[ELGAMAL_SCALAR_BYTES])
{
    static const int64_t untouched = 0x5a5a5a;
    int64_t count = untouched;

    assert_false(elgamal_decrypt(cell, secret, &count));
    assert_true(count == untouched);
}
