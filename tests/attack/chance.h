/* The same chances again and again: an aid of the attacks. */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state;
};

struct chance chance_new(uint64_t seed);
uint64_t chance_next(struct chance *chance);

/* 0 to bound - 1. */
unsigned chance_below(struct chance *chance, unsigned bound);

#endif
