#include "parts.h"

/* A forest: each sum's tree is its part. */
static size_t find_root(size_t *parent, size_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static bool are_linked(const struct protect_sum *one, const struct protect_sum *other)
{
    return (one->places & other->places) != 0 && one->months.first <= other->months.last &&
           other->months.first <= one->months.last;
}

enum base_code parts_find(const struct protect_sum *sums, size_t count, struct arena *arena,
                          size_t *part, size_t *parts, struct base_error *error)
{
    size_t *parent;
    if (arena_take(arena, count, sizeof *parent, &parent, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < count; i++) {
        parent[i] = i;
        for (size_t j = 0; j < i; j++)
            if (are_linked(&sums[i], &sums[j]))
                parent[find_root(parent, j)] = find_root(parent, i);
    }
    *parts = 0;
    for (size_t i = 0; i < count; i++)
        if (sums[i].places != 0 && find_root(parent, i) == i)
            part[i] = (*parts)++;
    for (size_t i = 0; i < count; i++)
        part[i] = sums[i].places == 0 ? SIZE_MAX : part[find_root(parent, i)];
    return BASE_OK;
}
