/* A folder for a test: made, entered and removed with all that is in it. */
#ifndef TAVS_TEST_SCRATCH_H
#define TAVS_TEST_SCRATCH_H

/* Setup and teardown of a test: the working folder is a new one, mode 0755, as long as it runs. */
int scratch_enter(void **state);
int scratch_leave(void **state);

/* Absolute. */
const char *scratch_path(void);

/* How many entries the working folder has. */
int scratch_entries(void);

void scratch_put(const char *path, const char *content);

/* For content of at most 63 bytes. */
void scratch_assert_content(const char *path, const char *content);

#endif
