/* scan: the readers, what they refuse, and that nothing of a file stays in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scan/reader.h"
#include "scanned.h"
#include "secret/allocator.h"

enum { GATHERED = 4096, MUTATIONS = 3000 };

/* ---- what a reader hands on ----------------------------------------------------------------- */

static char gathered[GATHERED];

static bool gather(void *context, const struct scan_cell *cell)
{
    const size_t length = strlen(gathered);
    (void)context;
    snprintf(gathered + length, sizeof gathered - length, "%u.%u.%u%s:%.*s|", cell->table,
             cell->row, cell->column, (cell->flags & SCAN_CELL_HEADING) != 0 ? "h" : "",
             (int)cell->size, cell->text);
    return true;
}

static void check_cells(scan_reader *reader, const char *text, const char *cells)
{
    gathered[0] = '\0';
    assert_int_equal(reader(text, strlen(text), gather, NULL), SCAN_READ_OK);
    assert_string_equal(gathered, cells);
}

static void test_csv_cells(void **state)
{
    (void)state;
    check_cells(scan_read_csv, "a;b\n1;2\n", "1.1.1:a|1.1.2:b|1.2.1:1|1.2.2:2|");
    check_cells(scan_read_csv, "a,b\r\n1,2\r\n", "1.1.1:a|1.1.2:b|1.2.1:1|1.2.2:2|");
    check_cells(scan_read_csv, "a\tb\n1,5\t2", "1.1.1:a|1.1.2:b|1.2.1:1,5|1.2.2:2|");
    check_cells(scan_read_csv, "a;\"b;c\nd\"\n1;2\n", "1.1.1:a|1.1.2:b;c\nd|1.2.1:1|1.2.2:2|");
    check_cells(scan_read_csv, "a;\"b\"\"c\"\n1;2\n", "1.1.1:a|1.1.2:b\"\"c|1.2.1:1|1.2.2:2|");
    check_cells(scan_read_csv, "a;\"b\n1;2\n", "1.1.1:a|1.1.2:\"b|1.2.1:1|1.2.2:2|");
    check_cells(scan_read_csv, "a;b\n\nonly\n1;2\n", "1.1.1:a|1.1.2:b|1.3.1:only|1.4.1:1|1.4.2:2|");
}

static void test_text_cells(void **state)
{
    (void)state;
    check_cells(scan_read_txt, "Title\n\nA  1  2\nB  3  4\n",
                "0.1.0:Title|1.3.1:A|1.3.2:1|1.3.3:2|1.4.1:B|1.4.2:3|1.4.3:4|");
    check_cells(scan_read_txt, "Name 2015 2016 2017 2018\nPhone 40 33 12 18\n",
                "1.1.1:Name|1.1.2:2015|1.1.3:2016|1.1.4:2017|1.1.5:2018|"
                "1.2.1:Phone|1.2.2:40|1.2.3:33|1.2.4:12|1.2.5:18|");
    check_cells(scan_read_txt, "one\ntwo\n", "1.1.1:one|1.2.1:two|");
    check_cells(scan_read_markdown, "| a | **b** |\n|---|---:|\n| 1 | 2 |\n\nText.\n",
                "1.1.1:a|1.1.2:b|1.3.1:1|1.3.2:2|1.5.0:Text.|");
}

static void test_json_cells(void **state)
{
    (void)state;
    check_cells(scan_read_json, "[{\"a\":1,\"b\":\"x\"},{\"a\":2}]",
                "1.1.1:a|1.0.2h:a|1.1.2:1|1.1.1:b|1.0.3h:b|1.1.3:x|1.2.2:2|");
    check_cells(scan_read_json, "[[1,2],[3,4]]", "1.1.1:1|1.1.2:2|1.2.1:3|1.2.2:4|");
    check_cells(scan_read_json, "{\"k\":[5,6]}", "1.1.1:k|2.0.1h:k|2.1.1:5|2.2.1:6|");
    check_cells(scan_read_json, "\"\\u00e6\\ud83d\\ude00\\n\"", "1.1.1:æ😀\n|");
    check_cells(scan_read_json, "\"a\\u0000b\"", "1.1.1:a b|");
    check_cells(scan_read_json, "[true,null,\"\",1]", "1.4.1:1|");
}

static void test_json_numbers(void **state)
{
    (void)state;
    check_cells(scan_read_json, "[22334455, -7, 0, 9223372036854775807]",
                "1.1.1:22334455|1.2.1:-7|1.3.1:0|1.4.1:9223372036854775807|");
    check_cells(scan_read_json, "[0.1, 12.50, -3.25, 10190.0010, 1e3, 1.01900010E8, 1e20]",
                "1.1.1:0.1|1.2.1:12.5|1.3.1:-3.25|1.4.1:10190.001|1.5.1:1000.0|"
                "1.6.1:101900010.0|1.7.1:1e20|");
}

