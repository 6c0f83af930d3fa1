/* Command lines that tell of a contact.
 *
 * No shell's grammar is followed; "tavs" is looked for wherever it stands, then what follows it. Two
 * mistakes are weighed: to miss a line, and to take "grep tavs log x" for one. So any word counts
 * where tavs is clearly the command (also one with a typing error), and elsewhere only a word of the
 * codebook. */
#include <string.h>

#include "inside.h"
#include "tavs/codebook.h"

enum {
    WORD_BYTES = 64,
    MOST_BEFORE = 4096, /* bytes before the program's name, and words on either side of it, */
    MOST_AROUND = 64,   /* that are looked at */
    MOST_WORDS = 2,     /* behind "log" that may be of the codebook; in prose only the first */
};

static const char program[] = "tavs";

static bool is_in(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool is_control(char c)
{
    return (unsigned char)c < ' ' && c != '\t';
}

/* What parts words. Quotes do, so that what is quoted for another shell is read too. */
static bool is_blank(char c)
{
    return is_in(c, " \t'\"");
}

static bool ends_command(char c)
{
    return is_control(c) || is_in(c, ";|&()`");
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

/* ---- what follows ---- */

struct reader {
    const char *at, *end;
    unsigned words_left; /* that are looked at; so that time is linear whatever a line holds */
};

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end) {
        if (is_blank(*reader->at))
            reader->at++;
        else if (reader->end - reader->at >= 2 && reader->at[0] == '\\' && reader->at[1] == '\n')
            reader->at += 2; /* the line goes on */
        else
            return;
    }
}

/* A word, cut to fit; its backslashes are taken away. */
static void take_word(struct reader *reader, char word[WORD_BYTES])
{
    size_t length = 0;
    while (reader->at < reader->end && !is_blank(*reader->at) && !ends_command(*reader->at) &&
           !is_in(*reader->at, "<>")) {
        if (*reader->at == '\\' && reader->end - reader->at >= 2 && !is_control(reader->at[1]))
            reader->at++;
        if (length + 1 < WORD_BYTES)
            word[length++] = *reader->at;
        reader->at++;
    }
    word[length] = '\0';
}

/* The next word of the command; where its input and output go does not count. */
static bool next_word(struct reader *reader, char word[WORD_BYTES])
{
    bool redirected = false;
    while (reader->words_left-- > 0) {
        skip_blanks(reader);
        if (reader->at == reader->end || ends_command(*reader->at))
            return false;
        if (is_in(*reader->at, "<>")) {
            while (reader->at < reader->end && is_in(*reader->at, "<>&|"))
                reader->at++;
            redirected = true;
            continue;
        }
        take_word(reader, word);
        if (strcmp(word, "{") == 0 || strcmp(word, "}") == 0)
            return false;
        const bool is_descriptor = reader->at < reader->end && is_in(*reader->at, "<>") &&
                                   word[strspn(word, "0123456789")] == '\0';
        if (!redirected && !is_descriptor)
            return true;
        redirected = false;
    }
    reader->words_left = 0;
    return false;
}

/* True if the next word is the value of this option. They are those of log that take one. */
static bool takes_next(const char *word)
{
    static const char *const names[] = {"store", "lang", "month", "count", NULL};
    static const char letters[] = "slmn";

    if (word[1] == '-') {
        const size_t length = strlen(word + 2);
        for (const char *const *name = names; length > 0 && *name != NULL; name++)
            if (strncmp(word + 2, *name, length) == 0) /* a beginning will do */
                return true;
        return false;
    }
    const char *letter = word + 1;
    while (*letter != '\0' && !is_in(*letter, letters))
        letter++;
    return *letter != '\0' && letter[1] == '\0';
}

/* The next word that is neither an option nor the value of one. */
static bool next_plain_word(struct reader *reader, char word[WORD_BYTES], bool *ended)
{
    while (next_word(reader, word)) {
        if (*ended || word[0] != '-' || word[1] == '\0')
            return true;
        if (strcmp(word, "--") == 0)
            *ended = true;
        else if (takes_next(word) && !next_word(reader, word))
            return false;
    }
    return false;
}

