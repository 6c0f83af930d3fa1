/* Numbers as people see them. */
#ifndef TAVS_SCAN_SHOWN_H
#define TAVS_SCAN_SHOWN_H

#include <stddef.h>

enum { CODE_BYTES = 40, SHOWN_BYTES = 64 };

/* How a number is shown that has a certain style. */
enum shown { SHOWN_NUMBER, SHOWN_DATE, SHOWN_DIGITS /* "000000-0000" */ };

struct number_format {
    long id;
    enum shown shown;
    char code[CODE_BYTES];
};

/* How a style shows numbers, from its code. */
void shown_classify(struct number_format *format, const char *code);

/* A number as it is shown, whole numbers without exponent. `shown` has room for SHOWN_BYTES, `format`
 * may be NULL. Returns the length, 0 if it is shown as it is stored. */
size_t shown_number(const struct number_format *format, long day_zero, const char *value,
                    size_t size, char *shown);

#endif
