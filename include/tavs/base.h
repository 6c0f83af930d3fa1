/* base: result codes and errors, byte order, months and periods, whole-or-nothing files.
 *
 * Conventions that hold in every room:
 *  - A function that can fail returns an enum base_code and takes, last, a struct base_error that it
 *    fills when it fails (never NULL). Outputs are untouched on failure unless their comment says so.
 *  - Pointers are never NULL unless their comment says that they may be. foo_free(NULL) is fine.
 *  - Whoever receives an object through a `**out` parameter owns it and frees it with the room's
 *    own `_free` or `_close`.
 *  - Numbers in files are big-endian ("network order").
 */
#ifndef TAVS_BASE_H
#define TAVS_BASE_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- texts for people -----------------------------------------------------------------------
 * Every text for people passes through _() (looked up when used), N_() (marked in a constant table,
 * looked up later with _()) or P_() (where a number decides between the forms). They are in UTF-8,
 * and English until base_speak has said otherwise. */
#define _(text)               base_text(text)
#define N_(text)              (text)
#define P_(one, many, number) base_text_for(one, many, number)

const char *base_text(const char *text) __attribute__((format_arg(1)));
const char *base_text_for(const char *one, const char *many, unsigned long number)
    __attribute__((format_arg(1), format_arg(2)));

/* Texts are in this language from now on: "da", or "en", which is what the sources are written in, whatever
 * the locale. Returns false, and texts are in English, for every other. */
bool base_speak(const char *language);

/* ---- errors ---------------------------------------------------------------------------------
 * What a code says to people, its hint and its exit status stand in one place: src/cmd/message.c.
 */
enum base_code {
    BASE_OK = 0,

    /* a check found something: exit status 1. Where its output says what, there is no message */
    BASE_CHECK_FAILED,
    BASE_NOT_PROTECTED,

