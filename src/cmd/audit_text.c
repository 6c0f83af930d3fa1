#include <stdio.h>

#include "audit.h"
#include "page.h"
#include "tavs/secret.h"

enum { LABEL = 40, LINE_BYTES = 2048 };

/* ---- the file ---- */

static void put_front(struct page *page, const struct cmd_context *context,
                      const struct audit_report *report)
{
    enum { WIDTH = 13 };
    char today[BASE_DATE_TEXT], date[BASE_WORDS_TEXT], digest[2 * KEYS_DIGEST_BYTES + 1],
        text[KEYS_FINGERPRINT_TEXT];
    base_today(today);
    base_date_words(today, date);
    base_hex(digest, report->digest, KEYS_DIGEST_BYTES);
    page_put(page, _("Audit of %s\n"), base_shown(context->store_path, &(struct base_shown){0}));
    page_put_label(page, _("date"), WIDTH);
    page_put(page, "%s, tavs %s\n", date, TAVS_VERSION);
    if (report->identified) {
        keys_fingerprint_text(text, report->fingerprint);
        page_put_label(page, _("fingerprint"), WIDTH);
        page_put(page, "%s\n", text);
    }
    page_put_label(page, _("digest"), WIDTH);
    page_put(page, "%s\n", digest);
    page_put_spaces(page, WIDTH);
    page_put(page, "%s\n", _("(the file's BLAKE2b, as 'b2sum -l 256' prints it)"));
}

static void put_account(struct page *page, const struct audit_report *report)
{
    enum { WIDTH = 16 };
    uint64_t sum = 0;
    page_put(page, "\n");
    page_put_label(page, _("Every byte of the file, by what it is"), LABEL);
    page_put_right(page, WIDTH, _("bytes"));
    page_put(page, "  %s\n", _("can be"));
    for (enum audit_class class = 0; class < AUDIT_CLASSES; class ++) {
        sum += report->class_bytes[class];
        if (report->class_bytes[class] == 0 && class != AUDIT_UNACCOUNTED)
            continue;
        page_put(page, "  ");
        page_put_label(page, audit_class_name(class), LABEL - 2);
        page_put_number(page, WIDTH, (int64_t)report->class_bytes[class]);
        page_put(page, "  %s\n", audit_kind_name(audit_class_kind(class)));
    }
    page_put(page, "  ");
    page_put_label(page, _("in all"), LABEL - 2);
    page_put_number(page, WIDTH, (int64_t)sum);
    page_put(page, "\n  ");
    page_put_label(page, _("size of the file"), LABEL - 2);
    page_put_number(page, WIDTH, (int64_t)report->file_bytes);
    page_put(page, "\n");
}

static void put_more(struct page *page, uint64_t total, size_t shown)
{
    if (total > shown)
        page_put(page, P_("  … and %llu more\n", "  … and %llu more\n", total - shown),
                 (unsigned long long)(total - shown));
}

static void put_findings(struct page *page, const struct audit_report *report)
{
    char text[AUDIT_FINDING_TEXT];
    page_put(page, "\n%s\n", _("What was found"));
    if (report->finding_total == 0)
        page_put(page, "  %s\n", _("nothing"));
    for (size_t i = 0; i < report->finding_count; i++) {
        audit_finding_text(&report->findings[i], text, sizeof text);
        page_put(page, "  ");
        page_put_wrapped(page, 4, text);
    }
    put_more(page, report->finding_total, report->finding_count);
}

static void put_offered(struct page *page, enum codebook_dimension dimension, codebook_set set)
{
    const char *between = "";
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if ((((unsigned)set >> value) & 1U) == 0)
            continue;
        page_put(page, "%s%s", between, codebook_word(dimension, value, page->language));
        between = ", ";
    }
    page_put(page, "\n");
}

/* What is offered; and what ever was, where that is more. */
static void put_offers(struct page *page, size_t width, const struct audit_report *report)
{
    page_put_label(page, _("channels offered"), width);
    put_offered(page, CODEBOOK_CHANNEL, report->channels);
    page_put(page, "  ");
    if (report->ever_channels != report->channels) {
        page_put_label(page, _("ever offered"), width);
        put_offered(page, CODEBOOK_CHANNEL, report->ever_channels);
        page_put(page, "  ");
    }
    page_put_label(page, _("parties counselled"), width);
    put_offered(page, CODEBOOK_PARTY, report->parties);
    page_put(page, "  ");
    if (report->ever_parties != report->parties) {
        page_put_label(page, _("ever counselled"), width);
        put_offered(page, CODEBOOK_PARTY, report->ever_parties);
        page_put(page, "  ");
    }
}

static void put_closed_through(struct page *page, base_month month)
{
    char text[BASE_WORDS_TEXT];
    base_month_words(month, text);
    page_put(page, "%s\n", month == 0 ? _("no month") : text);
}

