#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "tavs/secret.h"

/* Text is composed twice: first without `bytes`, to learn how long it is, then into guarded memory. */
struct page {
    char *bytes;
    size_t size, room;
    enum codebook_language language;
};

enum { LINE = 78, LABEL = 40, NUMBER_TEXT = 32, LINE_BYTES = 2048 };

static void put(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const bool fits = page->size < page->room;
    const int length = vsnprintf(fits ? page->bytes + page->size : NULL,
                                 fits ? page->room - page->size : 0, format, arguments);
    va_end(arguments);
    page->size += length < 0 ? 0 : (size_t)length;
}

static void put_spaces(struct page *page, size_t count)
{
    put(page, "%*s", (int)count, "");
}

/* A label, and what it is filled up with to `width` columns. */
static void put_label(struct page *page, const char *label, size_t width)
{
    const size_t taken = render_width(label);
    put(page, "%s", label);
    put_spaces(page, taken < width ? width - taken : 1);
}

/* Words in lines of LINE columns; all lines but the first begin with `indent` spaces. */
static void put_wrapped(struct page *page, size_t indent, const char *text)
{
    char word[LINE_BYTES];
    size_t column = indent;
    for (bool first = true; *text != '\0'; first = false) {
        const size_t length = strcspn(text, " ");
        (void)snprintf(word, sizeof word, "%.*s", (int)length, text);
        const size_t width = render_width(word);
        if (!first && column + 1 + width > LINE) {
            put(page, "\n");
            put_spaces(page, indent);
            column = indent;
        } else if (!first) {
            put(page, " ");
            column++;
        }
        put(page, "%s", word);
        column += width;
        text += length;
        text += strspn(text, " ");
    }
    put(page, "\n");
}

static void format_number(char text[NUMBER_TEXT], int64_t number, enum codebook_language language)
{
    const char separator = language == CODEBOOK_DANISH ? '.' : ',';
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char *at = text + NUMBER_TEXT - 1;
    *at = '\0';
    for (unsigned digits = 0; rest > 0 || digits == 0; rest /= 10, digits++) {
        if (digits > 0 && digits % 3 == 0)
            *--at = separator;
        *--at = (char)('0' + rest % 10);
    }
    if (number < 0)
        *--at = '-';
    memmove(text, at, strlen(at) + 1);
}

static void put_number(struct page *page, int width, int64_t number)
{
    char text[NUMBER_TEXT];
    format_number(text, number, page->language);
    put(page, "%*s", width, text);
    secret_wipe(text, sizeof text);
}

/* ---- the file ---- */

static void put_front(struct page *page, const struct cmd_context *context,
                      const struct audit_report *report)
{
    enum { WIDTH = 13 };
    char date[AUDIT_DATE_TEXT], digest[2 * KEYS_DIGEST_BYTES + 1], text[KEYS_FINGERPRINT_TEXT];
    audit_today(date);
    base_hex(digest, report->digest, KEYS_DIGEST_BYTES);
    put(page, _("Audit of %s\n"), context->store_path);
    put_label(page, _("date"), WIDTH);
    put(page, "%s, tavs %s\n", date, TAVS_VERSION);
    if (report->identified) {
        keys_fingerprint_text(text, report->fingerprint);
        put_label(page, _("fingerprint"), WIDTH);
        put(page, "%s\n", text);
    }
    put_label(page, _("digest"), WIDTH);
    put(page, "%s\n", digest);
    put_spaces(page, WIDTH);
    put(page, "%s\n", _("(the file's BLAKE2b, as 'b2sum -l 256' prints it)"));
}

static void put_account(struct page *page, const struct audit_report *report)
{
    enum { WIDTH = 16 };
    uint64_t sum = 0;
    put(page, "\n");
    put_label(page, _("Every byte of the file, by what it is"), LABEL);
    put(page, "%*s  %s\n", WIDTH, _("bytes"), _("can be"));
    for (enum audit_class class = 0; class < AUDIT_CLASSES; class ++) {
        sum += report->class_bytes[class];
        if (report->class_bytes[class] == 0 && class != AUDIT_UNACCOUNTED)
            continue;
        put(page, "  ");
        put_label(page, audit_class_name(class), LABEL - 2);
        put_number(page, WIDTH, (int64_t)report->class_bytes[class]);
        put(page, "  %s\n", audit_kind_name(audit_class_kind(class)));
    }
    put(page, "  ");
    put_label(page, _("in all"), LABEL - 2);
    put_number(page, WIDTH, (int64_t)sum);
    put(page, "\n  ");
    put_label(page, _("size of the file"), LABEL - 2);
    put_number(page, WIDTH, (int64_t)report->file_bytes);
    put(page, "\n");
}

