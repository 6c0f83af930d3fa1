/* What the readers of office documents share: an archive whose parts are XML, each parsed as it is
 * unpacked. */
#ifndef TAVS_SCAN_PART_H
#define TAVS_SCAN_PART_H

#include <libxml/parser.h>
#include <string.h>

#include "../row.h"
#include "archive.h"

enum { MOST_PATH = 256, MOST_TEXT = 8 << 20 /* bytes of one piece */ };

struct part;
struct package;
typedef void part_choose(struct part *part, const char *root);
typedef void part_start(struct part *part, const char *name, const xmlChar **attributes);
typedef void part_end(struct part *part, const char *name);
typedef void part_text(struct part *part, const char *text, size_t size);

/* What the parser calls, with names as they are without their prefix. */
struct part_hooks {
    part_start *start;
    part_end *end;
    part_text *text;
};

/* A document while it is read. */
struct package {
    struct archive archive;
    scan_take *take; /* NULL: nothing is handed on */
    void *context;
    enum scan_read state;
    uint32_t tables;     /* the number of the last one */
    bool *done;          /* entries that were read */
    uint64_t again;      /* bytes of text that is referred to: part_again */
    bool escapes;        /* "_x0041_" is a letter */
    part_choose *choose; /* says who reads a part, by its outermost element */
    void *own;           /* the reader's */
};

struct part {
    struct package *package;
    const struct part_hooks *hooks;
    void *own;         /* of who reads it */
    const char *place; /* a constant */
    uint32_t number;   /* of the paragraph or row that is read; 0 for none */
    xmlParserCtxtPtr parser;
    size_t depth;
};

void part_stop(struct part *part, enum scan_read state);

/* The value of an attribute, "" if it is not there. */
const char *part_attribute(const xmlChar **attributes, const char *name);

/* A name without its prefix. */
const char *part_local(const char *name);

/* Running text; empty text and blanks alone are none. */
void part_send(struct part *part, const char *text, size_t size, unsigned flags);

/* The same for who made something: the name alone is not worth more than a look. */
void part_send_author(struct part *part, const char *text, size_t size);

/* A part that can't be read. */
void part_unread(struct part *part, enum scan_unread unread);

/* Adds to a piece of text that is being gathered; what grows beyond bounds ends the reading. */
void part_add(struct part *part, struct bytes *bytes, const char *text, size_t size);

/* Of text that stands in the document once, and is handed on wherever something refers to it: more than some times what
 * was unpacked so far ends the reading. */
void part_again(struct part *part, size_t size);

/* What can be said of where a part lies, "" if nothing: its name may be a person's. */
const char *part_place(const char *path);

/* Reads an entry as XML, once; without hooks package->choose sets them. False if it is none: then all
 * is as the hooks left it. */
bool part_read(struct package *package, size_t index, const struct part_hooks *hooks, void *own);

/* attributes.c: all attributes of an element but what only machines read. */
void part_send_attributes(struct part *part, const char *element, const xmlChar **attributes);

/* attributes.c: true if a text may hold something: not for single words and short numbers. */
bool part_may_tell(const char *text, size_t size);

/* attributes.c: writes each "_x0041_" as its letter, in place; returns the new length. */
size_t part_unescape(char *text, size_t size);

static inline bool is(const char *name, const char *other)
{
    return strcmp(name, other) == 0;
}

static inline bool is_in(const char *name, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strcmp(name, *list) == 0)
            return true;
    }
    return false;
}

#endif
