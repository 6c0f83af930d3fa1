/* What the sights of a column come to. Each rule and its reason stands in docs/scan.md. */
#include "column.h"

enum { LEAST_LETTERS = 3, LEAST_NUMBERS = 4, LEAST_PHONES = 5 };

static uint32_t seen(const struct column *column, enum sight sight)
{
    return column->count[sight];
}

static uint32_t texts(const struct column *column)
{
    return column->filled - seen(column, SIGHT_NUMBER);
}

static unsigned distinct(const struct column *column)
{
    return (unsigned)__builtin_popcountll(column->distinct);
}

static bool is_harmless(const struct column *column)
{
    return column->heading == HEADING_COUNT || column->heading == HEADING_CODE;
}

static enum find_trust trust_cpr(const struct column *column)
{
    const uint32_t tens = seen(column, SIGHT_TEN), dates = seen(column, SIGHT_TEN_DATE);
    const uint32_t numbers = seen(column, SIGHT_NUMBER), holds = seen(column, SIGHT_TEN_HOLDS);
    if (column->heading == HEADING_CPR)
        return FIND_SURE;
    if (is_harmless(column))
        return FIND_NEVER;
    if (tens == 0 || numbers < texts(column))
        return FIND_TEXT;
    if (tens * 5 < numbers * 4) /* amounts; but a ten-digit one among small ones is none */
        return seen(column, SIGHT_SMALL) + tens == numbers ? FIND_TEXT : FIND_NEVER;
    if (tens >= LEAST_NUMBERS && dates * 2 < tens)
        return FIND_NEVER;
    if (holds >= 2 && holds * 2 >= dates)
        return FIND_SURE;
    return tens >= LEAST_NUMBERS ? FIND_LOW : FIND_TEXT;
}

static enum find_trust trust_phone(const struct column *column)
{
    const uint32_t eights = seen(column, SIGHT_EIGHT), numbers = seen(column, SIGHT_NUMBER);
    if (column->heading == HEADING_PHONE)
        return FIND_SURE;
    if (is_harmless(column))
        return FIND_NEVER;
    if (numbers < texts(column) || numbers == 0)
        return FIND_TEXT;
    const bool nothing_else = eights == numbers && eights >= LEAST_PHONES;
    return nothing_else && column->heading == HEADING_UNKNOWN ? FIND_LOW : FIND_NEVER;
}

static signed char judge_initials(const struct column *column)
{
    const uint32_t dotted = seen(column, SIGHT_DOTTED), letters = seen(column, SIGHT_LETTERS);
    const uint32_t all = dotted + letters, ordered = seen(column, SIGHT_ORDERED);
    if (column->heading == HEADING_INITIALS)
        return all > 0 ? SCAN_HIGH : texts(column) > 0 ? SCAN_MEDIUM : COLUMN_CLEAR;
    if (all * 3 < texts(column) * 2 || (ordered == all && all >= 2) ||
        seen(column, SIGHT_NUMBER) * 4 > column->filled)
        return COLUMN_CLEAR;
    if (dotted >= 2)
        return SCAN_MEDIUM;
    if (is_harmless(column) || letters < LEAST_LETTERS)
        return COLUMN_CLEAR;
    /* A few codes come again and again; initials seldom do. */
    return distinct(column) * 5 >= letters * 3 || distinct(column) > 24 ? SCAN_MEDIUM
                                                                        : COLUMN_CLEAR;
}

static signed char judge_names(const struct column *column)
{
    const uint32_t first = seen(column, SIGHT_FIRST_NAME), named = seen(column, SIGHT_NAMED);
    const uint32_t doubtful = seen(column, SIGHT_DOUBTFUL_NAME), all = texts(column);
    const uint32_t family = seen(column, SIGHT_FAMILY_NAME);
    if (column->heading == HEADING_NAME)
        return all > 0 ? SCAN_MEDIUM : COLUMN_CLEAR;
    if (column->heading == HEADING_NAME_MAYBE && first + named > 0 && (first + named) * 5 >= all)
        return SCAN_MEDIUM;
    if (column->heading == HEADING_NAME_MAYBE && family >= 2 && (first + named + family) * 2 >= all)
        return SCAN_MEDIUM;
    if (first >= 2 && (first + doubtful) * 2 >= all)
        return SCAN_MEDIUM;
    const uint32_t like = named + first + seen(column, SIGHT_WORDS);
    if (named >= 2 && (named + first) * 5 >= all && like * 5 >= all * 3)
        return SCAN_MEDIUM;
    if (family >= 2 && (first + family) * 3 >= all * 2)
        return SCAN_LOW;
    return COLUMN_CLEAR;
}

