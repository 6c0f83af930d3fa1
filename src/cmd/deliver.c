#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"

static enum base_code choose_format(const struct cmd_context *context, enum table_kind kind,
                                    enum render_format preset, enum render_format *format,
                                    struct base_error *error)
{
    const char *name = context->value[CMD_FORMAT];
    enum base_code code = BASE_OK;
    *format = preset;
    if (name != NULL)
        code = render_find_format(name, kind, format, error);
    if (code != BASE_OK || context->value[CMD_EXCEL] == NULL)
        return code;
    if (name != NULL && *format != RENDER_CSV)
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--excel --format %s", name);
    *format = RENDER_EXCEL_CSV;
    return BASE_OK;
}

enum base_code cmd_check_delivery(const struct cmd_context *context, enum table_kind kind,
                                  struct base_error *error)
{
    enum render_format format;
    enum base_code code = choose_format(context, kind, RENDER_TEXT, &format, error);
    if (code == BASE_OK && render_format_is_binary(format) && !cmd_output_is_file(context) &&
        isatty(STDOUT_FILENO))
        code = base_fail(error, BASE_BINARY_TO_TERMINAL, "%s", render_format_name(format));
    if (code == BASE_OK)
        code = cmd_check_output(context, error);
    return code == BASE_OK ? render_prepare(format, error) : code;
}

enum base_code cmd_deliver(const struct cmd_context *context, const struct table_document *document,
                           enum render_format preset, struct base_error *error)
{
    enum render_format format;
    struct render_output output = {0};
    enum base_code code = choose_format(context, document->kind, preset, &format, error);
    if (code == BASE_OK)
        code = render_document(document, format, &output, error);
    if (code != BASE_OK)
        return code;
    code = format == RENDER_TEXT ? cmd_write_text(context, output.bytes, error)
                                 : cmd_write_output(context, output.bytes, output.size, error);
    render_free(&output);
    return code;
}

static enum base_code read_life(struct store *store, const struct cmd_reader *reader,
                                struct tally_counts **life, struct base_error *error)
{
    struct base_period extent;
    bool any;
    enum base_code code = tally_extent(store, &extent, &any, error);
    if (code == BASE_OK && any)
        code = tally_read(store, reader->key, extent, life, error);
    return code;
}

static enum base_code read_ledger(struct store *store, struct cmd_ledger *ledger,
                                  struct base_error *error)
{
    ledger->header = *store_header(store);
    enum base_code code = tally_check_ledger_pin(store, error);
    if (code == BASE_OK)
        code = tally_ledger_read(store, ledger->reader.key, &ledger->ledger, error);
    return code;
}

void cmd_close_ledger(struct cmd_ledger *ledger)
{
    tally_ledger_free(ledger->ledger);
    cmd_close_reader(&ledger->reader);
    ledger->ledger = NULL;
}

enum base_code cmd_read_counts(const struct cmd_context *context, struct base_period period,
                               struct tally_counts **counts, struct tally_counts **life,
                               struct cmd_ledger *ledger, char fingerprint[KEYS_FINGERPRINT_TEXT],
                               struct base_error *error)
{
    struct cmd_reader reader;
    struct store *store;
    struct tally_counts *found = NULL;
    struct tally_counts *all = NULL;
    enum base_code code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    if (ledger != NULL)
        ledger->reader = reader;
    code = cmd_open_store(context, STORE_READ, &reader, &store, error);
    if (code == BASE_OK) {
        code = tally_read(store, reader.key, period, &found, error);
        if (code == BASE_OK && life != NULL)
            code = read_life(store, &reader, &all, error);
        if (code == BASE_OK && ledger != NULL)
            code = read_ledger(store, ledger, error);
        store_close(store);
    }
    keys_fingerprint_text(fingerprint, reader.fingerprint);
    if (ledger == NULL)
        cmd_close_reader(&reader);
    if (code != BASE_OK) {
        tally_counts_free(found);
        tally_counts_free(all);
        return code;
    }
    *counts = found;
    if (life != NULL)
        *life = all;
    return BASE_OK;
}
