/* Inside of cmd: what commands are made of and what they share. */
#ifndef TAVS_CMD_INSIDE_H
#define TAVS_CMD_INSIDE_H

#include <time.h>

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/confine.h"
#include "tavs/keys.h"
#include "tavs/release.h"
#include "tavs/render.h"
#include "tavs/store.h"
#include "tavs/table.h"
#include "tavs/tally.h"

/* ---- options ---- */

enum cmd_option {
    CMD_STORE,
    CMD_LANG,
    CMD_QUIET,
    CMD_VERBOSE,
    CMD_HELP,
    CMD_VERSION,
    CMD_MONTH,
    CMD_COUNT,
    CMD_BY,
    CMD_FORMAT,
    CMD_EXCEL,
    CMD_OUTPUT,
    CMD_FORCE,
    CMD_EXACT,
    CMD_THRESHOLD,
    CMD_EXPLAIN,
    CMD_PASSPHRASE_FILE,
    CMD_NEW_PASSPHRASE_FILE,
    CMD_RECOVERY,
    CMD_KDF,
    CMD_CHANNELS,
    CMD_PARTIES,
    CMD_FULL,
    CMD_WASH,
    CMD_TRACES,
    CMD_COLUMN,
    CMD_YES,
    CMD_AGAIN,
    CMD_UNDO,
    CMD_SHEET,
    CMD_FOLDER,  /* of several files, where others have CMD_OUTPUT */
    CMD_REPRINT, /* of publish, where import has CMD_AGAIN */
    CMD_CORRECT,
    CMD_OPTIONS,
};

struct cmd_option_text {
    const char *name;  /* long form, without hyphens */
    char letter;       /* short form */
    const char *value; /* what stands for the value in help; NULL: it takes none */
    const char *help;
};

const struct cmd_option_text *cmd_option_text(enum cmd_option option);

/* Those that every command takes. */
bool cmd_option_is_common(enum cmd_option option);

struct cmd_context;

/* What of the file system a command needs beside the files that its options name (reach.c): all else is
 * out of its reach. */
enum {
    CMD_REACH_STORE = 1 << 0,        /* reads the store, and this machine's key */
    CMD_REACH_STORE_CHANGE = 1 << 1, /* changes it */
    CMD_REACH_STORE_MAKE = 1 << 2,   /* makes it */
    CMD_REACH_DEVICE_MAKE = 1 << 3,  /* makes, replaces or removes this machine's key */
    CMD_REACH_WORDS_READ = 1 << 4,   /* the words name files to be read */
    CMD_REACH_WORDS_MAKE = 1 << 5,   /* the word names a copy of the store to be made */
    CMD_REACH_LINE_EDITOR = 1 << 6,  /* descriptions of terminals */
    CMD_REACH_PIN = 1 << 7,          /* notes beside this machine's key what was published */
};

struct cmd_command {
    const char *name;
    const char *arguments; /* as in the usage line */
    const char *summary;   /* one line */
    const char *details;   /* paragraphs */
    const char *examples;  /* command lines, each followed by what it does */
    int least_words, most_words;
    bool takes_stores;              /* several of them */
    bool words_tell;                /* the words say what was counted: cmd_begin_hint */
    const enum cmd_option *options; /* its own, ended by CMD_OPTIONS */
    unsigned reach;
    /* Whether this machine knows the store at a path: a command that counts notes it where it does not. NULL: it
     * notes nothing. */
    bool (*is_noted)(const char *store_path);
    /* What has to be done before the process is confined; may be NULL. */
    enum base_code (*prepare)(struct cmd_context *context, struct base_error *error);
    /* NULL: tavs-scan runs it, as cmd_run_scan. */
    enum base_code (*run)(struct cmd_context *context, struct base_error *error);
};

struct cmd_program {
    const struct cmd_command *const *commands; /* in the order of help, ended by NULL */
    const struct cmd_command *alone;           /* what runs where none is named; NULL: none */
    /* Runs cmd_scan; NULL: another program has to. */
    enum base_code (*scan)(struct cmd_context *context, struct base_error *error);
};

