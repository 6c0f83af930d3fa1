/* intake: what a table's headings, cells and bytes may be, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <iconv.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/intake.h"

enum {
    NOVEMBER_2016 = 2016 * 12 + 10,
    IN_PERSON_USER_1 = 0,
    PHONE_RELATIVE_1 = (1 * 3 + 1) * 5,
    WEB_PROFESSIONAL_5 = 59,
    MOST_BYTES = 1 << 16,
};

static const char *const plain[INTAKE_COLUMNS];
static const char header[] = "month,channel,party,session\n";

static int begin(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

static struct intake *intake;

static int end(void **state)
{
    (void)state;
    intake_free(intake);
    intake = NULL;
    return 0;
}

/* Feeds a table to a new intake in pieces of so many bytes. */
static enum base_code read_pieces(const char *const headings[INTAKE_COLUMNS], const char *text,
                                  size_t size, size_t piece, struct base_error *error)
{
    intake_free(intake);
    assert_int_equal(intake_new("table", headings, &intake, error), BASE_OK);
    for (size_t at = 0; at < size; at += piece) {
        const size_t part = size - at < piece ? size - at : piece;
        if (intake_feed(intake, text + at, part, error) != BASE_OK)
            return error->code;
    }
    return intake_end(intake, error);
}

/* The result is the same, however the bytes come. */
static const struct intake_sums *accept_bytes(const char *text, size_t size)
{
    static const size_t pieces[] = {1, 2, 3, 7, MOST_BYTES};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct base_error error;
        if (read_pieces(plain, text, size, pieces[i], &error) != BASE_OK)
            fail_msg("code %d: %s", (int)error.code, error.subject);
    }
    return intake_result(intake);
}

static const struct intake_sums *accept(const char *text)
{
    return accept_bytes(text, strlen(text));
}

static void refuse_bytes(const char *text, size_t size, enum base_code code, const char *subject)
{
    static const size_t pieces[] = {1, 5, MOST_BYTES};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct base_error error = {.code = BASE_OK};
        assert_int_equal(read_pieces(plain, text, size, pieces[i], &error), code);
        assert_int_equal(error.code, code);
        assert_string_equal(error.subject, subject);
    }
}

static void refuse(const char *text, enum base_code code, const char *subject)
{
    refuse_bytes(text, strlen(text), code, subject);
}

static int64_t total(const struct intake_sums *sums)
{
    int64_t sum = 0;
    for (size_t month = 0; month < INTAKE_MONTHS; month++)
        for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++)
            sum += sums->amounts[month][cell];
    return sum;
}

static int32_t amount(const struct intake_sums *sums, base_month month, unsigned cell)
{
    return sums->amounts[month - BASE_FIRST_MONTH][cell];
}

/* `format` with the cell in its place. */
static const char *with(const char *format, const char *cell)
{
    static char text[MOST_BYTES];
    const char *place = strstr(format, "@");
    snprintf(text, sizeof text, "%.*s%s%s", (int)(place - format), format, cell, place + 1);
    return text;
}

/* ---- whole tables ----------------------------------------------------------------------------- */

static void test_a_row_for_each_contact(void **state)
{
    (void)state;
    const struct intake_sums *sums = accept("date,channel,party,session\r\n"
                                            "2016-11-03,phone,relative,1\r\n"
                                            "2016-11-29,phone,relative,1\r\n"
                                            "2017-02-01,web,professional,5\r\n");
    assert_true(sums->contacts);
    assert_true(sums->any);
    assert_int_equal(sums->rows, 3);
    assert_int_equal(sums->period.first, NOVEMBER_2016);
    assert_int_equal(sums->period.last, NOVEMBER_2016 + 3);
    assert_int_equal(amount(sums, NOVEMBER_2016, PHONE_RELATIVE_1), 2);
    assert_int_equal(amount(sums, NOVEMBER_2016 + 3, WEB_PROFESSIONAL_5), 1);
    assert_int_equal(total(sums), 3);
}

static void test_counts(void **state)
{
    (void)state;
    const struct intake_sums *sums = accept("period,channel,party,session,count,status\r\n"
                                            "2016-11,phone,relative,1,12,internal\r\n"
                                            "2016-11,phone,relative,1,-2,shown\r\n"
                                            "2016-12,web,professional,5,0,internal\r\n"
                                            "2016-12,in-person,user,1,100000,internal");
    assert_false(sums->contacts);
    assert_int_equal(sums->rows, 4);
    assert_int_equal(sums->zero_rows, 1);
    assert_int_equal(amount(sums, NOVEMBER_2016, PHONE_RELATIVE_1), 10);
    assert_int_equal(amount(sums, NOVEMBER_2016 + 1, IN_PERSON_USER_1), INTAKE_MOST_COUNT);
    assert_int_equal(total(sums), 10 + INTAKE_MOST_COUNT);
}

