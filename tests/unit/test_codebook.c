/* codebook: cells, words, and what typed text means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "codebook/words.h"
#include "tavs/codebook.h"

enum { NOT_SET = 77, TEXT_BYTES = 128 };

#define EACH_DIMENSION(d) for (int d = 0; d < CODEBOOK_DIMENSIONS; d++)
#define EACH_LANGUAGE(l)  for (int l = 0; l < CODEBOOK_LANGUAGES; l++)
#define EACH_VALUE(d, v)                                                                           \
    for (unsigned v = 0; v < codebook_values((enum codebook_dimension)(d)); v++)

static const char *word_of(int dimension, unsigned value, int language)
{
    return codebook_word((enum codebook_dimension)dimension, value,
                         (enum codebook_language)language);
}

/* The set of values that `text` means. Checks that only what is due is written. */
static codebook_set find(int dimension, const char *text, int language)
{
    unsigned value = NOT_SET;
    codebook_set candidates = 0xee;
    enum codebook_match match =
        codebook_find((enum codebook_dimension)dimension, text, (enum codebook_language)language,
                      &value, &candidates);

    switch (match) {
    case CODEBOOK_ONE_MATCH:
        assert_true(value < codebook_values((enum codebook_dimension)dimension));
        assert_int_equal(candidates, 0xee);
        return (codebook_set)(1u << value);
    case CODEBOOK_SEVERAL_MATCHES:
        assert_int_equal(value, NOT_SET);
        assert_true((candidates & (candidates - 1)) != 0);
        return candidates;
    default:
        assert_int_equal(match, CODEBOOK_NO_MATCH);
        assert_int_equal(value, NOT_SET);
        assert_int_equal(candidates, 0xee);
        return 0;
    }
}

static void expect(int dimension, const char *text, int language, codebook_set values)
{
    codebook_set found = find(dimension, text, language);

    if (found != values)
        fail_msg("dimension %d, language %d: \"%s\" means 0x%02x, not 0x%02x", dimension, language,
                 text, found, values);
}

static codebook_set only(unsigned value)
{
    return (codebook_set)(1u << value);
}

/* ---- cells and names --------------------------------------------------------------------------
 */

static void test_cells_are_numbered_as_the_format_says(void **state)
{
    unsigned cell = 0;

    (void)state;
    assert_int_equal(CODEBOOK_CELLS, 60);
    for (uint8_t channel = 0; channel < 4; channel++) {
        for (uint8_t party = 0; party < 3; party++) {
            for (uint8_t session = 0; session < 5; session++) {
                struct codebook_contact contact = {{channel, party, session}};
                struct codebook_contact again = codebook_contact_of(cell);

                assert_int_equal(codebook_cell(contact), cell);
                assert_memory_equal(&again, &contact, sizeof contact);
                cell++;
            }
        }
    }
}

/* The text of docs/format.md, section 2; then the same put together from the codes. */
static void test_text_is_that_of_the_format(void **state)
{
    char text[TEXT_BYTES] = "";

    (void)state;
    assert_string_equal(codebook_text(), "channel in-person phone mail web\n"
                                         "party user relative professional\n"
                                         "session 1 2 3 4 5\n");
    EACH_DIMENSION(d)
    {
        strcat(text, codebook_dimension_code((enum codebook_dimension)d));
        EACH_VALUE(d, v)
        {
            strcat(text, " ");
            strcat(text, codebook_code((enum codebook_dimension)d, v));
        }
        strcat(text, "\n");
    }
    assert_string_equal(codebook_text(), text);
}

static void test_sets_hold_all_values(void **state)
{
    (void)state;
    assert_int_equal(codebook_values(CODEBOOK_CHANNEL), CODEBOOK_CHANNELS);
    assert_int_equal(codebook_values(CODEBOOK_PARTY), CODEBOOK_PARTIES);
    assert_int_equal(codebook_values(CODEBOOK_SESSION), CODEBOOK_SESSIONS);
    assert_int_equal(CODEBOOK_ALL_CHANNELS, (1 << CODEBOOK_CHANNELS) - 1);
    assert_int_equal(CODEBOOK_ALL_PARTIES, (1 << CODEBOOK_PARTIES) - 1);
}

static void test_words_for_people(void **state)
{
    static const char *const words[CODEBOOK_LANGUAGES][CODEBOOK_DIMENSIONS][5] = {
        {{"in-person", "phone", "mail", "web"},
         {"user", "relative", "professional"},
         {"1st conversation", "2nd conversation", "3rd conversation", "4th conversation",
          "5th conversation"}},
        {{"personlig", "telefon", "mail", "hjemmeside"},
         {"bruger", "pårørende", "fagperson"},
         {"1. samtale", "2. samtale", "3. samtale", "4. samtale", "5. samtale"}},
    };

    (void)state;
    EACH_LANGUAGE(l)
    EACH_DIMENSION(d)
    EACH_VALUE(d, v)
    assert_string_equal(word_of(d, v, l), words[l][d][v]);
}

