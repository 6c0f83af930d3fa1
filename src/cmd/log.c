#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "order.h"
#include "tavs/secret.h"
#include "tavs/term.h"

static enum base_code fail_missing(const struct cmd_context *context, struct base_error *error)
{
    return base_fail(error, BASE_MISSING_ARGUMENT, "tavs %s %s", context->command->name,
                     _(context->command->arguments));
}

static enum base_code parse_words(const struct cmd_context *context, struct cmd_order *order,
                                  struct base_error *error)
{
    char rooms[CODEBOOK_DIMENSIONS][CMD_WORD_BYTES];
    char *words[CODEBOOK_DIMENSIONS];
    const char *word;
    const size_t count = (size_t)context->word_count;
    if (context->word_count < CMD_LEAST_WORDS)
        return fail_missing(context, error);
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < count; i++) {
        code = cmd_word(context->words[i], rooms[i], &word, error);
        words[i] = word == rooms[i] ? rooms[i] : context->words[i];
    }
    if (code == BASE_OK)
        code = cmd_order_words(context->language, words, count, order, error);
    secret_wipe(rooms, sizeof rooms);
    return code;
}

static enum base_code ask_contact(const struct cmd_context *context, struct cmd_order *order,
                                  struct base_error *error)
{
    struct cmd_offered offered;
    if (!term_is_interactive())
        return fail_missing(context, error);
    enum base_code code = cmd_read_offered(context->store_path, order->month, &offered, error);
    for (enum codebook_dimension i = 0; code == BASE_OK && i < CODEBOOK_DIMENSIONS; i++)
        code = cmd_order_ask(NULL, context->language, offered, i, NULL, order, error);
    return code;
}

static enum base_code parse_count(const char *text, int32_t *amount, struct base_error *error)
{
    int64_t count;
    if (base_parse_number(text, 1, TALLY_MOST_COUNT, &count)) {
        *amount = (int32_t)count;
        return BASE_OK;
    }
    enum base_code code = base_parse_number(text, TALLY_MOST_COUNT + 1, INT64_MAX, &count)
                              ? BASE_COUNT_LIMIT
                              : BASE_BAD_COUNT;
    return base_fail(error, code, "%s", text);
}

static enum base_code parse_order(const struct cmd_context *context, struct cmd_order *order,
                                  struct base_error *error)
{
    enum base_code code = BASE_OK;
    order->month = base_month_now();
    order->amount = 1;
    if (context->value[CMD_MONTH] != NULL)
        code = base_month_parse(context->value[CMD_MONTH], &order->month, error);
    if (code == BASE_OK && context->value[CMD_COUNT] != NULL)
        code = parse_count(context->value[CMD_COUNT], &order->amount, error);
    if (code != BASE_OK)
        return code;
    return context->word_count == 0 ? ask_contact(context, order, error)
                                    : parse_words(context, order, error);
}

/* The arguments stand in the process list for as long as the program runs. */
static void wipe_words(const struct cmd_context *context)
{
    static const enum cmd_option telling[] = {CMD_MONTH, CMD_COUNT};
    for (int i = 0; i < context->word_count; i++)
        secret_wipe(context->words[i], strlen(context->words[i]));
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
        char *value = context->value[telling[i]];
        if (value != NULL)
            secret_wipe(value, strlen(value));
    }
}

static void confirm(const struct cmd_context *context, const struct cmd_order *order,
                    const char *done, const char *done_times)
{
    char text[CMD_ORDER_TEXT];
    cmd_order_text(order, context->language, text);
    if (abs(order->amount) == 1)
        cmd_say(context, "%s %s\n", done, text);
    else
        cmd_say(context, "%s %d × %s\n", done_times, abs(order->amount), text);
    secret_wipe(text, sizeof text);
}

static enum base_code count(const struct cmd_context *context, int sign, const char *done,
                            const char *done_times, struct base_error *error)
{
    struct cmd_order order;
    enum base_code code = cmd_need_store_path(context, error);
    if (code == BASE_OK)
        code = parse_order(context, &order, error);
    if (code == BASE_OK)
        wipe_words(context);
    if (code == BASE_OK) {
        order.amount *= sign;
        code = cmd_order_count(context, &order, error);
    }
    if (code == BASE_OK)
        confirm(context, &order, done, done_times);
    secret_wipe(&order, sizeof order);
    return code;
}

static enum base_code run_log(struct cmd_context *context, struct base_error *error)
{
    return count(context, 1, _("Counted:"), _("Counted"), error);
}

static enum base_code run_retract(struct cmd_context *context, struct base_error *error)
{
    return count(context, -1, _("Taken back:"), _("Taken back"), error);
}

static const enum cmd_option options[] = {CMD_MONTH, CMD_COUNT, CMD_OPTIONS};

const struct cmd_command cmd_log = {
    .name = "log",
    .arguments = N_("[CHANNEL PARTY [SESSION]]"),
    .summary = N_("count a contact"),
    .details =
        N_("CHANNEL is in-person, phone, mail or web; PARTY is user, relative or professional;\n"
           "SESSION is 1 to 5, the number of this conversation in its course (else 1).\n"
           "Danish words (personlig, telefon, hjemmeside; bruger, pårørende, fagperson) will do,\n"
           "and so will beginnings of words in your own language. No passphrase is needed.\n"
           "Without words, on a terminal, it asks: one key each. 'tavs' alone opens the desk, for\n"
           "more than one."),
    .examples = N_("  tavs log phone relative        a relative called for the first time\n"
                   "  tavs log p r 2                 the same, second conversation\n"
                   "  tavs log                       asks, one key each\n"
                   "  tavs log --month 2026-10 --count 7 in-person user\n"
                   "                                 seven strokes on last month's paper\n"),
    .most_words = CODEBOOK_DIMENSIONS,
    .options = options,
    .words_tell = true,
    .reach = CMD_REACH_STORE_CHANGE,
    .is_noted = keys_known_is_noted,
    .run = run_log,
};

const struct cmd_command cmd_retract = {
    .name = "retract",
    .arguments = N_("[CHANNEL PARTY [SESSION]]"),
    .summary = N_("take a contact back"),
    .details = N_("Takes the same words and options as 'tavs log' and takes off what that adds."),
    .examples = N_("  tavs retract phone relative    it was not a relative after all\n"),
    .most_words = CODEBOOK_DIMENSIONS,
    .options = options,
    .words_tell = true,
    .reach = CMD_REACH_STORE_CHANGE,
    .is_noted = keys_known_is_noted,
    .run = run_retract,
};
