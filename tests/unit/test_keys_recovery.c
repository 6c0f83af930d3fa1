/* keys: the recovery code, every form in which it may be typed and every slip in typing it. */
#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "sample.h"

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

enum { DIGITS = 52, SYMBOLS = DIGITS + 1, TEXT = 512 };

/* One reader of the vectors for each of the 37 check symbols, and a few more. */
static json_t *format;
static const json_t *readers;

static int load(void **state)
{
    (void)state;
    format = trial_vectors("format.json");
    readers = trial_get(format, "readers");
    return sodium_init() < 0;
}

static int unload(void **state)
{
    (void)state;
    json_decref(format);
    return 0;
}

static enum base_code decode(const char *text, const json_t *answers, struct keys_reader **out)
{
    struct keys_public public_keys = sample_public(answers);
    struct base_error error = {.subject = ""};
    enum base_code code = keys_recovery_decode(text, &public_keys, out, &error);

    if (code != BASE_OK) {
        assert_int_equal(error.code, code);
        assert_string_equal(error.subject, ""); /* no word of a secret */
    }
    return code;
}

static void assert_read(const char *text, const json_t *answers)
{
    uint8_t scalar[ELGAMAL_SCALAR_BYTES];
    struct keys_reader *reader = NULL;

    if (decode(text, answers, &reader) != BASE_OK)
        fail_msg("\"%s\" is not read", text);
    trial_bytes(answers, "scalar", scalar, sizeof scalar);
    assert_memory_equal(keys_reader_scalar(reader), scalar, sizeof scalar);
    keys_reader_free(reader);
}

static void assert_not_a_code(const char *text)
{
    struct keys_reader *reader = NULL;

    if (decode(text, json_array_get(readers, 0), &reader) != BASE_BAD_RECOVERY_CODE)
        fail_msg("\"%s\" is taken for a code", text);
    assert_null(reader);
}

/* The code without hyphens. */
static void bare_code(char bare[SYMBOLS + 1], const json_t *answers)
{
    for (const char *from = trial_text(answers, "recovery"); *from != '\0'; from++)
        if (*from != '-')
            *bare++ = *from;
    *bare = '\0';
}

static unsigned value_of(char symbol)
{
    return (unsigned)(strchr(symbols, symbol) - symbols);
}

/* ---- what is read ----------------------------------------------------------------------------- */

static void test_known_codes_both_ways(void **state)
{
    unsigned checks_seen = 0;

    (void)state;
    for (size_t i = 0; i < json_array_size(readers); i++) {
        const json_t *answers = json_array_get(readers, i);
        const char *code = trial_text(answers, "recovery");
        struct keys_reader *reader = sample_reader(answers);
        char text[KEYS_RECOVERY_TEXT];

        assert_read(code, answers);
        keys_recovery_encode(reader, text);
        assert_string_equal(text, code);
        checks_seen += value_of(code[strlen(code) - 1]) == i - 5;
        keys_reader_free(reader);
    }
    assert_int_equal(checks_seen, 37);
}

static void test_new_readers_round_trip(void **state)
{
    (void)state;
    for (unsigned i = 0; i < trial_rounds(200); i++) {
        struct keys_reader *reader, *again = NULL;
        struct keys_public public_keys;
        struct base_error error;
        char text[KEYS_RECOVERY_TEXT];

        assert_int_equal(keys_reader_new(&reader, &error), BASE_OK);
        keys_reader_public(reader, &public_keys);
        keys_recovery_encode(reader, text);
        assert_int_equal(keys_recovery_decode(text, &public_keys, &again, &error), BASE_OK);
        assert_memory_equal(keys_reader_scalar(again), keys_reader_scalar(reader), 32);
        keys_reader_free(reader);
        keys_reader_free(again);
    }
}

static void test_case_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < json_array_size(readers); i++) {
        const json_t *answers = json_array_get(readers, i);
        char text[TEXT];
        size_t length = (size_t)snprintf(text, sizeof text, "%s", trial_text(answers, "recovery"));

        for (size_t j = 0; j < length; j++)
            text[j] = (char)tolower(text[j]);
        assert_read(text, answers);
    }
}

