#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

static const char *cost_name(struct keys_cost cost)
{
    if (cost.memory_kib == keys_cost_interactive.memory_kib)
        return "interactive";
    if (cost.memory_kib == keys_cost_moderate.memory_kib)
        return "moderate";
    if (cost.memory_kib == keys_cost_sensitive.memory_kib)
        return "sensitive";
    return "-";
}

static enum base_code run_list(struct cmd_context *context, struct base_error *error)
{
    struct store *store;
    enum { KIB_A_MIB = 1024 };
    enum base_code code = cmd_open_store(context, STORE_READ, NULL, &store, error);
    if (code != BASE_OK)
        return code;
    struct record_header header = *store_header(store);
    store_close(store);
    for (unsigned i = 0; code == BASE_OK && i < KEYS_SLOTS; i++) {
        const struct keys_slot *slot = &header.slots[i];
        if (slot->used)
            code = cmd_print(error, _("slot %u: %s (%u MiB, %u passes)\n"), i + 1,
                             cost_name(slot->cost), slot->cost.memory_kib / KIB_A_MIB,
                             slot->cost.passes);
    }
    return code;
}

/* The salt is drawn anew for each passphrase. */
static bool are_same(const struct keys_slot *one, const struct keys_slot *other)
{
    return one->used == other->used && memcmp(one->salt, other->salt, sizeof one->salt) == 0;
}

/* What put_slot finds where it is to put a slot: anything, or what was seen before. */
struct expectation {
    const struct keys_slot *seen; /* NULL: anything */
    bool met;
};

/* Changes one slot in one transaction. While a person typed, others may have changed the store: if
 * the slot is not what was seen, nothing happens and `met` is false. */
static enum base_code put_slot(const struct cmd_context *context, const struct cmd_reader *reader,
                               unsigned number, const struct keys_slot *slot,
                               struct expectation *expectation, struct base_error *error)
{
    struct store *store;
    enum base_code code = cmd_open_store(context, STORE_WRITE, reader, &store, error);
    if (code != BASE_OK)
        return code;
    struct record_header header = *store_header(store);
    unsigned others = 0;
    for (unsigned i = 0; i < KEYS_SLOTS; i++)
        others += i != number && header.slots[i].used;
    expectation->met =
        expectation->seen == NULL || are_same(expectation->seen, &header.slots[number]);
    if (!slot->used && !header.slots[number].used)
        code = base_fail(error, BASE_NO_SUCH_SLOT, "%u", number + 1);
    else if (!slot->used && others == 0)
        code = base_fail(error, BASE_LAST_SLOT, "%u", number + 1);
    header.slots[number] = *slot;
    if (code == BASE_OK && expectation->met)
        code = store_put_header(store, &header, reader->key, error);
    if (code == BASE_OK && expectation->met)
        code = cmd_commit(store, error);
    store_close(store);
    return code;
}

static enum base_code find_free_slot(const struct cmd_context *context,
                                     const struct cmd_reader *reader, unsigned *number,
                                     struct base_error *error)
{
    struct store *store;
    enum base_code code = cmd_open_store(context, STORE_READ, reader, &store, error);
    if (code != BASE_OK)
        return code;
    const struct keys_slot *slots = store_header(store)->slots;
    unsigned i = 0;
    while (i < KEYS_SLOTS && slots[i].used)
        i++;
    store_close(store);
    if (i == KEYS_SLOTS)
        return base_fail(error, BASE_NO_FREE_SLOT, "%d", KEYS_SLOTS);
    *number = i;
    return BASE_OK;
}

/* Puts a passphrase in the first free slot. A slot that somebody else takes in the meantime is left
 * to them: its number is part of what is encrypted, so it is wrapped again for the next one. */
static enum base_code add_slot(const struct cmd_context *context, const struct cmd_reader *reader,
                               const char *passphrase, struct keys_cost cost, unsigned *number,
                               struct base_error *error)
{
    const struct keys_slot unused = {0};
    struct keys_slot slot;
    struct expectation free_slot = {.seen = &unused};
    enum base_code code = BASE_OK;
    while (code == BASE_OK && !free_slot.met) {
        code = find_free_slot(context, reader, number, error);
        if (code == BASE_OK)
            code = keys_slot_wrap(&slot, *number, reader->fingerprint, reader->key, passphrase,
                                  cost, error);
        if (code == BASE_OK)
            code = put_slot(context, reader, *number, &slot, &free_slot, error);
    }
    return code;
}

/* Puts a passphrase in place of the one that opened the store. If that has been changed or removed
 * in the meantime, it opens nothing any more. */
