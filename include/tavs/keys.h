/* keys: the reader's seed and what follows from it, slots, recovery code, device keys, fingerprint.
 *
 * The exact bytes stand in docs/format.md.
 */
#ifndef TAVS_KEYS_H
#define TAVS_KEYS_H

#include "tavs/base.h"
#include "tavs/elgamal.h"

enum {
    KEYS_SEED_BYTES = 32,
    KEYS_SIGNING_PUBLIC_BYTES = 32,
    KEYS_SIGNATURE_BYTES = 64,
    KEYS_STORE_ID_BYTES = 16,
    KEYS_FINGERPRINT_BYTES = 32,
    KEYS_DIGEST_BYTES = 32,
    KEYS_FINGERPRINT_TEXT = 50, /* ten groups of four hexadecimal digits, and the zero */
    KEYS_DOMAIN_BYTES = 16,     /* what is signed or hashed begins with a text of this size */
    KEYS_SLOTS = 8,
    KEYS_SALT_BYTES = 16,
    KEYS_NONCE_BYTES = 24,
    KEYS_TAG_BYTES = 16,
    KEYS_WRAPPED_SEED_BYTES = KEYS_SEED_BYTES + KEYS_TAG_BYTES,
    KEYS_RECOVERY_TEXT = 68,                             /* the code in groups, and its zero */
    KEYS_LEAST_PASSPHRASE = 12,                          /* bytes of a new one */
    KEYS_MOST_PASSPHRASE = 1024,                         /* bytes */
    KEYS_SEAL_BYTES = KEYS_NONCE_BYTES + KEYS_TAG_BYTES, /* more than what is sealed */
    KEYS_MOST_DEVICES = 1024,                            /* devices are numbered from 1 */
};

/* The two public keys that a store's header shows. */
struct keys_public {
    uint8_t encryption[ELGAMAL_POINT_BYTES];    /* Y */
    uint8_t signing[KEYS_SIGNING_PUBLIC_BYTES]; /* Ed25519 (RFC 8032) */
};

/* ---- fingerprint ---------------------------------------------------------------------------- */

/* BLAKE2b-256 over format version, store id, both public keys and the codebook. */
void keys_fingerprint(uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                      const uint8_t store_id[KEYS_STORE_ID_BYTES],
                      const struct keys_public *public_keys);

/* The first 20 bytes, as people compare them: "1a2b 3c4d …". */
void keys_fingerprint_text(char text[KEYS_FINGERPRINT_TEXT],
                           const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES]);

/* ---- digest --------------------------------------------------------------------------------- */

/* BLAKE2b-256 of bytes that come piece by piece; the same as `b2sum -l 256`. */
struct keys_digest;

enum base_code keys_digest_new(struct keys_digest **out, struct base_error *error);
void keys_digest_add(struct keys_digest *digest, const void *bytes, size_t size);

/* Gives the digest of all that was added and frees `digest`. */
void keys_digest_end(struct keys_digest *digest, uint8_t result[KEYS_DIGEST_BYTES]);
void keys_digest_free(struct keys_digest *digest);

/* The same of bytes that are all there. */
void keys_digest_once(uint8_t digest[KEYS_DIGEST_BYTES], const uint8_t *bytes, size_t size);

/* ---- the reader's key ----------------------------------------------------------------------- */

/* The seed and the keys that follow from it, in guarded memory. */
struct keys_reader;

enum base_code keys_reader_new(struct keys_reader **out, struct base_error *error);
void keys_reader_free(struct keys_reader *reader);

void keys_reader_public(const struct keys_reader *reader, struct keys_public *public_keys);

/* The ElGamal scalar x; it stays owned by `reader`. */
const uint8_t *keys_reader_scalar(const struct keys_reader *reader);

/* Ed25519 over `message`. */
void keys_reader_sign(const struct keys_reader *reader, uint8_t signature[KEYS_SIGNATURE_BYTES],
                      const uint8_t *message, size_t size);

/* True if the signature holds under the public signing key. */
bool keys_verify(const uint8_t signing_public[KEYS_SIGNING_PUBLIC_BYTES],
                 const uint8_t signature[KEYS_SIGNATURE_BYTES], const uint8_t *message,
                 size_t size);

/* Encrypts `size` bytes for whoever has the reader's key (XChaCha20-Poly1305, with a subkey of the
 * seed): `sealed` is nonce, ciphertext and tag, `size` + KEYS_SEAL_BYTES bytes. It opens only with the
 * same `associated` bytes. */
void keys_reader_seal(const struct keys_reader *reader, uint8_t *sealed, const uint8_t *plain,
                      size_t size, const uint8_t *associated, size_t associated_size);

