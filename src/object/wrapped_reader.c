#include "object/wrapped_reader.h"

#include "base/mem.h"
#include "media/wrap/recoder.h"

enum { SKIP_BYTES = 4096 };

struct wrapped_reader {
    const struct wrapped *wrapped;
    struct stream_reader *streams;
    struct recoder recoder; /* of a member; closed: none */
    size_t member;
    uint64_t made;  /* coded bytes of it that were taken */
    uint64_t plain; /* where it reads on, in the plain stream */
};

static dits_error *check_encoder(const struct wrapped *wrapped)
{
    enum deflate_encoder ours = DEFLATE_NO_ENCODER;
    TRY(deflate_find_encoder(&ours));
    if (wrapped->encoder == (uint8_t)ours)
        return NULL;
    return error_hint(
        error_new(DITS_E_UNSUPPORTED,
                  "the file is packed by encoder %u, which is not here",
                  wrapped->encoder),
        "It can be read by a Dits that is built with zlib 1.2.13 to 1.3.1, or "
        "by a newer one.");
}

dits_error *wrapped_reader_new(const struct wrapped *wrapped,
                               struct stream_reader *streams,
                               struct wrapped_reader **out)
{
    CLEANUP(wrapped_reader_freep) struct wrapped_reader *reader = NULL;
    TRY(check_encoder(wrapped));
    reader = mem_new(struct wrapped_reader);
    if (reader == NULL)
        return error_nomem();
    reader->wrapped = wrapped;
    reader->streams = streams;
    *out = MOVE(reader);
    return NULL;
}

void wrapped_reader_free(struct wrapped_reader *reader)
{
    if (reader != NULL)
        recoder_release(&reader->recoder);
    mem_free(reader);
}

void wrapped_reader_freep(struct wrapped_reader **reader)
{
    wrapped_reader_free(*reader);
}

static dits_error *fill(void *payload, size_t size, uint8_t *out)
{
    struct wrapped_reader *reader = payload;
    TRY(stream_reader_read(&reader->streams[WRAPPED_PLAIN], reader->plain, size,
                           out));
    reader->plain += size;
    return NULL;
}

/* To the start of a member. */
static dits_error *enter(struct wrapped_reader *reader, size_t index)
{
    const struct wrapped_member *member = &reader->wrapped->members[index];
    recoder_release(&reader->recoder);
    reader->member = index;
    reader->made = 0;
    reader->plain = member->plain_offset;
    return recoder_init(&reader->recoder, member->params, member->plain_size,
                        fill, reader);
}

static dits_error *other_bytes(void)
{
    return error_new(DITS_E_CORRUPT,
                     "a packed stream does not come out as it was");
}

/* The next bytes of the member at hand. */
static dits_error *make(struct wrapped_reader *reader, size_t size,
                        uint8_t *out)
{
    size_t got = 0;
    TRY(recoder_read(&reader->recoder, size, out, &got));
    reader->made += got;
    return got == size ? NULL : other_bytes();
}

/* That the stream ends where the table says, once all of it was taken. */
static dits_error *check_end(struct wrapped_reader *reader)
{
    uint8_t more = 0;
    size_t got = 0;
    if (reader->made < reader->wrapped->members[reader->member].coded_size)
        return NULL;
    TRY(recoder_read(&reader->recoder, 1, &more, &got));
    recoder_release(&reader->recoder);
    return got == 0 ? NULL : other_bytes();
}

static dits_error *read_member(struct wrapped_reader *reader, size_t index,
                               uint64_t skip, size_t size, uint8_t *out)
{
    uint8_t waste[SKIP_BYTES];
    if (!recoder_is_open(&reader->recoder) || reader->member != index ||
        skip < reader->made)
        TRY(enter(reader, index));
    while (reader->made < skip) {
        uint64_t left = skip - reader->made;
        TRY(make(reader, left < SKIP_BYTES ? (size_t)left : SKIP_BYTES, waste));
    }
    TRY(make(reader, size, out));
    return check_end(reader);
}

/* At least one byte at `offset`, at most `size`. */
static dits_error *read_some(struct wrapped_reader *reader, uint64_t offset,
                             size_t size, uint8_t *out, size_t *out_size)
{
    const struct wrapped *wrapped = reader->wrapped;
    size_t begun = wrapped_find(wrapped, offset);
    uint64_t skeleton = offset;
    uint64_t left = size;
    if (begun > 0) {
        const struct wrapped_member *last = &wrapped->members[begun - 1];
        uint64_t skip = offset - last->offset;
        if (skip < last->coded_size) {
            left = last->coded_size - skip;
            *out_size = left < size ? (size_t)left : size;
            return read_member(reader, begun - 1, skip, *out_size, out);
        }
        skeleton = last->skeleton_offset + (skip - last->coded_size);
    }
    if (begun < wrapped->count)
        left = wrapped->members[begun].offset - offset;
    *out_size = left < size ? (size_t)left : size;
    return stream_reader_read(&reader->streams[WRAPPED_SKELETON], skeleton,
                              *out_size, out);
}

dits_error *wrapped_reader_read(struct wrapped_reader *reader, uint64_t offset,
                                size_t size, uint8_t *out)
{
    while (size > 0) {
        size_t done = 0;
        TRY(read_some(reader, offset, size, out, &done));
        offset += done;
        out += done;
        size -= done;
    }
    return NULL;
}
