/* JSON (RFC 8259), also several texts one after the other (one a line). It is read as a stream, so
 * that memory does not grow with the file and no value is copied into a tree.
 *
 * What is a table: a list of objects (a row for each; members, also of objects within, are columns),
 * a list of lists, a list of plain values (one column). What stands outside of lists is one table of
 * one row. The keys of an object are judged as a column of their own, for they may be names. */
#include <stdlib.h>
#include <string.h>

#include "row.h"

enum {
    DEPTH = 512,
    MOST_NODES = 262144,
    SLOTS = 2 * MOST_NODES, /* a power of two, at most half full */
};

/* A path without indices: the column or table that the values at it belong to. */
struct node {
    uint64_t name;                 /* hash of the parent's number and the key */
    uint32_t table, columns, rows; /* if it is a table */
    uint32_t column;               /* if it is a column: in the table it lies in */
};

struct json {
    const char *at, *end;
    struct node *nodes; /* nodes[0] is unused */
    size_t node_room;
    uint32_t count, tables;
    uint32_t *slots;
    struct bytes key, text;
    scan_take *take;
    void *context;
    enum scan_read state;
};

/* Where a value stands. */
struct place {
    uint32_t node;       /* its path */
    uint32_t table, row; /* that it belongs to; `table` is a node */
    uint32_t index;      /* in a list of lists: the column, from 1; else 0 */
    bool in_list;        /* an element of a list */
    bool listed;         /* an element of a list of plain values */
};

static bool read_value(struct json *json, const struct place *place, int depth);

static bool fail(struct json *json, enum scan_read state)
{
    if (json->state == SCAN_READ_OK)
        json->state = state;
    return false;
}

/* ---- paths ---------------------------------------------------------------------------------- */

static uint64_t name_of(uint32_t parent, char sort, const char *key, size_t size)
{
    uint64_t hash = 0xcbf29ce484222325U ^ parent; /* FNV-1a */
    hash = (hash * 0x100000001b3U ^ (unsigned char)sort) * 0x100000001b3U;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3U;
    hash ^= hash >> 29;
    return hash * 0x9e3779b97f4a7c15U;
}

/* The node of a key ('k'), of a list's elements ('l') or of the list of an object's keys ('o'); 0
 * if there are too many. *is_new may be NULL. */
static uint32_t node_at(struct json *json, uint32_t parent, char sort, struct bytes key,
                        bool *is_new)
{
    const uint64_t name = name_of(parent, sort, key.at, key.size);
    size_t slot = (size_t)(name >> 32) & (SLOTS - 1);
    for (; json->slots[slot] != 0; slot = (slot + 1) & (SLOTS - 1)) {
        if (json->nodes[json->slots[slot]].name == name)
            return json->slots[slot];
    }
    if (json->count + 1 >= MOST_NODES) {
        fail(json, SCAN_READ_TOO_BIG);
        return 0;
    }
    void *grown = items_grow(json->nodes, &json->node_room, json->count + 2, sizeof *json->nodes);
    if (grown == NULL) {
        fail(json, SCAN_READ_NO_MEMORY);
        return 0;
    }
    json->nodes = grown;
    json->slots[slot] = ++json->count;
    json->nodes[json->count] = (struct node){.name = name};
    if (is_new != NULL)
        *is_new = true;
    return json->count;
}

static uint32_t table_number(struct json *json, uint32_t node)
{
    if (json->nodes[node].table == 0)
        json->nodes[node].table = ++json->tables;
    return json->nodes[node].table;
}

/* ---- handing on ----------------------------------------------------------------------------- */

static bool send(struct json *json, uint32_t table, uint32_t row, uint32_t column, unsigned flags,
                 struct bytes text)
{
    const bool beyond = column > SCAN_MOST_COLUMNS;
    const struct scan_cell cell = {
        .table = table_number(json, table),
        .row = row,
        .column = beyond ? 0 : column,
        .flags = flags | SCAN_CELL_FIELD | (beyond ? SCAN_CELL_PROSE : 0),
        .text = text.at,
        .size = text.size,
    };
    if (text.size == 0 || json->take(json->context, &cell))
        return true;
    return fail(json, SCAN_READ_STOPPED);
}

static bool send_scalar(struct json *json, const struct place *place, const char *at, size_t size)
{
    const struct bytes text = {.at = (char *)(uintptr_t)at, .size = size};
    if (place->index > 0)
        return send(json, place->table, place->row, place->index, 0, text);
    if (place->listed)
        return send(json, place->table, place->row, 1, SCAN_CELL_LIST, text);
    struct node *node = &json->nodes[place->node];
    if (node->column == 0)
        node->column = ++json->nodes[place->table].columns;
    return send(json, place->table, place->row, node->column, 0, text);
}

