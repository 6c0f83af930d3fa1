/* confine: a process gives up what it does not need. Landlock for files, seccomp for system calls,
 * no_new_privs for what it could gain by running other programs.
 *
 * Once given up, nothing comes back, also not for a child. Where the kernel lacks a means the rest is
 * given up all the same, and the result says so. Builds for sanitizers and for coverage are not
 * confined: their run-time libraries need what is given up (confine_is_built).
 *
 * Landlock: linux/Documentation/userspace-api/landlock.rst. seccomp: libseccomp makes the filter when
 * the program is built (tools/make_confine_filter.c), so that no start has to.
 */
#ifndef TAVS_CONFINE_H
#define TAVS_CONFINE_H

#include "tavs/base.h"

enum confine_access {
    CONFINE_READ,   /* the file, or all that lies below the folder */
    CONFINE_CHANGE, /* the same, and files that are there may be written */
    CONFINE_NAME, /* a file that is open may be given the name `path`: files may come into being in its folder */
    CONFINE_REPLACE, /* the same, and files may be removed there, which replacing one takes */
    CONFINE_MAKE /* the same, and files may be read and written there: for a folder that can't hold nameless files */
};

/* What stays within reach. A path that is not there is passed over: it is still not there when it is
 * opened, and that is the error which is then told. */
struct confine_grant {
    const char *path;
    enum confine_access access;
};

/* What system calls stay. */
enum confine_calls {
    CONFINE_READS, /* reading, and changing files that are open */
    CONFINE_FILES, /* naming, renaming and removing files, too */
    CONFINE_PROFILES
};

/* What the kernel took. */
struct confine_result {
    bool privileges; /* no_new_privs */
    int landlock; /* the version of its interface; 0: this kernel has none, or nothing was asked */
    bool seccomp;
};

/* Gives up all but the system's own files to read (/usr, /lib, /etc, /proc), the program's folder, the
 * terminal, and what is granted. What goes wrong in a kernel
 * that has the means is told as by base_fail_os, and nothing may be done after it. */
enum base_code confine(enum confine_calls calls, const struct confine_grant *grants, size_t count,
                       struct confine_result *result, struct base_error *error);

/* Closes what the process was started with: a socket of the parent's would be a network. Standard input, output and error
 * stay, and what one of the words names as /dev/fd/N or /proc/self/fd/N (a shell's "<(...)"), unless it is a socket. */
void confine_descriptors(int count, char *const *words);

/* False in a build that is never confined. */
bool confine_is_built(void);

#endif
