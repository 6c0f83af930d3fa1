#include <stdio.h>

#include "tavs/audit.h"
#include "tavs/table.h"

static const struct {
    const char *code, *meaning;
} codes[AUDIT_FULL_CODES] = {
    [AUDIT_FULL_KEY] = {"reader-key", N_("the seed in the key slot does not give the public keys "
                                         "in the header")},
    [AUDIT_FULL_CELL] = {"cell-range", N_("does not hold a count: something else was encrypted")},
    [AUDIT_FULL_BELOW_ZERO] = {"cell-below-zero",
                               N_("more was retracted than counted: a counting mistake")},
    [AUDIT_FULL_RELEASE] =
        {"release-damaged",
         N_("does not open, or holds what a release does not: something else was "
            "sealed")},
    [AUDIT_FULL_SESSIONS] = {"session-exceeds",
                             N_("counted more often than the conversation before it: a counting "
                                "mistake, or a course that began before the store did")},
};

const char *audit_full_finding_code(enum audit_full_code code)
{
    return codes[code].code;
}

static void put(char *text, size_t size, size_t *at, const char *part)
{
    if (*at >= size)
        return;
    const int length = snprintf(text + *at, size - *at, "%s%s", *at == 0 ? "" : ", ", part);
    *at += length < 0 ? 0 : (size_t)length;
}

/* "row 2026-03 of device 1, phone, user, 2nd conversation: ..." */
void audit_full_finding_text(const struct audit_full_finding *finding,
                             enum codebook_language language, char *text, size_t size)
{
    enum { PART = 64 };
    char month[BASE_MONTH_TEXT], part[PART];
    size_t at = 0;

    text[0] = '\0';
    if (finding->month != 0) {
        base_month_format(finding->month, month);
        if (finding->device == 0)
            (void)snprintf(part, sizeof part, "%s", month);
        else
            (void)snprintf(part, sizeof part, _("row %s of device %u"), month, finding->device);
        put(text, size, &at, part);
    }
    if (finding->release != 0) {
        (void)snprintf(part, sizeof part, _("release record %u"), finding->release);
        put(text, size, &at, part);
    }
    for (unsigned i = 0; i < CODEBOOK_DIMENSIONS; i++)
        if (finding->value[i] != TABLE_NO_VALUE)
            put(text, size, &at,
                codebook_word((enum codebook_dimension)i, (unsigned)finding->value[i], language));
    if (at < size)
        (void)snprintf(text + at, size - at, "%s%s", at == 0 ? "" : ": ",
                       _(codes[finding->code].meaning));
}
