/* Comma-separated values (RFC 4180), by libcsv. */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/delimited.h"

struct delimited {
    struct csv_parser parser;
    delimited_take_cell *cell;
    delimited_take_row *row;
    void *context;
    bool after_return; /* a carriage return has ended the last row, and nothing has come since */
};

/* One block for the longest cell, and never more: libcsv asks for more in such blocks. */
static void *allocate(void *memory, size_t size)
{
    return memory == NULL && size == DELIMITED_CELL_BYTES ? malloc(size) : NULL;
}

static struct delimited *new_reader(char delimiter, delimited_take_cell *cell,
                                    delimited_take_row *row, void *context)
{
    struct delimited *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    /* Strict: what is not clear is refused, not guessed. */
    (void)csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_APPEND_NULL);
    csv_set_delim(&reader->parser, (unsigned char)delimiter);
    csv_set_realloc_func(&reader->parser, allocate);
    csv_set_blk_size(&reader->parser, DELIMITED_CELL_BYTES);
    reader->cell = cell;
    reader->row = row;
    reader->context = context;
    return reader;
}

static void take_cell(void *text, size_t size, void *context)
{
    struct delimited *reader = context;
    reader->after_return = false;
    reader->cell(reader->context, text, size);
}

/* libcsv tells of every carriage return and line feed; both together end one row. */
static void take_end(int character, void *context)
{
    struct delimited *reader = context;
    const bool is_second = reader->after_return && character == CSV_LF;
    reader->after_return = character == CSV_CR;
    if (!is_second)
        reader->row(reader->context);
}

static enum delimited_result result_of(struct delimited *reader)
{
    if (csv_error(&reader->parser) == CSV_EPARSE)
        return DELIMITED_BAD_QUOTES;
    return csv_get_buffer_size(&reader->parser) == 0 ? DELIMITED_NO_MEMORY : DELIMITED_TOO_LONG;
}

static enum delimited_result feed(struct delimited *reader, const void *bytes, size_t size)
{
    const size_t parsed = csv_parse(&reader->parser, bytes, size, take_cell, take_end, reader);
    return parsed == size ? DELIMITED_OK : result_of(reader);
}

static enum delimited_result end(struct delimited *reader)
{
    return csv_fini(&reader->parser, take_cell, take_end, reader) == 0 ? DELIMITED_OK
                                                                       : result_of(reader);
}

static void free_reader(struct delimited *reader)
{
    if (reader == NULL)
        return;
    if (reader->parser.entry_buf != NULL)
        explicit_bzero(reader->parser.entry_buf, reader->parser.entry_size);
    csv_free(&reader->parser);
    free(reader);
}

const struct delimited_library delimited_csv = {new_reader, feed, end, free_reader};
