/* One-key questions on a terminal that is already in the mode for keys. */
#ifndef TAVS_TERM_CHOICE_H
#define TAVS_TERM_CHOICE_H

#include "guard.h"
#include "tavs/term.h"

/* term_ask_key for an open guard in TERM_GUARD_KEYS. */
enum base_code term_choice_ask(struct term_guard *guard, const char *question,
                               const struct term_choice *choices, unsigned count, int preset,
                               unsigned *chosen, struct base_error *error);

#endif
