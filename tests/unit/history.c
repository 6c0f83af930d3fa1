#include <stdlib.h>
#include <string.h>

#include "filemap.h"

/* An open hash table of eight-byte samples, and before it a bit for each value of their first
 * bits, which tells nearly all other bytes of a file apart without a look into the table. Both
 * are powers of two in size. */
enum { STEP = 32, SAMPLE = 8, BITS_A_SAMPLE = 16, HEAD_AT = 100, HEAD_END = 132 };

struct history {
    size_t most, count;
    size_t places;   /* of the table */
    uint64_t *table; /* 0: free */
    size_t bits;     /* of the filter */
    uint8_t *filter;
};

struct history *history_new(size_t most)
{
    struct history *history = calloc(1, sizeof *history);
    assert_non_null(history);
    history->most = most;
    history->places = 2;
    while (history->places < 2 * most)
        history->places *= 2;
    history->bits = history->places * BITS_A_SAMPLE / 2;
    history->table = calloc(history->places, sizeof *history->table);
    history->filter = calloc(history->bits / 8 + 1, 1);
    assert_non_null(history->table);
    assert_non_null(history->filter);
    return history;
}

void history_free(struct history *history)
{
    free(history->table);
    free(history->filter);
    free(history);
}

static uint64_t sample_at(const uint8_t *bytes)
{
    uint64_t sample;
    memcpy(&sample, bytes, sizeof sample);
    return sample;
}

/* Samples are random already, so that their own bits will do as a hash. */
static size_t place_of(const struct history *history, uint64_t sample)
{
    size_t place = sample % history->places;
    while (history->table[place] != 0 && history->table[place] != sample)
        place = (place + 1) % history->places;
    return place;
}

/* Other bits than those that the place comes from. */
static size_t bit_of(const struct history *history, uint64_t sample)
{
    return (size_t)(sample >> 20) % history->bits;
}

static bool knows(const struct history *history, uint64_t sample)
{
    size_t bit = bit_of(history, sample);
    return sample != 0 && (history->filter[bit / 8] >> (bit % 8) & 1) != 0 &&
           history->table[place_of(history, sample)] == sample;
}

/* Numbers, flags and reserved bytes come again elsewhere, also beside the end of something random (a slot that is used
 * again after another one); what was drawn at random does not, and hardly ever has two zeros in eight bytes. */
static bool is_random(const uint8_t *bytes)
{
    unsigned zeros = 0;
    for (size_t i = 0; i < SAMPLE; i++)
        zeros += bytes[i] == 0;
    return zeros < 2;
}

void history_add(struct history *history, const uint8_t *before, const uint8_t *now, size_t size)
{
    for (size_t at = 0; at + SAMPLE <= size; at += STEP) {
        uint64_t sample = sample_at(before + at);
        size_t bit = bit_of(history, sample);
        if (!is_random(before + at) || sample == sample_at(now + at) || knows(history, sample))
            continue;
        assert_true(++history->count <= history->most);
        history->table[place_of(history, sample)] = sample;
        history->filter[bit / 8] |= (uint8_t)(1U << (bit % 8));
    }
}

void history_add_changes(struct history *history, const struct filemap *before,
                         const struct filemap *now)
{
    const uint8_t *header = before->bytes + before->header_at, *next = now->bytes + now->header_at;
    /* What was the ledger's head stands on in the next release's record. */
    history_add(history, header, next, HEAD_AT);
    history_add(history, header + HEAD_END, next + HEAD_END, RECORD_HEADER_BYTES - HEAD_END);
    for (size_t i = 0; i < before->device_count; i++)
        history_add(history, before->bytes + before->device_at[i], now->bytes + now->device_at[i],
                    RECORD_DEVICE_BYTES);
    for (size_t i = 0; i < before->row_count; i++) {
        const struct filemap_row *row = &before->rows[i];
        const uint8_t *bytes = filemap_find_row(now, row->month, row->device);
        assert_non_null(bytes);
        history_add(history, before->bytes + row->at, bytes, RECORD_ROW_BYTES);
    }
}

void history_assert_absent(const struct history *history, const struct filemap *map)
{
    for (size_t at = 0; at + SAMPLE <= map->size; at++)
        if (knows(history, sample_at(map->bytes + at)))
            fail_msg("byte %zu of page %zu: an earlier version of a record", at % 4096, at / 4096);
}
