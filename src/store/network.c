#include "network.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

enum { FUSE = 0x65735546, MOST_LINE = 4096 };

/* Of a line like "36 35 98:0 / /mnt rw shared:1 - ext3 /dev/root rw" the device's two numbers,
 * and the type, which stands behind the hyphen. */
static bool read_line(char *line, dev_t *device, const char **type)
{
    char *numbers = strchr(line, ' ');
    char *rest = strstr(line, " - ");
    if (numbers != NULL)
        numbers = strchr(numbers + 1, ' ');
    if (numbers == NULL || rest == NULL)
        return false;
    unsigned long major_number = strtoul(numbers, &numbers, 10);
    if (*numbers != ':')
        return false;
    unsigned long minor_number = strtoul(numbers + 1, NULL, 10);
    *device = makedev((unsigned)major_number, (unsigned)minor_number);
    rest += strlen(" - ");
    rest[strcspn(rest, " \n")] = '\0';
    *type = rest;
    return true;
}

bool network_is_local_program(FILE *mounts, dev_t device)
{
    /* What a block device or a folder of this machine lies under. */
    static const char *const local[] = {
        "fuseblk",     "fuse.gocryptfs", "fuse.encfs",    "fuse.cryfs",
        "fuse.bindfs", "fuse.mergerfs",  "fuse.securefs", "fuse.fuse-overlayfs",
    };
    char line[MOST_LINE];

    while (fgets(line, sizeof line, mounts) != NULL) {
        dev_t mounted;
        const char *type;
        if (!read_line(line, &mounted, &type) || mounted != device)
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
