/* The bytes of a PDF, without poppler: every object is read as far as it takes to see that its stream is whole, and
 * to find what poppler does not hand on: texts that are not shown, old states of the document, boxes that cut a page
 * off, fonts whose letters can't be told, programs. Objects are found where they stand, not by the document's own
 * table, so that also those are seen that nothing leads to. */
#include <stdlib.h>
#include <string.h>

#include "../chars.h"
#include "pdf.h"

enum {
    MOST_DEPTH = 32,       /* of dictionaries in each other; deeper ones count as the deepest */
    MOST_NAME = 24,        /* longer names are none that we know */
    HEAD_BYTES = 1024,     /* the header stands in the first so many */
    MOST_NUMBER = 1 << 20, /* of objects that are looked out for twice */
    NUMBER_DIGITS = 10,
    LEAST_TEXT = 3,
    BOX_SIDES = 4,
};

/* What names say, as keys or as values. */
enum word {
    W_NONE,
    W_ACTUAL_TEXT,
    W_CROP_BOX,
    W_ENCODING,
    W_FILTER,
    W_LENGTH,
    W_MEDIA_BOX,
    W_PATTERN_TYPE,
    W_S,
    W_SUBTYPE,
    W_TO_UNICODE,
    W_TYPE,
    W_XFA,
    W_OUTSIDE, /* keys of streams whose data lie in another file */
    W_GIVEN,   /* keys whose texts poppler hands on, or that hold none */
    W_IMAGE,
    W_OBJECTS,
    W_TABLE,
    W_TYPE0,
    W_TYPE3,
    W_IDENTITY,
    W_PROGRAM,
    W_PART,
    W_FLATE,
    W_ASCII85,
    W_ASCII_HEX,
    W_PICTURE,
    W_PLAIN,
};

static const struct {
    const char *name;
    enum word word;
} words[] = {
    {"ActualText", W_ACTUAL_TEXT},
    {"CropBox", W_CROP_BOX},
    {"Encoding", W_ENCODING},
    {"Filter", W_FILTER},
    {"Length", W_LENGTH},
    {"MediaBox", W_MEDIA_BOX},
    {"PatternType", W_PATTERN_TYPE},
    {"S", W_S},
    {"Subtype", W_SUBTYPE},
    {"ToUnicode", W_TO_UNICODE},
    {"Type", W_TYPE},
    {"XFA", W_XFA},
    {"FFilter", W_OUTSIDE},
    {"Author", W_GIVEN},
    {"BaseVersion", W_GIVEN},
    {"Cert", W_GIVEN},
    {"CharSet", W_GIVEN},
    {"Contents", W_GIVEN},
    {"CreationDate", W_GIVEN},
    {"Creator", W_GIVEN},
    {"DA", W_GIVEN},
    {"DS", W_GIVEN},
    {"Desc", W_GIVEN},
    {"Dest", W_GIVEN},
    {"D", W_GIVEN},
    {"F", W_GIVEN},
    {"FontFamily", W_GIVEN},
    {"ID", W_GIVEN},
    {"Keywords", W_GIVEN},
    {"Lang", W_GIVEN},
    {"M", W_GIVEN},
    {"ModDate", W_GIVEN},
    {"NM", W_GIVEN},
    {"Name", W_GIVEN},
    {"O", W_GIVEN},
    {"OE", W_GIVEN},
    {"Opt", W_GIVEN},
    {"Ordering", W_GIVEN},
    {"Panose", W_GIVEN},
    {"Perms", W_GIVEN},
    {"Producer", W_GIVEN},
    {"Registry", W_GIVEN},
    {"CheckSum", W_GIVEN},
    {"Style", W_GIVEN},
    {"Subj", W_GIVEN},
    {"Subject", W_GIVEN},
    {"T", W_GIVEN},
    {"Title", W_GIVEN},
    {"U", W_GIVEN},
    {"UE", W_GIVEN},
    {"UF", W_GIVEN},
    {"URI", W_GIVEN},
    {"V", W_GIVEN},
    {"Image", W_IMAGE},
    {"ObjStm", W_OBJECTS},
    {"XRef", W_TABLE},
    {"Type0", W_TYPE0},
    {"Type3", W_TYPE3},
    {"Identity-H", W_IDENTITY},
    {"Identity-V", W_IDENTITY},
    {"JavaScript", W_PROGRAM},
    {"Launch", W_PROGRAM},
    {"RichMedia", W_PART},
    {"Movie", W_PART},
    {"Sound", W_PART},
    {"3D", W_PART},
    {"Rendition", W_PART},
    {"FlateDecode", W_FLATE},
    {"Fl", W_FLATE},
    {"ASCII85Decode", W_ASCII85},
    {"A85", W_ASCII85},
    {"ASCIIHexDecode", W_ASCII_HEX},
    {"AHx", W_ASCII_HEX},
    {"DCTDecode", W_PICTURE},
    {"JPXDecode", W_PICTURE},
    {"CCITTFaxDecode", W_PICTURE},
    {"JBIG2Decode", W_PICTURE},
    {"Crypt", W_PLAIN},
};