static bool is_of_codebook(const char *word)
{
    unsigned value;
    codebook_set candidates;
    for (enum codebook_language language = 0; language < CODEBOOK_LANGUAGES; language++)
        for (enum codebook_dimension dimension = CODEBOOK_CHANNEL; dimension <= CODEBOOK_PARTY;
             dimension++)
            if (codebook_find(dimension, word, language, &value, &candidates) != CODEBOOK_NO_MATCH)
                return true;
    return false;
}

/* How much the words behind the program's name tell. */
enum telling { TELLS_NOTHING, TELLS_SOMETHING, TELLS_OF_CONTACT };

static enum telling words_tell(struct reader reader, enum command_reading reading)
{
    static const char *const commands[] = {"log", "retract", NULL};
    char word[WORD_BYTES];
    bool options_ended = false;

    if (!next_plain_word(&reader, word, &options_ended) || !is_one_of(word, commands))
        return TELLS_NOTHING;
    if (reading == COMMAND_LOOSE && reader.at < reader.end && is_in(*reader.at, "'\""))
        return TELLS_NOTHING; /* 'tavs log' in prose */
    options_ended = false;    /* the command's own begin */
    enum telling telling = TELLS_NOTHING;
    const int most = reading == COMMAND_SHELL ? MOST_WORDS : 1;
    for (int i = 0; i < most && next_plain_word(&reader, word, &options_ended); i++) {
        telling = TELLS_SOMETHING;
        if (is_of_codebook(word))
            return TELLS_OF_CONTACT;
    }
    return telling;
}

/* ---- what goes before ---- */

static bool is_assignment(const char *word)
{
    const size_t name =
        strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    return name > 0 && word[name] == '=';
}

/* True if what stands before the program's name in its command leaves it the command: nothing,
 * settings, words of the shell, or a program that runs others. */
static bool is_command(const char *text, const char *program_word)
{
    static const char *const grammar[] = {"!",     "{",     "if",    "then", "else", "elif",
                                          "while", "do",    "until", "time", "and",  "or",
                                          "not",   "begin", "#",     NULL};
    static const char *const runners[] = {
        "sudo",    "doas",    "su",    "env",   "nice",    "ionice",      "nohup",   "setsid",
        "stdbuf",  "timeout", "watch", "xargs", "exec",    "eval",        "command", "builtin",
        "noglob",  "bash",    "sh",    "zsh",   "fish",    "dash",        "ksh",     "ssh",
        "chronic", "script",  "at",    "batch", "runuser", "systemd-run", NULL};
    const char *start = program_word;
    char word[WORD_BYTES];

    while (start > text && !ends_command(start[-1])) {
        if (program_word - start == MOST_BEFORE)
            return false;
        start--;
    }
    struct reader reader = {start, program_word, MOST_AROUND};
    while (next_word(&reader, word)) {
        const char *slash = strrchr(word, '/');
        if (is_one_of(slash == NULL ? word : slash + 1, runners))
            return true;
        if (word[0] != '-' && !is_assignment(word) && !is_one_of(word, grammar))
            return false;
    }
    return true;
}

/* ---- both ---- */

/* Where the word that holds the program's name begins: "./build/tavs". */
static const char *word_start(const char *text, const char *name)
{
    while (name > text && !is_blank(name[-1]) && !ends_command(name[-1]))
        name--;
    return name;
}

static bool is_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           is_in(c, "_.-") || (unsigned char)c >= 0x80;
}

bool command_tells(const char *text, size_t size, enum command_reading reading)
{
    enum { LENGTH = sizeof program - 1 };
    const char *const end = text + size;
    const char *name = text;
    const char *other = text; /* up to here another program is the command */

    for (; (name = memmem(name, (size_t)(end - name), program, LENGTH)) != NULL; name++) {
        const char *after = name + LENGTH;
        if (after == end || !(is_blank(*after) || *after == '\\') ||
            (reading == COMMAND_SHELL && name > text && is_of_name(name[-1])))
            continue;
        const enum telling telling = words_tell((struct reader){after, end, MOST_AROUND}, reading);
        if (telling == TELLS_OF_CONTACT)
            return true;
        if (telling == TELLS_NOTHING || reading == COMMAND_LOOSE || name < other)
            continue;
        if (is_command(text, word_start(text, name)))
            return true;
        for (other = name; other < end && !ends_command(*other);)
            other++;
    }
    return false;
}
