/* Codes and texts of the audit's classes and findings. */
#include <stdio.h>
#include <string.h>

#include "tavs/audit.h"

struct class_text {
    const char *code, *name;
    enum audit_kind kind;
};

static const struct class_text classes[AUDIT_CLASSES] = {
    [AUDIT_META] = {"meta", N_("meta pages"), AUDIT_NUMBER},
    [AUDIT_TREE] = {"tree", N_("tree structure"), AUDIT_NUMBER},
    [AUDIT_FREE_TRANSACTION] = {"free-transaction", N_("free list: transaction numbers"),
                                AUDIT_NUMBER},
    [AUDIT_FREE_PAGE] = {"free-page", N_("free list: page numbers"), AUDIT_NUMBER},
    [AUDIT_NAME] = {"name", N_("names of databases and records"), AUDIT_CONSTANT},
    [AUDIT_KEY] = {"key", N_("device and release numbers, months"), AUDIT_NUMBER},

    [AUDIT_HEADER_MAGIC] = {"header-magic", N_("header: file type"), AUDIT_CONSTANT},
    [AUDIT_HEADER_FORMAT] = {"header-format", N_("header: format number"), AUDIT_CONSTANT},
    [AUDIT_HEADER_DRAFT] = {"header-draft", N_("header: draft of the format"), AUDIT_CONSTANT},
    [AUDIT_HEADER_THRESHOLD] = {"header-threshold", N_("header: threshold"), AUDIT_NUMBER},
    [AUDIT_HEADER_EDITION] = {"header-edition", N_("header: edition"), AUDIT_NUMBER},
    [AUDIT_HEADER_OFFERED] = {"header-offered", N_("header: channels and parties offered"),
                              AUDIT_NUMBER},
    [AUDIT_HEADER_EVER_OFFERED] = {"header-ever-offered", N_("header: what was ever offered"),
                                   AUDIT_NUMBER},
    [AUDIT_HEADER_STORE_ID] = {"header-store-id", N_("header: store id"), AUDIT_RANDOM},
    [AUDIT_HEADER_ENCRYPTION_KEY] = {"header-encryption-key", N_("header: encryption key"),
                                     AUDIT_ELEMENT},
    [AUDIT_HEADER_SIGNING_KEY] = {"header-signing-key", N_("header: signing key"),
                                  AUDIT_PUBLIC_KEY},
    [AUDIT_HEADER_CLOSED_THROUGH] = {"header-closed-through", N_("header: closed through"),
                                     AUDIT_NUMBER},
    [AUDIT_HEADER_RELEASES] = {"header-releases", N_("header: records of releases"), AUDIT_NUMBER},
    [AUDIT_HEADER_LEDGER_HEAD] = {"header-ledger-head", N_("header: digest of the last release"),
                                  AUDIT_DIGEST},
    [AUDIT_HEADER_RESERVED] = {"header-reserved", N_("header: reserved"), AUDIT_ZERO},
    [AUDIT_HEADER_SIGNATURE] = {"header-signature", N_("header: signature"), AUDIT_SIGNATURE},

    [AUDIT_SLOT_STATE] = {"slot-state", N_("key slots: state"), AUDIT_NUMBER},
    [AUDIT_SLOT_RESERVED] = {"slot-reserved", N_("key slots: reserved"), AUDIT_ZERO},
    [AUDIT_SLOT_COST] = {"slot-cost", N_("key slots: cost"), AUDIT_NUMBER},
    [AUDIT_SLOT_SALT] = {"slot-salt", N_("key slots: salt"), AUDIT_RANDOM},
    [AUDIT_SLOT_NONCE] = {"slot-nonce", N_("key slots: nonce"), AUDIT_RANDOM},
    [AUDIT_SLOT_SEED] = {"slot-seed", N_("key slots: encrypted seed"), AUDIT_CIPHERTEXT},
    [AUDIT_SLOT_UNUSED] = {"slot-unused", N_("key slots: unused slots"), AUDIT_ZERO},

    [AUDIT_DEVICE_NUMBER] = {"device-number", N_("devices: number"), AUDIT_NUMBER},
    [AUDIT_DEVICE_STATE] = {"device-state", N_("devices: state"), AUDIT_NUMBER},
    [AUDIT_DEVICE_RESERVED] = {"device-reserved", N_("devices: reserved"), AUDIT_ZERO},
    [AUDIT_DEVICE_KEY] = {"device-key", N_("devices: signing key"), AUDIT_PUBLIC_KEY},
    [AUDIT_DEVICE_SIGNATURE] = {"device-signature", N_("devices: signature"), AUDIT_SIGNATURE},

    [AUDIT_RELEASE_PREVIOUS] = {"release-previous", N_("releases: digest of the one before"),
                                AUDIT_DIGEST},
    [AUDIT_RELEASE_NONCE] = {"release-nonce", N_("releases: nonce"), AUDIT_RANDOM},
    [AUDIT_RELEASE_SEALED] = {"release-sealed", N_("releases: sealed"), AUDIT_CIPHERTEXT},
    [AUDIT_RELEASE_SIGNATURE] = {"release-signature", N_("releases: signature"), AUDIT_SIGNATURE},

    [AUDIT_ROW_SIGNATURE] = {"row-signature", N_("rows: signature"), AUDIT_SIGNATURE},
    [AUDIT_CELL] = {"cell", N_("rows: encrypted counts"), AUDIT_ELEMENT},

    [AUDIT_ERASED] = {"erased", N_("free pages, erased"), AUDIT_ZERO},
    [AUDIT_UNUSED] = {"unused", N_("unused space in pages"), AUDIT_ZERO},
    [AUDIT_PADDING] = {"padding", N_("padding"), AUDIT_ZERO},
    [AUDIT_PAST_END] = {"past-end", N_("space behind the last page"), AUDIT_ZERO},
    [AUDIT_UNACCOUNTED] = {"unaccounted", N_("unaccounted for"), AUDIT_ANYTHING},
};

