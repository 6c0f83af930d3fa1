/* What every code says to people, its hint, and its exit status: here and nowhere else. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/term.h"

enum exit_status {
    DONE = 0,
    CHECK_FAILED = 1,
    WRONG_USE = 2,
    STORE_REFUSED = 3,
    WRONG_PASSPHRASE = 4,
    SYSTEM_FAILED = 5,
    CANCELLED = 130,
};

/* `text` holds one %s, for the error's subject; it is NULL if there is nothing to say. The hint may be
 * NULL. */
struct message {
    enum exit_status status;
    const char *text, *hint;
};

static const struct message messages[BASE_CODES] = {
    [BASE_CHECK_FAILED] = {CHECK_FAILED, NULL, NULL},
    [BASE_NOT_PROTECTED] = {CHECK_FAILED,
                            N_("%s can't be published without giving small figures away"),
                            N_("ask for a longer period; --exact is for internal use")},
    [BASE_TOLD] = {WRONG_USE, NULL, NULL},
    [BASE_UNKNOWN_COMMAND] = {WRONG_USE, N_("there is no command '%s'"),
                              N_("'tavs help' lists the commands")},
    [BASE_UNKNOWN_OPTION] = {WRONG_USE, N_("there is no option '%s' here"),
                             N_("'tavs help COMMAND' lists a command's options")},
    [BASE_OPTION_NEEDS_VALUE] = {WRONG_USE, N_("the option '%s' needs a value"),
                                 N_("'tavs help COMMAND' shows which")},
    [BASE_BAD_OPTION_VALUE] = {WRONG_USE, N_("'%s' is not possible"),
                               N_("'tavs help COMMAND' shows what is")},
    [BASE_OPTION_REPEATED] = {WRONG_USE, N_("the option '%s' is given too often"),
                              N_("'tavs report' and 'tavs export' take several stores, up to 32; "
                                 "all else takes one")},
    [BASE_SAME_STORE] = {WRONG_USE, N_("%s is a store that was named before, or a copy of it"),
                         N_("name each store once; a copy has the same fingerprint")},
    [BASE_FORMULA_NAME] =
        {WRONG_USE,
         N_("%s can't be the name of a place: a spreadsheet would take it for a formula"),
         N_("give the store's file, or its folder, a name without = + - @ at its beginning, or "
            "after a mark such as ; in it")},
    [BASE_PASSPHRASE_FILES] = {WRONG_USE, N_("there is not one passphrase file for each store: %s"),
                               N_("give --passphrase-file once for all stores, or once for each in "
                                  "the same order")},
    [BASE_MISSING_ARGUMENT] =
        {WRONG_USE, N_("something is missing: %s"),
         N_("'tavs help' lists the commands, 'tavs help COMMAND' explains one")},
    [BASE_EXTRA_ARGUMENT] = {WRONG_USE, N_("'%s' is one word too many"),
                             N_("'tavs help COMMAND' shows what is expected")},
    [BASE_UNKNOWN_CHANNEL] =
        {WRONG_USE, N_("'%s' is not a channel"),
         N_("a channel is in-person, phone, mail or web; beginnings such as 'p' will do")},
    [BASE_UNKNOWN_PARTY] =
        {WRONG_USE, N_("'%s' is not a party"),
         N_("a party is user, relative or professional; beginnings such as 'r' will do")},
    [BASE_AMBIGUOUS_WORD] = {WRONG_USE, N_("%s: which of them?"), N_("write one letter more")},
    [BASE_CHANNEL_NOT_OFFERED] =
        {WRONG_USE, N_("this place does not offer the channel '%s'"),
         N_("'tavs offer' shows what it offers, 'tavs offer --channels LIST' changes it")},
    [BASE_PARTY_NOT_OFFERED] =
        {WRONG_USE, N_("this place does not counsel the party '%s'"),
         N_("'tavs offer' shows whom it counsels, 'tavs offer --parties LIST' changes it")},
    [BASE_BAD_SESSION] = {WRONG_USE, N_("'%s' is not the number of a conversation"),
                          N_("a course has conversations 1 to 5")},
    [BASE_SIXTH_SESSION] =
        {WRONG_USE,
         N_("conversation %s is not anonymous counselling any more; nothing was counted"),
         N_("a course has at most five conversations; offer a relative an enrolled course "
            "(pårørendeforløb)")},
    [BASE_BAD_MONTH] = {WRONG_USE, N_("'%s' is not a month"),
                        N_("write year and month as 2026-03, from 2000-01 on")},
    [BASE_FUTURE_MONTH] = {WRONG_USE, N_("%s has not begun yet"),
                           N_("count contacts in the current month or an earlier one")},
    [BASE_MONTH_CLOSED] = {WRONG_USE, N_("%s is closed: its counts have been declared complete"),
                           N_("the leader opens it again with 'tavs reopen YYYY-MM'")},
    [BASE_MONTH_NOT_OVER] = {WRONG_USE, N_("%s is not over, so its counts can't be complete"),
                             N_("close it when it has ended; earlier months can be closed now")},
    [BASE_BAD_PERIOD] = {WRONG_USE, N_("'%s' is not a period"),
                         N_("write 2026, 2026-11, 2026-Q4 or 2026-01..2026-06")},
    [BASE_BAD_COUNT] = {WRONG_USE, N_("'%s' is not a number of contacts"),
                        N_("write a whole number from 1 to 1000; 'tavs retract' takes back")},
    [BASE_COUNT_LIMIT] = {WRONG_USE, N_("%s contacts are too many for one go"),
                          N_("count at most 1000 at once")},
    [BASE_NOTHING_TO_SHOW] =
        {CHECK_FAILED,
         N_("there is nothing to publish: every figure is under %s, gives such a one away, or "
            "waits for the year's end"),
         N_("ask for a longer period, such as a quarter or a year that has ended; --exact is for "
            "internal use")},
    [BASE_CORRECT_FIRST] =
        {WRONG_USE, N_("counts have changed since this was published: release %s"),
         N_("publish corrected editions first; 'tavs publish --correct' shows what changes, and "
            "asks")},
    [BASE_NOTHING_TO_CORRECT] = {WRONG_USE,
                                 N_("there is nothing to correct: all that was published agrees%s"),
                                 N_("'tavs release list' lists what was published")},
    [BASE_COUNT_BELOW_ZERO] =
        {WRONG_USE, N_("more was taken back than counted: %s"),
         N_("count again what was taken back by mistake; a closed month is opened with 'tavs "
            "reopen'")},
    [BASE_SESSION_EXCEEDS] =
        {
            WRONG_USE, N_("more conversations of a number than of the one before it: %s"),
            N_("'tavs show PERIOD --by month,party,session' shows where; take back what is one too "
               "many, or "
               "count the earlier ones; a closed month is opened with 'tavs reopen'")},
    [BASE_PERIOD_NOT_CLOSED] =
        {WRONG_USE, N_("only closed months are published, and these are not: %s"),
         N_("'tavs report' and 'tavs export' show what could be published, as a draft")},
    [BASE_PLACE_MISSING] = {WRONG_USE, N_("%s was published together with another place"),
                            N_("name that place's store too: --store FILE, once for each")},
    [BASE_TOO_MANY_FIGURES] = {WRONG_USE, N_("these are too many figures for one release (%s)"),
                               N_("take fewer periods or fewer places at once")},
    [BASE_NO_SUCH_RELEASE] = {WRONG_USE, N_("there is no release %s"),
                              N_("'tavs release list' lists them")},
    [BASE_NEEDS_TERMINAL] =
        {
            WRONG_USE, N_("there is no terminal to ask on%s"),
            N_("give the words on the command line, passphrases with --passphrase-file FILE (- is "
               "standard input), and --yes where there is a question")},
    [BASE_BINARY_TO_TERMINAL] = {WRONG_USE, N_("%s is nothing that a terminal can show"),
                                 N_("name a file for it with --output FILE")},
    [BASE_SHORT_PASSPHRASE] = {WRONG_USE, N_("the new passphrase is too short%s"),
                               N_("take at least 12 characters; five or six words that you draw by "
                                  "lot are good and easy to keep in mind")},
    [BASE_LONG_PASSPHRASE] = {WRONG_USE, N_("the passphrase in %s is too long"),
                              N_("a passphrase has at most 1024 bytes")},
    [BASE_EMPTY_PASSPHRASE] = {WRONG_USE, N_("there is no passphrase in %s"),
                               N_("write it on the first line")},
    [BASE_ZERO_IN_PASSPHRASE] = {WRONG_USE, N_("there is a zero byte in %s"),
                                 N_("a passphrase is a line of text; save it as UTF-8")},
    [BASE_PASSPHRASE_NOT_TEXT] = {WRONG_USE, N_("the passphrase in %s is not written in UTF-8"),
                                  N_("nothing has changed; save the file as UTF-8, or type the "
                                     "passphrase where it is asked "
                                     "for")},
    [BASE_PASSPHRASES_DIFFER] = {WRONG_USE, N_("the two passphrases differ%s"),
                                 N_("type the same one twice")},
    [BASE_BAD_RECOVERY_CODE] =
        {WRONG_USE, N_("this is not a recovery code%s"),
         N_("it has 53 letters and digits in groups of four; there is a mistake in one")},
    [BASE_SWAPPED_RECOVERY_CODE] =
        {WRONG_USE, N_("two groups of the recovery code have changed places: numbers %s"),
         N_("write each where it stands on the paper")},
    [BASE_NO_FREE_SLOT] = {WRONG_USE, N_("all %s key slots are in use"),
                           N_("remove one that nobody uses: 'tavs key list', 'tavs key remove N'")},
    [BASE_LAST_SLOT] = {WRONG_USE,
                        N_("slot %s is the last: without it nobody could read the counts"),
                        N_("add another passphrase first: 'tavs key add'")},
    [BASE_NO_SUCH_SLOT] = {WRONG_USE, N_("there is no key in slot %s"),
                           N_("'tavs key list' shows the slots in use")},
    [BASE_NO_SUCH_DEVICE] = {WRONG_USE, N_("there is no device %s"),
                             N_("'tavs device list' shows all devices")},
    [BASE_NO_FREE_DEVICE] = {WRONG_USE, N_("the store has room for %s devices, and all are taken"),
                             N_("begin a new store; reports can add up several")},
    [BASE_LEDGER_FULL] = {WRONG_USE,
                          N_("the ledger has room for %s records of releases, and no more"),
                          N_("begin a new store; reports can add up several")},
    [BASE_RELEASED_MEANWHILE] = {STORE_REFUSED,
                                 N_("%s was changed by somebody else in the meantime"),
                                 N_("nothing is published or recorded; run the command again")},
    [BASE_THRESHOLD_LOWERED] =
        {WRONG_USE, N_("the threshold is %s and can't be lowered: something has been published"),
         N_("it can be raised; what was hidden as small would show with a lower one")},
    [BASE_ALREADY_ENROLLED] = {WRONG_USE, N_("this machine is enrolled already, as device %s"),
                               N_("there is nothing to do")},
    [BASE_FILE_EXISTS] = {WRONG_USE, N_("%s exists already"),
                          N_("choose another name, or replace it with --force where there is such "
                             "an option")},
    [BASE_OUTPUT_IS_STORE] = {WRONG_USE, N_("%s is the store itself"),
                              N_("choose another file to write to")},
    [BASE_OUTPUT_IS_PASSPHRASE] = {WRONG_USE, N_("%s is the file that holds the passphrase"),
                                   N_("choose another file to write to")},
    [BASE_OUTPUT_IS_INPUT] = {WRONG_USE, N_("%s is a file that this command reads"),
                              N_("choose another file to write to")},
    [BASE_OUTPUT_IS_OWN] = {WRONG_USE, N_("%s lies among this machine's keys"),
                            N_("choose another file to write to")},
    [BASE_SCAN_FORMAT] = {WRONG_USE, N_("%s is not a file that can be scanned"),
                          N_("csv, txt, json, md, html, xlsx, ods, docx, odt, pptx and pdf can; "
                             "save it as one of these")},
    [BASE_SCAN_DAMAGED] = {WRONG_USE, N_("%s is damaged, protected, or not what its name says"),
                           N_("it has not been cleared; open it, and save it anew")},
    [BASE_SCAN_TOO_BIG] =
        {WRONG_USE, N_("%s is too large to be scanned"),
         N_("it has not been cleared; scan it in parts: docs/scan.md says how large they may be")},
    [BASE_SCAN_NO_READER] = {WRONG_USE, N_("%s can't be scanned: what reads PDF is not installed"),
                             N_("install tavs-scan.so and the library poppler-glib; or scan what "
                                "the PDF was made from")},
    [BASE_INTAKE_NO_HEADINGS] =
        {WRONG_USE, N_("the first row of %s does not name columns that tavs knows"),
         N_(
             "it should say month (or date), channel, party, session and, where rows are added up, "
             "count; 'tavs help import' tells more")},
    [BASE_INTAKE_UNKNOWN_COLUMN] =
        {
            WRONG_USE,
            N_("columns that nothing can be counted from, so nothing below them was read: %s"),
            N_("remove them from the file, above all names, initials and notes; if one of them is "
               "meant, name it: --column channel=HEADING")},
    [BASE_INTAKE_COLUMN_MISSING] = {WRONG_USE, N_("there is no such column: %s"),
                                    N_("month, channel, party and session must be there; name one "
                                       "with --column channel=HEADING")},
    [BASE_INTAKE_COLUMN_TWICE] = {WRONG_USE, N_("two columns are the same: %s"),
                                  N_("say which one is meant: --column month=HEADING")},
    [BASE_INTAKE_DAMAGED] =
        {WRONG_USE, N_("%s: this can't be read as a table"),
         N_("a quote has no other, or a cell is very long; save it anew as csv, in UTF-8")},
    [BASE_INTAKE_RAGGED] = {WRONG_USE, N_("%s: not as many cells as there are headings"),
                            N_("nothing was counted; mend the row")},
    [BASE_INTAKE_MONTH] = {WRONG_USE, N_("%s: this is not a month or a date"),
                           N_("write 2026-11, 2026-11-03, 3.11.2026 or November 2026")},
    [BASE_INTAKE_CHANNEL] = {WRONG_USE, N_("%s: this is not a channel"),
                             N_("write in-person, phone, mail or web, in full words")},
    [BASE_INTAKE_PARTY] = {WRONG_USE, N_("%s: this is not a party"),
                           N_("write user, relative or professional, in full words")},
    [BASE_INTAKE_SESSION] = {WRONG_USE, N_("%s: this is not the number of a conversation"),
                             N_("a course has conversations 1 to 5")},
    [BASE_INTAKE_SIXTH_SESSION] =
        {WRONG_USE, N_("%s: this is a conversation after the fifth"),
         N_("a course has at most five conversations; a sixth is not anonymous counselling")},
    [BASE_INTAKE_COUNT] = {WRONG_USE, N_("%s: this is not a number of contacts"),
                           N_("write a whole number without points or spaces")},
    [BASE_INTAKE_STATUS] = {WRONG_USE, N_("%s: this is not the status of a figure"),
                            N_("remove the column unless 'tavs export' wrote it")},
    [BASE_INTAKE_HIDDEN] =
        {WRONG_USE, N_("%s: this figure has been hidden to protect somebody and can't be counted"),
         N_("import an export with exact figures: 'tavs export PERIOD --exact'")},
    [BASE_INTAKE_LIMIT] = {WRONG_USE,
                           N_("%s: these are too many contacts of one kind in one month"),
                           N_("a month has at most 100000 of a kind; look for a slip")},
    [BASE_INTAKE_DOUBT] = {WRONG_USE, N_("%s: this date can be read as one month or as another"),
                           N_("write 2026-11, 2026-11-03, 3.11.2026 or November 2026")},
    [BASE_INTAKE_UNNAMED] = {WRONG_USE, N_("%s: something stands in a column without a heading"),
                             N_("remove the column, or give it a heading that says what it is")},
    [BASE_INTAKE_EMPTY] = {WRONG_USE, N_("%s is empty"),
                           N_("nothing was counted; is it the right file?")},
    [BASE_INTAKE_WEB_PAGE] =
        {WRONG_USE, N_("%s is a web page (or xml), whatever its name says, and no table in text"),
         N_("open it in a spreadsheet program and save it as csv")},
    [BASE_INTAKE_WIDE] = {WRONG_USE,
                          N_("%s has zero bytes: it is no text, or UTF-16 without a mark"),
                          N_("save it as csv, in UTF-8")},
    [BASE_INTAKE_OLD_WORKBOOK] =
        {WRONG_USE, N_("%s is a workbook of an old kind (xls), or one with a password"),
         N_("open it in a spreadsheet program and save it as csv")},
    [BASE_INTAKE_WORKBOOK] =
        {WRONG_USE,
         N_("%s is a document, or a workbook that can't be read: no xlsx or ods, damaged or large"),
         N_(
             "open it in a spreadsheet program and save the sheet as csv; "
             "a workbook has to be named, it can't come through a pipe")},
    [BASE_INTAKE_NO_SHEET] = {WRONG_USE, N_("%s: there is no such sheet"),
                              N_("name a sheet of a workbook, or say its number: --sheet 2")},
    [BASE_IMPORT_UNASKED] = {WRONG_USE, N_("nothing was counted: there is nobody to say yes%s"),
                             N_("look at what it would count, then say --yes")},
    [BASE_IMPORT_AGAIN] = {WRONG_USE,
                           N_("months of this list have been counted before on this machine: %s"),
                           N_("nothing was counted; remove these months from it, or say --again if "
                              "all of it is to be "
                              "counted")},
    [BASE_IMPORT_NOT_COUNTED] =
        {WRONG_USE, N_("%s has not been counted on this machine, or was changed since"),
         N_("nothing was taken back; 'tavs retract' takes back what was counted otherwise")},
    [BASE_IMPORT_BELOW_ZERO] =
        {WRONG_USE, N_("less is left than the list has counted: %s"),
         N_("nothing was taken back; something of it has been taken back already")},
    [BASE_PUBLISHED_FORMAT] = {WRONG_USE, N_("%s is not a file of figures that tavs publishes"),
                               N_("name csv or json of 'tavs publish'")},
    [BASE_PUBLISHED_EXCEL] = {WRONG_USE, N_("%s is csv for Excel, which can't be checked"),
                              N_("check the same release as csv without --excel, or as json")},
    [BASE_PUBLISHED_EXACT] =
        {WRONG_USE, N_("%s has exact figures: it is not a protected release"),
         N_("it must not leave the house; check what was published, made without --exact")},
    [BASE_PUBLISHED_DAMAGED] = {WRONG_USE, N_("something is missing or wrong in %s"),
                                N_("take the file as tavs wrote it; nothing has been checked")},
    [BASE_PUBLISHED_TOO_BIG] =
        {WRONG_USE, N_("%s is too large to be checked with the others"),
         N_("check at most 256 files of 16 MiB, with 25,000 figures of 128 places in all")},
    [BASE_STORE_MISSING] = {STORE_REFUSED, N_("there is no store at %s"),
                            N_("'tavs init' creates one; --store FILE names another")},
    [BASE_STORE_EXISTS] = {STORE_REFUSED,
                           N_("there is a file at %s already, and it stays as it is"),
                           N_("name another place with --store FILE")},
    [BASE_STORE_IS_LINK] = {STORE_REFUSED, N_("%s is a symbolic link"),
                            N_("name the store itself: a link could lead anywhere tomorrow")},
    [BASE_STORE_NOT_FILE] = {STORE_REFUSED, N_("%s is not a plain file"),
                             N_("name the store's file, tavs.mdb")},
    [BASE_STORE_MODE] = {STORE_REFUSED, N_("others may read or write %s"),
                         N_("make it yours alone: chmod 600 FILE")},
    [BASE_STORE_ON_NETWORK] = {STORE_REFUSED, N_("%s lies on a network file system"),
                               N_("keep the store on a disk of this machine; in WSL that is your "
                                  "home folder there, and no drive of Windows such as /mnt/c")},
    [BASE_STORE_EMPTY] = {STORE_REFUSED, N_("the store is an empty file%s"),
                          N_("take your last backup; do not write to this one")},
    [BASE_STORE_FOREIGN] = {STORE_REFUSED, N_("this is not a store of tavs (%s)"),
                            N_("check the path that you gave with --store or $TAVS_STORE")},
    [BASE_STORE_NEWER] = {STORE_REFUSED, N_("a later version of tavs made this store (%s)"),
                          N_("install that version")},
    [BASE_STORE_OLDER] =
        {STORE_REFUSED,
         N_("the store was made by an earlier version of tavs (%s), which this one does not read"),
         N_("use that version, or begin a new store with 'tavs init'; this one stays as it is")},
    [BASE_STORE_TRUNCATED] = {STORE_REFUSED, N_("the store has been cut short (%s)"),
                              N_("take your last backup")},
    [BASE_STORE_DAMAGED] =
        {STORE_REFUSED, N_("the store is damaged: %s"),
         N_("take your last backup, and keep this file for whoever looks into it")},
    [BASE_HEADER_FORGED] = {STORE_REFUSED, N_("the reader's signature does not hold: %s"),
                            N_("key slots, or what else stands in the header, have changed, so "
                               "that no passphrase can be "
                               "tried; take your last backup")},
    [BASE_DEVICE_FORGED] = {STORE_REFUSED, N_("the reader's signature of device %s does not hold"),
                            N_("somebody or something changed the file; take your last backup")},
    [BASE_ROW_FORGED] = {STORE_REFUSED, N_("the device's signature does not hold: %s"),
                         N_("somebody or something changed the file; take your last backup")},
    [BASE_RELEASE_FORGED] = {STORE_REFUSED,
                             N_("the reader's signature of release record %s does not hold"),
                             N_("somebody or something changed the file; take your last backup")},
    [BASE_CELL_DAMAGED] = {STORE_REFUSED, N_("there is no count in a cell: %s"),
                           N_("a device wrote what is not a count; take your last backup")},
    [BASE_SLOT_COST] = {STORE_REFUSED, N_("key slot %s asks for more work than tavs ever sets"),
                        N_("somebody changed the file; take your last backup")},
    [BASE_FINGERPRINT_DIFFERS] =
        {STORE_REFUSED, N_("this is another store than the one this machine is enrolled in (%s)"),
         N_(
             "compare the fingerprint with the one on paper; do not log or type a passphrase if it "
             "differs")},
    [BASE_STORE_REPLACED] =
        {STORE_REFUSED,
         N_("another store stands in the place of the one that this machine is enrolled in (%s)"),
         N_(
             "do not log or type a passphrase; if the leader has put it there, and the fingerprint "
             "is "
             "the one on paper, remove the note that is named last")},
    [BASE_NOT_ENROLLED] = {STORE_REFUSED,
                           N_("this machine is not enrolled in the store with fingerprint %s"),
                           N_("compare the fingerprint with the one on paper; the leader enrols a "
                              "machine with 'tavs "
                              "device add'")},
    [BASE_DEVICE_RETIRED] = {STORE_REFUSED, N_("this machine, device %s, has been retired"),
                             N_("the leader enrols it anew with 'tavs device add'")},
    [BASE_DEVICE_FILE_MODE] = {STORE_REFUSED, N_("others may read or write this machine's key %s"),
                               N_("make it yours alone: chmod 600 FILE")},
    [BASE_DEVICE_FILE_DAMAGED] =
        {STORE_REFUSED, N_("this machine's key %s is damaged"),
         N_("remove the file and let the leader enrol the machine anew: 'tavs device add'")},
    [BASE_IMPORTED_FILE_DAMAGED] =
        {STORE_REFUSED, N_("the note of what was imported is damaged, or not yours alone (%s)"),
         N_("remove it; tavs then does not notice what it has counted before")},
    [BASE_PIN_FILE_DAMAGED] =
        {STORE_REFUSED,
         N_("the note of what was published from this machine is damaged, or not yours alone (%s)"),
         N_("make sure that this is the newest copy of the store, then remove the file")},
    [BASE_KNOWN_FILE_DAMAGED] =
        {
            STORE_REFUSED,
            N_("the note of which store this machine is enrolled in is damaged, or not yours alone "
               "(%s)"),
            N_("compare the store's fingerprint with the one on paper, then remove the file")},
    [BASE_LEDGER_BEHIND] =
        {
            STORE_REFUSED,
            N_("this copy of the store lacks release records that were published from this machine "
               "(noted in %s)"),
            N_("use the newest copy; if that is lost for good, remove the note: what is published "
               "then could tell what the lost releases hid")},
    [BASE_BACKUP_DIFFERS] = {STORE_REFUSED, N_("the copy %s is not what the store holds"),
                             N_("try again on another disk")},
    [BASE_WRONG_PASSPHRASE] =
        {
            WRONG_PASSPHRASE, N_("the passphrase opens no key of this store%s"),
            N_("check Caps Lock and the keyboard's language; 'tavs key list' shows "
               "how many passphrases there are")},
    [BASE_WRONG_RECOVERY_CODE] = {WRONG_PASSPHRASE,
                                  N_("this is the recovery code of another store%s"),
                                  N_("look for the paper with this store's fingerprint")},
    [BASE_NO_MEMORY] = {SYSTEM_FAILED, N_("there is not enough memory (%s)"),
                        N_("close other programs and try again")},
    [BASE_NO_RANDOM] = {SYSTEM_FAILED, N_("there is no source of random numbers (%s)"),
                        N_("the system must be mended first; do not go on without one")},
    [BASE_IO] = {SYSTEM_FAILED, N_("%s could not be read or written"),
                 N_("check the name and the disk, then try again")},
    [BASE_NOT_WRITTEN] =
        {
            SYSTEM_FAILED, N_("%s could not be written"),
            N_("nothing has changed; check the disk and any limits (ulimit -a), then try "
               "again")},
    [BASE_NOT_SYNCED] = {SYSTEM_FAILED, N_("%s was written, but may not outlast a power cut"),
                         N_("check the disk, then write it once more")},
    [BASE_SYSTEM_REFUSED] = {SYSTEM_FAILED, N_("the system does not give what tavs needs (%s)"),
                             N_("nothing has changed; tavs does not go on without it")},
    [BASE_NO_SPACE] = {SYSTEM_FAILED, N_("the disk is full: %s"),
                       N_("nothing has changed; make room and try again")},
    [BASE_NO_PERMISSION] = {SYSTEM_FAILED, N_("%s may not be read or written"),
                            N_("check the permissions of the file and its folder")},
    [BASE_STORE_BUSY] = {SYSTEM_FAILED, N_("another program holds %s"),
                         N_("try again; if it goes on, look for a tavs that has stopped")},
    [BASE_NOT_ERASED] = {SYSTEM_FAILED,
                         N_("it was written, but the outdated bytes could not be erased (%s)"),
                         N_("do not repeat it; the next count or change erases them")},
    [BASE_NOT_SHOWN] = {SYSTEM_FAILED, N_("it was written, but it could not be shown (%s)"),
                        N_("do not repeat it; look at it with 'tavs key list' or 'tavs show'")},
    [BASE_NOT_TOLD] =
        {SYSTEM_FAILED, N_("it was recorded as published, but its files could not be written (%s)"),
         N_("do not publish it once more; that command writes the files (--force replaces "
            "those that are there)")},
    [BASE_RECORDED_IN_PART] =
        {SYSTEM_FAILED, N_("it could be recorded in some of the stores only: %s"),
         N_("nothing is published; run the command again, which records it in all of them")},
    [BASE_NO_HOME] = {SYSTEM_FAILED, N_("there is no home folder (%s)"),
                      N_("set HOME, or XDG_STATE_HOME and --store FILE")},
    [BASE_PART_MISSING] =
        {SYSTEM_FAILED, N_("a part of the program can't be loaded (%s)"),
         N_("tavs-scan and tavs-*.so belong beside the program; install tavs anew")},
    [BASE_PART_FAILED] = {SYSTEM_FAILED, N_("a part of the program failed: %s"),
                          N_("please report it; nothing has changed")},
    [BASE_NOT_PROVEN] =
        {SYSTEM_FAILED, N_("it could not be proven in time that %s give no small figure away"),
         N_("nothing was published; ask for a longer period, such as the whole year")},
    [BASE_NOT_CHECKED] = {SYSTEM_FAILED,
                          N_("it could not be computed within ten minutes of work and 256 MiB of "
                             "memory what %s give away together"),
                          N_("nothing is cleared; check fewer of them at once")},
    [BASE_CANCELLED] = {CANCELLED, N_("cancelled; nothing has changed%s"), NULL},
};

