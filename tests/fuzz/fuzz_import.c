/* intake, fed with anything, in pieces of two sizes: no crash, the same result for both, amounts within
 * their bounds, and nothing of a cell in an error.
 *
 *     clang -fsanitize=fuzzer,address,undefined ...     (libFuzzer)
 *
 * The first byte chooses how large the pieces are; its highest bit names a column as --column would. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const plain[INTAKE_COLUMNS];
static const char *const named[INTAKE_COLUMNS] = {[INTAKE_CHANNEL] = "x"};

static void expect(bool fact)
{
    if (!fact)
        abort();
}

/* Where it is, and nothing else, but for headings and the number of a column. */
static void check_error(enum base_code code, const struct base_error *error)
{
    expect(error->code == code && strncmp(error->subject, "table", 5) == 0);
    if (code != BASE_INTAKE_UNKNOWN_COLUMN && code != BASE_INTAKE_COLUMN_MISSING &&
        strchr(error->subject, '\'') == NULL)
        expect(strlen(error->subject) < sizeof "table, row 18446744073709551615, column 16384");
}

static void check_sums(const struct intake_sums *sums)
{
    uint64_t counted = 0;
    for (unsigned month = 0; month < INTAKE_MONTHS; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            const int32_t amount = sums->amounts[month][cell];
            expect(amount >= -INTAKE_MOST_COUNT && amount <= INTAKE_MOST_COUNT);
            expect(amount >= 0 || !sums->contacts);
            counted += amount > 0 ? (uint64_t)amount : 0;
            expect(amount == 0 || (sums->any && month + BASE_FIRST_MONTH >= sums->period.first &&
                                   month + BASE_FIRST_MONTH <= sums->period.last));
        }
    expect(sums->empty_rows + sums->zero_rows <= sums->rows);
    expect(!sums->contacts || counted == sums->rows - sums->empty_rows);
}

static enum base_code read_table(const uint8_t *data, size_t size, size_t piece,
                                 const char *const headings[INTAKE_COLUMNS], struct intake **out,
                                 struct base_error *error)
{
    expect(intake_new("table", headings, out, error) == BASE_OK);
    for (size_t at = 0; at < size;) {
        const size_t part = size - at < piece ? size - at : piece;
        const enum base_code code = intake_feed(*out, data + at, part, error);
        if (code != BASE_OK)
            return code;
        at += part;
    }
    return intake_end(*out, error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { NAMED = 0x80, WHOLE = 1 << 20 };
    struct intake *one, *other;
    struct base_error error = {0}, second = {0};
    expect(sodium_init() >= 0);
    if (size == 0)
        return 0;
    const char *const *headings = (data[0] & NAMED) != 0 ? named : plain;
    const size_t piece = (size_t)(data[0] & ~NAMED) + 1;
    const enum base_code code = read_table(data + 1, size - 1, piece, headings, &one, &error);
    const enum base_code again = read_table(data + 1, size - 1, WHOLE, headings, &other, &second);
    expect(code == again && strcmp(error.subject, second.subject) == 0);
    expect(intake_bad_rows(one) <= INTAKE_MOST_BAD_ROWS);
    if (code == BASE_OK) {
        check_sums(intake_result(one));
        expect(memcmp(intake_result(one)->amounts, intake_result(other)->amounts,
                      sizeof(int32_t[INTAKE_MONTHS][CODEBOOK_CELLS])) == 0);
    } else {
        check_error(code, &error);
        expect(code >= BASE_INTAKE_NO_HEADINGS && code <= BASE_INTAKE_NO_SHEET);
    }
    intake_free(one);
    intake_free(other);
    return 0;
}