struct box {
    float side[BOX_SIDES];
    size_t count;
};

struct dictionary {
    enum word key;
    bool wants_value;
    size_t arrays; /* open ones */
    bool image, objects, table, outside, font, tells_letters, named, type3;
    enum pdf_filter filters[PDF_MOST_FILTERS];
    size_t filter_count;
    bool filter_unknown;
    size_t length;
    bool has_length; /* written here, not in another object */
    struct box media, crop;
};

struct raw {
    struct pdf_sink *sink;
    const char *start, *at, *end;
    bool encrypted;
    bool in_stream; /* an object stream is read: its objects have no streams */
    struct dictionary dictionaries[MOST_DEPTH], last; /* `last`: the outermost that was closed */
    size_t depth;
    struct bytes text;
    unsigned char *seen; /* a bit for each object's number */
    size_t ends, ends_allowed, images, unpacked;
    bool has_old, has_actual_text, has_pattern, has_program, has_part, has_filter, has_crop,
        has_font;
    struct box page, lone_crop;
    bool pages_differ, lone_crops_differ;
};

/* ---- characters ----------------------------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool is_delimiter(char c)
{
    return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' || c == ']' || c == '{' ||
           c == '}' || c == '/' || c == '%';
}

static bool is_regular(char c)
{
    return !is_space(c) && !is_delimiter(c);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int hex_of(char c)
{
    if (is_digit(c))
        return c - '0';
    const char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool starts(const struct raw *raw, const char *at, const char *with)
{
    const size_t size = strlen(with);
    return (size_t)(raw->end - at) >= size && memcmp(at, with, size) == 0;
}

/* ---- what is wrong, once each --------------------------------------------------------------- */

static const char of_object[] = "object";

static void note(struct raw *raw, bool *noted, enum scan_unread unread)
{
    if (!*noted)
        pdf_unread(raw->sink, unread, of_object);
    *noted = true;
}

/* ---- texts ---------------------------------------------------------------------------------- */

static void add_byte(struct raw *raw, char byte)
{
    if (!bytes_add(&raw->text, &byte, 1))
        pdf_stop(raw->sink, SCAN_READ_NO_MEMORY);
}

static bool is_text_byte(unsigned char c)
{
    return c >= 0x20 || c == '\n' || c == '\r' || c == '\t';
}

