/* make_confine_filter filter|calls [ARCHITECTURE]
 *
 * Prints, as C, the seccomp filters of src/confine: what each profile of include/tavs/confine.h may ask of
 * the kernel; or the names of all system calls, which src/base tells errors by. libseccomp makes them here, when the
 * program is built, for the architecture that is named ("aarch64"), or else for that of the machine that builds.
 *
 * What is not listed is refused with BASE_CONFINED and the call's number as errno. What only an intruder would ask for ends
 * the process. */
#include <asm/termbits.h> /* struct termios2; <termios.h> has another struct termios */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tavs/base.h"

static const char *const everywhere[] = {
    /* memory */
    "brk",
    "madvise",
    "memfd_create", /* of a workbook's parts; it has no name and can't be run */
    "mlock",
    "mmap",
    "mprotect",
    "mremap",
    "munlock",
    "munmap",
    /* files that are open, and opening */
    "access",
    "close",
    "close_range",
    "dup",
    "dup2",
    "dup3",
    "faccessat",
    "faccessat2",
    "fdatasync",
    "flock",
    "fstat",
    "fstatfs",
    "fsync",
    "ftruncate",
    "getcwd",
    "getdents64",
    "lseek",
    "lstat",
    "msync",
    "newfstatat",
    "open",
    "openat",
    "pipe",
    "pipe2",
    "poll",
    "ppoll",
    "pread64",
    "pselect6",
    "pwrite64",
    "pwritev",
    "read",
    "readlink",
    "readlinkat",
    "readv",
    "select",
    "stat",
    "statfs",
    "statx",
    "write",
    "writev",
    /* signals and time */
    "alarm",
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "gettimeofday",
    "kill",
    "nanosleep",
    "pause",
    "wait4", /* for tavs-scan, which was started before */
    "restart_syscall",
    "rt_sigaction",
    "rt_sigpending",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "setitimer",
    "sigaltstack",
    "tgkill",
    "time",
    "timerfd_create",
    "timerfd_settime",
    "times",
    /* the process itself */
    "arch_prctl",
    "exit",
    "exit_group",
    "futex",
    "get_robust_list",
    "getegid",
    "geteuid",
    "getgid",
    "getgroups",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "getrandom",
    "getrlimit",
    "getrusage",
    "getsid",
    "gettid",
    "getuid",
    "rseq",
    "sched_getaffinity",
    "sched_yield",
    "set_robust_list",
    "set_tid_address",
    "sysinfo",
    "uname",
};

static const char *const making_files[] = {
    "linkat", "renameat", "renameat2", "unlink", "unlinkat",
};

/* Of prctl what only tells. */
static const unsigned long telling[] = {PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP};

/* Of fcntl copies, flags and the gate of a store; not F_SETOWN, which has signals sent to others. */
static const unsigned long descriptors[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,    F_SETFD,
                                            F_GETFL, F_SETFL,         F_OFD_SETLK};

/* Of prlimit64 what asks for, and sets, limits of this process. */
static const unsigned long own[] = {0};

/* Of ioctl what a terminal needs; above all not TIOCSTI, which types for the person. */
static const unsigned long terminal[] = {TCGETS,   TCSETS,     TCSETSW,   TCSETSF,   TCFLSH,
                                         TCXONC,   TIOCGWINSZ, TIOCGPGRP, TIOCSPGRP, TIOCGSID,
                                         FIONREAD, TIOCOUTQ,
#ifdef TCGETS2 /* tcgetattr, tcsetattr and isatty since glibc 2.42 */
                                         TCGETS2,  TCSETS2,    TCSETSW2,  TCSETSF2
#endif
};

static const char *const deadly[] = {
    "execve",  "execveat",    "ptrace",       "process_vm_readv", "process_vm_writev",
    "bpf",     "init_module", "finit_module", "kexec_load",       "mount",
    "umount2", "pivot_root",  "setuid",       "setgid",           "unshare",
    "setns",
};

static void check(int result, const char *what)
{
    if (result >= 0)
        return;
    fprintf(stderr, "make_confine_filter: %s: error %d\n", what, -result);
    exit(EXIT_FAILURE);
}

/* Only with one of these values in an argument; of 32 bits, as the kernel reads it. */
static void add_values(scmp_filter_ctx filter, int number, unsigned argument,
                       const unsigned long *values, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        const struct scmp_arg_cmp is = {argument, SCMP_CMP_MASKED_EQ, 0xffffffffU, values[i]};
        check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &is), name);
    }
}

/* Names that this architecture does not have are passed over. */
static void add(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const int number = seccomp_syscall_resolve_name(names[i]);
        if (number >= 0)
            check(seccomp_rule_add(filter, action, number, 0), names[i]);
    }
}

#define LENGTH(list) (sizeof(list) / sizeof *(list))

