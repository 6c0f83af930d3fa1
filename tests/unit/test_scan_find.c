/* scan: what is found in one piece of text, and what is not. All numbers are computed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan/find.h"
#include "scan/words.h"
#include "scanned.h"

enum { NONE = -1 };

struct expectation {
    const char *text;
    int confidence; /* of the surest hit of the kind, or NONE */
};

static int surest(const struct scanned *scanned, enum scan_kind kind)
{
    for (int confidence = SCAN_HIGH; confidence >= SCAN_LOW; confidence--) {
        if (scanned->result.hits[kind][confidence] > 0)
            return confidence;
    }
    return NONE;
}

/* `pattern` puts the text into a file. */
static void check(enum scan_kind kind, const char *name, const char *pattern,
                  const struct expectation *expected, size_t count)
{
    char text[256];
    for (size_t i = 0; i < count; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(text, sizeof text, pattern, expected[i].text);
#pragma GCC diagnostic pop
        const struct scanned *scanned = scanned_text(name, text);
        assert_int_equal(scanned->code, BASE_OK);
        if (surest(scanned, kind) != expected[i].confidence)
            fail_msg("%s: confidence %d, expected %d", text, surest(scanned, kind),
                     expected[i].confidence);
    }
}

#define CHECK(kind, name, pattern, list)                                                           \
    check((kind), (name), (pattern), (list), sizeof(list) / sizeof *(list))

/* ---- CPR ------------------------------------------------------------------------------------ */

static void test_cpr_spellings(void **state)
{
    static const struct expectation holding[] = {
        {"010190-0010", SCAN_HIGH},
        {"010190 - 0010", SCAN_HIGH},
        {"010190–0010", SCAN_HIGH},
        {"010190\u20110010", SCAN_HIGH},
        {"010190/0010", SCAN_HIGH},
        {"01.01.90-0010", SCAN_HIGH},
        {"01-01-90-0010", SCAN_HIGH},
        {"01/01/90-0010", SCAN_HIGH},
        {"01.01.1990-0010", SCAN_HIGH},
        {"1990-01-01-0010", SCAN_HIGH},
        {"01011990-0010", SCAN_HIGH},
        {"19900101-0010", SCAN_HIGH},
        {"0101900010", SCAN_MEDIUM},
        {"010190 0010", SCAN_MEDIUM},
        {"010190\u00a00010", SCAN_MEDIUM},
        {"010190.0010", SCAN_MEDIUM},
        {"01 01 90 0010", SCAN_MEDIUM},
        {"010190 00 10", SCAN_MEDIUM},
        {"cpr 0101900010", SCAN_HIGH},
        {"CPR-nr.: 010190 0010", SCAN_HIGH},
        {"(010190-0010)", SCAN_HIGH},
        {"010190-0010.", SCAN_HIGH},
        {"010190-xxxx", NONE},
        {"010190-1AB2", SCAN_MEDIUM},
    };
    (void)state;
    CHECK(SCAN_CPR, "x.txt", "Hun oplyste %s i dag\n", holding);
}

static void test_cpr_modulus_only_raises(void **state)
{
    static const struct expectation failing[] = {
        {"010190-0011", SCAN_MEDIUM},     {"01.01.90-0011", SCAN_MEDIUM},
        {"01.01.1990-0011", SCAN_MEDIUM}, {"0101900011", SCAN_LOW},
        {"010190 0011", SCAN_LOW},        {"cpr 0101900011", SCAN_MEDIUM},
        {"610190-0011", SCAN_MEDIUM},     {"910190-0011", SCAN_MEDIUM},
    };
    (void)state;
    CHECK(SCAN_CPR, "x.txt", "Hun oplyste %s i dag\n", failing);
}

static void test_cpr_date_must_exist(void **state)
{
    static const struct expectation dates[] = {
        {"310290-0010", NONE}, /* 31 February */
        {"001190-0010", NONE},        {"321290-0010", NONE}, {"011390-0010", NONE},
        {"010090-0010", NONE},        {"290200-0001", NONE}, /* 1900 was no leap year */
        {"290200-4001", SCAN_HIGH},                          /* 2000 was */
        {"290201-4001", NONE},        {"920190-0010", NONE}, /* 32 January, replacement */
        {"010156-5000", NONE},                               /* 2056 has not come */
        {"010158-5000", SCAN_MEDIUM},                        /* 1858 */
        {"010136-4000", NONE},                               /* 2036 */
        {"010137-4000", SCAN_MEDIUM},                        /* 1937 */
        {"01.01.2017-0010", NONE},                           /* the seventh digit says 1917 */
    };
    (void)state;
    CHECK(SCAN_CPR, "x.txt", "Hun oplyste %s i dag\n", dates);
}

