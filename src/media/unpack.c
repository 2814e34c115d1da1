#include "media/unpack.h"

#include "base/be.h"
#include "base/deflate.h"

enum { ZLIB_HEADER = 2 };

/* RFC 1950: a multiple of 31, and the method is 8. */
static struct slice without_header(struct slice packed)
{
    bool has_header = packed.size >= ZLIB_HEADER &&
                      be16_load(packed.data) % 31 == 0 &&
                      (packed.data[0] & 15) == 8;
    return has_header
               ? slice_of(packed.data + ZLIB_HEADER, packed.size - ZLIB_HEADER)
               : packed;
}

dits_error *unpack_zlib(struct slice packed, size_t most, struct buf *out,
                        bool *out_ended)
{
    CLEANUP(inflater_freep) struct inflater *inflater = NULL;
    packed = without_header(packed);
    struct deflate_io io = {.in = packed.data, .in_size = packed.size};
    void *at = NULL;
    *out_ended = false;
    TRY(inflater_new(&inflater));
    while (!*out_ended && out->size < most) {
        size_t room = out->size + 4096 < most - out->size ? out->size + 4096
                                                          : most - out->size;
        size_t before = io.in_size;
        TRY(buf_extend(out, room, &at));
        io.out = at;
        io.out_size = room;
        TRY(inflater_run(inflater, &io, out_ended));
        out->size -= io.out_size;
        if (io.in_size == before && io.out_size == room)
            break; /* cut off */
    }
    return NULL;
}
