#include "inside.h"

enum { MONTHS_OF_YEAR = 12 };

static const int32_t *amounts_of(const struct tally_plan *plan, base_month month)
{
    static const int32_t none[CODEBOOK_CELLS];
    return month < plan->period.first || month > plan->period.last
               ? none
               : plan->amounts[month - plan->period.first];
}

static bool is_counted_in(const struct tally_plan *plan, int year)
{
    for (int i = 0; i < MONTHS_OF_YEAR; i++) {
        const int32_t *amounts = amounts_of(plan, (base_month)(year * MONTHS_OF_YEAR + i));
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            if (amounts[cell] != 0)
                return true;
    }
    return false;
}

static enum base_code check_month(const struct record_header *header, const int32_t *amounts,
                                  base_month month, struct base_error *error)
{
    char text[BASE_MONTH_TEXT];
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
        if (amounts[cell] == 0)
            continue;
        if (amounts[cell] < -TALLY_MOST_PLANNED || amounts[cell] > TALLY_MOST_PLANNED) {
            base_month_format(month, text);
            return base_fail(error, BASE_COUNT_LIMIT, "%s", text);
        }
        if (count_check_month(month, error) != BASE_OK ||
            count_check(header, month, codebook_contact_of(cell), amounts[cell], error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static enum base_code check(const struct record_header *header, const struct tally_plan *plan,
                            struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (unsigned month = plan->period.first; code == BASE_OK && month <= plan->period.last;
         month++)
        code = check_month(header, amounts_of(plan, (base_month)month), (base_month)month, error);
    return code;
}

enum base_code tally_check_plan(const char *path, const struct tally_plan *plan,
                                struct base_error *error)
{
    struct store *store;
    enum base_code code = store_open(path, STORE_READ, &store, error);
    if (code != BASE_OK)
        return code;
    code = check(store_header(store), plan, error);
    store_close(store);
    return code;
}

/* ---- counting ---- */

/* One count of a plan. */
struct counting {
    struct store *store;
    struct record_device device;
    struct keys_device *key;
    const struct tally_plan *plan;
};

static enum base_code count_month(const struct counting *counting, base_month month,
                                  struct base_error *error)
{
    struct record_row row;
    enum base_code code =
        count_get_row(counting->store, month, &counting->device, counting->key, &row, error);
    if (code != BASE_OK)
        return code;
    if (!elgamal_add_counts(row.cells, CODEBOOK_CELLS,
                            store_header(counting->store)->public_keys.encryption,
                            amounts_of(counting->plan, month)))
        return base_fail(error, BASE_NO_MEMORY, "%s", _("counting"));
    return store_put_row(counting->store, &row, counting->key, error);
}

static enum base_code count_years(const struct counting *counting, base_progress *progress,
                                  void *context, struct base_error *error)
{
    const int first = base_month_year(counting->plan->period.first);
    const int last = base_month_year(counting->plan->period.last);
    uint64_t done = 0, total = 0;
    enum base_code code = BASE_OK;
    for (int year = first; year <= last; year++)
        total += is_counted_in(counting->plan, year) ? MONTHS_OF_YEAR : 0;
    for (int year = first; year <= last; year++) {
        if (!is_counted_in(counting->plan, year))
            continue;
        for (int i = 0; code == BASE_OK && i < MONTHS_OF_YEAR; i++) {
            code = count_month(counting, (base_month)(year * MONTHS_OF_YEAR + i), error);
            if (code == BASE_OK && progress != NULL)
                progress(context, ++done, total);
        }
    }
    return code;
}

enum base_code tally_count_plan(const char *path, const struct tally_plan *plan,
                                base_progress *progress, void *context, struct base_error *error)
{
    struct counting counting = {.plan = plan};
    enum base_code code = store_open(path, STORE_WRITE, &counting.store, error);
    if (code != BASE_OK)
        return code;
    code = check(store_header(counting.store), plan, error);
    if (code == BASE_OK)
        code = tally_load_device(counting.store, &counting.key, &counting.device, error);
    if (code == BASE_OK)
        code = count_years(&counting, progress, context, error);
    keys_device_free(counting.key);
    if (code == BASE_OK)
        code = store_commit(counting.store, error);
    store_close(counting.store);
    return code;
}

enum base_code tally_plan_counts(const struct tally_plan *plan, const struct record_header *header,
                                 struct tally_counts **out, struct base_error *error)
{
    struct tally_counts *counts;
    enum base_code code = counts_new(plan->period, header, &counts, error);
    if (code != BASE_OK)
        return code;
    for (size_t month = 0; month < base_period_months(plan->period); month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            counts->cells[month][cell] = plan->amounts[month][cell];
    *out = counts;
    return BASE_OK;
}
