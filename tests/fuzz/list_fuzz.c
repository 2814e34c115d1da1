/* Segments of lists, of both forms. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "object/list_node.h"
#include "object/weave.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_chunks(struct slice input)
{
    CLEANUP(list_node_release) struct list_node node = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = list_segment_parse(input, &node);
    if (err != NULL)
        return;
    assert(node.bytes <= LIST_MAX_BYTES && node.chunks <= node.bytes);
    err = list_segment_encode(&node, &bytes);
    assert(err != NULL || slice_equal(buf_slice(&bytes), input));
}

static void try_weave(struct slice input)
{
    CLEANUP(weave_segment_release) struct weave_segment segment = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = weave_segment_parse(input, &segment);
    if (err != NULL)
        return;
    err = weave_segment_encode(&segment, &bytes);
    assert(err != NULL || slice_equal(buf_slice(&bytes), input));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_chunks(slice_of(data, size));
    try_weave(slice_of(data, size));
    return 0;
}
