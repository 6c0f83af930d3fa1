#include "network.h"

#include <string.h>
#include <sys/sysmacros.h>

enum { FUSE = 0x65735546, MOST_LINE = 4096 };

bool network_is_local_program(FILE *mounts, dev_t device)
{
    /* What a block device or a folder of this machine lies under. */
    static const char *const local[] = {
        "fuseblk",     "fuse.gocryptfs", "fuse.encfs",    "fuse.cryfs",
        "fuse.bindfs", "fuse.mergerfs",  "fuse.securefs", "fuse.fuse-overlayfs",
    };
    char line[MOST_LINE], type[64];
    unsigned major_number, minor_number;

    while (fgets(line, sizeof line, mounts) != NULL) {
        /* "36 35 98:0 / /mnt rw shared:1 - ext3 /dev/root rw": the type stands behind the hyphen. */
        const char *rest = strstr(line, " - ");
        if (sscanf(line, "%*u %*u %u:%u ", &major_number, &minor_number) != 2 || rest == NULL ||
            sscanf(rest, " - %63s", type) != 1 || makedev(major_number, minor_number) != device)
            continue;
        for (size_t i = 0; i < sizeof local / sizeof *local; i++)
            if (strcmp(type, local[i]) == 0)
                return true;
        return false;
    }
    return false;
}

static bool is_local_program(dev_t device)
{
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    if (mounts == NULL)
        return false;
    bool local = network_is_local_program(mounts, device);
    (void)fclose(mounts);
    return local;
}

bool network_holds(const struct statfs *system, dev_t device)
{
    static const uint32_t network[] = {
        0x6969,     /* NFS */
        0x517b,     /* SMB */
        0xff534d42, /* CIFS */
        0xfe534d42, /* SMB2 */
        0x564c,     /* NCP */
        0x73757245, /* Coda */
        0x5346414f, /* AFS */
        0x6b414653, /* kAFS */
        0x00c36400, /* Ceph */
        0x01021997, /* 9P */
        0x01161970, /* GFS2 */
        0x7461636f, /* OCFS2 */
        0x0bd00bd0, /* Lustre */
        0x47504653, /* GPFS */
        0x19830326, /* BeeGFS */
        0x20030528, /* OrangeFS */
        0x786f4256, /* VirtualBox's shared folders */
        0xbacbacbc, /* VMware's */
        0x7c7c6673, /* Parallels' */
    };
    if ((uint32_t)system->f_type == FUSE)
        return !is_local_program(device);
    for (size_t i = 0; i < sizeof network / sizeof *network; i++)
        if ((uint32_t)system->f_type == network[i])
            return true;
    return false;
}