static void test_nothing_to_count(void **state)
{
    static const char *const tables[] = {
        "month,channel,party,session", "month,channel,party,session\n\n",
        "month,channel,party,session,count\n2016-11,web,user,1,0\n",
        "month,channel,party,session,count\n2016-11,web,user,1,3\n2016-11,web,user,1,-3\n"};
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        assert_false(accept(tables[i])->any);
}

static void test_empty_rows(void **state)
{
    (void)state;
    const struct intake_sums *sums = accept("\n\r\nmonth;channel;party;session\n"
                                            "\n;;;\n2016-11;web;user;1\n  ;\t;;\n\n");
    assert_int_equal(sums->rows, 5);
    assert_int_equal(sums->empty_rows, 4);
    assert_int_equal(total(sums), 1);
}

/* ---- headings --------------------------------------------------------------------------------- */

static void test_every_heading(void **state)
{
    static const struct {
        enum intake_column column;
        const char *words[12];
    } known[] = {
        {INTAKE_MONTH,
         {"month", "Period", "DATE", "Måned", "MÅNED", "maaned", "periode", "Dato", "År-måned",
          "Henvendelsesdato"}},
        {INTAKE_CHANNEL,
         {"channel", "Kanal", "Henvendelse", "Henvendelsesform", "Henvendelsesmåde", "kontaktform",
          "mode of contact"}},
        {INTAKE_PARTY,
         {"party", "Part", "Målgruppe", "MÅLGRUPPE", "rolle", "Hvem", "target group"}},
        {INTAKE_SESSION,
         {"session", "Conversation", "conversation no.", "Samtale", "Samtale nr.", "samtalenummer",
          "Nr. i forløbet"}},
        {INTAKE_COUNT, {"count", "Antal", "antal henvendelser", "number of contacts"}},
        {INTAKE_STATUS, {"status", "Status"}},
    };
    enum intake_column found = INTAKE_COLUMNS;
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_true(intake_find_column(intake_column_code(known[i].column), &found));
        assert_int_equal(found, known[i].column);
        for (size_t j = 0; known[i].words[j] != NULL; j++) {
            assert_true(intake_find_column(known[i].words[j], &found));
            assert_int_equal(found, known[i].column);
        }
    }
}

static void test_headings_that_mean_nothing(void **state)
{
    static const char *const unknown[] = {
        "",       " ",     "-",        "Navn",      "Name",          "Initialer", "Borger",
        "Klient", "CPR",   "Noter",    "Kontakt",   "Kommune",       "months",    "Place",
        "Sted",   "Total", "\xe5\xf8", "Henvender", "Navn på kanal", "I alt",     "\xff\xfe",
        "Datoer"};
    enum intake_column found = INTAKE_COLUMNS;
    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        assert_false(intake_find_column(unknown[i], &found));
        assert_int_equal(found, INTAKE_COLUMNS);
    }
}

static void test_unknown_columns_are_named(void **state)
{
    (void)state;
    refuse("date,Name,channel,party,session,\"Notes, long\"\n2016-11-01,Hans,web,user,1,x\n",
           BASE_INTAKE_UNKNOWN_COLUMN, "table: 'Name', 'Notes, long'");
    refuse("date,\x1b[31mred,channel,party,session\n", BASE_INTAKE_UNKNOWN_COLUMN,
           "table: '\\x1b[31mred'");
    /* Windows-1252: an e with an accent, and a dash. */
    refuse("date,Caf\xe9 \x96 nr\n", BASE_INTAKE_UNKNOWN_COLUMN, "table: 'Café – nr'");
    /* Several places in one export. */
    refuse("place,period,channel,party,session,count,status\n", BASE_INTAKE_UNKNOWN_COLUMN,
           "table: 'place'");
}

