#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/tally.h"
#include "tavs/term.h"

/* What is to be counted. */
struct order {
    struct codebook_contact contact;
    base_month month;
    int32_t amount;
};

/* ---- from words ---- */

static enum base_code fail_ambiguous(enum codebook_dimension dimension, const char *word,
                                     enum codebook_language language, codebook_set candidates,
                                     struct base_error *error)
{
    enum base_code code = base_fail(error, BASE_AMBIGUOUS_WORD, "'%s' (", word);
    const char *between = "";
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if ((candidates >> value & 1) == 0)
            continue;
        code = base_fail(error, code, "%s%s%s", error->subject, between,
                         codebook_word(dimension, value, language));
        between = ", ";
    }
    return base_fail(error, code, "%s)", error->subject);
}

static enum base_code parse_word(enum codebook_dimension dimension, const char *word,
                                 enum codebook_language language, struct order *order,
                                 struct base_error *error)
{
    static const enum base_code unknown[CODEBOOK_DIMENSIONS] = {
        [CODEBOOK_CHANNEL] = BASE_UNKNOWN_CHANNEL,
        [CODEBOOK_PARTY] = BASE_UNKNOWN_PARTY,
        [CODEBOOK_SESSION] = BASE_BAD_SESSION,
    };
    unsigned value;
    codebook_set candidates;
    switch (codebook_find(dimension, word, language, &value, &candidates)) {
    case CODEBOOK_ONE_MATCH:
        order->contact.value[dimension] = (uint8_t)value;
        return BASE_OK;
    case CODEBOOK_SEVERAL_MATCHES:
        return fail_ambiguous(dimension, word, language, candidates, error);
    default:
        return base_fail(error, unknown[dimension], "%s", word);
    }
}

static enum base_code parse_words(const struct cmd_context *context, struct order *order,
                                  struct base_error *error)
{
    enum { LEAST_WORDS = 2 };
    int64_t session;
    enum base_code code = BASE_OK;

    if (context->word_count < LEAST_WORDS)
        return base_fail(error, BASE_MISSING_ARGUMENT, "tavs %s %s", context->command->name,
                         _(context->command->arguments));
    if (context->word_count > CODEBOOK_SESSION &&
        base_parse_number(context->words[CODEBOOK_SESSION], CODEBOOK_SESSIONS + 1, INT64_MAX,
                          &session))
        return base_fail(error, BASE_SIXTH_SESSION, "%s", context->words[CODEBOOK_SESSION]);
    order->contact.value[CODEBOOK_SESSION] = 0; /* the first, unless said */
    for (int i = 0; code == BASE_OK && i < context->word_count; i++)
        code = parse_word((enum codebook_dimension)i, context->words[i], context->language, order,
                          error);
    return code;
}

/* ---- from keys ---- */

static enum base_code ask(enum codebook_dimension dimension, const char *question,
                          codebook_set offered, enum codebook_language language,
                          struct order *order, struct base_error *error)
{
    struct term_choice choices[CODEBOOK_MOST_VALUES];
    unsigned values[CODEBOOK_MOST_VALUES];
    unsigned count = 0;
    unsigned chosen = 0;
    enum base_code code = BASE_OK;

    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if ((offered >> value & 1) == 0)
            continue;
        choices[count] = (struct term_choice){codebook_key(dimension, value, language),
                                              codebook_word(dimension, value, language)};
        values[count++] = value;
    }
    if (count > 1) /* what leaves no choice is not asked for */
        code = term_ask_key(question, choices, count, TERM_NO_PRESET, &chosen, error);
    if (code == BASE_OK)
        order->contact.value[dimension] = (uint8_t)values[chosen];
    secret_wipe(&chosen, sizeof chosen);
    return code;
}

static enum base_code ask_contact(const struct cmd_context *context, struct order *order,
                                  struct base_error *error)
{
    enum { ALL_SESSIONS = (1 << CODEBOOK_SESSIONS) - 1 };
    struct store *store;
    if (!term_is_interactive())
        return base_fail(error, BASE_MISSING_ARGUMENT, "tavs %s %s", context->command->name,
                         _(context->command->arguments));
    enum base_code code = store_open(context->store_path, STORE_READ, &store, error);
    if (code != BASE_OK)
        return code;
    codebook_set channels = store_header(store)->channels;
    codebook_set parties = store_header(store)->parties;
    code = tally_check_open(store_header(store), order->month, error); /* before it asks in vain */
    store_close(store);
    if (code == BASE_OK)
        code = ask(CODEBOOK_CHANNEL, _("Channel:"), channels, context->language, order, error);
    if (code == BASE_OK)
        code = ask(CODEBOOK_PARTY, _("Party:"), parties, context->language, order, error);
    if (code == BASE_OK)
        code = ask(CODEBOOK_SESSION, _("Conversation:"), ALL_SESSIONS, context->language, order,
                   error);
    return code;
}

/* ---- both ---- */

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

static enum base_code parse_order(const struct cmd_context *context, struct order *order,
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

/* "telephone, relative, 2nd conversation, 2026-11" */
static void confirm(const struct cmd_context *context, const struct order *order, const char *done,
                    const char *done_times)
{
    char month[BASE_MONTH_TEXT];
    const char *words[CODEBOOK_DIMENSIONS];
    for (enum codebook_dimension i = 0; i < CODEBOOK_DIMENSIONS; i++)
        words[i] = codebook_word(i, order->contact.value[i], context->language);
    base_month_format(order->month, month);
    if (abs(order->amount) == 1)
        cmd_say(context, "%s ", done);
    else
        cmd_say(context, "%s %d × ", done_times, abs(order->amount));
    cmd_say(context, "%s, %s, %s, %s\n", words[CODEBOOK_CHANNEL], words[CODEBOOK_PARTY],
            words[CODEBOOK_SESSION], month);
}

/* The message names a channel or a party in the person's language. */
static enum base_code name_not_offered(const struct cmd_context *context, const struct order *order,
                                       enum base_code code, struct base_error *error)
{
    enum codebook_dimension dimension =
        code == BASE_CHANNEL_NOT_OFFERED ? CODEBOOK_CHANNEL : CODEBOOK_PARTY;
    return base_fail(error, code, "%s",
                     codebook_word(dimension, order->contact.value[dimension], context->language));
}

static enum base_code count(const struct cmd_context *context, int sign, const char *done,
                            const char *done_times, struct base_error *error)
{
    struct order order;
    enum base_code code = cmd_need_store_path(context, error);
    if (code == BASE_OK)
        code = parse_order(context, &order, error);
    if (code == BASE_OK)
        wipe_words(context);
    if (code == BASE_OK)
        code = tally_count(context->store_path, order.contact, order.month, sign * order.amount,
                           error);
    if (code == BASE_CHANNEL_NOT_OFFERED || code == BASE_PARTY_NOT_OFFERED)
        code = name_not_offered(context, &order, code, error);
    if (code == BASE_OK) {
        confirm(context, &order, done, done_times);
        cmd_hint_history(context);
    }
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
           "Without words, on a terminal, it asks: one key each."),
    .examples = N_("  tavs log phone relative        a relative called for the first time\n"
                   "  tavs log p r 2                 the same, second conversation\n"
                   "  tavs log                       asks, one key each\n"
                   "  tavs log --month 2026-10 --count 7 in-person user\n"
                   "                                 seven strokes on last month's paper\n"),
    .most_words = CODEBOOK_DIMENSIONS,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE | CMD_REACH_RUNTIME,
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
    .reach = CMD_REACH_STORE_CHANGE | CMD_REACH_RUNTIME,
    .run = run_retract,
};
