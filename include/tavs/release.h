/* release: what may leave the house. Counts become a protected document, and the ledger's memory of it.
 *
 * protect says which figures may be shown; this room says which tables are offered, what the ledger has to
 * say about it, and makes a document of the result. It neither reads nor writes a store.
 */
#ifndef TAVS_RELEASE_H
#define TAVS_RELEASE_H

#include "tavs/base.h"
#include "tavs/protect.h"
#include "tavs/table.h"
#include "tavs/tally.h"

/* A place that is released, with all that its store's ledger has. */
struct release_place {
    struct table_source source; /* `life` may be NULL: nothing was ever counted */
    uint8_t store_id[KEYS_STORE_ID_BYTES];
    const struct tally_ledger *ledger;
    const bool *changed; /* of each entry of the ledger: tally_release_changed */
};

struct release_order {
    enum table_kind kind; /* TABLE_REPORT, TABLE_EXPORT */
    enum codebook_language language;
    unsigned threshold;                /* PROTECT_LEAST_THRESHOLD .. PROTECT_MOST_THRESHOLD */
    const struct base_period *periods; /* calendar years for a report; one period for an export */
    size_t period_count;
    bool explain;
    bool preview; /* the document says that it is one; nothing else differs */
};

struct release {
    struct table_document *document;
    struct protect_result *result;
    struct record_release *record; /* for the ledger; of place 0 first */
    bool is_again;                 /* the ledger has it: the same file as then */
    size_t shown, hidden;          /* different figures */
};

/* Protects what is ordered. BASE_NOTHING_TO_SHOW or, where that may be because what was released before has
 * changed since, BASE_CORRECTED_SINCE; BASE_NOT_PROVEN, BASE_PART_MISSING, BASE_NO_MEMORY. */
enum base_code release_new(const struct release_order *order, const struct release_place *places,
                           size_t place_count, struct release **out, struct base_error *error);

/* Wipes. NULL is fine. */
void release_free(struct release *release);

/* Of a release that was ordered with `explain`: for each hidden figure, a line that says why it is hidden,
 * what an attacker is left with, and what to give up for it. For the leader only. In guarded memory, freed
 * with secret_free. */
enum base_code release_explain(const struct release *release, char **text,
                               struct base_error *error);

#endif
