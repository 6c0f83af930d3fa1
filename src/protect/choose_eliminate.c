/* Langsrud: the sums are shown one after the other, the dearest first, as long as no need's sum becomes a
 * combination of shown ones. Exact arithmetic, modulo a prime: what is independent there is so in
 * whole numbers; the reverse fails once in two thousand million times, and hides one figure more. */
#include <stdlib.h>
#include <string.h>

#include "choose_inside.h"

#define PRIME 2147483647u

typedef uint32_t residue;

static residue times(residue a, residue b)
{
    return (residue)((uint64_t)a * b % PRIME);
}

static residue inverse(residue a)
{
    residue result = 1;
    for (uint32_t power = PRIME - 2; power > 0; power >>= 1) {
        if ((power & 1) != 0)
            result = times(result, a);
        a = times(a, a);
    }
    return result;
}

struct elimination {
    const struct system *system;
    size_t width, shown;
    residue *vector; /* of the shown sums: each is 1 at its pivot */
    size_t *pivot;
    residue *secret; /* of the needs, reduced by the shown sums */
    bool *lost;      /* a need that is given away by what can't be hidden */
    residue *next;
};

static void write_vector(const struct system *system, uint32_t sum, residue *vector)
{
    memset(vector, 0, system->variables * sizeof *vector);
    for (uint32_t i = 0; i < system->sum[sum].count; i++)
        vector[system->member[system->sum[sum].first + i]] = 1;
}

/* Takes so much of `by` from the vector that it is zero at by's pivot. */
static void reduce(residue *vector, const residue *by, size_t pivot, size_t width)
{
    if (vector[pivot] == 0)
        return;
    const residue factor = PRIME - vector[pivot];
    for (size_t i = 0; i < width; i++)
        if (by[i] != 0)
            vector[i] = (residue)(((uint64_t)factor * by[i] + vector[i]) % PRIME);
}

static bool is_zero(const residue *vector, size_t width)
{
    for (size_t i = 0; i < width; i++)
        if (vector[i] != 0)
            return false;
    return true;
}

static size_t find_pivot(residue *vector, size_t width)
{
    size_t pivot = 0;
    while (vector[pivot] == 0)
        pivot++;
    const residue factor = inverse(vector[pivot]);
    for (size_t i = pivot; i < width; i++)
        vector[i] = times(vector[i], factor);
    return pivot;
}

/* Would need number `i` be a combination if `next` were shown? That is, are the two parallel? */
static bool gives_away(const struct elimination *e, size_t i, size_t pivot)
{
    const residue *secret = e->secret + i * e->width;
    if (e->lost[i] || secret[pivot] == 0)
        return false;
    for (size_t j = 0; j < e->width; j++)
        if (secret[j] != times(secret[pivot], e->next[j]))
            return false;
    return true;
}

/* Shows a sum unless that gives a need away; one that is given is shown whatever it does. */
static bool show(struct elimination *e, uint32_t sum, bool given)
{
    write_vector(e->system, sum, e->next);
    for (size_t i = 0; i < e->shown; i++)
        reduce(e->next, e->vector + i * e->width, e->pivot[i], e->width);
    if (is_zero(e->next, e->width))
        return true;
    const size_t pivot = find_pivot(e->next, e->width);
    for (size_t i = 0; i < e->system->needs && !given; i++)
        if (gives_away(e, i, pivot))
            return false;
    for (size_t i = 0; i < e->system->needs; i++) {
        residue *secret = e->secret + i * e->width;
        reduce(secret, e->next, pivot, e->width);
        e->lost[i] = e->lost[i] || is_zero(secret, e->width);
    }
    memcpy(e->vector + e->shown * e->width, e->next, e->width * sizeof *e->next);
    e->pivot[e->shown++] = pivot;
    return true;
}

/* Candidate numbers, the dearest first; of equal ones that of the lower number. */
static void sort_candidates(const struct chooser *chooser, uint32_t *order)
{
    const struct system *system = chooser->system;
    for (uint32_t i = 0; i < chooser->candidates; i++) {
        size_t at = i;
        for (; at > 0 && system->sum[chooser->candidate[order[at - 1]]].cost <
                             system->sum[chooser->candidate[i]].cost;
             at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

enum base_code choose_by_elimination(struct chooser *chooser, struct base_error *error)
{
    const struct system *system = chooser->system;
    struct elimination e = {.system = system, .width = system->variables};
    struct arena *arena = NULL;
    uint32_t *order;
    if (old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    const size_t rows = system->sums < system->variables ? system->sums : system->variables;
    if (old_arena_take(arena, rows * e.width, sizeof *e.vector, &e.vector, error) != BASE_OK ||
        old_arena_take(arena, rows, sizeof *e.pivot, &e.pivot, error) != BASE_OK ||
        old_arena_take(arena, system->needs * e.width, sizeof *e.secret, &e.secret, error) != BASE_OK ||
        old_arena_take(arena, system->needs, sizeof *e.lost, &e.lost, error) != BASE_OK ||
        old_arena_take(arena, e.width, sizeof *e.next, &e.next, error) != BASE_OK ||
        old_arena_take(arena, chooser->candidates, sizeof *order, &order, error) != BASE_OK) {
        old_arena_free(arena);
        return error->code;
    }
    for (size_t i = 0; i < system->needs; i++)
        write_vector(system, system->need[i].sum, e.secret + i * e.width);
    for (uint32_t i = 0; i < system->sums; i++)
        if (!system->sum[i].candidate && system->sum[i].status == SUM_SHOWN)
            (void)show(&e, i, true);
    sort_candidates(chooser, order);
    for (size_t i = 0; i < chooser->candidates; i++)
        chooser->hidden[order[i]] = show(&e, chooser->candidate[order[i]], false) ? 0 : 1;
    old_arena_free(arena);
    return BASE_OK;
}
