/* The attack, and what of it is told: a figure once, however often it was published. */
#include <stdlib.h>
#include <string.h>

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
    return chosen == 0 ? SDC_THRESHOLD : chosen;
}

/* ---- what is told ----------------------------------------------------------------------------- */

/* Figures from `first` up to the result are of the same sum. */
static size_t end_of_group(const struct published *published, size_t first)
{
    size_t end = first + 1;
    while (end < published->figure_count &&
           cell_set_equals(&published->figures[end].sum, &published->figures[first].sum))
        end++;
    return end;
}

static void add_finding(struct published *published, const struct sdc_published *attacked,
                        size_t first, size_t end)
{
    struct published_finding *finding = &published->findings[published->result.finding_count++];
    size_t *files = &published->finding_files[first];
    *finding = (struct published_finding){attacked->cells, attacked->least, attacked->most, files, 0};
    for (size_t i = first; i < end; i++)
        if (i == first || published->figures[i].file != published->figures[i - 1].file)
            files[finding->file_count++] = published->figures[i].file;
}

/* Those that nobody printed follow; they are in no file. */
static enum base_code add_unprinted(struct published *published, const struct sdc_attack *attack,
                                    struct base_error *error)
{
    struct published_result *result = &published->result;
    const size_t count = result->finding_count + attack->finding_count;
    struct published_finding *all = realloc(published->findings, (count + 1) * sizeof *all);
    if (all == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
    published->findings = all;
    for (size_t i = 0; i < attack->finding_count; i++) {
        const struct sdc_finding *found = &attack->findings[i];
        all[result->finding_count++] =
            (struct published_finding){found->cells, found->least, found->most, NULL, 0};
    }
    return BASE_OK;
}

static void tell(struct published *published, const struct sdc_published *attacked)
{
    struct published_result *result = &published->result;
    for (size_t first = 0, end; first < published->figure_count; first = end) {
        const struct sdc_published *narrowed = NULL;
        bool shown = false, doubtful = false;
        end = end_of_group(published, first);
        for (size_t i = first; i < end; i++) {
            shown = shown || attacked[i].shown;
            doubtful = doubtful || attacked[i].doubtful;
            narrowed = attacked[i].narrowed ? &attacked[i] : narrowed;
        }
        result->shown += shown ? 1 : 0;
        result->hidden += shown ? 0 : 1;
        if (result->contradictory)
            continue;
        result->doubtful += doubtful ? 1 : 0;
        if (narrowed != NULL)
            add_finding(published, narrowed, first, end);
    }
}

/* ---- the attack ------------------------------------------------------------------------------- */

static enum base_code attack(struct published *published, struct sdc_published *attacked,
                             double seconds, struct base_error *error)
{
    struct sdc_offered offered[COUNTS_MOST_PLACES];
    struct sdc_attack attack = {
        .threshold = published->result.threshold,
        .offered = offered,
        .place_count = published->places.count,
        .published = attacked,
        .published_count = published->figure_count,
        .seconds = seconds > 0 ? seconds : PUBLISHED_SECONDS,
    };
    for (size_t i = 0; i < published->places.count; i++)
        offered[i] = published->places.place[i].offered;
    for (size_t i = 0; i < published->figure_count; i++) {
        const struct published_figure *figure = &published->figures[i];
        attacked[i] = (struct sdc_published){
            .cells = figure->sum, .shown = figure->shown, .value = figure->value};
    }
    enum base_code code = sdc_attack(&attack, error);
    if (code == BASE_OK) {
        published->result.contradictory = attack.contradictory;
        tell(published, attacked);
        code = add_unprinted(published, &attack, error);
    }
    sdc_attack_free(&attack);
    return code == BASE_NOT_PROVEN ? base_fail(error, BASE_NOT_CHECKED, "%s", _("the files"))
                                   : code;
}

enum base_code published_attack(struct published *published, unsigned threshold, double seconds,
                                const struct published_result **out, struct base_error *error)
{
    struct published_result *result = &published->result;
    const size_t count = published->figure_count;
    if (published_settle(published, error) != BASE_OK)
        return error->code;
    qsort(published->figures, count, sizeof *published->figures, compare_figures);
    result->threshold = choose_threshold(published, threshold);
    result->file_count = published->file_count;
    result->place_count = published->places.count;
    struct sdc_published *attacked = calloc(count, sizeof *attacked);
    published->findings = calloc(count, sizeof *published->findings);
    published->finding_files = calloc(count, sizeof *published->finding_files);
    enum base_code code = BASE_OK;
    if (attacked == NULL || published->findings == NULL || published->finding_files == NULL)
        code = base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
    if (code == BASE_OK)
        code = attack(published, attacked, seconds, error);
    free(attacked);
    if (code != BASE_OK)
        return code;
    result->findings = published->findings;
    *out = result;
    return BASE_OK;
}
