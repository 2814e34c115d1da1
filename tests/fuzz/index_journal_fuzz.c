/* A journal of any bytes, applied to an empty index. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "base/path.h"
#include "repo/index_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct index *index = NULL;
    uint64_t generation = 0;
    dits_error *err = index_new(NULL, &index);
    if (err == NULL && size >= 24) {
        index->generation = le64_load(data + 16);
        err = index_apply_journal(index, slice_of(data, size), &generation);
    }
    for (size_t i = 1; index != NULL && i < index_count(index); i++)
        if (path_compare(index_at(index, i - 1)->path,
                         index_at(index, i)->path) >= 0)
            abort();
    index_free(index);
    dits_error_free(err);
    return 0;
}
