#include "order.h"

#include <stdio.h>

#include "tavs/secret.h"
#include "tavs/tally.h"

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

enum base_code cmd_order_word(enum codebook_dimension dimension, const char *word,
                              enum codebook_language language, struct cmd_order *order,
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

enum base_code cmd_order_words(enum codebook_language language, char *const *words, size_t count,
                               struct cmd_order *order, struct base_error *error)
{
    int64_t session;
    enum base_code code = BASE_OK;
    if (count > CODEBOOK_SESSION &&
        base_parse_number(words[CODEBOOK_SESSION], CODEBOOK_SESSIONS + 1, INT64_MAX, &session))
        return base_fail(error, BASE_SIXTH_SESSION, "%s", words[CODEBOOK_SESSION]);
    order->contact.value[CODEBOOK_SESSION] = 0; /* the first, unless said */
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        code = cmd_order_word((enum codebook_dimension)i, words[i], language, order, error);
    return code;
}

/* ---- from keys ---- */

enum base_code cmd_read_offered(const char *store_path, base_month month,
                                struct cmd_offered *offered, struct base_error *error)
{
    struct store *store;
    enum base_code code = store_open(store_path, STORE_READ, &store, error);
    if (code != BASE_OK)
        return code;
    code = tally_check_open(store_header(store), month, error);
    const struct cmd_offered found = {{
        [CODEBOOK_CHANNEL] = store_header(store)->channels,
        [CODEBOOK_PARTY] = store_header(store)->parties,
        [CODEBOOK_SESSION] = (1 << CODEBOOK_SESSIONS) - 1,
    }};
    store_close(store);
    if (code == BASE_OK)
        *offered = found;
    return code;
}

static const char *label(enum codebook_dimension dimension, unsigned value,
                         enum codebook_language language, bool brief)
{
    return brief && dimension == CODEBOOK_SESSION ? codebook_code(dimension, value)
                                                  : codebook_word(dimension, value, language);
}

enum base_code cmd_order_ask(struct term_desk *desk, enum codebook_language language,
                             struct cmd_offered offered, enum codebook_dimension dimension,
                             const unsigned *likely, struct cmd_order *order,
                             struct base_error *error)
{
    static const char *const questions[CODEBOOK_DIMENSIONS] = {
        [CODEBOOK_CHANNEL] = N_("Channel:"),
        [CODEBOOK_PARTY] = N_("Party:"),
        [CODEBOOK_SESSION] = N_("Conversation:"),
    };
    const unsigned all = codebook_values(dimension);
    const unsigned first = likely == NULL ? 0 : *likely;
    struct term_choice choices[CODEBOOK_MOST_VALUES];
    unsigned values[CODEBOOK_MOST_VALUES];
    unsigned count = 0;
    unsigned chosen = 0;
    enum base_code code = BASE_OK;

    for (unsigned i = 0; i < all; i++) {
        const unsigned value = i == 0 ? first : i <= first ? i - 1 : i;
        if ((offered.set[dimension] >> value & 1) == 0)
            continue;
        choices[count] = (struct term_choice){codebook_key(dimension, value, language),
                                              label(dimension, value, language, desk != NULL)};
        values[count++] = value;
    }
    const int preset = likely == NULL ? TERM_NO_PRESET : 0;
    if (count > 1 && desk != NULL)
        code = term_desk_ask_key(desk, _(questions[dimension]), choices, count, preset, &chosen,
                                 error);
    else if (count > 1)
        code = term_ask_key(_(questions[dimension]), choices, count, preset, &chosen, error);
    if (code == BASE_OK)
        order->contact.value[dimension] = (uint8_t)values[chosen];
    secret_wipe(&chosen, sizeof chosen);
    return code;
}

/* ---- both ---- */

enum base_code cmd_order_count(const struct cmd_context *context, const struct cmd_order *order,
                               struct base_error *error)
{
    const enum base_code code =
        tally_count(context->store_path, order->contact, order->month, order->amount, error);
    if (code != BASE_CHANNEL_NOT_OFFERED && code != BASE_PARTY_NOT_OFFERED)
        return code;
    const enum codebook_dimension dimension =
        code == BASE_CHANNEL_NOT_OFFERED ? CODEBOOK_CHANNEL : CODEBOOK_PARTY;
    return base_fail(error, code, "%s",
                     codebook_word(dimension, order->contact.value[dimension], context->language));
}

void cmd_order_text(const struct cmd_order *order, enum codebook_language language,
                    char text[CMD_ORDER_TEXT])
{
    char month[BASE_WORDS_TEXT];
    const char *words[CODEBOOK_DIMENSIONS];
    for (enum codebook_dimension i = 0; i < CODEBOOK_DIMENSIONS; i++)
        words[i] = codebook_word(i, order->contact.value[i], language);
    base_month_words(order->month, month);
    (void)snprintf(text, CMD_ORDER_TEXT, "%s, %s, %s, %s", words[CODEBOOK_CHANNEL],
                   words[CODEBOOK_PARTY], words[CODEBOOK_SESSION], month);
}
