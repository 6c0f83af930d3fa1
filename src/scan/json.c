/* JSON (RFC 8259), also several texts one after the other (one a line), read by jansson: each text
 * becomes a tree, which is walked.
 *
 * What is a table: a list of objects (a row for each; members, also of objects within, are columns),
 * a list of lists, a list of plain values (one column). What stands outside of lists is one table of
 * one row. The keys of an object are judged as a column of their own, for they may be names.
 *
 * jansson frees its memory without wiping it; the program's allocator wipes (secret_harden). */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "row.h"
#include "tavs/scan.h"
#include "tavs/secret.h"

enum {
    MOST_NODES = 262144,
    SLOTS = 2 * MOST_NODES, /* a power of two, at most half full */
    NUMBER_TEXT = 40,
    DIGITS = 15, /* of a number with decimals: what a double gives back as it was written */
};

/* A path without indices: the column or table that the values at it belong to. */
struct node {
    uint64_t name;                 /* hash of the parent's number and the key */
    uint32_t table, columns, rows; /* if it is a table */
    uint32_t column;               /* if it is a column: in the table it lies in */
};

struct json {
    struct node *nodes; /* nodes[0] is unused */
    size_t node_room;
    uint32_t count, tables;
    uint32_t *slots;
    struct bytes text;
    uint8_t key[SECRET_HASH_KEY_BYTES]; /* of the names */
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
    const char *key;     /* of an object's member; else NULL */
};

static bool walk(struct json *json, const struct place *place, const json_t *value);

static bool fail(struct json *json, enum scan_read state)
{
    if (json->state == SCAN_READ_OK)
        json->state = state;
    return false;
}

/* ---- paths ---------------------------------------------------------------------------------- */

/* Keyed anew for each reading: nobody can write keys that share a name, or a slot. */
static uint64_t name_of(const struct json *json, uint32_t parent, char sort, const char *key)
{
    const uint64_t whole[] = {parent, (unsigned char)sort,
                              secret_hash(json->key, key, strlen(key))};
    return secret_hash(json->key, whole, sizeof whole);
}

/* The node of a key ('k'), of a list's elements ('l') or of the list of an object's keys ('o'); 0
 * if there are too many. *is_new may be NULL. */
static uint32_t node_at(struct json *json, uint32_t parent, char sort, const char *key,
                        bool *is_new)
{
    const uint64_t name = name_of(json, parent, sort, key);
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
                 const char *text, size_t size)
{
    const bool beyond = column > SCAN_MOST_COLUMNS;
    const struct scan_cell cell = {
        .table = table_number(json, table),
        .row = row,
        .column = beyond ? 0 : column,
        .flags = flags | SCAN_CELL_FIELD | (beyond ? SCAN_CELL_PROSE : 0),
        .text = text,
        .size = size,
    };
    if (size == 0 || json->take(json->context, &cell))
        return true;
    return fail(json, SCAN_READ_STOPPED);
}

static bool send_scalar(struct json *json, const struct place *place, const char *text, size_t size)
{
    if (place->index > 0)
        return send(json, place->table, place->row, place->index, 0, text, size);
    if (place->listed)
        return send(json, place->table, place->row, 1, SCAN_CELL_LIST, text, size);
    struct node *node = &json->nodes[place->node];
    if (node->column == 0)
        node->column = ++json->nodes[place->table].columns;
    return send(json, place->table, place->row, node->column, 0, text, size);
}

/* A zero in a string becomes a space: no text has one. */
static bool send_string(struct json *json, const struct place *place, const json_t *value)
{
    const char *text = json_string_value(value);
    const size_t size = json_string_length(value);
    if (memchr(text, '\0', size) == NULL)
        return send_scalar(json, place, text, size);
    json->text.size = 0;
    if (!bytes_add(&json->text, text, size))
        return fail(json, SCAN_READ_NO_MEMORY);
    for (size_t i = 0; i < size; i++) {
        if (json->text.at[i] == '\0')
            json->text.at[i] = ' ';
    }
    return send_scalar(json, place, json->text.at, size);
}

static bool send_number(struct json *json, const struct place *place, const json_t *value)
{
    char text[NUMBER_TEXT];
    const bool whole = json_is_integer(value);
    const size_t size =
        whole ? (size_t)snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT,
                                 json_integer_value(value))
              : json_dumpb(value, text, sizeof text, JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS));
    const bool sent = send_scalar(json, place, text, size);
    explicit_bzero(text, sizeof text);
    return sent;
}

/* ---- objects and lists ---------------------------------------------------------------------- */

