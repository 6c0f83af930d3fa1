#include "markup.h"

#include <string.h>
#include <strings.h>

enum { MOST_ATTRIBUTES = 1000 };

struct source {
    const char *at, *end;
};

static bool begins(const struct source *source, const char *word)
{
    const size_t size = strlen(word);
    return (size_t)(source->end - source->at) >= size && strncasecmp(source->at, word, size) == 0;
}

static void skip_past(struct source *source, const char *word)
{
    while (source->at < source->end) {
        const char *found = memchr(source->at, word[0], (size_t)(source->end - source->at));
        source->at = found != NULL ? found : source->end;
        if (found == NULL || begins(source, word))
            return;
        source->at++;
    }
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void skip_spaces(struct source *source)
{
    while (source->at < source->end && is_space(*source->at))
        source->at++;
}

static void skip_word(struct source *source, const char *ends)
{
    while (source->at < source->end && !is_space(*source->at) &&
           (*source->at == '\0' || strchr(ends, *source->at) == NULL))
        source->at++;
}

static void skip_value(struct source *source)
{
    skip_spaces(source);
    if (source->at >= source->end)
        return;
    const char quote = *source->at;
    if (quote != '"' && quote != '\'') {
        skip_word(source, ">");
        return;
    }
    const char *close = memchr(source->at + 1, quote, (size_t)(source->end - source->at - 1));
    source->at = close != NULL ? close + 1 : source->end;
}

static bool begins_name(char c)
{
    return (c & 0x80) != 0 || c == '_' || c == ':' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Goes to the tag's end; false if it has too many attributes. */
static bool skip_tag(struct source *source)
{
    size_t attributes = 0;
    skip_word(source, "/>");
    while (source->at < source->end && *source->at != '>') {
        const char *before = source->at;
        skip_spaces(source);
        if (source->at < source->end && *source->at == '/')
            source->at++;
        const char *name = source->at;
        skip_word(source, "=/>");
        attributes += source->at > name;
        skip_spaces(source);
        if (source->at < source->end && *source->at == '=') {
            source->at++;
            skip_value(source);
        }
        if (attributes > MOST_ATTRIBUTES)
            return false;
        if (source->at == before)
            source->at++;
    }
    return true;
}

bool markup_is_bearable(const char *bytes, size_t size, bool html)
{
    if (size == 0)
        return true; /* then there may be no bytes to point to */
    struct source source = {bytes, bytes + size};
    while (source.at < source.end) {
        const char *open = memchr(source.at, '<', (size_t)(source.end - source.at));
        if (open == NULL)
            return true;
        source.at = open;
        const bool script = html && begins(&source, "<script");
        const bool style = html && begins(&source, "<style");
        if (begins(&source, "<!--")) {
            skip_past(&source, "-->");
            continue;
        }
        source.at++;
        if (source.at < source.end && begins_name(*source.at) && !skip_tag(&source))
            return false;
        if (script || style)
            skip_past(&source, script ? "</script" : "</style");
    }
    return true;
}