    /* wrong use: exit status 2 */
    BASE_TOLD, /* by the program that was started */
    BASE_UNKNOWN_COMMAND,
    BASE_UNKNOWN_OPTION,
    BASE_OPTION_NEEDS_VALUE,
    BASE_BAD_OPTION_VALUE,
    BASE_OPTION_REPEATED,
    BASE_SAME_STORE,
    BASE_FORMULA_NAME,
    BASE_PASSPHRASE_FILES,
    BASE_MISSING_ARGUMENT,
    BASE_EXTRA_ARGUMENT,
    BASE_UNKNOWN_CHANNEL,
    BASE_UNKNOWN_PARTY,
    BASE_AMBIGUOUS_WORD,
    BASE_CHANNEL_NOT_OFFERED,
    BASE_PARTY_NOT_OFFERED,
    BASE_BAD_SESSION,
    BASE_SIXTH_SESSION,
    BASE_BAD_MONTH,
    BASE_FUTURE_MONTH,
    BASE_MONTH_CLOSED,
    BASE_MONTH_NOT_OVER,
    BASE_BAD_PERIOD,
    BASE_BAD_COUNT,
    BASE_COUNT_LIMIT,
    BASE_NOTHING_TO_SHOW,
    BASE_CORRECT_FIRST,
    BASE_NOTHING_TO_CORRECT,
    BASE_COUNT_BELOW_ZERO,
    BASE_SESSION_EXCEEDS,
    BASE_PERIOD_NOT_CLOSED,
    BASE_PLACE_MISSING,
    BASE_TOO_MANY_FIGURES,
    BASE_NO_SUCH_RELEASE,
    BASE_NEEDS_TERMINAL,
    BASE_BINARY_TO_TERMINAL,
    BASE_SHORT_PASSPHRASE,
    BASE_LONG_PASSPHRASE,
    BASE_EMPTY_PASSPHRASE,
    BASE_ZERO_IN_PASSPHRASE,
    BASE_PASSPHRASE_NOT_TEXT,
    BASE_PASSPHRASES_DIFFER,
    BASE_BAD_RECOVERY_CODE,
    BASE_SWAPPED_RECOVERY_CODE,
    BASE_NO_FREE_SLOT,
    BASE_LAST_SLOT,
    BASE_NO_SUCH_SLOT,
    BASE_NO_SUCH_DEVICE,
    BASE_NO_FREE_DEVICE,
    BASE_LEDGER_FULL,
    BASE_RELEASED_MEANWHILE,
    BASE_THRESHOLD_LOWERED,
    BASE_ALREADY_ENROLLED,
    BASE_FILE_EXISTS,
    BASE_OUTPUT_IS_STORE,
    BASE_OUTPUT_IS_PASSPHRASE,
    BASE_OUTPUT_IS_INPUT,
    BASE_OUTPUT_IS_OWN,
    BASE_SCAN_FORMAT,
    BASE_SCAN_DAMAGED,
    BASE_SCAN_TOO_BIG,
    BASE_SCAN_NO_READER,
    BASE_PUBLISHED_FORMAT,
    BASE_PUBLISHED_EXCEL,
    BASE_PUBLISHED_EXACT,
    BASE_PUBLISHED_DAMAGED,
    BASE_PUBLISHED_TOO_BIG,
    BASE_INTAKE_NO_HEADINGS,
    BASE_INTAKE_UNKNOWN_COLUMN,
    BASE_INTAKE_COLUMN_MISSING,
    BASE_INTAKE_COLUMN_TWICE,
    BASE_INTAKE_DAMAGED,
    BASE_INTAKE_RAGGED,
    BASE_INTAKE_MONTH,
    BASE_INTAKE_CHANNEL,
    BASE_INTAKE_PARTY,
    BASE_INTAKE_SESSION,
    BASE_INTAKE_SIXTH_SESSION,
    BASE_INTAKE_COUNT,
    BASE_INTAKE_STATUS,
    BASE_INTAKE_HIDDEN,
    BASE_INTAKE_LIMIT,
    BASE_INTAKE_DOUBT,
    BASE_INTAKE_UNNAMED,
    BASE_INTAKE_EMPTY,
    BASE_INTAKE_WEB_PAGE,
    BASE_INTAKE_WIDE,
    BASE_INTAKE_OLD_WORKBOOK,
    BASE_INTAKE_WORKBOOK,
    BASE_INTAKE_NO_SHEET,
    BASE_IMPORT_UNASKED,
    BASE_IMPORT_AGAIN,
    BASE_IMPORT_NOT_COUNTED,
    BASE_IMPORT_BELOW_ZERO,

    /* the store is missing, damaged or refused: exit status 3 */
    BASE_STORE_MISSING,
    BASE_STORE_EXISTS,
    BASE_STORE_IS_LINK,
    BASE_STORE_NOT_FILE,
    BASE_STORE_MODE,
    BASE_STORE_ON_NETWORK,
    BASE_STORE_EMPTY,
    BASE_STORE_FOREIGN,
    BASE_STORE_NEWER,
    BASE_STORE_OLDER,
    BASE_STORE_TRUNCATED,
    BASE_STORE_DAMAGED,
    BASE_HEADER_FORGED,
    BASE_DEVICE_FORGED,
    BASE_ROW_FORGED,
    BASE_RELEASE_FORGED,
    BASE_CELL_DAMAGED,
    BASE_SLOT_COST,
    BASE_FINGERPRINT_DIFFERS,
    BASE_STORE_REPLACED,
    BASE_NOT_ENROLLED,
    BASE_DEVICE_RETIRED,
    BASE_DEVICE_FILE_MODE,
    BASE_DEVICE_FILE_DAMAGED,
    BASE_IMPORTED_FILE_DAMAGED,
    BASE_PIN_FILE_DAMAGED,
    BASE_KNOWN_FILE_DAMAGED,
    BASE_LEDGER_BEHIND,
    BASE_BACKUP_DIFFERS,