/* Not a byte below the headings is taken, and nothing of them is told. */
static void test_refused_at_the_end_of_the_headings(void **state)
{
    static const char text[] = "date,Name,channel,party,session\n";
    struct base_error error;
    (void)state;
    assert_int_equal(intake_new("table", plain, &intake, &error), BASE_OK);
    for (size_t i = 0; i + 2 < sizeof text; i++) {
        assert_int_equal(intake_feed(intake, text + i, 1, &error), BASE_OK);
        assert_false(intake_has_headings(intake));
    }
    assert_int_equal(intake_feed(intake, "\n", 1, &error), BASE_INTAKE_UNKNOWN_COLUMN);
    assert_false(intake_has_headings(intake));
}

static void test_many_unknown_columns(void **state)
{
    char text[INTAKE_HEADING_BYTES] = "date";
    struct base_error error;
    (void)state;
    for (size_t i = 0; i < 500; i++)
        strcat(text, ",a stranger");
    strcat(text, "\n");
    assert_int_equal(read_pieces(plain, text, strlen(text), MOST_BYTES, &error),
                     BASE_INTAKE_UNKNOWN_COLUMN);
    assert_int_equal(strlen(error.subject), sizeof error.subject - 1);
}

/* The first row may be a contact's. */
static void test_no_headings(void **state)
{
    static char large[INTAKE_HEADING_BYTES + 2];
    (void)state;
    refuse("2016-11-03,phone,relative,1,Hans Jensen\n", BASE_INTAKE_NO_HEADINGS, "table");
    refuse("\"date,channel", BASE_INTAKE_NO_HEADINGS, "table");
    memset(large, 'x', sizeof large - 1);
    refuse(large, BASE_INTAKE_NO_HEADINGS, "table");
}

static void test_columns_missing_or_twice(void **state)
{
    (void)state;
    refuse("channel,party,session\n", BASE_INTAKE_COLUMN_MISSING, "table: month");
    refuse("date,party,session,count\n", BASE_INTAKE_COLUMN_MISSING, "table: channel");
    refuse("date,channel,session\n", BASE_INTAKE_COLUMN_MISSING, "table: party");
    refuse("date,channel,party\n", BASE_INTAKE_COLUMN_MISSING, "table: session");
    refuse("date,month,channel,party,session\n", BASE_INTAKE_COLUMN_TWICE, "table: month");
    refuse("date,dato,month,period,day,dag,channel,party,session\n", BASE_INTAKE_COLUMN_TWICE,
           "table: month");
}

static void test_columns_by_name(void **state)
{
    static const char text[] = "Begyndt;Hvordan;Kanal;Samtale\n3.11.2016;telefon;pårørende;1\n";
    static const char *const named[INTAKE_COLUMNS] = {
        [INTAKE_MONTH] = "begyndt", [INTAKE_CHANNEL] = "HVORDAN", [INTAKE_PARTY] = "Kanal"};
    static const char *const wrong[INTAKE_COLUMNS] = {[INTAKE_COUNT] = "Hvor mange"};
    static const char *const moved[INTAKE_COLUMNS] = {[INTAKE_MONTH] = "Slut"};
    struct base_error error;
    (void)state;
    assert_int_equal(read_pieces(named, text, strlen(text), 3, &error), BASE_OK);
    assert_int_equal(amount(intake_result(intake), NOVEMBER_2016, PHONE_RELATIVE_1), 1);
    assert_int_equal(read_pieces(wrong, header, strlen(header), 3, &error),
                     BASE_INTAKE_COLUMN_MISSING);
    assert_string_equal(error.subject, "table: Hvor mange");
    /* Where one column is named, another that would be recognised is unknown. */
    static const char two[] = "Dato,Slut,channel,party,session\n";
    assert_int_equal(read_pieces(moved, two, strlen(two), 3, &error), BASE_INTAKE_UNKNOWN_COLUMN);
    assert_string_equal(error.subject, "table: 'Dato'");
}

/* ---- cells ------------------------------------------------------------------------------------ */

static void test_words(void **state)
{
    static const struct {
        const char *row;
        unsigned cell;
    } rows[] = {
        {"in-person,user,1", IN_PERSON_USER_1},
        {"Personlig henvendelse,Bruger,1.", IN_PERSON_USER_1},
        {"fremmoede,borger,1. samtale", IN_PERSON_USER_1},
        {"TELEFON,PÅRØRENDE,første", PHONE_RELATIVE_1},
        {"tlf.,paaroerende,1st conversation", PHONE_RELATIVE_1},
        {"phone,family,first", PHONE_RELATIVE_1},
        {"\"hjemmeside\",\"fagperson\",\"5. samtale\"", WEB_PROFESSIONAL_5},
        {"  website , staff ,\t5", WEB_PROFESSIONAL_5},
    };
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "%s2016-11,%s\n", header, rows[i].row);
        const struct intake_sums *sums = accept(text);
        assert_int_equal(amount(sums, NOVEMBER_2016, rows[i].cell), 1);
        assert_int_equal(total(sums), 1);
    }
}

