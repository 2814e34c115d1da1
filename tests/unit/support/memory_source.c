#include "support/memory_source.h"

#include <assert.h>
#include <string.h>

static dits_error *read_at(struct source *self, uint64_t offset, size_t size,
                           void *out)
{
    struct memory_source *source = (struct memory_source *)self;
    assert(offset <= self->size && size <= self->size - offset);
    source->reads++;
    if (source->reads == source->fail_at)
        return error_new(DITS_E_IO, "a read that fails");
    if (size > 0)
        memcpy(out, source->bytes.data + offset, size);
    return NULL;
}

struct memory_source memory_source_over(const void *bytes, size_t size)
{
    return (struct memory_source){
        .base = {.size = size, .read_at = read_at},
        .bytes = slice_of(bytes, size),
    };
}
