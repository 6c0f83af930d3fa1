#include "solver.h"

#include <time.h>

enum base_code solver_find(const struct protect_solver *wanted, const struct protect_solver **out,
                           struct base_error *error)
{
    void *found;
    if (wanted == NULL) {
        if (base_find_in_part("protect", "protect_glpk", &found, error) != BASE_OK)
            return error->code;
        wanted = found;
    }
    *out = wanted;
    return BASE_OK;
}

double solver_clock(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
