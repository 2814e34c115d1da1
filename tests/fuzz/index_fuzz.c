/* A staging index of any bytes, and what is made of it. */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "repo/index_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct index_header header = {0};
    struct index_entry *entries = NULL;
    size_t count = 0;
    dits_error *err = index_format_parse(data, size, &header, &entries, &count);
    if (err == NULL) {
        /* What is accepted is the one form there is of it. */
        struct buf again = {0};
        err = index_format_encode(&header, entries, count, &again);
        if (err != NULL ||
            !slice_equal(buf_slice(&again), slice_of(data, size)))
            abort();
        buf_release(&again);
    }
    mem_free(entries);
    dits_error_free(err);
    return 0;
}