static void put_more(struct page *page, uint64_t total, size_t shown)
{
    if (total > shown)
        put(page, _("  … and %llu more\n"), (unsigned long long)(total - shown));
}

static void put_findings(struct page *page, const struct audit_report *report)
{
    char text[AUDIT_FINDING_TEXT];
    put(page, "\n%s\n", _("What was found"));
    if (report->finding_total == 0)
        put(page, "  %s\n", _("nothing"));
    for (size_t i = 0; i < report->finding_count; i++) {
        audit_finding_text(&report->findings[i], text, sizeof text);
        put(page, "  ");
        put_wrapped(page, 4, text);
    }
    put_more(page, report->finding_total, report->finding_count);
}

static void put_offered(struct page *page, enum codebook_dimension dimension, codebook_set set)
{
    const char *between = "";
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if ((((unsigned)set >> value) & 1U) == 0)
            continue;
        put(page, "%s%s", between, codebook_word(dimension, value, page->language));
        between = ", ";
    }
    put(page, "\n");
}

static void put_public(struct page *page, const struct audit_report *report)
{
    enum { WIDTH = 20 };
    put(page, "\n%s\n  ", _("What the file shows to everyone who has it"));
    if (report->identified) {
        put_label(page, _("channels offered"), WIDTH);
        put_offered(page, CODEBOOK_CHANNEL, report->channels);
        put(page, "  ");
        put_label(page, _("parties counselled"), WIDTH);
        put_offered(page, CODEBOOK_PARTY, report->parties);
        put(page, "  ");
        put_label(page, _("key slots in use"), WIDTH);
        put(page, _("%u of %d\n  "), report->slots_used, KEYS_SLOTS);
    }
    put_label(page, _("machines"), WIDTH);
    put(page, _("%u, of which retired: %u\n  "), report->devices, report->devices_retired);
    put_label(page, _("years in use"), WIDTH);
    for (size_t i = 0; i < report->year_count; i++)
        put(page, _("%s%u (machines: %u)"), i == 0 ? "" : ", ", report->years[i].year,
            report->years[i].devices);
    put(page, "\n  ");
    put_label(page, _("rows"), WIDTH);
    put_number(page, 0, (int64_t)report->rows);
    put(page, "%s", _(", encrypted counts in them: "));
    put_number(page, 0, (int64_t)report->cells);
    put(page, "\n");
}

/* ---- the wash ---- */

static void put_wash(struct page *page, const struct audit_record *record)
{
    char text[LINE_BYTES];
    if (!record->wash_wanted)
        return;
    put(page, "\n%s\n  ", _("Washed"));
    if (record->washed == NULL) {
        put_wrapped(page, 2,
                    _("nothing: washing would overwrite what was found. Keep a copy; what a killed "
                      "program left behind is erased by the next count."));
        return;
    }
    (void)snprintf(text, sizeof text,
                   _("All %llu rows of this machine (device %u) have new random parts: whatever a "
                     "program could have hidden in the old ones is destroyed, and what the rows "
                     "count is as before."),
                   (unsigned long long)record->washed->rows, record->washed->device);
    put_wrapped(page, 2, text);
    if (record->washed->other_rows == 0)
        return;
    (void)snprintf(text, sizeof text, _("Rows of other machines that only those can wash: %llu."),
                   (unsigned long long)record->washed->other_rows);
    put(page, "  ");
    put_wrapped(page, 2, text);
}

/* ---- with the key ---- */

static void put_years(struct page *page, const struct audit_full *full)
{
    enum { WIDTH = 16, YEAR = 8 };
    put(page, "\n  ");
    put_label(page, _("year"), YEAR);
    put(page, "%*s%*s\n", WIDTH, _("courses"), WIDTH, _("conversations"));
    for (size_t i = 0; i < full->year_count; i++) {
        put(page, "  %-*u", YEAR, full->years[i].year);
        put_number(page, WIDTH, full->years[i].courses);
        put_number(page, WIDTH, full->years[i].conversations);
        put(page, "\n");
    }
    put(page, "  ");
    put_label(page, _("in all"), YEAR);
    put_number(page, WIDTH, full->courses);
    put_number(page, WIDTH, full->conversations);
    put(page, "\n\n");
}

