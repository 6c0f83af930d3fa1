/* Prints, as a C header, the multiples 0G to (ELGAMAL_TABLE - 1)G of ristretto255's generator in
 * their encoding, sorted by it: the baby steps of the search for a discrete logarithm. Public
 * constants: anyone gets the same table. Made when the program is built, since making it takes
 * longer than a counsellor should wait. */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE = 1024 };

struct step {
    unsigned char point[crypto_core_ristretto255_BYTES];
    unsigned multiple;
};

static int by_point(const void *left, const void *right)
{
    return memcmp(((const struct step *)left)->point, ((const struct step *)right)->point,
                  crypto_core_ristretto255_BYTES);
}

static void print_point(const unsigned char *point)
{
    for (size_t i = 0; i < crypto_core_ristretto255_BYTES; i++)
        printf("%u,", point[i]);
}

int main(void)
{
    static struct step steps[TABLE];
    unsigned char one[crypto_core_ristretto255_SCALARBYTES] = {1};
    unsigned char generator[crypto_core_ristretto255_BYTES];
    unsigned char next[crypto_core_ristretto255_BYTES] = {0}; /* the identity */

    if (sodium_init() < 0 || crypto_scalarmult_ristretto255_base(generator, one) != 0)
        return EXIT_FAILURE;
    for (unsigned i = 0; i < TABLE; i++) {
        memcpy(steps[i].point, next, sizeof next);
        steps[i].multiple = i;
        if (crypto_core_ristretto255_add(next, next, generator) != 0)
            return EXIT_FAILURE;
    }
    qsort(steps, TABLE, sizeof *steps, by_point);

    printf("/* Made by tools/make_dlog_table.c. */\n"
           "#include \"tavs/elgamal.h\"\n"
           "enum { ELGAMAL_TABLE = %d };\n"
           "/* %dG: one giant step. */\n"
           "static const uint8_t elgamal_giant_step[ELGAMAL_POINT_BYTES] = {",
           TABLE, TABLE);
    print_point(next);
    printf("};\n"
           "static const struct {\n"
           "    uint8_t point[ELGAMAL_POINT_BYTES];\n"
           "    uint16_t multiple;\n"
           "} elgamal_baby_steps[ELGAMAL_TABLE] = {\n");
    for (unsigned i = 0; i < TABLE; i++) {
        printf("    {{");
        print_point(steps[i].point);
        printf("}, %u},\n", steps[i].multiple);
    }
    printf("};\n");
    return EXIT_SUCCESS;
}
