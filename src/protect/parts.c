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

void parts_join(struct parts *parts, size_t one, size_t other)
{
    for (size_t i = 0; i < parts->count; i++)
        if (parts->of[i] == other)
            parts->of[i] = one;
}

/* What a part is about: at all of `places` all of `months`, some of which no sum has. */
struct reach {
    uint32_t places;
    struct base_period months;
};

static void find_reach(const struct parts *parts, struct reach *reach)
{
    for (size_t i = 0; i < parts->parts; i++)
        reach[i] = (struct reach){0, {BASE_LAST_MONTH, BASE_FIRST_MONTH}};
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->of[i] == SIZE_MAX)
            continue;
        const struct protect_sum *sum = &parts->sums[i];
        struct reach *one = &reach[parts->of[i]];
        one->places |= sum->places;
        if (sum->months.first < one->months.first)
            one->months.first = sum->months.first;
        if (sum->months.last > one->months.last)
            one->months.last = sum->months.last;
    }
}

/* Joins the first two parts that are about the same place and month without a sum that is. */
static bool join_next(struct parts *parts, const struct reach *reach)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct protect_sum *sum = &parts->sums[i];
        const size_t own = parts->of[i];
        for (size_t part = 0; part < parts->parts && own != SIZE_MAX; part++) {
            const struct reach *one = &reach[part];
            if (part == own || (sum->places & one->places) == 0 ||
                sum->months.first > one->months.last || one->months.first > sum->months.last)
                continue;
            parts_join(parts, part, own);
            return true;
        }
    }
    return false;
}

static enum base_code join_across(struct parts *parts, struct arena *arena,
                                  struct base_error *error)
{
    struct reach *reach;
    if (old_arena_take(arena, parts->parts, sizeof *reach, &reach, error) != BASE_OK)
        return error->code;
    do
        find_reach(parts, reach);
    while (join_next(parts, reach));
    return BASE_OK;
}

enum base_code parts_find(const struct protect_sum *sums, size_t count, struct arena *arena,
                          struct parts *parts, struct base_error *error)
{
    size_t *parent;
    *parts = (struct parts){.sums = sums, .count = count};
    if (old_arena_take(arena, count, sizeof *parent, &parent, error) != BASE_OK ||
        old_arena_take(arena, count, sizeof *parts->of, &parts->of, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < count; i++) {
        parent[i] = i;
        for (size_t j = 0; j < i; j++)
            if (are_linked(&sums[i], &sums[j]))
                parent[find_root(parent, j)] = find_root(parent, i);
    }
    for (size_t i = 0; i < count; i++)
        if (sums[i].places != 0 && find_root(parent, i) == i)
            parts->of[i] = parts->parts++;
    for (size_t i = 0; i < count; i++)
        parts->of[i] = sums[i].places == 0 ? SIZE_MAX : parts->of[find_root(parent, i)];
    return join_across(parts, arena, error);
}

/* The months that a part is about at a place; first > last if there are none. */
static struct base_period span_of(const struct parts *parts, size_t number, unsigned place)
{
    struct base_period span = {BASE_LAST_MONTH, BASE_FIRST_MONTH};
    for (size_t i = 0; i < parts->count; i++) {
        const struct protect_sum *sum = &parts->sums[i];
        if (parts->of[i] != number || (sum->places >> place & 1u) == 0)
            continue;
        span.first = sum->months.first < span.first ? sum->months.first : span.first;
        span.last = sum->months.last > span.last ? sum->months.last : span.last;
    }
    return span;
}

/* Where a part begins at each place; 0: it is not about that one. */
struct beginning {
    unsigned first[PROTECT_MOST_PLACES];
};

static void find_beginning(const struct parts *parts, size_t number, struct beginning *beginning)
{
    for (unsigned place = 0; place < PROTECT_MOST_PLACES; place++) {
        const struct base_period span = span_of(parts, number, place);
        beginning->first[place] = span.first <= span.last ? span.first : 0;
    }
}

static bool ends_at(const struct parts *parts, size_t number, const struct beginning *beginning)
{
    for (unsigned place = 0; place < PROTECT_MOST_PLACES; place++) {
        if (beginning->first[place] == 0)
            continue;
        const struct base_period span = span_of(parts, number, place);
        if (span.first <= span.last && span.last + 1u == beginning->first[place])
            return true;
    }
    return false;
}

bool parts_follow(const struct parts *parts, size_t earlier, size_t later)
{
    struct beginning beginning;
    find_beginning(parts, later, &beginning);
    return ends_at(parts, earlier, &beginning);
}

bool parts_follow_any(const struct parts *parts, size_t number)
{
    struct beginning beginning;
    find_beginning(parts, number, &beginning);
    for (size_t i = 0; i < parts->parts; i++)
        if (ends_at(parts, i, &beginning))
            return true;
    return false;
}

void parts_join_before(struct parts *parts, size_t number)
{
    struct beginning beginning; /* as it is before the first of them is joined */
    find_beginning(parts, number, &beginning);
    for (size_t i = 0; i < parts->parts; i++)
        if (i != number && ends_at(parts, i, &beginning))
            parts_join(parts, number, i);
}