/* UTF-16 with its mark, else Latin-1 or nearly so; *text begins empty. False for what is no text. */
static bool decode_text(const unsigned char *at, size_t size, struct bytes *text)
{
    if (size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
        return bytes_add(text, (const char *)at + 3, size - 3);
    const bool wide = size >= 2 && at[0] == 0xfe && at[1] == 0xff;
    for (size_t i = wide ? 2 : 0; i + wide < size; i += wide ? 2 : 1) {
        const uint32_t point = wide ? (uint32_t)at[i] << 8 | at[i + 1] : at[i];
        if (!wide && !is_text_byte(at[i]))
            return false;
        if (!pdf_add_point(text, point))
            return false;
    }
    return true;
}

static void take_text(struct raw *raw)
{
    struct bytes text = {0};
    const enum word key = raw->depth > 0 ? raw->dictionaries[raw->depth - 1].key : W_GIVEN;
    if (key == W_GIVEN || raw->encrypted || raw->text.size < LEAST_TEXT)
        return;
    if (decode_text((const unsigned char *)raw->text.at, raw->text.size, &text))
        pdf_send(raw->sink, 0, of_object, 0, text.at, text.size);
    bytes_free(&text);
}

/* After a backslash. */
static void take_escape(struct raw *raw)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    const char c = *raw->at++;
    const char *known = c != '\0' ? strchr(from, c) : NULL;
    if (known != NULL) {
        add_byte(raw, to[known - from]);
    } else if (c >= '0' && c <= '7') {
        int value = c - '0';
        for (int i = 0; i < 2 && raw->at < raw->end && *raw->at >= '0' && *raw->at <= '7'; i++)
            value = value * 8 + (*raw->at++ - '0');
        add_byte(raw, (char)value);
    } else if (c == '\r' || c == '\n') {
        raw->at += c == '\r' && raw->at < raw->end && *raw->at == '\n';
    } else {
        add_byte(raw, c);
    }
}

/* "(…)". A text without an end is not one of a whole document. */
static void read_text(struct raw *raw)
{
    size_t open = 1;
    raw->text.size = 0;
    raw->at++;
    while (raw->at < raw->end && open > 0) {
        const char c = *raw->at++;
        if (c == '\\' && raw->at < raw->end) {
            take_escape(raw);
            continue;
        }
        open += c == '(';
        open -= c == ')';
        if (open > 0)
            add_byte(raw, c);
    }
    if (open > 0)
        pdf_stop(raw->sink, SCAN_READ_DAMAGED);
    take_text(raw);
}

/* "<…>" */
static void read_hex(struct raw *raw)
{
    int high = -1;
    raw->text.size = 0;
    for (raw->at++; raw->at < raw->end && *raw->at != '>'; raw->at++) {
        const int value = hex_of(*raw->at);
        if (value < 0)
            continue;
        if (high >= 0)
            add_byte(raw, (char)(high * 16 + value));
        high = high < 0 ? value : -1;
    }
    if (raw->at == raw->end)
        pdf_stop(raw->sink, SCAN_READ_DAMAGED);
    else
        raw->at++;
    if (high >= 0)
        add_byte(raw, (char)(high * 16));
    take_text(raw);
}

/* ---- dictionaries --------------------------------------------------------------------------- */

static struct dictionary *current(struct raw *raw)
{
    return raw->depth > 0 ? &raw->dictionaries[raw->depth - 1] : NULL;
}

static void open_dictionary(struct raw *raw)
{
    if (raw->depth < MOST_DEPTH)
        raw->dictionaries[raw->depth++] = (struct dictionary){0};
}

static bool same_box(const struct box *a, const struct box *b)
{
    for (size_t i = 0; i < BOX_SIDES; i++) {
        if (a->side[i] < b->side[i] || a->side[i] > b->side[i])
            return false;
    }
    return true;
}

/* Left, bottom, right, top of what is within. */
static bool cuts(const struct box *crop, const struct box *media)
{
    return crop->side[0] > media->side[0] || crop->side[1] > media->side[1] ||
           crop->side[2] < media->side[2] || crop->side[3] < media->side[3];
}

/* A page may have the one box and inherit the other: then there must be only one of them in all. */
static void take_boxes(struct raw *raw, const struct dictionary *dictionary)
{
    const struct box *media = &dictionary->media, *crop = &dictionary->crop;
    if (media->count == BOX_SIDES) {
        raw->pages_differ =
            raw->pages_differ || (raw->page.count > 0 && !same_box(&raw->page, media));
        raw->page = *media;
    }
    if (crop->count == BOX_SIDES && media->count == BOX_SIDES && cuts(crop, media))
        note(raw, &raw->has_crop, SCAN_UNREAD_PART);
    if (crop->count == BOX_SIDES && media->count != BOX_SIDES) {
        raw->lone_crops_differ = raw->lone_crops_differ ||
                                 (raw->lone_crop.count > 0 && !same_box(&raw->lone_crop, crop));
        raw->lone_crop = *crop;
    }
    if ((crop->count > 0 && crop->count < BOX_SIDES) ||
        (media->count > 0 && media->count < BOX_SIDES)) /* it stands in another object */
        note(raw, &raw->has_crop, SCAN_UNREAD_PART);
}

