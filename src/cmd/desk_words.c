/* What is typed at the desk. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "desk.h"

/* No word of a channel is among them, nor the beginning of one. (The Danish "f" begins "fremmøde", which is
 * a channel all the same where more words follow.) */
enum { KEY, ENGLISH, DANISH, OTHER, NAMES };
static const struct {
    enum desk_action action;
    const char *names[NAMES]; /* the last may be missing */
    const char *danish_key;
} commands[] = {
    {DESK_UNDOES, {"u", "undo", "fortryd"}, "f"},
    {DESK_HELPS, {"?", "help", "hjælp", "hjaelp"}, "?"},
    {DESK_LEAVES, {"q", "quit", "afslut", "exit"}, "q"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

enum desk_action desk_action_of(const char *word, enum codebook_language language)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (language == CODEBOOK_DANISH && strcasecmp(word, commands[i].danish_key) == 0)
            return commands[i].action;
        for (size_t name = KEY; name < NAMES && commands[i].names[name] != NULL; name++)
            if (strcasecmp(word, commands[i].names[name]) == 0)
                return commands[i].action;
    }
    return DESK_COUNTS;
}

size_t desk_split(char *line, char **words, size_t most)
{
    size_t count = 0;
    char *rest = line;
    for (char *word; count < most && (word = strsep(&rest, " ")) != NULL;)
        if (*word != '\0')
            words[count++] = word;
    return count;
}

void desk_clean(char *text)
{
    enum { DELETE = 0x7f, C1_LEAD = 0xc2, C1_FIRST = 0x80, C1_LAST = 0x9f };
    uint8_t before = 0;
    for (uint8_t *byte = (uint8_t *)text; *byte != '\0'; before = *byte++) {
        if ((*byte < ' ' && *byte != '\n') || *byte == DELETE) {
            *byte = ' ';
        } else if (before == C1_LEAD && *byte >= C1_FIRST && *byte <= C1_LAST) {
            byte[-1] = ' ';
            *byte = ' ';
        }
    }
}

static size_t words_in(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text != ' ' && (text[1] == ' ' || text[1] == '\0');
    return count;
}

size_t desk_complete(void *context, const char *before, const char *word,
                     const char *words[TERM_MOST_COMPLETIONS])
{
    const struct desk *desk = context;
    const enum codebook_language language = desk->context->language;
    const size_t place = words_in(before);
    if (place >= CODEBOOK_DIMENSIONS)
        return 0;
    const enum codebook_dimension dimension = (enum codebook_dimension)place;
    size_t count =
        codebook_complete(dimension, word, language, desk->offered.set[dimension], words);
    if (count > 0 || dimension != CODEBOOK_CHANNEL)
        return count;
    const size_t name = language == CODEBOOK_DANISH ? DANISH : ENGLISH;
    for (size_t i = 0; i < COMMANDS; i++)
        if (strncasecmp(commands[i].names[name], word, strlen(word)) == 0)
            words[count++] = commands[i].names[name];
    return count;
}
