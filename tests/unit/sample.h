/* For tests of keys and record: the keys of tests/vectors/format.json. */
#ifndef TAVS_TESTS_SAMPLE_H
#define TAVS_TESTS_SAMPLE_H

#include "tavs/keys.h"
#include "trial.h"

enum { SAMPLE_DEVICE_FILE_BYTES = 120, SAMPLE_PATH_BYTES = 4400 };

/* The public keys of a reader of the vectors. */
struct keys_public sample_public(const json_t *reader);

/* A reader of the vectors, by its recovery code. */
struct keys_reader *sample_reader(const json_t *reader);

/* The device's file of the vectors, with the store that it is for. */
void sample_device_vectors(uint8_t store_id[KEYS_STORE_ID_BYTES],
                           uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                           uint8_t file[SAMPLE_DEVICE_FILE_BYTES]);

/* The device of the vectors, by its file. In a scratch folder: $XDG_STATE_HOME is set to it. */
struct keys_device *sample_device(void);

/* Writes a device's file where keys_device_load looks for it, mode 0600. */
void sample_put_device_file(const uint8_t store_id[KEYS_STORE_ID_BYTES], const void *bytes,
                            size_t size);

/* Its path, and $XDG_STATE_HOME set to the working folder, in which it is. */
void sample_device_path(const uint8_t store_id[KEYS_STORE_ID_BYTES], char *path, size_t size);

#endif
