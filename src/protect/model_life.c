#include <string.h>

#include "model_inside.h"

/* Splits the parts of a set by one more set. */
static void split_parts(codebook_set *parts, size_t *count, codebook_set by)
{
    const size_t before = *count;
    for (size_t i = 0; i < before; i++) {
        const codebook_set inside = parts[i] & by;
        if (inside == 0 || inside == parts[i])
            continue;
        parts[(*count)++] = inside;
        parts[i] = (codebook_set)(parts[i] & ~by);
    }
}

/* By their lowest value. */
static void sort_parts(codebook_set *parts, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && (parts[j] & -parts[j]) < (parts[j - 1] & -parts[j - 1]); j--) {
            const codebook_set part = parts[j];
            parts[j] = parts[j - 1];
            parts[j - 1] = part;
        }
    }
}

static bool is_consecutive(codebook_set part)
{
    const unsigned lowest = part & (~(unsigned)part + 1u);
    return ((part + lowest) & part) == 0;
}

enum base_code life_plan(const struct model_cells *cells, const struct protect_sum *sums,
                         size_t count, struct arena *arena, struct model_life *life,
                         struct base_error *error)
{
    *life = (struct model_life){
        .session = {PROTECT_COURSES, PROTECT_ALL_SESSIONS & ~PROTECT_COURSES},
        .party = {CODEBOOK_ALL_PARTIES},
        .parties = 1,
    };
    if (arena_take(arena, cells->months, sizeof *life->ends, &life->ends, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < count; i++) {
        const struct protect_sum *sum = &sums[i];
        if ((sum->sessions & ~PROTECT_COURSES) == 0)
            continue;
        life->sessions = life->sessions == 0 ? 2 : life->sessions;
        split_parts(life->session, &life->sessions, sum->sessions);
        split_parts(life->party, &life->parties, sum->parties);
    }
    for (size_t i = 0; i < life->sessions; i++)
        for (unsigned session = 0; !is_consecutive(life->session[i]); session++)
            split_parts(life->session, &life->sessions, (codebook_set)(1u << session));
    sort_parts(life->session, life->sessions);
    for (size_t i = 0; i < count && life->sessions > 0; i++) {
        if (sums[i].months.first > cells->first &&
            sums[i].months.first < cells->first + cells->months)
            life->ends[sums[i].months.first - cells->first - 1] = true;
        if (sums[i].months.last >= cells->first &&
            sums[i].months.last < cells->first + cells->months)
            life->ends[sums[i].months.last - cells->first] = true;
    }
    life->ends[cells->months - 1] = true;
    return BASE_OK;
}

/* The cells of one party part and one session part in the months from `from` to `to`. */
static struct protect_sum part_of(const struct model_cells *cells, const struct model_life *life,
                                  size_t place, size_t party, size_t session, size_t from,
                                  size_t to)
{
    struct protect_sum part = protect_sum_all();
    part.places = 1u << place;
    part.months.first = (base_month)(cells->first + from);
    part.months.last = (base_month)(cells->first + to);
    part.parties = life->party[party];
    part.sessions = life->session[session];
    return part;
}

void life_split(struct model_cells *cells, const struct model_life *life)
{
    for (size_t place = 0; life->sessions > 0 && place < cells->ground->place_count; place++) {
        for (size_t party = 0; party < life->parties; party++) {
            for (size_t session = 0; session < life->sessions; session++) {
                for (size_t from = 0, to = 0; to < cells->months; to++) {
                    if (!life->ends[to])
                        continue;
                    const struct protect_sum part =
                        part_of(cells, life, place, party, session, from, to);
                    model_split(cells, &part);
                    from = to + 1;
                }
            }
        }
    }
}

/* ---- rules ---------------------------------------------------------------------------------- */

/* A rule in the making: each variable's term once. */
struct writing {
    struct system *system;
    uint32_t *term;
    int32_t *factor;
    size_t count;
    bool *met;
    int32_t with;
    int64_t value;
};

/* `split` holds each group's variable by now. */
static void write_term(void *context, const struct model_cells *cells, size_t place, size_t month,
                       unsigned cell)
{
    struct writing *rule = context;
    const uint32_t variable = cells->split[*model_group(cells, place, month, cell)];
    rule->value += rule->with * model_truth(cells, place, month, cell);
    if (rule->met[variable])
        return;
    rule->met[variable] = true;
    rule->term[rule->count] = variable;
    rule->factor[rule->count++] = rule->with;
}

static void write_variable(struct writing *rule, uint32_t variable, int32_t factor)
{
    rule->term[rule->count] = variable;
    rule->factor[rule->count++] = factor;
}

static int32_t size_of(codebook_set part)
{
    return __builtin_popcount(part);
}

/* Up to the end of each part of time: what was left before, more of the earlier session, less of the later
 * one is what is left, which is not below zero. */
static enum base_code add_chain(const struct model_cells *cells, const struct model_life *life,
                                size_t place, size_t party, size_t session, struct writing *rule,
                                struct base_error *error)
{
    uint32_t before = SYSTEM_NOTHING;
    int64_t left = 0;
    for (size_t from = 0, to = 0; to < cells->months; to++) {
        if (!life->ends[to])
            continue;
        rule->count = 0;
        rule->value = left;
        rule->with = size_of(life->session[session]);
        struct protect_sum part = part_of(cells, life, place, party, session - 1, from, to);
        model_walk(cells, &part, write_term, rule);
        rule->with = -size_of(life->session[session - 1]);
        part = part_of(cells, life, place, party, session, from, to);
        model_walk(cells, &part, write_term, rule);
        from = to + 1;
        if (rule->count == 0 && before == SYSTEM_NOTHING)
            continue;
        for (size_t i = 0; i < rule->count; i++)
            rule->met[rule->term[i]] = false;
        if (before != SYSTEM_NOTHING)
            write_variable(rule, before, 1);
        left = rule->value;
        uint32_t now;
        if (system_add_variable(rule->system, left, &now, error) != BASE_OK)
            return error->code;
        write_variable(rule, now, -1);
        before = now;
        if (system_add_rule(rule->system, rule->term, rule->factor, rule->count, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

enum base_code life_add_rules(const struct model_cells *cells, const struct model_life *life,
                              struct system *system, struct base_error *error)
{
    struct writing rule = {.system = system};
    const size_t variables = system->variables;
    if (life->sessions == 0)
        return BASE_OK;
    if (arena_take(system->arena, variables + 2, sizeof *rule.term, &rule.term, error) != BASE_OK ||
        arena_take(system->arena, variables + 2, sizeof *rule.factor, &rule.factor, error) !=
            BASE_OK ||
        arena_take(system->arena, variables, sizeof *rule.met, &rule.met, error) != BASE_OK)
        return error->code;
    for (size_t place = 0; place < cells->ground->place_count; place++)
        for (size_t party = 0; party < life->parties; party++)
            for (size_t session = 1; session < life->sessions; session++)
                if (add_chain(cells, life, place, party, session, &rule, error) != BASE_OK)
                    return error->code;
    return BASE_OK;
}
