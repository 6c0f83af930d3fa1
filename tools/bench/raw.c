/* What one count can't do without: the same libsodium calls, and nothing else. */
#include <sodium.h>

#include "bench.h"
#include "tavs/record.h"

enum { SIGNATURES = 3 };

static unsigned char point[32], key[32], seed[32], public_key[32], secret_key[64];

/* What is signed: about as long as header, device and row. */
static const unsigned char message[RECORD_ROW_BYTES];
static const size_t sizes[SIGNATURES] = {RECORD_HEADER_BYTES, RECORD_DEVICE_BYTES,
                                         RECORD_ROW_BYTES};
static unsigned char signatures[SIGNATURES][64];

static void random_point(unsigned char to[32])
{
    unsigned char scalar[32];
    crypto_core_ristretto255_scalar_random(scalar);
    bench_check(crypto_scalarmult_ristretto255_base(to, scalar) == 0, "base");
}

static void prepare(void)
{
    static int done;
    if (done)
        return;
    done = 1;
    bench_check(sodium_init() >= 0, "sodium_init");
    random_point(point);
    random_point(key);
    crypto_sign_seed_keypair(public_key, secret_key, seed);
    for (size_t i = 0; i < SIGNATURES; i++)
        crypto_sign_detached(signatures[i], NULL, message, sizes[i], secret_key);
}

/* Both elements checked as they are read, a fresh encryption of zero, and the three additions that
 * keep from showing which cell is counted. */
static void one_cell(void)
{
    unsigned char scalar[32], a[32], b[32];
    int failed = crypto_core_ristretto255_is_valid_point(point) != 1;
    failed |= crypto_core_ristretto255_is_valid_point(point) != 1;
    crypto_core_ristretto255_scalar_random(scalar);
    failed |= crypto_scalarmult_ristretto255_base(a, scalar);
    failed |= crypto_scalarmult_ristretto255(b, scalar, key);
    failed |= crypto_core_ristretto255_add(a, a, point);
    failed |= crypto_core_ristretto255_add(b, b, point);
    failed |= crypto_core_ristretto255_add(b, b, point);
    bench_check(!failed, "raw calls");
}

/* The header's, the device's and the row's signature checked, this machine's key expanded, the
 * cells, the new row signed. */
void bench_raw_calls(void *context)
{
    unsigned char fresh[64];
    (void)context;
    prepare();
    for (size_t i = 0; i < SIGNATURES; i++)
        bench_check(crypto_sign_verify_detached(signatures[i], message, sizes[i], public_key) == 0,
                    "verify");
    crypto_sign_seed_keypair(public_key, secret_key, seed);
    for (int i = 0; i < CODEBOOK_CELLS; i++)
        one_cell();
    crypto_sign_detached(fresh, NULL, message, sizeof message, secret_key);
}