static signed char judge_person(const struct column *column)
{
    const uint32_t persons = seen(column, SIGHT_PERSON);
    return persons >= 2 && persons * 3 >= texts(column) * 2 ? SCAN_MEDIUM : COLUMN_CLEAR;
}

static signed char judge_free_text(const struct column *column)
{
    const uint32_t sentences = seen(column, SIGHT_SENTENCE);
    const bool note = column->heading == HEADING_NOTE;
    if (note && seen(column, SIGHT_REMARK) > 0)
        return SCAN_MEDIUM;
    if (sentences == 0 || sentences * 2 < texts(column))
        return COLUMN_CLEAR;
    if (seen(column, SIGHT_SPOKEN) * 3 >= sentences && (note || sentences >= 2))
        return SCAN_MEDIUM;
    if (note && (distinct(column) >= 2 || sentences == 1))
        return SCAN_MEDIUM;
    if (column->heading == HEADING_DEFINITION || (column->flags & SCAN_CELL_FIELD) != 0)
        return COLUMN_CLEAR;
    return sentences >= 2 && distinct(column) >= 2 ? SCAN_LOW : COLUMN_CLEAR;
}

/* A column that tells one person from another. */
static bool tells_persons(const struct column *column)
{
    const bool by_value = column->initials >= SCAN_MEDIUM || column->names >= SCAN_MEDIUM ||
                          column->person >= SCAN_MEDIUM || seen(column, SIGHT_NAMED) >= 2 ||
                          seen(column, SIGHT_EMAIL) * 2 > column->filled ||
                          (column->context.cpr == FIND_SURE && seen(column, SIGHT_TEN_DATE) > 0);
    const bool by_heading = column->heading == HEADING_CASE || column->heading == HEADING_CPR ||
                            column->heading == HEADING_BIRTHDAY;
    return by_value ||
           (by_heading && column->filled > 0 && seen(column, SIGHT_SMALL) * 2 < column->filled);
}

/* Several problems in a cell, beside a municipality: as telling as a name. Where the same come again
 * and again they are groups that somebody counts. */
static bool lists_problems(const struct table *table)
{
    bool problems = false, places = false;
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        problems = problems || (column->heading == HEADING_DIAGNOSIS && texts(column) > 0 &&
                                seen(column, SIGHT_ENUMERATION) * 4 >= texts(column) &&
                                texts(column) <= 2 * distinct(column));
        places = places || (column->heading == HEADING_MUNICIPALITY && texts(column) > 0);
    }
    return problems && places;
}

void column_conclude(struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        struct column *column = &table->columns[i];
        column->context.cpr = trust_cpr(column);
        column->context.phone = trust_phone(column);
        column->initials = judge_initials(column);
        column->names = judge_names(column);
        column->person = judge_person(column);
        column->free_text = judge_free_text(column);
        table->lists_persons = table->lists_persons || tells_persons(column);
    }
    table->lists_persons = table->lists_persons || lists_problems(table);
    for (size_t i = 0; i < table->count; i++) {
        struct column *column = &table->columns[i];
        const bool words = table->lists_persons && texts(column) > 0;
        column->diagnosis =
            words && column->heading == HEADING_DIAGNOSIS ? SCAN_MEDIUM : COLUMN_CLEAR;
        column->municipality =
            words && column->heading == HEADING_MUNICIPALITY ? SCAN_MEDIUM : COLUMN_CLEAR;
    }
}
