/* Which store this machine knows at a path: a small file beside its key, found by the path's digest, so that another
 * store that is put there is noticed, whatever its id. */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "own.h"

/* docs/format.md, section 8. */
enum {
    FILE_FORMAT = 1,
    AT_FORMAT = 4,
    AT_FINGERPRINT = 6,
    AT_CHECKSUM = AT_FINGERPRINT + KEYS_FINGERPRINT_BYTES,
    FILE_BYTES = AT_CHECKSUM + KEYS_DIGEST_BYTES,
};
static const uint8_t magic[AT_FORMAT] = {'T', 'A', 'V', 'K'};

/* A path as it was written, and with its links followed: whoever may rename what lies above the store could else evade
 * the one or the other. */
enum { SPELLINGS = 2, PATH_BYTES = 2 * PATH_MAX };

static bool spell(const char *path, unsigned spelling, char spelled[PATH_BYTES])
{
    char folder[PATH_MAX] = "", copy[PATH_MAX];
    if (strlen(path) >= sizeof copy)
        return false;
    if (spelling == 0) {
        if (path[0] != '/' && getcwd(folder, sizeof folder) == NULL)
            return false;
        (void)snprintf(spelled, PATH_BYTES, "%s%s%s", folder, path[0] == '/' ? "" : "/", path);
        return true;
    }
    if (realpath(path, spelled) != NULL)
        return true;
    strcpy(copy, path);
    if (realpath(dirname(copy), folder) == NULL)
        return false;
    strcpy(copy, path);
    (void)snprintf(spelled, PATH_BYTES, "%s/%s", folder, basename(copy));
    return true;
}

/* Where the note for a path lies, if it has this spelling, and it is not that of the first. */
static enum base_code note_path(const char *path, unsigned spelling, char note[PATH_MAX],
                                bool *is_spelled, struct base_error *error)
{
    char spelled[PATH_BYTES];
    uint8_t digest[KEYS_DIGEST_BYTES];
    _Static_assert(KEYS_STORE_ID_BYTES <= KEYS_DIGEST_BYTES, "a name is as long as an id's");
    char first[PATH_BYTES];
    *is_spelled = spell(path, spelling, spelled) &&
                  (spelling == 0 || !spell(path, 0, first) || strcmp(spelled, first) != 0);
    if (!*is_spelled)
        return BASE_OK;
    keys_digest_once(digest, (const uint8_t *)spelled, strlen(spelled));
    return own_path(note, digest, ".known", error);
}

static enum base_code check_note(const uint8_t file[FILE_BYTES], const char *note,
                                 const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                 struct base_error *error)
{
    uint8_t sum[KEYS_DIGEST_BYTES];
    char text[KEYS_FINGERPRINT_TEXT];
    keys_digest_once(sum, file, AT_CHECKSUM);
    if (memcmp(file, magic, sizeof magic) != 0 || base_get_u16(file + AT_FORMAT) != FILE_FORMAT ||
        memcmp(file + AT_CHECKSUM, sum, sizeof sum) != 0)
        return base_fail(error, BASE_KNOWN_FILE_DAMAGED, "%s", note);
    if (memcmp(file + AT_FINGERPRINT, fingerprint, KEYS_FINGERPRINT_BYTES) == 0)
        return BASE_OK;
    keys_fingerprint_text(text, fingerprint);
    return base_fail(error, BASE_STORE_REPLACED, "%s; %s", text, note);
}

/* *found also where the note is of no use, which whoever reads it is told. Without a fingerprint that is all. */
static enum base_code check_spelling(const char *path, unsigned spelling,
                                     const uint8_t *fingerprint, bool *found,
                                     struct base_error *error)
{
    char note[PATH_MAX];
    uint8_t file[FILE_BYTES + 1];
    bool is_spelled, is_there = false;
    struct base_error reason;
    enum base_code code = note_path(path, spelling, note, &is_spelled, &reason);
    if (code == BASE_NO_HOME || (code == BASE_OK && !is_spelled))
        return BASE_OK;
    if (code != BASE_OK) {
        *error = reason;
        return code;
    }
    code = own_load(note, file, FILE_BYTES, BASE_KNOWN_FILE_DAMAGED, &is_there, error);
    *found = *found || is_there;
    return code == BASE_OK && is_there && fingerprint != NULL
               ? check_note(file, note, fingerprint, error)
               : code;
}

enum base_code keys_known_check(const char *path, const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                struct base_error *error)
{
    bool found = false;
    enum base_code code = BASE_OK;
    for (unsigned i = 0; code == BASE_OK && i < SPELLINGS; i++)
        code = check_spelling(path, i, fingerprint, &found, error);
    return code;
}

bool keys_known_is_noted(const char *path)
{
    bool found = false;
    struct base_error ignored;
    for (unsigned i = 0; i < SPELLINGS; i++)
        (void)check_spelling(path, i, NULL, &found, &ignored);
    return found;
}

enum base_code keys_known_save(const char *path, const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                               bool replace, struct base_error *error)
{
    uint8_t file[FILE_BYTES];
    enum base_code code = BASE_OK;
    memcpy(file, magic, sizeof magic);
    base_put_u16(file + AT_FORMAT, FILE_FORMAT);
    memcpy(file + AT_FINGERPRINT, fingerprint, KEYS_FINGERPRINT_BYTES);
    keys_digest_once(file + AT_CHECKSUM, file, AT_CHECKSUM);
    for (unsigned i = 0; code == BASE_OK && i < SPELLINGS; i++) {
        char note[PATH_MAX];
        bool is_spelled;
        code = note_path(path, i, note, &is_spelled, error);
        if (code == BASE_OK && is_spelled)
            code = own_write(note, file, sizeof file, replace, error);
    }
    return code;
}

void keys_known_remove(const char *path)
{
    for (unsigned i = 0; i < SPELLINGS; i++) {
        char note[PATH_MAX];
        bool is_spelled;
        struct base_error ignored;
        if (note_path(path, i, note, &is_spelled, &ignored) == BASE_OK && is_spelled)
            (void)unlink(note);
    }
}
