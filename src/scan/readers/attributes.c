/* Attributes: all are judged, but what is known to be made by machines for machines. */
#include <stdlib.h>

#include "part.h"

enum { LEAST_DIGITS = 6, SHORT_NUMBER = 8, GUID_BYTES = 36 };

/* ---- what is dull --------------------------------------------------------------------------- */

/* Numbers by chance, check sums, names of fonts: of any element. */
static const char *const dull_names[] = {"paraId",
                                         "textId",
                                         "rsid",
                                         "rsidR",
                                         "rsidRDefault",
                                         "rsidRPr",
                                         "rsidP",
                                         "rsidDel",
                                         "rsidTr",
                                         "rsidSect",
                                         "anchorId",
                                         "editId",
                                         "durableId",
                                         "docId",
                                         "uid",
                                         "cx",
                                         "cy",
                                         "x",
                                         "y",
                                         "spid",
                                         "shapeid",
                                         "shapeId",
                                         "hashValue",
                                         "saltValue",
                                         "hash",
                                         "salt",
                                         "keyData",
                                         "checksum",
                                         "gfxdata",
                                         "typeface",
                                         "ascii",
                                         "hAnsi",
                                         "eastAsia",
                                         "cs",
                                         "font-name",
                                         "font-family",
                                         "panose",
                                         "panose1",
                                         "font-name-asian",
                                         "font-name-complex",
                                         "font-family-asian",
                                         "font-family-complex",
                                         "d",
                                         "viewBox",
                                         "path",
                                         "points",
                                         "z-index",
                                         "spidmax",
                                         "connectangles",
                                         "enhanced-path",
                                         "template-name",
                                         NULL};

/* Of any attribute of these elements. */
static const char *const dull_elements[] = {"creationId", "modId", "rsid",  "rsidRoot", "rsids",
                                            "nsid",       "tmpl",  "sig",   "panose1",  "docId",
                                            "panose",     "colId", "rFont", "pathLst",  NULL};

/* Of these a number of eight digits counts too. */
static const char *const values[] = {"v",       "value", "string-value", "title", "name",
                                     "default", NULL};

/* Of a sheet's cell: they are the cell's text. */
static const char *const cell_values[] = {"value",         "date-value",   "time-value",
                                          "boolean-value", "string-value", NULL};

/* These lead somewhere, and are written with "%20". */
static const char *const links[] = {"Target", "href", "src", "url", "location", "full-path", NULL};

/* Who made something. */
static const char *const author_names[] = {"author",      "initials", "displayName",
                                           "userId",      "userName", "lastModifiedBy",
                                           "refreshedBy", "user",     NULL};
static const char *const author_elements[] = {"cmAuthor", "author", "person", NULL};

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* "{6F9619FF-8B86-D011-B42D-00C04FC964FF}" */
static bool is_guid(const char *text, size_t size)
{
    if (size == GUID_BYTES + 2 && text[0] == '{' && text[size - 1] == '}') {
        text++;
        size -= 2;
    }
    for (size_t i = 0; i < size && size == GUID_BYTES; i++) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i]))
            return false;
    }
    return size == GUID_BYTES;
}

/* Eight digits: a colour, a number by chance. */
static bool is_short_number(const char *text, size_t size)
{
    size_t digits = 0;
    while (digits < size && is_hex(text[digits]))
        digits++;
    return digits == size && size <= SHORT_NUMBER;
}

/* Programs number things by chance, with up to ten digits. */
static bool is_identifier(const char *name)
{
    const size_t size = strlen(name);
    return (size >= 2 && strcasecmp(name + size - 2, "id") == 0) || is(name, "crossAx");
}

static bool is_plain_number(const char *text, size_t size)
{
    size_t at = *text == '-';
    while (at < size && text[at] >= '0' && text[at] <= '9')
        at++;
    return at == size;
}

