/* Inside of store: overwriting what is no longer in use. */
#ifndef TAVS_STORE_ERASE_H
#define TAVS_STORE_ERASE_H

#include "tavs/base.h"

/* Overwrites with zeros, in the environment in `descriptor`, every page that is not in use, what
 * others leave unused, and everything past the last page; then makes it durable. The caller holds
 * the exclusive lock, and no transaction is open. */
enum base_code erase_unused(int descriptor, struct base_error *error);

#endif
