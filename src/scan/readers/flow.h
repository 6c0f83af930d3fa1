/* Running text with tables in it, of any office document: WordprocessingML, DrawingML (ECMA-376) and
 * OpenDocument know paragraphs, runs, tables, and texts that stand in the middle of a paragraph
 * without being part of it. */
#ifndef TAVS_SCAN_FLOW_H
#define TAVS_SCAN_FLOW_H

#include "../lines.h"
#include "part.h"

enum { MOST_FRAMES = 32, MOST_OPEN_TABLES = 8, SHORT_BYTES = 64, MOST_CHOICE = 1 << 16 };

/* A paragraph as it is read with what was deleted, without it, and that alone. The first is the same
 * as `kept` as long as nothing was deleted. */
struct flow_text {
    struct bytes kept, all, gone;
    bool changed;
};

/* What paragraphs belong to: the part itself, a cell, or what stands aside (a comment, a text box). */
struct frame {
    size_t depth, paragraph; /* of the elements; paragraph 0: in none */
    bool cell, mark_gone;    /* the paragraph's end was deleted */
    struct flow_text text;
};

struct open_table {
    size_t depth;
    struct row row;
    uint32_t rows, column, span, row_repeat;
    bool spanned, one_column;
};

/* A cell of a spreadsheet, which has a value besides its text. */
struct cell_value {
    char type[16];
    struct bytes value;
};

/* What is open: of which elements how many, or how deep one lies. */
struct flow_inside {
    unsigned runs, texts, instructions, gone, paragraph_properties, dull, choices, fallbacks,
        deletions;
    size_t tables_too_deep, capitals_depth, cache;
    bool run_capitals;
};

struct flow {
    bool odf;
    struct flow_inside inside;
    struct bytes
        *capitals; /* names of styles that show capitals, each between zeros; may be NULL */
    struct frame frames[MOST_FRAMES];
    size_t frame_count;
    struct open_table tables[MOST_OPEN_TABLES];
    size_t table_count;
    struct gathered lines;                         /* paragraphs that may be a list */
    size_t lines_frame;                            /* of which frame, from 1 */
    struct bytes loose;                            /* text outside of paragraphs */
    struct bytes instruction;                      /* of a field */
    struct bytes choice;                           /* text that stands twice */
    uint32_t cache_table, cache_row, cache_column; /* a chart's values */
    struct bytes deleted;       /* OpenDocument's deleted texts, each with a zero behind it */
    xmlHashTablePtr deleted_at; /* id -> where its text begins, from 1 */
    char style[SHORT_BYTES];
    /* its sheets */
    const bool *one_column; /* of each sheet: whether it has no other */
    size_t sheets, sheet;
    struct cell_value cell;
    uint32_t cell_repeat;
    uint64_t unrolled;
};

extern const struct part_hooks flow_hooks;

/* Before each part. */
void flow_begin(struct flow *flow);

void flow_free(struct flow *flow);

/* flow_text.c */

/* Adds to the paragraph. */
void flow_put(struct part *part, struct flow *flow, const char *text, size_t size);
/* Ends it, and hands it on. */
void flow_end_paragraph(struct part *part, struct flow *flow, struct frame *frame);
/* What follows is no part of a list. */
void flow_end_lines(struct part *part, struct flow *flow);
/* Running text of its own. */
void flow_send(struct part *part, struct flow *flow, const char *text, size_t size);

static inline struct frame *flow_frame(struct flow *flow)
{
    return &flow->frames[flow->frame_count - 1];
}

/* flow_table.c */
bool flow_table_start(struct part *part, struct flow *flow, const char *name,
                      const xmlChar **attributes);
void flow_table_end(struct part *part, struct flow *flow, const char *name);
void flow_cell_end(struct part *part, struct flow *flow, struct frame *frame);
void flow_push(struct part *part, struct flow *flow, bool cell);

#endif