static void conclude_boxes(struct raw *raw)
{
    if (raw->lone_crop.count > 0 && (raw->lone_crops_differ || raw->pages_differ ||
                                     raw->page.count == 0 || cuts(&raw->lone_crop, &raw->page)))
        note(raw, &raw->has_crop, SCAN_UNREAD_PART);
}

static void close_dictionary(struct raw *raw)
{
    if (raw->depth == 0)
        return;
    const struct dictionary *dictionary = &raw->dictionaries[--raw->depth];
    if (dictionary->font && !dictionary->tells_letters && (dictionary->type3 || !dictionary->named))
        note(raw, &raw->has_font, SCAN_UNREAD_PAGE);
    take_boxes(raw, dictionary);
    if (raw->depth == 0)
        raw->last = *dictionary;
    else if (current(raw)->arrays == 0)
        current(raw)->wants_value = false;
}

static enum word word_of(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].name, name) == 0)
            return words[i].word;
    }
    return W_NONE;
}

static void take_key(struct raw *raw, struct dictionary *dictionary, enum word word)
{
    dictionary->key = word;
    dictionary->tells_letters = dictionary->tells_letters || word == W_TO_UNICODE;
    dictionary->outside = dictionary->outside || word == W_OUTSIDE;
    if (word == W_XFA)
        note(raw, &raw->has_part, SCAN_UNREAD_PART);
    if (word == W_ACTUAL_TEXT)
        note(raw, &raw->has_actual_text, SCAN_UNREAD_PART);
}

static void take_filter(struct dictionary *dictionary, enum word word)
{
    const enum pdf_filter filter = word == W_FLATE       ? PDF_FLATE
                                   : word == W_ASCII85   ? PDF_ASCII85
                                   : word == W_ASCII_HEX ? PDF_ASCII_HEX
                                   : word == W_PICTURE   ? PDF_PICTURE
                                                         : PDF_OTHER_FILTER;
    if (word == W_PLAIN)
        return;
    if (dictionary->filter_count < PDF_MOST_FILTERS)
        dictionary->filters[dictionary->filter_count++] = filter;
    else
        dictionary->filter_unknown = true;
}

static void take_value(struct raw *raw, struct dictionary *dictionary, enum word word)
{
    switch (dictionary->key) {
    case W_FILTER:
        take_filter(dictionary, word);
        break;
    case W_ENCODING:
        dictionary->named = word != W_IDENTITY;
        break;
    case W_TYPE:
        dictionary->objects = dictionary->objects || word == W_OBJECTS;
        dictionary->table = dictionary->table || word == W_TABLE;
        break;
    case W_SUBTYPE:
        dictionary->image = dictionary->image || word == W_IMAGE;
        dictionary->font = dictionary->font || word == W_TYPE0 || word == W_TYPE3;
        dictionary->type3 = dictionary->type3 || word == W_TYPE3;
        break;
    default:
        break;
    }
    if ((dictionary->key == W_S || dictionary->key == W_SUBTYPE) && word == W_PROGRAM)
        note(raw, &raw->has_program, SCAN_UNREAD_MACRO);
    if ((dictionary->key == W_S || dictionary->key == W_SUBTYPE) && word == W_PART)
        note(raw, &raw->has_part, SCAN_UNREAD_PART);
}

static void read_name(struct raw *raw)
{
    char name[MOST_NAME] = "";
    size_t size = 0;
    for (raw->at++; raw->at < raw->end && is_regular(*raw->at); raw->at++) {
        char c = *raw->at;
        if (c == '#' && raw->end - raw->at > 2 && hex_of(raw->at[1]) >= 0 &&
            hex_of(raw->at[2]) >= 0) {
            c = (char)(hex_of(raw->at[1]) * 16 + hex_of(raw->at[2]));
            raw->at += 2;
        }
        if (size < sizeof name - 1)
            name[size] = c;
        size++;
    }
    const enum word word = size < sizeof name ? word_of(name) : W_NONE;
    struct dictionary *dictionary = current(raw);
    if (dictionary == NULL)
        return;
    if (dictionary->arrays == 0 && !dictionary->wants_value) {
        take_key(raw, dictionary, word);
        dictionary->wants_value = true;
        return;
    }
    take_value(raw, dictionary, word);
    if (dictionary->arrays == 0)
        dictionary->wants_value = false;
}

