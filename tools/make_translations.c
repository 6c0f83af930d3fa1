/* Prints, as C, the translations of a catalogue that msgfmt has made: `danish_bytes`, in which texts stand, each
 * with a zero after it, and `danish_entries`, in the order of strcmp: where a text and its translation stand.
 * A text that has two forms is found by the first; the forms of its translation stand after each other.
 *
 * The catalogue's format: GNU gettext's manual, "The Format of GNU MO Files". */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char file[1 << 24];
static size_t size;

static _Noreturn void stop(const char *why)
{
    fprintf(stderr, "make_translations: %s\n", why);
    exit(EXIT_FAILURE);
}

static uint32_t number_at(size_t place)
{
    if (place + 4 > size)
        stop("the catalogue is cut off");
    return (uint32_t)file[place] | (uint32_t)file[place + 1] << 8 |
           (uint32_t)file[place + 2] << 16 | (uint32_t)file[place + 3] << 24;
}

/* The text that the `index`th of a table of lengths and places names. */
static const char *text_at(uint32_t table, uint32_t index)
{
    const uint32_t length = number_at(table + 8 * (size_t)index);
    const uint32_t place = number_at(table + 8 * (size_t)index + 4);
    if ((size_t)place + length >= size || file[place + length] != '\0')
        stop("the catalogue is cut off");
    return (const char *)file + place;
}

int main(void)
{
    enum { MAGIC = 0x950412de, AT_VERSION = 4, AT_COUNT = 8, AT_TEXTS = 12, AT_TRANSLATIONS = 16 };
    size = fread(file, 1, sizeof file, stdin);
    if (size == sizeof file || number_at(0) != MAGIC)
        stop("no catalogue, or one of another byte order");
    if (number_at(AT_VERSION) != 0) /* they stand apart, cut at these */
        stop("a text has %<PRId64> or its like: let the sources write %lld");
    const uint32_t count = number_at(AT_COUNT), texts = number_at(AT_TEXTS),
                   translations = number_at(AT_TRANSLATIONS);
    /* Its first text is empty, and its translation the head. */
    if (count < 2 || *text_at(texts, 0) != '\0' ||
        strstr(text_at(translations, 0), "Plural-Forms: nplurals=2; plural=(n != 1);") == NULL)
        stop("other forms for numbers than one and many");
    printf("/* Made by tools/make_translations.c. */\n#include <stdint.h>\n\n"
           "static const unsigned char danish_bytes[] = {");
    for (size_t i = 0; i < size; i++)
        printf("%s%d,", i % 32 == 0 ? "\n" : "", file[i]);
    printf(
        "\n};\n\nstatic const struct {\n    uint32_t text, translation;\n} danish_entries[] = {\n");
    for (uint32_t i = 1; i < count; i++) {
        if (strcmp(text_at(texts, i - 1), text_at(texts, i)) >= 0)
            stop("not in order");
        printf("    {%u, %u},\n", (unsigned)(text_at(texts, i) - (const char *)file),
               (unsigned)(text_at(translations, i) - (const char *)file));
    }
    printf("};\n");
    return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
