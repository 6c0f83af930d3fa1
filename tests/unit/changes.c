#include "changes.h"

#include <string.h>

#include "tavs/secret.h"

enum { MARCH = 2017 * 12 + 2, NEW_YEAR = 2018, SLOTS_AT = 256, SEED_AT = SLOTS_AT + 52 };
enum { MOST_SAMPLES = 2000 };

static void draw_seed(struct keys_slot *slot)
{
    *slot = (struct keys_slot){.used = true, .cost = keys_cost_interactive};
    secret_random(slot->wrapped_seed, sizeof slot->wrapped_seed);
}

void change_begin(struct change *change)
{
    struct place *place = &change->place;
    place_make(place, 2017);
    draw_seed(&place->header.slots[0]);
    place_put_header(place);
    draw_seed(&change->slot);
    change->row = (struct record_row){.month = MARCH, .device = 1};
    assert_true(elgamal_encrypt_zeros(change->row.cells, CODEBOOK_CELLS,
                                      place->header.public_keys.encryption));
    filemap_read(&change->before, place->path);
}

void change_end(struct change *change)
{
    filemap_free(&change->before);
    place_free(&change->place);
}

void change_restore(const struct change *change)
{
    support_write_file(change->place.path, change->before.bytes, change->before.size);
}

/* A whole year, which makes the file grow. */
static enum base_code put_year(const struct change *change, struct store *store,
                               struct base_error *error)
{
    struct record_row row = change->row;
    enum base_code code = BASE_OK;
    for (int month = 0; code == BASE_OK && month < 12; month++) {
        row.month = (base_month)(NEW_YEAR * 12 + month);
        code = store_put_row(store, &row, change->place.keys[0], error);
    }
    return code;
}

enum base_code change_make(const struct change *change, unsigned changes, struct base_error *error)
{
    const struct place *place = &change->place;
    struct store *store = NULL;
    enum base_code code = store_open(place->path, STORE_WRITE, &store, error);
    struct record_header header = place->header;
    if (code == BASE_OK && changes == 0)
        code = store_put_header(store, store_header(store), place->reader, error);
    if (code == BASE_OK && (changes & CHANGE_YEAR) != 0)
        code = put_year(change, store, error);
    if (code == BASE_OK && (changes & CHANGE_SLOT) != 0) {
        header.slots[0] = change->slot;
        code = store_put_header(store, &header, place->reader, error);
    }
    if (code == BASE_OK && (changes & CHANGE_ROW) != 0)
        code = store_put_row(store, &change->row, place->keys[0], error);
    if (code == BASE_OK)
        code = store_commit(store, error);
    store_close(store);
    return code;
}

unsigned change_look(const struct change *change, const struct filemap *map)
{
    const struct filemap *before = &change->before;
    const uint8_t *row = filemap_find_row(map, MARCH, 1);
    const uint8_t *seed = map->bytes + map->header_at + SEED_AT;
    unsigned changes = 0;
    assert_non_null(row);
    if (memcmp(row + KEYS_SIGNATURE_BYTES, change->row.cells, sizeof change->row.cells) == 0)
        changes |= CHANGE_ROW;
    else
        assert_memory_equal(row, filemap_find_row(before, MARCH, 1), RECORD_ROW_BYTES);
    if (memcmp(seed, change->slot.wrapped_seed, KEYS_WRAPPED_SEED_BYTES) == 0)
        changes |= CHANGE_SLOT;
    else
        assert_memory_equal(seed, before->bytes + before->header_at + SEED_AT,
                            KEYS_WRAPPED_SEED_BYTES);
    if (map->row_count == before->row_count + 12)
        changes |= CHANGE_YEAR;
    else
        assert_int_equal(map->row_count, before->row_count);
    return changes;
}

void change_check_next(const struct change *change)
{
    static const uint8_t nothing[RECORD_ROW_BYTES];
    struct history *history = history_new(MOST_SAMPLES);
    struct base_error error;
    struct filemap map;
    assert_int_equal(change_make(change, 0, &error), BASE_OK);
    filemap_read(&map, change->place.path);
    unsigned changes = change_look(change, &map);
    history_add_changes(history, &change->before, &map);
    if ((changes & (CHANGE_ROW | CHANGE_YEAR)) == 0)
        history_add(history, (const uint8_t *)change->row.cells, nothing, sizeof change->row.cells);
    if ((changes & CHANGE_SLOT) == 0)
        history_add(history, change->slot.wrapped_seed, nothing, KEYS_WRAPPED_SEED_BYTES);
    filemap_assert_clean(&map);
    history_assert_absent(history, &map);
    assert_int_equal(support_entries("s"), 1);
    filemap_free(&map);
    history_free(history);
}