/* ---- numbers and words ---------------------------------------------------------------------- */

static float value_of(const char *at, size_t size)
{
    char number[32] = "";
    memcpy(number, at, size < sizeof number ? size : sizeof number - 1);
    return strtof(number, NULL);
}

static void add_side(struct box *box, float side)
{
    if (box->count < BOX_SIDES)
        box->side[box->count++] = side;
}

/* After the key of a number: "12", or "12 0 R", which stands elsewhere. */
static bool is_reference(const struct raw *raw, const char *at)
{
    while (at < raw->end && is_space(*at))
        at++;
    if (at == raw->end || !is_digit(*at))
        return false;
    while (at < raw->end && is_digit(*at))
        at++;
    while (at < raw->end && is_space(*at))
        at++;
    return at < raw->end && *at == 'R';
}

static size_t whole_number(const char *at, size_t size)
{
    size_t value = 0;
    for (size_t i = 0; i < size && is_digit(at[i]); i++)
        value = value * 10 + (size_t)(at[i] - '0');
    return value;
}

static void take_number(struct raw *raw, const char *at, size_t size)
{
    struct dictionary *dictionary = current(raw);
    if (dictionary == NULL)
        return;
    switch (dictionary->key) {
    case W_LENGTH:
        if (dictionary->wants_value && size < NUMBER_DIGITS && !is_reference(raw, raw->at)) {
            dictionary->has_length = true;
            dictionary->length = whole_number(at, size);
        }
        break;
    case W_FILTER:
        dictionary->filter_unknown = true;
        break;
    case W_MEDIA_BOX:
        add_side(&dictionary->media, value_of(at, size));
        break;
    case W_CROP_BOX:
        add_side(&dictionary->crop, value_of(at, size));
        break;
    case W_PATTERN_TYPE:
        if (size == 1 && *at == '1')
            note(raw, &raw->has_pattern, SCAN_UNREAD_PART);
        break;
    default:
        break;
    }
}

/* A number, "R", "true", "null" … */
static void take_word(struct raw *raw, const char *at, size_t size)
{
    struct dictionary *dictionary = current(raw);
    if (is_digit(*at) || *at == '-' || *at == '+' || *at == '.')
        take_number(raw, at, size);
    if (dictionary != NULL && dictionary->arrays == 0)
        dictionary->wants_value = false;
}

static void take_bracket(struct raw *raw, char c)
{
    struct dictionary *dictionary = current(raw);
    raw->at++;
    if (dictionary == NULL)
        return;
    if (c == '[') {
        dictionary->arrays++;
    } else if (c == ']' && dictionary->arrays > 0 && --dictionary->arrays == 0) {
        dictionary->wants_value = false;
    }
}

/* ---- an object ------------------------------------------------------------------------------ */

static void skip_line(struct raw *raw)
{
    while (raw->at < raw->end && *raw->at != '\n' && *raw->at != '\r')
        raw->at++;
}

enum object_end { ENDED, AT_STREAM };

/* Reads from where an object begins to its end, to its stream, or to where another begins. */
static enum object_end read_object(struct raw *raw)
{
    raw->depth = 0;
    raw->last = (struct dictionary){0};
    while (raw->at < raw->end && raw->sink->state == SCAN_READ_OK) {
        const char c = *raw->at, *start = raw->at;
        if (is_space(c)) {
            raw->at++;
        } else if (c == '%') {
            if (!raw->in_stream && starts(raw, raw->at, "%%EOF"))
                return ENDED;
            skip_line(raw);
        } else if (c == '(') {
            read_text(raw);
            if (current(raw) != NULL && current(raw)->arrays == 0)
                current(raw)->wants_value = false;
        } else if (c == '/') {
            read_name(raw);
        } else if (starts(raw, raw->at, "<<")) {
            raw->at += 2;
            open_dictionary(raw);
        } else if (starts(raw, raw->at, ">>")) {
            raw->at += 2;
            close_dictionary(raw);
        } else if (c == '<') {
            read_hex(raw);
            if (current(raw) != NULL && current(raw)->arrays == 0)
                current(raw)->wants_value = false;
        } else if (!is_regular(c)) {
            take_bracket(raw, c);
        } else {
            while (raw->at < raw->end && is_regular(*raw->at))
                raw->at++;
            const size_t size = (size_t)(raw->at - start);
            if (!raw->in_stream && size == 6 && memcmp(start, "stream", 6) == 0)
                return AT_STREAM;
            if (!raw->in_stream && ((size == 6 && memcmp(start, "endobj", 6) == 0) ||
                                    (size == 9 && memcmp(start, "startxref", 9) == 0)))
                return ENDED;
            if (!raw->in_stream && size == 3 && memcmp(start, "obj", 3) == 0) {
                raw->at = start; /* the object before it had no end */
                return ENDED;
            }
            take_word(raw, start, size);
        }
    }
    return ENDED;
}

