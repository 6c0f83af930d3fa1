#include "xlsx.h"

#include "inside.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum base_code xlsx_load(xlsx_composer **out, struct base_error *error)
{
    void *found;
    enum base_code code = base_find_in_part("render", "xlsx_compose", &found, error);
    if (code == BASE_OK)
        memcpy(out, &found, sizeof found); /* ISO C converts no object pointer to a function's */
    return code;
}

static enum base_code read_all(int descriptor, struct render_buffer *buffer,
                               struct base_error *error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return base_fail_write(error, errno, "%s", _("the workbook"));
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (bytes == MAP_FAILED) /* NOLINT(performance-no-int-to-ptr) */
        return base_fail_write(error, errno, "%s", _("the workbook"));
    buffer_put_bytes(buffer, bytes, (size_t)status.st_size);
    (void)munmap(bytes, (size_t)status.st_size);
    return BASE_OK;
}

enum base_code xlsx_write(const struct table_document *document, struct render_buffer *buffer,
                          struct base_error *error)
{
    xlsx_composer *compose;
    enum base_code code = xlsx_load(&compose, error);
    if (code != BASE_OK)
        return code;
    const int descriptor = memfd_create("xlsx", MFD_CLOEXEC);
    if (descriptor < 0)
        return base_fail_write(error, errno, "%s", _("the workbook"));
    code = compose(document, descriptor, error);
    if (code == BASE_OK)
        code = read_all(descriptor, buffer, error);
    (void)close(descriptor);
    return code;
}
