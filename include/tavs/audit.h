/* audit: what lies in a store's file, byte by byte; and, with the reader's key, in its cells.
 *
 * The keyless audit reads LMDB's file itself: meta pages, trees, nodes, free list (LMDB 0.9, data
 * version 1). It neither calls LMDB nor shares code with the room store, so that the two check each
 * other, and it takes records apart with code of its own. It puts every byte of the file in exactly
 * one class, checks what docs/format.md says of that class, and notes a finding wherever it does not
 * hold. Nothing in a file makes it fail: a damaged, hostile or foreign file has findings.
 */
#ifndef TAVS_AUDIT_H
#define TAVS_AUDIT_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/keys.h"

enum {
    AUDIT_PAGE_BYTES = 4096,
    AUDIT_MOST_PAGES =
        1 << 18, /* 1 GiB, as for every command; a larger file is a finding and is not read */
    AUDIT_MOST_RELEASES = 4096, /* records of them: 16 MiB */
    AUDIT_MOST_FINDINGS = 200,  /* that are kept; all are counted */
    AUDIT_MOST_YEARS = BASE_LAST_YEAR - BASE_FIRST_YEAR + 1,
    AUDIT_FINDING_TEXT = 512,
};

/* ---- classes ---------------------------------------------------------------------------------- */

/* What a byte is. The order is that of the printed account. */
enum audit_class {
    AUDIT_META,             /* both meta pages' fields */
    AUDIT_TREE,             /* page heads, pointers, node heads, database records */
    AUDIT_FREE_TRANSACTION, /* free list: when pages became free */
    AUDIT_FREE_PAGE,        /* free list: how many, and their numbers */
    AUDIT_NAME,             /* the databases' names and the constant part of keys */
    AUDIT_KEY,              /* the number part of keys: device, month, release */

    AUDIT_HEADER_MAGIC,
    AUDIT_HEADER_FORMAT,
    AUDIT_HEADER_DRAFT,
    AUDIT_HEADER_THRESHOLD,
    AUDIT_HEADER_EDITION,
    AUDIT_HEADER_OFFERED,
    AUDIT_HEADER_EVER_OFFERED,
    AUDIT_HEADER_STORE_ID,
    AUDIT_HEADER_ENCRYPTION_KEY,
    AUDIT_HEADER_SIGNING_KEY,
    AUDIT_HEADER_CLOSED_THROUGH,
    AUDIT_HEADER_RELEASES,
    AUDIT_HEADER_LEDGER_HEAD,
    AUDIT_HEADER_RESERVED,
    AUDIT_HEADER_SIGNATURE,

    AUDIT_SLOT_STATE,
    AUDIT_SLOT_RESERVED,
    AUDIT_SLOT_COST,
    AUDIT_SLOT_SALT,
    AUDIT_SLOT_NONCE,
    AUDIT_SLOT_SEED,
    AUDIT_SLOT_UNUSED,

    AUDIT_DEVICE_NUMBER,
    AUDIT_DEVICE_STATE,
    AUDIT_DEVICE_RESERVED,
    AUDIT_DEVICE_KEY,
    AUDIT_DEVICE_SIGNATURE,

    AUDIT_RELEASE_PREVIOUS,
    AUDIT_RELEASE_NONCE,
    AUDIT_RELEASE_SEALED,
    AUDIT_RELEASE_SIGNATURE,

    AUDIT_ROW_SIGNATURE,
    AUDIT_CELL,

    AUDIT_ERASED,      /* free pages */
    AUDIT_UNUSED,      /* what pages in use leave unused */
    AUDIT_PADDING,     /* alignment and LMDB's unused fields */
    AUDIT_PAST_END,    /* behind the last page */
    AUDIT_UNACCOUNTED, /* everything else */
    AUDIT_CLASSES
};

/* What a class's bytes can be. Only AUDIT_ANYTHING can hold text. */
enum audit_kind {
    AUDIT_CONSTANT,   /* one value is right */
    AUDIT_NUMBER,     /* within bounds that are checked */
    AUDIT_ZERO,       /* zero, checked */
    AUDIT_RANDOM,     /* drawn at random: ids, salts, nonces */
    AUDIT_CIPHERTEXT, /* wrapped seed, sealed release: random to whoever has no passphrase */
    AUDIT_PUBLIC_KEY, /* a signature under it holds */
    AUDIT_ELEMENT,    /* an element of ristretto255, checked */
    AUDIT_DIGEST,     /* of other bytes of the file, checked */
    AUDIT_SIGNATURE,  /* checked */
    AUDIT_ANYTHING,
    AUDIT_KINDS
};

enum audit_kind audit_class_kind(enum audit_class class);

/* For machines, never translated: "header-store-id", "number". */
const char *audit_class_code(enum audit_class class);
const char *audit_kind_code(enum audit_kind kind);

/* For people, translated. */
const char *audit_class_name(enum audit_class class);
const char *audit_kind_name(enum audit_kind kind);

/* ---- findings --------------------------------------------------------------------------------- */

