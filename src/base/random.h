/*
 * base/random.h - unpredictable numbers
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* From the system's generator. Never fails: without it, the process ends. */
void random_bytes(void *out, size_t size);
uint32_t random_u32(void);

#endif
