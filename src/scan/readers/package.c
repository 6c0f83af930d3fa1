#include "package.h"

#include <stdlib.h>

#include "../chars.h"

enum { HEAD_BYTES = 512, MOST_TYPE = 80, MOST_ENDING = 6, MOST_WHOLE = 16 << 20 };

/* ---- opening -------------------------------------------------------------------------------- */

bool package_open(struct package *package, const char *bytes, size_t size, scan_take *take,
                  void *context)
{
    *package = (struct package){.take = take, .context = context};
    package->state = archive_open(&package->archive, bytes, size);
    if (package->state != SCAN_READ_OK)
        return false;
    package->done = calloc(package->archive.count, sizeof *package->done);
    if (package->done == NULL) {
        package->state = SCAN_READ_NO_MEMORY;
        archive_close(&package->archive);
    }
    return package->done != NULL;
}

enum scan_read package_close(struct package *package)
{
    archive_close(&package->archive);
    free(package->done);
    package->done = NULL;
    return package->state;
}

/* ---- where what lies ------------------------------------------------------------------------ */

bool package_resolve(const char *path, const char *target, char *result)
{
    const char *slash = strrchr(path, '/');
    size_t length = *target == '/' || slash == NULL ? 0 : (size_t)(slash - path);
    if (length >= MOST_PATH)
        return false;
    memcpy(result, path, length);
    while (*target != '\0') {
        const size_t size = strcspn(target, "/");
        if (size == 2 && memcmp(target, "..", 2) == 0) {
            while (length > 0 && result[length - 1] != '/')
                length--;
            length -= length > 0;
        } else if (size > 0 && !(size == 1 && *target == '.')) {
            if (length + size + 2 > MOST_PATH)
                return false;
            if (length > 0)
                result[length++] = '/';
            memcpy(result + length, target, size);
            length += size;
        }
        target += size + (target[size] == '/');
    }
    result[length] = '\0';
    return true;
}

struct search {
    char *path; /* of the main part */
    char root[MOST_PATH], second[MOST_PATH];
    bool in_body;
};

static bool ends(const char *text, const char *with)
{
    const size_t size = strlen(text), length = strlen(with);
    return size >= length && strcasecmp(text + size - length, with) == 0;
}

static void relation_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct search *search = part->own;
    if (is(name, "Relationship") && ends(part_attribute(attributes, "Type"), "/officeDocument") &&
        *search->path == '\0')
        package_resolve("", part_attribute(attributes, "Target"), search->path);
}

/* The outermost element is enough; of OpenDocument what its body holds. */
static void root_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct search *search = part->own;
    (void)attributes;
    if (part->depth == 1)
        snprintf(search->root, sizeof search->root, "%s", name);
    else if (search->in_body)
        snprintf(search->second, sizeof search->second, "%s", name);
    search->in_body = part->depth == 2 && is(name, "body");
    if (!is(search->root, "document-content") || *search->second != '\0')
        part_stop(part, SCAN_READ_STOPPED);
}

static void no_end(struct part *part, const char *name)
{
    (void)part;
    (void)name;
}

static void no_text(struct part *part, const char *text, size_t size)
{
    (void)part;
    (void)text;
    (void)size;
}

/* Looks into a part that is read later. */
static bool look(struct package *package, const char *path, part_start *start,
                 struct search *search)
{
    const struct part_hooks hooks = {start, no_end, no_text};
    scan_take *take = package->take;
    size_t index;
    if (*path == '\0' || !archive_find(&package->archive, path, &index))
        return false;
    package->take = NULL;
    const bool read = part_read(package, index, &hooks, search);
    package->take = take;
    package->done[index] = false;
    if (package->state == SCAN_READ_STOPPED)
        package->state = SCAN_READ_OK;
    return read;
}

enum scan_format package_format(struct package *package, char *main)
{
    static const struct {
        const char *root, *usual;
        enum scan_format format;
    } formats[] = {{"workbook", "xl/workbook.xml", SCAN_XLSX},
                   {"document", "word/document.xml", SCAN_DOCX},
                   {"presentation", "ppt/presentation.xml", SCAN_PPTX},
                   {"spreadsheet", "content.xml", SCAN_ODS},
                   {"text", "content.xml", SCAN_ODT}};
    enum { FORMATS = sizeof formats / sizeof *formats };
    struct search search = {.path = main};
    *main = '\0';
    look(package, "_rels/.rels", relation_start, &search);
    for (size_t i = 0; i <= FORMATS && package->state == SCAN_READ_OK; i++) {
        if (i > 0)
            snprintf(main, MOST_PATH, "%s", formats[i - 1].usual);
        *search.root = *search.second = '\0';
        search.in_body = false;
        if (!look(package, main, root_start, &search))
            continue;
        const char *told = *search.second != '\0' ? search.second : search.root;
        for (size_t j = 0; j < FORMATS; j++) {
            if (is(told, formats[j].root))
                return formats[j].format;
        }
    }
    return SCAN_AUTO;
}

