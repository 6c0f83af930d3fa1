#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/tally.h"
#include "tavs/term.h"

enum { SECRET_BYTES = KEYS_MOST_PASSPHRASE + 1, PROMPT_BYTES = 512 };

static enum base_code read_file(const struct cmd_context *context, const char *path, char *secret,
                                struct base_error *error)
{
    bool others_may_read = false;
    enum base_code code =
        term_read_secret_file(path, secret, SECRET_BYTES, &others_may_read, error);
    if (code == BASE_OK && others_may_read)
        cmd_say(context, _("warning: others may read %s; make it yours alone: chmod 600 FILE\n"),
                base_shown(path, &(struct base_shown){0}));
    return code;
}

/* What opens the store: a passphrase or the recovery code. */
static enum base_code read_secret(const struct cmd_context *context, char *secret,
                                  struct base_error *error)
{
    char prompt[PROMPT_BYTES];
    const char *file = context->value[CMD_PASSPHRASE_FILE];
    if (file != NULL)
        return read_file(context, file, secret, error);
    if (context->place[0] != '\0')
        /* TRANSLATORS: %s is one of several places: "Adgangssætning til nord: ". */
        (void)snprintf(prompt, sizeof prompt, _("Passphrase of %s: "), context->place);
    else
        (void)snprintf(prompt, sizeof prompt, "%s",
                       context->value[CMD_RECOVERY] != NULL ? _("Recovery code: ")
                                                            : _("Passphrase: "));
    return term_read_passphrase(prompt, secret, SECRET_BYTES, error);
}

enum base_code cmd_read_passphrase(const struct cmd_context *context, char **out,
                                   struct base_error *error)
{
    void *secret;
    enum base_code code = secret_new(SECRET_BYTES, &secret, error);
    if (code != BASE_OK)
        return code;
    code = read_secret(context, secret, error);
    if (code == BASE_OK)
        *out = secret;
    else
        secret_free(secret);
    return code;
}

static enum base_code open_key(const struct cmd_context *context,
                               const struct record_header *header, const char *secret,
                               struct cmd_reader *reader, struct base_error *error)
{
    reader->slot = KEYS_SLOTS;
    reader->opened = (struct keys_slot){0};
    if (context->value[CMD_RECOVERY] != NULL)
        return keys_recovery_decode(secret, &header->public_keys, &reader->key, error);
    enum base_code code = keys_slots_open(header->slots, reader->fingerprint, &header->public_keys,
                                          secret, &reader->key, &reader->slot, error);
    if (code == BASE_OK)
        reader->opened = header->slots[reader->slot];
    return code;
}

/* Tells somebody who has no pin here what to compare. */
static void show_fingerprint(const struct cmd_context *context, const struct cmd_reader *reader)
{
    char text[KEYS_FINGERPRINT_TEXT];
    keys_fingerprint_text(text, reader->fingerprint);
    cmd_say(context, _("Store %s, fingerprint %s\n"),
            base_shown(context->store_path, &(struct base_shown){0}), text);
}

enum base_code cmd_open_reader(const struct cmd_context *context, struct cmd_reader *reader,
                               struct base_error *error)
{
    struct store *store;
    char *secret = context->passphrase;
    enum base_code code = cmd_open_store(context, STORE_READ, NULL, &store, error);
    if (code != BASE_OK)
        return code;
    struct record_header header = *store_header(store);
    memcpy(reader->fingerprint, store_fingerprint(store), sizeof reader->fingerprint);
    store_close(store);

    show_fingerprint(context, reader);
    if (secret == NULL)
        code = cmd_read_passphrase(context, &secret, error);
    if (code == BASE_OK)
        code = open_key(context, &header, secret, reader, error);
    if (secret != context->passphrase)
        secret_free(secret);
    secret_wipe_stack(); /* a person may be asked next, and take their time */
    return code;
}

void cmd_close_reader(struct cmd_reader *reader)
{
    keys_reader_free(reader->key);
    reader->key = NULL;
}

enum base_code cmd_need_store_path(const struct cmd_context *context, struct base_error *error)
{
    if (context->store_path == NULL)
        return base_fail(error, BASE_NO_HOME, "HOME");
    return BASE_OK;
}

enum base_code cmd_open_store(const struct cmd_context *context, enum store_mode mode,
                              const struct cmd_reader *reader, struct store **out,
                              struct base_error *error)
{
    struct store *store;
    char text[KEYS_FINGERPRINT_TEXT];
    enum base_code code = cmd_need_store_path(context, error);
    if (code == BASE_OK)
        code = store_open(context->store_path, mode, &store, error);
    if (code != BASE_OK)
        return code;
    code = tally_check_pin(store, error);
    if (code == BASE_OK && reader != NULL &&
        memcmp(reader->fingerprint, store_fingerprint(store), sizeof reader->fingerprint) != 0) {
        keys_fingerprint_text(text, store_fingerprint(store));
        code = base_fail(error, BASE_FINGERPRINT_DIFFERS, "%s", text);
    }
    if (code == BASE_OK)
        *out = store;
    else
        store_close(store);
    return code;
}

enum base_code cmd_commit(struct store *store, struct base_error *error)
{
    const enum base_code code = store_commit(store, error);
    if (code == BASE_OK)
        cmd_note_commit();
    return code;
}

/* What errors call the place that a passphrase came from. */
static const char *name_of(const char *file)
{
    if (file == NULL)
        return _("what was typed");
    return strcmp(file, "-") == 0 ? _("standard input") : file;
}

enum base_code cmd_new_passphrase(const struct cmd_context *context, enum cmd_option option,
                                  char **out, struct base_error *error)
{
    void *secret;
    const struct term_new_texts texts = {
        .prompt = _("New passphrase (five or six words drawn by lot are good): "),
        .prompt_again = _("The same again: "),
        .too_short = _("That is too short: take at least 12 characters."),
        .differ = _("The two differ."),
    };
    enum base_code code = secret_new(SECRET_BYTES, &secret, error);
    if (code != BASE_OK)
        return code;
    if (context->value[option] == NULL)
        code = term_read_new_passphrase(&texts, secret, SECRET_BYTES, error);
    else
        code = read_file(context, context->value[option], secret, error);
    if (code == BASE_OK)
        code =
            keys_passphrase_prepare(secret, SECRET_BYTES, name_of(context->value[option]), error);
    if (code == BASE_OK && strlen(secret) < KEYS_LEAST_PASSPHRASE)
        code = base_fail(error, BASE_SHORT_PASSPHRASE, "%s", "");
    if (code == BASE_OK)
        *out = secret;
    else
        secret_free(secret);
    return code;
}

enum base_code cmd_parse_cost(const struct cmd_context *context, struct keys_cost *cost,
                              struct base_error *error)
{
    const char *level = context->value[CMD_KDF];
    if (level == NULL || strcmp(level, "moderate") == 0)
        *cost = keys_cost_moderate;
    else if (strcmp(level, "interactive") == 0)
        *cost = keys_cost_interactive;
    else if (strcmp(level, "sensitive") == 0)
        *cost = keys_cost_sensitive;
    else
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--kdf %s", level);
    return BASE_OK;
}
