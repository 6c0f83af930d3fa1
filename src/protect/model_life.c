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
    if (old_arena_take(arena, cells->months, sizeof *life->ends, &life->ends, error) != BASE_OK)
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
    if (cells->months > 0)
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
};

/* Rules have factors of 1 only: then the programs' solutions are mostly whole by themselves. So a part of
 * several sessions is told apart once more, by variables that are in no sum. */
struct life {
    const struct model_cells *cells;
    const struct model_life *plan;
    struct writing rule;
    size_t place, party, from, to;
    uint32_t alone[CODEBOOK_SESSIONS]; /* such a variable of each session, for the time from..to */
    size_t part[CODEBOOK_SESSIONS];    /* of each session */
    uint32_t left[CODEBOOK_SESSIONS];  /* up to `from`: how many more of the session before it;
                                          SYSTEM_NOTHING: none yet */
};

static void write_variable(struct writing *rule, uint32_t variable, int32_t factor)
{
    rule->term[rule->count] = variable;
    rule->factor[rule->count++] = factor;
}

/* `split` holds each group's variable by now. */
static void write_term(void *context, const struct model_cells *cells, size_t place, size_t month,
                       unsigned cell)
{
    struct writing *rule = context;
    const uint32_t variable = cells->split[*model_group(cells, place, month, cell)];
    if (rule->met[variable])
        return;
    rule->met[variable] = true;
    write_variable(rule, variable, rule->with);
}

static void write_part(struct life *life, size_t part, int32_t with)
{
    const struct protect_sum sum =
        part_of(life->cells, life->plan, life->place, life->party, part, life->from, life->to);
    life->rule.with = with;
    const size_t before = life->rule.count;
    model_walk(life->cells, &sum, write_term, &life->rule);
    for (size_t i = before; i < life->rule.count; i++)
        life->rule.met[life->rule.term[i]] = false;
}

static enum base_code end_rule(struct life *life, struct base_error *error)
{
    struct writing *rule = &life->rule;
    const size_t count = rule->count;
    rule->count = 0;
    return system_add_rule(rule->system, rule->term, rule->factor, count, error);
}

/* How many conversations of a session there truly are in the time. */
static int64_t true_count(const struct life *life, unsigned session)
{
    struct protect_sum all = protect_sum_all();
    all.places = 1u << life->place;
    all.months.first = (base_month)(life->cells->first + life->from);
    all.months.last = (base_month)(life->cells->first + life->to);
    all.parties = life->plan->party[life->party];
    all.sessions = (codebook_set)(1u << session);
    return model_value(life->cells->ground, &all);
}

static bool is_alone(const struct life *life, unsigned session)
{
    const codebook_set part = life->plan->session[life->part[session]];
    return (part & (part - 1)) == 0;
}

