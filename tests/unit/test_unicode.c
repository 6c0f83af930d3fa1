/* unicode: what is UTF-8, a space, one letter. */
#include "trial.h"

#include <string.h>

#include "tavs/unicode.h"

static void test_what_is_text(void **state)
{
    static const char *const text[] = {"",
                                       "abc",
                                       "r\xc3\xb8"
                                       "d",
                                       "\xef\xbb\xbf",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const none[] = {"r\xf8"
                                       "d", /* Latin-1 */
                                       "\xc3",
                                       "\xe2\x80", /* cut off */
                                       "\xc0\xaf",
                                       "\xe0\x80\xaf",
                                       "\xf0\x80\x80\xaf", /* longer than need be */
                                       "\xed\xa0\x80",
                                       "\xf4\x90\x80\x80",
                                       "\x80",
                                       "\xff",
                                       "\xf8\x88\x80\x80\x80"};
    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        assert_true(unicode_is_text(text[i]));
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(unicode_is_text(none[i]));
}

static void test_spaces(void **state)
{
    static const char *const spaces[] = {"\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80",
                                         "\xe2\x80\x8a", "\xe2\x80\xaf", "\xe2\x81\x9f",
                                         "\xe3\x80\x80"};
    static const char *const none[] = {
        "", " ", "a", "\xc2", "\xc2\xa1", "\xe2\x80\x8b", "\xe2\x80\x93", "\xef\xbb\xbf"};
    (void)state;
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        assert_int_equal(unicode_space(spaces[i]), strlen(spaces[i]));
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(unicode_space(none[i]), 0);
}

static void assert_composed(const char *text, const char *expected)
{
    char composed[UNICODE_GROWTH * 64 + 1];
    struct base_error error;
    assert_int_equal(unicode_compose(text, composed, &error), BASE_OK);
    assert_string_equal(composed, expected);
}

static void test_composing(void **state)
{
    (void)state;
    assert_composed("", "");
    assert_composed("r\xc3\xb8"
                    "d",
                    "r\xc3\xb8"
                    "d");
    assert_composed("pa\xcc\x8ar", "p\xc3\xa5r");
    assert_composed("A\xcc\x8a", "\xc3\x85");
    assert_composed("cafe\xcc\x81", "caf\xc3\xa9");
    assert_composed("o\xcc\x88u\xcc\x88", "\xc3\xb6\xc3\xbc");
    assert_composed(
        "\xe2\x84\xab",
        "\xc3\x85"); /* the sign of the unit: one character, and not composed all the same */
    assert_composed("q\xcc\xa3\xcc\x87", "q\xcc\xa3\xcc\x87"); /* there is no such letter */
    assert_composed("q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87"); /* but an order of marks */
    assert_composed("\xf0\x9d\x85\xa0",
                    "\xf0\x9d\x85\x98\xf0\x9d\x85\xa5\xf0\x9d\x85\xae"); /* grows to three times */
    assert_composed("pa\xcc\x8ar\xf8", "pa\xcc\x8ar\xf8");               /* no UTF-8 */
}

static void test_what_is_long(void **state)
{
    static char text[UNICODE_MOST + 2], composed[UNICODE_GROWTH * sizeof text];
    struct base_error error;
    (void)state;
    for (size_t i = 0; i + 2 < UNICODE_MOST; i += 3)
        memcpy(text + i, "a\xcc\x8a", 4);
    assert_int_equal(unicode_compose(text, composed, &error), BASE_OK);
    assert_int_equal(strlen(composed), strlen(text) / 3 * 2);
    memset(text, 'a', UNICODE_MOST + 1);
    memcpy(text + UNICODE_MOST - 1, "\xcc\x8a", 3);
    assert_int_equal(unicode_compose(text, composed, &error), BASE_OK);
    assert_string_equal(composed, text);
}

static void test_last_letter(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } texts[] = {{"", 0},
                 {"a", 1},
                 {"a\xc3\xa5", 2},
                 {"xa\xcc\x8a", 3},
                 {"\xcc\x8a", 2},
                 {"a\xf8", 1},
                 {"\xe2\x82\xac", 3},
                 {"a\xf0\x9f\x98\x80", 4},
                 {"o\xcc\xa3\xcc\x88", 5},
                 {"\xc3", 1},
                 {"\xa5\xa5\xa5\xa5\xa5", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(unicode_last_letter(texts[i].text, strlen(texts[i].text)), texts[i].size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_text), cmocka_unit_test(test_spaces),
        cmocka_unit_test(test_composing),    cmocka_unit_test(test_what_is_long),
        cmocka_unit_test(test_last_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
