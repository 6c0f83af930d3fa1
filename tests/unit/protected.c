#include "protected.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned value_of(enum codebook_dimension dimension, const char *code)
{
    for (unsigned i = 0; i < codebook_values(dimension); i++)
        if (strcmp(codebook_code(dimension, i), code) == 0)
            return i;
    fail_msg("no %s", code);
    return 0;
}

/* 2017-01	in-person	user	1	4 */
static void read_line(struct tally_counts *counts, char *line)
{
    const char *field[5];
    for (size_t i = 0; i < 5; i++)
        field[i] = strtok(i == 0 ? line : NULL, "\t\n");
    int64_t session, count;
    base_month month;
    struct base_error error;
    assert_int_equal(base_month_parse(field[0], &month, &error), BASE_OK);
    assert_true(base_parse_number(field[3], 1, 5, &session));
    assert_true(base_parse_number(field[4], 1, 100, &count));
    *plain_counts_cell(counts, (size_t)(month - counts->period.first),
                       value_of(CODEBOOK_CHANNEL, field[1]), value_of(CODEBOOK_PARTY, field[2]),
                       (unsigned)session - 1) = count;
}

struct tally_counts *protected_case(const char *year)
{
    struct tally_counts *counts =
        plain_counts_new(year, 1u << IN_PERSON | 1u << PHONE, CODEBOOK_ALL_PARTIES);
    char path[4096], line[256];
    snprintf(path, sizeof path, "%s/../tools/cases/%s.tsv", TESTS_DIR, year);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (line[0] != '#')
            read_line(counts, line);
    fclose(file);
    return counts;
}

struct tally_counts *protected_courses(size_t channels, size_t parties, const int *figures)
{
    struct tally_counts *counts = plain_counts_new("2017-01", (codebook_set)((1u << channels) - 1),
                                                   (codebook_set)((1u << parties) - 1));
    for (unsigned i = 0; i < channels * parties; i++)
        *plain_counts_cell(counts, 0, i / (unsigned)parties, i % (unsigned)parties, 0) = figures[i];
    return counts;
}

struct protect_result *protected_release(const struct tally_counts *counts, unsigned threshold,
                                         const struct protect_table *const *tables, size_t count,
                                         bool explain)
{
    const struct protect_place place = {counts};
    const struct protect_request request = {
        .threshold = threshold,
        .places = &place,
        .place_count = 1,
        .tables = tables,
        .table_count = count,
        .explain = explain,
    };
    struct protect_result *result = NULL;
    struct base_error error;
    assert_int_equal(protect_release(&request, &result, &error), BASE_OK);
    return result;
}

struct protect_table *protected_table(enum protect_kind kind, const struct tally_counts *counts)
{
    const struct protect_scope scope = {1, &counts->period, 1, counts->channels, counts->parties};
    struct protect_table *table = NULL;
    struct base_error error;
    assert_int_equal(protect_table_new(kind, &scope, &table, &error), BASE_OK);
    return table;
}
