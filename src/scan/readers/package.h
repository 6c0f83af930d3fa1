/* An office document as a whole: which format it is, and that every entry of its archive is read. */
#ifndef TAVS_SCAN_PACKAGE_H
#define TAVS_SCAN_PACKAGE_H

#include "flow.h"

enum { MOST_SHEETS = 10000 };

/* Opens it; false, with the state set, if that can't be. */
bool package_open(struct package *package, const char *bytes, size_t size, scan_take *take,
                  void *context);

/* Closes it and returns what the reading came to. */
enum scan_read package_close(struct package *package);

/* Which format it is by what is in it, SCAN_AUTO for none of those that are read; and where its main
 * part lies, in `main` of MOST_PATH bytes. */
enum scan_format package_format(struct package *package, char *main);

/* Where `target`, written in a part of that path, leads: false if the result is too long. */
bool package_resolve(const char *path, const char *target, char *result);

/* Reads the part of that path by those hooks, once. It is needed: without it, or if it is no XML, the
 * document is damaged. */
void package_read_needed(struct package *package, const char *path, const struct part_hooks *hooks,
                         void *own);

/* Reads all that is left as running text (or as package->choose says), names and comments of entries
 * too, and counts what can't be read. */
void package_read_rest(struct package *package);

#endif
