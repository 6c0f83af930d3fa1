/* What choice and audit share: published sums over unknown counts as one sparse system. Data, and the
 * few functions that build it; neither chooses nor judges. */
#ifndef PROTECT_SYSTEM_H
#define PROTECT_SYSTEM_H

#include "arena.h"
#include "tavs/protect.h"

enum {
    /* No attacker is taken to know that a count is less than this. */
    SYSTEM_MOST = 1000000,
};

enum sum_status { SUM_UNPUBLISHED, SUM_SHOWN, SUM_HIDDEN };

/* A sum of variables: members[first .. first + count), ascending. */
struct system_sum {
    uint32_t first, count;
    int64_t value;
    enum sum_status status;
    bool candidate; /* its status is decided now */
    bool primary;   /* it is to stay hidden because it is small */
    bool stale;     /* shown once with another value */
    int64_t cost;   /* of hiding it */
};

/* sum of factors * variables = 0, over terms [first, first + count) */
struct system_rule {
    uint32_t first, count;
};

/* Whoever knows all that is shown must think possible a value of the sum of at most `least`, and one of
 * at least `most`. With `current`, he does not know the stale sums. */
struct system_need {
    uint32_t sum;
    int64_t least, most;
    bool current;
};

/* The maker of this sum's one contact knows more of a need than he may, whatever is hidden: what was shown
 * before has told him, or he had a first conversation before his second. This much is left open to him. */
struct system_waiver {
    uint32_t need, single;
    int64_t least, most;
};

struct system {
    struct arena *arena;
    size_t variables, variable_room;
    int64_t *truth, *lower, *upper; /* of the variables */
    size_t members, member_room;
    uint32_t *member;
    size_t sums, sum_room;
    struct system_sum *sum;
    size_t rules, rule_room;
    struct system_rule *rule;
    size_t terms, term_room, factor_room;
    uint32_t *term;
    int32_t *factor;
    size_t needs, need_room;
    struct system_need *need;
    size_t waivers, waiver_room;
    struct system_waiver *waiver;
    /* Variables of no sum, for the rules of sessions: by how much there were more of a conversation than of the
     * next one before the system's months. */
    size_t carried, carried_room;
    uint32_t *carry;
};

/* A sum of no variables: zero by definition. */
#define SYSTEM_NOTHING UINT32_MAX

/* Empty; everything will be in `arena`. */
void system_start(struct system *system, struct arena *arena);

/* A count whose true value is `truth`. Nobody thinks of counts below zero possible, unless one is. */
enum base_code system_add_variable(struct system *system, int64_t truth, uint32_t *number,
                                   struct base_error *error);

/* The sum of the given variables, which ascend; the same one if there is one already. */
enum base_code system_add_sum(struct system *system, const uint32_t *members, size_t count,
                              uint32_t *number, struct base_error *error);

/* Everybody knows that the variables times their factors add up to nothing. */
enum base_code system_add_rule(struct system *system, const uint32_t *terms, const int32_t *factors,
                               size_t count, struct base_error *error);

enum base_code system_add_need(struct system *system, const struct system_need *need,
                               struct base_error *error);

enum base_code system_add_waiver(struct system *system, const struct system_waiver *waiver,
                                 struct base_error *error);

/* NULL if there is none. */
static inline const struct system_waiver *system_find_waiver(const struct system *system,
                                                             uint32_t need, uint32_t single)
{
    for (size_t i = 0; i < system->waivers; i++)
        if (system->waiver[i].need == need && system->waiver[i].single == single)
            return &system->waiver[i];
    return NULL;
}

/* What was carried over is known to be what it truly is; or it may be anything, as it is at first. */
void system_know_carried(struct system *system, bool known);

/* The same sum once more, to be published or not by itself. */
enum base_code system_repeat_sum(struct system *system, uint32_t sum, uint32_t *number,
                                 struct base_error *error);

static inline bool system_is_known(const struct system_sum *sum, bool current)
{
    return sum->status == SUM_SHOWN && !(current && sum->stale);
}

/* A figure that counts exactly one contact, and is hidden: its maker knows it. */
static inline bool system_is_single(const struct system_sum *sum)
{
    return sum->status == SUM_HIDDEN && sum->value == 1;
}

#endif
