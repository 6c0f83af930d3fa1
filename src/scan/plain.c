/* Plain text and Markdown: lines, in blocks parted by blank lines. */
#include "lines.h"
#include "load.h"

static enum scan_read read_plain(const char *bytes, size_t size, bool markdown, scan_take *take,
                                 void *context)
{
    struct lines lines = {
        .bytes = bytes, .size = size, .markdown = markdown, .take = take, .context = context};
    enum scan_read read = SCAN_READ_OK;
    while (read == SCAN_READ_OK && lines.at < size) {
        size_t at = lines.at;
        load_pass(bytes + at);
        if (lines_next(&lines, &at).size == 0) {
            lines.at = at;
            lines.line++;
        } else {
            read = lines_read_block(&lines);
        }
    }
    row_free(&lines.row);
    return read;
}

enum scan_read scan_read_txt(const char *bytes, size_t size, scan_take *take, void *context)
{
    if (csv_is_likely(bytes, size))
        return scan_read_csv(bytes, size, take, context);
    return read_plain(bytes, size, false, take, context);
}

enum scan_read scan_read_markdown(const char *bytes, size_t size, scan_take *take, void *context)
{
    return read_plain(bytes, size, true, take, context);
}
