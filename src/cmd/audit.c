#include <string.h>

#include "audit.h"
#include "tavs/secret.h"

struct audit {
    const struct cmd_context *context;
    bool json;
    struct audit_report *before, *report; /* of the file before and after a wash */
    struct tally_washed washed;
    struct audit_full *full;
    struct traces_report *traces;
    struct audit_record record;
};

/* In place of the report that there is. */
static enum base_code audit_again(struct audit *audit, struct base_error *error)
{
    struct audit_report *report;
    enum base_code code = audit_file(audit->context->store_path, &report, error);
    if (code != BASE_OK)
        return code;
    audit_report_free(audit->report);
    audit->report = report;
    return BASE_OK;
}

static enum base_code wash(struct audit *audit, struct base_error *error)
{
    struct cmd_progress progress = {.context = audit->context, .what = _("washing"), .percent = -1};
    enum base_code code =
        tally_wash(audit->context->store_path, cmd_show_progress, &progress, &audit->washed, error);
    if (code != BASE_OK)
        return code;
    audit->record.washed = &audit->washed;
    audit->before = audit->report;
    audit->record.before = audit->before;
    audit->report = NULL;
    return audit_again(audit, error);
}

/* The audit of the file is done anew under the lock that the cells are read under, so that both are of
 * the same file. */
static enum base_code read_cells(struct audit *audit, const struct cmd_reader *reader,
                                 struct base_error *error)
{
    struct store *store;
    struct cmd_progress progress = {.context = audit->context, .what = _("reading"), .percent = -1};
    enum base_code code = cmd_open_store(audit->context, STORE_READ, reader, &store, error);
    if (code != BASE_OK)
        return code;
    code = audit_again(audit, error);
    if (code == BASE_OK && audit->report->passed)
        code = audit_full(store, reader->key, cmd_show_progress, &progress, &audit->full, error);
    store_close(store);
    return code;
}

static enum base_code look_inside(struct audit *audit, struct base_error *error)
{
    struct cmd_reader reader;
    enum base_code code = cmd_open_reader(audit->context, &reader, error);
    if (code != BASE_OK)
        return code;
    audit->record.slot = reader.slot;
    code = read_cells(audit, &reader, error);
    cmd_close_reader(&reader);
    audit->record.full = audit->full;
    return code;
}

/* The store's id is that of the audited file; copies of it are told by it. */
static enum base_code look_around(struct audit *audit, struct base_error *error)
{
    const struct audit_report *report = audit->report;
    enum base_code code =
        traces_find(audit->context->store_path, report->identified ? report->store_id : NULL,
                    &audit->traces, error);
    audit->record.traces = audit->traces;
    return code;
}

static enum base_code deliver(struct audit *audit, struct base_error *error)
{
    char *bytes;
    size_t size;
    enum base_code code =
        audit->json ? audit_record_json(&audit->record, &bytes, &size, error)
                    : cmd_audit_text(audit->context, &audit->record, &bytes, &size, error);
    if (code != BASE_OK)
        return code;
    code = audit->json ? cmd_write_output(audit->context, bytes, size, error)
                       : cmd_write_text(audit->context, bytes, error);
    secret_free(bytes);
    if (code == BASE_OK && cmd_output_is_file(audit->context))
        cmd_say(audit->context, "%s\n", cmd_audit_verdict(&audit->record));
    return code;
}

/* Where something is wrong with the file itself, nothing is washed away and no passphrase asked for. */
static enum base_code run_all(struct audit *audit, struct base_error *error)
{
    const struct cmd_context *context = audit->context;
    struct audit_record *record = &audit->record;
    enum base_code code = audit_again(audit, error);
    record->language = context->language;
    record->wash_wanted = context->value[CMD_WASH] != NULL;
    record->full_wanted = context->value[CMD_FULL] != NULL;
    if (code == BASE_OK && audit->report->identified)
        code = keys_known_check(context->store_path, audit->report->fingerprint, error);
    if (code == BASE_OK && record->wash_wanted && audit->report->passed)
        code = wash(audit, error);
    if (code == BASE_OK && record->full_wanted && audit->report->passed)
        code = look_inside(audit, error);
    if (code == BASE_OK && context->value[CMD_TRACES] != NULL)
        code = look_around(audit, error);
    record->report = audit->report;
    if (code == BASE_OK)
        code = deliver(audit, error);
    if (code == BASE_OK && !audit_record_passed(record))
        code = base_fail(error, BASE_CHECK_FAILED, "%s", "");
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    struct audit audit = {.context = context};
    enum base_code code = cmd_choose_record_format(context, &audit.json, error);
    if (code == BASE_OK)
        code = cmd_check_output(context, error);
    if (code == BASE_OK)
        code = cmd_need_store_path(context, error);
    if (code == BASE_OK)
        code = run_all(&audit, error);
    audit_report_free(audit.before);
    audit_report_free(audit.report);
    audit_full_free(audit.full);
    traces_free(audit.traces);
    return code;
}

static const enum cmd_option options[] = {CMD_FULL,   CMD_WASH,   CMD_TRACES, CMD_PASSPHRASE_FILE,
                                          CMD_FORMAT, CMD_OUTPUT, CMD_FORCE,  CMD_OPTIONS};

const struct cmd_command cmd_audit = {
    .name = "audit",
    .arguments = "",
    .summary = N_("show that the store holds counts and nothing else"),
    .details = N_(
        "Accounts for every byte of the store's file, without a passphrase and without trusting\n"
        "the part of tavs that writes it. Exit status 0: nothing found; 1: something found.\n"
        "--full also opens every cell: each holds a whole number within bounds, the rules for\n"
        "counts are kept, and how much the counts can tell at most. --wash first replaces the\n"
        "randomness in this machine's rows, so that nothing can be hidden there. --traces also\n"
        "looks where command lines, editors, crashes and copies leave traces outside the store,\n"
        "and tells them by place, never by content; run it as the user who counts. --format json\n"
        "gives a record to file; docs/audit.md explains every line."),
    .examples = N_("  tavs audit                    needs no key\n"
                   "  tavs audit --full             asks for the passphrase\n"
                   "  tavs audit --wash --full      nothing is left but counts\n"
                   "  tavs audit --traces           also what lies around the store\n"
                   "  tavs audit -f json -o audit-2026.json\n"),
    .options = options,
    .reach = CMD_REACH_STORE,
    .run = run,
};
