/* Inside of traces: what is told from /proc and /sys, in parts that a test can give files of its own. */
#ifndef TRACES_SYSTEM_H
#define TRACES_SYSTEM_H

#include "inside.h"

struct system_mount {
    uint64_t id;
    unsigned major, minor; /* of the device; 0 and a number if it is not on one */
    char type[64];
    char source[PATH_MAX];
};

enum system_answer { SYSTEM_UNKNOWN, SYSTEM_NO, SYSTEM_YES };

/* The mount of that id; if `id` is 0, the one that `path` lies in. */
bool system_find_mount(const struct search *search, const char *path, uint64_t id,
                       struct system_mount *mount);

/* `source` ("/dev/sda1") counts if `major` is 0. */
enum system_answer system_block_is_encrypted(const struct search *search, unsigned major,
                                             unsigned minor, const char *source);

/* Says what a mount means for the store; `file_encrypted` if its file system has encrypted it. */
void system_judge_mount(struct search *search, const struct system_mount *mount,
                        bool file_encrypted);

void system_look_at_swap(struct search *search);
/* The folder that the kernel writes memory images to; false if it is none in particular. */
bool system_core_folder(const struct search *search, char folder[PATH_MAX]);
void system_look_at_core_pattern(struct search *search);

#endif
