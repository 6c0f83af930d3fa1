#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/term.h"

/* A store in the making. */
struct making {
    struct record_header header;
    struct record_device device;
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    struct keys_reader *reader;
    struct keys_device *device_key;
    bool is_made; /* the store and the key stand in their places */
};

static enum base_code parse_offers(const struct cmd_context *context, struct record_header *header,
                                   struct base_error *error)
{
    header->threshold = RECORD_THRESHOLD;
    header->channels = CODEBOOK_ALL_CHANNELS;
    header->parties = CODEBOOK_ALL_PARTIES;
    enum base_code code =
        cmd_parse_set(context, CMD_CHANNELS, CODEBOOK_CHANNEL, &header->channels, error);
    if (code == BASE_OK)
        code = cmd_parse_set(context, CMD_PARTIES, CODEBOOK_PARTY, &header->parties, error);
    unsigned threshold = 0;
    if (code == BASE_OK)
        code = cmd_parse_threshold(context, &threshold, error);
    header->threshold = threshold == 0 ? RECORD_THRESHOLD : (uint8_t)threshold;
    return code;
}

/* There is room for a store: no file in its place, and a folder that may be written to. Asked before
 * anybody types a passphrase and before the device's key is saved. The folder of the default place is
 * made later; elsewhere a missing folder is more likely a mistake. */
static enum base_code check_place(const struct cmd_context *context, struct base_error *error)
{
    struct stat status;
    char path[PATH_MAX];
    enum base_code code = cmd_need_store_path(context, error);
    if (code != BASE_OK)
        return code;
    if (lstat(context->store_path, &status) == 0)
        return base_fail(error, BASE_STORE_EXISTS, "%s", context->store_path);
    size_t length = strlen(context->store_path);
    if (context->store_is_default || length >= sizeof path)
        return BASE_OK;
    memcpy(path, context->store_path, length + 1);
    if (access(dirname(path), W_OK | X_OK) != 0)
        return base_fail_os(error, errno, "%s", context->store_path);
    return store_check_place(context->store_path, error);
}

static enum base_code make_default_folder(const struct cmd_context *context,
                                          struct base_error *error)
{
    char path[PATH_MAX];
    size_t length = strlen(context->store_path);
    if (!context->store_is_default || length >= sizeof path)
        return BASE_OK;
    memcpy(path, context->store_path, length + 1);
    return base_make_folders(path, error);
}

static enum base_code make_keys(struct making *making, struct base_error *error)
{
    enum { FIRST_DEVICE = 1 };
    enum base_code code = keys_reader_new(&making->reader, error);
    if (code != BASE_OK)
        return code;
    secret_random(making->header.store_id, sizeof making->header.store_id);
    keys_reader_public(making->reader, &making->header.public_keys);
    keys_fingerprint(making->fingerprint, making->header.store_id, &making->header.public_keys);
    code = keys_device_new(FIRST_DEVICE, making->header.store_id, making->fingerprint,
                           &making->device_key, error);
    if (code != BASE_OK)
        return code;
    making->device.number = FIRST_DEVICE;
    making->device.state = RECORD_DEVICE_ACTIVE;
    memcpy(making->device.signing_public, keys_device_public(making->device_key),
           sizeof making->device.signing_public);
    return BASE_OK;
}

static enum base_code make_slot(const struct cmd_context *context, struct making *making,
                                struct base_error *error)
{
    char *passphrase;
    struct keys_cost cost;
    enum base_code code = cmd_parse_cost(context, &cost, error);
    if (code == BASE_OK)
        code = cmd_new_passphrase(context, CMD_PASSPHRASE_FILE, &passphrase, error);
    if (code != BASE_OK)
        return code;
    code = keys_slot_wrap(&making->header.slots[0], 0, making->fingerprint, making->reader,
                          passphrase, cost, error);
    secret_free(passphrase);
    return code;
}

