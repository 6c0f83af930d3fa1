#include "audit_mutator.h"

#include <string.h>

enum { PAGE = 4096, HEAD = 16 };

static uint64_t draw(uint64_t *state)
{
    /* splitmix64 (Steele, Lea, Flood 2014) */
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t bound)
{
    return bound == 0 ? 0 : (size_t)(draw(state) % bound);
}

/* A number that may mean a page, a size or a count. */
static uint64_t number(uint64_t *state, size_t pages)
{
    static const uint64_t edges[] = {0,
                                     1,
                                     2,
                                     15,
                                     16,
                                     17,
                                     18,
                                     2038,
                                     2039,
                                     3904,
                                     4080,
                                     4095,
                                     4096,
                                     4097,
                                     65535,
                                     0x7fffffff,
                                     1120,
                                     104,
                                     48,
                                     0xffffffff,
                                     0x100000000,
                                     UINT64_MAX,
                                     UINT64_MAX - 1,
                                     1ULL << 47};

    if (below(state, 2) == 0)
        return below(state, pages + 2);
    return edges[below(state, sizeof edges / sizeof *edges)];
}

static void put(uint8_t *bytes, size_t size, size_t at, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width && at + i < size; i++)
        bytes[at + i] = (uint8_t)(value >> (8 * i));
}

/* Somewhere in a page's structure: its head, a pointer, the head of a node that a pointer leads to, or
 * what follows it. */
static size_t structure(uint64_t *state, const uint8_t *bytes, size_t size, size_t page)
{
    const size_t start = page * PAGE, pointer = start + HEAD + 2 * below(state, 40);

    switch (below(state, 4)) {
    case 0:
        return start + below(state, page < 2 ? 152 : HEAD);
    case 1:
        return pointer;
    default:
        if (pointer + 1 >= size)
            return start;
        return start + (size_t)(bytes[pointer] | (bytes[pointer + 1] & 0x0f) << 8) +
               below(state, 20);
    }
}

static size_t change(uint8_t *bytes, size_t size, size_t room, uint64_t *state)
{
    const size_t pages = size / PAGE;
    static const size_t widths[] = {1, 2, 4, 8};
    size_t at, other;

    if (pages == 0)
        return size;
    at = structure(state, bytes, size, below(state, pages));
    switch (below(state, 10)) {
    case 0: /* cut off or add */
        if (below(state, 8) != 0)
            return size;
        other = below(state, room + 1);
        if (other > size)
            memset(bytes + size, (int)below(state, 2), other - size);
        return other;
    case 1: /* a page over another */
        at = below(state, pages) * PAGE;
        other = below(state, pages) * PAGE;
        memmove(bytes + at, bytes + other, PAGE);
        if (below(state, 2) == 0)
            put(bytes, size, at, at / PAGE, 8);
        return size;
    case 2:
    case 3: /* a bit */
        if (at < size)
            bytes[at] ^= (uint8_t)(1U << below(state, 8));
        return size;
    case 4: /* a kind of page */
        put(bytes, size, below(state, pages) * PAGE + 10, 1U << below(state, 5), 2);
        return size;
    default:
        put(bytes, size, at, number(state, pages), widths[below(state, 4)]);
        return size;
    }
}

size_t audit_mutate(uint8_t *bytes, size_t size, size_t room, uint64_t seed)
{
    uint64_t state = seed;
    const size_t changes = 1 + below(&state, 4);

    for (size_t i = 0; i < changes; i++)
        size = change(bytes, size, room, &state);
    return size;
}
