#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

/* Folded as text_fold does. No word here is one for a person: "klient" or "henvender" may head names. */
static const struct {
    const char *word;
    enum intake_column column;
} words[] = {
    {"month", INTAKE_MONTH},
    {"period", INTAKE_MONTH},
    {"date", INTAKE_MONTH},
    {"day", INTAKE_MONTH},
    {"yearmonth", INTAKE_MONTH},
    {"contactdate", INTAKE_MONTH},
    {"dateofcontact", INTAKE_MONTH},
    {"maaned", INTAKE_MONTH},
    {"periode", INTAKE_MONTH},
    {"dato", INTAKE_MONTH},
    {"dag", INTAKE_MONTH},
    {"aarmaaned", INTAKE_MONTH},
    {"henvendelsesdato", INTAKE_MONTH},
    {"kontaktdato", INTAKE_MONTH},
    {"samtaledato", INTAKE_MONTH},

    {"channel", INTAKE_CHANNEL},
    {"contactchannel", INTAKE_CHANNEL},
    {"modeofcontact", INTAKE_CHANNEL},
    {"contactby", INTAKE_CHANNEL},
    {"kanal", INTAKE_CHANNEL},
    {"henvendelse", INTAKE_CHANNEL},
    {"henvendelsesform", INTAKE_CHANNEL},
    {"henvendelsesmaade", INTAKE_CHANNEL},
    {"henvendelsestype", INTAKE_CHANNEL},
    {"henvendelsesvej", INTAKE_CHANNEL},
    {"kontaktform", INTAKE_CHANNEL},
    {"kontaktmaade", INTAKE_CHANNEL},

    {"party", INTAKE_PARTY},
    {"role", INTAKE_PARTY},
    {"targetgroup", INTAKE_PARTY},
    {"part", INTAKE_PARTY},
    {"rolle", INTAKE_PARTY},
    {"maalgruppe", INTAKE_PARTY},
    {"gruppe", INTAKE_PARTY},
    {"hvem", INTAKE_PARTY},

    {"session", INTAKE_SESSION},
    {"sessionno", INTAKE_SESSION},
    {"sessionnumber", INTAKE_SESSION},
    {"conversation", INTAKE_SESSION},
    {"conversationno", INTAKE_SESSION},
    {"conversationnumber", INTAKE_SESSION},
    {"samtale", INTAKE_SESSION},
    {"samtalenr", INTAKE_SESSION},
    {"samtalenummer", INTAKE_SESSION},
    {"nriforloebet", INTAKE_SESSION},
    {"samtaleiforloebet", INTAKE_SESSION},

    {"count", INTAKE_COUNT},
    {"contacts", INTAKE_COUNT},
    {"numberofcontacts", INTAKE_COUNT},
    {"antal", INTAKE_COUNT},
    {"antalkontakter", INTAKE_COUNT},
    {"antalhenvendelser", INTAKE_COUNT},
    {"antalsamtaler", INTAKE_COUNT},

    {"status", INTAKE_STATUS},
};

static const char *const codes[INTAKE_COLUMNS] = {"month",   "channel", "party",
                                                  "session", "count",   "status"};

const char *intake_column_code(enum intake_column column)
{
    return codes[column];
}

bool intake_find_column(const char *heading, enum intake_column *column)
{
    char folded[INTAKE_NAME_BYTES];
    if (!text_fold(heading, folded, sizeof folded))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(folded, words[i].word) != 0)
            continue;
        *column = words[i].column;
        return true;
    }
    return false;
}

static bool is_called(const char *heading, const char *name)
{
    char one[INTAKE_NAME_BYTES], other[INTAKE_NAME_BYTES];
    return text_fold(heading, one, sizeof one) && text_fold(name, other, sizeof other) &&
           strcmp(one, other) == 0;
}

/* What a column is called goes before what its heading would mean. */
static bool find_column(const struct intake *intake, const char *heading,
                        enum intake_column *column)
{
    for (enum intake_column i = 0; i < INTAKE_COLUMNS; i++) {
        if (intake->headings[i] == NULL || !is_called(heading, intake->headings[i]))
            continue;
        *column = i;
        return true;
    }
    return intake_find_column(heading, column) && intake->headings[*column] == NULL;
}

static void note_unknown(struct intake *intake, const char *name)
{
    const size_t length = strlen(intake->unknown);
    (void)snprintf(intake->unknown + length, sizeof intake->unknown - length, "%s'%s'",
                   length == 0 ? "" : ", ", name);
}

void headings_take(struct intake *intake, const char *bytes, size_t size)
{
    char text[DELIMITED_CELL_BYTES * 3], name[INTAKE_NAME_BYTES];
    enum intake_column column;
    const unsigned place = intake->columns++;
    if (place < INTAKE_MOST_PLACES)
        intake->column[place] = INTAKE_COLUMNS;
    if (!text_decode(&intake->decoder, bytes, size, text, sizeof text))
        (void)strcpy(text, "?");
    (void)base_make_printable(name, sizeof name, text);
    if (text[0] == '\0') {
        /* A column without a heading: its cells have to be empty, too. */
    } else if (place >= INTAKE_MOST_PLACES || !find_column(intake, text, &column)) {
        note_unknown(intake, name);
    } else if (intake->has[column]) {
        intake->is_twice = true;
        intake->twice = column;
    } else {
        intake->has[column] = true;
        intake->any_known = true;
        memcpy(intake->column_name[column], name, sizeof name);
        intake->column[place] = (uint8_t)column;
        intake->needed = place + 1;
    }
    secret_wipe(text, sizeof text);
    secret_wipe(name, sizeof name);
}

enum base_code headings_check(struct intake *intake, struct base_error *error)
{
    intake->sums.contacts = !intake->has[INTAKE_COUNT];
    if (!intake->any_known) /* what stands there may be the first of the data */
        return base_fail(error, BASE_INTAKE_NO_HEADINGS, "%s", intake->name);
    if (intake->unknown[0] != '\0')
        return base_fail(error, BASE_INTAKE_UNKNOWN_COLUMN, "%s: %s", intake->name,
                         intake->unknown);
    if (intake->is_twice)
        return base_fail(error, BASE_INTAKE_COLUMN_TWICE, "%s: %s", intake->name,
                         codes[intake->twice]);
    for (enum intake_column i = 0; i < INTAKE_COLUMNS; i++) {
        const char *name = intake->headings[i] != NULL ? intake->headings[i] : codes[i];
        if (!intake->has[i] && (i <= INTAKE_SESSION || intake->headings[i] != NULL))
            return base_fail(error, BASE_INTAKE_COLUMN_MISSING, "%s: %s", intake->name, name);
    }
    return BASE_OK;
}
