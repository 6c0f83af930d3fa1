/* Unpacks streams. poppler does not say where one ends too early: it shows what came before. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "pdf.h"

enum { STEP = 1 << 16, HEX_BASE = 16, GROUP_BASE = 85, GROUP_DIGITS = 5, GROUP_BYTES = 4 };

static const char actual_text[] = "/ActualText";

/* So much is looked at of what stands there. */
enum { LOOK = 192, LETTER_HEX = 4, LETTER_BYTES = 2 };

/* What was unpacked last, with the end of what came before it. */
struct window {
    unsigned char bytes[LOOK + STEP];
    size_t kept;
};

/* Whether the text replaces one letter: "/ActualText (fi) >> BDC <13b1> Tj EMC". Programs write that for letters that
 * are joined. */
static bool is_one_letter(const char *at, size_t size)
{
    size_t hex = 0, bytes = 0;
    const char *end = memmem(at, size, "EMC", 3);
    const char *from = memmem(at, size, "BDC", 3);
    char in = '\0';
    if (end == NULL || from == NULL || from > end)
        return false;
    for (from += 3; from < end; from++) {
        if (in != '\0' && *from == (in == '<' ? '>' : ')'))
            in = '\0';
        else if (in == '\0' && (*from == '<' || *from == '('))
            in = *from;
        else if (in != '\0')
            *(in == '<' ? &hex : &bytes) += 1;
    }
    return hex <= LETTER_HEX && bytes <= LETTER_BYTES && (hex == 0 || bytes == 0);
}

/* Looks for replaced text that begins in the first `to` bytes. */
static void look(struct pdf_stream *stream, const char *bytes, size_t size, size_t to)
{
    const size_t length = sizeof actual_text - 1;
    const char *at = bytes, *found;
    while (!stream->has_actual_text && at < bytes + to &&
           (found = memmem(at, size - (size_t)(at - bytes), actual_text, length)) != NULL &&
           found < bytes + to) {
        const size_t left = size - (size_t)(found - bytes);
        stream->has_actual_text = !is_one_letter(found, left < LOOK ? left : LOOK);
        at = found + length;
    }
}

bool pdf_can_unpack(const struct pdf_stream *stream)
{
    size_t flates = 0;
    for (size_t i = 0; i < stream->filter_count; i++) {
        if (stream->filters[i] == PDF_PICTURE || stream->filters[i] == PDF_OTHER_FILTER)
            return false;
        if (flates > 0)
            return false; /* only the last: what is packed twice may be a million times as long */
        flates += stream->filters[i] == PDF_FLATE;
    }
    return stream->filter_count <= PDF_MOST_FILTERS;
}

/* Takes `size` bytes that stand in the window after those that are kept; the last so many are looked at with what
 * comes after them. */
static enum scan_read take_bytes(struct pdf_stream *stream, struct window *window, size_t size,
                                 bool last)
{
    const size_t whole = window->kept + size;
    const size_t kept = last ? 0 : whole < LOOK ? whole : LOOK;
    *stream->unpacked += size;
    if (*stream->unpacked > PDF_MOST_UNPACKED)
        return SCAN_READ_TOO_BIG;
    if (stream->into != NULL &&
        !bytes_add(stream->into, (const char *)window->bytes + window->kept, size))
        return SCAN_READ_NO_MEMORY;
    look(stream, (const char *)window->bytes, whole, whole - kept);
    window->kept = kept;
    memmove(window->bytes, window->bytes + whole - kept, kept);
    return SCAN_READ_OK;
}

/* ---- Flate ---------------------------------------------------------------------------------- */

static enum scan_read inflate_all(struct pdf_stream *stream, z_stream *z, struct window *window)
{
    for (;;) {
        z->next_out = window->bytes + window->kept;
        z->avail_out = STEP;
        const int state = inflate(z, Z_NO_FLUSH);
        const enum scan_read read =
            take_bytes(stream, window, STEP - z->avail_out, state == Z_STREAM_END);
        if (read != SCAN_READ_OK || state == Z_STREAM_END)
            return read;
        if (state != Z_OK) /* also Z_BUF_ERROR: there is no more of it */
            return state == Z_MEM_ERROR ? SCAN_READ_NO_MEMORY : SCAN_READ_DAMAGED;
    }
}

/* `at` is what stands before the Flate filter: the file itself, or what another filter made of it. */
static enum scan_read unpack_flate(struct pdf_stream *stream, const char *at, size_t size,
                                   size_t *used)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)at, .avail_in = (uInt)size};
    struct window *window = calloc(1, sizeof *window);
    enum scan_read read = SCAN_READ_NO_MEMORY;
    if (window != NULL && inflateInit(&z) == Z_OK) {
        read = inflate_all(stream, &z, window);
        *used = size - z.avail_in;
        (void)inflateEnd(&z);
    }
    if (window != NULL)
        explicit_bzero(window, sizeof *window);
    free(window);
    return read;
}

