/* intake: what a table's headings, cells and bytes may be, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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
    refuse("date;channel;party;session;\n", BASE_INTAKE_UNKNOWN_COLUMN, "table: ''");
    refuse("date,\x1b[31mred,channel,party,session\n", BASE_INTAKE_UNKNOWN_COLUMN,
           "table: '?[31mred'");
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
    refuse("", BASE_INTAKE_NO_HEADINGS, "table");
    refuse("\n\r\n\n", BASE_INTAKE_NO_HEADINGS, "table");
    refuse("\xef\xbb\xbf", BASE_INTAKE_NO_HEADINGS, "table");
    refuse("2016-11-03,phone,relative,1,Hans Jensen\n", BASE_INTAKE_NO_HEADINGS, "table");
    refuse("\"date,channel", BASE_INTAKE_NO_HEADINGS, "table");
    refuse_bytes("\xff\xfe"
                 "d\0a\0t\0e\0,\0\n\0",
                 14, BASE_INTAKE_NO_HEADINGS, "table");
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
    static const char *const rows[] = {"2016-11", "2016-11,web,user", "2016-11,web,user,1,",
                                       "2016-11,web,user,1,Hans,Jensen", ",,,,x"};
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "%s2016-11,web,user,1\n%s\n", header, rows[i]);
        refuse(text, BASE_INTAKE_RAGGED, "table, row 3");
    }
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
        cmocka_unit_test_teardown(test_the_first_of_several, end),
        cmocka_unit_test_teardown(test_reading_ends_after_many, end),
        cmocka_unit_test_teardown(test_delimiters, end),
        cmocka_unit_test_teardown(test_encodings, end),
        cmocka_unit_test_teardown(test_zero_bytes, end),
        cmocka_unit_test_teardown(test_quotes, end),
        cmocka_unit_test_teardown(test_long_cells, end),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
