/* tavs import --undo. */
#include <string.h>

#include "import.h"
#include "tavs/table.h"

/* The note of this list; with the reader's key one that surely is. NULL if there is none. */
static const struct keys_import *find_note(const struct import *import,
                                           const struct keys_reader *reader)
{
    const struct tally_plan plan = import_plan(import);
    for (unsigned i = 0; i < import->before->count; i++) {
        const struct keys_import *note = &import->before->list[i];
        if (reader == NULL ? tally_import_fits(note, &plan)
                           : tally_import_is(note, &plan, &import->header, reader))
            return note;
    }
    return NULL;
}

static enum base_code ask_back(const struct import *import, int64_t contacts, const char *period,
                               struct base_error *error)
{
    const struct cmd_context *context = import->context;
    if (context->value[CMD_YES] != NULL)
        return BASE_OK;
    cmd_say(context,
            P_("To be taken back: %lld contact, %s\n", "To be taken back: %lld contacts, %s\n",
               (unsigned long)contacts),
            (long long)contacts, period);
    return import_confirm(import, _("Take back all of it?"), error);
}

/* Before it is taken back the note loses what tells the list, so that nothing is taken back twice, and keeps its
 * months; afterwards it goes. */
static enum base_code take_back(const struct import *import, const struct cmd_reader *reader,
                                const struct keys_import *note, struct base_error *error)
{
    struct cmd_progress progress = {import->context, _("Taking back"), -1};
    const struct tally_plan plan = import_plan(import);
    struct keys_import begun = *note;
    struct base_error ignored;
    struct store *store;
    memset(begun.mark, 0, sizeof begun.mark);
    enum base_code code = cmd_open_store(import->context, STORE_WRITE, reader, &store, error);
    if (code != BASE_OK)
        return code;
    code = keys_imports_change(import->device, note, &begun, error);
    if (code == BASE_OK) {
        code = tally_undo_plan(store, reader->key, &plan, cmd_show_progress, &progress, error);
        const bool done = code == BASE_OK || code == BASE_NOT_ERASED;
        (void)keys_imports_change(import->device, &begun, done ? NULL : note, &ignored);
    }
    store_close(store);
    return code;
}

static enum base_code undo_with(const struct import *import, const struct cmd_reader *reader,
                                struct base_error *error)
{
    const struct tally_plan plan = import_plan(import);
    const struct keys_import *note = find_note(import, reader->key);
    struct tally_counts *counts;
    char period[BASE_WORDS_TEXT];
    if (note == NULL)
        return base_fail(error, BASE_IMPORT_NOT_COUNTED, "%s", import->name);
    enum base_code code = tally_plan_counts(&plan, &import->header, &counts, error);
    if (code != BASE_OK)
        return code;
    const int64_t contacts = table_sum(counts, table_select_all(counts));
    tally_counts_free(counts);
    base_period_words(plan.period, period);
    code = ask_back(import, contacts, period, error);
    if (code == BASE_OK)
        code = take_back(import, reader, note, error);
    if (code == BASE_OK)
        cmd_say(import->context,
                P_("Taken back: %lld contact, %s\n", "Taken back: %lld contacts, %s\n",
                   (unsigned long)contacts),
                (long long)contacts, period);
    return code;
}

/* Whether anything is left below zero only the reader can tell. What can be refused is, before anybody types. */
enum base_code import_undo(const struct import *import, struct base_error *error)
{
    const struct tally_plan plan = import_plan(import);
    struct cmd_reader reader;
    if (find_note(import, NULL) == NULL)
        return base_fail(error, BASE_IMPORT_NOT_COUNTED, "%s", import->name);
    enum base_code code = tally_check_undo(import->context->store_path, &plan, error);
    if (code == BASE_OK)
        code = cmd_open_reader(import->context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = undo_with(import, &reader, error);
    cmd_close_reader(&reader);
    return code;
}
