#include "witness.h"

int64_t witness_value(const struct system *system, uint32_t sum, const int64_t *tally)
{
    const uint32_t *member = system->member + system->sum[sum].first;
    int64_t value = 0;
    for (uint32_t i = 0; i < system->sum[sum].count; i++)
        value += tally[member[i]];
    return value;
}

bool witness_agrees(const struct system *system, const int64_t *tally, bool current)
{
    for (size_t i = 0; i < system->variables; i++)
        if (tally[i] < system->lower[i] || tally[i] > system->upper[i])
            return false;
    for (uint32_t i = 0; i < system->sums; i++)
        if (system_is_known(&system->sum[i], current) &&
            witness_value(system, i, tally) != system->sum[i].value)
            return false;
    for (size_t i = 0; i < system->rules; i++) {
        const struct system_rule *rule = &system->rule[i];
        int64_t sum = 0;
        for (uint32_t j = rule->first; j < rule->first + rule->count; j++)
            sum += system->factor[j] * tally[system->term[j]];
        if (sum != 0)
            return false;
    }
    return true;
}
