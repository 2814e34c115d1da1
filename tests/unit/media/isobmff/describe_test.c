#include "media/isobmff/describe.h"

#include <string.h>

#include "media/isobmff/children.h"
#include "support/box_maker.h"
#include "support/mem_fault.h"
#include "support/test.h"

struct described {
    struct media_file file;
    struct media_track track;
};

static void release(struct described *it)
{
    buf_release(&it->track.config);
    facts_release(&it->track.facts);
    facts_release(&it->file.facts);
    *it = (struct described){0};
}

/* Each box of `boxes`; of the track if `is_track`. */
static dits_error *describe(struct described *it, bool is_track,
                            struct slice boxes)
{
    while (boxes.size >= 8) {
        uint32_t size = 0;
        uint32_t type = 0;
        for (unsigned i = 0; i < 4; i++) {
            size = size << 8 | boxes.data[i];
            type = type << 8 | boxes.data[4 + i];
        }
        if (size < 8 || size > boxes.size)
            break;
        TRY(isobmff_describe_box(&it->file, is_track ? &it->track : NULL, type,
                                 slice_of(boxes.data + 8, size - 8)));
        boxes = slice_of(boxes.data + size, boxes.size - size);
    }
    return NULL;
}

static bool is_word(const struct media_facts *facts, const char *name,
                    const char *text)
{
    const struct fact *fact = facts_find(facts, name);
    return fact != NULL && fact->type == FACT_TEXT &&
           strcmp(fact->text, text) == 0;
}

static bool is_number(const struct media_facts *facts, const char *name,
                      int64_t number)
{
    const struct fact *fact = facts_find(facts, name);
    return fact != NULL && fact->number == number;
}

static void put_matrix(struct buf *out, int32_t a, int32_t b, int32_t c,
                       int32_t d)
{
    boxes_be32(out, (uint32_t)a);
    boxes_be32(out, (uint32_t)b);
    boxes_be32(out, 0);
    boxes_be32(out, (uint32_t)c);
    boxes_be32(out, (uint32_t)d);
    boxes_zeros(out, 12);
    boxes_be32(out, 1 << 30);
}

static void make_tkhd(struct buf *out, unsigned flags, const int32_t matrix[4])
{
    size_t at = boxes_begin(out, "tkhd");
    boxes_be32(out, flags);
    boxes_zeros(out, 20);
    boxes_zeros(out, 8);
    boxes_be16(out, 0xffff); /* layer -1 */
    boxes_be16(out, 2);
    boxes_zeros(out, 4);
    put_matrix(out, matrix[0], matrix[1], matrix[2], matrix[3]);
    boxes_be32(out, 1280 << 16);
    boxes_be32(out, 720 << 16);
    boxes_end(out, at);
}

TEST(brands_are_listed)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    CLEANUP(release) struct described it = {0};
    boxes_whole(&boxes, "ftyp", "isom\0\0\2\0isommp42", 16);
    CHECK_OK(describe(&it, false, buf_slice(&boxes)));
    CHECK(is_word(&it.file.facts, "brand.major", "isom"));
    CHECK(is_number(&it.file.facts, "brand.minor_version", 512));
    CHECK(it.file.facts.count == 4);
}

