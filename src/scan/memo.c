#include "memo.h"

#include <string.h>

/* By eight bytes at a time. */
static size_t place_of(const void *owner, struct scan_text text)
{
    const uint64_t prime = 0x9e3779b97f4a7c15U;
    uint64_t hash = (uint64_t)(uintptr_t)owner ^ text.size, part;
    for (; text.size >= sizeof part; text.at += sizeof part, text.size -= sizeof part) {
        memcpy(&part, text.at, sizeof part);
        hash = (hash ^ part) * prime;
        hash ^= hash >> 32;
    }
    part = 0;
    memcpy(&part, text.at, text.size);
    hash = (hash ^ part) * prime;
    return (size_t)(hash >> 40) % MEMO_ENTRIES;
}

struct memo_entry *memo_find(struct memo *memo, const void *owner, struct scan_text text,
                             bool *known)
{
    if (text.size > MEMO_BYTES)
        return NULL;
    struct memo_entry *entry = &memo->entries[place_of(owner, text)];
    *known = entry->owner == owner && entry->size == text.size &&
             memcmp(entry->text, text.at, text.size) == 0;
    return entry;
}

void memo_keep(struct memo_entry *entry, const void *owner, struct scan_text text, uint32_t value)
{
    entry->owner = owner;
    entry->value = value;
    entry->size = (uint8_t)text.size;
    memcpy(entry->text, text.at, text.size);
}
