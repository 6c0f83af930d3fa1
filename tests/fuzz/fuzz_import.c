/* intake: a table of anything, fed in pieces as the first byte says. No crash; what is counted lies within
 * its bounds, and a table that is refused counts nothing. */
#include <stdint.h>
#include <stdlib.h>

#include "tavs/intake.h"
#include "tavs/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static void check(const struct intake_sums *sums)
{
    bool any = false;
    for (size_t month = 0; month < INTAKE_MONTHS; month++)
        for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++) {
            const int32_t amount = sums->amounts[month][cell];
            expect(amount >= -INTAKE_MOST_COUNT && amount <= INTAKE_MOST_COUNT);
            any = any || amount != 0;
        }
    expect(any == sums->any);
    expect(sums->empty_rows + sums->zero_rows <= sums->rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const headings[INTAKE_COLUMNS] = {NULL};
    struct base_error error = {0};
    static bool hardened;
    struct intake *intake;
    if (!hardened)
        expect(secret_harden(&error) == BASE_OK);
    hardened = true;
    const size_t piece = size > 0 && data[0] > 0 ? data[0] : 1;
    expect(intake_new("table", headings, &intake, &error) == BASE_OK);
    enum base_code code = BASE_OK;
    for (size_t at = 1; at < size && code == BASE_OK; at += piece)
        code = intake_feed(intake, data + at, size - at < piece ? size - at : piece, &error);
    if (code == BASE_OK)
        code = intake_end(intake, &error);
    if (code == BASE_OK)
        check(intake_result(intake));
    else
        expect(error.code == code && intake_bad_rows(intake) <= INTAKE_MOST_BAD_ROWS);
    intake_free(intake);
    return 0;
}
