#include <string.h>

#include "inside.h"

static bool is_pinned(const struct store *store, const struct keys_device *device)
{
    return memcmp(keys_device_fingerprint(device), store_fingerprint(store),
                  KEYS_FINGERPRINT_BYTES) == 0;
}

static enum base_code fail_fingerprint(enum base_code code, const struct store *store,
                                       struct base_error *error)
{
    char text[KEYS_FINGERPRINT_TEXT];
    keys_fingerprint_text(text, store_fingerprint(store));
    return base_fail(error, code, "%s", text);
}

/* The store's record of the device must be of this very key, and active. */
static enum base_code check_enrolled(struct store *store, const struct keys_device *key,
                                     struct record_device *device, struct base_error *error)
{
    if (!is_pinned(store, key))
        return fail_fingerprint(BASE_FINGERPRINT_DIFFERS, store, error);
    enum base_code code = store_get_device(store, keys_device_number(key), device, error);
    if (code == BASE_NO_SUCH_DEVICE ||
        (code == BASE_OK && memcmp(device->signing_public, keys_device_public(key),
                                   sizeof device->signing_public) != 0))
        return fail_fingerprint(BASE_NOT_ENROLLED, store, error);
    if (code == BASE_OK && device->state != RECORD_DEVICE_ACTIVE)
        return base_fail(error, BASE_DEVICE_RETIRED, "%u", device->number);
    return code;
}

enum base_code tally_load_device(struct store *store, struct keys_device **out,
                                 struct record_device *device, struct base_error *error)
{
    struct keys_device *key;
    enum base_code code = keys_device_load(store_header(store)->store_id, &key, error);
    if (code == BASE_NOT_ENROLLED)
        return fail_fingerprint(BASE_NOT_ENROLLED, store, error);
    if (code != BASE_OK)
        return code;
    code = check_enrolled(store, key, device, error);
    if (code == BASE_OK)
        *out = key;
    else
        keys_device_free(key);
    return code;
}

enum base_code tally_check_pin(struct store *store, struct base_error *error)
{
    struct keys_device *key;
    enum base_code code = keys_device_load(store_header(store)->store_id, &key, error);
    if (code == BASE_NOT_ENROLLED || code == BASE_NO_HOME)
        return BASE_OK;
    if (code != BASE_OK)
        return code;
    if (!is_pinned(store, key))
        code = fail_fingerprint(BASE_FINGERPRINT_DIFFERS, store, error);
    keys_device_free(key);
    return code;
}

void device_note_store(const char *path, const struct store *store)
{
    struct base_error ignored;
    if (!keys_known_is_noted(path))
        (void)keys_known_save(path, store_fingerprint(store), false, &ignored);
}
