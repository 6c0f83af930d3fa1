/* This machine's own files for a store, beside each other in keys_device_folder. */
#ifndef TAVS_KEYS_OWN_H
#define TAVS_KEYS_OWN_H

#include <limits.h>
#include <sys/stat.h>

#include "tavs/keys.h"

enum { OWN_ENDING_BYTES = 16 }; /* and its zero */

/* The path of the file with this ending. */
enum base_code own_path(char path[PATH_MAX], const uint8_t store_id[KEYS_STORE_ID_BYTES],
                        const char *ending, struct base_error *error);

/* A plain file of this user that nobody else may read or write. */
bool own_is_private(const struct stat *status);

/* Reads up to `size` bytes; returns how many, or -1 with errno. */
ssize_t own_read(int descriptor, uint8_t *bytes, size_t size);

/* Reads a whole file of `size` bytes; `bytes` has room for one more, so that a longer one is noticed. *found is false where
 * there is none. What is not private, is a link, or has another size is `damaged`; what else goes wrong as by
 * base_fail_os. */
enum base_code own_load(const char *path, uint8_t *bytes, size_t size, enum base_code damaged,
                        bool *found, struct base_error *error);

/* Puts a file there whole or not at all, with `replace` in place of the one that is there; mode 0600, folders made as
 * needed (0700). */
enum base_code own_write(char path[PATH_MAX], const uint8_t *bytes, size_t size, bool replace,
                         struct base_error *error);

/* ---- device.c ---- */

/* A key, or a name of it, that follows from this machine's: subkey `number` of its seed. */
void device_subkey(const struct keys_device *device, uint64_t number, uint8_t *subkey, size_t size);
const uint8_t *device_store_id(const struct keys_device *device);

#endif
