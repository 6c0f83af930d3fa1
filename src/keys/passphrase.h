/* Passphrases as they are meant, inside the room. */
#ifndef TAVS_KEYS_PASSPHRASE_H
#define TAVS_KEYS_PASSPHRASE_H

#include "tavs/keys.h"

/* What keys_passphrase_prepare makes of a text, in guarded memory; of what is no UTF-8 nothing but its ends and spaces
 * changes. Freed with secret_free. */
enum base_code passphrase_prepare(const char *text, char **out, struct base_error *error);

#endif
