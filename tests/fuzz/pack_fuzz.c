/*
 * Packs: a walk over any bytes ends, and gives frames that lie within the file
 * and do not overlap. An input whose first byte is odd gets true checksums of
 * frames first, so that what lies behind them is reached.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/context.h"
#include "base/hash.h"
#include "base/le.h"
#include "store/pack_scan.h"

enum { AT_CHECKSUM = 48, MOST = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct walk {
    struct fs_file file;
    uint64_t size;
    uint64_t end; /* of the frame before */
};

static void seal_frames(uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while ((at += frame_search(bytes + at, size - at)) < size) {
        if (size - at >= FRAME_HEADER_SIZE)
            le64_store(bytes + at + AT_CHECKSUM,
                       hash_checksum(bytes + at, AT_CHECKSUM));
        at++;
    }
}

static dits_error *on_frame(const struct frame *frame, void *payload)
{
    struct walk *walk = payload;
    assert(frame->offset >= walk->end);
    walk->end = frame->offset + frame_span(frame);
    assert(walk->end <= walk->size);
    assert(frame->plain_size > 0 && frame->plain_size <= CHUNK_MAX_BYTES);
    if (frame->plain_size > MOST)
        return NULL; /* what it claims may be large: not for every input */
    uint8_t *plain = malloc(frame->plain_size);
    assert(plain != NULL);
    dits_error_free(frame_read(&walk->file, frame, plain));
    free(plain);
    return NULL;
}

static void walk_over(const uint8_t *bytes, size_t size)
{
    struct walk walk = {.size = size};
    dits_context *context = NULL;
    uint64_t frames_end = 0;
    dits_error *err = dits_context_new(NULL, &context);
    assert(err == NULL);
    walk.file.handle = memfd_create("pack", 0) + 1;
    assert(walk.file.handle > 0);
    err = fs_write_at(&walk.file, 0, bytes, size);
    assert(err == NULL);
    struct pack_scan scan = {.context = context,
                             .file = &walk.file,
                             .file_size = size,
                             .on_frame = on_frame,
                             .payload = &walk};
    err = pack_scan(&scan, &frames_end);
    assert(err == NULL && (frames_end == walk.end || walk.end == 0));
    fs_close(&walk.file);
    dits_context_free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    uint8_t *bytes = malloc(size);
    assert(bytes != NULL);
    memcpy(bytes, data + 1, --size);
    if (data[0] % 2 == 1)
        seal_frames(bytes, size);
    walk_over(bytes, size);

    struct pack_trailer trailer = {0};
    if (size >= PACK_HEADER_SIZE)
        dits_error_free(pack_header_decode(bytes));
    if (size >= PACK_TRAILER_SIZE)
        dits_error_free(pack_trailer_decode(bytes + size - PACK_TRAILER_SIZE,
                                            size, &trailer));
    free(bytes);
    return 0;
}