static void test_cpr_rules(void **state)
{
    (void)state;
    assert_int_equal(cpr_check("0101900010"), CPR_MODULUS);
    assert_int_equal(cpr_check("0101900011"), CPR_DATE);
    assert_int_equal(cpr_check("6101900011"), CPR_DATE);
    assert_int_equal(cpr_check("3102900010"), CPR_NONE);
    static const struct {
        const char *digits;
        int year;
    } years[] = {{"0101990000", 1999}, {"0101003999", 1900}, {"0101364000", 2036},
                 {"0101374000", 1937}, {"0101575000", 2057}, {"0101585000", 1858},
                 {"0101008999", 2000}, {"0101998999", 1899}, {"0101369999", 2036},
                 {"0101379000", 1937}};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        assert_int_equal(cpr_year(years[i].digits), years[i].year);
}

static void test_cpr_is_no_other_number(void **state)
{
    static const struct expectation others[] = {
        {"0,0101900010", NONE},          {"abc0101900010def", NONE}, {"10101900010", NONE},
        {"01019000101", NONE},           {"010190-00101", NONE},     {"DK5001019000101234", NONE},
        {"01.01.2017-31.12.2017", NONE}, {"2016-2017", NONE},        {"01-01-2017 1230", NONE},
        {"978-87-123456-7-8", NONE},     {"1.010.190.001", NONE},    {"120 390 1234", NONE},
    };
    (void)state;
    CHECK(SCAN_CPR, "x.txt", "Hun oplyste %s i dag\n", others);
}

static void test_cpr_in_columns(void **state)
{
    const struct scanned *scanned;
    (void)state;
    /* Numbers with their first zero gone, in a column of CPR numbers. */
    scanned = scanned_text("x.csv", "id;n\n0101900010;1\n2705710018;2\n101900029;3\n");
    assert_int_equal(scanned->result.hits[SCAN_CPR][SCAN_HIGH], 3);
    scanned = scanned_text("x.csv", "CPR;n\n101900011;1\n");
    assert_int_equal(scanned->result.hits[SCAN_CPR][SCAN_MEDIUM], 1);
    scanned = scanned_text("x.csv", "CPR;n\n10190-0029;1\n10190 0011;2\n99990-0011;3\n");
    assert_int_equal(scanned->result.hits[SCAN_CPR][SCAN_HIGH], 1);
    assert_int_equal(scanned->result.hits[SCAN_CPR][SCAN_MEDIUM], 1);
    scanned = scanned_text("x.csv", "ref;n\n10190-0029;1\n");
    assert_int_equal(scanned->result.verdict, SCAN_CLEAR);
    /* Ten digits that are no dates; ten digits that are, by chance, seldom. */
    scanned =
        scanned_text("x.csv", "ref;n\n9912345678;1\n8812345678;2\n0101900010;3\n7712345678;2\n");
    assert_int_equal(scanned->result.verdict, SCAN_CLEAR);
    /* Dates all of them, but modulus 11 as rare as chance has it: worth a look, no more. */
    scanned = scanned_text(
        "x.csv", "ref;n\n1512000001;1\n1512000002;1\n1512000003;1\n1512000004;1\n1512000005;1\n");
    assert_int_equal(scanned->result.verdict, SCAN_LOOK);
    /* One among small counts. */
    scanned = scanned_text("x.csv", "ref;n\n1;1\n2;2\n0101900010;3\n4;2\n");
    assert_int_equal(scanned->result.hits[SCAN_CPR][SCAN_MEDIUM], 1);
}

/* ---- telephone, e-mail, birthdays ----------------------------------------------------------- */

