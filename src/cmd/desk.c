/* The counsellor's desk: a sitting at the terminal. */
#include "desk.h"

#include <stdlib.h>
#include <string.h>

#include "tavs/secret.h"
#include "tavs/tally.h"

enum { IDLE_SECONDS = 10 * 60 };

static void fail_and_say(struct desk *desk, const struct base_error *error)
{
    desk_say_error(desk, error,
                   error->code == BASE_EXTRA_ARGUMENT || error->code == BASE_MISSING_ARGUMENT
                       ? _("a line is CHANNEL PARTY [SESSION]; ? helps")
                       : NULL);
}

/* ---- counting ---- */

static bool is_written(enum base_code code)
{
    return code == BASE_OK || code == BASE_NOT_ERASED;
}

void desk_add(struct desk *desk, const struct cmd_order *order)
{
    if (desk->count == DESK_MOST_ENTRIES) {
        memmove(desk->entries, desk->entries + 1, sizeof desk->entries - sizeof *desk->entries);
        desk->count--;
        desk->gone++;
    }
    desk->entries[desk->count++] = *order;
}

static void say_done(struct desk *desk, const char *done, const struct cmd_order *order)
{
    char text[CMD_ORDER_TEXT];
    cmd_order_text(order, desk->context->language, text);
    desk_say(desk, done, text);
    secret_wipe(text, sizeof text);
}

/* Counts in the month that it is now, whenever the sitting began. */
static bool count(struct desk *desk, struct cmd_order *order)
{
    struct base_error error = {0};
    order->month = base_month_now();
    order->amount = 1;
    const bool is_new_month = order->month != desk->month;
    desk->month = order->month;
    const enum base_code code = cmd_order_count(desk->context, order, &error);
    if (is_written(code))
        desk_add(desk, order);
    if (code == BASE_OK)
        say_done(desk, is_new_month ? _("A new month has begun. Counted:") : _("Counted:"), order);
    else
        fail_and_say(desk, &error);
    return is_written(code);
}

/* In the month in which it was counted. */
static void undo(struct desk *desk)
{
    struct base_error error = {0};
    if (desk->count == 0) {
        desk_say(desk, _("There is nothing to take back at this sitting."), "");
        return;
    }
    struct cmd_order *last = &desk->entries[desk->count - 1];
    last->amount = -1;
    const enum base_code code = cmd_order_count(desk->context, last, &error);
    if (code == BASE_OK)
        say_done(desk, _("Taken back:"), last);
    else
        fail_and_say(desk, &error);
    if (is_written(code)) {
        secret_wipe(last, sizeof *last);
        desk->count--;
    }
}

/* ---- questions ---- */

/* False if the store refuses, which is told. */
static bool start_asking(struct desk *desk, enum codebook_dimension from)
{
    struct base_error error = {0};
    if (cmd_read_offered(desk->context->store_path, base_month_now(), &desk->offered, &error) !=
        BASE_OK) {
        fail_and_say(desk, &error);
        return false;
    }
    desk->asking = true;
    desk->next = from;
    return true;
}

/* What was counted last at this sitting is likely to come again, but a course always has more first
 * conversations than later ones. Before anything was counted: a user on the telephone. */
static unsigned likely_value(const struct desk *desk, enum codebook_dimension dimension)
{
    static const unsigned usual[CODEBOOK_DIMENSIONS] = {[CODEBOOK_CHANNEL] = 1};
    return dimension == CODEBOOK_SESSION || desk->count == 0
               ? usual[dimension]
               : desk->entries[desk->count - 1].contact.value[dimension];
}

/* In words that every language understands, to be sent again with Enter. */
static void put_back_order(struct desk *desk)
{
    struct base_error error;
    const uint8_t *value = desk->order.contact.value;
    (void)base_fail(&error, BASE_OK, "%s %s %s", codebook_code(CODEBOOK_CHANNEL, value[0]),
                    codebook_code(CODEBOOK_PARTY, value[1]),
                    codebook_code(CODEBOOK_SESSION, value[2]));
    term_desk_put_back(desk->term, error.subject);
    secret_wipe(&error, sizeof error);
}

/* Goes on with the questions. If the desk is interrupted they stay open. */
static void ask(struct desk *desk)
{
    struct base_error error = {0};
    enum base_code code = BASE_OK;
    while (code == BASE_OK && desk->next < CODEBOOK_DIMENSIONS) {
        const unsigned likely = likely_value(desk, desk->next);
        code = cmd_order_ask(desk->term, desk->context->language, desk->offered, desk->next,
                             &likely, &desk->order, &error);
        desk->next += code == BASE_OK;
    }
    if (code != BASE_OK && term_desk_is_interrupted(desk->term))
        return;
    desk->asking = false;
    desk_forget_news(desk);
    if (code != BASE_OK)
        fail_and_say(desk, &error);
    else if (!count(desk, &desk->order))
        put_back_order(desk);
    secret_wipe(&desk->order, sizeof desk->order);
}

/* ---- lines ---- */

enum line_fate { LINE_DONE, LINE_WRONG, LINE_LEAVES };

