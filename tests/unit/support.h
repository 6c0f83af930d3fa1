/* What several unit tests need: a folder of its own for each test, a store with its keys, children
 * that may crash, whole files. What fails here fails the test that called it. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tavs/base.h"
#include "tavs/keys.h"
#include "tavs/record.h"

enum { SUPPORT_NOBODY = 65534 };

/* ---- surroundings ---------------------------------------------------------------------------- */

/* cmocka's setup and teardown: an empty temporary folder as working folder, as $HOME and as
 * $XDG_STATE_HOME; the program hardened as main does it. A test that leaves a descriptor open
 * fails. */
int support_enter(void **state);
int support_leave(void **state);

/* The same, in memory where the system has such a folder: for tests that write thousands of times
 * and don't ask what reaches the disk. */
int support_enter_memory(void **state);

/* True under valgrind. */
bool support_is_slow(void);

/* `full` rounds; fewer (a twentieth, at least one) on a slow machine. */
unsigned support_rounds(unsigned full);

/* Random numbers below `limit` from a generator whose seed support_enter draws and prints; the
 * environment's TAVS_SEED repeats a run. */
uint64_t support_random(uint64_t limit);

/* Keys that are drawn from now on are the same in every run: which figures are hidden by lot depends on them. */
void support_draw_same_keys(void);

/* ---- children -------------------------------------------------------------------------------- */

typedef int support_work(void *context);

/* Runs `work` in a child, whose exit status is what `work` returns. A child that takes longer than
 * `seconds` dies of SIGALRM. */
pid_t support_start(support_work *work, void *context, unsigned seconds);

/* Waits for a child and fails the test unless it ended by itself; returns its exit status. */
int support_end(pid_t child);
int support_child(support_work *work, void *context, unsigned seconds);

/* In a child: nobody's rights from now on, if the test runs as root. */
void support_become_nobody(void);

/* Everything in the test's folder becomes nobody's, if the test runs as root. */
void support_give_to_nobody(void);

/* Memory that children share, all zero. */
void *support_share(size_t size);
void support_unshare(void *memory, size_t size);

/* ---- files ----------------------------------------------------------------------------------- */

/* The whole file; free it. */
uint8_t *support_read_file(const char *path, size_t *size);

/* Makes or replaces a file of mode 0600. */
void support_write_file(const char *path, const void *bytes, size_t size);

/* How many entries a folder has. */
unsigned support_entries(const char *folder);

/* ---- a store --------------------------------------------------------------------------------- */

enum { PLACE_MOST_DEVICES = 8 };

/* A place that counts: its store in the file "s/tavs.mdb" with nothing beside it, the reader's key,
 * and several devices, each with a state folder of its own. */
struct place {
    const char *path;
    struct keys_reader *reader;
    struct record_header header;
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    uint16_t device_count;
    struct keys_device *keys[PLACE_MOST_DEVICES];
    struct record_device devices[PLACE_MOST_DEVICES];
};

/* All channels, parties; device 1 with the rows of `year`, which is also this machine's. */
void place_make(struct place *place, int year);
void place_free(struct place *place);

/* Enrols the next device. */
void place_enrol(struct place *place);

/* From now on this machine is device `number`. */
void place_be(const struct place *place, uint16_t number);

/* Signs and writes the header as it stands in `place`; the same for a device. */
void place_put_header(struct place *place);
void place_put_device(struct place *place, uint16_t number);

/* tally_count as this machine. */
enum base_code place_count(const struct place *place, base_month month, unsigned cell,
                           int32_t amount, struct base_error *error);

#endif
