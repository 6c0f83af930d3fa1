/* For tests of traces: a folder with a made-up home folder and something that looks like a store. */
#ifndef TESTS_TRACED_H
#define TESTS_TRACED_H

#include "support.h"
#include "tavs/traces.h"

/* Setup and teardown: the folder of support_enter holds home ($HOME), tmp ($TMPDIR) and the store, work/tavs.mdb;
 * none of the other variables is set. */
int traced_enter(void **state);
int traced_leave(void **state);

extern const char traced_store[];
extern uint8_t traced_id[KEYS_STORE_ID_BYTES];

/* The absolute path (".": of the folder itself); good until the next call but one. */
const char *traced_at(const char *path);

/* Makes a file of mode 0600 and the folders that it is in. */
void traced_put(const char *path, const char *text);
void traced_put_bytes(const char *path, const void *bytes, size_t size);

/* What a store looks like to those who don't look into it: LMDB's magic number and the id. */
void traced_put_store(const char *path, const uint8_t id[KEYS_STORE_ID_BYTES]);

struct traces_report *traced_find(void);
void traced_print(const struct traces_report *report);
unsigned traced_count(const struct traces_report *report, enum traces_kind kind, const char *path,
                      uint64_t line);

/* This once (path as traced_at gives it), and nothing else that is to be mended, worth knowing or can't be told; but
 * what the machine that the tests run on has to say does not count. */
void traced_assert_only(enum traces_kind kind, const char *path, uint64_t line);
void traced_assert_clean(void);

#endif
