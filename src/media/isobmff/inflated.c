#include "media/isobmff/inflated.h"

#include <string.h>

#include "base/be.h"
#include "base/mem.h"
#include "media/limits.h"
#include "media/unpack.h"

/* A movie box shrinks to a fifth or so; more than this is a trap. */
enum { MAX_RATIO = 200 };

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
    bool ended = false;
    dits_error *err =
        unpack_zlib(packed, (size_t)cap, &inflated->bytes, &ended);
    if (err != NULL && dits_error_code(err) == DITS_E_CORRUPT) {
        dits_error_free(err); /* damage: an answer, not a failure */
        return NULL;
    }
    TRY(err);
    if (!ended)
        return NULL;
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
