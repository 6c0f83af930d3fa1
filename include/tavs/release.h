/* release: what may leave the house. Counts become a release; a release becomes a document.
 *
 * A release is what the ledger keeps (struct record_release): periods, places, and figures with their values
 * if they are shown. A document is made of that alone, so that the same release can be printed again for
 * ever. This room neither reads nor writes a store, and decides nothing about what may be shown: protect does.
 */
#ifndef TAVS_RELEASE_H
#define TAVS_RELEASE_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/counts.h"
#include "tavs/keys.h"
#include "tavs/protect.h"
#include "tavs/record.h"
#include "tavs/table.h"
#include "tavs/tally.h"

/* A place, with all that its store knows of it. Texts and pointers stay the caller's. */
struct release_place {
    const char *name;                /* NULL if it is the only one; else different for each */
    const char *fingerprint;         /* as people compare it */
    const struct keys_reader *key;   /* draws the lots */
    const struct tally_counts *life; /* all months that have rows; NULL: nothing was ever counted */
    const struct tally_ledger *ledger; /* all that was ever released */
    uint8_t store_id[KEYS_STORE_ID_BYTES];
    unsigned threshold;             /* the store's */
    base_month closed_through;      /* 0: no month is closed */
    codebook_set channels, parties; /* ever offered */
    struct record_offer now;        /* offered now */
};

struct release_order {
    const struct base_period *periods; /* ascending, each with a layout (protect_period_of) */
    size_t period_count;
    unsigned threshold;      /* of a draft that tries another one; 0: the highest of the places' */
    bool draft;              /* open months are taken as they are, and it gets no number */
    base_progress *progress; /* or NULL */
    void *progress_context;
};

struct release {
    /* Of place 0 first, then the others as they were given. `number` is the next one of place 0's ledger, 0 for
     * a draft. In guarded memory. */
    struct record_release *record;
    struct protect_result *result; /* its figures are those of the record, in the same order */
    size_t shown, hidden;
};

/* Protects what is ordered.
 *
 * Refused before anything else, in this order: BASE_TOO_MANY_FIGURES (for one release); BASE_COUNT_BELOW_ZERO and BASE_SESSION_EXCEEDS (counts that can't
 * be; the subject names the cell and the command that mends it); BASE_PERIOD_NOT_CLOSED (not a draft; the
 * subject names the command that helps); BASE_PLACE_MISSING (a release of the same year had another place
 * besides those given); BASE_CORRECT_FIRST (not a draft: a release shows what the counts don't come to any
 * more; the subject names it). A draft takes what releases have shown as it would be after their correction.
 *
 * Then BASE_NOTHING_TO_SHOW, BASE_NOT_PROTECTED, BASE_NOT_PROVEN, BASE_PART_MISSING, BASE_NO_MEMORY. */
enum base_code release_new(const struct release_order *order, const struct release_place *places,
                           size_t place_count, struct release **out, struct base_error *error);

/* Wipes. NULL is fine. */
void release_free(struct release *release);

/* ---- the ledger ----------------------------------------------------------------------------- */

/* Whether a later edition has taken the place of a release of this ledger. */
bool release_is_corrected(const struct tally_ledger *ledger, const struct record_release *record);

/* Whether what the release shows is what the counts come to now. What takes in a place that is not given is
 * not looked at. */
bool release_agrees(const struct record_release *record, const struct release_place *places,
                    size_t place_count);

/* ---- corrections ---------------------------------------------------------------------------- */

/* A figure that is published anew. Its places are those given. */
struct release_change {
    struct cell_set cells;
    int64_t before, after;
    bool shown; /* false: hidden from now on, and `after` is 0 */
};

struct release_edition {
    size_t place;                        /* whose ledger `before` is in and `after` belongs to */
    const struct record_release *before; /* owned by the ledger */
    struct record_release *after;        /* its first place is that place */
    bool twin; /* another edition of the list is the same release in the ledger of another place */
};

struct release_correction {
    struct release_edition *editions;
    size_t edition_count;
    struct release_change *changes; /* each figure once; in guarded memory */
    size_t change_count;
};

/* Makes corrected editions of all releases that touch a year in which any of them does not agree, and that would
 * change: the same figures are shown, less those that would give something away. Nothing that was hidden is
 * shown. `progress` may be NULL. BASE_NOTHING_TO_CORRECT; BASE_PERIOD_NOT_CLOSED; BASE_PLACE_MISSING; and the
 * refusals of release_new but BASE_NOTHING_TO_SHOW. */
enum base_code release_correct(const struct release_place *places, size_t place_count,
                               base_progress *progress, void *progress_context,
                               struct release_correction **out, struct base_error *error);
void release_correction_free(struct release_correction *correction); /* NULL is fine */

/* ---- documents ------------------------------------------------------------------------------ */

/* What a document says beside the record: whose release it is, in which order the places stand, and what it
 * is called. What the places had offered the record says. */
struct release_print {
    enum codebook_language language;
    bool draft;
    const struct release_place
        *places; /* all places of the record; only their names, fingerprints, ids and,
                                         * for a draft, closed months count */
    size_t place_count;
};

/* The document of a release: the same bytes whenever it is made. BASE_PLACE_MISSING; BASE_NO_MEMORY. */
enum base_code release_document(const struct record_release *record,
                                const struct release_print *print, enum table_kind kind,
                                struct table_document **out, struct base_error *error);

/* A figure in words: "1st quarter of 2026, telephone, courses begun". Of several places their names come
 * first. A longer text is cut. */
enum { RELEASE_FIGURE_TEXT = 1024 };
void release_figure_words(const struct cell_set *cells, const struct release_place *places,
                          size_t place_count, enum codebook_language language,
                          char text[RELEASE_FIGURE_TEXT]);

/* For each figure that is hidden a line that says why. For the leader only. In guarded memory, freed with
 * secret_free. BASE_NO_MEMORY. */
enum base_code release_explain(const struct release *release, const struct release_place *places,
                               size_t place_count, enum codebook_language language, char **text,
                               struct base_error *error);

#endif