int cmd_exit_status(enum base_code code)
{
    return (int)messages[code].status;
}

/* Nobody can be told that a message could not be written. A copy of it is made on the stack, which is wiped, as it may say
 * what was counted; and where memory has ended, what fits there is said. */
static void say(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

static void say(const char *format, va_list arguments)
{
    char room[4096];
    char *text = room;
    va_list again;
    struct base_error ignored;
    va_copy(again, arguments);
    const int length = vsnprintf(room, sizeof room, format, arguments);
    if (length >= (int)sizeof room && vasprintf(&text, format, again) < 0)
        text = room;
    va_end(again);
    if (length > 0)
        (void)term_write(STDERR_FILENO, text, "", &ignored);
    if (text != room) {
        secret_wipe(text, strlen(text));
        free(text);
    }
    secret_wipe(room, sizeof room);
}

void cmd_say_always(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

void cmd_say(const struct cmd_context *context, const char *format, ...)
{
    va_list arguments;
    if (context->value[CMD_QUIET] != NULL)
        return;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

/* The texts come from the table above and its translations, which msgfmt --check-format compares with
 * it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
bool cmd_describe(const struct base_error *error, struct cmd_description *description)
{
    const struct message *message = &messages[error->code];
    char *text = description->text;
    if (message->text == NULL)
        return false;
    (void)snprintf(text, sizeof description->text, _(message->text), error->subject);
    const size_t used = strlen(text);
    if (error->os_error != 0)
        (void)snprintf(text + used, sizeof description->text - used, ": %s",
                       base_os_error_text(error->os_error));
    description->hint = message->hint == NULL ? NULL : _(message->hint);
    return true;
}
#pragma GCC diagnostic pop

void cmd_say_over(const struct cmd_context *context, const char *line)
{
    struct base_error ignored;
    if (context->value[CMD_QUIET] == NULL &&
        base_write_all(STDERR_FILENO, "\r", 1, "", &ignored) == BASE_OK)
        cmd_say_always("%s", line);
}

void cmd_print_error(const char *place, const struct base_error *error)
{
    struct cmd_description description;
    if (!cmd_describe(error, &description))
        return;
    cmd_say_always("tavs: %s%s%s\n", place, *place == '\0' ? "" : ": ", description.text);
    if (description.hint != NULL)
        cmd_say_always("%s %s\n", _("hint:"), description.hint);
}

enum base_code cmd_print(struct base_error *error, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("printing"));
    enum base_code code = term_write(STDOUT_FILENO, text, _("standard output"), error);
    free(text);
    return code;
}