    /* wrong passphrase: exit status 4 */
    BASE_WRONG_PASSPHRASE,
    BASE_WRONG_RECOVERY_CODE,

    /* the system failed: exit status 5 */
    BASE_NO_MEMORY,
    BASE_NO_RANDOM,
    BASE_IO,
    BASE_NOT_WRITTEN,
    BASE_NOT_SYNCED,
    BASE_SYSTEM_REFUSED,
    BASE_NO_SPACE,
    BASE_NO_PERMISSION,
    BASE_STORE_BUSY,
    BASE_NOT_ERASED,
    BASE_NOT_SHOWN,
    BASE_NOT_TOLD,
    BASE_RECORDED_IN_PART,
    BASE_NO_HOME,
    BASE_PART_MISSING,
    BASE_PART_FAILED,
    BASE_NOT_PROVEN,
    BASE_NOT_CHECKED,

    /* given up by the person at the keyboard: exit status 130 */
    BASE_CANCELLED,

    BASE_CODES /* how many there are */
};

enum { BASE_SUBJECT_BYTES = 512 };

/* What went wrong. `subject` names the thing (a path, a word, "row 2026-03 of device 1"), printable; it never
 * holds a passphrase, a key or a count. `os_error` is an errno value or 0. */
struct base_error {
    enum base_code code;
    int os_error;
    char subject[BASE_SUBJECT_BYTES];
};

