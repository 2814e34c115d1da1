#include "base/array.h"

#include <assert.h>
#include <stdint.h>

#include "base/mem.h"

void *array_grown(void *array, size_t count, size_t *capacity, size_t size)
{
    enum { SOME = 16 }; /* an empty array begins with so many */
    assert(array != NULL || *capacity == 0);
    if (count < *capacity)
        return array;
    if (count > SIZE_MAX / 2 - SOME)
        return NULL;
    size_t wanted = count + count / 2 + SOME;
    void *grown = mem_resize(array, *capacity, wanted, size);
    if (grown != NULL)
        *capacity = wanted;
    return grown;
}
