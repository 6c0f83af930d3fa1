#include "brute.h"

struct trial {
    struct brute *brute;
    int tally[BRUTE_CELLS], most[BRUTE_CELLS];
    int left[BRUTE_SUMS]; /* of each shown sum: what its other cells have to add up to */
    uint64_t work;
};

static int add(const struct trial *trial, uint32_t cells)
{
    int sum = 0;
    for (size_t i = 0; i < trial->brute->cells; i++)
        sum += ((cells >> i) & 1u) != 0 ? trial->tally[i] : 0;
    return sum;
}

static void take(struct trial *trial)
{
    struct brute *brute = trial->brute;
    for (size_t i = 0; i < brute->rules; i++)
        if (add(trial, brute->rule[i].more) < add(trial, brute->rule[i].less))
            return;
    for (size_t i = 0; i < brute->sums; i++) {
        struct brute_sum *sum = &brute->sum[i];
        const int value = add(trial, sum->cells);
        sum->least = value < sum->least ? value : sum->least;
        sum->most = value > sum->most ? value : sum->most;
    }
}

/* Between which values a cell can be, given those before it: no shown sum becomes too large, and one whose
 * last cell it is becomes complete. */
static void find_range(const struct trial *trial, size_t cell, int *first, int *last)
{
    const struct brute *brute = trial->brute;
    const bool fixed = ((brute->fixed >> cell) & 1u) != 0;
    *first = fixed ? brute->truth[cell] : 0;
    *last = fixed ? brute->truth[cell] : trial->most[cell];
    for (size_t i = 0; i < brute->sums; i++) {
        if (!brute->sum[i].shown || ((brute->sum[i].cells >> cell) & 1u) == 0)
            continue;
        *last = trial->left[i] < *last ? trial->left[i] : *last;
        if (brute->sum[i].cells >> cell == 1u && trial->left[i] > *first)
            *first = trial->left[i];
    }
}

static void use(struct trial *trial, size_t cell, int value)
{
    for (size_t i = 0; i < trial->brute->sums; i++)
        if (trial->brute->sum[i].shown && ((trial->brute->sum[i].cells >> cell) & 1u) != 0)
            trial->left[i] -= value;
}

/* False if it is too much work. */
static bool go_on(struct trial *trial, size_t cell)
{
    struct brute *brute = trial->brute;
    if (brute->most_work != 0 && trial->work++ > brute->most_work)
        return false;
    if (cell == brute->cells) {
        take(trial);
        return true;
    }
    int first, last;
    find_range(trial, cell, &first, &last);
    for (int value = first; value <= last; value++) {
        trial->tally[cell] = value;
        use(trial, cell, value);
        const bool done = go_on(trial, cell + 1);
        use(trial, cell, -value);
        if (!done)
            return false;
    }
    return true;
}

bool brute_force(struct brute *brute)
{
    struct trial trial = {.brute = brute};
    for (size_t i = 0; i < brute->cells; i++)
        trial.most[i] = brute->limit;
    for (size_t i = 0; i < brute->sums; i++) {
        struct brute_sum *sum = &brute->sum[i];
        sum->least = 1 << 20;
        sum->most = -1;
        trial.left[i] = sum->value;
        for (size_t j = 0; j < brute->cells; j++)
            if (sum->shown && ((sum->cells >> j) & 1u) != 0 &&
                (sum->value < trial.most[j] || trial.most[j] == brute->limit))
                trial.most[j] = sum->value;
    }
    return go_on(&trial, 0);
}