/* ---- ASCII ---------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static enum scan_read decode_hex(const char *at, size_t size, struct bytes *out, size_t *used)
{
    int high = -1;
    for (size_t i = 0; i < size; i++) {
        const int value = hex_value(at[i]);
        if (at[i] == '>') {
            const char last = (char)(high * HEX_BASE);
            *used = i + 1;
            return high < 0 || bytes_add(out, &last, 1) ? SCAN_READ_OK : SCAN_READ_NO_MEMORY;
        }
        if (is_blank(at[i]))
            continue;
        if (value < 0)
            return SCAN_READ_DAMAGED;
        const char byte = (char)(high * HEX_BASE + value);
        if (high >= 0 && !bytes_add(out, &byte, 1))
            return SCAN_READ_NO_MEMORY;
        high = high < 0 ? value : -1;
    }
    return SCAN_READ_DAMAGED; /* no end */
}

/* `digits` of a group of five, 2 to 5; missing ones count as the highest. */
static bool add_group(struct bytes *out, const char group[GROUP_DIGITS], size_t digits)
{
    uint32_t value = 0;
    char bytes[GROUP_BYTES];
    for (size_t i = 0; i < GROUP_DIGITS; i++)
        value = value * GROUP_BASE + (uint32_t)(i < digits ? group[i] - '!' : GROUP_BASE - 1);
    for (int i = 0; i < GROUP_BYTES; i++)
        bytes[i] = (char)(value >> (24 - 8 * i));
    return bytes_add(out, bytes, digits - 1);
}

static enum scan_read decode_85(const char *at, size_t size, struct bytes *out, size_t *used)
{
    static const char zeros[GROUP_BYTES];
    char group[GROUP_DIGITS];
    size_t digits = 0, i = size >= 2 && at[0] == '<' && at[1] == '~' ? 2 : 0;
    for (; i < size && at[i] != '~'; i++) {
        bool added = true;
        if (is_blank(at[i]))
            continue;
        if (at[i] == 'z' && digits == 0) {
            added = bytes_add(out, zeros, sizeof zeros);
        } else if (at[i] < '!' || at[i] > 'u') {
            return SCAN_READ_DAMAGED;
        } else {
            group[digits++] = at[i];
        }
        if (digits == GROUP_DIGITS) {
            added = add_group(out, group, digits);
            digits = 0;
        }
        if (!added)
            return SCAN_READ_NO_MEMORY;
    }
    if (i == size || digits == 1)
        return SCAN_READ_DAMAGED;
    *used = i + 1;
    return digits == 0 || add_group(out, group, digits) ? SCAN_READ_OK : SCAN_READ_NO_MEMORY;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum scan_read take_plain(struct pdf_stream *stream, const char *at, size_t size)
{
    *stream->unpacked += size;
    if (*stream->unpacked > PDF_MOST_UNPACKED)
        return SCAN_READ_TOO_BIG;
    look(stream, at, size, size);
    if (stream->into != NULL && !bytes_add(stream->into, at, size))
        return SCAN_READ_NO_MEMORY;
    return SCAN_READ_OK;
}

enum scan_read pdf_unpack(struct pdf_stream *stream)
{
    struct bytes now = {0}, next = {0};
    const char *at = stream->at;
    size_t size = stream->left, used = stream->known ? stream->left : 0;
    enum scan_read read = SCAN_READ_OK;
    bool flate = false;
    for (size_t i = 0; i < stream->filter_count && read == SCAN_READ_OK; i++) {
        flate = stream->filters[i] == PDF_FLATE;
        if (flate)
            read = unpack_flate(stream, at, size, &used);
        else if (stream->filters[i] == PDF_ASCII85)
            read = decode_85(at, size, &next, &used);
        else
            read = decode_hex(at, size, &next, &used);
        if (i == 0)
            stream->used = used;
        if (!flate) {
            bytes_free(&now);
            now = next;
            next = (struct bytes){0};
            at = now.at != NULL ? now.at : "";
            size = now.size;
        }
    }
    if (read == SCAN_READ_OK && stream->filter_count == 0)
        stream->used = used;
    if (read == SCAN_READ_OK && !flate && (stream->filter_count > 0 || stream->known))
        read = take_plain(stream, at, size);
    bytes_free(&now);
    bytes_free(&next);
    return read;
}