/* How many machines have rows of each year. */
static void put_years_in_use(struct page *page, const struct audit_report *report, size_t indent)
{
    char word[PAGE_NUMBER_TEXT];
    struct page_flow flow = {.page = page, .indent = indent, .column = indent};
    for (size_t i = 0; i < report->year_count; i++) {
        (void)snprintf(word, sizeof word, "%u: %u%s", report->years[i].year,
                       report->years[i].devices, i + 1 < report->year_count ? "," : "");
        page_put_word(&flow, word);
    }
}

static void put_public(struct page *page, const struct audit_report *report)
{
    enum { WIDTH = 20 };
    char cells[PAGE_NUMBER_TEXT], most[PAGE_NUMBER_TEXT];
    page_put(page, "\n%s\n  ", _("What the file shows to everyone who has it"));
    if (report->identified) {
        put_offers(page, WIDTH, report);
        page_put_label(page, _("closed through"), WIDTH);
        put_closed_through(page, report->closed_through);
        page_put(page, "  ");
        page_put_label(page, _("threshold"), WIDTH);
        page_put(page, "%u\n  ", report->threshold);
        page_put_label(page, _("key slots in use"), WIDTH);
        page_put(page, _("%u of %d\n  "), report->slots_used, KEYS_SLOTS);
        page_put_label(page, _("store format"), WIDTH);
        page_put(page, _("%u, draft %u\n  "), report->format, report->draft);
        page_put_label(page, _("edition"), WIDTH);
        page_put(page, _("%u: so often has what is above been set or changed\n  "),
                 report->edition);
        page_put_label(page, _("release records"), WIDTH);
        page_format_number(most, AUDIT_MOST_RELEASES, page->language);
        page_put(page, _("%u of %s, sealed\n  "), report->releases, most);
    }
    page_put_label(page, _("machines"), WIDTH);
    page_put(page, _("%u, of which retired: %u\n  "), report->devices, report->devices_retired);
    page_put_label(page, _("machines by year"), WIDTH);
    put_years_in_use(page, report, WIDTH + 2);
    page_put(page, "\n  ");
    page_put_label(page, _("rows"), WIDTH);
    page_put_number(page, 0, (int64_t)report->rows);
    page_format_number(cells, (int64_t)report->cells, page->language);
    page_put(page, _(", encrypted counts in them: %s\n"), cells);
}

/* ---- the wash ---- */

static void put_wash(struct page *page, const struct audit_record *record)
{
    char text[LINE_BYTES];
    if (!record->wash_wanted)
        return;
    page_put(page, "\n%s\n  ", _("Washed"));
    if (record->washed == NULL) {
        page_put_wrapped(
            page, 2,
            _("nothing: washing would overwrite what was found. Keep a copy; what a killed "
              "program left behind is erased by the next count."));
        return;
    }
    (void)snprintf(text, sizeof text,
                   P_("The %llu row of this machine (device %u) has new random parts: whatever a "
                      "program could have hidden in the old ones is destroyed, and what the row "
                      "counts is as before.",
                      "All %llu rows of this machine (device %u) have new random parts: whatever a "
                      "program could have hidden in the old ones is destroyed, and what the rows "
                      "count is as before.",
                      record->washed->rows),
                   (unsigned long long)record->washed->rows, record->washed->device);
    page_put_wrapped(page, 2, text);
    if (record->washed->other_rows == 0)
        return;
    (void)snprintf(text, sizeof text, _("Rows of other machines that only those can wash: %llu."),
                   (unsigned long long)record->washed->other_rows);
    page_put(page, "  ");
    page_put_wrapped(page, 2, text);
}

/* ---- with the key ---- */

static void put_years(struct page *page, const struct audit_full *full)
{
    enum { WIDTH = 16, YEAR = 8 };
    page_put(page, "\n  ");
    page_put_label(page, _("year"), YEAR);
    page_put_right(page, WIDTH, _("courses"));
    page_put_right(page, WIDTH, _("conversations"));
    page_put(page, "\n");
    for (size_t i = 0; i < full->year_count; i++) {
        page_put(page, "  %-*u", YEAR, full->years[i].year);
        page_put_number(page, WIDTH, full->years[i].courses);
        page_put_number(page, WIDTH, full->years[i].conversations);
        page_put(page, "\n");
    }
    page_put(page, "  ");
    page_put_label(page, _("in all"), YEAR);
    page_put_number(page, WIDTH, full->courses);
    page_put_number(page, WIDTH, full->conversations);
    page_put(page, "\n\n");
}

