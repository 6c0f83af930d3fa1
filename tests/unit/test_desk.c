/* cmd: what is typed at the desk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cmd/desk.h"

enum { TEXT_BYTES = 64, NOT_SET = 99 };

static void test_commands(void **state)
{
    static const struct {
        const char *word;
        enum desk_action action;
    } cases[] = {
        {"u", DESK_UNDOES},
        {"U", DESK_UNDOES},
        {"undo", DESK_UNDOES},
        {"Fortryd", DESK_UNDOES},
        {"?", DESK_HELPS},
        {"help", DESK_HELPS},
        {"hj\xc3\xa6lp", DESK_HELPS},
        {"hjaelp", DESK_HELPS},
        {"q", DESK_LEAVES},
        {"quit", DESK_LEAVES},
        {"exit", DESK_LEAVES},
        {"afslut", DESK_LEAVES},
        {"", DESK_COUNTS},
        {"un", DESK_COUNTS},
        {"phone", DESK_COUNTS},
        {"h", DESK_COUNTS},
        {"f", DESK_COUNTS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(desk_action_of(cases[i].word, CODEBOOK_ENGLISH), cases[i].action);
    assert_int_equal(desk_action_of("F", CODEBOOK_DANISH), DESK_UNDOES);
    assert_int_equal(desk_action_of("u", CODEBOOK_DANISH), DESK_UNDOES);
}

/* No channel can be meant by a command's word, nor by what begins one: they would hide it. */
static void test_no_channel_is_hidden(void **state)
{
    static const char *const words[] = {"u", "undo", "fortryd", "?",     "help",
                                        "q", "quit", "exit",    "afslut"};
    unsigned value = NOT_SET;
    codebook_set candidates;

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (int language = 0; language < CODEBOOK_LANGUAGES; language++)
            assert_int_equal(codebook_find(CODEBOOK_CHANNEL, words[i],
                                           (enum codebook_language)language, &value, &candidates),
                             CODEBOOK_NO_MATCH);
}

static void test_words_of_a_line(void **state)
{
    enum { MOST = 4 };
    static const struct {
        const char *line;
        size_t count;
        const char *words[MOST];
    } cases[] = {
        {"", 0, {NULL}},
        {"   ", 0, {NULL}},
        {"t", 1, {"t"}},
        {"t p 2", 3, {"t", "p", "2"}},
        {"  t   p  ", 2, {"t", "p"}},
        {"a b c d e f", MOST, {"a", "b", "c", "d"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[TEXT_BYTES];
        char *words[MOST];
        strcpy(line, cases[i].line);
        assert_int_equal(desk_split(line, words, MOST), cases[i].count);
        for (size_t word = 0; word < cases[i].count; word++)
            assert_string_equal(words[word], cases[i].words[word]);
    }
}

static void test_control_characters_become_spaces(void **state)
{
    static const char *const cases[][2] = {
        {"p r 2", "p r 2"},
        {"p\tr\x1b[2J\x7f\n2\r", "p r [2J \n2 "},
        {"\xc2\x9b"
         "31m \xc2\x80\xc2\x9f",
         "  31m     "},
        {"p\xc3\xa5r\xc3\xb8rende \xc2\xa0 \xc2", "p\xc3\xa5r\xc3\xb8rende \xc2\xa0 \xc2"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[TEXT_BYTES];
        strcpy(text, cases[i][0]);
        desk_clean(text);
        assert_string_equal(text, cases[i][1]);
    }
}

static void test_a_sitting_longer_than_its_list(void **state)
{
    enum { MORE = 3 };
    static struct desk desk;

    (void)state;
    for (int32_t i = 0; i < DESK_MOST_ENTRIES + MORE; i++)
        desk_add(&desk, &(struct cmd_order){.amount = i});
    assert_int_equal(desk.count, DESK_MOST_ENTRIES);
    assert_int_equal(desk.gone, MORE);
    for (int32_t i = 0; i < DESK_MOST_ENTRIES; i++)
        assert_int_equal(desk.entries[i].amount, i + MORE);
}

static void test_completion(void **state)
{
    static const struct {
        enum codebook_language language;
        const char *before, *word, *words[5];
    } cases[] = {
        {CODEBOOK_ENGLISH, "", "", {"in-person", "phone"}},
        {CODEBOOK_ENGLISH, "", "ph", {"phone"}},
        {CODEBOOK_ENGLISH, "", "ma", {NULL}},
        {CODEBOOK_ENGLISH, "", "Un", {"undo"}},
        {CODEBOOK_DANISH, "", "af", {"afslut"}},
        {CODEBOOK_DANISH, "  ", "te", {"telefon"}},
        {CODEBOOK_DANISH, "t ", "", {"bruger", "p\xc3\xa5r\xc3\xb8rende", "fagperson"}},
        {CODEBOOK_DANISH, "t ", "af", {NULL}},
        {CODEBOOK_DANISH, " t   p ", "", {"1", "2", "3", "4", "5"}},
        {CODEBOOK_DANISH, "t p 1 ", "", {NULL}},
    };
    static struct cmd_context context;
    static struct desk desk = {
        .context = &context,
        .offered = {{[CODEBOOK_CHANNEL] = 0x3, [CODEBOOK_PARTY] = 0x7, [CODEBOOK_SESSION] = 0x1f}}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *words[TERM_MOST_COMPLETIONS];
        size_t expected = 0;
        context.language = cases[i].language;
        while (expected < 5 && cases[i].words[expected] != NULL)
            expected++;
        assert_int_equal(desk_complete(&desk, cases[i].before, cases[i].word, words), expected);
        for (size_t word = 0; word < expected; word++)
            assert_string_equal(words[word], cases[i].words[word]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_no_channel_is_hidden),
        cmocka_unit_test(test_words_of_a_line),
        cmocka_unit_test(test_control_characters_become_spaces),
        cmocka_unit_test(test_a_sitting_longer_than_its_list),
        cmocka_unit_test(test_completion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
