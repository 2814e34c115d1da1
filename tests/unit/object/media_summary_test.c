#include "object/media_summary.h"

#include <string.h>

#include "support/test.h"

static const struct media_summary clip = {
    .container = "isobmff",
    .reason = "",
    .stream_count = 3,
    .streams = {{.part = WEAVE_SKELETON},
                {.part = WEAVE_SAMPLES, .track = 300, .codec = "h264"},
                {.part = WEAVE_FRAMING, .track = 300, .codec = "h264"}},
};

TEST(a_summary_comes_back)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct media_summary back = {0};
    CHECK_OK(media_summary_encode(&clip, &bytes));
    CHECK_OK(media_summary_parse(buf_slice(&bytes), &back));
    CHECK(memcmp(&back, &clip, sizeof(clip)) == 0);
}

TEST(what_is_no_media_and_what_is_newer_has_none)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct media_summary back = clip;
    CHECK_OK(media_summary_parse((struct slice){0}, &back));
    CHECK(back.container[0] == '\0' && back.stream_count == 0);
    CHECK_OK(media_summary_encode(&clip, &bytes));
    bytes.data[0]++;
    back = clip;
    CHECK_OK(media_summary_parse(buf_slice(&bytes), &back));
    CHECK(back.container[0] == '\0' && back.stream_count == 0);
}

TEST(a_damaged_summary_is_an_error_and_gives_nothing)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct media_summary back = {0};
    CHECK_OK(media_summary_encode(&clip, &bytes));
    for (size_t size = 1; size < bytes.size; size++) {
        CHECK_FAILS(DITS_E_CORRUPT,
                    media_summary_parse(slice_of(bytes.data, size), &back));
        CHECK(back.container[0] == '\0');
    }
    CHECK_OK(buf_put_u8(&bytes, 0)); /* a byte too many */
    CHECK_FAILS(DITS_E_CORRUPT, media_summary_parse(buf_slice(&bytes), &back));
    bytes.size--;
    bytes.data[2] = 0xff; /* no UTF-8 */
    CHECK_FAILS(DITS_E_CORRUPT, media_summary_parse(buf_slice(&bytes), &back));
}
