/* From published figures alone: what somebody can compute without store and key. */
#include <string.h>

#include "../fail.h"
#include "findings.h"
#include "inside.h"

static bool is_small(const struct ground *ground, int64_t value)
{
    return value < (int64_t)ground->attack->threshold;
}

static void judge(const struct ground *ground, const struct attack_figure *figure,
                  struct protect_published *one)
{
    const bool all_open = figure->seen == (UINT32_C(1) << ground->attack->threshold) - 1;
    one->least = figure->least;
    one->most = figure->most;
    if (one->shown)
        return;
    one->narrowed = (figure->told || !all_open) && is_small(ground, figure->most);
    one->doubtful = !figure->told && !all_open && is_small(ground, figure->least) &&
                    !is_small(ground, figure->most);
}

static void conclude(struct ground *ground)
{
    struct protect_attack *attack = ground->attack;
    for (size_t i = 0; i < attack->published_count; i++) {
        struct protect_published *one = &attack->published[i];
        const uint32_t number = ground->of_published[i];
        if (number == ATTACK_NONE)
            continue;
        judge(ground, &ground->figure[number], one);
        attack->narrowed += one->narrowed ? 1 : 0;
        attack->doubtful += one->doubtful ? 1 : 0;
    }
}

static enum base_code search(struct ground *ground, struct base_error *error)
{
    bool possible = true;
    if (ground_new(ground, error) != BASE_OK || figures_new(ground, &possible, error) != BASE_OK)
        return error->code;
    if (possible && base_find(ground, &possible, error) != BASE_OK)
        return error->code;
    ground->attack->contradictory = !possible;
    if (!possible)
        return BASE_OK;
    if (local_search(ground, error) != BASE_OK || wide_search(ground, error) != BASE_OK)
        return error->code;
    conclude(ground);
    return findings_new(ground, error);
}

enum base_code protect_attack(struct protect_attack *attack, struct base_error *error)
{
    struct ground ground = {.attack = attack};
    attack->narrowed = attack->doubtful = attack->finding_count = 0;
    attack->findings = NULL;
    attack->contradictory = false;
    for (size_t i = 0; i < attack->published_count; i++) {
        struct protect_published *one = &attack->published[i];
        one->least = one->most = 0;
        one->narrowed = one->doubtful = false;
    }
    if (attack->published_count == 0)
        return BASE_OK;
    if (attack->seconds > 0)
        ground.deadline = solver_clock() + attack->seconds;
    if (solver_find(attack->solver, &ground.solver, error) != BASE_OK ||
        arena_new(&ground.arena, error) != BASE_OK)
        return error->code;
    const enum base_code code = search(&ground, error);
    arena_free(ground.arena);
    return code;
}
