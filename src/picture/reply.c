#include "picture/reply.h"

#include <string.h>

#include "base/le.h"
#include "base/mem.h"

dits_error *reply_init(struct reply *reply,
                       const struct message_request *request)
{
    *reply = (struct reply){.request = request};
    if (request->time_count == 0)
        return NULL;
    reply->pictures = mem_new_array(struct reply_picture, request->time_count);
    return reply->pictures != NULL ? NULL : error_nomem();
}

void reply_release(struct reply *reply)
{
    for (uint32_t i = 0; i < reply->picture_count; i++)
        mem_free(reply->pictures[i].pixels);
    mem_free(reply->pictures);
    buf_release(&reply->sound.levels);
    *reply = (struct reply){0};
}

static dits_error *unexpected(void)
{
    return error_new(DITS_E_CORRUPT,
                     "the decoder sent something that must not come now");
}

static dits_error *begin_picture(struct reply *reply, struct slice bytes)
{
    const struct message_request *request = reply->request;
    struct message_picture head = {0};
    if (reply->picture_count == request->time_count ||
        reply->taken < reply->wanted)
        return unexpected();
    TRY(message_picture_parse(bytes, &head));
    if (head.width > request->width || head.height > request->height)
        return error_new(DITS_E_CORRUPT,
                         "the decoder sent a larger picture than it was asked "
                         "for");
    size_t size = (size_t)head.width * head.height * 3;
    uint8_t *pixels = NULL;
    if (size > 0) {
        pixels = mem_new_array(uint8_t, size);
        if (pixels == NULL)
            return error_nomem();
    }
    reply->pictures[reply->picture_count++] =
        (struct reply_picture){head.width, head.height, head.time, pixels};
    reply->wanted = size;
    reply->taken = 0;
    return NULL;
}

static dits_error *take_pixels(struct reply *reply, struct slice bytes)
{
    if (reply->picture_count == 0 || bytes.size == 0 ||
        bytes.size > reply->wanted - reply->taken)
        return unexpected();
    uint8_t *pixels = reply->pictures[reply->picture_count - 1].pixels;
    memcpy(pixels + reply->taken, bytes.data, bytes.size);
    reply->taken += bytes.size;
    return NULL;
}

static dits_error *begin_sound(struct reply *reply, struct slice bytes)
{
    if (reply->request->time_count > 0 || reply->has_sound)
        return unexpected();
    struct message_sound shape = {0};
    TRY(message_sound_parse(bytes, &shape));
    if (shape.level_count > reply->request->level_count)
        return error_new(DITS_E_CORRUPT,
                         "the decoder sent more levels than it was asked for");
    reply->sound.shape = shape;
    reply->has_sound = true;
    reply->wanted = (size_t)shape.channels * shape.level_count *
                    SOUND_LEVEL_BYTES;
    return NULL;
}

static dits_error *take_levels(struct reply *reply, struct slice bytes)
{
    if (!reply->has_sound || bytes.size == 0 ||
        bytes.size > reply->wanted - reply->taken)
        return unexpected();
    TRY(buf_put(&reply->sound.levels, bytes.data, bytes.size));
    reply->taken += bytes.size;
    return NULL;
}

static dits_error *finish(struct reply *reply, struct slice bytes)
{
    bool is_complete = reply->taken == reply->wanted &&
                       reply->picture_count == reply->request->time_count &&
                       (reply->has_sound || reply->picture_count > 0);
    if (bytes.size > 0 || !is_complete)
        return unexpected();
    reply->is_done = true;
    return NULL;
}

static dits_error *fail(struct slice bytes)
{
    struct message_failure failure = {0};
    TRY(message_failure_parse(bytes, &failure));
    return error_new(failure.code, "%s", failure.text);
}

dits_error *reply_take(struct reply *reply, enum message_type type,
                       struct slice bytes)
{
    if (reply->is_done)
        return unexpected();
    switch (type) {
    case MESSAGE_PICTURE:
        return begin_picture(reply, bytes);
    case MESSAGE_PIXELS:
        return take_pixels(reply, bytes);
    case MESSAGE_SOUND:
        return begin_sound(reply, bytes);
    case MESSAGE_LEVELS:
        return take_levels(reply, bytes);
    case MESSAGE_DONE:
        return finish(reply, bytes);
    case MESSAGE_FAILED:
        return fail(bytes);
    case MESSAGE_REQUEST:
    case MESSAGE_BYTES:
    case MESSAGE_READ:
        break;
    }
    return unexpected();
}

double reply_level(const struct reply_sound *sound, uint32_t channel,
                   uint32_t index, enum reply_level which)
{
    size_t number = (size_t)channel * sound->shape.level_count + index;
    const uint8_t *at = sound->levels.data + number * SOUND_LEVEL_BYTES +
                        (size_t)which * 4;
    return (double)(int32_t)le32_load(at) / SOUND_FULL;
}