/* Each is a row of the same table, whatever stands between them. */
static void test_json_texts(void **state)
{
    (void)state;
    check_cells(scan_read_json, "{\"a\":1}\n{\"a\":2}\n", "1.1.1:a|1.0.2h:a|1.1.2:1|1.2.2:2|");
    check_cells(scan_read_json, " {\"a\":1}{\"a\":2}\r\n\t", "1.1.1:a|1.0.2h:a|1.1.2:1|1.2.2:2|");
    check_cells(scan_read_json, "1 2\n3", "1.1.1:1|1.2.1:2|1.3.1:3|");
}

static size_t read_sample(const char *name, char *bytes, size_t room)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/scan/%s", TESTS_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, room, file);
    fclose(file);
    return size;
}

/* Dates and digits as the sheet shows them. */
static void test_workbook_cells(void **state)
{
    static char bytes[1 << 16];
    (void)state;
    gathered[0] = '\0';
    size_t size = read_sample("personal/birthdays.xlsx", bytes, sizeof bytes);
    assert_int_equal(scan_read_xlsx(bytes, size, gather, NULL), SCAN_READ_OK);
    assert_non_null(strstr(gathered, "|1.2.1:1990-01-01|1.2.2:3|1.3.1:1990-05-08|"));
    assert_non_null(strstr(gathered, "|1.4.1:1982-02-19|"));
    gathered[0] = '\0';
    size = read_sample("personal/cpr_formatted.xlsx", bytes, sizeof bytes);
    assert_int_equal(scan_read_xlsx(bytes, size, gather, NULL), SCAN_READ_OK);
    assert_non_null(strstr(gathered, "|1.2.1:010190-0010|"));
    assert_non_null(strstr(gathered, "|1.3.1:270571-0018|"));
}

/* ---- encodings ------------------------------------------------------------------------------ */

static void test_encodings(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
    } files[] = {
        {"navn;n\nS\xc3\xb8ren \xc3\x85gaard;1\n", 23}, /* UTF-8 */
        {"\xef\xbb\xbfnavn;n\nS\xc3\xb8ren \xc3\x85gaard;1\n", 26},
        {"navn;n\nS\xf8ren \xc5gaard;1\n", 21}, /* Latin-1 */
        {"\xff\xfen\0a\0v\0n\0;\0n\0\n\0S\0\xf8\0r\0e\0n\0 \0\xc5\0g\0a\0a\0r\0d\0;\0001\0\n\0",
         44},
        {"\xfe\xff\0n\0a\0v\0n\0;\0n\0\n\0S\0\xf8\0r\0e\0n\0 \0\xc5\0g\0a\0a\0r\0d\0;\0001\0\n",
         44},
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct scanned *scanned = scanned_bytes("x.csv", files[i].bytes, files[i].size);
        assert_int_equal(scanned->code, BASE_OK);
        assert_int_equal(scanned->count, 1);
        assert_int_equal(scanned->hits[0].kind, SCAN_NAME);
        assert_int_equal(scanned->hits[0].length, 12);
    }
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void check_refused(const char *name, const void *bytes, size_t size, enum base_code code)
{
    struct scan_result result;
    struct base_error error;
    memset(&result, 0x5a, sizeof result);
    const struct scan_result before = result;
    if (scan_bytes(name, bytes, size, SCAN_AUTO, NULL, NULL, &result, &error) != code)
        fail_msg("%s: error %d, expected %d", name, error.code, code);
    assert_memory_equal(&result, &before, sizeof result);
    assert_null(strstr(error.subject, "Mette"));
}

static void test_refused_files(void **state)
{
    (void)state;
    check_refused("x.doc", "a", 1, BASE_SCAN_FORMAT);
    check_refused("x.ps", "%!PS", 4, BASE_SCAN_FORMAT);
    check_refused("x.docx", "a", 1, BASE_SCAN_DAMAGED);
    check_refused("x.csv", "a\0b", 3, BASE_SCAN_FORMAT);
    check_refused("x.json", "{\"Mette\": ", 10, BASE_SCAN_DAMAGED);
    check_refused("x.json", "[01]", 4, BASE_SCAN_DAMAGED);
    check_refused("x.json", "", 0, BASE_SCAN_DAMAGED);
    check_refused("x.json", "[1]\n[Mette]", 11, BASE_SCAN_DAMAGED);
    check_refused("x.json", "[18446744073709551616]", 22, BASE_SCAN_DAMAGED);
    check_refused("x.csv", "", (size_t)SCAN_MOST_BYTES + 1, BASE_SCAN_TOO_BIG);
    struct base_error error;
    struct scan_result result;
    assert_int_equal(scan_file("/nowhere/x.csv", SCAN_AUTO, NULL, NULL, &result, &error), BASE_IO);
    assert_int_equal(scan_file("/nowhere/x.rtf", SCAN_AUTO, NULL, NULL, &result, &error),
                     BASE_SCAN_FORMAT);
}