static bool is_plain(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

/* A key that comes for the first time: judged among the object's keys and, if a plain value stands
 * there, as the heading of its column. */
static bool send_key(struct json *json, const struct place *object, const struct place *member,
                     const json_t *value)
{
    const size_t size = strlen(member->key);
    const uint32_t keys = node_at(json, object->node, 'o', "", NULL);
    if (keys == 0)
        return false;
    if (json->nodes[keys].column == 0)
        json->nodes[keys].column = ++json->nodes[object->table].columns;
    if (!send(json, object->table, object->row, json->nodes[keys].column,
              SCAN_CELL_LIST | SCAN_CELL_KEYS, member->key, size))
        return false;
    if (!is_plain(value))
        return true;
    struct node *node = &json->nodes[member->node];
    node->column = ++json->nodes[member->table].columns;
    return send(json, member->table, 0, node->column, SCAN_CELL_HEADING, member->key, size);
}

static bool walk_object(struct json *json, const struct place *place, const json_t *object)
{
    struct place member = {.table = place->table, .row = place->row};
    json_t *whole = (json_t *)(uintptr_t)object; /* jansson's iterator knows no const */
    json_t *value;
    json_object_foreach(whole, member.key, value)
    {
        bool is_new = false;
        member.node = node_at(json, place->node, 'k', member.key, &is_new);
        if (member.node == 0 || (is_new && !send_key(json, place, &member, value)) ||
            !walk(json, &member, value))
            return false;
    }
    return true;
}

/* The place of a list's next element. */
static struct place place_element(struct json *json, const struct place *list, uint32_t elements,
                                  uint32_t index, const json_t *value)
{
    struct place element = {.node = elements, .in_list = true};
    if (is_plain(value) && list->in_list) { /* a row of a list of lists */
        element.table = list->table;
        element.row = list->row;
        element.index = index;
        return element;
    }
    element.table = elements;
    element.row = ++json->nodes[elements].rows;
    element.listed = is_plain(value);
    return element;
}

static bool walk_list(struct json *json, const struct place *place, const json_t *list)
{
    size_t index;
    json_t *value;
    bool is_new = false;
    const uint32_t elements = node_at(json, place->node, 'l', "", &is_new);
    if (elements == 0)
        return false;
    if (is_new && place->key != NULL && json_array_size(list) > 0 &&
        is_plain(json_array_get(list, 0)) &&
        !send(json, elements, 0, 1, SCAN_CELL_HEADING, place->key, strlen(place->key)))
        return false;
    json_array_foreach(list, index, value)
    {
        const struct place element =
            place_element(json, place, elements, (uint32_t)index + 1, value);
        if (!walk(json, &element, value))
            return false;
    }
    return true;
}

/* As deep as jansson reads: JSON_PARSER_MAX_DEPTH, 2048. */
static bool walk(struct json *json, const struct place *place, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return walk_object(json, place, value);
    case JSON_ARRAY:
        return walk_list(json, place, value);
    case JSON_STRING:
        return send_string(json, place, value);
    case JSON_INTEGER:
    case JSON_REAL:
        return send_number(json, place, value);
    default:
        return true; /* true, false, null */
    }
}

/* ---- texts ---------------------------------------------------------------------------------- */

static enum scan_read why(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_unknown: /* jansson has no text for memory that is not there */
    case json_error_out_of_memory:
        return SCAN_READ_NO_MEMORY;
    case json_error_stack_overflow:
        return SCAN_READ_TOO_BIG;
    default:
        return SCAN_READ_DAMAGED;
    }
}

/* How many bytes of white space stand before the next text. */
static size_t space_before(const char *bytes, size_t size)
{
    size_t space = 0;
    while (space < size && memchr(" \t\n\r", bytes[space], 4) != NULL)
        space++;
    return space;
}

/* What jansson's tree of the first text takes at most, measured with its version 2.14: each value and member, an
 * object's first slots, and a string as it is read, kept and copied. */
static size_t tree_size(const char *bytes, size_t size)
{
    enum { VALUE = 72, MEMBER = 104, OBJECT = 320, LIST = 176 };
    size_t tree = 0, depth = 0, longest = 0;
    for (size_t i = 0; i < size; i++) {
        const char c = bytes[i];
        if (c == '"') {
            const size_t start = i++;
            while (i < size && bytes[i] != '"')
                i += bytes[i] == '\\' ? 2 : 1;
            tree += VALUE + (i - start);
            longest = i - start > longest ? i - start : longest;
        } else if (c == '{' || c == '[') {
            tree += c == '{' ? OBJECT : LIST;
            depth++;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
        } else if (c == ',' || c == ':') {
            tree += c == ',' ? VALUE : MEMBER;
        }
        if (depth == 0 && (c == '}' || c == ']' || c == '\n'))
            break;
    }
    return tree + 3 * longest;
}

/* Reads one text; *size is how many bytes it has. Of a key that stands twice in an object jansson keeps
 * the last value only, and something could hide in the first: such a text is refused. */
static bool read_text(struct json *json, const struct place *place, const char *bytes, size_t *size)
{
    enum {
        FLAGS = JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES
    };
    json_error_t error;
    if (tree_size(bytes, *size) > SCAN_MOST_JSON_BYTES)
        return fail(json, SCAN_READ_TOO_BIG);
    json_t *value = json_loadb(bytes, *size, FLAGS, &error);
    const bool read = value != NULL ? walk(json, place, value) : fail(json, why(&error));
    *size = (size_t)error.position;
    json_decref(value);
    explicit_bzero(&error, sizeof error); /* it quotes the file */
    return read;
}

enum scan_read scan_read_json(const char *bytes, size_t size, scan_take *take, void *context)
{
    struct json json = {.take = take, .context = context};
    json.slots = calloc(SLOTS, sizeof *json.slots);
    if (json.slots == NULL)
        return SCAN_READ_NO_MEMORY;
    secret_random(json.key, sizeof json.key);
    const uint32_t root = node_at(&json, 0, 'k', "", NULL);
    struct place place = {.node = root, .table = root};
    size_t at = 0, length;
    do {
        place.row++;
        load_pass(bytes + at);
        length = size - at;
        if (root == 0 || !read_text(&json, &place, bytes + at, &length))
            break;
        at += length;
        at += space_before(bytes + at, size - at);
    } while (at < size);
    bytes_free(&json.text);
    free(json.nodes);
    free(json.slots);
    return json.state;
}