TEST(a_matrix_is_told_as_rotation_and_flip)
{
    enum { ONE = 1 << 16 };
    static const struct {
        int32_t matrix[4];
        int rotation;
        bool is_flipped;
    } cases[] = {
        {{0, ONE, -ONE, 0}, -90, false}, {{-ONE, 0, 0, -ONE}, -180, false},
        {{0, -ONE, ONE, 0}, 90, false},  {{-ONE, 0, 0, ONE}, -180, true},
        {{ONE, 0, 0, -ONE}, 0, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(buf_release) struct buf boxes = {0};
        CLEANUP(release) struct described it = {0};
        make_tkhd(&boxes, 3, cases[i].matrix);
        CHECK_OK(describe(&it, true, buf_slice(&boxes)));
        CHECK(is_number(&it.track.facts, "rotation", cases[i].rotation));
        CHECK((facts_find(&it.track.facts, "flipped") != NULL) ==
              cases[i].is_flipped);
    }
}

TEST(a_track_header_tells_layer_and_disposition)
{
    static const int32_t identity[4] = {1 << 16, 0, 0, 1 << 16};
    CLEANUP(buf_release) struct buf boxes = {0};
    CLEANUP(release) struct described it = {0};
    make_tkhd(&boxes, 3, identity);
    CHECK_OK(describe(&it, true, buf_slice(&boxes)));
    CHECK(is_number(&it.track.facts, "disposition.default", 1));
    CHECK(is_number(&it.track.facts, "layer", -1));
    CHECK(is_number(&it.track.facts, "alternate_group", 2));
    CHECK(is_number(&it.track.facts, "display.width", 1280 << 16));
    CHECK(facts_find(&it.track.facts, "rotation") == NULL);
}

TEST(media_headers_tell_language_and_creation)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    CLEANUP(release) struct described it = {0};
    size_t at = boxes_begin(&boxes, "mdhd");
    boxes_be32(&boxes, 0);
    boxes_be32(&boxes, 3786912000u + 86399); /* the last second of a leap day */
    boxes_zeros(&boxes, 12);
    boxes_be16(&boxes, ('d' - 0x60) << 10 | ('e' - 0x60) << 5 | ('u' - 0x60));
    boxes_be16(&boxes, 0);
    boxes_end(&boxes, at);
    CHECK_OK(describe(&it, true, buf_slice(&boxes)));
    CHECK(strcmp(it.track.language, "deu") == 0);
    CHECK(is_word(&it.track.facts, "creation_time",
                  "2024-01-01T23:59:59.000000Z"));
}

static void make_udta(struct buf *out)
{
    size_t at = boxes_begin(out, "udta");
    boxes_whole(out, "\xa9nam",
                "\0\5\x15\xc7"
                "Title",
                9);
    boxes_whole(out, "\xa9xyz", "\0\x12\x15\xc7+48.8577+002.2950/", 22);
    boxes_whole(out, "titl",
                "\0\0\0\0\x15\xc7"
                "Film\0",
                11);
    boxes_whole(out, "loci",
                "\0\0\0\0\x15\xc7"
                "Paris\0\0\0\2\x4b\x85\0\x30\xdb\x6c\0\0\0\0",
                25);
    boxes_whole(out, "GPMF", "12345", 5);
    boxes_whole(out, "chpl",
                "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\0\5Intro"
                "\0\0\0\0\0\x98\x96\x80\3End",
                35);
    boxes_end(out, at);
}

TEST(user_data_becomes_tags_and_places_are_marked)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    CLEANUP(release) struct described it = {0};
    make_udta(&boxes);
    CHECK_OK(describe(&it, false, buf_slice(&boxes)));
    const struct media_facts *facts = &it.file.facts;
    CHECK(is_word(facts, "title", "Title"));
    CHECK(is_word(facts, "tag.location", "+48.8577+002.2950/"));
    CHECK(facts_find(facts, "tag.location")->is_location);
    CHECK(is_word(facts, "tag.location.name", "Paris"));
    CHECK(facts_find(facts, "tag.location.name")->is_location);
    CHECK(is_number(facts, "user.GPMF", 5));
    CHECK(is_word(facts, "chapter.title", "Intro"));
    CHECK(is_word(facts, "title", "Title"));
}

static void put_item(struct buf *out, const char *type, uint32_t value_type,
                     const void *value, size_t size)
{
    size_t at = boxes_begin(out, type);
    size_t data = boxes_begin(out, "data");
    boxes_be32(out, value_type);
    boxes_be32(out, 0);
    boxes_put(out, value, size);
    boxes_end(out, data);
    boxes_end(out, at);
}

TEST(items_are_read_as_itunes_has_them)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    CLEANUP(release) struct described it = {0};
    size_t at = boxes_begin(&boxes, "meta");
    boxes_be32(&boxes, 0);
    boxes_whole(&boxes, "hdlr", "\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0", 24);
    size_t list = boxes_begin(&boxes, "ilst");
    put_item(&boxes, "\xa9too", 1, "Lavf", 4);
    put_item(&boxes, "trkn", 0, "\0\0\0\3\0\x0c\0\0", 8);
    put_item(&boxes, "cpil", 21, "\1", 1);
    put_item(&boxes, "covr", 14, "PNG", 3);
    boxes_end(&boxes, list);
    boxes_end(&boxes, at);
    CHECK_OK(describe(&it, false, buf_slice(&boxes)));
    CHECK(is_word(&it.file.facts, "encoder", "Lavf"));
    CHECK(is_word(&it.file.facts, "tag.track", "3/12"));
    CHECK(is_word(&it.file.facts, "tag.compilation", "1"));
    CHECK(is_number(&it.file.facts, "user.covr", 19));
}