static void test_phone_spellings(void **state)
{
    static const struct expectation numbers[] = {
        {"+4522334455", SCAN_HIGH},
        {"+45 22 33 44 55", SCAN_HIGH},
        {"+45-22334455", SCAN_HIGH},
        {"(+45) 22334455", SCAN_HIGH},
        {"004522334455", SCAN_HIGH},
        {"0045 22 33 44 55", SCAN_HIGH},
        {"tlf. 22334455", SCAN_HIGH},
        {"Telefon: 2233 4455", SCAN_HIGH},
        {"mobil 22 334 455", SCAN_HIGH},
        {"45 22 33 44 55", SCAN_MEDIUM},
        {"22 33 44 55", SCAN_MEDIUM},
        {"22-33-44-55", SCAN_MEDIUM},
        {"22.33.44.55", SCAN_LOW},
        {"2233 4455", SCAN_LOW},
        {"22334455", SCAN_LOW},
        {"+46 70 123 45 67", SCAN_MEDIUM},
        {"12345678", NONE},
        {"02 33 44 55", NONE},
        {"22 33 44 55 66", NONE},
        {"2016-2017", NONE},
        {"2016 2017", NONE},
        {"telefon 2016-2017", NONE},
        {"telefon 31.12.2017", NONE},
        {"20171231", NONE},
        {"31122017", NONE},
        {"22 334 455", NONE},
        {"x22334455", NONE},
        {"1,22334455", NONE},
        {"v=22334455", NONE},
        {"https://example.dk/22334455", NONE},
        {"telefon 3 12 33 40 5", NONE},
    };
    (void)state;
    CHECK(SCAN_PHONE, "x.txt", "Se her: %s i dag\n", numbers);
}

/* Reports show the store's fingerprint: ten groups of four hexadecimal digits, whatever they are. */
static void test_fingerprints_are_no_numbers(void **state)
{
    (void)state;
    srandom(11);
    for (int round = 0; round < 20000; round++) {
        char line[128] = "Fingerprint ";
        for (int group = 0; group < 10; group++)
            snprintf(line + strlen(line), sizeof line - strlen(line), " %04x",
                     (unsigned)(random() & 0xffff));
        const struct scanned *scanned = scanned_text("x.txt", line);
        if (scanned->count > 0)
            fail_msg("%s", line);
    }
}

static void test_phone_columns(void **state)
{
    const struct scanned *scanned;
    (void)state;
    scanned = scanned_text("x.csv", "telefon;personlig\n22334455;2\n33445566;1\n");
    assert_int_equal(scanned->result.hits[SCAN_PHONE][SCAN_HIGH], 2);
    scanned = scanned_text("x.csv", "telefon;personlig\n22;2\n33;1\n");
    assert_int_equal(scanned->result.verdict, SCAN_CLEAR);
    scanned = scanned_text("x.csv", "antal;y\n22334455;2\n33445566;1\n");
    assert_int_equal(scanned->result.verdict, SCAN_CLEAR);
    scanned = scanned_text("x.csv", "hvem;antal\n22 33 44 55;2\n33 44 55 66;1\n");
    assert_int_equal(scanned->result.hits[SCAN_PHONE][SCAN_MEDIUM], 2);
}

static void test_emails(void **state)
{
    static const struct expectation addresses[] = {
        {"mette@example.dk", SCAN_HIGH},
        {"<m.h+x@post.example.dk>", SCAN_HIGH},
        {"søren@example.dk", SCAN_HIGH},
        {"mette (at) example.dk", SCAN_MEDIUM},
        {"info@example.dk", SCAN_LOW},
        {"@example", NONE},
        {"a@b", NONE},
        {"logo@2x.png", NONE},
        {"pkg@1.2.3", NONE},
        {"40 @ 33", NONE},
    };
    (void)state;
    CHECK(SCAN_EMAIL, "x.txt", "Se her: %s i dag\n", addresses);
}

static void test_birthdays(void **state)
{
    static const struct expectation dates[] = {
        {"født 01.01.1990", SCAN_MEDIUM},
        {"(f. 1.1.90)", SCAN_MEDIUM},
        {"born 1990-01-01", SCAN_MEDIUM},
        {"fødselsdato: 010190", SCAN_MEDIUM},
        {"010190-xxxx", SCAN_MEDIUM},
        {"født 1990-1995", NONE},
        {"født i 1990", NONE},
        {"01.01.1990", NONE},
        {"f. eks. 12.10.2017", NONE},
    };
    (void)state;
    CHECK(SCAN_BIRTHDAY, "x.txt", "Se her: %s i dag\n", dates);
}

