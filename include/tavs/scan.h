/* scan: looks for personal data in files that are to leave the house.
 *
 * A file is read twice: first to learn what its columns are (counts, initials, telephone numbers),
 * then to judge each cell. What is found is reported without being told: a hit says where it lies
 * and of what kind it is, and shows the value masked. What the kinds mean, how sure each is and
 * what can't be found stands in docs/scan.md.
 *
 * Everything read from the file counts as personal data: it is held in memory that is wiped (what
 * libraries hold of it by the program's allocator: secret_harden), and neither hits nor errors hold a
 * value. Time and memory are linear in the file's size.
 */
#ifndef TAVS_SCAN_H
#define TAVS_SCAN_H

#include <stdio.h>

#include "tavs/base.h"

enum {
    SCAN_MOST_BYTES = 64 << 20, /* of one file */
    SCAN_MOST_HELD_BYTES =
        (32 << 20) - 1,              /* of text that has to be held: from a pipe, or made UTF-8 */
    SCAN_MOST_JSON_BYTES = 56 << 20, /* of the tree that a json text becomes in memory */
    SCAN_MASKED_BYTES = 64,
};

/* SCAN_AUTO: by the name's ending; without one, by the content. */
enum scan_format {
    SCAN_AUTO,
    SCAN_CSV,
    SCAN_TXT,
    SCAN_JSON,
    SCAN_MARKDOWN,
    SCAN_HTML,
    SCAN_XLSX,
    SCAN_ODS,
    SCAN_DOCX,
    SCAN_ODT,
    SCAN_PPTX,
    SCAN_PDF,
    SCAN_FORMATS
};

enum scan_kind {
    SCAN_CPR,          /* Danish personal identification number */
    SCAN_PHONE,        /* telephone number */
    SCAN_EMAIL,        /* e-mail address */
    SCAN_NAME,         /* personal name */
    SCAN_INITIALS,     /* initials of persons */
    SCAN_BIRTHDAY,     /* date of birth */
    SCAN_ADDRESS,      /* postal address */
    SCAN_CASE,         /* case, journal or client number */
    SCAN_DIAGNOSIS,    /* diagnosis or problem of a single person */
    SCAN_MUNICIPALITY, /* home municipality or town of a single person */
    SCAN_PERSON,       /* a row for each person ("client 3") */
    SCAN_FREE_TEXT,    /* sentences written about somebody */
    SCAN_INTERNAL,     /* tavs's own files with exact figures, or a draft */
    SCAN_KINDS
};

/* Parts of a file that are not looked at. A file that has any is at least SCAN_LOOK. */
enum scan_unread {
    SCAN_UNREAD_PICTURE,
    SCAN_UNREAD_FILE,  /* an embedded or attached file */
    SCAN_UNREAD_MACRO, /* programs of the document */
    SCAN_UNREAD_PAGE,  /* a page without text, or with text that can't be decoded */
    SCAN_UNREAD_PART,  /* anything else */
    SCAN_UNREAD_KINDS
};

/* SCAN_LOW: worth a look. SCAN_MEDIUM: most likely personal data. SCAN_HIGH: nearly sure. */
enum scan_confidence { SCAN_LOW, SCAN_MEDIUM, SCAN_HIGH, SCAN_CONFIDENCES };

/* SCAN_CLEAR: nothing found. SCAN_LOOK: hits of low confidence only. SCAN_REFUSE: at least one of
 * medium or high confidence; the file must not leave the house as it is. */
enum scan_verdict { SCAN_CLEAR, SCAN_LOOK, SCAN_REFUSE };

/* Where and what. Numbers count from 1; 0 means that there is none. */
struct scan_hit {
    /* xlsx: the sheet, in the workbook's order (pivot caches follow); html, md, txt: the table;
     * json: the list of records; csv: 1. 0 is running text. */
    uint32_t table;
    /* xlsx: the sheet's row; csv: the record; html and json: the row in the table, in running text
     * of html the line; md and txt: the line. */
    uint32_t row;
    /* From the left; in json by first appearance; 0 in running text. */
    uint32_t column;
    enum scan_kind kind;
    enum scan_confidence confidence;
    /* The value's length in characters. */
    uint32_t length;
    /* A constant: the word by which the column's heading was recognised ("initialer"), in lower
     * case; never the heading itself, which may be a name. In parts of an xlsx file other than its
     * sheets what part it is ("xl/comments"). "" if there is none. */
    const char *heading;
    /* The value with nearly all characters hidden; "" for a whole text. */
    char masked[SCAN_MASKED_BYTES];
};

