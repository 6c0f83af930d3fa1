/* Preloaded where tests open stores thousands of times: a key from a passphrase costs next to nothing. Programs that
 * have no libsodium start with it as well. */
#include <stddef.h>

typedef unsigned char byte;
typedef unsigned long long length;
extern int crypto_generichash(byte *out, size_t outlen, const byte *in, length inlen,
                              const byte *key, size_t keylen) __attribute__((weak));
int crypto_pwhash(byte *out, length outlen, const char *passphrase, length size, const byte *salt,
                  length passes, size_t memory, int algorithm);
int crypto_pwhash(byte *out, length outlen, const char *passphrase, length size, const byte *salt,
                  length passes, size_t memory, int algorithm)
{
    (void)passes;
    (void)memory;
    (void)algorithm;
    return crypto_generichash(out, (size_t)outlen, (const byte *)passphrase, size, salt, 16);
}