struct kind_text {
    const char *code, *name;
};

static const struct kind_text kinds[AUDIT_KINDS] = {
    [AUDIT_CONSTANT] = {"constant", N_("constant")},
    [AUDIT_NUMBER] = {"number", N_("number within bounds")},
    [AUDIT_ZERO] = {"zero", N_("zero")},
    [AUDIT_RANDOM] = {"random", N_("random bytes")},
    [AUDIT_CIPHERTEXT] = {"ciphertext", N_("sealed for a reader")},
    [AUDIT_PUBLIC_KEY] = {"public-key", N_("public key")},
    [AUDIT_ELEMENT] = {"element", N_("group element")},
    [AUDIT_DIGEST] = {"digest", N_("digest")},
    [AUDIT_SIGNATURE] = {"signature", N_("signature")},
    [AUDIT_ANYTHING] = {"anything", N_("anything, text too")},
};

struct code_text {
    const char *code, *meaning;
};

static const struct code_text codes[AUDIT_CODES] = {
    [AUDIT_FILE_EMPTY] = {"file-empty", N_("the file is empty")},
    [AUDIT_FILE_FOREIGN] = {"file-foreign", N_("this is not a store of tavs")},
    [AUDIT_FILE_TOO_LARGE] = {"file-too-large",
                              N_("the file is larger than a store can be; it was not read")},
    [AUDIT_FILE_PART_PAGE] = {"file-part-page",
                              N_("the file ends within a page: something was cut off or added")},
    [AUDIT_FILE_TRUNCATED] = {"file-truncated",
                              N_("the file ends before its last page: something was cut off")},

    [AUDIT_META_HEAD] = {"meta-head", N_("the head of a meta page is wrong")},
    [AUDIT_META_CONSTANT] = {"meta-constant",
                             N_("a constant of a meta page (type, version, page size, flags) is "
                                "wrong")},
    [AUDIT_META_MAP_SIZE] = {"meta-map-size", N_("the map size is not that of a store")},
    [AUDIT_META_TRANSACTION] = {"meta-transaction",
                                N_("the transaction numbers of the two meta pages do not follow "
                                   "each other")},
    [AUDIT_META_OLDER] = {"meta-older",
                          N_("the older meta page holds numbers that no earlier state can have "
                             "had")},

    [AUDIT_PAGE_HEAD] = {"page-head", N_("a page's head (number, type, size) is wrong")},
    [AUDIT_PAGE_BOUNDS] = {"page-bounds", N_("a page's bounds lie outside it")},
    [AUDIT_PAGE_RANGE] = {"page-range", N_("this page number lies outside the file")},
    [AUDIT_PAGE_TWICE] = {"page-twice", N_("the page of this number is used more than once")},
    [AUDIT_PAGE_ORPHAN] = {"page-orphan", N_("this page is neither in use nor free")},
    [AUDIT_TREE_SHAPE] = {"tree-shape", N_("the tree has not the depth, pages or entries that "
                                           "its record tells")},
    [AUDIT_NODE_PLACE] = {"node-place", N_("this points outside the space for records")},
    [AUDIT_NODE_OVERLAP] = {"node-overlap", N_("two records overlap")},
    [AUDIT_NODE_FLAGS] = {"node-flags", N_("a record is of a kind that a store does not have")},
    [AUDIT_NODE_SIZE] = {"node-size", N_("a record's size is impossible at its place")},
    [AUDIT_KEY_ORDER] = {"key-order", N_("records are not in order")},
    [AUDIT_KEY_BRANCH] = {"key-branch", N_("a branch leads to another record than it tells")},
    [AUDIT_FREE_KEY] = {"free-key", N_("the transaction numbers were not set back after the last "
                                       "write: they tell how often the file was written")},
    [AUDIT_FREE_NUMBERS] = {"free-numbers", N_("a list of free pages is too long or not in "
                                               "order")},

    [AUDIT_DATABASE_FOREIGN] = {"database-foreign",
                                N_("a database or record that a store does not have")},
    [AUDIT_DATABASE_MISSING] = {"database-missing",
                                N_("one of the two databases, store and tally, is missing")},
    [AUDIT_DATABASE_FIELDS] = {"database-fields", N_("a database has flags that it should not "
                                                     "have")},
    [AUDIT_RECORD_FOREIGN] = {"record-foreign", N_("a record that a store does not have")},
    [AUDIT_RECORD_SIZE] = {"record-size", N_("a record has the wrong size")},
    [AUDIT_HEADER_MISSING] = {"header-missing", N_("the header is missing")},
    [AUDIT_HEADER_FIELD] = {"header-field", N_("a field of the header has no allowed value")},
    [AUDIT_HEADER_FORGED] = {"header-forged",
                             N_("the reader's signature of the header does not hold: somebody "
                                "else changed it")},
    [AUDIT_SLOT_FIELD] = {"slot-field", N_("a key slot's state or cost is not allowed")},
    [AUDIT_DEVICE_FIELD] = {"device-field", N_("a device's number or state is wrong")},
    [AUDIT_DEVICE_FORGED] = {"device-forged",
                             N_("the reader's signature of a device does not hold: somebody else "
                                "enrolled or changed it")},
    [AUDIT_DEVICE_GAP] = {"device-gap", N_("a device before this one is missing")},
    [AUDIT_DEVICE_MISSING] = {"device-missing", N_("there is no device")},
    [AUDIT_RELEASE_FORGED] =
        {"release-forged", N_("the reader's signature of a release record does not hold: somebody "
                              "else wrote or moved it")},
    [AUDIT_RELEASE_GAP] = {"release-gap", N_("a release record before this one is missing")},
    [AUDIT_RELEASE_COUNT] = {"release-count",
                             N_("there are not as many release records as the header tells: "
                                "some were removed or added")},
    [AUDIT_RELEASE_CHAIN] =
        {"release-chain", N_(
                              "the release records are not the chain that the header tells of: one "
                              "is of another copy of the store")},
    [AUDIT_ROW_KEY] = {"row-key", N_("a row of a month or device that there is not")},
    [AUDIT_ROW_FORGED] = {"row-forged",
                          N_("the device's signature of a row does not hold: another machine, or "
                             "another month's row, was put here")},
    [AUDIT_CELL_INVALID] = {"cell-invalid", N_("not an encrypted count: not two group elements")},
    [AUDIT_ROWS_INCOMPLETE] = {"rows-incomplete", N_("a row of this year is missing")},
    [AUDIT_ROWS_MISSING] = {"rows-missing", N_("there is no row")},

    [AUDIT_NOT_ZERO] = {"not-zero",
                        N_("should be zero and is not: something older or hidden lies here")},
    [AUDIT_NOT_COVERED] = {"not-covered", N_("no part of the store: anything may lie here")},
};

