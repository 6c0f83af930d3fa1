#include <string.h>

#include "reader.h"
#include "tavs/secret.h"
#include "tavs/unicode.h"

/* Douglas Crockford's base32: the first 32 symbols are digits, the last five serve for the check.
 */
static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
static const char ignored[] = "- \t\r\n.,:;_/"; /* what people put between groups */

enum {
    BASE32 = 32,
    BITS_A_SYMBOL = 5,
    CHECK_MODULUS = 37,
    DIGITS = 52, /* 260 bits: four zero bits, then the seed's 256 */
    PADDING_BITS = DIGITS * BITS_A_SYMBOL - KEYS_SEED_BYTES * 8,
    GROUP = 4,
    GROUPS = DIGITS / GROUP,
};

_Static_assert(KEYS_RECOVERY_TEXT > DIGITS + DIGITS / GROUP + 1, "digits, hyphens, check symbol");

/* The seed as a number modulo 37. */
static unsigned check_value(const uint8_t seed[KEYS_SEED_BYTES])
{
    unsigned remainder = 0;
    for (size_t i = 0; i < KEYS_SEED_BYTES; i++)
        remainder = (remainder * 256 + seed[i]) % CHECK_MODULUS;
    return remainder;
}

void keys_recovery_encode(const struct keys_reader *reader, char text[KEYS_RECOVERY_TEXT])
{
    unsigned bits = 0;
    unsigned held = PADDING_BITS; /* how many bits of `bits` are waiting */
    size_t taken = 0;
    char *end = text;

    for (size_t digit = 0; digit < DIGITS; digit++) {
        if (held < BITS_A_SYMBOL) {
            bits = (bits << 8) | reader->seed[taken++];
            held += 8;
        }
        held -= BITS_A_SYMBOL;
        *end++ = symbols[(bits >> held) % BASE32];
        if (digit % GROUP == GROUP - 1)
            *end++ = '-';
    }
    *end++ = symbols[check_value(reader->seed)];
    *end = '\0';
    secret_wipe(&bits, sizeof bits);
}

/* The value of a symbol as people may write it, or -1. */
static int symbol_value(char symbol)
{
    /* Not toupper: a Turkish locale has another idea of "i". */
    char upper = symbol >= 'a' && symbol <= 'z' ? (char)(symbol - 'a' + 'A') : symbol;
    if (upper == 'O')
        upper = '0';
    if (upper == 'I' || upper == 'L')
        upper = '1';
    const char *found = upper == '\0' ? NULL : strchr(symbols, upper);
    return found == NULL ? -1 : (int)(found - symbols);
}

/* How many bytes of what separates groups `text` begins with: beside ASCII the dashes, points and spaces that programs and
 * printers put in their place, and the marks without width that come along when text is copied. */
static size_t separator(const char *text)
{
    static const char *const others[] = {
        "\xc2\xad",                                     /* U+00AD, soft hyphen */
        "\xc2\xb7",                                     /* U+00B7, point in the middle */
        "\xe2\x80\x8b",                                 /* U+200B to U+200D, without width */
        "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x90", /* U+2010 to U+2015, hyphens and dashes */
        "\xe2\x80\x91", "\xe2\x80\x92", "\xe2\x80\x93",
        "\xe2\x80\x94", "\xe2\x80\x95", "\xe2\x80\xa2", /* U+2022, bullet */
        "\xe2\x80\xa6",                                 /* U+2026, three points */
        "\xe2\x80\xa7",                                 /* U+2027 */
        "\xe2\x81\xa0",                                 /* U+2060 */
        "\xe2\x81\x83",                                 /* U+2043, hyphen bullet */
        "\xe2\x88\x92",                                 /* U+2212, minus */
        "\xe2\x8b\x85",                                 /* U+22C5, point in the middle */
        "\xef\xb9\x98", /* U+FE58, U+FE63, U+FF0D: dashes and minus of other widths */
        "\xef\xb9\xa3", "\xef\xbc\x8d", "\xef\xbb\xbf", /* U+FEFF */
    };
    if (*text == '\0')
        return 0;
    if (strchr(ignored, *text) != NULL)
        return 1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(text, others[i], strlen(others[i])) == 0)
            return strlen(others[i]);
    return unicode_space(text);
}

