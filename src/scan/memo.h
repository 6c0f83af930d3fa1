/* Remembers what short texts came to: a table has few different ones, and judging one takes long. */
#ifndef TAVS_SCAN_MEMO_H
#define TAVS_SCAN_MEMO_H

#include "chars.h"

enum { MEMO_ENTRIES = 2048, MEMO_BYTES = 40 }; /* longer texts are not remembered */

struct memo_entry {
    const void *owner; /* NULL: nothing is remembered here */
    uint32_t value;
    uint8_t size;
    char text[MEMO_BYTES];
};

/* Each text has one place, which the last one that belongs there takes. Begins as all zero; holds what the file
 * holds, so it has to be wiped. */
struct memo {
    struct memo_entry entries[MEMO_ENTRIES];
};

/* Where the text of `owner` (not NULL; a column, say) is remembered, or can be: *known tells which. NULL if it is too
 * long. A new one is remembered once its `value` is set and memo_keep called. */
struct memo_entry *memo_find(struct memo *memo, const void *owner, struct scan_text text,
                             bool *known);

void memo_keep(struct memo_entry *entry, const void *owner, struct scan_text text, uint32_t value);

#endif