struct scan_result {
    enum scan_format format; /* what the file was read as */
    enum scan_verdict verdict;
    uint64_t cells; /* table cells and pieces of running text that were judged */
    uint64_t hits[SCAN_KINDS][SCAN_CONFIDENCES];
    uint64_t unread[SCAN_UNREAD_KINDS];
};

/* Called for each hit, in the file's order. The hit is the caller's until the function returns. */
typedef void scan_report(void *context, const struct scan_hit *hit);

/* Scans the file at `path` ("-": standard input). `report` may be NULL. `result` is untouched on
 * failure; hits may have been reported before a failure all the same, and a file that could not be
 * read to its end is not cleared.
 *   BASE_SCAN_FORMAT      the name's ending is unknown, or the bytes are not text
 *   BASE_SCAN_DAMAGED     it is not the format that it should be, or damaged, or encrypted
 *   BASE_SCAN_TOO_BIG     over SCAN_MOST_BYTES, a json text over SCAN_MOST_JSON_BYTES, or four times that when
 *                         unpacked, or over 262,144 columns in all its tables, or too deeply nested
 *   BASE_SCAN_NO_READER   it is PDF, and what reads that is not installed, or was not built
 *   BASE_NO_MEMORY and what opening and reading can give (base_fail_os) */
enum base_code scan_file(const char *path, enum scan_format format, scan_report *report,
                         void *context, struct scan_result *result, struct base_error *error);

/* The same for bytes in memory. `name` (its ending tells the format, and errors name it) need not
 * exist as a file. */
enum base_code scan_bytes(const char *name, const void *bytes, size_t size, enum scan_format format,
                          scan_report *report, void *context, struct scan_result *result,
                          struct base_error *error);

/* "csv", "txt", "json", "md", "html" or "xlsx"; false for all other words. */
bool scan_format_parse(const char *word, enum scan_format *format);

/* The same words; "auto" for SCAN_AUTO. */
const char *scan_format_code(enum scan_format format);

/* ---- a workbook's sheet -----------------------------------------------------------------------
 * Writes a sheet of the workbook at `path`, with its cells as they are shown and without any judgement: a line with
 * the sheet's name, then csv (semicolons, quotes where needed), of which each record is a row of the sheet, and none is
 * shorter than the first that is not empty. `sheet` is the sheet's name or number, NULL the first.
 *   BASE_INTAKE_WORKBOOK   it is no workbook, damaged, or over the bounds of scan_file
 *   BASE_INTAKE_NO_SHEET   BASE_NO_MEMORY   BASE_IO, BASE_NO_FILE …   as base_fail_os has it */
enum base_code scan_write_sheet(const char *path, const char *sheet, FILE *to,
                                struct base_error *error);

/* Stable words for records: "cpr", "free-text"; "low"; "refuse". */
const char *scan_kind_code(enum scan_kind kind);
const char *scan_unread_code(enum scan_unread unread);
const char *scan_confidence_code(enum scan_confidence confidence);
const char *scan_verdict_code(enum scan_verdict verdict);

/* The same for people, in the language of the interface: "CPR number"; "low". */
const char *scan_kind_text(enum scan_kind kind);
const char *scan_confidence_text(enum scan_confidence confidence);

/* ---- the record -----------------------------------------------------------------------------
 * A scan of one or several files as JSON, to be filed: docs/scan.md. For each file first its hits,
 * then the file itself. Where there is no memory scan_record_json says so. */
struct scan_record;

enum {
    SCAN_MOST_HITS = 10000
}; /* of all files together that a run tells one by one; others are counted */

enum base_code scan_record_new(struct scan_record **out, struct base_error *error);
void scan_record_free(struct scan_record *record);

void scan_record_hit(struct scan_record *record, const struct scan_hit *hit);

/* Ends a file, under the name that is to stand in the record. A file that could not be scanned is
 * not ended, and its record not used any more. */
void scan_record_file(struct scan_record *record, const char *name,
                      const struct scan_result *result);

/* `*json` is `*size` bytes, freed with secret_free. BASE_NO_MEMORY is the only error. */
enum base_code scan_record_json(const struct scan_record *record, char **json, size_t *size,
                                struct base_error *error);

#endif
