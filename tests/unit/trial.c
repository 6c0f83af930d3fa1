#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool trial_is_slow(void)
{
    const char *machine = getenv("TAVS_SLOW_MACHINE");

    return getenv("TAVS_VALGRIND") != NULL || (machine != NULL && strcmp(machine, "valgrind") == 0);
}

unsigned trial_rounds(unsigned rounds)
{
    return trial_is_slow() ? 1 : rounds;
}

/* ---- dice: Steele, Lea and Flood's SplitMix64 ------------------------------------------------- */

uint64_t trial_roll(struct trial_dice *dice)
{
    uint64_t mixed = dice->state += 0x9e3779b97f4a7c15;

    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

uint64_t trial_below(struct trial_dice *dice, uint64_t limit)
{
    return trial_roll(dice) % limit;
}

void trial_fill(struct trial_dice *dice, void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)trial_roll(dice);
}

/* ---- vectors ---------------------------------------------------------------------------------- */

json_t *trial_vectors(const char *name)
{
    char path[512];
    json_error_t error;

    snprintf(path, sizeof path, "%s/vectors/%s", TESTS_DIR, name);
    json_t *vectors = json_load_file(path, 0, &error);
    if (vectors == NULL)
        fail_msg("%s: %s", path, error.text);
    return vectors;
}

json_t *trial_get(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);

    if (value == NULL)
        fail_msg("the vectors have no \"%s\"", key);
    return value;
}

unsigned trial_number(const json_t *object, const char *key)
{
    return (unsigned)json_integer_value(trial_get(object, key));
}

const char *trial_text(const json_t *object, const char *key)
{
    return json_string_value(trial_get(object, key));
}

void trial_hex(const json_t *text, uint8_t *bytes, size_t size)
{
    const char *digits = json_string_value(text);

    assert_non_null(digits);
    assert_int_equal(strlen(digits), 2 * size);
    for (size_t i = 0; i < size; i++) {
        unsigned byte;

        assert_int_equal(sscanf(digits + 2 * i, "%2x", &byte), 1);
        bytes[i] = (uint8_t)byte;
    }
}

void trial_bytes(const json_t *object, const char *key, uint8_t *bytes, size_t size)
{
    trial_hex(trial_get(object, key), bytes, size);
}
