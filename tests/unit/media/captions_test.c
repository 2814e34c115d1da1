#include "media/captions.h"

#include <string.h>

#include "support/test.h"

struct timed_pair {
    uint8_t pair[2];
    int64_t time;
};

static dits_error *feed(struct captions *captions,
                        const struct timed_pair *pairs, size_t count,
                        struct cue_list *out)
{
    for (size_t i = 0; i < count; i++)
        TRY(captions_feed(captions, 0, pairs[i].pair, pairs[i].time, out));
    return NULL;
}

static bool is_cue(const struct cue_list *cues, size_t i, int64_t start,
                   int64_t end, const char *text)
{
    return i < cues->count && cues->list[i].start == start &&
           cues->list[i].end == end && strcmp(cues->list[i].text, text) == 0;
}

TEST(pop_on_captions_appear_at_once)
{
    static const struct timed_pair pairs[] = {
        {{0x94, 0x20}, 0},  {{0x94, 0x20}, 1},  {{0x94, 0x70}, 2},
        {{'H', 'i'}, 3},    {{0x14, 0x60}, 4},  {{'y', 0x80}, 5},
        {{0x12, 0x21}, 6},  {{0x14, 0x2f}, 10}, {{0x14, 0x2f}, 11},
        {{0x14, 0x2c}, 20},
    };
    CLEANUP(cues_release) struct cue_list cues = {0};
    CLEANUP(captions_release) struct captions captions = {0};
    CHECK_OK(feed(&captions, pairs, sizeof(pairs) / sizeof(pairs[0]), &cues));
    CHECK(cues.count == 1);
    CHECK(strstr(cues.list[0].text, "\xc3\x89") != NULL);
    CHECK(cues.list[0].start == 10 && cues.list[0].end == 20);
}

TEST(rolling_captions_move_up_a_line)
{
    static const struct timed_pair pairs[] = {
        {{0x14, 0x25}, 0}, {{'a', 'b'}, 1},   {{0x14, 0x2d}, 5},
        {{'c', 'd'}, 6},   {{0x14, 0x2d}, 9}, {{'e', 'f'}, 10},
    };
    CLEANUP(cues_release) struct cue_list cues = {0};
    CLEANUP(captions_release) struct captions captions = {0};
    CHECK_OK(feed(&captions, pairs, sizeof(pairs) / sizeof(pairs[0]), &cues));
    CHECK_OK(captions_finish(&captions, 12, &cues));
    CHECK(cues.count == 3);
    CHECK(is_cue(&cues, 0, 1, 5, "ab"));
    CHECK(is_cue(&cues, 1, 5, 9, "ab\ncd"));
    CHECK(is_cue(&cues, 2, 9, 12, "cd\nef"));
}

TEST(only_the_channel_wanted_is_kept)
{
    static const struct timed_pair pairs[] = {
        {{0x1c, 0x29}, 0},
        {{'n', 'o'}, 1},
        {{0x14, 0x29}, 2},
        {{'o', 'k'}, 3},
    };
    CLEANUP(cues_release) struct cue_list cues = {0};
    CLEANUP(captions_release) struct captions captions = {0};
    CHECK_OK(feed(&captions, pairs, 4, &cues));
    CHECK_OK(captions_finish(&captions, 9, &cues));
    CHECK(cues.count == 1 && is_cue(&cues, 0, 3, 9, "ok"));
}

TEST(pairs_come_in_boxes_packets_and_messages)
{
    static const uint8_t boxes[] = {0,   0,   0,    12,   'c', 'd',
                                    'a', 't', 0x94, 0x29, 'h', 'i'};
    static const uint8_t message[] = {0x42, 0xff, 0xfc, 'y', 'o', 0xfa, 0, 0};
    CLEANUP(cues_release) struct cue_list cues = {0};
    CLEANUP(captions_release) struct captions captions = {0};
    CHECK_OK(captions_feed_boxes(&captions, slice_of(boxes, sizeof(boxes)), 1,
                                 &cues));
    CHECK_OK(captions_feed_a53(&captions, slice_of(message, sizeof(message)), 2,
                               &cues));
    CHECK_OK(captions_finish(&captions, 3, &cues));
    CHECK(cues.count == 1 && is_cue(&cues, 0, 1, 3, "hiyo"));
    for (size_t size = 0; size < sizeof(message); size++)
        CHECK_OK(
            captions_feed_a53(&captions, slice_of(message, size), 4, &cues));
}