/* Says which program runs, before anything else is asked; cmd_main does. */
void cmd_begin(const struct cmd_program *program);

/* The program that runs. */
const struct cmd_program *cmd_running(void);

/* Of the program that runs; NULL if there is none of that name. */
const struct cmd_command *cmd_find(const char *name);

extern const struct cmd_command cmd_audit, cmd_backup, cmd_cells, cmd_check_release, cmd_close,
    cmd_device, cmd_export, cmd_help, cmd_import, cmd_init, cmd_key, cmd_log, cmd_offer,
    cmd_publish, cmd_release, cmd_reopen, cmd_report, cmd_retract, cmd_scan, cmd_show,
    cmd_threshold, cmd_version;

/* What runs on a terminal where no command is given; it has no name. */
extern const struct cmd_command cmd_desk;

enum { CMD_PLACE_BYTES = 256 };

/* All values of an option that was given several times, in that order. */
struct cmd_given {
    char *value[TABLE_MOST_PLACES];
    size_t count;
};

/* A process of tavs-scan that gives a sheet of a workbook: a line with the sheet's name, then csv. */
struct cmd_cells {
    bool started;
    int input, output; /* its standard input, and what it writes */
    pid_t process;
};

/* What the person asked for. */
struct cmd_context {
    const struct cmd_command *command;
    enum codebook_language language;
    char *value[CMD_OPTIONS]; /* NULL: not given; "" for options without a value; else the last */
    struct cmd_given stores, passphrase_files, columns;
    char **words; /* what is neither an option nor the command */
    int word_count;
    const char *store_path;      /* NULL if nothing tells where it is */
    bool store_is_default;       /* neither --store nor $TAVS_STORE */
    char place[CMD_PLACE_BYTES]; /* which of several stores is at work; else empty */
    char *passphrase;            /* of all of them, where it has been read already; else NULL */
    bool hints_history;          /* cmd_begin_hint */
    unsigned published;          /* number of the release that was recorded; 0: none */
    struct confine_result confined;
    struct cmd_cells cells; /* of the workbook that is to be imported */
};

/* Sets the charset of the locale and its language, the context's as well as that of all texts. */
void cmd_begin_language(struct cmd_context *context);

/* Sets the language that --lang names, if it is given. BASE_BAD_OPTION_VALUE; BASE_NO_CATALOGUE. */
enum base_code cmd_choose_language(struct cmd_context *context, struct base_error *error);

/* Fills the context from the command line; its language must have been set. */
enum base_code cmd_parse(struct cmd_context *context, int argc, char **argv,
                         struct base_error *error);

/* Gives up what the command does not need, before it does anything. */
enum base_code cmd_confine(struct cmd_context *context, struct base_error *error);

/* scan_run.c, in tavs-scan only. */
enum base_code cmd_run_scan(struct cmd_context *context, struct base_error *error);

/* start.c: becomes tavs-scan, with the same words. Returns only if that fails: BASE_PART_MISSING. */
enum base_code cmd_become_scan(char **words, struct base_error *error);

/* Starts `tavs-scan cells`, which waits. `sheet` may be NULL. BASE_PART_MISSING. */
enum base_code cmd_start_cells(const struct cmd_context *context, const char *file,
                               const char *sheet, struct cmd_cells *cells,
                               struct base_error *error);

/* Lets it begin; it is read until its output ends. */
void cmd_open_cells(struct cmd_cells *cells);

/* How it ended. BASE_TOLD: with an error that it has told; BASE_PART_FAILED. */
enum base_code cmd_end_cells(const struct cmd_cells *cells, struct base_error *error);

void cmd_close_cells(struct cmd_cells *cells);

/* Asked for by --help, also of one command: prints to standard output. */
enum base_code cmd_print_help(const struct cmd_command *command, struct base_error *error);

/* ---- saying things ---- */

/* A word of the command line in UTF-8 and composed (tavs/unicode.h), which lies in `room`; what is longer than any word
 * stays as it is. */