enum scan_format scan_office_format(const char *bytes, size_t size)
{
    struct package package;
    char main[MOST_PATH];
    enum scan_format format = SCAN_AUTO;
    if (package_open(&package, bytes, size, NULL, NULL)) {
        format = package_format(&package, main);
        package_close(&package);
    }
    return format;
}

/* ---- parts ---------------------------------------------------------------------------------- */

void package_read_needed(struct package *package, const char *path, const struct part_hooks *hooks,
                         void *own)
{
    size_t index;
    if (package->state != SCAN_READ_OK)
        return;
    if (!archive_find(&package->archive, path, &index))
        package->state = SCAN_READ_DAMAGED;
    else if (!package->done[index] && !part_read(package, index, hooks, own))
        package->state = SCAN_READ_DAMAGED;
}

struct head {
    char bytes[HEAD_BYTES];
    size_t size;
};

static bool take_head(void *context, const char *bytes, size_t size)
{
    struct head *head = context;
    head->size = size < sizeof head->bytes ? size : sizeof head->bytes;
    memcpy(head->bytes, bytes, head->size);
    return false;
}

static bool begins(const struct head *head, const char *with, size_t size)
{
    return head->size >= size && memcmp(head->bytes, with, size) == 0;
}

/* "<" after what may stand before it, in whatever encoding. */
static bool is_markup(const struct head *head)
{
    for (size_t i = 0; i < head->size; i++) {
        const unsigned char c = (unsigned char)head->bytes[i];
        if (c == '<')
            return true;
        if (c > ' ' && c != 0xef && c != 0xbb && c != 0xbf && c != 0xfe && c != 0xff)
            return false;
    }
    return false;
}

