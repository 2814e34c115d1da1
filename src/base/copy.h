/*
 * base/copy.h - copying what this processor will not look at again
 */
#ifndef BASE_COPY_H
#define BASE_COPY_H

#include <stddef.h>

/*
 * memcpy() for large pieces on their way to a device: keeps the cache for what
 * is still needed, and does not mind odd places.
 */
void copy_out(void *to, const void *from, size_t size);

#endif