static enum base_code replace_slot(const struct cmd_context *context,
                                   const struct cmd_reader *reader, const char *passphrase,
                                   struct keys_cost cost, struct base_error *error)
{
    struct keys_slot slot;
    struct expectation unchanged = {.seen = &reader->opened};
    enum base_code code = keys_slot_wrap(&slot, reader->slot, reader->fingerprint, reader->key,
                                         passphrase, cost, error);
    if (code == BASE_OK)
        code = put_slot(context, reader, reader->slot, &slot, &unchanged, error);
    if (code == BASE_OK && !unchanged.met)
        code = base_fail(error, BASE_WRONG_PASSPHRASE, "%s", "");
    return code;
}

static enum base_code run_add(struct cmd_context *context, struct base_error *error)
{
    struct cmd_reader reader;
    struct keys_cost cost;
    char *passphrase = NULL;
    unsigned number = 0;
    enum base_code code = cmd_parse_cost(context, &cost, error);
    if (code != BASE_OK)
        return code;
    code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = find_free_slot(context, &reader, &number, error); /* before anybody types in vain */
    if (code == BASE_OK)
        code = cmd_new_passphrase(context, CMD_NEW_PASSPHRASE_FILE, &passphrase, error);
    if (code == BASE_OK)
        code = add_slot(context, &reader, passphrase, cost, &number, error);
    if (code == BASE_OK)
        cmd_say(context, _("The new passphrase is in slot %u.\n"), number + 1);
    secret_free(passphrase);
    cmd_close_reader(&reader);
    return code;
}

static enum base_code run_change(struct cmd_context *context, struct base_error *error)
{
    struct cmd_reader reader;
    struct keys_cost cost;
    char *passphrase = NULL;
    if (context->value[CMD_RECOVERY] != NULL)
        return base_fail(error, BASE_BAD_OPTION_VALUE, "key change --recovery");
    enum base_code code = cmd_parse_cost(context, &cost, error);
    if (code != BASE_OK)
        return code;
    code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = cmd_new_passphrase(context, CMD_NEW_PASSPHRASE_FILE, &passphrase, error);
    if (code == BASE_OK)
        code = replace_slot(context, &reader, passphrase, cost, error);
    if (code == BASE_OK)
        cmd_say(context,
                _("The passphrase in slot %u is the new one; the old one opens nothing.\n"),
                reader.slot + 1);
    secret_free(passphrase);
    cmd_close_reader(&reader);
    return code;
}

static enum base_code run_remove(struct cmd_context *context, struct base_error *error)
{
    struct cmd_reader reader;
    const struct keys_slot unused = {0};
    struct expectation anything = {0};
    int64_t number;
    if (!base_parse_number(context->words[1], 1, KEYS_SLOTS, &number))
        return base_fail(error, BASE_NO_SUCH_SLOT, "%s", context->words[1]);
    enum base_code code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = put_slot(context, &reader, (unsigned)number - 1, &unused, &anything, error);
    if (code == BASE_OK)
        cmd_say(context, _("Slot %u is empty; its passphrase opens nothing.\n"), (unsigned)number);
    cmd_close_reader(&reader);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    static const struct cmd_verb verbs[] = {
        {"list", run_list, 0},
        {"add", run_add, 0},
        {"change", run_change, 0},
        {"remove", run_remove, 1},
    };
    return cmd_run_verb(context, verbs, sizeof verbs / sizeof *verbs, error);
}

static const enum cmd_option options[] = {CMD_PASSPHRASE_FILE, CMD_NEW_PASSPHRASE_FILE,
                                          CMD_RECOVERY, CMD_KDF, CMD_OPTIONS};

const struct cmd_command cmd_key = {
    .name = "key",
    .arguments = N_("list|add|change|remove [N]"),
    .summary = N_("the passphrases that open the store"),
    .details = N_(
        "list    the slots in use; needs no passphrase\n"
        "add     a passphrase for one more person (asks for one that opens the store; with\n"
        "        --recovery for the recovery code)\n"
        "change  a new passphrase in place of the one that you type\n"
        "remove  empties slot N; the last one stays\n"
        "What a slot held is overwritten and found nowhere in the file afterwards. Earlier copies\n"
        "of the file still open with the old passphrase."),
    .examples =
        N_("  tavs key add               the auditor gets a passphrase\n"
           "  tavs key add --recovery    all passphrases are forgotten, the paper is there\n"
           "  tavs key remove 2          somebody has left\n"),
    .least_words = 1,
    .most_words = 2,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE,
    .run = run,
};