static enum line_fate take_words(struct desk *desk, char *const *words, size_t count_of_words,
                                 bool is_only_line)
{
    struct base_error error = {0};
    struct cmd_order order = {0};
    const enum codebook_language language = desk->context->language;
    enum base_code code;
    if (count_of_words > CODEBOOK_DIMENSIONS) {
        code = base_fail(&error, BASE_EXTRA_ARGUMENT, "%s", words[CODEBOOK_DIMENSIONS]);
    } else if (count_of_words < CMD_LEAST_WORDS) {
        code = cmd_order_word(CODEBOOK_CHANNEL, words[0], language, &desk->order, &error);
        if (code == BASE_OK && is_only_line)
            return start_asking(desk, CODEBOOK_PARTY) ? LINE_DONE : LINE_WRONG;
        if (code == BASE_OK)
            code = base_fail(&error, BASE_MISSING_ARGUMENT, "%s", words[0]);
    } else {
        code = cmd_order_words(language, words, count_of_words, &order, &error);
    }
    enum line_fate fate = LINE_WRONG;
    if (code != BASE_OK)
        fail_and_say(desk, &error);
    else if (count(desk, &order))
        fate = LINE_DONE;
    secret_wipe(&order, sizeof order);
    secret_wipe(&error, sizeof error);
    return fate;
}

/* `line` is taken apart. */
static enum line_fate take_line(struct desk *desk, char *line, bool is_only_line)
{
    char *words[CODEBOOK_DIMENSIONS + 1];
    const size_t count_of_words = desk_split(line, words, CODEBOOK_DIMENSIONS + 1);
    if (count_of_words == 0 && is_only_line)
        (void)start_asking(desk, CODEBOOK_CHANNEL);
    if (count_of_words == 0)
        return LINE_DONE;
    switch (count_of_words == 1 ? desk_action_of(words[0], desk->context->language) : DESK_COUNTS) {
    case DESK_UNDOES:
        undo(desk);
        return LINE_DONE;
    case DESK_HELPS:
        desk_say_help(desk);
        return LINE_DONE;
    case DESK_LEAVES:
        return LINE_LEAVES;
    default:
        return take_words(desk, words, count_of_words, is_only_line);
    }
}

/* What was typed or pasted, line by line up to the first that is wrong: that one and those after it
 * are put back to be mended. Returns false if the person leaves. */
static bool take_text(struct desk *desk)
{
    const bool is_only_line = strchr(desk->line, '\n') == NULL;
    const char *at = desk->line;
    enum line_fate fate = LINE_DONE;
    desk_clean(desk->line);
    for (;;) {
        const size_t length = strcspn(at, "\n");
        memcpy(desk->work, at, length);
        desk->work[length] = '\0';
        fate = take_line(desk, desk->work, is_only_line);
        if (fate != LINE_DONE || at[length] == '\0')
            break;
        at += length + 1;
    }
    if (fate == LINE_WRONG)
        term_desk_put_back(desk->term, at);
    secret_wipe(desk->line, sizeof desk->line);
    secret_wipe(desk->work, sizeof desk->work);
    secret_wipe_stack();
    return fate != LINE_LEAVES;
}

/* ---- the sitting ---- */

static void forget_sitting(struct desk *desk)
{
    const bool had_any = desk->gone + desk->count > 0;
    secret_wipe(desk->entries, sizeof desk->entries);
    secret_wipe(&desk->order, sizeof desk->order);
    desk->count = desk->gone = 0;
    desk->asking = false;
    desk->headed = false;
    term_desk_clear(desk->term);
    if (had_any)
        desk_say(desk, _("Ten minutes without a key: this sitting has been forgotten."),
                 _("What it counted stays counted; 'u' can't take it back any more."));
}

static enum base_code sit(struct term_desk *term, void *context, struct base_error *error)
{
    struct desk *desk = context;
    enum term_event event;
    desk->term = term;
    for (bool stays = true; stays;) {
        if (!term_desk_is_interrupted(term))
            desk_draw(desk);
        if (desk->asking && !term_desk_is_interrupted(term)) {
            ask(desk);
            continue;
        }
        enum base_code code = term_desk_read(term, "> ", desk->line, &event, error);
        if (code != BASE_OK)
            return code;
        if (event != TERM_REDRAW)
            desk_forget_news(desk);
        if (event == TERM_LINE)
            stays = take_text(desk);
        else if (event == TERM_DROPPED)
            desk_say(desk, _("The line was dropped. To leave, type q."), "");
        else if (event == TERM_IDLE)
            forget_sitting(desk);
        else if (event == TERM_TOO_LONG)
            desk_say(desk, _("That was too long for the desk. Nothing of it was counted."), "");
        else
            stays = event != TERM_END;
    }
    return BASE_OK;
}

/* A store that this machine can count in, before anything is shown. */
static enum base_code check_store(const char *path, struct base_error *error)
{
    struct store *store;
    struct keys_device *key;
    struct record_device device;
    enum base_code code = store_open(path, STORE_READ, &store, error);
    if (code != BASE_OK)
        return code;
    code = tally_load_device(store, &key, &device, error);
    if (code == BASE_OK)
        keys_device_free(key);
    store_close(store);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    static const struct term_desk_setup setup = {IDLE_SECONDS, desk_complete};
    void *memory;
    enum base_code code = cmd_need_store_path(context, error);
    if (code == BASE_OK)
        code = check_store(context->store_path, error);
    if (code == BASE_OK)
        code = secret_new(sizeof(struct desk), &memory, error);
    if (code != BASE_OK)
        return code;
    struct desk *desk = memory;
    desk->context = context;
    desk->month = base_month_now();
    code = cmd_read_offered(context->store_path, desk->month, &desk->offered, error);
    if (code == BASE_OK)
        code = term_desk_run(&setup, sit, desk, error);
    secret_free(desk);
    return code;
}

static const enum cmd_option options[] = {CMD_OPTIONS};

const struct cmd_command cmd_desk = {
    .name = "",
    .arguments = "",
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE | CMD_REACH_LINE_EDITOR,
    .is_noted = keys_known_is_noted,
    .run = run,
};