/* "p" is phone or personlig, professional or pårørende: it depends on who reads. */
static void test_words_that_are_not_clear(void **state)
{
    static const char *const channels[] = {"p", "i", "fax", "telefonn",
                                           "",  "1", "-",   "telefon/mail"};
    static const char *const parties[] = {"p", "r", "Hans Jensen", "brugere og pårørende", ""};
    static const char *const sessions[] = {"0", "", "-1", "1,0", "1-5", "f", "fifth time", "1e0"};
    static const char *const sixth[] = {"6", "17", "1000000"};
    (void)state;
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
        refuse(with("month,Kanal,party,session\n2016-11,@,user,1\n", channels[i]),
               BASE_INTAKE_CHANNEL, "table, row 2, column 'Kanal'");
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++)
        refuse(with("month,channel,party,session\n2016-11,web,@,1\n", parties[i]),
               BASE_INTAKE_PARTY, "table, row 2, column 'party'");
    for (size_t i = 0; i < sizeof sessions / sizeof *sessions; i++)
        refuse(with("month,channel,party,\"Samtale, nr.\"\n2016-11,web,user,\"@\"\n", sessions[i]),
               BASE_INTAKE_SESSION, "table, row 2, column 'Samtale, nr.'");
    for (size_t i = 0; i < sizeof sixth / sizeof *sixth; i++)
        refuse(with("month,channel,party,session\n2016-11,web,user,@\n", sixth[i]),
               BASE_INTAKE_SIXTH_SESSION, "table, row 2, column 'session'");
}

static void test_numbers(void **state)
{
    static const char *const wrong[] = {"1.234", "1,234", "1 234", "1'234", "12,0", "12.0", "+3",
                                        "",      "x",     "0x10",  "1e3",   "=1+1", "n/a",  "−3"};
    static const char *const large[] = {"100001", "-100001", "9223372036854775807"};
    static const char table[] = "month;channel;party;session;count\n2016-11;web;user;1;\"@\"\n";
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        refuse(with(table, wrong[i]), BASE_INTAKE_COUNT, "table, row 2, column 'count'");
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        refuse(with(table, large[i]), BASE_INTAKE_LIMIT, "table, row 2, column 'count'");
    refuse(with(table, "99999999999999999999"), BASE_INTAKE_COUNT, "table, row 2, column 'count'");
    refuse(with(table, ".."), BASE_INTAKE_HIDDEN, "table, row 2, column 'count'");
    assert_int_equal(total(accept(with(table, "007"))), 7);
}

static void test_a_cell_of_many_rows(void **state)
{
    (void)state;
    refuse("month,channel,party,session,count\n2016-11,web,user,1,60000\n2016-11,web,user,2,60000\n"
           "2016-11,web,user,1,40001\n",
           BASE_INTAKE_LIMIT, "table, row 4, column 'count'");
    refuse("month,channel,party,session,count\n2016-11,web,user,1,-60000\n"
           "2016-11,web,user,1,-40001\n",
           BASE_INTAKE_LIMIT, "table, row 3, column 'count'");
}

static void test_status(void **state)
{
    static const char table[] =
        "month,channel,party,session,count,status\n2016-11,web,user,1,1,@\n";
    static const char *const exact[] = {"internal", "shown", "Intern", "internt", "vist"};
    static const char *const wrong[] = {"", "open", "not-offered", "Hans"};
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        assert_int_equal(total(accept(with(table, exact[i]))), 1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        refuse(with(table, wrong[i]), BASE_INTAKE_STATUS, "table, row 2, column 'status'");
    refuse(with(table, "hidden"), BASE_INTAKE_HIDDEN, "table, row 2, column 'status'");
    refuse(with(table, "skjult"), BASE_INTAKE_HIDDEN, "table, row 2, column 'status'");
}

/* ---- rows that are not right ------------------------------------------------------------------ */

static void test_ragged_rows(void **state)
{
    static const char *const rows[] = {"2016-11", "2016-11,web,user", "2016-11,web,user,1,,x",
                                       "2016-11,web,user,1,Hans,Jensen", ",,,,x"};
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "%s2016-11,web,user,1\n%s\n", header, rows[i]);
        refuse(text, BASE_INTAKE_RAGGED, "table, row 3");
    }
}