/* Tells the sessions of each part of several apart. *any: there are cells at all. */
static enum base_code tell_apart(struct life *life, bool *any, struct base_error *error)
{
    *any = false;
    for (size_t part = 0; part < life->plan->sessions; part++) {
        write_part(life, part, 1);
        const bool some = life->rule.count > 0;
        *any = *any || some;
        bool several = false;
        for (unsigned session = 0; session < CODEBOOK_SESSIONS && some; session++) {
            if (life->part[session] != part || is_alone(life, session))
                continue;
            several = true;
            if (system_add_variable(life->rule.system, true_count(life, session),
                                    &life->alone[session], error) != BASE_OK)
                return error->code;
            write_variable(&life->rule, life->alone[session], -1);
        }
        if (!several)
            life->rule.count = 0;
        else if (end_rule(life, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static void write_session(struct life *life, unsigned session, int32_t with)
{
    if (is_alone(life, session))
        write_part(life, life->part[session], with);
    else
        write_variable(&life->rule, life->alone[session], with);
}

/* Up to the end of the time: what was left before, more of the earlier session, less of the later one is what
 * is left, which is not below zero. */
static enum base_code write_time(struct life *life, struct base_error *error)
{
    struct system *system = life->rule.system;
    bool any;
    if (tell_apart(life, &any, error) != BASE_OK)
        return error->code;
    for (unsigned session = 1; session < CODEBOOK_SESSIONS && any; session++) {
        int64_t left = true_count(life, session - 1) - true_count(life, session);
        write_session(life, session - 1, 1);
        write_session(life, session, -1);
        if (life->left[session] != SYSTEM_NOTHING) {
            write_variable(&life->rule, life->left[session], 1);
            left += system->truth[life->left[session]];
        }
        if (system_add_variable(system, left, &life->left[session], error) != BASE_OK)
            return error->code;
        write_variable(&life->rule, life->left[session], -1);
        if (end_rule(life, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* How many more conversations of a session than of the next there truly are up to the end of a month. */
static int64_t true_left(const struct life *life, unsigned session, base_month month)
{
    const struct tally_counts *counts = life->cells->ground->places[life->place].counts;
    struct protect_sum sum = protect_sum_all();
    sum.places = 1u << life->place;
    sum.months = (struct base_period){counts->period.first, month};
    sum.parties = life->plan->party[life->party];
    sum.sessions = (codebook_set)(1u << (session - 1));
    const int64_t earlier = model_value(life->cells->ground, &sum);
    sum.sessions = (codebook_set)(1u << session);
    return month < counts->period.first ? 0 : earlier - model_value(life->cells->ground, &sum);
}

/* What was left before the ground is one more variable. */
static enum base_code begin_life(struct life *life, struct base_error *error)
{
    const struct model_ground *ground = life->cells->ground;
    struct system *system = life->rule.system;
    for (unsigned session = 1; session < CODEBOOK_SESSIONS; session++) {
        uint32_t *left = &life->left[session];
        *left = SYSTEM_NOTHING;
        if (ground->first <= ground->places[life->place].counts->period.first)
            continue;
        const int64_t truth = true_left(life, session, (base_month)(ground->first - 1));
        if (system_add_variable(system, truth, left, error) != BASE_OK ||
            old_arena_grow(system->arena, &system->carry, system->carried, &system->carried_room,
                       sizeof *system->carry, error) != BASE_OK)
            return error->code;
        system->carry[system->carried++] = *left;
    }
    return BASE_OK;
}

static enum base_code write_life(struct life *life, struct base_error *error)
{
    if (begin_life(life, error) != BASE_OK)
        return error->code;
    life->from = 0;
    for (life->to = 0; life->to < life->cells->months; life->to++) {
        if (!life->plan->ends[life->to])
            continue;
        if (write_time(life, error) != BASE_OK)
            return error->code;
        life->from = life->to + 1;
    }
    return BASE_OK;
}

enum base_code life_add_rules(const struct model_cells *cells, const struct model_life *plan,
                              struct system *system, struct base_error *error)
{
    struct life life = {.cells = cells, .plan = plan, .rule = {.system = system}};
    const size_t room = system->variables + 2 * CODEBOOK_SESSIONS;
    if (plan->sessions == 0)
        return BASE_OK;
    if (old_arena_take(system->arena, room, sizeof *life.rule.term, &life.rule.term, error) !=
            BASE_OK ||
        old_arena_take(system->arena, room, sizeof *life.rule.factor, &life.rule.factor, error) !=
            BASE_OK ||
        old_arena_take(system->arena, room, sizeof *life.rule.met, &life.rule.met, error) != BASE_OK)
        return error->code;
    for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++)
        while ((plan->session[life.part[session]] >> session & 1u) == 0)
            life.part[session]++;
    for (life.place = 0; life.place < cells->ground->place_count; life.place++)
        for (life.party = 0; life.party < plan->parties; life.party++)
            if (write_life(&life, error) != BASE_OK)
                return error->code;
    return BASE_OK;
}