enum audit_kind audit_class_kind(enum audit_class class)
{
    return classes[class].kind;
}

const char *audit_class_code(enum audit_class class)
{
    return classes[class].code;
}

const char *audit_class_name(enum audit_class class)
{
    return _(classes[class].name);
}

const char *audit_kind_code(enum audit_kind kind)
{
    return kinds[kind].code;
}

const char *audit_kind_name(enum audit_kind kind)
{
    return _(kinds[kind].name);
}

const char *audit_finding_code(enum audit_code code)
{
    return codes[code].code;
}

const char *audit_finding_meaning(enum audit_code code)
{
    return _(codes[code].meaning);
}

enum { PART_TEXT = 80, PLACE_TEXT = 2 * PART_TEXT + 2 };

/* "page 7, byte 120 to 154", "row 2026-03 of device 1", both or nothing. */
static void place_text(const struct audit_finding *finding, char text[PLACE_TEXT])
{
    char bytes[PART_TEXT] = "", month[BASE_MONTH_TEXT], record[PART_TEXT] = "";

    const unsigned long long page = finding->page, last = finding->offset + finding->bytes - 1;

    if (finding->page != AUDIT_NO_PAGE && finding->bytes > 1)
        snprintf(bytes, sizeof bytes, _("page %llu, bytes %u to %llu"), page, finding->offset,
                 last);
    else if (finding->page != AUDIT_NO_PAGE)
        snprintf(bytes, sizeof bytes, _("page %llu, byte %u"), page, finding->offset);
    if (finding->month != 0) {
        base_month_format(finding->month, month);
        snprintf(record, sizeof record, _("row %s of device %u"), month, finding->device);
    } else if (finding->device != 0) {
        snprintf(record, sizeof record, _("device %u"), finding->device);
    } else if (finding->release != 0) {
        snprintf(record, sizeof record, _("release record %u"), finding->release);
    }
    const bool both = bytes[0] != '\0' && record[0] != '\0';
    snprintf(text, PLACE_TEXT, "%s%s%s", bytes, both ? ", " : "", record);
}

void audit_finding_text(const struct audit_finding *finding, char *text, size_t size)
{
    char place[PLACE_TEXT];

    place_text(finding, place);
    if (place[0] == '\0')
        snprintf(text, size, "%s", audit_finding_meaning(finding->code));
    else
        snprintf(text, size, "%s (%s): %s", place, audit_class_name(finding->class),
                 audit_finding_meaning(finding->code));
}
