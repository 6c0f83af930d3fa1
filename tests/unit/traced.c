#include "traced.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tavs/secret.h"

enum { PATH_BYTES = 4096 };

const char traced_store[] = "work/tavs.mdb";
uint8_t traced_id[KEYS_STORE_ID_BYTES];
static char scratch[PATH_BYTES];

const char *traced_at(const char *path)
{
    static char full[2][2 * PATH_BYTES];
    static unsigned turn;
    char *text = full[turn++ % 2];
    snprintf(text, 2 * PATH_BYTES, strcmp(path, ".") == 0 ? "%s" : "%s/%s", scratch, path);
    return text;
}

void traced_put_bytes(const char *path, const void *bytes, size_t size)
{
    struct base_error error;
    char copy[PATH_BYTES];
    snprintf(copy, sizeof copy, "%s", path);
    assert_int_equal(base_make_folders(copy, &error), BASE_OK);
    support_write_file(path, bytes, size);
}

void traced_put(const char *path, const char *text)
{
    traced_put_bytes(path, text, strlen(text));
}

void traced_put_store(const char *path, const uint8_t id[KEYS_STORE_ID_BYTES])
{
    enum { BYTES = 5 * 4096, AT_MAGIC = 16, AT_ID = 3 * 4096 + 1000 };
    static const uint8_t magic[] = {0xde, 0xc0, 0xef, 0xbe};
    uint8_t *bytes = calloc(1, BYTES);
    assert_non_null(bytes);
    memcpy(bytes + AT_MAGIC, magic, sizeof magic);
    memcpy(bytes + AT_ID, id, KEYS_STORE_ID_BYTES);
    traced_put_bytes(path, bytes, BYTES);
    free(bytes);
}

int traced_enter(void **state)
{
    static const char *const unset[] = {"HISTFILE",       "ZDOTDIR",        "LESSHISTFILE",
                                        "XDG_DATA_HOME",  "XDG_STATE_HOME", "XDG_CACHE_HOME",
                                        "XDG_CONFIG_HOME"};
    if (support_enter(state) != 0 || getcwd(scratch, sizeof scratch) == NULL)
        return -1;
    for (size_t i = 0; i < sizeof unset / sizeof *unset; i++)
        unsetenv(unset[i]);
    secret_random(traced_id, sizeof traced_id);
    traced_put_store(traced_store, traced_id);
    return mkdir("home", S_IRWXU) != 0 || mkdir("tmp", S_IRWXU) != 0 ||
                   setenv("HOME", traced_at("home"), 1) != 0 ||
                   setenv("TMPDIR", traced_at("tmp"), 1) != 0
               ? -1
               : 0;
}

/* $TMPDIR is for the next test to be made in. */
int traced_leave(void **state)
{
    char parent[PATH_BYTES];
    snprintf(parent, sizeof parent, "%s", scratch);
    *strrchr(parent, '/') = '\0';
    return setenv("TMPDIR", parent, 1) != 0 ? -1 : support_leave(state);
}

struct traces_report *traced_find(void)
{
    struct traces_report *report = NULL;
    struct base_error error;
    assert_int_equal(traces_find(traced_store, traced_id, &report, &error), BASE_OK);
    assert_non_null(report);
    return report;
}

static bool is_inside(const struct traces_trace *trace)
{
    return strncmp(trace->path, scratch, strlen(scratch)) == 0;
}

/* What the machine that tests run on has to say does not count. */
static bool is_of_machine(const struct traces_trace *trace)
{
    return !is_inside(trace) ||
           (trace->kind >= TRACES_NETWORK && trace->kind <= TRACES_SWAP_UNTOLD) ||
           (trace->kind >= TRACES_ENCRYPTED && trace->kind <= TRACES_NO_SWAP);
}

void traced_print(const struct traces_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        print_message("%s: %s, line %llu (%s)\n", traces_kind_code(report->traces[i].kind),
                      report->traces[i].path, (unsigned long long)report->traces[i].line,
                      report->traces[i].detail);
}

unsigned traced_count(const struct traces_report *report, enum traces_kind kind, const char *path,
                      uint64_t line)
{
    unsigned found = 0;
    for (size_t i = 0; i < report->count; i++)
        found += report->traces[i].kind == kind && strcmp(report->traces[i].path, path) == 0 &&
                 report->traces[i].line == line;
    return found;
}

void traced_assert_only(enum traces_kind kind, const char *path, uint64_t line)
{
    struct traces_report *report = traced_find();
    for (size_t i = 0; i < report->count; i++) {
        const struct traces_trace *trace = &report->traces[i];
        const bool is_it = trace->kind == kind && strcmp(trace->path, path) == 0;
        if (!is_of_machine(trace) && !is_it && traces_kind_severity(trace->kind) != TRACES_CLEAR) {
            traced_print(report);
            fail_msg("besides %s: %s", traces_kind_code(kind), traces_kind_code(trace->kind));
        }
    }
    if (traced_count(report, kind, path, line) != 1) {
        traced_print(report);
        fail_msg("not found: %s", traces_kind_code(kind));
    }
    traces_free(report);
}

void traced_assert_clean(void)
{
    struct traces_report *report = traced_find();
    for (size_t i = 0; i < report->count; i++)
        if (!is_of_machine(&report->traces[i]) &&
            traces_kind_severity(report->traces[i].kind) != TRACES_CLEAR) {
            traced_print(report);
            fail_msg("invented: %s", traces_kind_code(report->traces[i].kind));
        }
    traces_free(report);
}
