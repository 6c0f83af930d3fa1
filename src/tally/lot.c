/* Which figures are hidden by lot: docs/format.md, section 11. */
#include <string.h>

#include "tavs/secret.h"
#include "tavs/tally.h"

enum {
    CELLS_BYTES = 11, /* as a figure of a release begins */
    MOST_BYTES = KEYS_DOMAIN_BYTES + RECORD_MOST_PLACES * KEYS_STORE_ID_BYTES + CELLS_BYTES,
    ONE_OF = 16,
};

/* The place in `set`, not in `done`, whose id is the least; `count` if there is none. */
static size_t least_place(uint8_t (*ids)[KEYS_STORE_ID_BYTES], size_t count,
                          const struct cell_set *set, const struct place_set *done)
{
    size_t least = count;
    for (unsigned i = 0; i < count; i++)
        if (place_set_has(&set->places, i) && !place_set_has(done, i) &&
            (least == count || memcmp(ids[i], ids[least], KEYS_STORE_ID_BYTES) < 0))
            least = i;
    return least;
}

size_t tally_lot_place(uint8_t (*ids)[KEYS_STORE_ID_BYTES], size_t count,
                       const struct cell_set *set)
{
    return least_place(ids, count, set, &(struct place_set){{0}});
}

bool tally_lot(const struct keys_reader *reader, uint8_t (*ids)[KEYS_STORE_ID_BYTES], size_t count,
               const struct cell_set *set)
{
    static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v3 lot";
    uint8_t message[MOST_BYTES], digest[KEYS_DIGEST_BYTES];
    struct place_set done = {{0}};
    uint8_t *to = message;
    uint64_t places = 0;

    memcpy(to, domain, sizeof domain);
    to += sizeof domain;
    for (size_t i; (i = least_place(ids, count, set, &done)) < count;) {
        memcpy(to, ids[i], KEYS_STORE_ID_BYTES);
        to += KEYS_STORE_ID_BYTES;
        place_set_add(&done, (unsigned)i);
        places = places << 1 | 1;
    }
    base_put_u32(to, (uint32_t)places);
    base_put_u16(to + 4, set->months.first);
    base_put_u16(to + 6, set->months.last);
    to[8] = set->channels;
    to[9] = set->parties;
    to[10] = set->sessions;
    keys_reader_digest(reader, digest, message, (size_t)(to - message) + CELLS_BYTES);
    const bool drawn = digest[KEYS_DIGEST_BYTES - 1] % ONE_OF == 0;
    secret_wipe(digest, sizeof digest);
    secret_declassify(&drawn,
                      sizeof drawn); /* the legend says of a figure that it was hidden by lot */
    return drawn;
}
