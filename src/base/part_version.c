#include "tavs/base.h"

#ifndef TAVS_VERSION
#define TAVS_VERSION ""
#endif

/* In the program and in each of its parts, so that they can be told to belong together. */
const char base_part_version[] = TAVS_VERSION;