/* A spreadsheet writes as many cells as its widest row has; a column without a heading holds nothing. */
static void test_columns_without_headings(void **state)
{
    (void)state;
    assert_int_equal(total(accept("month;channel;party;session;;\r\n2016-11;web;user;1;;\r\n"
                                  ";;;;;\r\n2016-11;web;user;1;\r\n2016-11;web;user;1\r\n"
                                  "2016-11;web;user;1;;; ;\xc2\xa0\r\n")),
                     4);
    assert_int_equal(total(accept(";month;;channel;\"\";party;\xc2\xa0;session\n"
                                  ";2016-11;;web;;user;\" \";1\n")),
                     1);
    assert_int_equal(total(accept("month;channel;party;session\n2016-11;web;user;1;;;;\n")), 1);
    refuse("month;channel;party;session;;\n2016-11;web;user;1;;\n2016-11;web;user;1;;Hans\n",
           BASE_INTAKE_UNNAMED, "table, row 3, column 6");
    refuse(",month,channel,party,session\n0,2016-11,web,user,1\n", BASE_INTAKE_UNNAMED,
           "table, row 2, column 1");
    refuse("month;channel;party;session;\n;;;;x\n", BASE_INTAKE_MONTH,
           "table, row 2, column 'month'");
    refuse("month;channel;party;;session\n2016-11;web;user;\n", BASE_INTAKE_RAGGED, "table, row 2");
}

static void test_wide_tables(void **state)
{
    static char text[1 << 16];
    const size_t most = 16384;
    (void)state;
    strcpy(text, "month;channel;party;session");
    memset(text + strlen(text), ';', most - 4);
    strcat(text, "\n2016-11;web;user;1");
    memset(text + strlen(text), ';', most - 4);
    assert_int_equal(total(accept(text)), 1);
}

/* ---- before the headings ---------------------------------------------------------------------- */

static void test_a_note_of_the_delimiter(void **state)
{
    static const char *const notes[] = {"sep=;\r\n",    "SEP=;\n",
                                        "\"sep=;\"\r",  "\xef\xbb\xbfsep=;\n",
                                        "sep=;;;;\r\n", "\r\n;;\r\nsep=;\r\n\r\n"};
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        snprintf(text, sizeof text, "%smonth;channel;party;session\r\n2016-11;web;user;1\r\n",
                 notes[i]);
        assert_int_equal(total(accept(text)), 1);
    }
    assert_int_equal(total(accept("sep=|\nmonth|channel|party|session\n2016-11|web|user|1\n")), 1);
    assert_int_equal(
        total(accept("sep=\t\nmonth\tchannel\tparty\tsession\n2016-11\tweb\tuser\t1\n")), 1);
    /* It goes before what the headings have most of, and is no row. */
    assert_int_equal(total(accept("sep=;\n\"month\";channel;party;session\n2016-11;web;user;1\n")),
                     1);
    refuse("sep=;\r\nmonth;channel;party;session\r\n2016-11;fax;user;1\r\n", BASE_INTAKE_CHANNEL,
           "table, row 2, column 'channel'");
    refuse("sep=;\nsep=;\nmonth;channel;party;session\n", BASE_INTAKE_NO_HEADINGS, "table");
    refuse("sep=x\nmonth;channel;party;session\n", BASE_INTAKE_NO_HEADINGS, "table");
    refuse("month;channel;party;session\nsep=;\n", BASE_INTAKE_RAGGED, "table, row 2");
}

static void test_rows_without_content(void **state)
{
    (void)state;
    assert_int_equal(total(accept(";;;\r\n  \r\n\"\";\" \"\r\n\xc2\xa0;\t\r\n"
                                  "month;channel;party;session\r\n;;;\r\n2016-11;web;user;1\r\n"
                                  "\xc2\xa0;\" \";\xe2\x80\x87;\r\n")),
                     1);
    refuse(";;;\r\n\r\nmonth;channel;party;session\r\n;;;\r\n2016-11;fax;user;1\r\n",
           BASE_INTAKE_CHANNEL, "table, row 5, column 'channel'");
}

/* ---- what is no table ------------------------------------------------------------------------- */

