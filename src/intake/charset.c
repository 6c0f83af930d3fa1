/* UTF-16, as spreadsheets write it under the name of Unicode text. */
#include <errno.h>
#include <string.h>

#include "inside.h"

static const char utf8_mark[] = "\xef\xbb\xbf", little_mark[] = "\xff\xfe", big_mark[] = "\xfe\xff";

void charset_close(struct charset *charset)
{
    if (charset->kind == CHARSET_WIDE)
        (void)iconv_close(charset->wide);
    charset->kind = CHARSET_UNKNOWN;
}

static bool begins(const struct charset *charset, const char *mark)
{
    return strlen(mark) >= charset->kept_size &&
           memcmp(charset->kept, mark, charset->kept_size) == 0;
}

static bool is(const struct charset *charset, const char *mark)
{
    return strlen(mark) == charset->kept_size && begins(charset, mark);
}

/* Takes a byte of what may be a mark. */
static bool take_mark(struct charset *charset, char byte, const char **out, size_t *out_size)
{
    charset->kept[charset->kept_size++] = byte;
    if (is(charset, little_mark) || is(charset, big_mark)) {
        charset->wide = iconv_open("UTF-8", is(charset, little_mark) ? "UTF-16LE" : "UTF-16BE");
        if (charset->wide == (iconv_t)-1)
            return false;
        charset->kind = CHARSET_WIDE;
        charset->kept_size = 0;
    } else if (is(charset, utf8_mark)) {
        charset->kind = CHARSET_BYTES;
    } else if (!begins(charset, utf8_mark) && !begins(charset, little_mark) &&
               !begins(charset, big_mark)) {
        charset->kind = CHARSET_BYTES;
        *out = charset->kept;
        *out_size = charset->kept_size;
    }
    return true;
}

/* Puts what was kept and what comes now through iconv, as far as there is room. */
static bool convert(struct charset *charset, const char **bytes, size_t *size, const char **out,
                    size_t *out_size)
{
    char *to = charset->out;
    size_t room = sizeof charset->out;
    *out = charset->out;
    while (*size > 0 && room >= sizeof charset->kept) {
        /* One unit or two that are parted between pieces; else straight from the bytes. */
        const bool parted = charset->kept_size > 0 || *size < sizeof charset->kept;
        if (parted) {
            charset->kept[charset->kept_size++] = *(*bytes)++;
            (*size)--;
        }
        char *from =
            parted ? charset->kept : (char *)(uintptr_t)*bytes; /* iconv does not write there */
        size_t left = parted ? charset->kept_size : *size;
        const bool failed = iconv(charset->wide, &from, &left, &to, &room) == (size_t)-1;
        if (failed && (errno == EILSEQ ||
                       (errno == EINVAL && parted && charset->kept_size == sizeof charset->kept))) {
            charset->broken = true; /* what stands before it counts first */
            break;
        }
        if (parted) {
            charset->kept_size = left; /* none or all of it */
        } else {
            *bytes = from;
            *size = left;
            if (failed && errno == E2BIG)
                break;
        }
    }
    *out_size = sizeof charset->out - room;
    return !charset->broken || *out_size > 0;
}

bool charset_take(struct charset *charset, const char **bytes, size_t *size, const char **out,
                  size_t *out_size)
{
    *out_size = 0;
    if (charset->broken)
        return false;
    if (charset->kind == CHARSET_UNKNOWN && *size > 0) {
        (*size)--;
        return take_mark(charset, *(*bytes)++, out, out_size);
    }
    if (charset->kind == CHARSET_WIDE)
        return *size > 0 ? convert(charset, bytes, size, out, out_size) : charset->kept_size == 0;
    if (charset->kind == CHARSET_UNKNOWN) { /* the end, amid what might have become a mark */
        charset->kind = CHARSET_BYTES;
        *out = charset->kept;
        *out_size = charset->kept_size;
        return true;
    }
    *out = *bytes;
    *out_size = *size;
    *bytes += *size;
    *size = 0;
    return true;
}
