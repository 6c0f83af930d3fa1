/* Inside of store: file systems on which neither LMDB's memory map nor our lock holds. */
#ifndef TAVS_STORE_NETWORK_H
#define TAVS_STORE_NETWORK_H

#include <stdio.h>
#include <sys/vfs.h>

#include "tavs/base.h"

/* True for network and cluster file systems (`system` is what statfs(2) says), and for those of a
 * user's program (FUSE) that are not known to keep their files on this machine. `device` is the
 * file's st_dev. */
bool network_holds(const struct statfs *system, dev_t device);

/* For those of a user's program: whether what is mounted as `device`, by `mounts`
 * (proc_pid_mountinfo(5)), keeps its files on this machine. */
bool network_is_local_program(FILE *mounts, dev_t device);

#endif
