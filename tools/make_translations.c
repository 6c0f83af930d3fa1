/* Prints, as C, the translations of a catalogue that msgfmt has made: `danish_bytes`, in which texts stand, each
 * with a zero after it, and `danish_entries`, in the order of strcmp: where a text and its translation stand.
 * A text that has two forms is found by the first; the forms of its translation stand after each other.
 *
 * It fails where a translation, as a printf format, would take other arguments than the text does.
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

/* ---- conversions ---------------------------------------------------------------------------- */

/* Copies the next conversion of a printf format without what concerns only its looks (flags, width, precision, but for those
 * that are taken from the arguments): "ld", "*s". Returns what stands after it; NULL if there is none. */
static const char *next_conversion(const char *text, char *kind, size_t size)
{
    static const char looks[] = "-+ #0123456789.'*", lengths[] = "hlLjzt";
    size_t used = 0;
    text = strchr(text, '%');
    if (text == NULL)
        return NULL;
    for (text++; *text != '\0' && strchr(looks, *text) != NULL; text++)
        if (*text == '*' && used + 2 < size)
            kind[used++] = '*';
    while (*text != '\0' && strchr(lengths, *text) != NULL && used + 2 < size)
        kind[used++] = *text++;
    kind[used++] = *text; /* a zero where the text ends */
    kind[used] = '\0';
    return *text == '\0' ? text : text + 1;
}

/* Every text may be a format, of which the compiler has seen the original only: the translation takes the same arguments
 * in the same order ("%1$s" is not taken). */
static void compare(const char *text, const char *translation)
{
    enum { KIND_BYTES = 16 };
    char kind[KIND_BYTES] = "", other[KIND_BYTES] = "";
    const char *at = text, *there = translation;
    do {
        at = next_conversion(at, kind, sizeof kind);
        there = next_conversion(there, other, sizeof other);
        if ((at == NULL) != (there == NULL) ||
            (at != NULL && (strcmp(kind, other) != 0 || strchr(kind, '$') != NULL))) {
            fprintf(stderr, "make_translations: other conversions: \"%s\": \"%s\"\n", text,
                    translation);
            exit(EXIT_FAILURE);
        }
    } while (at != NULL);
}

/* Of a text with two forms each; its translation has to have as many. */
static void compare_forms(uint32_t texts, uint32_t translations, uint32_t index)
{
    const char *text = text_at(texts, index), *translation = text_at(translations, index);
    const size_t size = number_at(texts + 8 * (size_t)index),
                 there = number_at(translations + 8 * (size_t)index);
    const size_t first = strlen(text), first_there = strlen(translation);
    if ((first < size) != (first_there < there))
        stop("a text and its translation have not as many forms");
    compare(text, translation);
    if (first < size)
        compare(text + first + 1, translation + first_there + 1);
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
        compare_forms(texts, translations, i);
        printf("    {%u, %u},\n", (unsigned)(text_at(texts, i) - (const char *)file),
               (unsigned)(text_at(translations, i) - (const char *)file));
    }
    printf("};\n");
    return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