TEST(items_are_named_by_keys_as_quicktime_has_them)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    CLEANUP(release) struct described it = {0};
    size_t at = boxes_begin(&boxes, "meta");
    boxes_whole(&boxes, "hdlr", "\0\0\0\0\0\0\0\0mdta\0\0\0\0\0\0\0\0\0\0\0\0",
                24);
    size_t keys = boxes_begin(&boxes, "keys");
    boxes_be32(&boxes, 0);
    boxes_be32(&boxes, 1);
    boxes_whole(&boxes, "mdta", "com.apple.quicktime.location.ISO6709", 36);
    boxes_end(&boxes, keys);
    size_t list = boxes_begin(&boxes, "ilst");
    put_item(&boxes, "\0\0\0\1", 1, "+10+20/", 7);
    boxes_end(&boxes, list);
    boxes_end(&boxes, at);
    CHECK_OK(describe(&it, false, buf_slice(&boxes)));
    const char *name = "tag.com.apple.quicktime.location.ISO6709";
    CHECK(is_word(&it.file.facts, name, "+10+20/"));
    CHECK(facts_find(&it.file.facts, name)->is_location);
}

TEST(extended_types_are_xmp_spherical_or_named)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    CLEANUP(release) struct described it = {0};
    size_t at = boxes_begin(&boxes, "uuid");
    boxes_put(
        &boxes,
        "\xff\xcc\x82\x63\xf8\x55\x4a\x93\x88\x14\x58\x7a\x02\x52\x1f\xdd", 16);
    static const char xml[] =
        "<GSpherical:ProjectionType>equirectangular</GSpherical:Projection"
        "Type><GSpherical:StereoMode>left-right</GSpherical:StereoMode>";
    boxes_put(&boxes, xml, sizeof(xml) - 1);
    boxes_end(&boxes, at);
    boxes_whole(&boxes, "uuid",
                "PROF\x21\xd2\x4f\xce\xbb\x88\x69\x5c\xfa\xc9\xc7\x40..", 18);
    boxes_whole(&boxes, "tref", "\0\0\0\x0ctmcd\0\0\0\2", 12);
    CHECK_OK(describe(&it, true, buf_slice(&boxes)));
    CHECK(is_word(&it.track.facts, "projection", "equirectangular"));
    CHECK(is_word(&it.track.facts, "stereo_mode", "side by side"));
    CHECK(is_number(&it.track.facts, "user.PROF", 2));
    CHECK(is_number(&it.track.facts, "reference.tmcd", 2));
}

TEST(user_data_may_end_anywhere_and_have_any_bit_flipped)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    const uint32_t udta = FOURCC('u', 'd', 't', 'a');
    make_udta(&boxes);
    for (size_t i = 0; i < 8 * boxes.size; i++) {
        CLEANUP(release) struct described it = {0};
        struct slice payload = slice_of(boxes.data + 8, boxes.size - 8);
        boxes.data[i / 8] ^= (uint8_t)(1 << i % 8);
        CHECK_OK(isobmff_describe_box(&it.file, NULL, udta, payload));
        boxes.data[i / 8] ^= (uint8_t)(1 << i % 8);
        payload.size = i / 8 < payload.size ? i / 8 : payload.size;
        CHECK_OK(isobmff_describe_box(&it.file, NULL, udta, payload));
    }
}

TEST(user_data_survives_every_failed_allocation)
{
    CLEANUP(buf_release) struct buf boxes = {0};
    bool was_reached = true;
    make_udta(&boxes);
    size_t live = mem_fault_live();
    for (unsigned nth = 1; was_reached; nth++) {
        struct described it = {0};
        mem_fault_arm(nth);
        dits_error *err = describe(&it, false, buf_slice(&boxes));
        was_reached = mem_fault_disarm();
        bool has_failed = err != NULL;
        dits_error_free(err);
        release(&it);
        CHECK(has_failed == was_reached);
        CHECK(mem_fault_live() == live);
    }
}