enum audit_code {
    /* the file */
    AUDIT_FILE_EMPTY,
    AUDIT_FILE_FOREIGN,
    AUDIT_FILE_TOO_LARGE,
    AUDIT_FILE_PART_PAGE,
    AUDIT_FILE_TRUNCATED,

    /* meta pages */
    AUDIT_META_HEAD,
    AUDIT_META_CONSTANT,
    AUDIT_META_MAP_SIZE,
    AUDIT_META_TRANSACTION,
    AUDIT_META_OLDER,

    /* trees */
    AUDIT_PAGE_HEAD,
    AUDIT_PAGE_BOUNDS,
    AUDIT_PAGE_RANGE,
    AUDIT_PAGE_TWICE,
    AUDIT_PAGE_ORPHAN,
    AUDIT_TREE_SHAPE,
    AUDIT_NODE_PLACE,
    AUDIT_NODE_OVERLAP,
    AUDIT_NODE_FLAGS,
    AUDIT_NODE_SIZE,
    AUDIT_KEY_ORDER,
    AUDIT_KEY_BRANCH,
    AUDIT_FREE_KEY,
    AUDIT_FREE_NUMBERS,

    /* databases and records */
    AUDIT_DATABASE_FOREIGN,
    AUDIT_DATABASE_MISSING,
    AUDIT_DATABASE_FIELDS,
    AUDIT_RECORD_FOREIGN,
    AUDIT_RECORD_SIZE,
    AUDIT_HEADER_MISSING,
    AUDIT_HEADER_FIELD,
    AUDIT_HEADER_FORGED,
    AUDIT_SLOT_FIELD,
    AUDIT_DEVICE_FIELD,
    AUDIT_DEVICE_FORGED,
    AUDIT_DEVICE_GAP,
    AUDIT_DEVICE_MISSING,
    AUDIT_RELEASE_FORGED,
    AUDIT_RELEASE_GAP,
    AUDIT_RELEASE_COUNT,
    AUDIT_RELEASE_CHAIN,
    AUDIT_ROW_KEY,
    AUDIT_ROW_FORGED,
    AUDIT_CELL_INVALID,
    AUDIT_ROWS_INCOMPLETE,
    AUDIT_ROWS_MISSING,

    /* bytes */
    AUDIT_NOT_ZERO,
    AUDIT_NOT_COVERED,
    AUDIT_CODES
};

#define AUDIT_NO_PAGE UINT64_MAX

struct audit_finding {
    enum audit_code code;
    enum audit_class class; /* of the bytes in question */
    uint64_t page;          /* AUDIT_NO_PAGE if it is not about a certain page */
    uint32_t offset;        /* within the page */
    uint64_t bytes;         /* how many; 0 if it is not about certain bytes */
    base_month month;       /* of the row in question, else 0 */
    uint16_t device;        /* of the row or device in question, else 0 */
    uint16_t release;       /* the number of the release record in question, else 0 */
};

/* For machines, never translated: "not-zero". */
const char *audit_finding_code(enum audit_code code);

/* What it means, for people, translated: one sentence without a full stop. */
const char *audit_finding_meaning(enum audit_code code);

/* A whole line for people, translated: place, class, meaning. Cut to fit. */
void audit_finding_text(const struct audit_finding *finding, char *text, size_t size);

/* ---- the report ------------------------------------------------------------------------------- */

struct audit_year {
    uint16_t year;
    uint16_t devices; /* that have all twelve rows of it */
};

struct audit_report {
    uint64_t file_bytes;
    uint64_t class_bytes[AUDIT_CLASSES]; /* they add up to file_bytes */
    uint8_t digest[KEYS_DIGEST_BYTES];   /* BLAKE2b-256 of the file, as `b2sum -l 256` prints it */

    /* The places of the file that can hold text: one for each run of bytes of a class of kind
     * AUDIT_ANYTHING. */
    uint64_t text_fields;

    uint64_t finding_total;
    size_t finding_count; /* of those kept, in the order in which they were found */
    struct audit_finding findings[AUDIT_MOST_FINDINGS];
    bool passed; /* no finding and no byte unaccounted for */

    /* What the file shows to everyone. From the header, if there is one of the right size: */
    bool identified;
    uint8_t store_id[KEYS_STORE_ID_BYTES];
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    uint8_t channels, parties, ever_channels, ever_parties;
    unsigned format, draft, threshold;
    uint32_t edition;
    uint16_t closed_through; /* as it stands there: 0 if no month is closed */
    unsigned slots_used;

    /* and from the rest: */
    uint64_t pages_used, pages_free;
    uint64_t transaction; /* LMDB's number of the last one; it tells nothing (docs/format.md) */
    unsigned devices, devices_retired;
    unsigned releases; /* records of releases */
    uint64_t rows, cells;
    size_t year_count;
    struct audit_year years[AUDIT_MOST_YEARS];
};

/* Where the bytes come from. `read` fills `bytes` with the `size` bytes of the file from `offset` on,
 * all within its `bytes` bytes, and returns false if it can't. Unless it is NULL, `tell` is called
 * once for each run of bytes of one class, in no order: together the runs are the whole file (but
 * not of a file that is too large to be read). */
