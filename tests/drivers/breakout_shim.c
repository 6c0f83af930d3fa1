/* Preloaded into a program under test: once the program has done its work, tries to do what it gave up.
 *
 *     BREAKOUT_RESULT   the file that gets a line for each try: its name, and "done" or the error's name
 *     BREAKOUT_FILE     a file that the program was not told of
 *     BREAKOUT_LAST     "execve" or "ptrace": tried last, for it should end the process
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kept.h"

static int result_file;
static char outside[4096];

__attribute__((constructor)) static void begin(void)
{
    result_file = keep(open(getenv("BREAKOUT_RESULT"), O_WRONLY | O_CREAT | O_TRUNC, 0600));
    (void)snprintf(outside, sizeof outside, "%s", getenv("BREAKOUT_FILE"));
}

static void tell(const char *name, long result)
{
    const char *known = strerrorname_np(errno);
    if (result >= 0)
        (void)dprintf(result_file, "%s done\n", name);
    else if (known != NULL)
        (void)dprintf(result_file, "%s %s\n", name, known);
    else /* by the filter */
        (void)dprintf(result_file, "%s refused-%d\n", name, errno);
}

static long make(const char *name)
{
    char path[sizeof outside + 32];
    (void)snprintf(path, sizeof path, "%s.%s", outside, name);
    return strcmp(name, "folder") == 0 ? mkdir(path, 0700) : open(path, O_WRONLY | O_CREAT, 0600);
}

__attribute__((destructor)) static void break_out(void)
{
    const char *last = getenv("BREAKOUT_LAST");
    char *const words[] = {"true", NULL};
    tell("read-file", open(outside, O_RDONLY | O_CLOEXEC));
    tell("change-file", open(outside, O_WRONLY | O_CLOEXEC));
    tell("make-file", make("file"));
    tell("make-folder", make("folder"));
    tell("remove-file", unlink(outside));
    tell("change-mode", fchmodat(AT_FDCWD, outside, 0644, 0));
    tell("internet", socket(AF_INET, SOCK_STREAM, 0));
    tell("local-socket", socket(AF_UNIX, SOCK_STREAM, 0));
    tell("fork", syscall(SYS_fork));
    tell("vfork", syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
    tell("signal-others", kill(getppid(), 0));
    tell("limits-of-others", prlimit(getppid(), RLIMIT_NOFILE, NULL, &(struct rlimit){0}));
    tell("signals-for-others", fcntl(result_file, F_SETOWN, getppid()));
    tell("type-for-the-person", ioctl(STDIN_FILENO, TIOCSTI, "x"));
    tell("be-dumpable", syscall(SYS_prctl, 4 /* PR_SET_DUMPABLE */, 1, 0, 0, 0));
    tell("keys-of-the-kernel", syscall(SYS_keyctl, 0, -3, 0));
    tell("io-uring", syscall(SYS_io_uring_setup, 1, NULL));
    if (strcmp(last, "execve") == 0)
        tell("execve", execv("/bin/true", words));
    if (strcmp(last, "ptrace") == 0)
        tell("ptrace", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}
