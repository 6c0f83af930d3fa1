/* Which requirements no tally can meet, whatever is hidden now: each needs a proof. */
#include "inside.h"

/* Of one requirement's search. */
enum { MOST_NODES = 200 };

/* What is known, of one place or of all; opened when it is needed. */
struct known {
    bool opened;
    struct changes changes;
    struct whole_proof proof;
};

struct exempting {
    struct audit *audit;
    size_t places;       /* 0 if there is only one */
    struct known *known; /* of all places, then of each */
};

enum base_code exempt_new(struct audit *audit, struct exempting **out, struct base_error *error)
{
    const size_t places = audit->problem->place_count > 1 ? audit->problem->place_count : 0;
    struct exempting *exempting;
    if (arena_take(audit->arena, 1, sizeof *exempting, &exempting, error) != BASE_OK ||
        arena_take(audit->arena, places + 1, sizeof *exempting->known, &exempting->known, error) !=
            BASE_OK)
        return error->code;
    exempting->audit = audit;
    exempting->places = places;
    *out = exempting;
    return BASE_OK;
}

void exempt_close(struct exempting *exempting)
{
    for (size_t i = 0; exempting != NULL && i <= exempting->places; i++)
        whole_close(&exempting->known[i].proof);
}

static enum base_code open_known(struct exempting *exempting, struct known *known, int place,
                                 struct base_error *error)
{
    if (known->opened)
        return BASE_OK;
    struct audit *audit = exempting->audit;
    if (changes_new(audit, place, false, &known->changes, error) != BASE_OK ||
        whole_open(&known->changes.system, known->changes.cells, audit->solver, audit->arena,
                   &known->proof, error) != BASE_OK)
        return error->code;
    known->opened = true;
    return BASE_OK;
}

/* ---- one requirement ------------------------------------------------------------------------- */

static bool is_cell_fixed(struct known *known, size_t column)
{
    const int64_t least = known->changes.system.lower[column];
    whole_bound_column(&known->proof, column, 1, WHOLE_MOST);
    bool fixed = whole_is_impossible(&known->proof, MOST_NODES);
    whole_bound_column(&known->proof, column, least, -1);
    fixed = fixed && (least > -1 || whole_is_impossible(&known->proof, MOST_NODES));
    whole_bound_column(&known->proof, column, least, WHOLE_MOST);
    return fixed;
}

/* For a while, to what a requirement asks of the figure; then as it was. */
static bool are_impossible(struct known *known, const struct suppression_problem *problem,
                           const struct requirement *one)
{
    const size_t row = known->changes.figure[one->figure];
    const int64_t wanted = one->value - problem->figure[one->figure].value;
    const bool for_maker = one->kind == REQUIRE_MAKER;
    const size_t maker = for_maker ? known->changes.figure[one->maker] : CHANGES_NONE;
    if (row == CHANGES_NONE || (for_maker && maker == CHANGES_NONE))
        return false;
    whole_bound_row(&known->proof, row, wanted, wanted);
    if (for_maker)
        whole_bound_row(&known->proof, maker, 1 - problem->figure[one->maker].value, WHOLE_MOST);
    const bool impossible = whole_is_impossible(&known->proof, MOST_NODES);
    whole_bound_row(&known->proof, row, WHOLE_LEAST, WHOLE_MOST);
    if (for_maker)
        whole_bound_row(&known->proof, maker, WHOLE_LEAST, WHOLE_MOST);
    return impossible;
}

static bool is_refuted(const struct exempting *exempting, struct known *known,
                       const struct requirement *one)
{
    if (one->kind != REQUIRE_CELL)
        return are_impossible(known, exempting->audit->problem, one);
    const size_t column = known->changes.column[one->cell];
    return column != CHANGES_NONE && is_cell_fixed(known, column);
}

/* The place of the first cell that is asked about. */
static unsigned place_of(const struct suppression_problem *problem, const struct requirement *one)
{
    const struct problem_figure *figure = &problem->figure[one->figure];
    const uint32_t cell = one->kind == REQUIRE_CELL ? one->cell : problem->member[figure->first];
    return problem->cell[cell].place;
}

/* In one place first: mostly it is the sessions there that leave no room, and what is small is soon solved. */
enum base_code exempt_prove(struct exempting *exempting, const struct requirement *one,
                            bool *proven, struct base_error *error)
{
    const unsigned place = place_of(exempting->audit->problem, one);
    struct known *known = exempting->known;
    *proven = false;
    if (exempting->places > 0) {
        if (open_known(exempting, &known[1 + place], (int)place, error) != BASE_OK)
            return error->code;
        *proven = is_refuted(exempting, &known[1 + place], one);
    }
    if (!*proven) {
        if (open_known(exempting, known, CHANGES_ALL_PLACES, error) != BASE_OK)
            return error->code;
        *proven = is_refuted(exempting, known, one);
    }
    return BASE_OK;
}
