/* What the files of this room share. */
#ifndef CONFINE_INSIDE_H
#define CONFINE_INSIDE_H

#include "tavs/confine.h"

/* files.c: what is not granted is out of reach; `*version` becomes 0 where the kernel has no Landlock. */
enum base_code confine_files(const struct confine_grant *grants, size_t count, int *version,
                             struct base_error *error);

/* calls.c: what the profile does not list is refused; `*taken` becomes false where the kernel, or the
 * machine that built the program, has no filters. */
enum base_code confine_system_calls(enum confine_calls calls, bool *taken,
                                    struct base_error *error);

#endif