/* Fills `error` (the subject is formatted as by printf and cut to fit) and returns `code`. */
enum base_code base_fail(struct base_error *error, enum base_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a failed system call: the code is chosen from `os_error` (an errno value):
 * ENOSPC and EDQUOT are BASE_NO_SPACE, EACCES, EPERM and EROFS BASE_NO_PERMISSION, ENOMEM
 * BASE_NO_MEMORY, all others BASE_IO. The subject is a thing: a path, "the store". */
enum base_code base_fail_os(struct base_error *error, int os_error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same where something was to be written: in place of BASE_IO it is BASE_NOT_WRITTEN. */
enum base_code base_fail_write(struct base_error *error, int os_error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same where it is about no file: BASE_NO_MEMORY, else BASE_SYSTEM_REFUSED. The subject is what was asked of the
 * system. */
enum base_code base_fail_system(struct base_error *error, int os_error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The filter of tavs/confine.h refuses a system call with BASE_CONFINED + its number as errno (those beyond the last with
 * the last). The kernel gives nothing above 530, so that who meets it knows that no right was missing, but a line in the
 * filter, and which. */
enum { BASE_CONFINED = 2048, BASE_CONFINED_CALLS = 1024 };

/* What an errno value means, for people, in the language of all texts. The text is good until the next call. */
const char *base_os_error_text(int os_error);

/* ---- progress -------------------------------------------------------------------------------
 * Called as long work goes on, with how much of it is done; the last call has done == total. */
typedef void base_progress(void *context, uint64_t done, uint64_t total);

/* ---- byte order ---------------------------------------------------------------------------- */
static inline void base_put_u16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static inline uint16_t base_get_u16(const uint8_t *from)
{
    return (uint16_t)((from[0] << 8) | from[1]);
}

static inline void base_put_u32(uint8_t *to, uint32_t value)
{
    base_put_u16(to, (uint16_t)(value >> 16));
    base_put_u16(to + 2, (uint16_t)value);
}

static inline uint32_t base_get_u32(const uint8_t *from)
{
    return ((uint32_t)base_get_u16(from) << 16) | base_get_u16(from + 2);
}

/* True if all `size` bytes are zero. Not for secrets: its time tells where the first other is. */
bool base_is_zero(const uint8_t *bytes, size_t size);

/* `size` bytes as 2 * size lower-case hexadecimal digits and a terminating zero. Not for secrets. */
void base_hex(char *text, const uint8_t *bytes, size_t size);

/* ---- months and periods ---------------------------------------------------------------------
 * A month is year * 12 + (month of the year - 1): January 2026 is 24312. Years 2000 to 2199. */
typedef uint16_t base_month;

enum {
    BASE_FIRST_YEAR = 2000,
    BASE_LAST_YEAR = 2199,
    BASE_FIRST_MONTH = BASE_FIRST_YEAR * 12,
    BASE_LAST_MONTH = BASE_LAST_YEAR * 12 + 11,
    BASE_MONTH_TEXT = 8,   /* "2026-03" and its zero */
    BASE_PERIOD_TEXT = 17, /* "2026-01..2026-06" and its zero */
    BASE_DATE_TEXT = 11,   /* "2026-07-14" and its zero */
};

static inline int base_month_year(base_month month)
{
    return month / 12;
}

/* 1 to 12 */
static inline int base_month_number(base_month month)
{
    return month % 12 + 1;
}

/* Both ends are part of the period; first <= last. */
struct base_period {
    base_month first, last;
};

static inline size_t base_period_months(struct base_period period)
{
    return (size_t)(period.last - period.first) + 1;
}

/* The current month in local time. */
base_month base_month_now(void);

/* Writes the current day in local time, "2026-07-14"; nothing if the clock tells none. */
void base_today(char text[BASE_DATE_TEXT]);

/* "2026-03". Anything else: BASE_BAD_MONTH. */
enum base_code base_month_parse(const char *text, base_month *month, struct base_error *error);

/* Writes "2026-03". */
void base_month_format(base_month month, char text[BASE_MONTH_TEXT]);

/* "2026", "2026-11", "2026-Q4" (or q4), "2026-01..2026-06". Anything else, or an end before the
 * beginning: BASE_BAD_PERIOD. */
enum base_code base_period_parse(const char *text, struct base_period *period,
                                 struct base_error *error);

/* Writes the shortest form that base_period_parse reads back as the same period. */
void base_period_format(struct base_period period, char text[BASE_PERIOD_TEXT]);

/* The same for people, in the language of the texts. A month: "November 2026". Several: "May to November
 * 2026", "November 2025 to May 2026". A period: "2026", "4th quarter of 2026", else its months. A date as
 * base_today writes it: "14 July 2026"; a month: "July 2026"; any other text stays as it is. */
enum { BASE_WORDS_TEXT = 128 };
void base_month_words(base_month month, char text[BASE_WORDS_TEXT]);
void base_months_words(struct base_period months, char text[BASE_WORDS_TEXT]);
void base_period_words(struct base_period period, char text[BASE_WORDS_TEXT]);
void base_date_words(const char *date, char text[BASE_WORDS_TEXT]);

/* A whole decimal number with nothing before or after it, from `least` to `most`. Returns false,
 * and leaves `value` alone, for all other text. */
bool base_parse_number(const char *text, int64_t least, int64_t most, int64_t *value);

/* ---- text -----------------------------------------------------------------------------------
 * Text from outside (names of files, words of the command line, headings, values of the environment) may hold any byte,
 * also those that a terminal obeys, and characters that nobody sees or that turn the direction of writing. It is shown as
 * this makes it: such a character as "\x1b" or "\u202e", what is not UTF-8 (RFC 3629) byte by byte, a line feed as "\x0a".
 * What is printable already stays as it is. */

/* Cuts to fit `size` bytes, between characters; false if it had to. */
bool base_make_printable(char *to, size_t size, const char *from);

/* So many bytes are enough for a text of `length` bytes, and its zero. */
#define BASE_PRINTABLE_SIZE(length) (4 * (length) + 1)

/* A name in full, for one message: base_shown(name, &(struct base_shown){0}). */
struct base_shown {
    char text[BASE_PRINTABLE_SIZE(4096)];
};
const char *base_shown(const char *text, struct base_shown *room);

/* Writes the next character of `*from`, which is not at its end, in this way, with a zero; returns its length. */
enum { BASE_PRINTABLE_BYTES = 11 };
size_t base_take_printable(const char **from, char to[BASE_PRINTABLE_BYTES]);

/* ---- files ----------------------------------------------------------------------------------
 * A file that comes into being whole or not at all: it has no name until base_file_commit. Where
 * the file system can't make nameless files, it is written beside its place under a temporary name
 * that base_file_abandon removes. */
struct base_file;

/* A new file that is to stand at `path`, mode 0600. */
enum base_code base_file_new(const char *path, struct base_file **out, struct base_error *error);

/* Opens ahead what base_file_new will need for `count` files in the folder of `path` (its part up to the last slash; the
 * same way of writing it), so that a process can give up the right to open anything there (tavs/confine.h). `*first` is the
 * descriptor of the file that is taken first. Returns 0; else errno, EOPNOTSUPP where the file system has no nameless files. */
enum { BASE_MOST_AHEAD = 256 };
int base_file_ahead(const char *path, size_t count, int *first);

/* The open file, for writing; it stays owned by `file`. */
int base_file_descriptor(const struct base_file *file);

/* A path that opens the unnamed file as long as `file` lives (for a library that wants a path). */
const char *base_file_working_path(const struct base_file *file);

/* fsync, gives the file its name, fsync of the folder, frees `file` (also on failure, when nothing
 * is left behind; but for BASE_NOT_SYNCED: it stands in its place, and may not outlast a power cut). With `replace` an existing plain file is replaced in one step; else, and for
 * anything but a plain file (a link, a device, a folder), it is BASE_FILE_EXISTS. */
enum base_code base_file_commit(struct base_file *file, bool replace, struct base_error *error);

/* Lets go of the file; nothing is left behind. NULL is fine. */
void base_file_abandon(struct base_file *file);

/* Makes each missing folder that `path` leads through, mode 0700; what stands after its last slash
 * is not made. `path` is changed while the function runs. */
enum base_code base_make_folders(char *path, struct base_error *error);

/* Holds HUP, INT, QUIT, TERM and TSTP until `before` is restored (sigprocmask, SIG_SETMASK); may be nested. */
void base_hold_signals(sigset_t *before);

/* Writes all `size` bytes at the descriptor's position, whatever interrupts. `path` is for the
 * error only. */
enum base_code base_write_all(int descriptor, const void *bytes, size_t size, const char *path,
                              struct base_error *error);

/* ---- parts ----------------------------------------------------------------------------------
 * What brings large libraries would make every start of the program several times as long. It is
 * built as a shared object of its own, tavs-PART.so, from src/ROOM/apart/ (PART is the room), and
 * loaded when it is needed. A part uses nothing of the program but what it is built with; it shows
 * only what BASE_SHOWN marks. */
#define BASE_SHOWN __attribute__((visibility("default")))

/* The version of the program, or of the part, that this is. */
BASE_SHOWN extern const char base_part_version[];

/* `name` in tavs-PART.so (base_open_own_file). The part stays loaded: such libraries do not like to be unloaded.
 * BASE_PART_MISSING: it is not there, of another version, or has no such symbol. */
enum base_code base_find_in_part(const char *part, const char *name, void **symbol,
                                 struct base_error *error);

/* Opens a file of the program, to be loaded or run by `path`. A program that lies where it was to be installed has its
 * files in TAVS_LIBDIR and nowhere else; any other (in a build tree, or moved) has them beside it, in ../lib/tavs, or there.
 * A file that somebody else may have made or changed, or put into its folder, is passed over. With `for_others` the
 * descriptor outlives the start of another program: so a script could be run, too. BASE_PART_MISSING, BASE_NO_MEMORY. */
enum { BASE_PATH_BYTES = 4096 };
enum base_code base_open_own_file(const char *name, bool for_others, int *descriptor,
                                  char path[BASE_PATH_BYTES], struct base_error *error);

#endif
