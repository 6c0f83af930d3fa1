#include "certain.h"

#include <string.h>

#include "solver.h"

/* Duals are fractions of small numbers: they are made whole by one of these. */
enum { MOST_DENOMINATOR = 60, MOST_MULTIPLE = 1 << 20 };

/* The dual times the denominator; false if that is no whole number, or is out of all proportion. */
static bool make_whole(double dual, int denominator, int64_t *whole)
{
    const double scaled = dual * denominator;
    return solver_round(scaled, whole) && *whole <= MOST_MULTIPLE && *whole >= -MOST_MULTIPLE &&
           scaled - (double)*whole < 1e-6 && (double)*whole - scaled < 1e-6;
}

static bool all_whole(const struct system *system, const double *duals, int denominator)
{
    int64_t whole;
    for (size_t i = 0; i < system->sums + system->rules; i++)
        if ((i >= system->sums || system_is_known(&system->sum[i], false)) &&
            !make_whole(duals[i], denominator, &whole))
            return false;
    return true;
}

/* rest = denominator * sum - multiples of known sums and rules, variable by variable; the known sums' part
 * of the value is added up. */
static bool explain_sum(const struct system *system, uint32_t sum, int sign, const double *duals,
                        int denominator, int64_t *rest, int64_t *value)
{
    const struct system_sum *one = &system->sum[sum];
    memset(rest, 0, system->variables * sizeof *rest);
    *value = 0;
    for (uint32_t i = 0; i < one->count; i++)
        rest[system->member[one->first + i]] = sign * denominator;
    for (size_t i = 0; i < system->sums; i++) {
        const struct system_sum *known = &system->sum[i];
        int64_t times = 0, part;
        if (!system_is_known(known, false) || !make_whole(duals[i], denominator, &times) ||
            times == 0)
            continue;
        if (__builtin_mul_overflow(times, known->value, &part) ||
            __builtin_add_overflow(*value, part, value))
            return false;
        for (uint32_t j = 0; j < known->count; j++)
            rest[system->member[known->first + j]] -= times;
    }
    for (size_t i = 0; i < system->rules; i++) {
        const struct system_rule *rule = &system->rule[i];
        int64_t times = 0;
        if (!make_whole(duals[system->sums + i], denominator, &times) || times == 0)
            continue;
        for (uint32_t j = rule->first; j < rule->first + rule->count; j++)
            rest[system->term[j]] -= times * system->factor[j];
    }
    return true;
}

/* The least that sign * denominator * sum can be. */
static bool add_rest(const struct system *system, const int64_t *rest, int64_t *value)
{
    for (size_t i = 0; i < system->variables; i++) {
        int64_t part;
        const int64_t end = rest[i] > 0 ? system->lower[i] : system->upper[i];
        if (__builtin_mul_overflow(rest[i], end, &part) ||
            __builtin_add_overflow(*value, part, value))
            return false;
    }
    return true;
}

static int64_t divide_up(int64_t value, int64_t by)
{
    return value / by + (value % by > 0 ? 1 : 0);
}

bool certain_bound(const struct system *system, uint32_t sum, int sign, const double *duals,
                   int64_t *rest, int64_t *bound)
{
    for (int denominator = 1; denominator <= MOST_DENOMINATOR; denominator++) {
        int64_t value;
        if (!all_whole(system, duals, denominator))
            continue;
        if (!explain_sum(system, sum, sign, duals, denominator, rest, &value) ||
            !add_rest(system, rest, &value))
            return false;
        *bound = sign * divide_up(value, denominator);
        return true;
    }
    return false;
}