static void test_too_many_columns(void **state)
{
    const size_t size = 300000;
    char *text = test_malloc(size);
    (void)state;
    memset(text, ';', size);
    check_refused("x.csv", text, size, BASE_SCAN_TOO_BIG);
    for (size_t i = 0; i + 6 <= size; i += 6)
        memcpy(text + i, "a  b\n\n", 6);
    const struct scanned *scanned = scanned_bytes("x.txt", text, size);
    assert_int_equal(scanned->code, BASE_OK); /* 100,000 columns */
    test_free(text);
}

/* The first value would not be looked at. */
static void test_json_key_twice(void **state)
{
    static const char text[] = "{\"k\":\"250180-1234\",\"k\":2}";
    (void)state;
    check_refused("x.json", text, sizeof text - 1, BASE_SCAN_DAMAGED);
}

/* A tree of so many objects would not fit; one text a line is another tree each. */
static void test_bounded_json(void **state)
{
    enum { OBJECT = 3, OBJECTS = SCAN_MOST_JSON_BYTES / 320 };
    const size_t size = (size_t)OBJECT * OBJECTS;
    char *text = test_malloc(size);
    struct base_error error;
    struct scan_result result;
    (void)state;
    for (size_t i = 0; i < size; i += OBJECT)
        memcpy(text + i, "{},", OBJECT);
    text[0] = '[';
    text[1] = ' ';
    text[2] = ' ';
    text[size - 1] = ']';
    check_refused("x.json", text, size, BASE_SCAN_TOO_BIG);
    for (size_t i = 0; i < size; i += OBJECT)
        memcpy(text + i, "{}\n", OBJECT);
    assert_int_equal(scan_bytes("x.json", text, size, SCAN_AUTO, NULL, NULL, &result, &error),
                     BASE_OK);
    memset(text, '[', 5000); /* five thousand lists in each other */
    memset(text + 5000, ']', 5000);
    check_refused("x.json", text, 10000, BASE_SCAN_TOO_BIG);
    assert_int_equal(
        scan_bytes("x.json", text + 4000, 2000, SCAN_AUTO, NULL, NULL, &result, &error), BASE_OK);
    test_free(text);
}

static void test_bounded_workbooks_and_pages(void **state)
{
    (void)state;
    check_refused("x.xlsx", "PK\3\4 no archive", 15, BASE_SCAN_DAMAGED);
    check_refused("x.xlsx", "a;b\n", 4, BASE_SCAN_DAMAGED);
    char *text = test_malloc(20000);
    memcpy(text, "<a", 2); /* ten thousand attributes in one tag */
    for (size_t i = 2; i < 20000; i += 2)
        memcpy(text + i, " a", 2);
    check_refused("x.html", text, 20000, BASE_SCAN_TOO_BIG);
    for (size_t i = 0; i + 5 <= 20000; i += 5) /* four thousand elements deep */
        memcpy(text + i, "<div>", 5);
    check_refused("x.html", text, 20000, BASE_SCAN_TOO_BIG);
    test_free(text);
}

/* A pipe tells no size: what is read moves to larger memory again and again. */
static void test_standard_input(void **state)
{
    static const char line[] = "2017-01;phone;12\n";
    enum { LINES = 20000 };
    struct scan_result result;
    struct base_error error;
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        for (int i = 0; i < LINES; i++) {
            if (write(ends[1], line, sizeof line - 1) < 0)
                _exit(1);
        }
        _exit(write(ends[1], "22 33 44 55;x;1\n", 16) == 16 ? 0 : 1);
    }
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(scan_file("-", SCAN_AUTO, NULL, NULL, &result, &error), BASE_OK);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(result.format, SCAN_CSV);
    assert_int_equal(result.cells, 3 * (LINES + 1));
    assert_int_equal(result.hits[SCAN_PHONE][SCAN_MEDIUM], 1);
    close(STDIN_FILENO);
}

/* ---- damage --------------------------------------------------------------------------------- */

