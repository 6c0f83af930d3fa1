#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "scratch.h"

struct keys_public sample_public(const json_t *reader)
{
    struct keys_public public_keys;

    trial_bytes(reader, "encryption", public_keys.encryption, sizeof public_keys.encryption);
    trial_bytes(reader, "signing", public_keys.signing, sizeof public_keys.signing);
    return public_keys;
}

struct keys_reader *sample_reader(const json_t *reader)
{
    struct keys_public public_keys = sample_public(reader);
    struct keys_reader *result = NULL;
    struct base_error error;

    assert_int_equal(
        keys_recovery_decode(trial_text(reader, "recovery"), &public_keys, &result, &error),
        BASE_OK);
    return result;
}

void sample_device_path(const uint8_t store_id[KEYS_STORE_ID_BYTES], char *path, size_t size)
{
    char name[2 * KEYS_STORE_ID_BYTES + 1];

    base_hex(name, store_id, KEYS_STORE_ID_BYTES);
    setenv("XDG_STATE_HOME", scratch_path(), 1);
    snprintf(path, size, "%s/tavs/%s.device", scratch_path(), name);
}

void sample_put_device_file(const uint8_t store_id[KEYS_STORE_ID_BYTES], const void *bytes,
                            size_t size)
{
    char path[SAMPLE_PATH_BYTES];

    sample_device_path(store_id, path, sizeof path);
    (void)mkdir("tavs", 0700);
    (void)remove(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

void sample_device_vectors(uint8_t store_id[KEYS_STORE_ID_BYTES],
                           uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                           uint8_t file[SAMPLE_DEVICE_FILE_BYTES])
{
    json_t *format = trial_vectors("format.json");
    const json_t *store = trial_get(format, "store");

    trial_bytes(store, "store_id", store_id, KEYS_STORE_ID_BYTES);
    trial_bytes(store, "fingerprint", fingerprint, KEYS_FINGERPRINT_BYTES);
    trial_bytes(trial_get(format, "device"), "file", file, SAMPLE_DEVICE_FILE_BYTES);
    json_decref(format);
}

struct keys_device *sample_device(void)
{
    uint8_t store_id[KEYS_STORE_ID_BYTES], fingerprint[KEYS_FINGERPRINT_BYTES];
    uint8_t file[SAMPLE_DEVICE_FILE_BYTES];
    struct keys_device *device = NULL;
    struct base_error error;

    sample_device_vectors(store_id, fingerprint, file);
    sample_put_device_file(store_id, file, sizeof file);
    assert_int_equal(keys_device_load(store_id, &device, &error), BASE_OK);
    return device;
}