bool part_may_tell(const char *text, size_t size)
{
    size_t digits = 0;
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c >= 0x80 || c <= ' ' || strchr(",;@%(", c) != NULL)
            return true;
        digits += c >= '0' && c <= '9';
    }
    return digits >= LEAST_DIGITS;
}

static bool is_dull(const struct part *part, const char *element, const char *full_name,
                    const char *value, size_t size)
{
    const char *name = part_local(full_name);
    if (!part_may_tell(value, size) || is(full_name, "xmlns") ||
        strncmp(full_name, "xmlns:", 6) == 0)
        return true;
    if (is_in(name, cell_values) && strstr(element, "table-cell") != NULL)
        return true;
    if (is_in(name, dull_names) || is_in(element, dull_elements) || is_guid(value, size))
        return true;
    if ((is_identifier(name) || is_identifier(element)) && is_plain_number(value, size) &&
        !is(part->place, "customXml"))
        return true;
    return is_short_number(value, size) && !is_in(name, values);
}

/* ---- what is written in place of letters ---------------------------------------------------- */

static int hex_value(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static size_t put_utf8(unsigned point, char *out)
{
    if (point < 0x80) {
        out[0] = (char)(point == 0 ? ' ' : point);
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | point >> 12);
    out[1] = (char)(0x80 | (point >> 6 & 0x3f));
    out[2] = (char)(0x80 | (point & 0x3f));
    return 3;
}

size_t part_unescape(char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size;) {
        const char *at = text + i;
        if (size - i >= 7 && at[0] == '_' && at[1] == 'x' && at[6] == '_' && is_hex(at[2]) &&
            is_hex(at[3]) && is_hex(at[4]) && is_hex(at[5])) {
            const int point = hex_value(at[2]) << 12 | hex_value(at[3]) << 8 |
                              hex_value(at[4]) << 4 | hex_value(at[5]);
            length += put_utf8((unsigned)point, text + length);
            i += 7;
        } else {
            text[length++] = text[i++];
        }
    }
    return length;
}

/* "%2E" as its letter. */
static size_t undo_percents(char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size;) {
        if (size - i >= 3 && text[i] == '%' && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
            const int c = hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]);
            text[length++] = (char)(c == 0 ? ' ' : c);
            i += 3;
        } else {
            text[length++] = text[i++];
        }
    }
    return length;
}

/* The literals of a number format, `"Ring "\2\2`, without their marks. */
static size_t without_quotes(char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '\\')
            text[length++] = text[i] == '"' ? ' ' : text[i];
    }
    return length;
}

/* ---- sending -------------------------------------------------------------------------------- */

typedef size_t changing(char *text, size_t size);

/* The value as it is meant. */
static void send_changed(struct part *part, const char *value, size_t size, changing *change,
                         unsigned flags)
{
    char *copy = malloc(size);
    if (copy == NULL) {
        part_stop(part, SCAN_READ_NO_MEMORY);
        return;
    }
    memcpy(copy, value, size);
    part_send(part, copy, change(copy, size), flags);
    explicit_bzero(copy, size);
    free(copy);
}

static void send_one(struct part *part, const char *element, const char *name, const char *value)
{
    const size_t size = strlen(value);
    if (is_in(name, author_names) || is_in(element, author_elements))
        part_send_author(part, value, size);
    else if (is_in(name, links))
        send_changed(part, value, size, undo_percents, SCAN_CELL_RAW);
    else if (is(name, "formatCode"))
        send_changed(part, value, size, without_quotes, 0);
    else if (part->package->escapes && strstr(value, "_x") != NULL)
        send_changed(part, value, size, part_unescape, 0);
    else
        part_send(part, value, size, 0);
}

void part_send_attributes(struct part *part, const char *element, const xmlChar **attributes)
{
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
        const char *name = (const char *)attributes[i], *value = (const char *)attributes[i + 1];
        if (value != NULL && !is_dull(part, element, name, value, strlen(value)))
            send_one(part, element, part_local(name), value);
    }
}
