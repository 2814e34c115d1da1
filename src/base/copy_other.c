#include <string.h>

#include "base/copy.h"

void copy_out(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}