/* The device's key comes first: a store that no machine may write to would be worse than a key
 * without a store. */
static enum base_code write_both(const struct cmd_context *context, struct making *making,
                                 struct base_error *error)
{
    enum base_code code = keys_device_save(making->device_key, error);
    keys_known_remove(context->store_path); /* of a store that stood there before */
    if (code == BASE_OK)
        code = store_create(context->store_path, &making->header, making->reader, &making->device,
                            making->device_key, base_month_year(base_month_now()), error);
    if (code != BASE_OK) /* a key that was saved, but perhaps not durably, is one too */
        keys_device_remove(making->header.store_id);
    making->is_made = code == BASE_OK;
    if (code == BASE_OK)
        code = keys_known_save(context->store_path, making->fingerprint, true, error);
    return code;
}

static enum base_code tell(const struct cmd_context *context, const struct making *making,
                           struct base_error *error)
{
    char fingerprint[KEYS_FINGERPRINT_TEXT];
    void *recovery;
    enum base_code code = secret_new(KEYS_RECOVERY_TEXT, &recovery, error);
    if (code != BASE_OK)
        return code;
    keys_fingerprint_text(fingerprint, making->fingerprint);
    keys_recovery_encode(making->reader, recovery);
    code = cmd_print(error, _("store:         %s\nfingerprint:   %s\nrecovery code: "),
                     base_shown(context->store_path, &(struct base_shown){0}), fingerprint);
    if (code == BASE_OK)
        code = term_write(STDOUT_FILENO, recovery, _("standard output"), error);
    if (code == BASE_OK)
        code = cmd_print(error, "\n");
    secret_free(recovery);
    cmd_say(
        context, "%s\n",
        _("Write both on paper now and lock it away. The code opens the store without a\n"
          "passphrase and is not shown again; the fingerprint tells this store from any other.\n"
          "Then clear the screen."));
    return code;
}

/* What is known to be wrong is told before folders are made, which once confined the process can't. */
static enum base_code prepare(struct cmd_context *context, struct base_error *error)
{
    struct record_header ignored = {0};
    enum base_code code = check_place(context, error);
    if (code == BASE_OK)
        code = parse_offers(context, &ignored, error);
    return code == BASE_OK ? make_default_folder(context, error) : code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    struct making making = {0};
    enum base_code code = parse_offers(context, &making.header, error);
    if (code == BASE_OK)
        code = make_keys(&making, error);
    if (code == BASE_OK)
        code = make_slot(context, &making, error);
    if (code == BASE_OK)
        code = write_both(context, &making, error);
    if (code == BASE_OK)
        code = tell(context, &making, error);
    /* Nobody has the recovery code of a store that could not show it. */
    if (code != BASE_OK && making.is_made) {
        keys_known_remove(context->store_path);
        (void)unlink(context->store_path);
        keys_device_remove(making.header.store_id);
    }
    keys_reader_free(making.reader);
    keys_device_free(making.device_key);
    return code;
}

static const enum cmd_option options[] = {CMD_CHANNELS, CMD_PARTIES,         CMD_THRESHOLD,
                                          CMD_KDF,      CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_init = {
    .name = "init",
    .arguments = "",
    .summary = N_("create a store, its first passphrase and this machine's key"),
    .details = N_("Asks for the first passphrase (twice). Prints the store's fingerprint and the "
                  "recovery code:\n"
                  "write both on paper. An existing file is never touched. What the place does not "
                  "offer can't\n"
                  "be counted and is no row of a report. Counts under the threshold (--threshold, "
                  "else 5) are\n"
                  "hidden in what is published."),
    .examples = N_("  tavs init                                    everything is offered\n"
                   "  tavs init --channels in-person,phone         no mail, no web page\n"),
    .options = options,
    .reach = CMD_REACH_STORE_MAKE | CMD_REACH_DEVICE_MAKE,
    .prepare = prepare,
    .run = run,
};