/* Whatever happens to a file, the scan ends, with a verdict or an error. */
static void test_damaged_files(void **state)
{
    static const char *const names[] = {"table5.csv",   "table5.txt",       "table5.md",
                                        "table5.json",  "table5.html",      "table5.xlsx",
                                        "comment.xlsx", "pivot_cache.xlsx", "cpr_formatted.xlsx"};
    static char bytes[1 << 16];
    const unsigned rounds = getenv("TAVS_VALGRIND") != NULL ? MUTATIONS / 100 : MUTATIONS;
    (void)state;
    srandom(5);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char sample[64];
        snprintf(sample, sizeof sample, "personal/%s", names[i]);
        const size_t size = read_sample(sample, bytes, sizeof bytes);
        char *damaged = test_malloc(size);
        for (unsigned round = 0; round < rounds; round++) {
            memcpy(damaged, bytes, size);
            for (long hits = 1 + random() % 8; hits > 0; hits--)
                damaged[(size_t)random() % size] = (char)random();
            const size_t length = random() % 4 == 0 ? (size_t)random() % size : size;
            const struct scanned *scanned = scanned_bytes(names[i], damaged, length);
            assert_true(scanned->code == BASE_OK || scanned->code == BASE_SCAN_DAMAGED ||
                        scanned->code == BASE_SCAN_FORMAT || scanned->code == BASE_SCAN_TOO_BIG);
        }
        test_free(damaged);
    }
}

/* ---- memory --------------------------------------------------------------------------------- */

/* How often the bytes stand in the heap and the stack. */
static size_t count_in_memory(const char *bytes, size_t size)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    const int memory = open("/proc/self/mem", O_RDONLY);
    char line[512];
    size_t count = 0;
    assert_non_null(maps);
    assert_true(memory >= 0);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        if ((strstr(line, "[heap]") == NULL && strstr(line, "[stack]") == NULL) ||
            sscanf(line, "%lx-%lx", &from, &to) != 2)
            continue;
        char *copy =
            mmap(NULL, to - from, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(copy != MAP_FAILED);
        const ssize_t got = pread(memory, copy, to - from, (off_t)from);
        for (char *at = copy; got > 0; at++, count++) {
            at = memmem(at, (size_t)got - (size_t)(at - copy), bytes, size);
            if (at == NULL)
                break;
        }
        munmap(copy, to - from);
    }
    close(memory);
    fclose(maps);
    return count;
}

/* The file lies in memory of its own; no copy of its words is left when it is scanned. */
static void test_nothing_stays_in_memory(void **state)
{
    /* Turned round, so that the program itself does not hold the word. */
    static const char *const files[][2] = {
        {"x.csv", "navn;tlf\nMette ?;22334455\nOle ?;33445566\n"},
        {"x.csv", "navn;tlf\nMette ?\xf8;22334455\nOle ?;33445566\n"},
        {"x.txt", "Vi talte med Mette ? og ?, Ole om det.\n"},
        {"x.md", "| Navn | n |\n|---|---|\n| Mette ? | 3 |\n"},
        {"x.json", "[{\"hvem\":\"Her taler vi om Mette ?\\u002c som i et langt stykke tekst, der "
                   "maa flytte i hukommelsen\",\"tlf\":\"22 33 44 55\"}]"},
        {"x.json", "[{\"navn\":\"Mette \\u0041?\",\"?\":1},{\"navn\":\"Ole ?\"}]"},
    };
    char word[] = "draagtsivQzz";
    (void)state;
    for (size_t i = 0, j = 9; i < j; i++, j--) {
        const char swapped = word[i];
        word[i] = word[j];
        word[j] = swapped;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *file = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        size_t size = 0;
        assert_true(file != MAP_FAILED);
        for (const char *at = files[i][1]; *at != '\0'; at++) {
            if (*at == '?')
                memcpy(file + size, word, strlen(word));
            else
                file[size] = *at;
            size += *at == '?' ? strlen(word) : 1;
        }
        /* jansson wipes nothing: for it the program has an allocator that does. All other readers
         * wipe what they let go themselves. */
        if (strcmp(files[i][0], "x.json") == 0)
            secret_harden_heap();
        const size_t before = count_in_memory(word, strlen(word));
        const struct scanned *scanned = scanned_bytes(files[i][0], file, size);
        assert_int_equal(scanned->code, BASE_OK);
        assert_true(scanned->count > 0);
        if (count_in_memory(word, strlen(word)) > before)
            fail_msg("%s, file %zu: left in memory", files[i][0], i);
        munmap(file, 4096);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_cells),
        cmocka_unit_test(test_text_cells),
        cmocka_unit_test(test_json_cells),
        cmocka_unit_test(test_workbook_cells),
        cmocka_unit_test(test_json_numbers),
        cmocka_unit_test(test_json_texts),
        cmocka_unit_test(test_json_key_twice),
        cmocka_unit_test(test_bounded_json),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_refused_files),
        cmocka_unit_test(test_too_many_columns),
        cmocka_unit_test(test_bounded_workbooks_and_pages),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_damaged_files),
        cmocka_unit_test(test_nothing_stays_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
