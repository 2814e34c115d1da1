/*
 * What a decoder that was taken over may send: a byte that chooses what was
 * asked for, then messages.
 */
#include <assert.h>

#include "base/cursor.h"
#include "picture/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dits_error *feed(struct reply *reply, struct cursor *cursor)
{
    while (cursor_left(cursor) > 0) {
        struct slice header = {0};
        struct slice bytes = {0};
        struct message_head head = {0};
        struct message_read read = {0};
        TRY(cursor_slice(cursor, MESSAGE_HEADER, &header));
        TRY(message_head_parse(header.data, &head));
        TRY(cursor_slice(cursor, head.size, &bytes));
        if (head.type == MESSAGE_READ)
            TRY(message_read_parse(bytes, &read));
        else
            TRY(reply_take(reply, head.type, bytes));
    }
    return NULL;
}

/* Whatever came, what is there can be read. */
static void look(const struct reply *reply)
{
    const struct message_sound *shape = &reply->sound.shape;
    unsigned sum = 0;
    for (uint32_t i = 0; i < reply->picture_count; i++) {
        const struct reply_picture *picture = &reply->pictures[i];
        size_t bytes = (size_t)picture->width * picture->height * 3;
        assert(picture->width <= reply->request->width);
        assert(picture->height <= reply->request->height);
        for (size_t k = 0; k < bytes; k++)
            sum += picture->pixels[k];
    }
    if (reply->is_done && reply->has_sound)
        for (uint32_t c = 0; c < shape->channels; c++)
            for (uint32_t i = 0; i < shape->level_count; i++)
                sum += reply_level(&reply->sound, c, i, REPLY_RMS) > 0;
    assert(sum < UINT32_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message_request request = {
        .memory_bytes = 1, .cpu_seconds = 1, .width = 64, .height = 64};
    struct reply reply = {0};
    if (size == 0)
        return 0;
    request.time_count = data[0] % 4;
    request.level_count = request.time_count == 0 ? 1u + (data[0] >> 2) : 0;
    struct cursor cursor = cursor_over(data + 1, size - 1);
    dits_error *err = reply_init(&reply, &request);
    if (err == NULL)
        err = feed(&reply, &cursor);
    look(&reply);
    dits_error_free(err);
    reply_release(&reply);
    return 0;
}
