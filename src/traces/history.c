/* Histories of shells: bash, zsh (plain and extended), fish, tcsh, ksh, mksh, and what keeps one
 * command a line as they do. The format is told by each line, not by the file's name, for $HISTFILE
 * may be any shell's. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static const struct where histories[] = {
    {PLACE_HOME, "", ".*sh_history*"}, /* bash, zsh, ksh (.sh_history), mksh, ash, and leftovers */
    {PLACE_HOME, "", ".histfile*"},
    {PLACE_HOME, "", ".zhist*"},
    {PLACE_HOME, "", ".history*"},
    {PLACE_ZDOTDIR, "", ".*sh_history*"},
    {PLACE_ZDOTDIR, "", ".histfile*"},
    {PLACE_ZDOTDIR, "", ".zhist*"},
    {PLACE_DATA, "fish", "*_history*"},
    {PLACE_CONFIG, "fish", "*_history*"}, /* before fish 2.3 */
    {PLACE_CONFIG, "zsh", "*hist*"},
    {PLACE_DATA, "zsh", "*hist*"},
    {PLACE_STATE, "zsh", "*hist*"},
    {PLACE_CACHE, "zsh", "*hist*"},
    {PLACE_DATA, "bash", "*hist*"},
    {PLACE_STATE, "bash", "*hist*"},
    {PLACE_CACHE, "bash", "*hist*"},
    {PLACE_DATA, "powershell/PSReadLine", "*_history*"},
    {PLACE_CONFIG, "nushell", "history.txt*"},
};

struct history {
    char *at, *end; /* what has not been read */
    uint64_t line;  /* the number of the line at `at` */
    bool timed;     /* bash, tcsh: times stand between the commands from here on */
};

/* One command, which may have several lines. */
struct entry {
    char *text;
    size_t size;
    uint64_t line;
    bool timed;
};

static char *line_end(const struct history *history, char *from)
{
    char *end = memchr(from, '\n', (size_t)(history->end - from));
    return end == NULL ? history->end : end;
}

static size_t digits(const char *text, const char *end)
{
    const char *at = text;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return (size_t)(at - text);
}

/* "#1700000000" (bash) and "#+1700000000" (tcsh): the time of the next command. */
static bool is_time(const char *line, const char *end)
{
    if (line == end || *line != '#')
        return false;
    line += end - line >= 2 && line[1] == '+' ? 2 : 1;
    return line < end && line + digits(line, end) == end;
}

/* The length of ": 1700000000:0;" (zsh, extended), 0 if there is no such beginning. */
static size_t zsh_time(const char *line, const char *end)
{
    const char *at = line;
    if (end - at < 2 || at[0] != ':' || at[1] != ' ')
        return 0;
    at += 2;
    for (const char *mark = ":;"; *mark != '\0'; mark++) {
        const size_t number = digits(at, end);
        at += number;
        if (number == 0 || at == end || *at++ != *mark)
            return 0;
    }
    return (size_t)(at - line);
}

static bool begins(const char *text, const char *end, const char *with)
{
    const size_t length = strlen(with);
    return (size_t)(end - text) >= length && memcmp(text, with, length) == 0;
}

/* fish writes "\n" for a line feed and "\\" for a backslash. Returns the new size. */
static size_t undo_fish(char *text, size_t size)
{
    size_t to = 0;
    for (size_t from = 0; from < size; from++) {
        if (text[from] == '\\' && from + 1 < size)
            text[to++] = text[++from] == 'n' ? '\n' : text[from];
        else
            text[to++] = text[from];
    }
    return to;
}

/* zsh ("metafies") writes some bytes, half of the capital letters Æ, Ø and Å among them, as 0x83 and
 * the byte with bit 5 turned. Returns the new size. */
static size_t undo_zsh(char *text, size_t size)
{
    enum { META = 0x83, TURNED = 0x20 };
    size_t to = 0;
    for (size_t from = 0; from < size; from++) {
        if ((unsigned char)text[from] == META && from + 1 < size)
            text[to++] = (char)((unsigned char)text[++from] ^ TURNED);
        else
            text[to++] = text[from];
    }
    return to;
}