/* ---- names and what is said by columns ------------------------------------------------------ */

static void test_names_in_prose(void **state)
{
    static const struct expectation names[] = {
        {"Mette Hansen", SCAN_MEDIUM},
        {"Jan Sørensen", SCAN_MEDIUM},
        {"ANNA NIELSEN", SCAN_MEDIUM},
        {"Mette Quux", SCAN_LOW},
        {"Hansen, Mette", SCAN_LOW},
        {"Ali van der Berg", SCAN_MEDIUM},
        {"Per Henvendelse", NONE},
        {"Maj August", NONE},
        {"Maria Kirke", NONE},
        {"Jan Feb Mar", NONE},
        {"Store Heddinge", NONE},
        {"Louise Plads", NONE},
        {"Mette", NONE},
        {"mette hansen", NONE},
    };
    (void)state;
    CHECK(SCAN_NAME, "x.md", "Det her skrev %s i dag, og så mere.\n", names);
}

static void test_names_in_cells(void **state)
{
    static const struct expectation names[] = {
        {"Mette Hansen", SCAN_HIGH}, {"Hansen, Mette", SCAN_HIGH}, {"mette hansen", SCAN_MEDIUM},
        {"Mette Quux", SCAN_MEDIUM}, {"Mette H.", SCAN_MEDIUM},    {"Jan Hansen", SCAN_MEDIUM},
        {"Randers Kommune", NONE},   {"Maria Kirke", NONE},        {"Personlig Henvendelse", NONE},
    };
    (void)state;
    CHECK(SCAN_NAME, "x.csv", "a;b\n\"%s\";1\n", names);
}

static void test_initials(void **state)
{
    static const struct {
        const char *text;
        bool found;
    } columns[] = {
        {"x;n\nA.;1\nK.;2\n", true},
        {"x;n\nM.K.;1\nA.J.;2\nT.S.;2\n", true},
        {"x;n\nMK;1\nAJ;2\nTS;2\n", true},
        {"initialer;n\nmk;1\n", true},
        {"x;n\nA;1\nB;2\nC;2\nD;3\n", false}, /* a list's letters */
        {"x;n\nM;1\nK;2\nM;2\nK;3\n", false}, /* men and women */
        {"x;n\nDKK;1\nEUR;2\nSEK;2\n", false},
        {"x;n\nII;1\nIV;2\nVI;2\n", false},
        {"type;n\nAB;1\nQF;2\nZT;2\n", false},
        {"x;n\nAB;1\nAB;2\nQF;2\nAB;3\nQF;4\nAB;1\nAB;2\nQF;9\n", false}, /* two codes */
        {"initialer;n\n12;1\n13;2\n", false},                             /* counted */
    };
    (void)state;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct scanned *scanned = scanned_text("x.csv", columns[i].text);
        if ((scanned->result.verdict == SCAN_REFUSE) != columns[i].found)
            fail_msg("%s", columns[i].text);
        if (columns[i].found)
            assert_true(scanned_has(scanned, SCAN_INITIALS, SCAN_MEDIUM));
    }
}

static void test_headings_need_values(void **state)
{
    static const char *const tables[] = {
        "kommune;diagnose;antal\nRanders;ADHD;12\nViborg;ADHD;30\nRanders;Angst;7\n",
        "kommune;stof;antal\nA-by;Hash og alkohol;5\nA-by;Hash;6\nB-by;Hash og alkohol;9\n"
        "B-by;Hash;7\nC-by;Hash og alkohol;8\nC-by;Hash;9\n",
        "navn;postnr;antal\nRanders C;8900;4\nNørre Alslev;4840;2\nSpentrup;8981;1\n",
        "født;døde\n58205;52555\n61614;52824\n",
        "problemer;2016;2017\nHash og alkohol;40;51\nKokain, amfetamin;12;13\n",
        "cases;deaths\n120;3\n130;4\n",
        "initialer;sagsnr;adresse\n;;\n;;\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct scanned *scanned = scanned_text("x.csv", tables[i]);
        if (scanned->count > 0)
            fail_msg("%s", tables[i]);
    }
}