static void test_keys(void **state)
{
    static const char *const keys[CODEBOOK_LANGUAGES][CODEBOOK_DIMENSIONS] = {
        {"ipmw", "urp", "12345"}, {"ptmh", "bpf", "12345"}};

    (void)state;
    EACH_LANGUAGE(l)
    EACH_DIMENSION(d)
    EACH_VALUE(d, v)
    {
        char key = codebook_key((enum codebook_dimension)d, v, (enum codebook_language)l);
        char typed[] = {key, '\0'}, capital[] = {(char)toupper(key), '\0'};

        assert_int_equal(key, keys[l][d][v]);
        expect(d, typed, l, only(v));
        expect(d, capital, l, only(v));
    }
}

/* ---- the words themselves ---------------------------------------------------------------------
 */

typedef void visit_word(int dimension, unsigned value, int language, const char *word);

/* Every word, code and synonym; a code counts as English. */
static void each_word(visit_word *visit)
{
    EACH_DIMENSION(d)
    EACH_VALUE(d, v)
    {
        const struct words_value *value = &words_dimensions[d].value[v];

        visit(d, v, CODEBOOK_ENGLISH, value->code);
        EACH_LANGUAGE(l)
        {
            size_t i = 0;

            visit(d, v, l, value->word[l]);
            for (; value->synonyms[l][i] != NULL; i++)
                visit(d, v, l, value->synonyms[l][i]);
            assert_true(i > 0 && i < WORDS_MOST_SYNONYMS);
        }
    }
}

static void check_letters(int dimension, unsigned value, int language, const char *word)
{
    (void)dimension, (void)value, (void)language;
    assert_true(*word != '\0');
    for (const char *at = word; *at != '\0'; at++) {
        if (strncmp(at, "å", 2) == 0 || strncmp(at, "ø", 2) == 0 || strncmp(at, "æ", 2) == 0)
            at++;
        else if (strchr("abcdefghijklmnopqrstuvwxyz12345-. ", *at) == NULL)
            fail_msg("\"%s\" has a letter that can't be typed", word);
    }
}

static void test_words_are_lower_case_and_danish_at_most(void **state)
{
    (void)state;
    each_word(check_letters);
}

static void check_found_in_full(int dimension, unsigned value, int language, const char *word)
{
    char text[TEXT_BYTES];

    (void)language;
    EACH_LANGUAGE(l)
    {
        expect(dimension, word, l, only(value));

        /* in capitals, and with what is not part of it */
        for (size_t i = 0; i <= strlen(word); i++) {
            bool second = i > 0 && (uint8_t)word[i - 1] == 0xc3;
            text[i] = (char)(second ? word[i] & ~0x20 : toupper((unsigned char)word[i]));
        }
        expect(dimension, text, l, only(value));
        snprintf(text, sizeof text, "%sx", word);
        expect(dimension, text, l, 0);
        snprintf(text, sizeof text, " %s", word);
        expect(dimension, text, l, 0);
    }
}

/* This also shows that no word means two values. */
static void test_every_word_is_found_in_both_languages(void **state)
{
    (void)state;
    each_word(check_found_in_full);
}

/* ---- beginnings -------------------------------------------------------------------------------
 */

static struct {
    int dimension, language;
    const char *typed;
    codebook_set full, beginning;
} expected;

/* A plain model: beginnings are compared byte by byte. */
static void model_word(int dimension, unsigned value, int language, const char *word)
{
    const char *key = word_of(dimension, value, expected.language);
    size_t length = strlen(expected.typed);

    if (dimension != expected.dimension)
        return;
    if (strcmp(word, expected.typed) == 0 || (length == 1 && *key == *expected.typed))
        expected.full |= only(value);
    if (language == expected.language && strncmp(word, expected.typed, length) == 0)
        expected.beginning |= only(value);
}

static bool ends_inside_letter(const char *text)
{
    return (uint8_t)text[strlen(text) - 1] == 0xc3;
}

static void check_beginnings(int dimension, unsigned value, int language, const char *word)
{
    (void)value, (void)language;
    for (size_t length = 1; length <= strlen(word); length++) {
        char typed[TEXT_BYTES] = "";

        memcpy(typed, word, length);
        EACH_LANGUAGE(l)
        {
            expected.dimension = dimension;
            expected.language = l;
            expected.typed = typed;
            expected.full = expected.beginning = 0;
            each_word(model_word);
            if (ends_inside_letter(typed))
                expect(dimension, typed, l, 0);
            else if (strstr(typed, "a") == NULL && strstr(typed, "o") == NULL)
                expect(dimension, typed, l, expected.full ? expected.full : expected.beginning);
            else /* a and o may also stand for å, æ and ø: no less than the model says */
                assert_int_equal(find(dimension, typed, l) & expected.beginning,
                                 expected.full ? expected.full & expected.beginning
                                               : expected.beginning);
        }
    }
}

