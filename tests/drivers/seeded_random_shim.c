/* Preloaded into `tavs init`: the store's keys and id are always the same, so that the same figures are hidden by lot
 * in every run of a test.
 *     RANDOM_SEED  text; other text, other keys
 * libsodium's own draws stay random. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned char byte;
extern int crypto_generichash(byte *out, size_t outlen, const byte *in, unsigned long long inlen,
                              const byte *key, size_t keylen);
extern void randombytes_buf_deterministic(void *to, size_t size, const byte seed[32]);
void randombytes_buf(void *to, size_t size);
void randombytes_buf(void *to, size_t size)
{
    static uint64_t drawn;
    const char *text = getenv("RANDOM_SEED");
    byte seed[32];

    drawn++;
    crypto_generichash(seed, sizeof seed, (const byte *)text, strlen(text), (const byte *)&drawn,
                       sizeof drawn);
    randombytes_buf_deterministic(to, size, seed);
}