/* ---- streams -------------------------------------------------------------------------------- */

static const char *find(const struct raw *raw, const char *at, const char *what)
{
    const char *found = memmem(at, (size_t)(raw->end - at), what, strlen(what));
    return found != NULL ? found : raw->end;
}

static bool ends_at(const struct raw *raw, const char *at)
{
    while (at < raw->end && is_space(*at))
        at++;
    return starts(raw, at, "endstream");
}

static void read_objects(struct raw *raw, const struct bytes *text)
{
    const char *start = raw->start, *at = raw->at, *end = raw->end;
    if (text->size == 0)
        return;
    raw->start = raw->at = text->at;
    raw->end = text->at + text->size;
    raw->in_stream = true;
    (void)read_object(raw);
    while (raw->depth > 0)
        close_dictionary(raw);
    raw->in_stream = false;
    raw->start = start;
    raw->at = at;
    raw->end = end;
}

/* Unpacks what can be unpacked; only pictures need not be whole, for they are not read. */
static void check_stream(struct raw *raw, const struct dictionary *dictionary,
                         struct pdf_stream *stream)
{
    if (dictionary->image || raw->encrypted)
        return;
    if (dictionary->filter_unknown || dictionary->outside || !pdf_can_unpack(stream)) {
        note(raw, &raw->has_filter, SCAN_UNREAD_PART);
        return;
    }
    pdf_stop(raw->sink, pdf_unpack(stream));
    if (stream->has_actual_text && !dictionary->table)
        note(raw, &raw->has_actual_text, SCAN_UNREAD_PART);
    if (dictionary->objects && raw->sink->state == SCAN_READ_OK)
        read_objects(raw, stream->into);
}

static void read_stream(struct raw *raw)
{
    const struct dictionary dictionary = raw->last;
    struct bytes objects = {0};
    raw->at += raw->at < raw->end && *raw->at == '\r';
    raw->at += raw->at < raw->end && *raw->at == '\n';
    const size_t left = (size_t)(raw->end - raw->at);
    const bool known = dictionary.has_length && dictionary.length <= left &&
                       ends_at(raw, raw->at + dictionary.length);
    struct pdf_stream stream = {.at = raw->at,
                                .left = known ? dictionary.length : left,
                                .known = known,
                                .filter_count = dictionary.filter_count,
                                .unpacked = &raw->unpacked};
    stream.into = dictionary.objects ? &objects : NULL;
    memcpy(stream.filters, dictionary.filters, sizeof stream.filters);
    raw->images += dictionary.image;
    if (dictionary.has_length && !known && !dictionary.image)
        pdf_stop(raw->sink,
                 SCAN_READ_DAMAGED); /* it says itself that there should be more, or less */
    else if (!ends_at(raw, raw->at)) /* else it is empty */
        check_stream(raw, &dictionary, &stream);
    bytes_free(&objects);
    raw->at = find(raw, raw->at + (known ? dictionary.length : stream.used), "endstream");
    if (raw->at == raw->end)
        pdf_stop(raw->sink, SCAN_READ_DAMAGED);
}

/* ---- from object to object ------------------------------------------------------------------ */

