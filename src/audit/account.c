#include <string.h>

#include "walk.h"

void audit_note(struct walk *walk, enum audit_code code, enum audit_class class,
                const struct place *place)
{
    struct audit_report *report = walk->report;

    report->finding_total++;
    if (report->finding_count == AUDIT_MOST_FINDINGS)
        return;
    report->findings[report->finding_count++] = (struct audit_finding){
        .code = code,
        .class = class,
        .page = place->page,
        .offset = place->offset,
        .bytes = place->bytes,
        .month = place->month,
        .device = place->device,
        .release = place->release,
    };
}

void audit_note_at(struct walk *walk, enum audit_code code, enum audit_class class, uint64_t page,
                   size_t offset, size_t bytes)
{
    const struct place place = {.page = page, .offset = (uint32_t)offset, .bytes = bytes};
    audit_note(walk, code, class, &place);
}

bool audit_view_read(struct walk *walk, struct view *view, uint64_t page)
{
    view->page = page;
    memset(view->map, NO_CLASS, sizeof view->map);
    if (walk->source->read(walk->source->context, page * AUDIT_PAGE_BYTES, view->bytes,
                           sizeof view->bytes))
        return true;
    walk->read_failed = true;
    return false;
}

bool audit_view_mark(struct walk *walk, struct view *view, size_t offset, size_t bytes,
                     enum audit_class class)
{
    bool fresh = true;

    for (size_t i = offset; i < offset + bytes; i++) {
        if (view->map[i] == NO_CLASS)
            view->map[i] = (uint8_t) class;
        else
            fresh = false;
    }
    if (!fresh)
        audit_note_at(walk, AUDIT_NODE_OVERLAP, class, view->page, offset, bytes);
    return fresh;
}

void audit_view_mark_rest(struct view *view, size_t offset, size_t bytes, enum audit_class class)
{
    for (size_t i = offset; i < offset + bytes; i++)
        if (view->map[i] == NO_CLASS)
            view->map[i] = (uint8_t) class;
}

void audit_count(struct walk *walk, uint64_t offset, uint64_t bytes, enum audit_class class)
{
    if (bytes == 0)
        return;
    walk->report->class_bytes[class] += bytes;
    if (audit_class_kind(class) == AUDIT_ANYTHING)
        walk->report->text_fields++;
    if (walk->source->tell != NULL)
        walk->source->tell(walk->source->context, offset, bytes, class);
}

/* Counts one run of bytes of one class. */
static void account_run(struct walk *walk, const struct view *view, size_t begin, size_t end)
{
    const uint64_t start = view->page * AUDIT_PAGE_BYTES;
    const uint8_t *bytes = view->bytes;
    size_t first = begin, last = end;

    if (view->map[begin] == NO_CLASS) {
        audit_note_at(walk, AUDIT_NOT_COVERED, AUDIT_UNACCOUNTED, view->page, begin, end - begin);
        audit_count(walk, start + begin, end - begin, AUDIT_UNACCOUNTED);
        return;
    }
    const enum audit_class class = view->map[begin];
    if (audit_class_kind(class) != AUDIT_ZERO || base_is_zero(bytes + begin, end - begin)) {
        audit_count(walk, start + begin, end - begin, class);
        return;
    }
    while (bytes[first] == 0)
        first++;
    while (bytes[last - 1] == 0)
        last--;
    audit_note_at(walk, AUDIT_NOT_ZERO, class, view->page, first, last - first);
    audit_count(walk, start + begin, first - begin, class);
    audit_count(walk, start + first, last - first, AUDIT_UNACCOUNTED);
    audit_count(walk, start + last, end - last, class);
}

void audit_view_account(struct walk *walk, struct view *view)
{
    for (size_t begin = 0, end; begin < AUDIT_PAGE_BYTES; begin = end) {
        end = begin + 1;
        while (end < AUDIT_PAGE_BYTES && view->map[end] == view->map[begin])
            end++;
        account_run(walk, view, begin, end);
    }
    walk->states[view->page] = STATE_ACCOUNTED;
}
