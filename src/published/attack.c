/* The attack, and what of it is told: a figure once, however often it was published. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "inside.h"

static int compare_figures(const void *one, const void *other)
{
    const struct published_figure *a = one, *b = other;
    const int order = cell_set_compare(&a->sum, &b->sum);
    return order != 0 ? order : (a->file > b->file) - (a->file < b->file);
}

/* ---- what the files tell of the threshold ---------------------------------------------------- */

static unsigned choose_threshold(struct published *published, unsigned given)
{
    unsigned chosen = given;
    bool told = false;
    for (size_t i = 0; i < published->file_count; i++) {
        const unsigned threshold = published->files[i]->threshold;
        if (threshold == 0)
            continue;
        published->result.thresholds_differ =
            published->result.thresholds_differ || (told && threshold != chosen);
        chosen = threshold > chosen ? threshold : chosen;
        told = true;
    }
    return chosen == 0 ? PROTECT_THRESHOLD : chosen;
}

/* ---- what is attacked together ---------------------------------------------------------------- */

/* Figures that are attacked together: of all files but those that were corrected since, or of one of those. */
struct together {
    struct published *published;
    bool main;
    size_t file; /* if not main */
    size_t count;
    size_t *index; /* of each figure */
    struct protect_published *attacked;
};

static bool belongs(const struct together *set, size_t figure)
{
    const struct published *published = set->published;
    const size_t file = published->figures[figure].file;
    return set->main ? !published->files[file]->superseded : file == set->file;
}

static const struct published_figure *figure_of(const struct together *set, size_t i)
{
    return &set->published->figures[set->index[i]];
}