static void test_headings_with_values(void **state)
{
    static const struct {
        const char *text;
        enum scan_kind kind;
    } tables[] = {
        {"fornavn;n\nXerxes;1\n", SCAN_NAME},
        {"Efternavn;n\nQuux;1\n", SCAN_NAME},
        {"navn;n\nMette;1\nOle;2\n", SCAN_NAME},
        {"Klientens navn;n\nX Y;1\n", SCAN_NAME},
        {"Initials;n\nmk;1\n", SCAN_INITIALS},
        {"Fødselsdato;n\n1. januar 1990;1\n", SCAN_BIRTHDAY},
        {"dateOfBirth,n\n1990-01-01,1\n", SCAN_BIRTHDAY},
        {"f.dato;n\n010190;1\n", SCAN_BIRTHDAY},
        {"Bopælsadresse;n\nHavnen 3;1\n", SCAN_ADDRESS},
        {"Sagsnr.;n\n17/0123;1\n", SCAN_CASE},
        {"client_id,n\nC-0123,1\n", SCAN_CASE},
        {"Journalnummer;n\n0123;1\n", SCAN_CASE},
        {"Sagsnr;Diagnose\n17/0123;ADHD\n", SCAN_DIAGNOSIS},
        {"Sagsnr;Hjemkommune\n17/0123;Randers\n", SCAN_MUNICIPALITY},
        {"Diagnoser;Hjemkommune\nADHD, angst;Randers\nPTSD;Viborg\n", SCAN_DIAGNOSIS},
        {"Hvem;n\nUng 1;3\nUng 2;4\n", SCAN_PERSON},
        {"Bemærkninger;n\nRingede fra Randers og ville vide mere om hash;1\n", SCAN_FREE_TEXT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct scanned *scanned = scanned_text("x.csv", tables[i].text);
        if (!scanned_has(scanned, tables[i].kind, SCAN_MEDIUM))
            fail_msg("%s", tables[i].text);
        assert_int_equal(scanned->result.verdict, SCAN_REFUSE);
    }
}

static void test_headings_found_below_other_rows(void **state)
{
    (void)state;
    const struct scanned *scanned = scanned_text(
        "x.csv", "Periode;2017\nAfdeling;Ungeteam\n\nInitialer;Diagnose\nmk;ADHD\naj;Angst\n");
    assert_int_equal(scanned->result.hits[SCAN_INITIALS][SCAN_MEDIUM], 2);
    assert_int_equal(scanned->result.hits[SCAN_DIAGNOSIS][SCAN_MEDIUM], 2);
    assert_int_equal(scanned->hits[0].row, 5);
    assert_string_equal(scanned->hits[0].heading, "initialer");
}

static void test_word_lists_are_sorted(void **state)
{
    (void)state;
    assert_true(words_names_sorted());
    assert_int_equal(words_first_name("mette"), WORDS_FIRST_NAME);
    assert_int_equal(words_first_name("maj"), WORDS_DOUBTFUL_NAME);
    assert_int_equal(words_first_name("ziad"), WORDS_FIRST_NAME);
    assert_int_equal(words_first_name("åse"), WORDS_FIRST_NAME);
    assert_int_equal(words_first_name("kommune"), WORDS_NO_NAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cpr_spellings),
        cmocka_unit_test(test_cpr_modulus_only_raises),
        cmocka_unit_test(test_cpr_date_must_exist),
        cmocka_unit_test(test_cpr_rules),
        cmocka_unit_test(test_cpr_is_no_other_number),
        cmocka_unit_test(test_cpr_in_columns),
        cmocka_unit_test(test_phone_spellings),
        cmocka_unit_test(test_fingerprints_are_no_numbers),
        cmocka_unit_test(test_phone_columns),
        cmocka_unit_test(test_emails),
        cmocka_unit_test(test_birthdays),
        cmocka_unit_test(test_names_in_prose),
        cmocka_unit_test(test_names_in_cells),
        cmocka_unit_test(test_initials),
        cmocka_unit_test(test_headings_need_values),
        cmocka_unit_test(test_headings_with_values),
        cmocka_unit_test(test_headings_found_below_other_rows),
        cmocka_unit_test(test_word_lists_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
