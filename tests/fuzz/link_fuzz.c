/* The file .dits of a linked work tree: any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repo/link_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *parse_twice(struct slice bytes)
{
    CLEANUP(link_file_release) struct link_file link = {0};
    CLEANUP(link_file_release) struct link_file same = {0};
    CLEANUP(buf_release) struct buf again = {0};
    TRY(link_file_parse(bytes, &link));
    if (link.dits_dir[0] != '/' || strchr(link.name, '/') != NULL ||
        strcmp(link.name, "..") == 0)
        abort();

    /* What is accepted is written as the same. */
    TRY(link_file_encode(&link, &again));
    if (!slice_equal(buf_slice(&again), bytes))
        abort();
    return link_file_parse(buf_slice(&again), &same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dits_error_free(parse_twice(slice_of(data, size)));
    return 0;
}