static bool is_text(const struct head *head)
{
    for (size_t i = 0; i < head->size; i++) {
        const unsigned char c = (unsigned char)head->bytes[i];
        if (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f')
            return false;
    }
    return true;
}

static bool is_picture(const char *path, const struct head *head)
{
    static const char *const endings[] = {
        ".png",  ".jpg", ".jpeg", ".gif", ".bmp", ".tif",  ".tiff", ".emf", ".wmf",  ".svg", ".svm",
        ".webp", ".jxr", ".wdp",  ".emz", ".wmz", ".pict", ".ico",  ".pdf", ".gltf", NULL};
    for (const char *const *ending = endings; *ending != NULL; ending++) {
        if (ends(path, *ending))
            return true;
    }
    return begins(head, "\x89PNG", 4) || begins(head, "\xff\xd8\xff", 3) ||
           begins(head, "GIF8", 4) || strncmp(path, "Pictures/", 9) == 0 ||
           strncmp(path, "Thumbnails/", 11) == 0 || strncmp(path, "ObjectReplacements/", 19) == 0;
}

static enum scan_unread unread_of(const char *path, const struct head *head)
{
    if (strstr(path, "vbaProject") != NULL || strncmp(path, "Basic/", 6) == 0 ||
        strncmp(path, "Scripts/", 8) == 0 || strstr(path, "vbaData") != NULL)
        return SCAN_UNREAD_MACRO;
    if (is_picture(path, head))
        return SCAN_UNREAD_PICTURE;
    if (strstr(path, "embeddings/") != NULL || begins(head, "PK\3\4", 4) ||
        begins(head, "%PDF", 4) || begins(head, "\xd0\xcf\x11\xe0", 4) || ends(path, ".bin") ||
        is_text(head))
        return SCAN_UNREAD_FILE;
    return SCAN_UNREAD_PART;
}

/* How a printer is set up; that it is an OpenDocument. */
static bool is_dull(const char *path, const struct head *head)
{
    static const char type[] = "application/vnd.oasis.opendocument.";
    return strstr(path, "/printerSettings/") != NULL ||
           (is(path, "mimetype") && head->size < MOST_TYPE && begins(head, type, sizeof type - 1));
}

/* ---- what is no XML ------------------------------------------------------------------------- */

static bool take_all(void *context, const char *bytes, size_t size)
{
    struct bytes *all = context;
    return all->size + size <= MOST_WHOLE && bytes_add(all, bytes, size);
}

struct inner {
    struct part part;
    uint32_t tables;
};

/* Cells of a page inside of the document, as its own. */
static bool take_inner(void *context, const struct scan_cell *from)
{
    struct inner *inner = context;
    struct package *package = inner->part.package;
    struct scan_cell cell = *from;
    cell.flags |= SCAN_CELL_PART;
    cell.part = inner->part.place;
    if (cell.column > 0) {
        cell.table += inner->tables;
        package->tables = cell.table > package->tables ? cell.table : package->tables;
    }
    return package->take(package->context, &cell);
}

/* Reads the entry as a web page, or as text where it is none of that. */
static void read_whole(struct package *package, size_t index, bool page)
{
    struct bytes all = {0};
    struct inner inner = {
        .part = {.package = package, .place = part_place(archive_name(&package->archive, index))},
        .tables = package->tables};
    struct scan_text text;
    struct base_error error;
    char *decoded = NULL;
    size_t room = 0;
    enum scan_read read = archive_unpack(&package->archive, index, take_all, &all);
    if (read == SCAN_READ_STOPPED)
        read = all.size > MOST_WHOLE / 2 ? SCAN_READ_TOO_BIG : SCAN_READ_NO_MEMORY;
    if (read == SCAN_READ_OK &&
        chars_decode("", all.at, all.size, &decoded, &room, &text, &error) != BASE_OK)
        part_unread(&inner.part, SCAN_UNREAD_PART);
    else if (read == SCAN_READ_OK && page)
        read = scan_read_html(text.at, text.size, take_inner, &inner);
    else if (read == SCAN_READ_OK)
        part_send(&inner.part, text.at, text.size, SCAN_CELL_RAW);
    if (package->state == SCAN_READ_OK)
        package->state = read;
    if (decoded != NULL)
        explicit_bzero(decoded, room);
    free(decoded);
    bytes_free(&all);
}

/* ---- all that is left ----------------------------------------------------------------------- */

static void read_entry(struct package *package, size_t index)
{
    const char *path = archive_name(&package->archive, index);
    struct part part = {.package = package, .place = part_place(path)};
    struct head head = {.size = 0};
    const enum scan_read read = archive_unpack(&package->archive, index, take_head, &head);
    if (read != SCAN_READ_OK && read != SCAN_READ_STOPPED)
        package->state = read;
    if (package->state != SCAN_READ_OK || head.size == 0 || is_dull(path, &head))
        return;
    const enum scan_unread unread = unread_of(path, &head);
    const bool page = ends(path, ".htm") || ends(path, ".html") || ends(path, ".mht");
    if (is_markup(&head) && (page || !part_read(package, index, NULL, NULL))) {
        if (package->state == SCAN_READ_OK)
            read_whole(package, index, true);
    } else if (!is_markup(&head)) {
        if (is_text(&head))
            read_whole(package, index, page);
        part_unread(&part, unread);
    }
    if (is_markup(&head) && unread != SCAN_UNREAD_FILE && unread != SCAN_UNREAD_PART)
        part_unread(&part, unread); /* its words were read, not what it draws or does */
    explicit_bzero(&head, sizeof head);
}

/* The file's own name, which may be somebody's: "media/Mette_Hansen.png". */
static void send_name(struct package *package, size_t index)
{
    char words[MOST_PATH];
    struct part part = {.package = package, .place = ""};
    const char *path = archive_name(&package->archive, index);
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const size_t ending = dot != NULL ? strlen(dot) : 0;
    const size_t size = strlen(name) - (ending <= MOST_ENDING ? ending : 0);
    size_t length = 0;
    for (; length < sizeof words && length < size; length++)
        words[length] = strchr("_.+", name[length]) != NULL ? ' ' : name[length];
    if (part_may_tell(words, length))
        part_send(&part, words, length, 0);
    if (part_may_tell(path, (size_t)(name - path)))
        part_send(&part, path, (size_t)(name - path), SCAN_CELL_RAW);
    explicit_bzero(words, sizeof words);
}

static void send_beside(struct package *package)
{
    struct part part = {.package = package, .place = ""};
    size_t size;
    const char *comment = archive_comment(&package->archive, &size);
    part_send(&part, comment, size, 0);
    for (size_t i = 0; i < package->archive.count; i++) {
        comment = archive_entry_comment(&package->archive, i, &size);
        part_send(&part, comment, size, 0);
        send_name(package, i);
    }
    for (size_t i = 0; i < package->archive.gaps; i++)
        part_unread(&part, SCAN_UNREAD_PART);
}

void package_read_rest(struct package *package)
{
    for (size_t i = 0; i < package->archive.count && package->state == SCAN_READ_OK; i++) {
        if (!package->done[i])
            read_entry(package, i);
    }
    send_beside(package);
}
