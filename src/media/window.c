#include "media/window.h"

#include <inttypes.h>
#include <string.h>

#include "media/limits.h"

void window_release(struct window *window)
{
    buf_release(&window->kept);
    *window = (struct window){0};
}

static bool keeps(const struct window *window, uint64_t offset, size_t size)
{
    return offset >= window->offset &&
           offset - window->offset <= window->kept.size &&
           size <= window->kept.size - (offset - window->offset);
}

/* Bring `want` bytes at `offset`, and what a step brings behind them. */
static dits_error *fill(struct window *window, uint64_t offset, size_t want)
{
    size_t step = window->step == 0 ? WINDOW_BYTES : window->step;
    struct source *source = window->source;
    uint64_t left = source->size - offset;
    size_t most = step > want ? step : want;
    size_t size = left < most ? (size_t)left : most;
    void *at = NULL;
    buf_clear(&window->kept);
    TRY(buf_extend(&window->kept, size, &at));
    dits_error *err = source->read_at(source, offset, size, at);
    if (err != NULL)
        buf_clear(&window->kept);
    window->offset = offset;
    return err;
}

dits_error *window_peek(struct window *window, uint64_t offset, size_t size,
                        struct slice *out)
{
    uint64_t end = window->source->size;
    uint64_t left = offset < end ? end - offset : 0;
    size_t want = size < WINDOW_BYTES ? size : WINDOW_BYTES;
    want = left < want ? (size_t)left : want;
    *out = (struct slice){0};
    if (want == 0)
        return NULL;
    if (!keeps(window, offset, want))
        TRY(fill(window, offset, want));
    *out = slice_of(window->kept.data + (offset - window->offset), want);
    return NULL;
}

static dits_error *past_end(uint64_t offset, uint64_t size)
{
    return error_new(DITS_E_CORRUPT,
                     "%" PRIu64 " bytes at %" PRIu64 " are past the end", size,
                     offset);
}

static bool is_inside(const struct window *window, uint64_t offset,
                      uint64_t size)
{
    uint64_t end = window->source->size;
    return offset <= end && size <= end - offset;
}

dits_error *window_read(struct window *window, uint64_t offset, size_t size,
                        void *out)
{
    struct slice bytes = {0};
    if (!is_inside(window, offset, size))
        return past_end(offset, size);
    if (size > WINDOW_BYTES)
        return window->source->read_at(window->source, offset, size, out);
    TRY(window_peek(window, offset, size, &bytes));
    if (bytes.data != NULL)
        memcpy(out, bytes.data, size);
    return NULL;
}

dits_error *window_load(struct window *window, uint64_t offset, uint64_t size,
                        struct buf *out)
{
    void *at = NULL;
    buf_clear(out);
    if (!is_inside(window, offset, size))
        return past_end(offset, size);
    if (size > LIMIT_PAYLOAD)
        return error_new(DITS_E_LIMIT, "a header of %" PRIu64 " bytes", size);
    TRY(buf_extend(out, (size_t)size, &at));
    return window_read(window, offset, (size_t)size, at);
}
