#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/random.h"

void random_bytes(void *out, size_t size)
{
    char *at = out;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort(); /* a kernel without a generator cannot run Dits */
        at += got;
        size -= (size_t)got;
    }
}

uint32_t random_u32(void)
{
    uint32_t value = 0;
    random_bytes(&value, sizeof(value));
    return value;
}