enum { CMD_WORD_BYTES = 768 };
enum base_code cmd_word(const char *given, char room[CMD_WORD_BYTES], const char **word,
                        struct base_error *error);

/* All of these show what is not printable as such (term_write), but let line feeds through: a name, and what else comes
 * from outside, goes through base_shown before. */

/* Data, to standard output. */
enum base_code cmd_print(struct base_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A message, to standard error; not said with --quiet. */
void cmd_say(const struct cmd_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, whatever --quiet says. */
void cmd_say_always(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line without its line feed, written over the one that stands there. */
void cmd_say_over(const struct cmd_context *context, const char *line);

/* Whether the words of this command were typed at a shell that keeps a history, which is to be said once in a login session.
 * Looks at the process that started this one, and keeps a note that it is said: so it has to be asked before
 * cmd_confine. */
void cmd_begin_hint(struct cmd_context *context);

/* That the shell keeps them, if that is to be said. */
void cmd_hint_history(const struct cmd_context *context);

/* What an error says. */
struct cmd_description {
    char text[2 * BASE_SUBJECT_BYTES];
    const char *hint; /* or NULL */
};

/* False if there is nothing to say. */
bool cmd_describe(const struct base_error *error, struct cmd_description *description);

/* The error and its hint, to standard error; it begins with `place`, unless that is empty. */
void cmd_print_error(const char *place, const struct base_error *error);

int cmd_exit_status(enum base_code code);

/* Data as bytes, to the file that --output names (whole or not at all) or to standard output. */
enum base_code cmd_write_output(const struct cmd_context *context, const void *bytes, size_t size,
                                struct base_error *error);

/* The same for a text that people read: standard output gets it in the locale's charset (term_write), a
 * file in UTF-8. */
enum base_code cmd_write_text(const struct cmd_context *context, const char *text,
                              struct base_error *error);

/* That file may be written: it is neither a store nor a passphrase's file, and it is new or --force is
 * given. */
enum base_code cmd_check_output(const struct cmd_context *context, struct base_error *error);

/* The same for any file that is going to be written. */
enum base_code cmd_check_file(const struct cmd_context *context, const char *path,
                              struct base_error *error);

/* --format of a command that gives a text or a record: text (also without --format) or json. */
enum base_code cmd_choose_record_format(const struct cmd_context *context, bool *json,
                                        struct base_error *error);

/* True if --output names a file, so that standard output gets nothing. */
bool cmd_output_is_file(const struct cmd_context *context);

/* How far long work has come, on standard error; nothing with --quiet or where that is no terminal.
 * cmd_show_progress is a base_progress, its context is a struct cmd_progress. */
struct cmd_progress {
    const struct cmd_context *context;
    const char *what;
    int percent; /* what the terminal shows; begins as -1 */
};
void cmd_show_progress(void *progress, uint64_t done, uint64_t total);

/* The same, but for what takes less than a second. */
struct cmd_slow_progress {
    struct cmd_progress progress;
    time_t begun;
    bool shown;
};
void cmd_begin_slow_progress(struct cmd_slow_progress *progress, const struct cmd_context *context,
                             const char *what);
void cmd_show_slow_progress(void *progress, uint64_t done, uint64_t total);

/* Renders the document as --format says (else as `preset`) and writes it to --output or to standard
 * output. */
enum base_code cmd_deliver(const struct cmd_context *context, const struct table_document *document,
                           enum render_format preset, struct base_error *error);

/* What cmd_deliver will need is there: a format that serves, an output file that may be written.
 * Asked before anybody types a passphrase. */
enum base_code cmd_check_delivery(const struct cmd_context *context, enum table_kind kind,
                                  struct base_error *error);

/* ---- what several commands do ---- */

/* The first word of a command such as "key" says what to do. */
struct cmd_verb {
    const char *name;
    enum base_code (*run)(struct cmd_context *context, struct base_error *error);
    int words; /* that follow */
};
enum base_code cmd_run_verb(struct cmd_context *context, const struct cmd_verb *verbs, size_t count,
                            struct base_error *error);

/* Reads "in-person,phone" in any language; BASE_BAD_OPTION_VALUE. */
enum base_code cmd_parse_set(const struct cmd_context *context, enum cmd_option option,
                             enum codebook_dimension dimension, codebook_set *set,
                             struct base_error *error);

/* --kdf, moderate by default. */
enum base_code cmd_parse_cost(const struct cmd_context *context, struct keys_cost *cost,
                              struct base_error *error);

/* The reader's key, with what it belongs to. */
struct cmd_reader {
    struct keys_reader *key;
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    unsigned slot;           /* the slot that the passphrase opened; KEYS_SLOTS after --recovery */
    struct keys_slot opened; /* what it held then; unused after --recovery */
};

/* Reads the store's header, asks for the passphrase (or takes it from --passphrase-file; with
 * --recovery it is the recovery code) and opens the reader's key. The store is not locked while a
 * person types. */
enum base_code cmd_open_reader(const struct cmd_context *context, struct cmd_reader *reader,
                               struct base_error *error);
void cmd_close_reader(struct cmd_reader *reader);

/* Asks for what opens a store, or takes it from --passphrase-file. Freed with secret_free. */
enum base_code cmd_read_passphrase(const struct cmd_context *context, char **out,
                                   struct base_error *error);

/* A place's ledger of releases, with the key that adds to it. */
struct cmd_ledger {
    struct cmd_reader reader;
    struct record_header header; /* as it was then */
    struct tally_ledger *ledger;
};

/* Reads a period of the store, and unless `life` is NULL its whole life (which stays NULL if there is
 * none), as plain counts, and the fingerprint. Asks for the passphrase. Both counts are freed with
 * tally_counts_free. With `ledger`, which needs `life`, that is read too, and it is one that nothing is
 * missing from (tally_check_ledger_pin). */
enum base_code cmd_read_counts(const struct cmd_context *context, struct base_period period,
                               struct tally_counts **counts, struct tally_counts **life,
                               struct cmd_ledger *ledger, char fingerprint[KEYS_FINGERPRINT_TEXT],
                               struct base_error *error);
void cmd_close_ledger(struct cmd_ledger *ledger); /* one that is all zero is fine */

/* What the stores that were named hold, one after the other; or the one. A single --passphrase-file
 * serves all of them. Everything that can be refused is, before a passphrase is asked for: a store that
 * can't be opened, BASE_SAME_STORE. After an error the context tells which place it was. */
struct cmd_places {
    size_t count;
    struct table_source source[TABLE_MOST_PLACES]; /* valid until cmd_free_places */
    struct release_place *release;                 /* with CMD_READ_LEDGER, else NULL */
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];   /* of the first store; with CMD_READ_LEDGER */
    struct cmd_place *place;                       /* private */
};
enum cmd_reading {
    CMD_READ_COUNTS, /* of the period */
    CMD_READ_LIFE,   /* and of the whole life */
    CMD_READ_LEDGER, /* and the ledger of releases; the reader's keys stay open, to add to it */
};
enum base_code cmd_read_places(struct cmd_context *context, struct base_period period,
                               enum cmd_reading reading, struct cmd_places **out,
                               struct base_error *error);

/* ---- publishing ---- */

/* --threshold; 0 if it is not given. */
enum base_code cmd_parse_threshold(const struct cmd_context *context, unsigned *threshold,
                                   struct base_error *error);

/* Options of a draft that don't fit each other, before anybody types a passphrase. */
enum base_code cmd_check_draft(const struct cmd_context *context, struct base_error *error);

/* Reads the stores, protects the periods as if they were published now, and delivers that as a draft. Records
 * nothing. */
enum base_code cmd_draft(struct cmd_context *context, enum table_kind kind,
                         const struct base_period *periods, size_t period_count,
                         enum render_format preset, struct base_error *error);

/* release_explain, to standard error. */
enum base_code cmd_explain(const struct cmd_context *context, const struct release *release,
                           const struct cmd_places *places, struct base_error *error);

/* The places of a record, in the order in which the stores were named. Returns how many there are. */
size_t cmd_places_of(const struct cmd_places *places, const struct record_release *record,
                     struct release_place list[RECORD_MOST_PLACES]);

/* What is to be recorded in the ledger of a place: releases that are that ledger's own. */
struct cmd_recording {
    const struct record_release *const *releases;
    size_t count;
};

/* Records it at every place, or nowhere: all stores are open before any is changed. BASE_RELEASED_MEANWHILE:
 * something has changed since the places were read. BASE_RECORDED_IN_PART: the system failed in between. */
enum base_code cmd_record_releases(struct cmd_context *context, const struct cmd_places *places,
                                   const struct cmd_recording *recordings,
                                   struct base_error *error);

/* From here on the context is about that one of several stores; errors name it. */
void cmd_turn_to_place(struct cmd_context *context, const struct cmd_places *places, size_t index);

/* The files of a release, in the folder that --output names. */
enum { CMD_MOST_FILES = 512 };
struct cmd_file {
    char *path;
    struct base_file *file; /* NULL once it has been given its name */
};
struct cmd_files {
    enum render_format formats[RENDER_FORMATS];
    size_t format_count;
    struct cmd_file list[CMD_MOST_FILES];
    size_t count;
};

/* --format, several parted by commas, else html and csv; --excel; and --output, which must name a folder.
 * Asked before anybody types a passphrase. */
enum base_code cmd_files_check(const struct cmd_context *context, struct cmd_files *files,
                               struct base_error *error);

/* None of the release's files is there already, or --force is given. */
enum base_code cmd_files_check_names(const struct cmd_context *context,
                                     const struct cmd_files *files,
                                     const struct base_period *periods, size_t period_count,
                                     unsigned edition, struct base_error *error);

/* Writes the release in every format, without giving any of the files its name. */
enum base_code cmd_files_prepare(const struct cmd_context *context, struct cmd_files *files,
                                 const struct cmd_places *places,
                                 const struct record_release *record, struct base_error *error);

/* Gives all files their names, or none. */
enum base_code cmd_files_commit(const struct cmd_context *context, struct cmd_files *files,
                                struct base_error *error);
void cmd_files_free(struct cmd_files *files);
void cmd_say_files(const struct cmd_context *context, const struct cmd_files *files);

/* BASE_NEEDS_TERMINAL: there is nobody who could say yes, and no --yes. */
enum base_code cmd_check_asking(const struct cmd_context *context, struct base_error *error);

/* Asks, unless --yes is given. BASE_CANCELLED. */
enum base_code cmd_ask_to_publish(const struct cmd_context *context, const char *question,
                                  struct base_error *error);

/* publish --correct. */
enum base_code cmd_run_correct(struct cmd_context *context, struct cmd_files *files,
                               struct base_error *error);
void cmd_free_places(struct cmd_places *places); /* NULL is fine */

/* BASE_NO_HOME if nothing tells where the store is. */
enum base_code cmd_need_store_path(const struct cmd_context *context, struct base_error *error);

/* store_commit. Whatever of the system fails in this command after it has worked is told as BASE_NOT_SHOWN: what
 * was asked for is done, and only what was to be shown of it is not. Of a release as BASE_NOT_TOLD. */
enum base_code cmd_commit(struct store *store, struct base_error *error);
void cmd_note_commit(void); /* the same of what another part has committed */
bool cmd_has_committed(void);

/* Opens the store again, which must still be the one that the reader's key belongs to. */
enum base_code cmd_open_store(const struct cmd_context *context, enum store_mode mode,
                              const struct cmd_reader *reader, struct store **out,
                              struct base_error *error);

/* A new passphrase from --new-passphrase-file (or, with init, --passphrase-file: `option`) or asked
 * for twice. `*out` is freed with secret_free. */
enum base_code cmd_new_passphrase(const struct cmd_context *context, enum cmd_option option,
                                  char **out, struct base_error *error);

#endif