/* Each 0 and 1 as each letter that looks like it. */
static void test_letters_that_look_like_digits(void **state)
{
    static const char *const looks[] = {"oO", "iIlL"};

    (void)state;
    for (size_t i = 0; i < json_array_size(readers); i++) {
        for (size_t form = 0; form < 4; form++) {
            char text[TEXT];

            bare_code(text, json_array_get(readers, i));
            for (char *at = text; *at != '\0'; at++)
                if (*at == '0' || *at == '1')
                    *at = looks[*at - '0'][form % strlen(looks[*at - '0'])];
            assert_read(text, json_array_get(readers, i));
        }
    }
}

static void test_separators_do_not_matter(void **state)
{
    static const char *const separators[] = {
        "", "-", " ", "  ", " - ", "--", "\t", "\n", "\r\n", ".", " . ", ":", "_", "/",
        /* no-break space, en and em dash, minus, hyphen that does not break, point in the middle, narrow space, mark */
        "\xc2\xa0", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92", "\xe2\x80\x91", "\xc2\xb7",
        "\xe2\x80\xaf", "\xef\xbb\xbf", "\xc2\xa0\xe2\x80\x93 "};
    const json_t *answers = json_array_get(readers, 9);
    char bare[SYMBOLS + 1], text[TEXT];

    (void)state;
    bare_code(bare, answers);
    for (size_t i = 0; i < TRIAL_COUNT(separators); i++) {
        char *end = text;

        /* Everywhere: before, between and after the symbols. */
        for (size_t j = 0; j < SYMBOLS; j++)
            end +=
                snprintf(end, (size_t)(text + sizeof text - end), "%s%c", separators[i], bare[j]);
        snprintf(end, (size_t)(text + sizeof text - end), "%s", separators[i]);
        assert_read(text, answers);
    }
}

/* ---- what is not ------------------------------------------------------------------------------ */

static void test_every_wrong_symbol_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < trial_rounds(6); i++) {
        char text[SYMBOLS + 1];

        bare_code(text, json_array_get(readers, 5 + 7 * i));
        for (size_t at = 0; at < SYMBOLS; at++) {
            char right = text[at];

            for (size_t value = 0; value < sizeof symbols - 1; value++) {
                text[at] = symbols[value];
                if (text[at] != right)
                    assert_not_a_code(text);
            }
            text[at] = right;
        }
    }
}

static void test_every_swap_of_neighbours_is_noticed(void **state)
{
    unsigned swaps = 0;

    (void)state;
    for (size_t i = 0; i < json_array_size(readers); i++) {
        char text[SYMBOLS + 1];

        bare_code(text, json_array_get(readers, i));
        for (size_t at = 0; at + 1 < SYMBOLS; at++) {
            char left = text[at], right = text[at + 1];

            text[at] = right;
            text[at + 1] = left;
            if (left != right)
                assert_not_a_code(text);
            swaps += left != right;
            text[at] = left;
            text[at + 1] = right;
        }
    }
    assert_true(swaps > 1500);
}

static void test_wrong_length(void **state)
{
    char bare[SYMBOLS + 1], text[TEXT];

    (void)state;
    bare_code(bare, json_array_get(readers, 9));
    for (size_t size = 0; size < SYMBOLS; size++) {
        snprintf(text, sizeof text, "%.*s", (int)size, bare);
        assert_not_a_code(text);
    }
    for (size_t at = 0; at < SYMBOLS; at++) {
        snprintf(text, sizeof text, "%.*s%s", (int)at, bare, bare + at + 1);
        assert_not_a_code(text);
    }
    for (size_t at = 0; at <= SYMBOLS; at++) {
        snprintf(text, sizeof text, "%.*s0%s", (int)at, bare, bare + at);
        assert_not_a_code(text);
    }
    snprintf(text, sizeof text, "%s%s", bare, bare);
    assert_not_a_code(text);
    assert_not_a_code("-- - --");
}

static void test_foreign_characters(void **state)
{
    char bare[SYMBOLS + 1], text[TEXT];

    (void)state;
    bare_code(bare, json_array_get(readers, 9));
    for (size_t at = 0; at < SYMBOLS; at += SYMBOLS / 4) {
        for (unsigned byte = 1; byte < 256; byte++) {
            if (strchr(symbols, toupper((int)byte)) != NULL || strchr("oOiIlL", (int)byte) != NULL)
                continue;
            snprintf(text, sizeof text, "%.*s%c%s", (int)at, bare, (char)byte, bare + at + 1);
            assert_not_a_code(text);
            if (strchr("- \t\r\n.,:;_/", (int)byte) != NULL)
                continue;
            snprintf(text, sizeof text, "%.*s%c%s", (int)at, bare, (char)byte, bare + at);
            assert_not_a_code(text);
        }
    }
}

