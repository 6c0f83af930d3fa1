/* Makes system calls of this process fail, as the system would make them fail (seccomp). It can't be
 * undone, so it is for a child process. Under valgrind it holds for valgrind's own calls too. */
#ifndef TAVS_TEST_FORBID_H
#define TAVS_TEST_FORBID_H

#include <fcntl.h>
#include <stdbool.h>
#include <sys/syscall.h>

/* The call fails with `os_error` if argument `at` has exactly `bits` among `mask` (of its lower 32
 * bits); mask 0 and bits 0: always. */
struct forbidden {
    int call, os_error;
    unsigned at, mask, bits;
};

#define FORBID_ALWAYS(call, os_error)                                                              \
    {                                                                                              \
        call, os_error, 0, 0, 0                                                                    \
    }
#define FORBID_TMPFILE(os_error)                                                                   \
    {                                                                                              \
        SYS_openat, os_error, 2, O_TMPFILE, O_TMPFILE                                              \
    }

/* False if the system does not let us. */
bool forbid(struct forbidden what);

#endif