/* The values of a code's symbols, without what separates them. */
struct code {
    uint8_t digit[DIGITS], check;
};

/* False if `text` has not the right number of symbols, or others. */
static bool read_symbols(const char *text, struct code *code)
{
    size_t count = 0;
    while (*text != '\0') {
        const size_t skipped = separator(text);
        const int value = skipped > 0 ? 0 : symbol_value(*text);
        text += skipped > 0 ? skipped : 1;
        if (skipped > 0)
            continue;
        if (value < 0 || count > DIGITS || (count < DIGITS && value >= BASE32))
            return false;
        *(count < DIGITS ? &code->digit[count] : &code->check) = (uint8_t)value;
        count++;
    }
    return count == DIGITS + 1;
}

/* False if the number does not fit, or the check symbol is not the number's. */
static bool to_seed(const struct code *code, uint8_t seed[KEYS_SEED_BYTES])
{
    unsigned bits = 0;
    unsigned held = 0;
    size_t filled = 0;
    if (code->digit[0] >> (BITS_A_SYMBOL - PADDING_BITS) != 0)
        return false;
    for (size_t i = 0; i < DIGITS; i++) {
        bits = (bits << BITS_A_SYMBOL) | code->digit[i];
        held += i == 0 ? BITS_A_SYMBOL - PADDING_BITS : BITS_A_SYMBOL;
        if (held >= 8) {
            held -= 8;
            seed[filled++] = (uint8_t)(bits >> held);
        }
    }
    secret_wipe(&bits, sizeof bits);
    return code->check == check_value(seed);
}

/* BASE_BAD_RECOVERY_CODE, BASE_WRONG_RECOVERY_CODE, BASE_NO_MEMORY. */
static enum base_code open_code(const struct code *code, const struct keys_public *public_keys,
                                struct keys_reader **out, struct base_error *error)
{
    uint8_t seed[KEYS_SEED_BYTES] = {0};
    struct keys_reader *reader = NULL;
    enum base_code result = to_seed(code, seed)
                                ? keys_reader_from_seed(seed, &reader, error)
                                : base_fail(error, BASE_BAD_RECOVERY_CODE, "%s", "");
    secret_wipe(seed, sizeof seed);
    if (result == BASE_OK && !keys_reader_has(reader, public_keys)) {
        keys_reader_free(reader);
        result = base_fail(error, BASE_WRONG_RECOVERY_CODE, "%s", "");
    }
    if (result == BASE_OK)
        *out = reader;
    return result;
}

static void swap_groups(struct code *code, size_t one, size_t other)
{
    for (size_t i = 0; i < GROUP; i++) {
        const uint8_t digit = code->digit[GROUP * one + i];
        code->digit[GROUP * one + i] = code->digit[GROUP * other + i];
        code->digit[GROUP * other + i] = digit;
    }
}

/* Whether two groups that change places make it this store's code: then it names them. The check symbol leaves few of all
 * pairs to be tried with the keys; alone it would suspect wrong ones, too. */
static bool find_swap(struct code *code, const struct keys_public *public_keys,
                      struct base_error *error)
{
    struct base_error unsaid;
    for (size_t one = 0; one < GROUPS; one++) {
        for (size_t other = one + 1; other < GROUPS; other++) {
            struct keys_reader *reader = NULL;
            swap_groups(code, one, other);
            const bool found = open_code(code, public_keys, &reader, &unsaid) == BASE_OK;
            keys_reader_free(reader);
            swap_groups(code, one, other);
            if (found) {
                (void)base_fail(error, BASE_SWAPPED_RECOVERY_CODE, "%zu, %zu", one + 1, other + 1);
                return true;
            }
        }
    }
    return false;
}

enum base_code keys_recovery_decode(const char *text, const struct keys_public *public_keys,
                                    struct keys_reader **out, struct base_error *error)
{
    struct code code = {0};
    const bool is_code = read_symbols(text, &code);
    enum base_code result = is_code ? open_code(&code, public_keys, out, error)
                                    : base_fail(error, BASE_BAD_RECOVERY_CODE, "%s", "");
    const bool is_another = result == BASE_BAD_RECOVERY_CODE || result == BASE_WRONG_RECOVERY_CODE;
    if (is_code && is_another && find_swap(&code, public_keys, error))
        result = error->code;
    secret_wipe(&code, sizeof code);
    return result;
}