static void test_other_files(void **state)
{
    static const char old[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\n\0";
    static const char wide[] = "m\0o\0n\0t\0h\0;\0\r\0\n\0";
    static char page[INTAKE_HEADING_BYTES + 100];
    (void)state;
    refuse("", BASE_INTAKE_EMPTY, "table");
    refuse("\xef\xbb\xbf", BASE_INTAKE_EMPTY, "table");
    refuse_bytes("\xff\xfe", 2, BASE_INTAKE_EMPTY, "table");
    refuse("\n\r\n;;;\n \n", BASE_INTAKE_EMPTY, "table");
    refuse("sep=;\r\n", BASE_INTAKE_EMPTY, "table");
    refuse("<html><body><table>\n", BASE_INTAKE_WEB_PAGE, "table");
    refuse("\xef\xbb\xbf\r\n  <!DOCTYPE html>", BASE_INTAKE_WEB_PAGE, "table");
    memset(page, 'x', sizeof page - 1);
    page[0] = '<';
    refuse(page, BASE_INTAKE_WEB_PAGE, "table");
    refuse_bytes(old, sizeof old - 1, BASE_INTAKE_OLD_WORKBOOK, "table");
    refuse("PK\3\4 month,channel\n", BASE_INTAKE_WORKBOOK, "table");
    refuse_bytes(wide, sizeof wide - 1, BASE_INTAKE_WIDE, "table");
}

/* As a spreadsheet counts: empty rows too, and a cell with a line feed inside is one row. */
static void test_the_first_of_several(void **state)
{
    (void)state;
    refuse("month,channel,party,session\r\n\r\n\"2016-11\",web,user,1\r\n\r\n"
           "2016-13,\"we\nb\",user,1\r\n2016-11,x,user,1\r\n1,2\r\n",
           BASE_INTAKE_MONTH, "table, row 5, column 'month'");
    assert_int_equal(intake_bad_rows(intake), 3);
    refuse("\r\rmonth,channel,party,session\r2016-11,web,user,1\r2016-11,web,\"us\r\ner\",1\r",
           BASE_INTAKE_PARTY, "table, row 5, column 'party'");
    assert_int_equal(intake_bad_rows(intake), 1);
}

static void test_reading_ends_after_many(void **state)
{
    static char text[MOST_BYTES];
    struct base_error error;
    (void)state;
    strcpy(text, header);
    for (size_t i = 0; i < INTAKE_MOST_BAD_ROWS; i++)
        strcat(text, "2016-11,fax,user,1\n");
    const size_t size = strlen(text);
    assert_int_equal(intake_new("table", plain, &intake, &error), BASE_OK);
    assert_int_equal(intake_feed(intake, text, size - 1, &error), BASE_OK);
    assert_int_equal(intake_feed(intake, "\n", 1, &error), BASE_INTAKE_CHANNEL);
    assert_string_equal(error.subject, "table, row 2, column 'channel'");
    assert_int_equal(intake_bad_rows(intake), INTAKE_MOST_BAD_ROWS);
    for (size_t i = 0; i < INTAKE_MOST_BAD_ROWS; i++)
        strcat(text, "2016-11,fax,user,1\n");
    refuse(text, BASE_INTAKE_CHANNEL, "table, row 2, column 'channel'");
    assert_int_equal(intake_bad_rows(intake), INTAKE_MOST_BAD_ROWS);
}

/* ---- bytes ------------------------------------------------------------------------------------ */

static void test_delimiters(void **state)
{
    (void)state;
    assert_int_equal(total(accept("month\tchannel\tparty\tsession\n2016-11\tweb\tuser\t1\n")), 1);
    assert_int_equal(total(accept("month;channel;party;session\n2016-11;web;user;1\n")), 1);
    /* Those inside quotes don't count. */
    assert_int_equal(total(accept("\"mo,,,,nth\";channel;party;session\n\"2016-11\";web;user;1\n")),
                     1);
}

static void test_encodings(void **state)
{
    static const char utf8[] = "Måned;Kanal;Målgruppe;Samtale\n2016-11;telefon;pårørende;1\n";
    static const char latin[] =
        "M\xe5ned;Kanal;M\xc5LGRUPPE;Samtale\n"
        "2016-11;telefon;p\xe5r\xf8rende;1\n2016-11;telefon;P\xc5R\xd8RENDE;1\n";
    char marked[sizeof utf8 + 3] = "\xef\xbb\xbf";
    (void)state;
    strcat(marked, utf8);
    assert_int_equal(amount(accept(utf8), NOVEMBER_2016, PHONE_RELATIVE_1), 1);
    assert_int_equal(amount(accept(marked), NOVEMBER_2016, PHONE_RELATIVE_1), 1);
    assert_int_equal(amount(accept(latin), NOVEMBER_2016, PHONE_RELATIVE_1), 2);
    /* Neither: 0x81 is nothing in Windows-1252. */
    refuse("month,channel,party,session\n2016-11,web\x81,user,1\n", BASE_INTAKE_CHANNEL,
           "table, row 2, column 'channel'");
}

/* `text`, which is UTF-8, in UTF-16 with a mark. */
static size_t widen(const char *text, bool big, char *to)
{
    char *from = (char *)(uintptr_t)text, *end = to;
    size_t size = strlen(text), room = MOST_BYTES;
    iconv_t converter = iconv_open(big ? "UTF-16BE" : "UTF-16LE", "UTF-8");
    memcpy(end, big ? "\xfe\xff" : "\xff\xfe", 2);
    end += 2;
    assert_true(iconv(converter, &from, &size, &end, &room) != (size_t)-1);
    iconv_close(converter);
    return (size_t)(end - to);
}

static void test_wide_text(void **state)
{
    static char wide[MOST_BYTES + 2], text[MOST_BYTES];
    (void)state;
    for (unsigned big = 0; big < 2; big++) {
        size_t size = widen(
            "Måned\tKanal\tMålgruppe\tSamtale\r\n2016-11\ttelefon\tpårørende\t1\r\n", big, wide);
        assert_int_equal(amount(accept_bytes(wide, size), NOVEMBER_2016, PHONE_RELATIVE_1), 1);
        refuse_bytes(wide, size - 1, BASE_INTAKE_DAMAGED, "table, row 3");
        /* A character of two units, which nothing here has. */
        size = widen("month,channel,party,session\n2016-11,\xf0\x9f\x93\x9e,user,1\n", big, wide);
        refuse_bytes(wide, size, BASE_INTAKE_CHANNEL, "table, row 2, column 'channel'");
        /* Half of one. */
        size = widen("month,channel,party,session\n2016-11,web,user,1\n", big, wide);
        memcpy(wide + size, "\xd8\xd8,\0", 4);
        refuse_bytes(wide, size + 4, BASE_INTAKE_DAMAGED, "table, row 3");
    }
    /* More than is turned at once. */
    strcpy(text, header);
    for (size_t i = 0; i < 1000; i++)
        strcat(text, "2016-11,web,user,1\n");
    assert_int_equal(total(accept_bytes(wide, widen(text, false, wide))), 1000);
}

/* All of Unicode's spaces, as web pages and copied tables have them. */
static void test_spaces(void **state)
{
    static const char *const spaces[] = {"\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80",
                                         "\xe2\x80\x87", "\xe2\x80\x8b", "\xe2\x80\x8e",
                                         "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe2\x81\xa0",
                                         "\xe3\x80\x80", "\xef\xbb\xbf"};
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        const char *space = spaces[i];
        snprintf(
            text, sizeof text,
            "%smonth%s;mode%sof%scontact;party;%ssession\n%s2016-11;web%s;\"%s user%s%s\";1%s\n",
            space, space, space, space, space, space, space, space, space, space, space);
        assert_int_equal(total(accept(text)), 1);
    }
    assert_int_equal(
        total(accept("dato;kanal;part;samtale\n3.\xc2\xa0november\xc2\xa0 2016;web;user;1\n")), 1);
    /* Windows-1252. */
    assert_int_equal(total(accept("m\xe5ned;kanal\xa0;part;samtale\n2016-11;web\xa0;\xa0user;1\n")),
                     1);
    /* What only begins like one is none. */
    refuse("month,channel,party,session\n2016-11,web\xe2\x80\x93,user,1\n", BASE_INTAKE_CHANNEL,
           "table, row 2, column 'channel'");
    refuse("month,channel,party,session\n2016-11,we\xc2\xa0"
           "b,user,1\n",
           BASE_INTAKE_CHANNEL, "table, row 2, column 'channel'");
}