/* ---- words of the language ------------------------------------------------------------------ */

static void skip_space(struct json *json)
{
    while (json->at < json->end &&
           (*json->at == ' ' || *json->at == '\t' || *json->at == '\n' || *json->at == '\r'))
        json->at++;
}

static bool take_char(struct json *json, char c)
{
    skip_space(json);
    if (json->at >= json->end || *json->at != c)
        return false;
    json->at++;
    return true;
}

static bool read_hex(struct json *json, uint32_t *unit)
{
    if (json->end - json->at < 4)
        return fail(json, SCAN_READ_DAMAGED);
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        const char c = *json->at++;
        const int digit = c >= '0' && c <= '9'                     ? c - '0'
                          : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                   : -1;
        if (digit < 0)
            return fail(json, SCAN_READ_DAMAGED);
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

static bool add_point(struct json *json, struct bytes *to, uint32_t point)
{
    char utf8[4];
    size_t size = 1;
    if (point < 0x80) {
        utf8[0] = (char)(point == 0 ? ' ' : point);
    } else if (point < 0x800) {
        utf8[0] = (char)(0xc0 | point >> 6);
        size = 2;
    } else if (point < 0x10000) {
        utf8[0] = (char)(0xe0 | point >> 12);
        size = 3;
    } else {
        utf8[0] = (char)(0xf0 | point >> 18);
        size = 4;
    }
    for (size_t i = 1; i < size; i++)
        utf8[i] = (char)(0x80 | (point >> (6 * (size - 1 - i)) & 0x3f));
    return bytes_add(to, utf8, size) || fail(json, SCAN_READ_NO_MEMORY);
}

/* What stands behind the backslash. */
static bool read_escape(struct json *json, struct bytes *to)
{
    static const char from[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (json->at >= json->end)
        return fail(json, SCAN_READ_DAMAGED);
    const char c = *json->at++;
    if (c != 'u') {
        const char *found = c != '\0' ? strchr(from, c) : NULL;
        if (found == NULL)
            return fail(json, SCAN_READ_DAMAGED);
        return add_point(json, to, (unsigned char)meant[found - from]);
    }
    uint32_t unit, low;
    if (!read_hex(json, &unit))
        return false;
    if (unit >= 0xd800 && unit < 0xdc00 && json->end - json->at >= 6 && json->at[0] == '\\' &&
        json->at[1] == 'u') {
        json->at += 2;
        if (!read_hex(json, &low))
            return false;
        const bool pair = low >= 0xdc00 && low < 0xe000;
        unit = pair ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
    }
    return add_point(json, to, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
}

/* A string; the opening quote is read. */
static bool read_string(struct json *json, struct bytes *to)
{
    to->size = 0;
    while (json->at < json->end) {
        const char *start = json->at;
        while (json->at < json->end && *json->at != '"' && *json->at != '\\' &&
               (unsigned char)*json->at >= 0x20)
            json->at++;
        if (!bytes_add(to, start, (size_t)(json->at - start)))
            return fail(json, SCAN_READ_NO_MEMORY);
        if (json->at >= json->end || (unsigned char)*json->at < 0x20)
            break;
        if (*json->at++ == '"')
            return true;
        if (!read_escape(json, to))
            return false;
    }
    return fail(json, SCAN_READ_DAMAGED);
}

static size_t digits_at(struct json *json)
{
    const char *start = json->at;
    while (json->at < json->end && *json->at >= '0' && *json->at <= '9')
        json->at++;
    return (size_t)(json->at - start);
}

static bool read_number(struct json *json)
{
    if (json->at < json->end && *json->at == '-')
        json->at++;
    const char *first = json->at;
    const size_t whole = digits_at(json);
    if (whole == 0 || (whole > 1 && *first == '0'))
        return fail(json, SCAN_READ_DAMAGED);
    if (json->at < json->end && *json->at == '.') {
        json->at++;
        if (digits_at(json) == 0)
            return fail(json, SCAN_READ_DAMAGED);
    }
    if (json->at < json->end && (*json->at | 0x20) == 'e') {
        json->at++;
        if (json->at < json->end && (*json->at == '+' || *json->at == '-'))
            json->at++;
        if (digits_at(json) == 0)
            return fail(json, SCAN_READ_DAMAGED);
    }
    return true;
}

static bool read_literal(struct json *json)
{
    static const char *const literals[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        const size_t size = strlen(literals[i]);
        if ((size_t)(json->end - json->at) >= size && memcmp(json->at, literals[i], size) == 0) {
            json->at += size;
            return true;
        }
    }
    return fail(json, SCAN_READ_DAMAGED);
}

/* ---- objects and lists ---------------------------------------------------------------------- */

/* A key that comes for the first time: judged among the object's keys and, if a plain value stands
 * there, as the heading of its column. */
static bool send_key(struct json *json, const struct place *object, const struct place *member)
{
    const uint32_t keys = node_at(json, object->node, 'o', (struct bytes){0}, NULL);
    if (keys == 0)
        return false;
    if (json->nodes[keys].column == 0)
        json->nodes[keys].column = ++json->nodes[object->table].columns;
    if (!send(json, object->table, object->row, json->nodes[keys].column,
              SCAN_CELL_LIST | SCAN_CELL_KEYS, json->key))
        return false;
    skip_space(json);
    if (json->at < json->end && (*json->at == '{' || *json->at == '['))
        return true;
    struct node *node = &json->nodes[member->node];
    node->column = ++json->nodes[member->table].columns;
    return send(json, member->table, 0, node->column, SCAN_CELL_HEADING, json->key);
}

static bool read_object(struct json *json, const struct place *place, int depth)
{
    struct place member = *place;
    member.in_list = member.listed = false;
    member.index = 0;
    if (take_char(json, '}'))
        return true;
    do {
        bool is_new = false;
        if (!take_char(json, '"'))
            return fail(json, SCAN_READ_DAMAGED);
        if (!read_string(json, &json->key))
            return false;
        if (!take_char(json, ':'))
            return fail(json, SCAN_READ_DAMAGED);
        member.node = node_at(json, place->node, 'k', json->key, &is_new);
        if (member.node == 0 || (is_new && !send_key(json, place, &member)) ||
            !read_value(json, &member, depth))
            return false;
    } while (take_char(json, ','));
    return take_char(json, '}') || fail(json, SCAN_READ_DAMAGED);
}

/* The place of the next element, by what it begins with. */
static bool place_element(struct json *json, const struct place *list, uint32_t elements,
                          uint32_t index, struct place *element)
{
    skip_space(json);
    const char first = json->at < json->end ? *json->at : '\0';
    *element = (struct place){.node = elements, .in_list = true};
    if (first != '{' && first != '[' && list->in_list) { /* a row of a list of lists */
        element->table = list->table;
        element->row = list->row;
        element->index = index;
        return true;
    }
    element->table = elements;
    element->row = ++json->nodes[elements].rows;
    element->listed = first != '{' && first != '[';
    return true;
}

static bool read_list(struct json *json, const struct place *place, int depth)
{
    const struct bytes none = {0};
    bool is_new = false;
    const uint32_t elements = node_at(json, place->node, 'l', none, &is_new);
    if (elements == 0)
        return false;
    if (take_char(json, ']'))
        return true;
    skip_space(json);
    const bool plain = json->at < json->end && *json->at != '{' && *json->at != '[';
    if (is_new && plain && !place->in_list && json->key.size > 0 &&
        !send(json, elements, 0, 1, SCAN_CELL_HEADING, json->key))
        return false;
    uint32_t index = 0;
    do {
        struct place element;
        if (index < UINT32_MAX)
            index++;
        if (!place_element(json, place, elements, index, &element) ||
            !read_value(json, &element, depth))
            return false;
    } while (take_char(json, ','));
    return take_char(json, ']') || fail(json, SCAN_READ_DAMAGED);
}

static bool read_value(struct json *json, const struct place *place, int depth)
{
    skip_space(json);
    if (json->at >= json->end || depth >= DEPTH)
        return fail(json, SCAN_READ_DAMAGED);
    const char *start = json->at;
    switch (*start) {
    case '{':
        json->at++;
        return read_object(json, place, depth + 1);
    case '[':
        json->at++;
        return read_list(json, place, depth + 1);
    case '"':
        json->at++;
        return read_string(json, &json->text) &&
               send_scalar(json, place, json->text.at, json->text.size);
    case 't':
    case 'f':
    case 'n':
        return read_literal(json);
    default:
        return read_number(json) && send_scalar(json, place, start, (size_t)(json->at - start));
    }
}

enum scan_read scan_read_json(const char *bytes, size_t size, scan_take *take, void *context)
{
    struct json json = {.at = bytes, .end = bytes + size, .take = take, .context = context};
    json.slots = calloc(SLOTS, sizeof *json.slots);
    if (json.slots == NULL)
        return SCAN_READ_NO_MEMORY;
    const uint32_t root = node_at(&json, 0, 'k', (struct bytes){0}, NULL);
    struct place place = {.node = root, .table = root, .row = 0};
    if (root != 0) {
        do {
            place.row++;
        } while (read_value(&json, &place, 0) && (skip_space(&json), json.at < json.end));
    }
    bytes_free(&json.key);
    bytes_free(&json.text);
    free(json.nodes);
    free(json.slots);
    return json.state;
}
