/* traces: what lies around a store. Where command lines, editors, crashes and copies leave traces on
 * this machine: in the home folder (and that of the store's owner, if it is somebody else's), beside
 * the store, in the folders for temporary files, and in what the store lies on.
 *
 * What is read there belongs to people: it is held in memory that is wiped, and a trace is told by its
 * place, never by content. Nothing is changed, and nothing is asked of the system that needs rights.
 */
#ifndef TAVS_TRACES_H
#define TAVS_TRACES_H

#include "tavs/base.h"
#include "tavs/keys.h"

enum {
    TRACES_MOST_BYTES = 64 << 20,   /* that are read of a history or an editor's file */
    TRACES_MOST_SEARCHED = 1 << 30, /* bytes that are searched for copies, in all */
    TRACES_MOST_ENTRIES = 100000,   /* of folders that are looked at, in all */
    TRACES_MOST_KEPT = 10000,       /* traces; all are counted */
};

enum traces_severity {
    TRACES_FOUND,  /* it tells of contacts, is a copy, or lets others at the store: to be mended */
    TRACES_REMARK, /* worth knowing; it may be as it should be */
    TRACES_UNTOLD, /* could not be looked at, or can't be told from here */
    TRACES_CLEAR,  /* looked at, and nothing is wrong */
    TRACES_SEVERITIES
};

enum traces_kind {
    /* command lines */
    TRACES_HISTORY,
    TRACES_HISTORY_TIMED,
    TRACES_LEFTOVER,
    TRACES_OPENED,

    /* copies */
    TRACES_COPY,
    TRACES_FRAGMENT,
    TRACES_HARD_LINK,
    TRACES_NAMED_AFTER,
    TRACES_LOCK_FILE,
    TRACES_TEMPORARY,
    TRACES_DELETED,
    TRACES_CORE,
    TRACES_CORE_OTHER,
    TRACES_DEVICE_COPY,
    TRACES_PASSPHRASE_BESIDE,
    TRACES_SNAPSHOT,
    TRACES_SYNCED,
    TRACES_VERSIONED,

    /* modes and owners */
    TRACES_STORE_MODE,
    TRACES_STORE_OWNER,
    TRACES_STORE_LINK,
    TRACES_FOLDER_WRITABLE,
    TRACES_FOLDER_VISIBLE,
    TRACES_DEVICE_MODE,
    TRACES_PASSPHRASE_MODE,

    /* what the store lies on */
    TRACES_NETWORK,
    TRACES_KEEPS_BLOCKS,
    TRACES_LAYERED,
    TRACES_VOLATILE,
    TRACES_NOT_ENCRYPTED,
    TRACES_SWAP_NOT_ENCRYPTED,
    TRACES_CORE_HANDLER,
    TRACES_FILE_SYSTEM_UNTOLD,
    TRACES_ENCRYPTION_UNTOLD,
    TRACES_SWAP_UNTOLD,

    /* what was not looked at, and what was */
    TRACES_UNREADABLE,
    TRACES_TOO_LARGE,
    TRACES_TOO_MANY,
    TRACES_FILE_CLEAR,
    TRACES_FOLDER_CLEAR,
    TRACES_NO_HISTORY,
    TRACES_ENCRYPTED,
    TRACES_SWAP_ENCRYPTED,
    TRACES_NO_SWAP,
    TRACES_KINDS
};

/* Path and detail are UTF-8 without control characters; other bytes have become question marks. */
struct traces_trace {
    enum traces_kind kind;
    const char *path;   /* of the file or folder; "" if it is about the machine */
    uint64_t line;      /* of the file, from 1; 0 if it is not about a certain line */
    const char *detail; /* such as the type of a file system; "" if there is none */
};

struct traces_report {
    uint64_t totals[TRACES_SEVERITIES];
    size_t count; /* of those kept, in the order in which they were found */
    struct traces_trace *traces;
};

/* Looks for traces of the store at `path`. `store_id` is that of its header, or NULL if it is not
 * known; copies are then found by their names only. Reads HOME, HISTFILE, ZDOTDIR, LESSHISTFILE,
 * TMPDIR and XDG's variables. BASE_STORE_MISSING, BASE_STORE_NOT_FILE, BASE_NO_PERMISSION, BASE_IO,
 * BASE_NO_MEMORY; whatever else can't be looked at is a trace of its own. */
enum base_code traces_find(const char *path, const uint8_t store_id[KEYS_STORE_ID_BYTES],
                           struct traces_report **out, struct base_error *error);

/* NULL is fine. */
void traces_free(struct traces_report *report);

/* For machines, never translated: "history-timed"; "trace", "remark", "unknown", "clear". */
const char *traces_kind_code(enum traces_kind kind);
const char *traces_severity_code(enum traces_severity severity);

enum traces_severity traces_kind_severity(enum traces_kind kind);

/* For people, translated, without a full stop: what it means, and how to mend it (NULL if there is
 * nothing to mend). */
const char *traces_kind_meaning(enum traces_kind kind);
const char *traces_kind_mend(enum traces_kind kind);

#endif