/* A letter and a combining mark, as file systems and some programs write them. */
static void test_letters_in_parts(void **state)
{
    static const char *const named[INTAKE_COLUMNS] = {[INTAKE_CHANNEL] = "M\xc3\xa5"
                                                                         "de"};
    static const char text[] = "Ma\xcc\x8aned;Ma\xcc\x8a"
                               "de;MA\xcc\x8aLGRUPPE;Samtale\n"
                               "2016-11;telefon;pa\xcc\x8ar\xc3\xb8rende;1\n"
                               "2016-11;telefon;PA\xcc\x8aR\xc3\x98RENDE;1\n";
    struct base_error error;
    (void)state;
    assert_int_equal(read_pieces(named, text, sizeof text - 1, MOST_BYTES, &error), BASE_OK);
    assert_int_equal(amount(intake_result(intake), NOVEMBER_2016, PHONE_RELATIVE_1), 2);
}

static void test_zero_bytes(void **state)
{
    static const char in_cell[] = "month,channel,party,session\n2016-11,web\0,user,1\n";
    static const char in_heading[] = "month,channel,party,session,x\0y\n";
    (void)state;
    refuse_bytes(in_cell, sizeof in_cell - 1, BASE_INTAKE_CHANNEL,
                 "table, row 2, column 'channel'");
    refuse_bytes(in_heading, sizeof in_heading - 1, BASE_INTAKE_UNKNOWN_COLUMN, "table: '?'");
}

