#include "tavs/tally.h"

static enum base_code fail_month(enum base_code code, base_month month, struct base_error *error)
{
    char text[BASE_MONTH_TEXT];
    base_month_format(month, text);
    return base_fail(error, code, "%s", text);
}

enum base_code tally_check_open(const struct record_header *header, base_month month,
                                struct base_error *error)
{
    if (month <= header->closed_through)
        return fail_month(BASE_MONTH_CLOSED, month, error);
    return BASE_OK;
}

enum base_code tally_check_over(base_month month, struct base_error *error)
{
    if (month >= base_month_now())
        return fail_month(BASE_MONTH_NOT_OVER, month, error);
    return BASE_OK;
}

static enum base_code put_closed_through(struct store *store, const struct keys_reader *reader,
                                         base_month month, bool *changed, struct base_error *error)
{
    struct record_header header = *store_header(store);
    header.closed_through = month;
    enum base_code code = store_put_header(store, &header, reader, error);
    if (code == BASE_OK)
        code = store_commit(store, error);
    if (code == BASE_OK)
        *changed = true;
    return code;
}

enum base_code tally_close_month(struct store *store, const struct keys_reader *reader,
                                 base_month month, bool *changed, struct base_error *error)
{
    *changed = false;
    enum base_code code = tally_check_over(month, error);
    if (code == BASE_OK && month > store_header(store)->closed_through)
        code = put_closed_through(store, reader, month, changed, error);
    return code;
}

enum base_code tally_reopen_month(struct store *store, const struct keys_reader *reader,
                                  base_month month, bool *changed, struct base_error *error)
{
    *changed = false;
    if (month > store_header(store)->closed_through)
        return BASE_OK;
    const base_month before = month == BASE_FIRST_MONTH ? 0 : (base_month)(month - 1);
    return put_closed_through(store, reader, before, changed, error);
}