/* mksh ends a command with a zero byte and begins it with 0xff and its number, whose bytes may look
 * like letters. One that is a line feed stays: other programs count it too. */
static void undo_mksh(char *bytes, size_t size)
{
    enum { MARK = 0xff, NUMBER_BYTES = 4 };
    size_t at = 2;
    if (size < at || memcmp(bytes, "\xab\xcd", at) != 0)
        return;
    while (at < size) {
        const bool is_number = (unsigned char)bytes[at] == MARK;
        for (size_t i = 0; is_number && i <= NUMBER_BYTES && at < size; i++, at++)
            if (bytes[at] != '\n')
                bytes[at] = '\0';
        const char *zero = memchr(bytes + at, '\0', size - at);
        if (zero == NULL)
            return;
        at = (size_t)(zero - bytes) + 1;
    }
}

/* A line that is not a time, with those that a backslash at its end joins to it. */
static void take_entry(struct history *history, struct entry *entry)
{
    static const char fish[] = "- cmd: ";
    char *end = line_end(history, history->at);
    const bool is_fish = begins(history->at, end, fish);

    *entry = (struct entry){.text = history->at, .line = history->line++, .timed = history->timed};
    while (!is_fish && end < history->end && end > entry->text && end[-1] == '\\') {
        end = line_end(history, end + 1);
        history->line++;
    }
    entry->size = (size_t)(end - entry->text);
    history->at = end < history->end ? end + 1 : end;
    if (is_fish) {
        entry->text += sizeof fish - 1;
        entry->size = undo_fish(entry->text, (size_t)(end - entry->text));
        entry->timed = begins(history->at, history->end, "  when:");
        return;
    }
    const size_t time = zsh_time(entry->text, end);
    entry->text += time;
    entry->size -= time;
    entry->timed = entry->timed || time > 0;
}

static bool next_entry(struct history *history, struct entry *entry)
{
    while (history->at < history->end) {
        char *end = line_end(history, history->at);
        if (!is_time(history->at, end)) {
            take_entry(history, entry);
            return true;
        }
        history->timed = true;
        history->at = end < history->end ? end + 1 : end;
        history->line++;
    }
    return false;
}

static bool entry_tells(struct entry *entry)
{
    if (command_tells(entry->text, entry->size, COMMAND_SHELL))
        return true;
    const size_t size = undo_zsh(entry->text, entry->size);
    return size != entry->size && command_tells(entry->text, size, COMMAND_SHELL);
}

static enum base_code look_at_history(struct search *search, void *context, const char *path,
                                      const char *name, struct base_error *error)
{
    struct search_text text;
    bool *any = context;
    bool told = false;

    (void)name;
    const enum base_code code = search_read(search, path, &text, error);
    if (code != BASE_OK)
        return code;
    *any = *any || text.failed || text.bytes != NULL;
    if (text.bytes == NULL)
        return BASE_OK;
    undo_mksh(text.bytes, text.size);
    struct history history = {text.bytes, text.bytes + text.size, 1, false};
    for (struct entry entry; next_entry(&history, &entry);) {
        if (!entry_tells(&entry))
            continue;
        told = true;
        search_say(search, entry.timed ? TRACES_HISTORY_TIMED : TRACES_HISTORY, path, entry.line,
                   "");
    }
    if (!told)
        search_say(search, TRACES_FILE_CLEAR, path, 0, "");
    search_text_free(&text);
    return code;
}

enum base_code look_at_shells(struct search *search, struct home home, struct base_error *error)
{
    bool any = false;
    const char *set = home.own ? getenv("HISTFILE") : NULL;
    enum base_code code = BASE_OK;

    if (set != NULL && *set != '\0')
        code = look_at_history(search, &any, set, "", error);
    if (code == BASE_OK)
        code = places_visit(search, home, histories, sizeof histories / sizeof *histories,
                            look_at_history, &any, error);
    if (code == BASE_OK && !any)
        search_say(search, TRACES_NO_HISTORY, home.path, 0, "");
    return code;
}
