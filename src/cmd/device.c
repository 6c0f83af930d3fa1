#include <string.h>

#include "inside.h"
#include "tavs/tally.h"

/* This machine's number in the store; 0 if it is not enrolled there, or no longer, or its key is of no use.
 * Fails only where the system does. */
static enum base_code own_number(struct store *store, uint16_t *number, struct base_error *error)
{
    struct keys_device *key;
    struct record_device device;
    struct base_error reason;
    const enum base_code code = tally_load_device(store, &key, &device, &reason);
    *number = 0;
    if (code != BASE_OK && cmd_exit_status(code) == cmd_exit_status(BASE_IO)) {
        *error = reason;
        return code;
    }
    if (code == BASE_OK) {
        *number = device.number;
        keys_device_free(key);
    }
    return BASE_OK;
}

static enum base_code run_list(struct cmd_context *context, struct base_error *error)
{
    struct store *store;
    struct record_device device;
    uint16_t count;
    enum { SHOWN_KEY_BYTES = 8 };
    char key[2 * SHOWN_KEY_BYTES + 1];
    enum base_code code = cmd_open_store(context, STORE_READ, NULL, &store, error);
    if (code != BASE_OK)
        return code;
    uint16_t own = 0;
    code = own_number(store, &own, error);
    if (code == BASE_OK)
        code = store_count_devices(store, &count, error);
    for (uint16_t i = 1; code == BASE_OK && i <= count; i++) {
        code = store_get_device(store, i, &device, error);
        if (code != BASE_OK)
            break;
        base_hex(key, device.signing_public, SHOWN_KEY_BYTES);
        code = cmd_print(error, _("device %u: %s, key %s%s\n"), i,
                         device.state == RECORD_DEVICE_ACTIVE ? _("active") : _("retired"), key,
                         i == own ? _(" (this machine)") : "");
    }
    store_close(store);
    return code;
}

/* Enrols this machine as the next device, with rows for the current year. */
static enum base_code enrol(struct store *store, const char *path, const struct keys_reader *reader,
                            uint16_t *number, struct base_error *error)
{
    uint16_t count;
    struct keys_device *key = NULL;
    enum base_code code = store_count_devices(store, &count, error);
    if (code != BASE_OK)
        return code;
    if (count == KEYS_MOST_DEVICES)
        return base_fail(error, BASE_NO_FREE_DEVICE, "%d", KEYS_MOST_DEVICES);
    struct record_device device = {.number = (uint16_t)(count + 1), .state = RECORD_DEVICE_ACTIVE};
    code = keys_device_new(device.number, store_header(store)->store_id, store_fingerprint(store),
                           &key, error);
    if (code == BASE_OK) {
        memcpy(device.signing_public, keys_device_public(key), sizeof device.signing_public);
        code = store_put_device(store, &device, reader, error);
    }
    if (code == BASE_OK)
        code = store_put_year(store, base_month_year(base_month_now()), key, error);
    if (code == BASE_OK)
        code = keys_device_save(key, error);
    if (code == BASE_OK)
        code = keys_known_save(path, store_fingerprint(store), true, error);
    if (code == BASE_OK)
        code = cmd_commit(store, error);
    if (code != BASE_OK && code != BASE_NOT_ERASED && key != NULL)
        keys_device_remove(store_header(store)->store_id); /* a key that no store knows */
    keys_device_free(key);
    if (code == BASE_OK)
        *number = device.number;
    return code;
}

static enum base_code run_add(struct cmd_context *context, struct base_error *error)
{
    struct cmd_reader reader;
    struct store *store;
    uint16_t number = 0;
    enum base_code code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = cmd_open_store(context, STORE_WRITE, &reader, &store, error);
    if (code == BASE_OK) {
        uint16_t own = 0;
        code = own_number(store, &own, error);
        if (code == BASE_OK)
            code = own != 0 ? base_fail(error, BASE_ALREADY_ENROLLED, "%u", own)
                            : enrol(store, context->store_path, reader.key, &number, error);
        store_close(store);
    }
    if (code == BASE_OK)
        cmd_say(context, _("This machine is enrolled as device %u.\n"), number);
    cmd_close_reader(&reader);
    return code;
}

static enum base_code retire(struct store *store, const struct keys_reader *reader, uint16_t number,
                             struct base_error *error)
{
    struct record_device device;
    enum base_code code = store_get_device(store, number, &device, error);
    if (code != BASE_OK)
        return code;
    device.state = RECORD_DEVICE_RETIRED;
    code = store_put_device(store, &device, reader, error);
    if (code == BASE_OK)
        code = cmd_commit(store, error);
    return code;
}

static enum base_code run_retire(struct cmd_context *context, struct base_error *error)
{
    struct cmd_reader reader;
    struct store *store;
    int64_t number;
    if (!base_parse_number(context->words[1], 1, KEYS_MOST_DEVICES, &number))
        return base_fail(error, BASE_NO_SUCH_DEVICE, "%s", context->words[1]);
    enum base_code code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = cmd_open_store(context, STORE_WRITE, &reader, &store, error);
    if (code == BASE_OK) {
        code = retire(store, reader.key, (uint16_t)number, error);
        store_close(store);
    }
    if (code == BASE_OK)
        cmd_say(context, _("Device %u is retired; what it counted stays.\n"), (unsigned)number);
    cmd_close_reader(&reader);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    static const struct cmd_verb verbs[] = {
        {"list", run_list, 0}, {"add", run_add, 0}, {"retire", run_retire, 1}};
    return cmd_run_verb(context, verbs, sizeof verbs / sizeof *verbs, error);
}

static const enum cmd_option options[] = {CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_device = {
    .name = "device",
    .arguments = N_("list|add|retire [N]"),
    .summary = N_("the machines that may count"),
    .details = N_("list    all devices; needs no passphrase\n"
                  "add     enrols this machine (asks for a passphrase)\n"
                  "retire  device N counts no more; what it counted stays"),
    .examples = N_("  tavs device add        on the new machine, by the leader\n"
                   "  tavs device retire 2   a machine was lost\n"),
    .least_words = 1,
    .most_words = 2,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE | CMD_REACH_DEVICE_MAKE,
    .run = run,
};
