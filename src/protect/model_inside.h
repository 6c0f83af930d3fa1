/* What the model's files share: base cells, and which of them stay together. */
#ifndef PROTECT_MODEL_INSIDE_H
#define PROTECT_MODEL_INSIDE_H

#include "model.h"

#define MODEL_NO_GROUP UINT32_MAX

/* Group numbers of [place][month - first][cell]; MODEL_NO_GROUP: zero by definition. */
struct model_cells {
    const struct model_ground *ground;
    base_month first;
    size_t months;
    uint32_t *group;
    size_t groups;
    uint32_t *size;   /* of each group */
    uint32_t *inside; /* scratch: how much of a group a sum has */
    uint32_t *split;  /* scratch: the new group */
};

static inline bool model_has(unsigned set, unsigned value)
{
    return ((set >> value) & 1u) != 0;
}

static inline uint32_t *model_group(const struct model_cells *cells, size_t place, size_t month,
                                    unsigned cell)
{
    return &cells->group[(place * cells->months + month) * CODEBOOK_CELLS + cell];
}

/* The true count; zero where the place has no counts. */
int64_t model_truth(const struct model_cells *cells, size_t place, size_t month, unsigned cell);

/* Calls `take` for each cell of a sum that is not zero by definition. */
typedef void model_take(void *context, const struct model_cells *cells, size_t place, size_t month,
                        unsigned cell);
void model_walk(const struct model_cells *cells, const struct protect_sum *sum, model_take *take,
                void *context);

/* Cells inside and outside of the sum stay together no longer. */
void model_split(struct model_cells *cells, const struct protect_sum *sum);

/* ---- model_life.c: over a place's life, no party has more (k+1)-th conversations than k-th ---- */

/* What must be told apart: sessions in `part` by part, parties in `parties` by part. */
struct model_life {
    codebook_set session[CODEBOOK_SESSIONS];
    size_t sessions;
    codebook_set party[CODEBOOK_PARTIES];
    size_t parties;
    bool *ends; /* of each month: a sum begins after it or ends with it */
};

/* `life->sessions` is 0 if no sum has other sessions than the first: then nothing follows. */
enum base_code life_plan(const struct model_cells *cells, const struct protect_sum *sums,
                         size_t count, struct arena *arena, struct model_life *life,
                         struct base_error *error);
void life_split(struct model_cells *cells, const struct model_life *life);
enum base_code life_add_rules(const struct model_cells *cells, const struct model_life *life,
                              struct system *system, struct base_error *error);

#endif
