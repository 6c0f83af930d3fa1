/* What is noted of a list that was counted: months, and for the reader alone a digest. A digest that the
 * machine could compare would tell whoever has the machine's key what a small list was, by trying all. */
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

enum { MARK_BITS = 20 };
static const char domain[KEYS_DOMAIN_BYTES] = "tavs v3 import";
_Static_assert(ELGAMAL_MOST_COUNT == (1 << MARK_BITS) - 1, "what an encrypted number can be");

static bool first_and_last(const struct tally_plan *plan, struct base_period *period)
{
    *period = plan->period;
    while (period->first <= period->last && !tally_plan_has(plan, period->first))
        period->first++;
    while (period->last > period->first && !tally_plan_has(plan, period->last))
        period->last--;
    return period->first <= period->last;
}

static void note_months(const struct tally_plan *plan, uint8_t months[KEYS_IMPORT_MONTH_BYTES])
{
    struct base_period period;
    memset(months, 0, KEYS_IMPORT_MONTH_BYTES);
    if (!first_and_last(plan, &period))
        return;
    for (unsigned month = period.first; month <= period.last; month++) {
        const unsigned place = month - BASE_FIRST_MONTH;
        if (plan_has_year(plan, base_month_year((base_month)month)))
            months[place / 8] |= (uint8_t)(1u << place % 8);
    }
}

/* The digest's first bits as a number that a cell can hold. */
static enum base_code digest_plan(const struct tally_plan *plan, const struct record_header *header,
                                  int32_t *number, struct base_error *error)
{
    struct keys_digest *making;
    uint8_t digest[KEYS_DIGEST_BYTES], bytes[2 + 4 * CODEBOOK_CELLS];
    enum base_code code = keys_digest_new(&making, error);
    if (code != BASE_OK)
        return code;
    keys_digest_add(making, domain, sizeof domain);
    keys_digest_add(making, header->store_id, KEYS_STORE_ID_BYTES);
    for (unsigned month = plan->period.first; month <= plan->period.last; month++) {
        const int32_t *amounts = plan_amounts(plan, (base_month)month);
        if (!tally_plan_has(plan, (base_month)month))
            continue;
        base_put_u16(bytes, (uint16_t)month);
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            base_put_u32(bytes + 2 + 4 * (size_t)cell, (uint32_t)amounts[cell]);
        keys_digest_add(making, bytes, sizeof bytes);
    }
    keys_digest_end(making, digest);
    *number = (int32_t)(base_get_u32(digest) & ELGAMAL_MOST_COUNT);
    secret_wipe(bytes, sizeof bytes);
    secret_wipe(digest, sizeof digest);
    return BASE_OK;
}

enum base_code tally_import_note(const struct tally_plan *plan, const struct record_header *header,
                                 struct keys_import *note, struct base_error *error)
{
    const uint8_t *key = header->public_keys.encryption;
    struct elgamal_cell cell;
    int32_t number;
    if (digest_plan(plan, header, &number, error) != BASE_OK)
        return error->code;
    const bool done =
        elgamal_encrypt_zeros(&cell, 1, key) && elgamal_add_count(&cell, 1, key, 0, number);
    secret_wipe(&number, sizeof number);
    if (!done)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("counting"));
    note_months(plan, note->months);
    memcpy(note->mark, cell.a, sizeof cell.a);
    memcpy(note->mark + sizeof cell.a, cell.b, sizeof cell.b);
    return BASE_OK;
}

bool tally_import_has(const struct keys_import *note, base_month month)
{
    const unsigned place = month - BASE_FIRST_MONTH;
    return month >= BASE_FIRST_MONTH && month <= BASE_LAST_MONTH &&
           (note->months[place / 8] >> place % 8 & 1U) != 0;
}

bool tally_import_fits(const struct keys_import *note, const struct tally_plan *plan)
{
    uint8_t months[KEYS_IMPORT_MONTH_BYTES];
    note_months(plan, months);
    return memcmp(months, note->months, sizeof months) == 0 &&
           !base_is_zero(note->mark, sizeof note->mark);
}

bool tally_import_is(const struct keys_import *note, const struct tally_plan *plan,
                     const struct record_header *header, const struct keys_reader *reader)
{
    struct elgamal_cell cell;
    struct base_error ignored;
    int64_t noted;
    int32_t number;
    memcpy(cell.a, note->mark, sizeof cell.a);
    memcpy(cell.b, note->mark + sizeof cell.a, sizeof cell.b);
    return tally_import_fits(note, plan) &&
           digest_plan(plan, header, &number, &ignored) == BASE_OK &&
           elgamal_decrypt(&cell, keys_reader_scalar(reader), &noted) && noted == number;
}
