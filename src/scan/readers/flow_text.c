/* The text of a paragraph, with and without what was deleted, and as capitals where it is seen so. */
#include "flow.h"

/* ---- capitals ------------------------------------------------------------------------------- */

static bool is_small(const unsigned char *at, size_t left)
{
    return (*at >= 'a' && *at <= 'z') ||
           (left > 1 && at[0] == 0xc3 && at[1] >= 0xa0 && at[1] <= 0xbe && at[1] != 0xb7);
}

static bool is_lettery(unsigned char c)
{
    return c >= 0x80 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* The first letter of each word is one: names are told by it. */
static void capitalize(char *text, size_t size)
{
    bool inside = false;
    for (size_t i = 0; i < size; i++) {
        unsigned char *at = (unsigned char *)text + i;
        if (!inside && is_small(at, size - i))
            at[*at == 0xc3] = (unsigned char)(at[*at == 0xc3] - 0x20);
        inside = is_lettery(*at);
    }
}

/* ---- a paragraph ---------------------------------------------------------------------------- */

static void put_gone(struct part *part, struct flow_text *into, const char *text, size_t size)
{
    if (!into->changed)
        part_add(part, &into->all, into->kept.at, into->kept.size);
    into->changed = true;
    part_add(part, &into->all, text, size);
    part_add(part, &into->gone, text, size);
}

void flow_put(struct part *part, struct flow *flow, const char *text, size_t size)
{
    struct flow_text *into = &flow_frame(flow)->text;
    struct bytes *bytes = flow->inside.gone > 0 ? &into->gone : &into->kept;
    const size_t before = bytes->size, all = into->all.size;
    const bool apart = into->gone.size > 0 && into->gone.at[into->gone.size - 1] != ' ';
    if (flow->inside.gone > 0) {
        put_gone(part, into, text, size);
    } else {
        part_add(part, &into->kept, text, size);
        if (into->changed)
            part_add(part, &into->all, text, size);
        if (into->changed && apart)
            part_add(part, &into->gone, " ", 1);
    }
    if (!flow->inside.run_capitals && flow->inside.capitals_depth == 0)
        return;
    if (bytes->size > before)
        capitalize(bytes->at + before, bytes->size - before);
    if (into->changed && into->all.size > all)
        capitalize(into->all.at + all, into->all.size - all);
}

/* True if it stood in the other form of the same drawing. */
static bool is_told(struct flow *flow, const char *text, size_t size)
{
    const char *at = flow->choice.at;
    if (size == 0 || at == NULL)
        return false;
    const char *end = at + flow->choice.size;
    while (at != NULL && (size_t)(end - at) > size) {
        at = memmem(at, (size_t)(end - at), text, size);
        if (at != NULL && (at == flow->choice.at || at[-1] == '\0') && at[size] == '\0')
            return true;
        at = at != NULL ? at + 1 : NULL;
    }
    return false;
}

void flow_send(struct part *part, struct flow *flow, const char *text, size_t size)
{
    if (flow->inside.fallbacks > 0 && is_told(flow, text, size))
        return;
    if (flow->inside.choices > 0 && flow->inside.fallbacks == 0 &&
        flow->choice.size + size < MOST_CHOICE) {
        part_add(part, &flow->choice, text, size);
        part_add(part, &flow->choice, "", 1);
    }
    part_send(part, text, size, 0);
}

/* What is deleted: looked for with what stands around it, and alone. */
static void send_changes(struct part *part, struct flow *flow, struct flow_text *text)
{
    if (text->changed) {
        flow_send(part, flow, text->all.at, text->all.size);
        flow_send(part, flow, text->gone.at, text->gone.size);
    }
    text->changed = false;
    text->all.size = text->gone.size = 0;
}

/* ---- lists and columns of paragraphs -------------------------------------------------------- */

void flow_end_lines(struct part *part, struct flow *flow)
{
    struct package *package = part->package;
    if (package->state != SCAN_READ_OK)
        return;
    const enum scan_read read =
        lines_gathered(&flow->lines, &package->tables, package->take, package->context);
    if (read != SCAN_READ_OK)
        part_stop(part, read);
}

/* What is deleted may be a list, too. */
static void gather(struct part *part, struct flow *flow, struct frame *frame)
{
    struct package *package = part->package;
    const struct flow_text *text = &frame->text;
    const struct bytes *line = text->changed ? &text->all : &text->kept;
    if ((frame->paragraph == 0 && line->size == 0) || flow->inside.fallbacks > 0 ||
        (frame->mark_gone && !text->changed))
        return;
    if (flow->lines_frame != flow->frame_count)
        flow_end_lines(part, flow);
    flow->lines_frame = flow->frame_count;
    if (package->state != SCAN_READ_OK)
        return;
    const enum scan_read read = lines_gather(&flow->lines, line->at, line->size, &package->tables,
                                             package->take, package->context);
    if (read != SCAN_READ_OK)
        part_stop(part, read);
}

void flow_end_paragraph(struct part *part, struct flow *flow, struct frame *frame)
{
    struct flow_text *text = &frame->text;
    if (part->package->escapes)
        text->kept.size = part_unescape(text->kept.at, text->kept.size);
    if (flow->instruction.size > 0)
        flow_send(part, flow, flow->instruction.at, flow->instruction.size);
    flow->instruction.size = 0;
    if (flow->inside.deletions > 0 && text->kept.size > 0) {
        part_add(part, &flow->deleted, text->kept.at, text->kept.size);
        part_add(part, &flow->deleted, "\n", 1);
    }
    if (frame->cell && frame->depth > 0) {
        send_changes(part, flow, text);
        return;
    }
    if (text->kept.size > 0)
        flow_send(part, flow, text->kept.at, text->kept.size);
    gather(part, flow, frame);
    send_changes(part, flow, text);
    if (!frame->mark_gone)
        text->kept.size = 0;
}
