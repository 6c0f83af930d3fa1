/* Inside of cmd: what is to be counted, from words or from keys. */
#ifndef TAVS_CMD_ORDER_H
#define TAVS_CMD_ORDER_H

#include "inside.h"
#include "tavs/term.h"

struct cmd_order {
    struct codebook_contact contact;
    base_month month;
    int32_t amount;
};

enum { CMD_LEAST_WORDS = 2, CMD_ORDER_TEXT = 2 * BASE_WORDS_TEXT };

/* The contact that `count` words, CMD_LEAST_WORDS to CODEBOOK_DIMENSIONS, name: a channel, a party, and
 * a session (else the first). The codes for words that name none, or several. */
enum base_code cmd_order_words(enum codebook_language language, char *const *words, size_t count,
                               struct cmd_order *order, struct base_error *error);

/* One of them: the value of `dimension` that `word` means. */
enum base_code cmd_order_word(enum codebook_dimension dimension, const char *word,
                              enum codebook_language language, struct cmd_order *order,
                              struct base_error *error);

/* What may be asked for in each dimension. */
struct cmd_offered {
    codebook_set set[CODEBOOK_DIMENSIONS];
};

/* Reads it from the store. Refused as by tally_check_open, so that nobody is asked in vain. */
enum base_code cmd_read_offered(const char *store_path, base_month month,
                                struct cmd_offered *offered, struct base_error *error);

/* Asks for the value of one dimension with one key; what leaves no choice is not asked for. With
 * `likely` that value, or if it is not offered the first that is, stands first, and Enter takes it.
 * `desk` is NULL outside of one. */
enum base_code cmd_order_ask(struct term_desk *desk, enum codebook_language language,
                             struct cmd_offered offered, enum codebook_dimension dimension,
                             const unsigned *likely, struct cmd_order *order,
                             struct base_error *error);

/* tally_count; what is not offered is named in the person's language. */
enum base_code cmd_order_count(const struct cmd_context *context, const struct cmd_order *order,
                               struct base_error *error);

/* "phone, relative, 2nd conversation, November 2026". Wipe it. */
void cmd_order_text(const struct cmd_order *order, enum codebook_language language,
                    char text[CMD_ORDER_TEXT]);

#endif
