/* libxlsxwriter writes each part of a workbook to a temporary file before it packs them: figures in
 * plain text, on a disk. It takes those files from lxw_tmpfile, one of its own functions. The one
 * below goes before it, by the order in which symbols are looked up: an object that is loaded
 * comes before those that it is linked with. Nothing then has a name or reaches a disk. */
#include "book.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned files;
static int refusal;

/* Under a name of its own: what type their header gives it differs between versions. */
BASE_SHOWN FILE *memory_file(const char *folder) __asm__("lxw_tmpfile");

FILE *memory_file(const char *folder)
{
    (void)folder;
    const int descriptor = memfd_create("xlsx", MFD_CLOEXEC);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w+");
    files++;
    if (file == NULL) {
        refusal = errno;
        if (descriptor >= 0)
            (void)close(descriptor);
    }
    return file;
}

int memory_refusal(void)
{
    return refusal;
}

/* A library whose calls do not leave it (linked with -Bsymbolic) would use its own. In this mode it
 * opens a temporary file, still empty, as soon as there is a sheet. */
enum base_code memory_check(struct base_error *error)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    const unsigned before = files;
    lxw_workbook *trial = workbook_new_opt("", &options);
    if (trial != NULL)
        (void)workbook_add_worksheet(trial, NULL);
    lxw_workbook_free(trial);
    return files > before ? BASE_OK : base_fail(error, BASE_PART_MISSING, "libxlsxwriter");
}

/* In the heap, not in mappings of their own, and not given back to the kernel: mallopt(3). */
enum base_code memory_reserve(size_t size, struct base_error *error)
{
    enum { MOST = 16 << 20 }; /* at a time: half of what may be in the heap at all */
    struct block {
        struct block *next;
    } *blocks = NULL;
    bool enough = true;
    (void)mallopt(M_MMAP_THRESHOLD, 2 * MOST);
    (void)mallopt(M_TRIM_THRESHOLD, INT_MAX);
    while (size > 0 && enough) {
        const size_t part = size < MOST ? size : MOST;
        struct block *block = malloc(part + sizeof *block);
        enough = block != NULL;
        if (enough) {
            block->next = blocks;
            blocks = block;
            size -= part;
        }
    }
    while (blocks != NULL) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
    return enough ? BASE_OK : base_fail(error, BASE_NO_MEMORY, "xlsx");
}
