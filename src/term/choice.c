#include "tavs/term.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "choice.h"
#include "tavs/secret.h"

enum {
    KEY_CANCEL = -1,
    KEY_ENTER = -2,
    KEY_OTHER = -3, /* an arrow, a function key, a key with Alt */
};

enum {
    CONTROL_C = 3,
    CONTROL_D = 4,
    ESCAPE = 27,
    SEQUENCE_MILLISECONDS = 100, /* a terminal sends the rest of a key's sequence at once */
    LONGEST_SEQUENCE = 32,
};

struct choice_question {
    const char *question;
    const struct term_choice *choices;
    unsigned count;
    int preset;
    unsigned chosen;
};

/* The locale's tolower may do more ('I' in Turkish). */
static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/* "[t]elefon", or "[x] telefon" where the label does not hold the key. */
static void draw_choice(FILE *line, const struct term_choice *choice)
{
    const char *at = choice->label;
    while (*at != '\0' && lower(*at) != choice->key)
        at++;
    if (*at == '\0')
        fprintf(line, "[%c] %s", choice->key, choice->label);
    else
        fprintf(line, "%.*s[%c]%s", (int)(at - choice->label), choice->label, *at, at + 1);
}

/* The question as it is written; the caller frees it. NULL without memory. */
static char *draw_question(const struct choice_question *ask)
{
    char *text = NULL;
    size_t size = 0;
    FILE *line = open_memstream(&text, &size);
    if (line == NULL)
        return NULL;
    fprintf(line, "%s ", ask->question);
    for (int i = 0; i < (int)ask->count; i++) {
        draw_choice(line, &ask->choices[i]);
        fputs(i == ask->preset ? " (Enter)  " : "  ", line);
    }
    fputs("> ", line);
    bool failed = ferror(line) != 0;
    if (fclose(line) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}

/* What follows an Esc: nothing (the key itself), or the rest of another key's sequence (ECMA-48,
 * section 5.4: parameters, then a final byte from 0x40 to 0x7e), which is swallowed. */
static int read_after_escape(struct term_guard *guard)
{
    char byte = '\0';
    enum term_read outcome = term_guard_read_soon(guard, &byte, SEQUENCE_MILLISECONDS);
    if (outcome != TERM_READ_OK || byte == ESCAPE)
        return KEY_CANCEL;
    if (byte == 'O') {
        term_guard_read_soon(guard, &byte, SEQUENCE_MILLISECONDS);
    } else if (byte == '[') {
        for (int i = 0; i < LONGEST_SEQUENCE; i++) {
            outcome = term_guard_read_soon(guard, &byte, SEQUENCE_MILLISECONDS);
            if (outcome != TERM_READ_OK || (byte >= 0x40 && byte <= 0x7e))
                break;
        }
    }
    return KEY_OTHER;
}

/* Gives a lower-case character or one of KEY_... */
static enum term_read read_key(struct term_guard *guard, int *key)
{
    char byte = '\0';
    enum term_read outcome = term_guard_read(guard, &byte);
    if (outcome != TERM_READ_OK)
        return outcome;
    const cc_t *special = guard->before.c_cc;
    cc_t typed = (cc_t)byte;
    if (byte == ESCAPE)
        *key = read_after_escape(guard);
    else if (byte == CONTROL_C || byte == CONTROL_D ||
             (typed != _POSIX_VDISABLE && (typed == special[VINTR] || typed == special[VEOF])))
        *key = KEY_CANCEL;
    else if (byte == '\r' || byte == '\n')
        *key = KEY_ENTER;
    else
        *key = (unsigned char)lower(byte);
    secret_wipe(&byte, sizeof byte);
    secret_wipe(&typed, sizeof typed);
    return TERM_READ_OK;
}

/* The index that a key chooses, or KEY_CANCEL or KEY_OTHER. */
static int meaning(const struct choice_question *ask, int key)
{
    for (unsigned i = 0; i < ask->count; i++) {
        if (key == ask->choices[i].key)
            return (int)i;
    }
    if (key == KEY_ENTER && ask->preset != TERM_NO_PRESET)
        return ask->preset;
    return key == KEY_CANCEL || key == 'q' ? KEY_CANCEL : KEY_OTHER;
}

static enum base_code ask_key(struct term_guard *guard, struct choice_question *ask,
                              const char *line, struct base_error *error)
{
    bool hinted = false;
    int key = KEY_OTHER, choice = KEY_OTHER;
    enum base_code code = BASE_OK;
    term_guard_write(guard, line);
    while (choice == KEY_OTHER && code == BASE_OK) {
        enum term_read outcome = read_key(guard, &key);
        if (outcome != TERM_READ_OK) {
            code = term_guard_fail(guard, outcome, error);
            break;
        }
        choice = meaning(ask, key);
        if (choice == KEY_OTHER && !hinted) {
            hinted = true;
            term_guard_write(guard, "\n");
            term_guard_write(guard, _("Press one of the keys in brackets, or Esc to cancel."));
            term_guard_write(guard, "\n");
            term_guard_write(guard, line);
        }
    }
    if (code == BASE_OK && choice == KEY_CANCEL) {
        /* What was typed ahead was meant for the questions that now will not come. */
        term_guard_drop_input(guard);
        code = term_guard_fail(guard, TERM_READ_END, error);
    }
    if (code == BASE_OK) {
        ask->chosen = (unsigned)choice;
        term_guard_write(guard, ask->choices[choice].label);
    }
    term_guard_write(guard, "\n");
    secret_wipe(&key, sizeof key);
    secret_wipe(&choice, sizeof choice);
    return code;
}

static enum base_code ask_choice(struct term_guard *guard, void *context, struct base_error *error)
{
    struct choice_question *ask = context;
    char *line = draw_question(ask);
    if (line == NULL)
        return base_fail_os(error, ENOMEM, "%s", term_guard_path);
    enum base_code code = ask_key(guard, ask, line, error);
    free(line);
    return code;
}

static enum base_code take_chosen(enum base_code code, struct choice_question *ask,
                                  unsigned *chosen)
{
    if (code == BASE_OK)
        *chosen = ask->chosen;
    secret_wipe(ask, sizeof *ask);
    return code;
}

enum base_code term_choice_ask(struct term_guard *guard, const char *question,
                               const struct term_choice *choices, unsigned count, int preset,
                               unsigned *chosen, struct base_error *error)
{
    struct choice_question ask = {question, choices, count, preset, 0};
    return take_chosen(ask_choice(guard, &ask, error), &ask, chosen);
}

enum base_code term_ask_key(const char *question, const struct term_choice *choices, unsigned count,
                            int preset, unsigned *chosen, struct base_error *error)
{
    struct choice_question ask = {question, choices, count, preset, 0};
    return take_chosen(term_guard_run(TERM_GUARD_KEYS, NULL, ask_choice, &ask, error), &ask,
                       chosen);
}

enum base_code term_confirm(const char *question, char yes_key, char no_key, bool *yes,
                            struct base_error *error)
{
    enum { YES, NO };
    const struct term_choice choices[] = {[YES] = {yes_key, _("yes")}, [NO] = {no_key, _("no")}};
    unsigned chosen = NO;
    enum base_code code = term_ask_key(question, choices, 2, NO, &chosen, error);
    if (code == BASE_OK)
        *yes = chosen == YES;
    return code;
}