/* What the counts hold against what a person takes. Tenths of bits are rounded up. */
static void put_information(struct page *page, const struct audit_full *full)
{
    enum { TENTHS = 10 };
    char bits[NUMBER_TEXT], each[NUMBER_TEXT], text[LINE_BYTES];
    put(page, "  ");
    if (full->conversations <= 0) {
        (void)snprintf(
            text, sizeof text,
            _("In all, the counts hold at most %llu bits of information; one letter of a "
              "name takes 8 bits, and one person's name with CPR number about %d."),
            (unsigned long long)full->bits, AUDIT_PERSON_BITS);
        put_wrapped(page, 2, text);
        return;
    }
    const uint64_t conversations = (uint64_t)full->conversations;
    const uint64_t tenths = (full->bits * TENTHS + conversations - 1) / conversations;
    format_number(bits, (int64_t)full->bits, page->language);
    format_number(each, (int64_t)(tenths / TENTHS), page->language);
    (void)snprintf(text, sizeof text,
                   _("In all, the counts hold at most %s bits of information, which is %s%c%u for "
                     "each conversation; one letter of a name takes 8 bits, and one person's name "
                     "with CPR number about %d."),
                   bits, each, page->language == CODEBOOK_DANISH ? ',' : '.',
                   (unsigned)(tenths % TENTHS), AUDIT_PERSON_BITS);
    put_wrapped(page, 2, text);
    secret_wipe(bits, sizeof bits);
    secret_wipe(each, sizeof each);
    secret_wipe(text, sizeof text);
}

static void put_full_findings(struct page *page, const struct audit_full *full)
{
    char text[AUDIT_FINDING_TEXT];
    for (size_t i = 0; i < full->finding_count; i++) {
        audit_full_finding_text(&full->findings[i], page->language, text, sizeof text);
        put(page, "  ");
        put_wrapped(page, 4, text);
    }
    put_more(page, full->finding_total, full->finding_count);
}

static void put_full(struct page *page, const struct audit_record *record)
{
    const struct audit_full *full = record->full;
    if (!record->full_wanted)
        return;
    put(page, "\n%s\n", _("With the key (internal: exact figures, not for publication)"));
    if (full == NULL) {
        put(page, "  ");
        put_wrapped(page, 2, _("nothing was opened: the file itself has to be sound first."));
        return;
    }
    if (full->cells > 0) {
        put(page, _("  The seed in key slot %u gives the public keys in the header.\n  "),
            record->slot + 1);
        put_number(page, 0, (int64_t)full->cells_good);
        put(page, _(" of "));
        put_number(page, 0, (int64_t)full->cells);
        put(page, "%s\n", _(" encrypted counts are whole numbers within bounds."));
    }
    if (full->passed)
        put(page, "  %s\n", _("The rules for counts are kept."));
    put_full_findings(page, full);
    if (full->cells > 0) {
        put_years(page, full);
        put_information(page, full);
    }
}

/* ---- all of it ---- */

const char *cmd_audit_verdict(const struct audit_record *record)
{
    if (!audit_record_passed(record))
        return _("Failed: see what was found.");
    if (record->full_wanted)
        return _("Passed: the file holds counts within bounds, keys and signatures, and nothing "
                 "else.");
    return _("Passed: the file holds encrypted counts, keys and signatures, and nothing else.");
}

static void compose(struct page *page, const struct cmd_context *context,
                    const struct audit_record *record)
{
    const struct audit_report *report = record->report;
    page->size = 0;
    put_front(page, context, report);
    put_account(page, report);
    put_findings(page, report);
    put_public(page, report);
    put_wash(page, record);
    put_full(page, record);
    put(page, "\n");
    put_number(page, 0, (int64_t)report->class_bytes[AUDIT_UNACCOUNTED]);
    put(page, "%s", _(" bytes unaccounted for; "));
    put_number(page, 0, (int64_t)report->text_fields);
    put(page, "%s\n%s\n", _(" fields that can hold text."), cmd_audit_verdict(record));
}

enum base_code cmd_audit_text(const struct cmd_context *context, const struct audit_record *record,
                              char **text, size_t *size, struct base_error *error)
{
    void *bytes;
    struct page page = {.language = context->language};
    compose(&page, context, record);
    enum base_code code = secret_new(page.size + 1, &bytes, error);
    if (code != BASE_OK)
        return code;
    page.bytes = bytes;
    page.room = page.size + 1;
    compose(&page, context, record);
    *text = bytes;
    *size = page.size;
    return BASE_OK;
}
