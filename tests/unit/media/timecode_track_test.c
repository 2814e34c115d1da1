#include "media/timecode_track.h"

#include <string.h>

#include "support/fake_media.h"
#include "support/test.h"

TEST(a_timecode_track_gives_its_timecode_to_those_that_refer_to_it)
{
    static const uint8_t bytes[] = {0, 1, 0xa5, 0x74}; /* 107892 */
    static const struct media_sample sample = {.size = 4};
    CLEANUP(fake_media_close)
    struct fake_media fake = {
        .source.size = 4,
        .bytes = bytes,
        .samples = &sample,
        .sample_count = 1,
        .file.track_count = 2,
    };
    fake_media_open(&fake);
    strcpy(fake.tracks[0].codec, "timecode");
    CHECK_OK(facts_add_integer(&fake.tracks[0].facts, "timecode.frames", 29));
    CHECK_OK(facts_add_rational(&fake.tracks[0].facts, "timecode.rate", 30000,
                                1001));
    CHECK_OK(
        facts_add_truth(&fake.tracks[0].facts, "timecode.drop_frame", true));
    CHECK_OK(facts_add_integer(&fake.tracks[1].facts, "reference.tmcd", 1));
    CHECK_OK(timecode_describe(&fake.file));
    for (size_t i = 0; i < 2; i++) {
        const struct fact *fact = facts_find(&fake.tracks[i].facts, "timecode");
        CHECK(fact != NULL && strcmp(fact->text, "01:00:00;00") == 0);
    }
}
