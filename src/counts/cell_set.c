/* Sets of cells: compared, intersected, looked into. */
#include "tavs/counts.h"

struct place_set place_set_first(unsigned count)
{
    struct place_set set = {{0}};
    for (unsigned place = 0; place < count; place++)
        place_set_add(&set, place);
    return set;
}

unsigned place_set_count(const struct place_set *set)
{
    unsigned count = 0;
    for (unsigned place = 0; place < COUNTS_MOST_PLACES; place++)
        count += place_set_has(set, place);
    return count;
}

bool place_set_equals(const struct place_set *one, const struct place_set *other)
{
    return one->word[0] == other->word[0] && one->word[1] == other->word[1];
}

static int compare(uint64_t one, uint64_t other)
{
    return (one > other) - (one < other);
}

int cell_set_compare(const struct cell_set *one, const struct cell_set *other)
{
    const uint64_t keys[][2] = {
        {one->places.word[0], other->places.word[0]},
        {one->places.word[1], other->places.word[1]},
        {one->months.first, other->months.first},
        {one->months.last, other->months.last},
        {one->channels, other->channels},
        {one->parties, other->parties},
        {one->sessions, other->sessions},
    };
    int order = 0;
    for (size_t i = 0; order == 0 && i < sizeof keys / sizeof *keys; i++)
        order = compare(keys[i][0], keys[i][1]);
    return order;
}

bool cell_set_equals(const struct cell_set *one, const struct cell_set *other)
{
    return cell_set_compare(one, other) == 0;
}

bool cell_set_intersect(const struct cell_set *one, const struct cell_set *other,
                        struct cell_set *both)
{
    struct cell_set common = *one;
    for (size_t i = 0; i < sizeof common.places.word / sizeof *common.places.word; i++)
        common.places.word[i] &= other->places.word[i];
    common.channels &= other->channels;
    common.parties &= other->parties;
    common.sessions &= other->sessions;
    if (other->months.first > common.months.first)
        common.months.first = other->months.first;
    if (other->months.last < common.months.last)
        common.months.last = other->months.last;
    if (place_set_count(&common.places) == 0 || common.channels == 0 || common.parties == 0 ||
        common.sessions == 0 || common.months.first > common.months.last)
        return false;
    *both = common;
    return true;
}

bool cell_set_has_cell(const struct cell_set *set, unsigned cell)
{
    const struct codebook_contact contact = codebook_contact_of(cell);
    return (set->channels >> contact.value[CODEBOOK_CHANNEL] & 1U) != 0 &&
           (set->parties >> contact.value[CODEBOOK_PARTY] & 1U) != 0 &&
           (set->sessions >> contact.value[CODEBOOK_SESSION] & 1U) != 0;
}

bool cell_set_has(const struct cell_set *set, unsigned place, base_month month, unsigned cell)
{
    return place_set_has(&set->places, place) && month >= set->months.first &&
           month <= set->months.last && cell_set_has_cell(set, cell);
}
