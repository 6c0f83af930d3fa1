/* SplitMix64: the same chances on every machine. */
#include "chance.h"

struct chance chance_new(uint64_t seed)
{
    return (struct chance){seed};
}

uint64_t chance_next(struct chance *chance)
{
    uint64_t word = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
    return word ^ word >> 31;
}

unsigned chance_below(struct chance *chance, unsigned bound)
{
    return (unsigned)(chance_next(chance) % bound);
}
