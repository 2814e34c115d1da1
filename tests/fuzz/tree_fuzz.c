/* Nodes of trees. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "object/tree_node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *read_all(struct slice input)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(tree_node_release) struct tree_node node = {0};
    bool found = true;
    if (input.size > 0)
        TRY(buf_put(&bytes, input.data, input.size));
    TRY(tree_node_parse(&bytes, &node));
    while (found) {
        struct tree_item item = {0};
        TRY(tree_node_next(&node, &item, &found));
        assert(!found || tree_name_is_valid(item.name, strlen(item.name)));
    }
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dits_error_free(read_all(slice_of(data, size)));
    return 0;
}
