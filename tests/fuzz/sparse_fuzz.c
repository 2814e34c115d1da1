/*
 * The file of a sparse set of any bytes: as they are, and with the checksum put
 * right, so that what lies behind it is reached.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "repo/sparse_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *parse_and_ask(struct slice bytes)
{
    CLEANUP(sparse_file_release) struct sparse_file file = {0};
    CLEANUP(buf_release) struct buf again = {0};
    bool wanted = false;
    TRY(sparse_file_parse(bytes, &file));
    TRY(sparse_set_has(file.set, "shots/day 1/clip.mov", &wanted));

    /* What is accepted is written as something that is accepted. */
    TRY(sparse_file_encode(file.set, file.target, file.operation, &again));
    sparse_file_release(&file);
    dits_error *err = sparse_file_parse(buf_slice(&again), &file);
    if (err != NULL)
        abort();
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_release) struct buf summed = {0};
    dits_error_free(parse_and_ask(slice_of(data, size)));
    dits_error *err = buf_put(&summed, data, size);
    if (err == NULL)
        err = buf_printf(&summed, "checksum %016" PRIx64 "\n",
                         hash_checksum(data, size));
    if (err == NULL)
        err = parse_and_ask(buf_slice(&summed));
    dits_error_free(err);
    return 0;
}
