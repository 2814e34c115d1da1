#include "picture/reply.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

static const struct message_request one_picture = {
    .memory_bytes = 1,
    .cpu_seconds = 1,
    .width = 4,
    .height = 4,
    .time_count = 1,
};

static const struct message_request levels = {
    .memory_bytes = 1, .cpu_seconds = 1, .level_count = 2};

static dits_error *take_picture(struct reply *reply, uint32_t width,
                                uint32_t height)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct message_picture head = {width, height, {1, 25}};
    TRY(message_picture_put(&message, &head));
    return reply_take(
        reply, MESSAGE_PICTURE,
        slice_of(message.data + MESSAGE_HEADER, message.size - MESSAGE_HEADER));
}

static dits_error *take_pixels(struct reply *reply, size_t size)
{
    static const uint8_t pixels[48] = {1, 2, 3};
    return reply_take(reply, MESSAGE_PIXELS, slice_of(pixels, size));
}

static dits_error *take_done(struct reply *reply)
{
    return reply_take(reply, MESSAGE_DONE, (struct slice){0});
}

static dits_error *take_sound(struct reply *reply, uint32_t channels,
                              uint32_t count)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct message_sound head = {channels, 48000, count, 4800};
    TRY(message_sound_put(&message, &head));
    return reply_take(
        reply, MESSAGE_SOUND,
        slice_of(message.data + MESSAGE_HEADER, message.size - MESSAGE_HEADER));
}

TEST(a_picture_comes_in_parts)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CHECK_OK(reply_init(&reply, &one_picture));
    CHECK_OK(take_picture(&reply, 4, 3));
    CHECK_OK(take_pixels(&reply, 30));
    CHECK_OK(take_pixels(&reply, 6));
    CHECK(!reply.is_done);
    CHECK_OK(take_done(&reply));
    CHECK(reply.is_done && reply.picture_count == 1);
    CHECK(reply.pictures[0].width == 4 && reply.pictures[0].height == 3);
    CHECK(reply.pictures[0].time.num == 1 && reply.pictures[0].time.den == 25);
    CHECK(reply.pictures[0].pixels[30] == 1);
}

TEST(a_picture_may_be_none)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CHECK_OK(reply_init(&reply, &one_picture));
    CHECK_OK(take_picture(&reply, 0, 0));
    CHECK_FAILS(DITS_E_CORRUPT, take_pixels(&reply, 1));
    CHECK_OK(take_done(&reply));
    CHECK(reply.pictures[0].pixels == NULL);
}

TEST(a_picture_larger_than_wanted_is_refused)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CHECK_OK(reply_init(&reply, &one_picture));
    CHECK_FAILS(DITS_E_CORRUPT, take_picture(&reply, 5, 1));
    CHECK_FAILS(DITS_E_CORRUPT, take_picture(&reply, 1, 5));
    CHECK(reply.picture_count == 0);
}

TEST(pixels_must_be_as_many_as_announced)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CHECK_OK(reply_init(&reply, &one_picture));
    CHECK_FAILS(DITS_E_CORRUPT, take_pixels(&reply, 1));
    CHECK_OK(take_picture(&reply, 2, 2));
    CHECK_FAILS(DITS_E_CORRUPT, take_pixels(&reply, 13));
    CHECK_FAILS(DITS_E_CORRUPT, take_pixels(&reply, 0));
    CHECK_OK(take_pixels(&reply, 11));
    CHECK_FAILS(DITS_E_CORRUPT, take_done(&reply));
    CHECK_FAILS(DITS_E_CORRUPT, take_picture(&reply, 1, 1));
}

TEST(nothing_more_than_asked_for_is_taken)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CHECK_OK(reply_init(&reply, &one_picture));
    CHECK_FAILS(DITS_E_CORRUPT, take_done(&reply));
    CHECK_FAILS(DITS_E_CORRUPT, take_sound(&reply, 2, 1));
    CHECK_OK(take_picture(&reply, 1, 1));
    CHECK_OK(take_pixels(&reply, 3));
    CHECK_FAILS(DITS_E_CORRUPT, take_picture(&reply, 1, 1));
    CHECK_FAILS(DITS_E_CORRUPT,
                reply_take(&reply, MESSAGE_DONE, slice_of("x", 1)));
    CHECK_OK(take_done(&reply));
    CHECK_FAILS(DITS_E_CORRUPT, take_done(&reply));
}

TEST(messages_that_only_we_send_are_refused)
{
    static const enum message_type ours[] = {MESSAGE_REQUEST, MESSAGE_BYTES};
    CLEANUP(reply_release) struct reply reply = {0};
    CHECK_OK(reply_init(&reply, &one_picture));
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        CHECK_FAILS(DITS_E_CORRUPT,
                    reply_take(&reply, ours[i], (struct slice){0}));
}

TEST(the_decoders_own_error_is_handed_on)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CLEANUP(buf_release) struct buf message = {0};
    CHECK_OK(reply_init(&reply, &one_picture));
    CHECK_OK(message_failure_put(&message, DITS_E_UNSUPPORTED, "not this"));
    dits_error *err = reply_take(
        &reply, MESSAGE_FAILED,
        slice_of(message.data + MESSAGE_HEADER, message.size - MESSAGE_HEADER));
    bool is_it = err != NULL &&
                 strcmp(dits_error_message(err), "not this") == 0;
    CHECK_FAILS(DITS_E_UNSUPPORTED, err);
    CHECK(is_it);
}

TEST(levels_are_read_by_channel)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(reply_init(&reply, &levels));
    CHECK_FAILS(DITS_E_CORRUPT, take_sound(&reply, 1, 3));
    CHECK_OK(take_sound(&reply, 2, 2));
    CHECK_FAILS(DITS_E_CORRUPT, take_sound(&reply, 2, 2));
    for (int32_t i = 0; i < 12; i++)
        CHECK_OK(buf_put_le32(&bytes, (uint32_t)(-i * (SOUND_FULL / 16))));
    CHECK_OK(reply_take(&reply, MESSAGE_LEVELS, buf_slice(&bytes)));
    CHECK_FAILS(DITS_E_CORRUPT,
                reply_take(&reply, MESSAGE_LEVELS, slice_of("x", 1)));
    CHECK_OK(take_done(&reply));
    CHECK(reply_level(&reply.sound, 0, 0, REPLY_MOST) == -1.0 / 16);
    CHECK(reply_level(&reply.sound, 0, 1, REPLY_LEAST) == -3.0 / 16);
    CHECK(reply_level(&reply.sound, 1, 1, REPLY_RMS) == -11.0 / 16);
}

static dits_error *take_all(void)
{
    CLEANUP(reply_release) struct reply reply = {0};
    TRY(reply_init(&reply, &one_picture));
    TRY(take_picture(&reply, 2, 1));
    TRY(take_pixels(&reply, 6));
    return take_done(&reply);
}

TEST(every_failed_allocation_is_an_error)
{
    size_t before = mem_fault_live();
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        dits_error *err = take_all();
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            CHECK(nth > 2);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == before);
    }
}
