/* keys: a recovery code of anything. No crash; what is accepted is a spelling of the very code, and every
 * spelling of it that the rules allow is accepted. */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 512 };

static struct keys_reader *reader;
static struct keys_public public_keys;
static char code[KEYS_RECOVERY_TEXT];

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static void make_key(void)
{
    struct base_error error;
    expect(sodium_init() >= 0 && keys_reader_new(&reader, &error) == BASE_OK);
    keys_reader_public(reader, &public_keys);
    keys_recovery_encode(reader, code);
}

static enum base_code decode(const char *text)
{
    struct base_error error;
    struct keys_reader *found = NULL;
    const enum base_code result = keys_recovery_decode(text, &public_keys, &found, &error);
    expect((found != NULL) == (result == BASE_OK));
    if (found != NULL) {
        char again[KEYS_RECOVERY_TEXT];
        keys_recovery_encode(found, again);
        expect(strcmp(again, code) == 0);
    }
    keys_reader_free(found);
    return result;
}

static const char *const separators[] = {
    "-", " ", ".", "\xc2\xa0", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92", "\xe2\x80\xaf"};
enum { SEPARATORS = sizeof separators / sizeof *separators };

/* The code as the input spells it: small letters, what separates groups in other places, O and I and L. */
static void respell(const uint8_t *data, size_t size)
{
    char text[4 * KEYS_RECOVERY_TEXT];
    size_t length = 0;
    for (size_t i = 0; code[i] != '\0'; i++) {
        const uint8_t how = size > 0 ? data[i % size] : 0;
        char symbol = code[i];
        if (symbol == '-')
            continue;
        if ((how & 1) != 0 && symbol >= 'A' && symbol <= 'Z')
            symbol = (char)(symbol - 'A' + 'a');
        else if (symbol == '0' && (how & 2) != 0)
            symbol = (how & 4) != 0 ? 'o' : 'O';
        else if (symbol == '1' && (how & 2) != 0)
            symbol = (how & 4) != 0 ? 'l' : 'I';
        text[length++] = symbol;
        if ((how & 8) != 0) {
            const char *separator = separators[(how >> 4) % SEPARATORS];
            memcpy(text + length, separator, strlen(separator));
            length += strlen(separator);
        }
    }
    text[length] = '\0';
    expect(decode(text) == BASE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[MOST + 1];
    if (reader == NULL)
        make_key();
    if (size > MOST)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    const enum base_code result = decode(text);
    expect(result == BASE_BAD_RECOVERY_CODE || result == BASE_WRONG_RECOVERY_CODE ||
           result == BASE_SWAPPED_RECOVERY_CODE);
    respell(data, size);
    return 0;
}
