/* What is known of figures that nobody printed. */
#ifndef PROTECT_ATTACK_FINDINGS_H
#define PROTECT_ATTACK_FINDINGS_H

#include "inside.h"

/* Fills in the attack's findings. BASE_NO_MEMORY. */
enum base_code findings_new(struct ground *ground, struct base_error *error);

#endif
