#include "decode/input.h"

#include <libavutil/error.h>
#include <libavutil/mem.h>
#include <stdio.h>

#include "decode/link.h"

/* libavformat's own buffer; what is larger goes past it. */
enum { BUFFER_BYTES = 65536 };

static int read_some(void *opaque, uint8_t *out, int size)
{
    struct input *input = opaque;
    uint64_t left = input->at < input->size ? input->size - input->at : 0;
    if (size <= 0)
        return AVERROR(EINVAL);
    if (left == 0)
        return AVERROR_EOF;
    struct message_read part = {input->at, (uint32_t)size};
    if (part.size > MESSAGE_MAX)
        part.size = MESSAGE_MAX;
    if (part.size > left)
        part.size = (uint32_t)left;
    dits_error *err = link_read(part, out);
    if (err != NULL) {
        dits_error_free(err); /* nobody is left who would hear it */
        return AVERROR(EIO);
    }
    input->at += part.size;
    return (int)part.size;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
    struct input *input = opaque;
    int64_t size = (int64_t)input->size;
    int64_t base = 0;
    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
        return size;
    case SEEK_SET:
        break;
    case SEEK_CUR:
        base = (int64_t)input->at;
        break;
    case SEEK_END:
        base = size;
        break;
    default:
        return AVERROR(EINVAL);
    }
    /* Past the end is allowed, as in a file: there is nothing to read. */
    if (offset < -base || offset > INT64_MAX - base)
        return AVERROR(EINVAL);
    input->at = (uint64_t)(base + offset);
    return (int64_t)input->at;
}

dits_error *input_init(struct input *input, uint64_t size)
{
    *input = (struct input){.size = size};
    if (size > INT64_MAX)
        return error_new(DITS_E_LIMIT, "the file is too large");
    uint8_t *buffer = av_malloc(BUFFER_BYTES);
    if (buffer == NULL)
        return error_nomem();
    input->io = avio_alloc_context(buffer, BUFFER_BYTES, 0, input, read_some,
                                   NULL, seek);
    if (input->io == NULL) {
        av_free(buffer);
        return error_nomem();
    }
    return NULL;
}

void input_release(struct input *input)
{
    if (input->io != NULL)
        av_freep(&input->io->buffer); /* it may have been replaced */
    avio_context_free(&input->io);
}
