/* Where the program lies: what it needs may lie beside it. */
#ifndef TAVS_BASE_PROGRAM_H
#define TAVS_BASE_PROGRAM_H

#include "tavs/base.h"

enum { PROGRAM_PATH = BASE_PATH_BYTES };

/* The path of `name` in the folder of the program that runs ("../" may begin the name). False if the
 * program's own path can't be told, or if the path is too long. */
bool program_neighbour(const char *name, char path[PROGRAM_PATH]);

#endif
