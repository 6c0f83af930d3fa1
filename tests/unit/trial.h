/* For tests: cmocka, the vectors of tests/vectors, dice that fall the same each time, and how much a
 * slow machine is spared. */
#ifndef TAVS_TESTS_TRIAL_H
#define TAVS_TESTS_TRIAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#define TRIAL_COUNT(array) (sizeof(array) / sizeof *(array))

/* True under valgrind (TAVS_VALGRIND or TAVS_SLOW_MACHINE=valgrind in the environment). */
bool trial_is_slow(void);

/* `rounds`, or 1 on a slow machine. */
unsigned trial_rounds(unsigned rounds);

/* Numbers that look random and are the same each time. */
struct trial_dice {
    uint64_t state;
};

uint64_t trial_roll(struct trial_dice *dice);
uint64_t trial_below(struct trial_dice *dice, uint64_t limit);
void trial_fill(struct trial_dice *dice, void *bytes, size_t size);

/* The file tests/vectors/NAME; release with json_decref. */
json_t *trial_vectors(const char *name);

/* The value of a key that must be there. */
json_t *trial_get(const json_t *object, const char *key);
unsigned trial_number(const json_t *object, const char *key);
const char *trial_text(const json_t *object, const char *key);

/* Hexadecimal digits as bytes, exactly `size` of them. */
void trial_bytes(const json_t *object, const char *key, uint8_t *bytes, size_t size);
void trial_hex(const json_t *text, uint8_t *bytes, size_t size);

#endif
