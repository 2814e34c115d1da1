#include "picture/message.h"

#include <string.h>

#include "support/test.h"

static struct message_request small_request(void)
{
    return (struct message_request){
        .source_size = 1000,
        .memory_bytes = 1 << 20,
        .cpu_seconds = 3,
        .stream = REQUEST_BEST,
        .width = 640,
        .height = 360,
        .time_count = 2,
        .times = {{7, 2}, {-1, 25}},
    };
}

static struct slice payload(const struct buf *message)
{
    return slice_of(message->data + MESSAGE_HEADER,
                    message->size - MESSAGE_HEADER);
}

TEST(a_request_comes_through_as_it_was)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct message_request request = small_request();
    struct message_request seen = {0};
    struct message_head head = {0};
    CHECK_OK(message_request_put(&message, &request));
    CHECK_OK(message_head_parse(message.data, &head));
    CHECK(head.type == MESSAGE_REQUEST);
    CHECK(head.size == message.size - MESSAGE_HEADER);
    CHECK_OK(message_request_parse(payload(&message), &seen));
    CHECK(memcmp(&request, &seen, sizeof(seen)) == 0);
}

TEST(a_request_of_another_version_is_refused)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct message_request request = small_request();
    struct message_request seen = {0};
    CHECK_OK(message_request_put(&message, &request));
    message.data[message.size - 1] ^= 1;
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                message_request_parse(payload(&message), &seen));
}

TEST(a_request_that_is_cut_off_is_refused)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct message_request request = small_request();
    struct message_request seen = {0};
    CHECK_OK(message_request_put(&message, &request));
    for (size_t size = 0; size < message.size - MESSAGE_HEADER; size++) {
        dits_error *err = message_request_parse(
            slice_of(message.data + MESSAGE_HEADER, size), &seen);
        CHECK(err != NULL);
        dits_error_free(err);
    }
}

TEST(requests_have_bounds)
{
    struct message_request request = small_request();
    CHECK(message_request_is_valid(&request));
    request.width = 0;
    CHECK(!message_request_is_valid(&request));
    request.width = request.height = REQUEST_SIDE_MAX;
    CHECK(!message_request_is_valid(&request)); /* two of them are too much */
    request = small_request();
    request.time_count = REQUEST_TIMES_MAX + 1;
    CHECK(!message_request_is_valid(&request));
    request.time_count = 0;
    CHECK(!message_request_is_valid(&request)); /* neither times nor levels */
    request.level_count = REQUEST_LEVELS_MAX;
    CHECK(message_request_is_valid(&request));
    request.level_count++;
    CHECK(!message_request_is_valid(&request));
    request.level_count = 1;
    request.cpu_seconds = 0;
    CHECK(!message_request_is_valid(&request));
}

TEST(headers_of_no_message_are_refused)
{
    static const uint8_t bad[][MESSAGE_HEADER] = {
        {0, 0, 0, 0, 1, 0, 0, 0},    /* no type */
        {10, 0, 0, 0, 1, 0, 0, 0},   /* no type yet */
        {3, 0, 0, 0, 1, 0, 0x10, 0}, /* a byte too large */
        {3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff},
    };
    struct message_head head = {0};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_CORRUPT, message_head_parse(bad[i], &head));
}

TEST(numbers_out_of_bounds_are_refused)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct message_read read = {0};
    struct message_picture picture = {0};
    struct message_sound sound = {0};
    CHECK_OK(message_read_put(&message, (struct message_read){7, 0}));
    CHECK_FAILS(DITS_E_CORRUPT, message_read_parse(payload(&message), &read));
    buf_clear(&message);
    CHECK_OK(
        message_read_put(&message, (struct message_read){7, MESSAGE_MAX + 1}));
    CHECK_FAILS(DITS_E_CORRUPT, message_read_parse(payload(&message), &read));

    static const struct message_picture pictures[] = {
        {REQUEST_SIDE_MAX + 1, 1, {0, 1}},
        {0, 5, {0, 1}},
        {5, 5, {0, 0}},
        {5, 5, {0, -1}},
    };
    for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
        buf_clear(&message);
        CHECK_OK(message_picture_put(&message, &pictures[i]));
        CHECK_FAILS(DITS_E_CORRUPT,
                    message_picture_parse(payload(&message), &picture));
    }

    static const struct message_sound sounds[] = {
        {0, 48000, 1, 1},
        {SOUND_CHANNELS_MAX + 1, 48000, 1, 1},
        {2, 0, 1, 1},
        {2, 48000, 0, 1},
        {2, 48000, 5, 4},
        {2, 48000, REQUEST_LEVELS_MAX + 1, UINT32_MAX},
        {2, 48000, 1, UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof(sounds) / sizeof(sounds[0]); i++) {
        buf_clear(&message);
        CHECK_OK(message_sound_put(&message, &sounds[i]));
        CHECK_FAILS(DITS_E_CORRUPT,
                    message_sound_parse(payload(&message), &sound));
    }
}

TEST(failures_are_one_line_of_text)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct message_failure failure = {0};
    CHECK_OK(message_failure_put(&message, DITS_E_LIMIT, "too large"));
    CHECK_OK(message_failure_parse(payload(&message), &failure));
    CHECK(failure.code == DITS_E_LIMIT);
    CHECK(strcmp(failure.text, "too large") == 0);

    static const char *const bad[] = {"", "two\nlines", "\x1b[2J", "\xff"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        buf_clear(&message);
        CHECK_OK(buf_put_le32(&message, DITS_E_LIMIT));
        CHECK_OK(buf_put_text(&message, bad[i]));
        CHECK_FAILS(DITS_E_CORRUPT,
                    message_failure_parse(buf_slice(&message), &failure));
    }
    buf_clear(&message);
    CHECK_OK(buf_put_le32(&message, DITS_E_CANCELLED + 1));
    CHECK_OK(buf_put_text(&message, "text"));
    CHECK_FAILS(DITS_E_CORRUPT,
                message_failure_parse(buf_slice(&message), &failure));
}

TEST(long_failures_are_cut_between_characters)
{
    CLEANUP(buf_release) struct buf message = {0};
    CLEANUP(buf_release) struct buf text = {0};
    struct message_failure failure = {0};
    CHECK_OK(buf_put_u8(&text, 'x'));
    for (size_t i = 0; i < MESSAGE_TEXT_MAX; i++)
        CHECK_OK(buf_put_text(&text, "\xc3\xa9"));
    CHECK_OK(message_failure_put(&message, DITS_E_LIMIT, buf_text(&text)));
    CHECK_OK(message_failure_parse(payload(&message), &failure));
    CHECK(strlen(failure.text) == MESSAGE_TEXT_MAX - 1);
}
