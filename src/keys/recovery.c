#include <string.h>

#include "reader.h"
#include "tavs/secret.h"

/* Douglas Crockford's base32: the first 32 symbols are digits, the last five serve for the check.
 */
static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
static const char ignored[] = "- \t\r\n";

enum {
    BASE32 = 32,
    BITS_A_SYMBOL = 5,
    CHECK_MODULUS = 37,
    DIGITS = 52, /* 260 bits: four zero bits, then the seed's 256 */
    PADDING_BITS = DIGITS * BITS_A_SYMBOL - KEYS_SEED_BYTES * 8,
    GROUP = 4,
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

/* False if `text` is not a code. */
static bool decode(const char *text, uint8_t seed[KEYS_SEED_BYTES])
{
    unsigned bits = 0;
    unsigned held = 0;
    size_t digits = 0;
    size_t filled = 0;

    for (; *text != '\0'; text++) {
        if (strchr(ignored, *text) != NULL)
            continue;
        int value = symbol_value(*text);
        if (digits == DIGITS) { /* the check symbol: nothing but hyphens and spaces may follow */
            bool ends = text[1 + strspn(text + 1, ignored)] == '\0';
            secret_wipe(&bits, sizeof bits);
            return ends && value >= 0 && (unsigned)value == check_value(seed);
        }
        if (value < 0 || value >= BASE32 ||
            (digits == 0 && value >> (BITS_A_SYMBOL - PADDING_BITS) != 0))
            break;
        bits = (bits << BITS_A_SYMBOL) | (unsigned)value;
        held += digits == 0 ? BITS_A_SYMBOL - PADDING_BITS : BITS_A_SYMBOL;
        digits++;
        if (held >= 8) {
            held -= 8;
            seed[filled++] = (uint8_t)(bits >> held);
        }
    }
    secret_wipe(&bits, sizeof bits);
    return false;
}

enum base_code keys_recovery_decode(const char *text, const struct keys_public *public_keys,
                                    struct keys_reader **out, struct base_error *error)
{
    uint8_t seed[KEYS_SEED_BYTES] = {0};
    struct keys_reader *reader = NULL;
    enum base_code code = decode(text, seed) ? keys_reader_from_seed(seed, &reader, error)
                                             : base_fail(error, BASE_BAD_RECOVERY_CODE, "%s", "");
    if (code == BASE_OK && !keys_reader_has(reader, public_keys)) {
        keys_reader_free(reader);
        code = base_fail(error, BASE_WRONG_RECOVERY_CODE, "%s", "");
    }
    if (code == BASE_OK)
        *out = reader;
    secret_wipe(seed, sizeof seed);
    return code;
}
