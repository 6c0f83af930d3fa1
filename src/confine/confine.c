#include <errno.h>
#include <sys/prctl.h>

#include "inside.h"

#if defined(__SANITIZE_ADDRESS__) || defined(TAVS_UNCONFINED)
enum { BUILT = 0 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
enum { BUILT = 0 };
#else
enum { BUILT = 1 };
#endif
#else
enum { BUILT = 1 };
#endif

bool confine_is_built(void)
{
    return BUILT;
}

enum base_code confine(enum confine_calls calls, const struct confine_grant *grants, size_t count,
                       struct confine_result *result, struct base_error *error)
{
    struct confine_result taken = {0};
    enum base_code code = BASE_OK;
    if (BUILT) {
        /* Without it neither of the two below would be given to an unprivileged process. */
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 && errno != EINVAL)
            return base_fail_system(error, errno, "no_new_privs");
        taken.privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
        code = confine_files(grants, count, &taken.landlock, error);
        if (code == BASE_OK)
            code = confine_system_calls(calls, &taken.seccomp, error);
    }
    if (code == BASE_OK)
        *result = taken;
    return code;
}
