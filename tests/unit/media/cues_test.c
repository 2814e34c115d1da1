#include "media/cues.h"

#include <string.h>

#include "media/chapters.h"
#include "support/fake_media.h"
#include "support/mem_fault.h"
#include "support/test.h"

static bool is_cue(const struct cue_list *cues, size_t i, int64_t start,
                   int64_t end, const char *text)
{
    return i < cues->count && cues->list[i].start == start &&
           cues->list[i].end == end && strcmp(cues->list[i].text, text) == 0;
}

static dits_error *read_text(enum cue_format format, const char *text,
                             size_t size, struct cue_list *out)
{
    return cues_of_sample(format, slice_of(text, size), 1, 2, out);
}

TEST(timed_text_may_be_utf8_or_utf16)
{
    CLEANUP(cues_release) struct cue_list cues = {0};
    CHECK_OK(read_text(CUES_TX3G, "\0\2Hi....", 8, &cues));
    CHECK_OK(read_text(CUES_TX3G, "\0\4\xfe\xff\0\xe9", 6, &cues));
    CHECK_OK(read_text(CUES_TX3G, "\0\0", 2, &cues));
    CHECK_OK(read_text(CUES_TX3G, "\0\7Hi", 4, &cues));
    CHECK_OK(read_text(CUES_TX3G, "\0", 1, &cues));
    CHECK(cues.count == 2);
    CHECK(is_cue(&cues, 0, 1, 2, "Hi"));
    CHECK(is_cue(&cues, 1, 1, 2, "\xc3\xa9"));
}

TEST(webvtt_in_boxes_gives_its_payloads)
{
    static const char sample[] = "\0\0\0\x1avttc\0\0\0\x12payl<i>a</i>&amp;"
                                 "\0\0\0\x08vtte";
    CLEANUP(cues_release) struct cue_list cues = {0};
    CHECK_OK(read_text(CUES_WVTT, "\0\0\0\x1dvttc\0\0\0\x15payl<i>a</i>&amp;",
                       29, &cues));
    CHECK(cues.count == 1 && is_cue(&cues, 0, 1, 2, "a&"));
    CHECK_OK(read_text(CUES_WVTT, sample, 3, &cues));
    CHECK(cues.count == 1);
}

TEST(ttml_has_times_of_its_own)
{
    static const char document[] =
        "<?xml version=\"1.0\"?><tt:tt ttp:frameRate=\"25\" "
        "ttp:tickRate='10'><body><div>"
        "<tt:p begin=\"00:00:01.500\" end=\"00:00:02:05\">One<tt:br/>\n"
        " <span>two</span></tt:p>"
        "<p begin=\"3s\" dur=\"500ms\">x &lt; y</p>"
        "<p begin='20t' end=\"75f\">z</p><p>untimed</p><p/>"
        "</div></body></tt:tt>";
    CLEANUP(cues_release) struct cue_list cues = {0};
    CHECK_OK(read_text(CUES_TTML, document, sizeof(document) - 1, &cues));
    CHECK(is_cue(&cues, 0, 1500000, 2200000, "One\n two") ||
          is_cue(&cues, 0, 1500000, 2200000, "One\ntwo"));
    CHECK(is_cue(&cues, 1, 3000000, 3500000, "x < y"));
    CHECK(is_cue(&cues, 2, 2000000, 3000000, "z"));
    CHECK(is_cue(&cues, 3, 1, 2, "untimed"));
    CHECK(cues.count == 4);
}

TEST(documents_may_end_anywhere)
{
    static const char document[] =
        "<tt><p begin=\"1s\" end='2s'>a<br/>b</p></tt>";
    for (size_t size = 0; size < sizeof(document); size++) {
        CLEANUP(cues_release) struct cue_list cues = {0};
        CHECK_OK(read_text(CUES_TTML, document, size, &cues));
    }
}

static const struct media_sample chapters[] = {
    {.offset = 0, .size = 5, .pts = 0, .duration = 1000},
    {.offset = 5, .size = 5, .pts = 1000, .duration = 500},
    {.offset = 99, .size = 5, .pts = 1500, .duration = 500},
};

static void open_chapters(struct fake_media *fake)
{
    *fake = (struct fake_media){
        .source.size = 10,
        .bytes = (const uint8_t *)"\0\3One\0\3Two",
        .samples = chapters,
        .sample_count = 3,
        .file.track_count = 2,
    };
    fake_media_open(fake);
    fake->tracks[0].kind = MEDIA_SUBTITLE;
    fake->tracks[0].time_base = (struct media_time_base){1, 1000};
    strcpy(fake->tracks[0].codec, "mov_text");
}

TEST(a_track_of_titles_gives_chapters)
{
    CLEANUP(fake_media_close) struct fake_media fake = {0};
    open_chapters(&fake);
    CHECK_OK(facts_add_integer(&fake.tracks[1].facts, "reference.chap", 1));
    CHECK_OK(chapters_describe(&fake.file));
    CHECK(fake.tracks[0].kind == MEDIA_CHAPTERS);
    CHECK(fake.tracks[0].facts.count == 6 && fake.file.facts.count == 6);
    const struct fact *last = &fake.file.facts.list[5];
    CHECK(strcmp(last->name, "chapter.title") == 0);
    CHECK(strcmp(last->text, "Two") == 0);
    CHECK(fake.file.facts.list[4].number == 1500000);
}

TEST(cues_survive_every_failed_allocation)
{
    CLEANUP(fake_media_close) struct fake_media fake = {0};
    bool was_reached = true;
    open_chapters(&fake);
    for (unsigned nth = 1; was_reached; nth++) {
        CLEANUP(cues_release) struct cue_list cues = {0};
        mem_fault_arm(nth);
        dits_error *err = cues_read(&fake.file, 0, &cues);
        was_reached = mem_fault_disarm();
        bool has_failed = err != NULL;
        dits_error_free(err);
        CHECK(has_failed == was_reached);
    }
}