static void test_every_beginning_of_every_word(void **state)
{
    (void)state;
    each_word(check_beginnings);
}

/* What people see on the screen can be cut to two letters, but for one word. */
static void test_beginnings_of_the_words_shown(void **state)
{
    (void)state;
    EACH_LANGUAGE(l)
    EACH_DIMENSION(d)
    EACH_VALUE(d, v)
    {
        const char *word = word_of(d, v, l);

        for (size_t length = 1; length <= strlen(word); length++) {
            char typed[TEXT_BYTES] = "";

            memcpy(typed, word, length);
            if (strcmp(typed, "fa") == 0) /* fagperson or familie */
                expect(d, typed, l, only(1) | only(2));
            else if (ends_inside_letter(typed))
                expect(d, typed, l, 0);
            else
                expect(d, typed, l, only(v));
        }
    }
}

static void test_chosen_texts(void **state)
{
    enum { CH = CODEBOOK_CHANNEL, PA = CODEBOOK_PARTY, SE = CODEBOOK_SESSION };
    enum { EN = CODEBOOK_ENGLISH, DA = CODEBOOK_DANISH };
    static const struct {
        int dimension, language;
        const char *text;
        codebook_set values;
    } cases[] = {
        /* one letter, both languages: the key goes before beginnings */
        {CH, DA, "p", 1},
        {CH, EN, "p", 2},
        {PA, DA, "p", 2},
        {PA, EN, "p", 4},
        {CH, DA, "t", 2},
        {CH, DA, "T", 2},
        {SE, DA, "2", 2},
        /* beginnings hold in the interface language only */
        {CH, EN, "telef", 0},
        {CH, DA, "telef", 2},
        {CH, DA, "pho", 0},
        {CH, EN, "pho", 2},
        {PA, EN, "pår", 0},
        {PA, DA, "rel", 0},
        {PA, DA, "relative", 2},
        /* synonyms of the other language */
        {PA, EN, "borger", 1},
        {CH, EN, "fremmøde", 1},
        {CH, EN, "e-mail", 4},
        {CH, DA, "face-to-face", 1},
        {PA, DA, "next of kin", 2},
        /* several values: candidates */
        {CH, EN, "c", 2 | 8},
        {CH, DA, "o", 2 | 8},
        {CH, DA, "b", 1 | 4},
        {PA, DA, "fa", 2 | 4},
        {SE, EN, "f", 1 | 8 | 16},
        {SE, EN, "fi", 1 | 16},
        {SE, DA, "f", 1 | 8 | 16},
        /* several words of one value */
        {CH, DA, "f", 1},
        {CH, DA, "fremm", 1},
        {CH, EN, "in", 1},
        {CH, DA, "in", 8},
        {CH, EN, "internet", 8},
        {PA, EN, "c", 1 | 4},
        {PA, EN, "ci", 1},
        /* a full word goes before what begins so */
        {CH, EN, "tel", 2},
        {CH, DA, "tel", 2},
        {CH, EN, "net", 8},
        {CH, DA, "personlig", 1},
        /* å, ø, æ: as they are, in capitals, as two letters, bare */
        {PA, DA, "pårørende", 2},
        {PA, DA, "PÅRØRENDE", 2},
        {PA, DA, "paaroerende", 2},
        {PA, DA, "PAAROERENDE", 2},
        {PA, DA, "parorende", 2},
        {PA, EN, "Paarørende", 2},
        {PA, DA, "pa", 2},
        {PA, DA, "paa", 2},
        {PA, DA, "på", 2},
        {PA, DA, "paar", 2},
        {PA, DA, "paaro", 2},
        {PA, DA, "paaroe", 2},
        {PA, DA, "paaroer", 2},
        {PA, DA, "paaa", 0},
        {PA, DA, "paroo", 0},
        {CH, DA, "fremmoede", 1},
        {CH, DA, "fremmode", 1},
        {CH, DA, "besog", 1},
        {CH, DA, "BESØG", 1},
        {PA, DA, "slaegtning", 2},
        {PA, DA, "slægtning", 2},
        {PA, DA, "SLÆGT", 2},
        {PA, DA, "slagt", 2},
        {PA, DA, "slegt", 0},
        /* ... but not the other way round, nor half a letter */
        {PA, DA, "fågperson", 0},
        {CH, DA, "teleføn", 0},
        {PA, DA, "p\xc3", 0},
        {PA, DA, "p\xa5", 0},
        {PA, DA, "p\xc3\xb8rende", 0},
        {PA, DA, "\xc3\x70", 0},
        /* nothing */
        {CH, DA, "", 0},
        {PA, EN, "", 0},
        {SE, DA, "", 0},
        {CH, DA, " ", 0},
        {CH, DA, "-", 0},
        {CH, DA, "pårørende", 0},
        {PA, DA, "telefon", 0},
        {CH, EN, "fax", 0},
        {SE, DA, "0", 0},
        {SE, DA, "6", 0},
        {SE, EN, "x", 0},
        {SE, EN, "-1", 0},
        {SE, EN, "01", 0},
        {SE, EN, "11", 0},
        {SE, EN, "1.5", 0},
        {SE, EN, "1 ", 0},
        {SE, DA, "1.", 1},
        {SE, DA, "1. sam", 1},
        {SE, EN, "3rd", 4},
        {SE, DA, "3rd", 0},
        {SE, EN, "second", 2},
        {SE, DA, "second", 2},
        {SE, DA, "FØRSTE", 1},
        {SE, EN, "forste", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(cases[i].dimension, cases[i].text, cases[i].language, cases[i].values);
}

/* The words that `text` may become, with spaces between. */
static const char *completed(int dimension, const char *text, int language, codebook_set offered)
{
    static char line[TEXT_BYTES];
    const char *words[CODEBOOK_MOST_VALUES];
    unsigned count = codebook_complete((enum codebook_dimension)dimension, text,
                                       (enum codebook_language)language, offered, words);

    line[0] = '\0';
    for (unsigned i = 0; i < count; i++) {
        strcat(line, i == 0 ? "" : " ");
        strcat(line, words[i]);
    }
    return line;
}

static void test_completion(void **state)
{
    enum { CH = CODEBOOK_CHANNEL, PA = CODEBOOK_PARTY, SE = CODEBOOK_SESSION };
    enum { EN = CODEBOOK_ENGLISH, DA = CODEBOOK_DANISH };
    static const struct {
        int dimension, language;
        codebook_set offered;
        const char *text, *words;
    } cases[] = {
        {CH, EN, 0xf, "", "in-person phone mail web"},
        {CH, DA, 0xf, "", "personlig telefon mail hjemmeside"},
        {CH, DA, 0x9, "", "personlig hjemmeside"},
        {SE, DA, 0x1f, "", "1 2 3 4 5"},
        {CH, EN, 0xf, "P", "phone"},
        {CH, EN, 0xd, "p", "personal post"},
        {CH, EN, 0xf, "tele", "telephone"},
        {CH, EN, 0xf, "telef", "telefon"},
        {CH, EN, 0xf, "telefono", "telefonopkald"},
        {CH, EN, 0x1, "telef", ""},
        {CH, DA, 0xf, "bes\xc3\xb8", "bes\xc3\xb8g"},
        {CH, DA, 0xf, "BESOE", "bes\xc3\xb8g"},
        {CH, EN, 0xf, "face t", ""},
        {CH, EN, 0xf, "mail", "mail"},
        {PA, DA, 0x7, "p", "p\xc3\xa5r\xc3\xb8rende"},
        {PA, DA, 0x5, "p", "professionel"},
        {PA, DA, 0x7, "x", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(
            completed(cases[i].dimension, cases[i].text, cases[i].language, cases[i].offered),
            cases[i].words);
}

/* Whatever is offered to be completed means the value that it is offered for. */
static void test_completed_words_are_understood(void **state)
{
    (void)state;
    EACH_DIMENSION(d)
    EACH_LANGUAGE(l)
    EACH_VALUE(d, v)
    {
        const char *words[CODEBOOK_MOST_VALUES];
        for (char first[] = "a"; first[0] <= 'z'; first[0]++) {
            unsigned count =
                codebook_complete((enum codebook_dimension)d, first, (enum codebook_language)l,
                                  (codebook_set)(1 << v), words);
            assert_true(count <= 1);
            if (count == 1)
                assert_int_equal(find(d, words[0], l), 1 << v);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_are_numbered_as_the_format_says),
        cmocka_unit_test(test_text_is_that_of_the_format),
        cmocka_unit_test(test_sets_hold_all_values),
        cmocka_unit_test(test_words_for_people),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_words_are_lower_case_and_danish_at_most),
        cmocka_unit_test(test_every_word_is_found_in_both_languages),
        cmocka_unit_test(test_every_beginning_of_every_word),
        cmocka_unit_test(test_beginnings_of_the_words_shown),
        cmocka_unit_test(test_chosen_texts),
        cmocka_unit_test(test_completion),
        cmocka_unit_test(test_completed_words_are_understood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
