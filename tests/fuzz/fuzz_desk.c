/* cmd: what is typed or pasted at the desk. No crash; nothing that a terminal obeys is left of it; a contact
 * that was understood is the same when it is typed again in the words of its codes, in either language; what
 * was refused is wrong use, and its subject is text that may be shown; what completion offers is a word that is
 * understood. The first byte chooses the language and what the place offers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/desk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DANISH = 1, OFFERED_SHIFT = 1, MOST = CODEBOOK_DIMENSIONS + 1 };

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static bool is_shown_safely(const char *text)
{
    for (const uint8_t *byte = (const uint8_t *)text; *byte != '\0'; byte++)
        if ((*byte < ' ' && *byte != '\n') || *byte == 0x7f ||
            (*byte == 0xc2 && byte[1] >= 0x80 && byte[1] <= 0x9f))
            return false;
    return true;
}

static void check_same(enum codebook_language language, const struct cmd_order *order)
{
    for (enum codebook_dimension i = 0; i < CODEBOOK_DIMENSIONS; i++) {
        struct cmd_order again = {0};
        struct base_error error;
        const unsigned value = order->contact.value[i];
        expect(value < codebook_values(i));
        expect(cmd_order_word(i, codebook_code(i, value), language, &again, &error) == BASE_OK);
        expect(again.contact.value[i] == value);
        expect(cmd_order_word(i, codebook_word(i, value, CODEBOOK_DANISH), language, &again,
                              &error) == BASE_OK ||
               strchr(codebook_word(i, value, CODEBOOK_DANISH), ' ') != NULL);
        expect(again.contact.value[i] == value);
    }
}

static void check_words(enum codebook_language language, char *const *words, size_t count)
{
    struct cmd_order order = {0};
    struct base_error error = {0};
    const enum base_code code = cmd_order_words(language, words, count, &order, &error);
    if (code == BASE_OK) {
        check_same(language, &order);
    } else {
        expect(error.code == code && cmd_exit_status(code) == 2);
        expect(is_shown_safely(error.subject));
    }
}

/* The word's last letters are typed, the words before it are there. */
static void check_completion(struct desk *desk, char *line)
{
    const char *words[TERM_MOST_COMPLETIONS];
    char *word = strrchr(line, ' ');
    const char *before = word == NULL ? "" : line;
    if (word != NULL)
        *word++ = '\0';
    const size_t count = desk_complete(desk, before, word == NULL ? line : word, words);
    expect(count <= TERM_MOST_COMPLETIONS);
    for (size_t i = 0; i < count; i++)
        expect(words[i] != NULL && words[i][0] != '\0' && strchr(words[i], ' ') == NULL);
    if (word != NULL)
        word[-1] = ' ';
}

static void take_line(struct desk *desk, char *line)
{
    char *words[MOST];
    const size_t length = strlen(line);
    const enum codebook_language language = desk->context->language;
    const bool is_blank = strspn(line, " ") == length;
    check_completion(desk, line);
    const size_t count = desk_split(line, words, MOST);
    expect(count <= MOST && (count == 0) == is_blank);
    for (size_t i = 0; i < count; i++)
        expect(words[i] >= line && words[i] < line + length && words[i][0] != '\0' &&
               strchr(words[i], ' ') == NULL);
    if (count >= CMD_LEAST_WORDS && count <= CODEBOOK_DIMENSIONS)
        check_words(language, words, count);
    else if (count == 1)
        expect(desk_action_of(words[0], language) <= DESK_LEAVES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cmd_context context;
    static struct desk desk = {.context = &context};
    if (size == 0 || size > TERM_LINE_BYTES)
        return 0;
    context.language = (data[0] & DANISH) != 0 ? CODEBOOK_DANISH : CODEBOOK_ENGLISH;
    for (enum codebook_dimension i = 0; i < CODEBOOK_DIMENSIONS; i++)
        desk.offered.set[i] = (codebook_set)((1U << codebook_values(i)) - 1) &
                              (codebook_set) ~(data[0] >> OFFERED_SHIFT);
    /* A block of just that size, so that a read past its end is noticed. */
    char *text = malloc(size);
    expect(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    const size_t length = strlen(text);
    desk_clean(text);
    expect(strlen(text) == length && is_shown_safely(text));
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        take_line(&desk, line);
    free(text);
    return 0;
}
