/*
 * Bundles: any bytes are read to the end or refused, and what is read lies
 * within the file. An input whose first byte is odd gets true checksums and
 * hashes first, so that what lies behind them is reached.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/context.h"
#include "base/hash.h"
#include "base/le.h"
#include "repo/bundle.h"

enum { MOST = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *wants(const struct frame *frame, bool *out, void *payload)
{
    (void)payload;
    /* What it claims may be large: not for every input. */
    *out = frame->plain_size <= MOST;
    return NULL;
}

static dits_error *take(const struct frame *frame, const void *stored,
                        void *payload)
{
    const struct bundle *bundle = payload;
    assert(frame->stored_size <= bundle->size && stored != NULL);
    return NULL;
}

static void read_all(const struct bundle *bundle)
{
    dits_context *context = NULL;
    dits_error *err = dits_context_new(NULL, &context);
    assert(err == NULL);
    const struct pack_part_reading reading = {
        .context = context,
        .wants = wants,
        .take = take,
        .payload = (void *)(uintptr_t)bundle,
    };
    assert(bundle->list.ref_count > 0);
    for (size_t i = 0; i < bundle->pack_count; i++)
        assert(bundle->packs[i].start + bundle->packs[i].size <= bundle->size);
    dits_error_free(bundle_read(bundle, reading));
    dits_context_free(context);
}

static void open_bytes(const uint8_t *bytes, size_t size)
{
    struct fs_file file = {.handle = memfd_create("bundle", 0) + 1};
    struct bundle bundle = {0};
    assert(file.handle > 0);
    dits_error *err = fs_write_at(&file, 0, bytes, size);
    assert(err == NULL);
    err = bundle_open_file(&file, &bundle);
    if (err == NULL)
        read_all(&bundle);
    dits_error_free(err);
    bundle_release(&bundle);
}

/* Header, list and trailer under true checksums, as far as they are there. */
static void put_right(uint8_t *bytes, size_t size)
{
    if (size < BUNDLE_HEADER_SIZE + BUNDLE_CHECKSUM_SIZE + BUNDLE_TRAILER_SIZE)
        return;
    size_t room = size - BUNDLE_HEADER_SIZE - BUNDLE_CHECKSUM_SIZE -
                  BUNDLE_TRAILER_SIZE;
    size_t list = le32_load(bytes + 12) % (room + 1);
    uint8_t *trailer = bytes + size - BUNDLE_TRAILER_SIZE;
    struct bundle_trailer end = {0};
    bundle_header_encode(list, (enum bundle_version)(1 + (bytes[8] + 2) % 3),
                         bytes);
    le64_store(bytes + BUNDLE_HEADER_SIZE + list,
               hash_checksum(bytes + BUNDLE_HEADER_SIZE, list));
    size_t table = (size_t)(trailer[0] % 4) * BUNDLE_ROW_SIZE;
    if (table > room - list)
        table = 0;
    end.pack_count = (uint32_t)(table / BUNDLE_ROW_SIZE);
    bundle_hash(
        slice_of(bytes, BUNDLE_HEADER_SIZE + list + BUNDLE_CHECKSUM_SIZE),
        slice_of(trailer - table, table), &end.hash);
    bundle_trailer_encode(&end, trailer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    uint8_t *bytes = malloc(size);
    assert(bytes != NULL);
    memcpy(bytes, data + 1, --size);
    if (data[0] % 2 == 1)
        put_right(bytes, size);
    open_bytes(bytes, size);
    free(bytes);
    return 0;
}
