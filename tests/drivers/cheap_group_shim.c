/* Preloaded where a test runs the program thousands of times: what is worked out for each of hundreds of cells costs
 * next to nothing. The group is the scalars themselves, under addition: mG is m. All laws hold that the program relies
 * on, and nothing is secret. Only the multiples that the program's table of logarithms begins with, and its step from
 * there on, are written as ristretto255 writes them. Stores are made with this library preloaded, too. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

enum { SIZE = crypto_core_ristretto255_BYTES, TABLE = 1024, REMEMBERED = 16 };

/* The elements that were last written as ristretto255 does, and which multiples they are; first the giant step. */
static struct {
    unsigned char element[SIZE];
    unsigned char scalar[SIZE];
} known[REMEMBERED];
static int next_known;

static void remember(const unsigned char *scalar)
{
    int (*real)(unsigned char *, const unsigned char *) =
        (__typeof__(real))dlsym(RTLD_NEXT, "crypto_scalarmult_ristretto255_base");
    (void)real(known[next_known].element, scalar);
    memcpy(known[next_known].scalar, scalar, SIZE);
    next_known = next_known % (REMEMBERED - 1) + 1;
}

__attribute__((constructor)) static void begin(void)
{
    static const unsigned char giant_step[SIZE] = {TABLE & 0xff, TABLE >> 8};
    remember(giant_step);
}

static bool is_small(const unsigned char *scalar)
{
    return scalar[0] + 256 * scalar[1] < TABLE && sodium_is_zero(scalar + 2, SIZE - 2);
}

static void write_element(unsigned char *element, const unsigned char *scalar)
{
    memcpy(element, scalar, SIZE);
    if (!is_small(scalar) || sodium_is_zero(scalar, SIZE))
        return;
    const int here = next_known;
    remember(scalar);
    memcpy(element, known[here].element, SIZE);
}

/* False if no element is written so. */
static bool read_element(unsigned char *scalar, const unsigned char *element)
{
    unsigned char wide[crypto_core_ristretto255_NONREDUCEDSCALARBYTES] = {0};
    for (int i = 0; i < REMEMBERED; i++) {
        if (memcmp(known[i].element, element, SIZE) == 0) {
            memcpy(scalar, known[i].scalar, SIZE);
            return true;
        }
    }
    memcpy(wide, element, SIZE);
    crypto_core_ristretto255_scalar_reduce(scalar, wide);
    return memcmp(scalar, element, SIZE) == 0;
}

int crypto_core_ristretto255_is_valid_point(const unsigned char *element)
{
    unsigned char scalar[SIZE];
    return read_element(scalar, element) ? 1 : 0;
}

static int combine(unsigned char *result, const unsigned char *p, const unsigned char *q,
                   void (*how)(unsigned char *, const unsigned char *, const unsigned char *))
{
    unsigned char a[SIZE], b[SIZE];
    if (!read_element(a, p) || !read_element(b, q))
        return -1;
    how(a, a, b);
    write_element(result, a);
    return 0;
}

int crypto_core_ristretto255_add(unsigned char *sum, const unsigned char *p, const unsigned char *q)
{
    return combine(sum, p, q, crypto_core_ristretto255_scalar_add);
}

int crypto_core_ristretto255_sub(unsigned char *difference, const unsigned char *p,
                                 const unsigned char *q)
{
    return combine(difference, p, q, crypto_core_ristretto255_scalar_sub);
}

/* As libsodium does, this refuses what gives zero. */
static int multiply(unsigned char *product, const unsigned char *n, const unsigned char *m)
{
    unsigned char scalar[SIZE];
    crypto_core_ristretto255_scalar_mul(scalar, n, m);
    write_element(product, scalar);
    return sodium_is_zero(scalar, SIZE) ? -1 : 0;
}

int crypto_scalarmult_ristretto255(unsigned char *product, const unsigned char *scalar,
                                   const unsigned char *element)
{
    unsigned char multiple[SIZE];
    return read_element(multiple, element) ? multiply(product, scalar, multiple) : -1;
}

int crypto_scalarmult_ristretto255_base(unsigned char *product, const unsigned char *scalar)
{
    static const unsigned char one[SIZE] = {1};
    return multiply(product, scalar, one);
}
