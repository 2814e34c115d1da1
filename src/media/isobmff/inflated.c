#include "media/isobmff/inflated.h"

#include <string.h>

#include "base/be.h"
#include "base/deflate.h"
#include "base/mem.h"
#include "media/limits.h"

/* A movie box shrinks to a fifth or so; more than this is a trap. */
enum { MAX_RATIO = 200, ZLIB_HEADER = 2 };

void inflated_free(struct inflated *inflated)
{
    if (inflated != NULL)
        buf_release(&inflated->bytes);
    mem_free(inflated);
}

static void freep(struct inflated **inflated)
{
    inflated_free(*inflated);
}

static dits_error *read_bytes(struct source *self, uint64_t offset, size_t size,
                              void *out)
{
    const struct inflated *inflated = (const struct inflated *)self;
    if (size > 0)
        memcpy(out, inflated->bytes.data + offset, size);
    return NULL;
}

/* RFC 1950: a multiple of 31, and the method is 8. */
static struct slice without_zlib_header(struct slice packed)
{
    bool has_header = packed.size >= ZLIB_HEADER &&
                      be16_load(packed.data) % 31 == 0 &&
                      (packed.data[0] & 15) == 8;
    return has_header ? slice_after(packed, ZLIB_HEADER) : packed;
}

static dits_error *inflate_into(struct slice packed, size_t most,
                                struct buf *out)
{
    CLEANUP(inflater_freep) struct inflater *inflater = NULL;
    struct deflate_io io = {.in = packed.data, .in_size = packed.size};
    bool ended = false;
    void *at = NULL;
    TRY(inflater_new(&inflater));
    while (!ended && out->size < most) {
        size_t room = out->size + 4096 < most - out->size ? out->size + 4096
                                                          : most - out->size;
        size_t before = io.in_size;
        TRY(buf_extend(out, room, &at));
        io.out = at;
        io.out_size = room;
        TRY(inflater_run(inflater, &io, &ended));
        out->size -= io.out_size;
        if (io.in_size == before && io.out_size == room)
            break; /* cut off */
    }
    return ended ? NULL : error_new(DITS_E_CORRUPT, "it does not end");
}

/* `*out` is NULL where the bytes do not unpack to what `most` allows. */
static dits_error *unpack(struct slice packed, uint64_t most,
                          struct inflated **out)
{
    CLEANUP(freep) struct inflated *inflated = mem_new(struct inflated);
    uint64_t cap = (uint64_t)packed.size * MAX_RATIO;
    cap = cap < LIMIT_INFLATE ? cap : LIMIT_INFLATE;
    cap = cap < most ? cap : most;
    if (inflated == NULL)
        return error_nomem();
    dits_error *err = inflate_into(without_zlib_header(packed), (size_t)cap,
                                   &inflated->bytes);
    if (err != NULL && dits_error_code(err) == DITS_E_CORRUPT) {
        dits_error_free(err); /* damage: an answer, not a failure */
        return NULL;
    }
    TRY(err);
    inflated->source.size = inflated->bytes.size;
    inflated->source.read_at = read_bytes;
    *out = MOVE(inflated);
    return NULL;
}

/* The 'moov' of its own that is in there, or its content alone. */
static struct box whole_movie(const struct inflated *inflated)
{
    struct box box = {0};
    struct slice bytes = buf_slice(&inflated->bytes);
    if (box_parse(bytes, 0, bytes.size, &box) &&
        box.type == FOURCC('m', 'o', 'o', 'v'))
        return box;
    return (struct box){.type = FOURCC('m', 'o', 'o', 'v'), .size = bytes.size};
}

/* What is packed, and how many bytes it says it has unpacked. */
static dits_error *find_packed(struct window *window, const struct box *box,
                               struct buf *out, struct slice *packed,
                               uint64_t *most, bool *out_found)
{
    struct box found = *box;
    *most = LIMIT_INFLATE;
    *out_found = true;
    if (box->type == FOURCC('!', 'm', 'o', 'v')) {
        TRY(box_load(window, box, out));
        return *packed = buf_slice(out), NULL;
    }
    TRY(box_find(box_children(window, box, 0), FOURCC('c', 'm', 'o', 'v'),
                 &found, out_found));
    if (!*out_found)
        return NULL;
    TRY(box_find(box_children(window, &found, 0), FOURCC('c', 'm', 'v', 'd'),
                 &found, out_found));
    *packed = (struct slice){0};
    if (!*out_found || box_payload_size(&found) < 4)
        return *out_found = true, NULL;
    TRY(box_load(window, &found, out));
    *most = be32_load(out->data);
    *packed = slice_after(buf_slice(out), 4);
    return NULL;
}

dits_error *inflated_open(struct media_file *file, struct window *window,
                          const struct box *box, struct inflated **out,
                          struct box *out_moov)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct slice packed = {0};
    uint64_t most = 0;
    bool found = false;
    TRY(find_packed(window, box, &bytes, &packed, &most, &found));
    if (!found)
        return NULL;
    if (packed.size > 0)
        TRY(unpack(packed, most, out));
    if (*out != NULL)
        *out_moov = whole_movie(*out);
    else
        media_add_problem(file, box->offset, "moov/cmov",
                          "a compressed movie that does not unpack");
    return NULL;
}