struct audit_source {
    void *context;
    uint64_t bytes;
    bool (*read)(void *context, uint64_t offset, void *bytes, size_t size);
    void (*tell)(void *context, uint64_t offset, uint64_t bytes, enum audit_class class);
};

/* Audits the file at `path` under the store's shared lock. Takes about 1 MiB of memory and a byte
 * for each page. Fails only if the file can't be read: BASE_STORE_MISSING, BASE_STORE_NOT_FILE,
 * BASE_STORE_BUSY (30 s without the lock), BASE_NO_PERMISSION, BASE_IO, BASE_NO_MEMORY. */
enum base_code audit_file(const char *path, struct audit_report **out, struct base_error *error);

/* The same for any source. BASE_IO if `read` fails, BASE_NO_MEMORY. */
enum base_code audit_from_source(const struct audit_source *source, struct audit_report **out,
                                 struct base_error *error);

void audit_report_free(struct audit_report *report);

/* ---- with the reader's key ---------------------------------------------------------------------
 * What the file's cells count: what nobody can see without the key. Goes through store and elgamal,
 * and takes the file to be sound. */

struct store;
struct tally_washed;
struct traces_report;

enum audit_full_code {
    AUDIT_FULL_KEY,        /* not the key that the header shows */
    AUDIT_FULL_CELL,       /* no count: month, device, channel, party, session */
    AUDIT_FULL_BELOW_ZERO, /* over all devices: month, channel, party, session */
    AUDIT_FULL_RELEASE, /* a release record that does not open or holds what it should not: release */
    AUDIT_FULL_SESSIONS, /* more conversations of a number than of the one before: party, session */
    AUDIT_FULL_CODES
};

/* What a finding does not use is 0 (month, device, release) or TABLE_NO_VALUE. It holds no figure. */
struct audit_full_finding {
    enum audit_full_code code;
    base_month month;
    uint16_t device, release;
    int value[CODEBOOK_DIMENSIONS];
};

struct audit_full_year {
    uint16_t year;
    int64_t courses, conversations;
};

/* In guarded memory. */
struct audit_full {
    uint64_t rows, cells, cells_good;
    size_t year_count; /* years with rows */
    struct audit_full_year years[AUDIT_MOST_YEARS];
    int64_t courses, conversations; /* in all */
    uint64_t bits;                  /* of information that the counts hold at most: docs/audit.md */
    uint64_t releases;              /* that were opened and whose every byte is in order */

    uint64_t finding_total;
    size_t finding_count; /* of those kept */
    struct audit_full_finding findings[AUDIT_MOST_FINDINGS];
    bool passed; /* no finding */
};

/* Decrypts each cell of each row of each device. `progress` counts rows and may be NULL. Fails as
 * store_get_row does, or with BASE_NO_MEMORY. */
enum base_code audit_full(struct store *store, const struct keys_reader *reader,
                          base_progress *progress, void *context, struct audit_full **out,
                          struct base_error *error);

/* Wipes. NULL is fine. */
void audit_full_free(struct audit_full *full);

/* The base-2 logarithm, rounded up, of the number of ways to spread at most `conversations` over
 * `cells` cells. */
uint64_t audit_full_bits(uint64_t conversations, uint64_t cells);

/* The size of one person's name and CPR number as text: 20 letters, a space, and 11 characters. */
enum { AUDIT_PERSON_BITS = (20 + 1 + 11) * 8 };

const char *audit_full_finding_code(enum audit_full_code code);

/* A whole line for people, translated, the codebook's words in `language`. Cut to fit. */
void audit_full_finding_text(const struct audit_full_finding *finding,
                             enum codebook_language language, char *text, size_t size);

/* ---- the record -------------------------------------------------------------------------------
 * Everything that one audit did and found; what is not there is NULL. All belongs to the caller. */

struct audit_record {
    enum codebook_language language;
    const struct audit_report *report; /* of the file as it is in the end */

    bool wash_wanted;
    const struct tally_washed *washed;
    const struct audit_report *before; /* the wash */

    bool full_wanted;
    const struct audit_full *full;
    unsigned slot; /* that the passphrase opened, from 0 */

    const struct traces_report *traces; /* outside the file; NULL if they were not looked for */
};

/* Nothing was found in what was looked at. */
bool audit_record_passed(const struct audit_record *record);

/* As docs/audit.md says; `*json` is `*size` bytes in guarded memory and a zero that does not count, to
 * be freed with secret_free. BASE_NO_MEMORY. */
enum base_code audit_record_json(const struct audit_record *record, char **json, size_t *size,
                                 struct base_error *error);

/* ---- the ledger -------------------------------------------------------------------------------
 * What was released from a store, as docs/schema.md says: no figures. The same as above. */
struct tally_ledger;

enum base_code audit_ledger_json(const struct tally_ledger *ledger,
                                 const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES], char **json,
                                 size_t *size, struct base_error *error);

#endif