/* `size` is that of `plain`, which is untouched if this is false: not sealed with this key and these
 * associated bytes, or changed since. */
bool keys_reader_unseal(const struct keys_reader *reader, uint8_t *plain, size_t size,
                        const uint8_t *sealed, const uint8_t *associated, size_t associated_size);

/* BLAKE2b-256 with a subkey of the seed, which nobody but the reader can compute. */
void keys_reader_digest(const struct keys_reader *reader, uint8_t digest[KEYS_DIGEST_BYTES],
                        const uint8_t *bytes, size_t size);

/* ---- passphrases ------------------------------------------------------------------------------ */

/* Makes what was typed or read the passphrase that it means, in place: OpaqueString (RFC 8265), so that all spaces are one
 * and a letter is the same however it was typed; a mark (U+FEFF) before it and blanks behind it are no part of it. Each new
 * passphrase is prepared. `passphrase` is guarded memory of `size` bytes. BASE_PASSPHRASE_NOT_TEXT: no UTF-8,
 * BASE_LONG_PASSPHRASE, both with `subject`; those of unicode_compose. */
enum base_code keys_passphrase_prepare(char *passphrase, size_t size, const char *subject,
                                       struct base_error *error);

/* ---- slots: the seed, wrapped by a passphrase ------------------------------------------------ */

/* What Argon2id (RFC 9106) is to spend: passes and memory. */
struct keys_cost {
    uint32_t passes;
    uint32_t memory_kib;
};

/* libsodium's three presets. */
extern const struct keys_cost keys_cost_interactive, keys_cost_moderate, keys_cost_sensitive;

/* True if a file may ask for this cost: between interactive and sensitive. */
bool keys_cost_is_allowed(struct keys_cost cost);

/* An unused slot is all zero. */
struct keys_slot {
    bool used;
    struct keys_cost cost;
    uint8_t salt[KEYS_SALT_BYTES];
    uint8_t nonce[KEYS_NONCE_BYTES];
    uint8_t wrapped_seed[KEYS_WRAPPED_SEED_BYTES];
};

/* Fills `slot`, which is to stand as number `number` (0..7) in the store with this fingerprint.
 * BASE_SLOT_COST for a cost that is not allowed: such a slot could never be opened. */
enum base_code keys_slot_wrap(struct keys_slot *slot, unsigned number,
                              const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                              const struct keys_reader *reader, const char *passphrase,
                              struct keys_cost cost, struct base_error *error);

/* Tries the passphrase (zero-terminated) on each used slot in turn and gives the reader's key and,
 * unless `number` is NULL, the slot's number. It is prepared here; where that changes it and opens nothing, it is tried as it
 * is too, as earlier versions took each: that costs the work once more. A seed whose public keys are not `public_keys` does
 * not count. BASE_WRONG_PASSPHRASE if no slot opens; BASE_SLOT_COST before any work if a used slot
 * asks for a cost that is not allowed. */
enum base_code keys_slots_open(const struct keys_slot slots[KEYS_SLOTS],
                               const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                               const struct keys_public *public_keys, const char *passphrase,
                               struct keys_reader **out, unsigned *number,
                               struct base_error *error);

/* ---- recovery code: the seed on paper -------------------------------------------------------- */

/* Crockford's base32 with his check symbol, in groups of four; `text` should be guarded memory. */
void keys_recovery_encode(const struct keys_reader *reader, char text[KEYS_RECOVERY_TEXT]);

/* Reads a code back: any case, with or without hyphens, dashes, points and spaces, o for 0, i and l for 1.
 * BASE_BAD_RECOVERY_CODE if it is not a code (a typing mistake), BASE_WRONG_RECOVERY_CODE if it is
 * the code of another key; BASE_SWAPPED_RECOVERY_CODE, with their numbers, if two groups have only changed places. */
enum base_code keys_recovery_decode(const char *text, const struct keys_public *public_keys,
                                    struct keys_reader **out, struct base_error *error);

/* ---- this machine's key, outside the store ----------------------------------------------------
 */

/* A device's signing key in guarded memory, with the store it is for: id and pinned fingerprint. */
struct keys_device;

/* A new key for device `number` (1..KEYS_MOST_DEVICES). */
enum base_code keys_device_new(uint16_t number, const uint8_t store_id[KEYS_STORE_ID_BYTES],
                               const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                               struct keys_device **out, struct base_error *error);
void keys_device_free(struct keys_device *device);

uint16_t keys_device_number(const struct keys_device *device);
const uint8_t *keys_device_public(const struct keys_device *device);
const uint8_t *keys_device_fingerprint(const struct keys_device *device);