/* The number of the object whose "obj" stands at `at`; false if it is something else. */
static bool object_number(const struct raw *raw, const char *at, size_t *number)
{
    size_t value = 0, digits = 0, scale = 1;
    while (at > raw->start && is_space(at[-1]))
        at--;
    const char *generation = at;
    while (at > raw->start && is_digit(at[-1]))
        at--;
    if (at == generation || at == raw->start || !is_space(at[-1]))
        return false;
    while (at > raw->start && is_space(at[-1]))
        at--;
    for (; at > raw->start && is_digit(at[-1]) && digits < NUMBER_DIGITS; digits++, at--) {
        value += (size_t)(at[-1] - '0') * scale;
        scale *= 10;
    }
    *number = value;
    return digits > 0;
}

/* An object that comes twice, or after the document's end, is an old or a new state of it. */
static void note_state(struct raw *raw, size_t number)
{
    if (raw->ends >= raw->ends_allowed)
        note(raw, &raw->has_old, SCAN_UNREAD_PART);
    if (number >= MOST_NUMBER)
        return;
    if ((raw->seen[number / 8] >> number % 8 & 1) != 0)
        note(raw, &raw->has_old, SCAN_UNREAD_PART);
    raw->seen[number / 8] |= (unsigned char)(1U << number % 8);
}

static void read_one(struct raw *raw)
{
    if (read_object(raw) == AT_STREAM)
        read_stream(raw);
}

static void read_all(struct raw *raw)
{
    bool after = false;
    const char *last = raw->end;
    while (raw->at < raw->end && raw->sink->state == SCAN_READ_OK) {
        size_t number;
        if (starts(raw, raw->at, "%%EOF")) {
            raw->at += 5;
            raw->ends++;
            last = raw->at;
        } else if (starts(raw, raw->at, "obj") && object_number(raw, raw->at, &number)) {
            raw->at += 3;
            note_state(raw, number);
            read_one(raw);
        } else if (starts(raw, raw->at, "trailer")) {
            raw->at += 7;
            (void)read_object(raw);
        } else {
            raw->at++;
        }
    }
    for (; raw->sink->state == SCAN_READ_OK && !after && last < raw->end; last++)
        after = !is_space(*last);
    if (raw->ends == 0)
        pdf_stop(raw->sink, SCAN_READ_DAMAGED);
    if (after)
        pdf_unread(raw->sink, SCAN_UNREAD_PART, of_object);
}

/* True for "/Encrypt 12 0 R" and "/Encrypt <<" */
static bool is_encrypted(const struct raw *raw)
{
    for (const char *at = raw->start; at < raw->end; at++) {
        at = find(raw, at, "/Encrypt");
        const char *after = at + strlen("/Encrypt");
        if (raw->end - at <= (ptrdiff_t)strlen("/Encrypt"))
            return false;
        while (after < raw->end && is_space(*after))
            after++;
        if (after < raw->end && (is_digit(*after) || *after == '<'))
            return true;
    }
    return false;
}

size_t pdf_take_raw(struct pdf_sink *sink, const char *bytes, size_t size)
{
    struct raw raw = {.sink = sink, .start = bytes, .at = bytes, .end = bytes + size};
    const size_t head = size < HEAD_BYTES ? size : HEAD_BYTES;
    const char *header = memmem(bytes, head, "%PDF-", 5);
    raw.seen = calloc(MOST_NUMBER / 8, 1);
    if (header == NULL)
        pdf_stop(sink, SCAN_READ_DAMAGED);
    if (raw.seen == NULL)
        pdf_stop(sink, SCAN_READ_NO_MEMORY);
    if (sink->state == SCAN_READ_OK) {
        if (chars_trim((struct scan_text){bytes, (size_t)(header - bytes)}).size > 0)
            pdf_unread(sink, SCAN_UNREAD_PART, of_object);
        /* One that is made to be shown while it is loaded has its end twice. */
        raw.ends_allowed = memmem(bytes, head, "/Linearized", 11) != NULL ? 2 : 1;
        raw.encrypted = is_encrypted(&raw);
        if (raw.encrypted)
            pdf_unread(sink, SCAN_UNREAD_PART, of_object);
        read_all(&raw);
        conclude_boxes(&raw);
    }
    free(raw.seen);
    bytes_free(&raw.text);
    return raw.images;
}
