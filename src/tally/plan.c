#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

enum { MONTHS_OF_YEAR = 12 };

const int32_t *plan_amounts(const struct tally_plan *plan, base_month month)
{
    static const int32_t none[CODEBOOK_CELLS];
    return month < plan->period.first || month > plan->period.last
               ? none
               : plan->amounts[month - plan->period.first];
}

bool tally_plan_has(const struct tally_plan *plan, base_month month)
{
    static const int32_t none[CODEBOOK_CELLS];
    return memcmp(plan_amounts(plan, month), none, sizeof none) != 0;
}

bool plan_has_year(const struct tally_plan *plan, int year)
{
    for (int i = 0; i < MONTHS_OF_YEAR; i++) {
        if (tally_plan_has(plan, (base_month)(year * MONTHS_OF_YEAR + i)))
            return true;
    }
    return false;
}

static enum base_code check_month(const struct record_header *header, const int32_t *amounts,
                                  int sign, base_month month, struct base_error *error)
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
            count_check(header, month, codebook_contact_of(cell), sign * amounts[cell], error) !=
                BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* `sign` is -1 where it is to be taken back. */
static enum base_code check(const struct record_header *header, const struct tally_plan *plan,
                            int sign, struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (unsigned month = plan->period.first; code == BASE_OK && month <= plan->period.last;
         month++)
        code = check_month(header, plan_amounts(plan, (base_month)month), sign, (base_month)month,
                           error);
    return code;
}

static enum base_code check_path(const char *path, const struct tally_plan *plan, int sign,
                                 struct base_error *error)
{
    struct store *store;
    enum base_code code = store_open(path, STORE_READ, &store, error);
    if (code != BASE_OK)
        return code;
    code = check(store_header(store), plan, sign, error);
    store_close(store);
    return code;
}

enum base_code tally_check_plan(const char *path, const struct tally_plan *plan,
                                struct base_error *error)
{
    return check_path(path, plan, 1, error);
}

enum base_code tally_check_undo(const char *path, const struct tally_plan *plan,
                                struct base_error *error)
{
    return check_path(path, plan, -1, error);
}

/* ---- counting ---- */

/* One count of a plan. */
struct counting {
    struct store *store;
    struct record_device device;
    struct keys_device *key;
    const struct tally_plan *plan;
    int sign;
};

static enum base_code count_month(const struct counting *counting, base_month month,
                                  struct base_error *error)
{
    struct record_row row;
    int32_t amounts[CODEBOOK_CELLS];
    enum base_code code =
        count_get_row(counting->store, month, &counting->device, counting->key, &row, error);
    if (code != BASE_OK)
        return code;
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
        amounts[cell] = counting->sign * plan_amounts(counting->plan, month)[cell];
    const bool done = elgamal_add_counts(
        row.cells, CODEBOOK_CELLS, store_header(counting->store)->public_keys.encryption, amounts);
    secret_wipe(amounts, sizeof amounts);
    if (!done)
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
        total += plan_has_year(counting->plan, year) ? MONTHS_OF_YEAR : 0;
    for (int year = first; year <= last; year++) {
        if (!plan_has_year(counting->plan, year))
            continue;
        for (int i = 0; code == BASE_OK && i < MONTHS_OF_YEAR; i++) {
            code = count_month(counting, (base_month)(year * MONTHS_OF_YEAR + i), error);
            if (code == BASE_OK && progress != NULL)
                progress(context, ++done, total);
        }
    }
    return code;
}

/* In a store that is open for writing. */
static enum base_code count_and_commit(struct counting *counting, base_progress *progress,
                                       void *context, struct base_error *error)
{
    enum base_code code =
        check(store_header(counting->store), counting->plan, counting->sign, error);
    if (code == BASE_OK)
        code = tally_load_device(counting->store, &counting->key, &counting->device, error);
    if (code == BASE_OK)
        code = count_years(counting, progress, context, error);
    keys_device_free(counting->key);
    return code == BASE_OK ? store_commit(counting->store, error) : code;
}

enum base_code tally_count_plan(const char *path, const struct tally_plan *plan,
                                base_progress *progress, void *context, struct base_error *error)
{
    struct counting counting = {.plan = plan, .sign = 1};
    enum base_code code = store_open(path, STORE_WRITE, &counting.store, error);
    if (code != BASE_OK)
        return code;
    code = count_and_commit(&counting, progress, context, error);
    if (code == BASE_OK)
        device_note_store(path, counting.store);
    store_close(counting.store);
    return code;
}

/* All machines' counts of a cell together are at least what is taken back. */
static enum base_code check_left(const struct tally_counts *counts, const struct tally_plan *plan,
                                 struct base_error *error)
{
    for (size_t i = 0; i < base_period_months(plan->period); i++) {
        const base_month month = (base_month)(plan->period.first + i);
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            const int32_t amount = plan_amounts(plan, month)[cell];
            if (amount > 0 && counts->cells[i][cell] < amount)
                return read_fail_cell(BASE_IMPORT_BELOW_ZERO, month, cell, error);
        }
    }
    return BASE_OK;
}

enum base_code tally_undo_plan(struct store *store, const struct keys_reader *reader,
                               const struct tally_plan *plan, base_progress *progress,
                               void *context, struct base_error *error)
{
    struct counting counting = {.store = store, .plan = plan, .sign = -1};
    struct tally_counts *counts;
    enum base_code code = tally_read(store, reader, plan->period, &counts, error);
    if (code != BASE_OK)
        return code;
    code = check_left(counts, plan, error);
    tally_counts_free(counts);
    return code == BASE_OK ? count_and_commit(&counting, progress, context, error) : code;
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