static void test_quotes(void **state)
{
    (void)state;
    refuse("month,channel,party,session\n2016-11,\"web,user,1\n", BASE_INTAKE_DAMAGED,
           "table, row 2");
    refuse("month,channel,party,session\n2016-11,web,user,1\n2016-11,\"we\"b,user,1\n",
           BASE_INTAKE_DAMAGED, "table, row 3");
    refuse("month,channel,party,session\n2016-11,we\"b,user,1\n", BASE_INTAKE_DAMAGED,
           "table, row 2");
    refuse("month,channel,party,ses\"sion\"\n", BASE_INTAKE_DAMAGED, "table, row 1");
    /* What was wrong before goes before it. */
    refuse("month,channel,party,session\n2016-11,fax,user,1\n\n\"", BASE_INTAKE_CHANNEL,
           "table, row 2, column 'channel'");
}

static void test_long_cells(void **state)
{
    static char cell[8192], text[MOST_BYTES];
    (void)state;
    memset(cell, 'x', 4000);
    snprintf(text, sizeof text, "%s2016-11,%s,user,1\n", header, cell);
    refuse(text, BASE_INTAKE_CHANNEL, "table, row 2, column 'channel'");
    memset(cell, 'x', sizeof cell - 1);
    snprintf(text, sizeof text, "%s2016-11,%s,user,1\n", header, cell);
    refuse(text, BASE_INTAKE_DAMAGED, "table, row 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_a_row_for_each_contact, end),
        cmocka_unit_test_teardown(test_counts, end),
        cmocka_unit_test_teardown(test_nothing_to_count, end),
        cmocka_unit_test_teardown(test_empty_rows, end),
        cmocka_unit_test_teardown(test_every_heading, end),
        cmocka_unit_test_teardown(test_headings_that_mean_nothing, end),
        cmocka_unit_test_teardown(test_unknown_columns_are_named, end),
        cmocka_unit_test_teardown(test_refused_at_the_end_of_the_headings, end),
        cmocka_unit_test_teardown(test_many_unknown_columns, end),
        cmocka_unit_test_teardown(test_no_headings, end),
        cmocka_unit_test_teardown(test_columns_missing_or_twice, end),
        cmocka_unit_test_teardown(test_columns_by_name, end),
        cmocka_unit_test_teardown(test_words, end),
        cmocka_unit_test_teardown(test_words_that_are_not_clear, end),
        cmocka_unit_test_teardown(test_numbers, end),
        cmocka_unit_test_teardown(test_a_cell_of_many_rows, end),
        cmocka_unit_test_teardown(test_status, end),
        cmocka_unit_test_teardown(test_ragged_rows, end),
        cmocka_unit_test_teardown(test_columns_without_headings, end),
        cmocka_unit_test_teardown(test_wide_tables, end),
        cmocka_unit_test_teardown(test_a_note_of_the_delimiter, end),
        cmocka_unit_test_teardown(test_rows_without_content, end),
        cmocka_unit_test_teardown(test_other_files, end),
        cmocka_unit_test_teardown(test_the_first_of_several, end),
        cmocka_unit_test_teardown(test_reading_ends_after_many, end),
        cmocka_unit_test_teardown(test_delimiters, end),
        cmocka_unit_test_teardown(test_encodings, end),
        cmocka_unit_test_teardown(test_wide_text, end),
        cmocka_unit_test_teardown(test_spaces, end),
        cmocka_unit_test_teardown(test_letters_in_parts, end),
        cmocka_unit_test_teardown(test_zero_bytes, end),
        cmocka_unit_test_teardown(test_quotes, end),
        cmocka_unit_test_teardown(test_long_cells, end),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
