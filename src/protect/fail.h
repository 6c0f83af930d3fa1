/* What all failures of this room are about. */
#ifndef PROTECT_FAIL_H
#define PROTECT_FAIL_H

#include "tavs/base.h"

static inline enum base_code fail_tables(struct base_error *error, enum base_code code)
{
    return base_fail(error, code, "%s", _("the tables"));
}

#endif