void keys_device_sign(const struct keys_device *device, uint8_t signature[KEYS_SIGNATURE_BYTES],
                      const uint8_t *message, size_t size);

/* $XDG_STATE_HOME/tavs, else $HOME/.local/state/tavs; BASE_NO_HOME if neither is set to an
 * absolute path, BASE_BAD_OPTION_VALUE if it does not fit `size`. */
enum base_code keys_device_folder(char *path, size_t size, struct base_error *error);

/* Reads this machine's key for a store. BASE_NOT_ENROLLED if there is none; BASE_DEVICE_FILE_MODE
 * if others may read or write it or it is not a plain file of this user; BASE_DEVICE_FILE_DAMAGED.
 */
enum base_code keys_device_load(const uint8_t store_id[KEYS_STORE_ID_BYTES],
                                struct keys_device **out, struct base_error *error);

/* Writes the key where keys_device_load finds it, mode 0600, folders made as needed (0700);
 * replaces an earlier key for the same store. */
enum base_code keys_device_save(const struct keys_device *device, struct base_error *error);

/* Removes this machine's key for a store, if there is one. */
void keys_device_remove(const uint8_t store_id[KEYS_STORE_ID_BYTES]);

/* ---- which store this machine knows at a path ----------------------------------------------------
 * A note for the path as it is written, and for where its links lead, if that is another (docs/format.md, section 8). */

/* BASE_STORE_REPLACED if a note for the path names another store than the one with this fingerprint; the subject is the
 * fingerprint and the note's path. BASE_KNOWN_FILE_DAMAGED, also if others may write it or it is not a plain file of this
 * user. */
enum base_code keys_known_check(const char *path, const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                struct base_error *error);
bool keys_known_is_noted(const char *path);

/* The store at the path is the one with this fingerprint. Without `replace` BASE_FILE_EXISTS if there is a note. */
enum base_code keys_known_save(const char *path, const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                               bool replace, struct base_error *error);
void keys_known_remove(const char *path);

/* ---- what this machine has imported ----------------------------------------------------------- */

enum {
    KEYS_IMPORT_MONTHS = BASE_LAST_MONTH - BASE_FIRST_MONTH + 1,
    KEYS_IMPORT_MONTH_BYTES = KEYS_IMPORT_MONTHS / 8,
    KEYS_MOST_IMPORTED = 256, /* lists that are kept for a store; then one by lot goes */
};

/* A list that was counted: its months, bit m for BASE_FIRST_MONTH + m, and what only the reader can read of it
 * (all zero: nothing). No contents that this machine could compare. */
struct keys_import {
    uint8_t months[KEYS_IMPORT_MONTH_BYTES];
    uint8_t mark[ELGAMAL_CELL_BYTES];
};

struct keys_imports {
    uint16_t count;
    struct keys_import list[KEYS_MOST_IMPORTED];
};

/* The list beside the machine's key (docs/format.md, section 8), sealed with it: of one size whatever is in it,
 * in no order that tells. A list that is not there, or is another key's, is empty. *out is freed with
 * secret_free. BASE_IMPORTED_FILE_DAMAGED, also if others may read or write it. */
enum base_code keys_imports_load(const struct keys_device *device, struct keys_imports **out,
                                 struct base_error *error);

/* Takes `old` out, if it is there, and puts `new` in; either may be NULL. Whole or not at all. Of
 * KEYS_MOST_IMPORTED one, drawn by lot, gives way. */
enum base_code keys_imports_change(const struct keys_device *device, const struct keys_import *old,
                                   const struct keys_import *new, struct base_error *error);

/* ---- which ledger this machine has published from ---------------------------------------------- */

/* Beside the machine's key (docs/format.md, section 8), no secret. */
struct keys_pin {
    uint32_t edition;                /* of the header */
    uint16_t releases;               /* how many release records there were, */
    uint8_t head[KEYS_DIGEST_BYTES]; /* and the digest of the last one */
};

/* *found is false, and nothing else happens, if there is none. A path that does not fit is cut. BASE_PIN_FILE_DAMAGED, also if others may
 * write it or it is not a plain file of this user. */
enum base_code keys_pin_load(const uint8_t store_id[KEYS_STORE_ID_BYTES], struct keys_pin *pin,
                             bool *found, struct base_error *error);
enum base_code keys_pin_path(const uint8_t store_id[KEYS_STORE_ID_BYTES], char *path, size_t size,
                             struct base_error *error);
enum base_code keys_pin_save(const uint8_t store_id[KEYS_STORE_ID_BYTES],
                             const struct keys_pin *pin, struct base_error *error);

#endif
