/* Inside of secret: the heap of a hardened process. */
#ifndef TAVS_SECRET_ALLOCATOR_H
#define TAVS_SECRET_ALLOCATOR_H

/* From now on the allocator hands out zeros and wipes what it takes back, whoever calls it. Does
 * nothing under a sanitizer, which has an allocator of its own, and elsewhere than in glibc. */
void secret_harden_heap(void);

/* As before that. */
void secret_soften_heap(void);

#endif
