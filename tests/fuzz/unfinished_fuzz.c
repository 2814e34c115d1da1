/* Headers that are read are written so that they are read the same again. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "repo/unfinished.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_same(const struct unfinished *a, const struct unfinished *b)
{
    bool same_branch = a->branch == NULL || b->branch == NULL
                           ? a->branch == b->branch
                           : strcmp(a->branch, b->branch) == 0;
    return same_branch && a->kind == b->kind &&
           dits_oid_equal(&a->start, &b->start) &&
           dits_oid_equal(&a->other, &b->other) &&
           dits_oid_equal(&a->onto, &b->onto) &&
           a->step_count == b->step_count &&
           (a->step_count == 0 ||
            memcmp(a->steps, b->steps, a->step_count * OID_SIZE) == 0) &&
           a->mainline == b->mainline && a->add_origin == b->add_origin &&
           a->no_commit == b->no_commit;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(unfinished_release) struct unfinished again = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = unfinished_decode(slice_of(data, size), &work);
    if (err != NULL)
        return 0;
    err = unfinished_encode(&work, &bytes);
    if (err == NULL)
        err = unfinished_decode(buf_slice(&bytes), &again);
    assert(err == NULL && is_same(&work, &again));
    return 0;
}