/* Each pair of groups that differ, also where the check symbol sees nothing (nine groups apart) and where the number
 * would not fit; of another store's code nothing is suspected. */
static void test_groups_that_changed_places(void **state)
{
    enum { GROUP = 4, GROUPS = DIGITS / GROUP };
    const json_t *answers = json_array_get(readers, 9);
    struct keys_public own = sample_public(answers);
    struct keys_public other = sample_public(json_array_get(readers, 10));
    struct keys_reader *reader = NULL;
    struct base_error error;
    char bare[SYMBOLS + 1], text[SYMBOLS + 1], expected[16];
    (void)state;
    bare_code(bare, answers);
    for (size_t i = 0; i < GROUPS; i++) {
        for (size_t j = i + 1; j < GROUPS; j++) {
            strcpy(text, bare);
            memcpy(text + GROUP * i, bare + GROUP * j, GROUP);
            memcpy(text + GROUP * j, bare + GROUP * i, GROUP);
            if (strcmp(text, bare) == 0)
                continue;
            snprintf(expected, sizeof expected, "%zu, %zu", i + 1, j + 1);
            assert_int_equal(keys_recovery_decode(text, &own, &reader, &error),
                             BASE_SWAPPED_RECOVERY_CODE);
            assert_string_equal(error.subject, expected);
            assert_int_not_equal(keys_recovery_decode(text, &other, &reader, &error),
                                 BASE_SWAPPED_RECOVERY_CODE);
            assert_null(reader);
        }
    }
}

/* 52 symbols hold 260 bits; what is beyond 256 must be zero even where the check symbol fits. */
static void test_numbers_too_great(void **state)
{
    unsigned place = 1; /* 32 to the power of 51, modulo 37 */
    char text[SYMBOLS + 1];

    (void)state;
    for (size_t i = 0; i < DIGITS - 1; i++)
        place = place * 32 % 37;
    bare_code(text, json_array_get(readers, 9));
    unsigned first = value_of(text[0]), check = value_of(text[DIGITS]);
    assert_true(first < 2);
    for (unsigned more = 2; first + more < 32; more += 2) {
        text[0] = symbols[first + more];
        text[DIGITS] = symbols[(check + more * place) % 37];
        assert_not_a_code(text);
    }
}

static void test_code_of_another_store(void **state)
{
    struct keys_reader *reader = NULL;

    (void)state;
    for (size_t i = 1; i < json_array_size(readers); i++) {
        const char *code = trial_text(json_array_get(readers, i), "recovery");

        assert_int_equal(decode(code, json_array_get(readers, i - 1), &reader),
                         BASE_WRONG_RECOVERY_CODE);
        assert_null(reader);
    }
}

/* Both public keys must fit, not one of them. */
static void test_code_with_half_of_the_keys(void **state)
{
    const char *code = trial_text(json_array_get(readers, 9), "recovery");
    struct keys_public own = sample_public(json_array_get(readers, 9));
    struct keys_public other = sample_public(json_array_get(readers, 10));
    struct keys_public mixed = own;
    struct keys_reader *reader = NULL;
    struct base_error error;

    (void)state;
    memcpy(mixed.signing, other.signing, sizeof mixed.signing);
    assert_int_equal(keys_recovery_decode(code, &mixed, &reader, &error), BASE_WRONG_RECOVERY_CODE);
    mixed = other;
    memcpy(mixed.signing, own.signing, sizeof mixed.signing);
    assert_int_equal(keys_recovery_decode(code, &mixed, &reader, &error), BASE_WRONG_RECOVERY_CODE);
    assert_null(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_codes_both_ways),
        cmocka_unit_test(test_new_readers_round_trip),
        cmocka_unit_test(test_case_does_not_matter),
        cmocka_unit_test(test_letters_that_look_like_digits),
        cmocka_unit_test(test_separators_do_not_matter),
        cmocka_unit_test(test_every_wrong_symbol_is_noticed),
        cmocka_unit_test(test_every_swap_of_neighbours_is_noticed),
        cmocka_unit_test(test_wrong_length),
        cmocka_unit_test(test_foreign_characters),
        cmocka_unit_test(test_groups_that_changed_places),
        cmocka_unit_test(test_numbers_too_great),
        cmocka_unit_test(test_code_of_another_store),
        cmocka_unit_test(test_code_with_half_of_the_keys),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
