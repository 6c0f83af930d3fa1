/* What the files of the choice share. */
#ifndef PROTECT_CHOOSE_INSIDE_H
#define PROTECT_CHOOSE_INSIDE_H

#include "choose.h"

/* ---- choose_cut.c: the attacker's program, and what its duals prove ---- */

/* Columns: by how much each variable differs from the truth; then for each need two, by how much its
 * ends are missed. Rows: sums, needs, rules. */
struct cutter {
    const struct system *system;
    const struct protect_solver *solver;
    void *state;
    const uint32_t *candidate; /* sums */
    size_t candidates;
    struct solver_column *columns;
    size_t column_count;
    struct solver_row *row;
    size_t rows;
    uint32_t *column;
    double *factor;
    double *values, *duals, *reduced;
    double *more, *less; /* of each candidate: how far its sum can differ */
    double *hidden;      /* of each candidate, as the program has it now: 0 shown, 1 hidden */
};

enum cut_answer { CUT_MET, CUT_FOUND, CUT_FAILED };

enum base_code cutter_open(const struct system *system, const struct protect_solver *solver,
                           const uint32_t *candidate, size_t candidates, struct arena *arena,
                           struct cutter *cutter, struct base_error *error);
void cutter_close(struct cutter *cutter);

/* From now on candidates are hidden to this part (0 to 1). */
void cutter_hide(struct cutter *cutter, const double *hidden);

/* Is the target met? If not, `cut` (with room for all candidates) is what every choice must keep to. */
enum cut_answer cutter_look(struct cutter *cutter, const struct choose_target *target,
                            double deadline, struct choose_cut *cut);

/* ---- choose_exact.c, choose_eliminate.c ---- */

struct chooser {
    struct system *system;
    const struct protect_solver *solver;
    struct arena *arena;
    uint32_t *candidate; /* sums that are neither primary nor given */
    size_t candidates;
    struct cutter cutter;
    struct choose_cut *cut;
    size_t cuts, cut_room;
    struct choose_cut scratch;
    double *hidden;
    void *master;
    size_t told;                  /* cuts that the master program has */
    struct choose_target *target; /* learned ones that have a single contact's maker */
    size_t targets, target_room;
    unsigned unproven; /* findings that no dual explains */
};

/* Keeps a copy of the scratch cut. */
enum base_code choose_keep_cut(struct chooser *chooser, struct base_error *error);

/* Looks at all needs (and learned targets), keeps each cut that is found: their number, and whether all
 * could be looked at. */
enum base_code choose_look_at_all(struct chooser *chooser, double deadline, size_t *found,
                                  bool *failed, struct base_error *error);

/* Does `hidden` keep to all cuts? */
bool choose_keeps_cuts(const struct chooser *chooser);

/* `hidden` becomes the cheapest choice. *done is false if the time or the solver did not do. */
enum base_code choose_exactly(struct chooser *chooser, double deadline, bool *done,
                              struct base_error *error);

/* `hidden` becomes a choice that leaves no need's sum a combination of shown ones. */
enum base_code choose_by_elimination(struct chooser *chooser, struct base_error *error);

/* Hides more until all needs are met, then shows again what can be. */
enum base_code choose_repair(struct chooser *chooser, double deadline, bool *done,
                             struct base_error *error);

#endif