static enum base_code gather(struct together *set, struct base_error *error)
{
    const size_t all = set->published->figure_count;
    set->index = calloc(all + 1, sizeof *set->index);
    set->attacked = calloc(all + 1, sizeof *set->attacked);
    if (set->index == NULL || set->attacked == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
    for (size_t i = 0; i < all; i++) {
        const struct published_figure *figure = &set->published->figures[i];
        if (!belongs(set, i))
            continue;
        set->index[set->count] = i;
        set->attacked[set->count++] = (struct protect_published){
            .cells = figure->sum, .shown = figure->shown, .value = figure->value};
    }
    return BASE_OK;
}

/* ---- what is told ----------------------------------------------------------------------------- */

/* Figures from `first` up to the result are of the same sum. */
static size_t end_of_group(const struct together *set, size_t first)
{
    size_t end = first + 1;
    while (end < set->count &&
           cell_set_equals(&figure_of(set, end)->sum, &figure_of(set, first)->sum))
        end++;
    return end;
}

static enum base_code add_finding(struct together *set, struct published_finding finding,
                                  struct base_error *error)
{
    struct published *published = set->published;
    struct published_result *result = &published->result;
    if (result->finding_count == published->finding_room) {
        const size_t room = published->finding_room == 0 ? 64 : 2 * published->finding_room;
        struct published_finding *more = realloc(published->findings, room * sizeof *more);
        if (more == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
        published->findings = more;
        published->finding_room = room;
    }
    finding.alone = !set->main;
    published->findings[result->finding_count++] = finding;
    return BASE_OK;
}

static enum base_code add_printed(struct together *set, const struct protect_published *attacked,
                                  size_t first, size_t end, struct base_error *error)
{
    struct published *published = set->published;
    size_t *files = &published->finding_files[published->finding_files_used];
    size_t count = 0;
    for (size_t i = first; i < end; i++)
        if (i == first || figure_of(set, i)->file != figure_of(set, i - 1)->file)
            files[count++] = figure_of(set, i)->file;
    published->finding_files_used += count;
    return add_finding(set,
                       (struct published_finding){.sum = attacked->cells,
                                                  .least = attacked->least,
                                                  .most = attacked->most,
                                                  .files = files,
                                                  .file_count = count,
                                                  .printed = true},
                       error);
}

static enum base_code tell_printed(struct together *set, bool contradictory,
                                   struct base_error *error)
{
    struct published_result *result = &set->published->result;
    for (size_t first = 0, end; first < set->count; first = end) {
        const struct protect_published *narrowed = NULL;
        bool shown = false, doubtful = false;
        end = end_of_group(set, first);
        for (size_t i = first; i < end; i++) {
            shown = shown || set->attacked[i].shown;
            doubtful = doubtful || set->attacked[i].doubtful;
            narrowed = set->attacked[i].narrowed ? &set->attacked[i] : narrowed;
        }
        result->shown += set->main && shown ? 1 : 0;
        result->hidden += set->main && !shown ? 1 : 0;
        result->doubtful += set->main && doubtful && !contradictory ? 1 : 0;
        if (narrowed != NULL && !contradictory &&
            add_printed(set, narrowed, first, end, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* Those that nobody printed are in no file; of one that is attacked by itself it is told which that is. */
static enum base_code tell_unprinted(struct together *set, const struct protect_attack *attack,
                                     struct base_error *error)
{
    struct published *published = set->published;
    size_t *files = &published->finding_files[published->finding_files_used];
    const size_t count = !set->main && attack->finding_count > 0 ? 1 : 0;
    if (count > 0)
        files[0] = set->file;
    published->finding_files_used += count;
    for (size_t i = 0; i < attack->finding_count; i++) {
        const struct protect_finding *found = &attack->findings[i];
        if (add_finding(set,
                        (struct published_finding){.sum = found->cells,
                                                   .least = found->least,
                                                   .most = found->most,
                                                   .files = files,
                                                   .file_count = count},
                        error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* ---- the attack ------------------------------------------------------------------------------- */

static enum base_code attack_gathered(struct together *set, double seconds,
                                      struct base_error *error)
{
    struct published *published = set->published;
    struct protect_offered offered[COUNTS_MOST_PLACES];
    struct protect_attack attack = {
        .threshold = published->result.threshold,
        .offered = offered,
        .place_count = published->places.count,
        .published = set->attacked,
        .published_count = set->count,
        .seconds = seconds,
    };
    for (size_t i = 0; i < published->places.count; i++)
        offered[i] = published->places.place[i].offered;
    enum base_code code = protect_attack(&attack, error);
    if (code == BASE_OK) {
        published->result.contradictory = published->result.contradictory || attack.contradictory;
        code = tell_printed(set, attack.contradictory, error);
    }
    if (code == BASE_OK)
        code = tell_unprinted(set, &attack, error);
    protect_attack_free(&attack);
    return code == BASE_NOT_PROVEN || code == BASE_NO_MEMORY
               ? base_fail(error, BASE_NOT_CHECKED, "%s", _("the files"))
               : code;
}

static enum base_code attack_together(struct published *published, bool main, size_t file,
                                      double seconds, struct base_error *error)
{
    struct together set = {.published = published, .main = main, .file = file};
    enum base_code code = gather(&set, error);
    if (code == BASE_OK)
        code = attack_gathered(&set, seconds, error);
    free(set.index);
    free(set.attacked);
    return code;
}

/* What is left of so much work of the processor; never nothing, which would be no limit. */
static double seconds_left(double seconds, clock_t begun)
{
    const double left = seconds - (double)(clock() - begun) / CLOCKS_PER_SEC;
    return left > 0.001 ? left : 0.001;
}

/* All of it together has the time that one attack has. */
static enum base_code attack_all(struct published *published, double seconds,
                                 struct base_error *error)
{
    struct published_result *result = &published->result;
    const clock_t begun = clock();
    if (attack_together(published, true, 0, seconds, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < published->file_count; i++) {
        result->drafts += published->files[i]->is_draft ? 1 : 0;
        if (!published->files[i]->superseded)
            continue;
        result->superseded++;
        if (attack_together(published, false, i, seconds_left(seconds, begun), error) != BASE_OK)
            return error->code;
    }
    if (result->contradictory)
        result->finding_count = result->doubtful = 0;
    return BASE_OK;
}

enum base_code published_attack(struct published *published, unsigned threshold, double seconds,
                                const struct published_result **out, struct base_error *error)
{
    struct published_result *result = &published->result;
    const size_t count = published->figure_count;
    if (published_settle(published, error) != BASE_OK)
        return error->code;
    published_find_superseded(published);
    qsort(published->figures, count, sizeof *published->figures, compare_figures);
    result->threshold = choose_threshold(published, threshold);
    result->file_count = published->file_count;
    result->place_count = published->places.count;
    published->finding_files =
        calloc(count + published->file_count, sizeof *published->finding_files);
    if (published->finding_files == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
    if (attack_all(published, seconds > 0 ? seconds : (double)PUBLISHED_SECONDS, error) != BASE_OK)
        return error->code;
    result->findings = published->findings;
    *out = result;
    return BASE_OK;
}