static scmp_filter_ctx make(int files, uint32_t architecture)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(BASE_CONFINED));
    if (filter == NULL)
        check(-1, "seccomp_init");
    if (architecture != seccomp_arch_native()) {
        check(seccomp_arch_add(filter, architecture), "seccomp_arch_add");
        check(seccomp_arch_remove(filter, seccomp_arch_native()), "seccomp_arch_remove");
    }
    check(seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2), "optimize");
    add(filter, SCMP_ACT_ALLOW, everywhere, LENGTH(everywhere));
    if (files)
        add(filter, SCMP_ACT_ALLOW, making_files, LENGTH(making_files));
    add(filter, SCMP_ACT_KILL_PROCESS, deadly, LENGTH(deadly));
    add_values(filter, SCMP_SYS(ioctl), 1, terminal, LENGTH(terminal), "ioctl");
    add_values(filter, SCMP_SYS(fcntl), 1, descriptors, LENGTH(descriptors), "fcntl");
    add_values(filter, SCMP_SYS(prlimit64), 0, own, LENGTH(own), "prlimit64");
    for (size_t i = 0; i < LENGTH(telling); i++)
        check(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                               SCMP_A0(SCMP_CMP_EQ, telling[i])),
              "prctl");
    return filter;
}

enum { REFUSE = SECCOMP_RET_ERRNO | BASE_CONFINED, LAST_CALL = BASE_CONFINED_CALLS - 1 };

/* Where a filter of libseccomp would refuse with one errno for all calls, it goes to these lines at its end. */
static const struct sock_filter refusing[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, LAST_CALL, 2, 0),
    BPF_STMT(BPF_ALU | BPF_OR | BPF_K, REFUSE),
    BPF_STMT(BPF_RET | BPF_A, 0),
    BPF_STMT(BPF_RET | BPF_K, REFUSE | LAST_CALL),
};
_Static_assert((BASE_CONFINED & LAST_CALL) == 0 && BASE_CONFINED + LAST_CALL < 4096,
               "an errno of the kernel's");

/* Returns how many lines refused. */
static unsigned refuse_by_name(struct sock_filter *lines, unsigned count)
{
    unsigned refused = 0;
    for (unsigned i = 0; i < count; i++) {
        if (lines[i].code != (BPF_RET | BPF_K) || lines[i].k != REFUSE)
            continue;
        lines[i] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, count - i - 1);
        refused++;
    }
    memcpy(lines + count, refusing, sizeof refusing);
    return refused;
}

/* The instructions as libseccomp exports them: through a file, which has to be one of memory. */
static void print(scmp_filter_ctx filter, const char *name)
{
    struct sock_filter lines[BPF_MAXINSNS + LENGTH(refusing)];
    const int file = memfd_create("filter", 0);
    check(file, "memfd_create");
    check(seccomp_export_bpf(filter, file), "seccomp_export_bpf");
    check((int)lseek(file, 0, SEEK_SET), "lseek");
    const ssize_t size = read(file, lines, BPF_MAXINSNS * sizeof *lines);
    const unsigned count = size > 0 ? (unsigned)size / sizeof *lines : 0;
    if (count == 0 || refuse_by_name(lines, count) == 0)
        check(-1, "no instructions");
    printf("static const struct sock_filter %s[] = {\n", name);
    for (unsigned i = 0; i < count + LENGTH(refusing); i++)
        printf("    {0x%02x, %u, %u, 0x%08x},\n", lines[i].code, lines[i].jt, lines[i].jf,
               lines[i].k);
    printf("};\n\n");
    close(file);
    seccomp_release(filter);
}

/* One text of all names, and where in it each is; the first is that of a number without one. */
static void print_calls(uint32_t architecture)
{
    static unsigned places[BASE_CONFINED_CALLS];
    unsigned end = 1, calls = 0;
    printf("static const char call_names[] =\n    \"\\0\"\n");
    for (int number = 0; number < LAST_CALL; number++) {
        char *name = seccomp_syscall_resolve_num_arch(architecture, number);
        if (name == NULL)
            continue;
        printf("    \"%s\\0\"\n", name);
        places[number] = end;
        end += (unsigned)strlen(name) + 1;
        calls = (unsigned)number + 1;
        free(name);
    }
    printf("    ;\n\nstatic const unsigned short call_places[] = {\n");
    for (unsigned number = 0; number < calls; number++)
        printf("    %u,\n", places[number]);
    printf("};\n");
}

static void print_filters(uint32_t architecture)
{
    print(make(0, architecture), "reads");
    print(make(1, architecture), "files");
    printf("static const struct {\n    unsigned short count;\n    const struct sock_filter "
           "*instructions;\n"
           "} confine_filters[] = {\n    {sizeof reads / sizeof *reads, reads},\n"
           "    {sizeof files / sizeof *files, files},\n};\n");
}

int main(int count, char **words)
{
    if (count < 2)
        check(-1, "filter or calls?");
    const uint32_t architecture =
        count > 2 ? seccomp_arch_resolve_name(words[2]) : seccomp_arch_native();
    if (architecture == 0) {
        fprintf(stderr, "make_confine_filter: libseccomp knows no architecture %s\n", words[2]);
        return EXIT_FAILURE;
    }
    /* What the kernel that builds can do is not asked: it may be an emulator, which has no filters at all.
     * Version 3 (Linux 4.14) is the first that can end a process. */
    check(seccomp_api_set(3), "seccomp_api_set");
    printf("/* Made by tools/make_confine_filter.c. */\n");
    if (strcmp(words[1], "calls") == 0)
        print_calls(architecture);
    else
        print_filters(architecture);
    return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
