#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "page.h"
#include "tavs/traces.h"

/* Several lines of one file are one group: "FILE, lines 3, 8, 9: meaning". */
static size_t group_size(const struct traces_report *report, size_t first)
{
    const struct traces_trace *trace = &report->traces[first];
    size_t size = 1;
    while (trace->line != 0 && first + size < report->count &&
           report->traces[first + size].kind == trace->kind &&
           strcmp(report->traces[first + size].path, trace->path) == 0)
        size++;
    return size;
}

static void put_lines(struct page_flow *flow, const struct traces_trace *traces, size_t count)
{
    enum { MOST_LINES = 20, TEXT_BYTES = 64 };
    char text[TEXT_BYTES];
    page_put_word(flow, count == 1 ? _("line") : _("lines"));
    for (size_t i = 0; i < count && i < MOST_LINES; i++) {
        (void)snprintf(text, sizeof text, "%llu%s", (unsigned long long)traces[i].line,
                       i + 1 < count ? "," : ":");
        page_put_word(flow, text);
    }
    if (count > MOST_LINES) {
        (void)snprintf(text, sizeof text, P_("and %zu more:", "and %zu more:", count - MOST_LINES),
                       count - MOST_LINES);
        page_put_words(flow, text);
    }
}

static void put_group(struct page *page, const struct traces_trace *traces, size_t count)
{
    enum { INDENT = 4, COLUMN = 2 };
    struct page_flow flow = {.page = page, .indent = INDENT, .column = COLUMN};
    page_put_spaces(page, COLUMN);
    if (traces->path[0] != '\0') {
        page_put_words(&flow, traces->path);
        page_put(page, traces->line == 0 ? ":" : ",");
        flow.column++;
    }
    if (traces->line != 0)
        put_lines(&flow, traces, count);
    page_put_words(&flow, traces_kind_meaning(traces->kind));
    if (traces->detail[0] != '\0') {
        page_put_words(&flow, "–");
        page_put_words(&flow, traces->detail);
    }
    page_put(page, "\n");
}

/* How to mend it stands once below all that is of one kind. */
static void put_mend(struct page *page, enum traces_kind kind)
{
    enum { INDENT = 6, COLUMN = 4 };
    const char *mend = traces_kind_mend(kind);
    struct page_flow flow = {.page = page, .indent = INDENT, .column = COLUMN};
    if (mend == NULL)
        return;
    page_put_spaces(page, COLUMN);
    page_put_word(&flow, _("hint:"));
    page_put_words(&flow, mend);
    page_put(page, "\n");
}

static void put_severity(struct page *page, const struct traces_report *report,
                         enum traces_severity severity, const char *heading)
{
    enum traces_kind last = TRACES_KINDS;
    if (report->totals[severity] == 0)
        return;
    page_put(page, "\n%s\n", heading);
    for (size_t i = 0; i < report->count; i += group_size(report, i)) {
        const enum traces_kind kind = report->traces[i].kind;
        if (traces_kind_severity(kind) != severity)
            continue;
        if (last != TRACES_KINDS && last != kind)
            put_mend(page, last);
        put_group(page, &report->traces[i], group_size(report, i));
        last = kind;
    }
    if (last != TRACES_KINDS)
        put_mend(page, last);
}

void cmd_audit_put_traces(struct page *page, const struct traces_report *report)
{
    uint64_t total = 0;
    put_severity(page, report, TRACES_FOUND, _("Traces outside the store, to be mended"));
    put_severity(page, report, TRACES_REMARK, _("Worth knowing about what lies around it"));
    put_severity(page, report, TRACES_UNTOLD, _("What could not be looked at or told"));
    put_severity(page, report, TRACES_CLEAR, _("Looked at, and nothing is wrong"));
    for (enum traces_severity severity = 0; severity < TRACES_SEVERITIES; severity++)
        total += report->totals[severity];
    if (total > report->count)
        page_put(page, P_("  … and %llu more\n", "  … and %llu more\n", total - report->count),
                 (unsigned long long)(total - report->count));
}
