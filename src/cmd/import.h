/* Inside of tavs import: import.c, import_read.c, import_undo.c. */
#ifndef TAVS_CMD_IMPORT_H
#define TAVS_CMD_IMPORT_H

#include "inside.h"
#include "tavs/intake.h"

enum { IMPORT_NAME_BYTES = 256 };

/* One run. */
struct import {
    struct cmd_context *context;
    const char *path;             /* NULL: standard input */
    char name[IMPORT_NAME_BYTES]; /* of the file, for people */
    char heading[INTAKE_COLUMNS][CMD_WORD_BYTES];
    char sheet[IMPORT_NAME_BYTES]; /* of a workbook; else empty */
    struct record_header header;
    char fingerprint[KEYS_FINGERPRINT_TEXT];
    struct keys_device *device;
    struct intake *intake;
    struct keys_imports *before; /* what this machine has counted */
    bool repeated;               /* months of it among them */
};

/* What is to be counted, after import_read. */
struct tally_plan import_plan(const struct import *import);

/* BASE_OK is a yes. */
enum base_code import_confirm(const struct import *import, const char *question,
                              struct base_error *error);

/* import_read.c: starts tavs-scan where the file is a workbook, for a confined process starts no other. */
enum base_code import_prepare(struct cmd_context *context, struct base_error *error);

/* Reads the file, and says how many rows can't be counted. */
enum base_code import_read(struct import *import, struct base_error *error);

/* import_undo.c: takes back what the same list has counted. */
enum base_code import_undo(const struct import *import, struct base_error *error);

#endif
