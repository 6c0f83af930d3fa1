#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "confine_filter.h" /* made when the program is built: confine_filters */
#include "inside.h"

enum base_code confine_system_calls(enum confine_calls calls, bool *taken, struct base_error *error)
{
    const struct sock_fprog filter = {
        .len = confine_filters[calls].count,
        /* The kernel copies it; the interface has no const. */
        .filter = (struct sock_filter *)(uintptr_t)confine_filters[calls].instructions,
    };
    *taken = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
    if (!*taken && errno != EINVAL && errno != ENOSYS) /* those: a kernel without filters */
        return base_fail_system(error, errno, "seccomp");
    return BASE_OK;
}
