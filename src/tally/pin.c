/* The pin of the ledger: nothing is published from a copy that lacks what was published. */
#include <string.h>

#include "tavs/tally.h"

enum base_code tally_pin_ledger(struct store *store, struct base_error *error)
{
    const struct record_header *header = store_header(store);
    struct keys_pin pin = {.edition = header->edition, .releases = header->releases};
    memcpy(pin.head, header->ledger_head, sizeof pin.head);
    const enum base_code code = keys_pin_save(header->store_id, &pin, error);
    return code == BASE_NO_HOME ? BASE_OK : code;
}

static enum base_code fail_behind(const struct record_header *header, struct base_error *error)
{
    char path[BASE_SUBJECT_BYTES];
    const enum base_code code = keys_pin_path(header->store_id, path, sizeof path, error);
    return code == BASE_OK ? base_fail(error, BASE_LEDGER_BEHIND, "%s", path) : code;
}

enum base_code tally_check_ledger_pin(struct store *store, struct base_error *error)
{
    const struct record_header *header = store_header(store);
    uint8_t digest[KEYS_DIGEST_BYTES] = {0};
    struct keys_pin pin;
    bool found = false;
    enum base_code code = keys_pin_load(header->store_id, &pin, &found, error);
    if (code == BASE_NO_HOME || (code == BASE_OK && !found))
        return BASE_OK;
    if (code == BASE_OK && pin.releases > header->releases)
        return fail_behind(header, error);
    if (code == BASE_OK && pin.releases > 0)
        code = store_piece_digest(store, pin.releases, digest, error);
    if (code == BASE_OK && memcmp(digest, pin.head, sizeof digest) != 0)
        code = fail_behind(header, error);
    return code;
}