/* What the counts hold against what a person takes. Tenths of bits are rounded up. */
static void put_information(struct page *page, const struct audit_full *full)
{
    enum { TENTHS = 10 };
    char bits[PAGE_NUMBER_TEXT], each[PAGE_NUMBER_TEXT], text[LINE_BYTES];
    page_put(page, "  ");
    if (full->conversations <= 0) {
        (void)snprintf(
            text, sizeof text,
            _("In all, the counts hold at most %llu bits of information; one letter of a "
              "name takes 8 bits, and one person's name with CPR number about %d."),
            (unsigned long long)full->bits, AUDIT_PERSON_BITS);
        page_put_wrapped(page, 2, text);
        return;
    }
    const uint64_t conversations = (uint64_t)full->conversations;
    const uint64_t tenths = (full->bits * TENTHS + conversations - 1) / conversations;
    page_format_number(bits, (int64_t)full->bits, page->language);
    page_format_number(each, (int64_t)(tenths / TENTHS), page->language);
    (void)snprintf(text, sizeof text,
                   _("In all, the counts hold at most %s bits of information, which is %s%c%u for "
                     "each conversation; one letter of a name takes 8 bits, and one person's name "
                     "with CPR number about %d."),
                   bits, each, page->language == CODEBOOK_DANISH ? ',' : '.',
                   (unsigned)(tenths % TENTHS), AUDIT_PERSON_BITS);
    page_put_wrapped(page, 2, text);
    secret_wipe(bits, sizeof bits);
    secret_wipe(each, sizeof each);
    secret_wipe(text, sizeof text);
}

static void put_full_findings(struct page *page, const struct audit_full *full)
{
    char text[AUDIT_FINDING_TEXT];
    for (size_t i = 0; i < full->finding_count; i++) {
        audit_full_finding_text(&full->findings[i], page->language, text, sizeof text);
        page_put(page, "  ");
        page_put_wrapped(page, 4, text);
    }
    put_more(page, full->finding_total, full->finding_count);
}

static void put_full(struct page *page, const struct audit_record *record)
{
    const struct audit_full *full = record->full;
    char good[PAGE_NUMBER_TEXT], all[PAGE_NUMBER_TEXT];
    if (!record->full_wanted)
        return;
    page_put(page, "\n%s\n", _("With the key (internal: exact figures, not for publication)"));
    if (full == NULL) {
        page_put(page, "  ");
        page_put_wrapped(page, 2, _("nothing was opened: the file itself has to be sound first."));
        return;
    }
    if (full->cells > 0) {
        page_put(page, _("  The seed in key slot %u gives the public keys in the header.\n  "),
                 record->slot + 1);
        page_format_number(good, (int64_t)full->cells_good, page->language);
        page_format_number(all, (int64_t)full->cells, page->language);
        page_put(page, _("%s of %s encrypted counts are whole numbers within bounds.\n"), good,
                 all);
    }
    if (full->releases > 0) {
        page_format_number(all, (int64_t)full->releases, page->language);
        page_put(page,
                 P_("  %s release in the ledger: opened, every byte of it in order, the figures "
                    "that it\n"
                    "  showed in it and of those that it hid nothing.\n",
                    "  %s releases in the ledger: opened, every byte of them in order, the figures "
                    "that\n"
                    "  they showed in them and of those that they hid nothing.\n",
                    full->releases),
                 all);
    }
    if (full->passed)
        page_put(page, "  %s\n", _("The rules for counts are kept."));
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
    const bool releases = record->report->releases > 0;
    if (record->full_wanted && releases)
        return _("Passed: the file holds counts within bounds, records of releases, keys and "
                 "signatures, and nothing else.");
    if (record->full_wanted)
        return _("Passed: the file holds counts within bounds, keys and signatures, and nothing "
                 "else.");
    if (releases)
        return _("Passed: the file holds encrypted counts, sealed records of releases, keys and "
                 "signatures, and nothing else.");
    return _("Passed: the file holds encrypted counts, keys and signatures, and nothing else.");
}

static void compose(struct page *page, const struct cmd_context *context,
                    const struct audit_record *record)
{
    const struct audit_report *report = record->report;
    char number[PAGE_NUMBER_TEXT];
    page->size = 0;
    put_front(page, context, report);
    put_account(page, report);
    put_findings(page, report);
    put_public(page, report);
    put_wash(page, record);
    put_full(page, record);
    if (record->traces != NULL)
        cmd_audit_put_traces(page, record->traces);
    page_put(page, "\n");
    page_format_number(number, (int64_t)report->class_bytes[AUDIT_UNACCOUNTED], page->language);
    page_put(page,
             P_("%s byte unaccounted for; ", "%s bytes unaccounted for; ",
                report->class_bytes[AUDIT_UNACCOUNTED]),
             number);
    page_format_number(number, (int64_t)report->text_fields, page->language);
    page_put(page,
             P_("%s field that can hold text.\n", "%s fields that can hold text.\n",
                report->text_fields),
             number);
    page_put(page, "%s\n", cmd_audit_verdict(record));
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
