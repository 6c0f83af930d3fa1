/* Corrected editions of what was published: each figure that changes is shown first. */
#include <signal.h>
#include <stdlib.h>

#include "inside.h"
#include "tavs/term.h"

/* Somebody must be there to say yes. */
enum base_code cmd_check_asking(const struct cmd_context *context, struct base_error *error)
{
    return context->value[CMD_YES] == NULL && !term_is_interactive()
               ? base_fail(error, BASE_NEEDS_TERMINAL, "%s", "")
               : BASE_OK;
}

enum base_code cmd_ask_to_publish(const struct cmd_context *context, const char *question,
                                  struct base_error *error)
{
    bool yes = true;
    enum base_code code = BASE_OK;
    if (context->value[CMD_YES] == NULL)
        code = term_confirm(question, context->language == CODEBOOK_DANISH ? 'j' : 'y', 'n', &yes,
                            error);
    return code == BASE_OK && !yes ? base_fail(error, BASE_CANCELLED, "%s", "") : code;
}

void cmd_say_files(const struct cmd_context *context, const struct cmd_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        cmd_say(context, "  %s\n", base_shown(files->list[i].path, &(struct base_shown){0}));
}

static void show_changes(const struct cmd_context *context, const struct cmd_places *places,
                         const struct release_correction *correction)
{
    char words[RELEASE_FIGURE_TEXT];
    cmd_say(context, "%s\n", _("Published figures that change:"));
    for (size_t i = 0; i < correction->change_count; i++) {
        const struct release_change *change = &correction->changes[i];
        release_figure_words(&change->cells, places->release, places->count, context->language,
                             words);
        if (change->shown)
            /* TRANSLATORS: a figure, what it was and what it is now. */
            cmd_say(context, _("  %s: %lld, now %lld\n"), words, (long long)change->before,
                    (long long)change->after);
        else
            cmd_say(context, _("  %s: %lld, hidden from now on\n"), words,
                    (long long)change->before);
    }
    cmd_say(context, "%s\n", _("Whoever has the old file and the new one sees these differences."));
    for (size_t i = 0; i < correction->edition_count; i++) {
        const struct release_edition *edition = &correction->editions[i];
        if (!edition->twin)
            cmd_say(context, _("Release %u: corrected edition %u of release %u\n"),
                    edition->after->number, edition->after->edition, edition->after->corrects);
    }
}

static enum base_code record_editions(struct cmd_context *context, const struct cmd_places *places,
                                      const struct release_correction *correction,
                                      struct base_error *error)
{
    const size_t count = correction->edition_count;
    struct cmd_recording recordings[TABLE_MOST_PLACES];
    const struct record_release **list =
        calloc(count * places->count, sizeof(const struct record_release *));
    if (list == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%zu", count);
    for (size_t i = 0; i < places->count; i++) {
        const struct record_release **own = list + i * count;
        recordings[i] = (struct cmd_recording){own, 0};
        for (size_t j = 0; j < count; j++)
            if (correction->editions[j].place == i)
                own[recordings[i].count++] = correction->editions[j].after;
    }
    const enum base_code code = cmd_record_releases(context, places, recordings, error);
    free(list);
    return code;
}

static enum base_code prepare_editions(const struct cmd_context *context, struct cmd_files *files,
                                       const struct cmd_places *places,
                                       const struct release_correction *correction,
                                       struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < correction->edition_count; i++)
        if (!correction->editions[i].twin)
            code = cmd_files_prepare(context, files, places, correction->editions[i].after, error);
    return code;
}

static enum base_code issue_correction(struct cmd_context *context, const struct cmd_places *places,
                                       const struct release_correction *correction,
                                       struct cmd_files *files, struct base_error *error)
{
    enum base_code code = BASE_OK;
    if (context->value[CMD_FOLDER] != NULL)
        code = prepare_editions(context, files, places, correction, error);
    if (code != BASE_OK)
        return code;
    show_changes(context, places, correction);
    if (files->count > 0)
        cmd_say(context, "%s\n", _("Files:"));
    cmd_say_files(context, files);
    code = cmd_ask_to_publish(context, _("Publish the corrected editions?"), error);
    if (code != BASE_OK)
        return code;
    sigset_t before;
    /* A key press must not part what is recorded from its files. */
    base_hold_signals(&before);
    code = record_editions(context, places, correction, error);
    if (code == BASE_OK)
        code = cmd_files_commit(context, files, error);
    if (code == BASE_OK)
        cmd_say(context, "%s\n",
                files->count > 0
                    ? _("The corrected editions are published.")
                    : _("Recorded. 'tavs publish --again N -o FOLDER' writes the files."));
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

enum base_code cmd_run_correct(struct cmd_context *context, struct cmd_files *files,
                               struct base_error *error)
{
    struct cmd_places *places;
    struct release_correction *correction;
    struct cmd_slow_progress progress;
    const base_month now = base_month_now();
    enum base_code code = BASE_OK;
    if (context->value[CMD_FOLDER] != NULL)
        code = cmd_files_check(context, files, error);
    if (code == BASE_OK)
        code = cmd_check_asking(context, error);
    if (code == BASE_OK)
        code = cmd_read_places(context, (struct base_period){now, now}, CMD_READ_LEDGER, &places,
                               error);
    if (code != BASE_OK)
        return code;
    cmd_begin_slow_progress(&progress, context, _("Protecting"));
    code = release_correct(places->release, places->count, cmd_show_slow_progress, &progress,
                           &correction, error);
    if (code == BASE_OK) {
        code = issue_correction(context, places, correction, files, error);
        release_correction_free(correction);
    }
    cmd_free_places(places);
    return code;
}
