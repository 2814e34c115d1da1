#include "media/isobmff/entry.h"

#include <string.h>

#include "media/isobmff/children.h"
#include "support/box_maker.h"
#include "support/mem_fault.h"
#include "support/test.h"

enum { VIDE = 0x76696465, SOUN = 0x736f756e, TMCD = 0x746d6364 };

/* A track and the file it is described for. */
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

static size_t begin_video(struct buf *out, const char *type, unsigned depth)
{
    size_t at = boxes_begin(out, type);
    boxes_zeros(out, 24);
    boxes_be16(out, 1920);
    boxes_be16(out, 1080);
    boxes_zeros(out, 46);
    boxes_be16(out, depth);
    boxes_be16(out, 0xffff);
    return at;
}

static size_t begin_sound(struct buf *out, const char *type, unsigned version,
                          unsigned channels, unsigned bits)
{
    size_t at = boxes_begin(out, type);
    boxes_zeros(out, 8);
    boxes_be16(out, version);
    boxes_zeros(out, 6);
    boxes_be16(out, channels);
    boxes_be16(out, bits);
    boxes_be32(out, 0);
    boxes_be16(out, 48000);
    boxes_be16(out, 0);
    return at;
}

static dits_error *describe(struct described *it, uint32_t handler,
                            const struct buf *entry)
{
    return isobmff_describe_entry(&it->file, &it->track, handler, 0,
                                  buf_slice(entry));
}

static bool is_word(const struct described *it, const char *name,
                    const char *text)
{
    const struct fact *fact = facts_find(&it->track.facts, name);
    return fact != NULL && fact->type == FACT_TEXT &&
           strcmp(fact->text, text) == 0;
}

static bool is_number(const struct described *it, const char *name,
                      int64_t number)
{
    const struct fact *fact = facts_find(&it->track.facts, name);
    return fact != NULL && fact->number == number;
}

static void make_avc(struct buf *out)
{
    static const uint8_t avcc[] = {1, 100, 0, 40, 0xff, 0xe0, 0};
    static const uint8_t colr[] = {'n', 'c', 'l', 'x', 0, 9, 0, 16, 0, 9, 0x80};
    size_t at = begin_video(out, "avc1", 24);
    boxes_whole(out, "avcC", avcc, sizeof(avcc));
    boxes_whole(out, "colr", colr, sizeof(colr));
    boxes_whole(out, "pasp", "\0\0\0\4\0\0\0\3", 8);
    boxes_whole(out, "fiel", "\2\6", 2);
    boxes_whole(out, "clli", "\3\xe8\1\x90", 4);
    boxes_whole(out, "dvcC", "\1\0\x10\x2d\x10\0\0", 7);
    boxes_end(out, at);
}

TEST(avc_has_its_configuration_and_colours)
{
    CLEANUP(buf_release) struct buf entry = {0};
    CLEANUP(release) struct described it = {0};
    make_avc(&entry);
    CHECK_OK(describe(&it, VIDE, &entry));
    CHECK(strcmp(it.track.codec, "h264") == 0);
    CHECK(strcmp(it.track.tag, "avc1") == 0);
    CHECK(it.track.kind == MEDIA_VIDEO);
    CHECK(it.track.framing == MEDIA_NAL_LENGTH);
    CHECK(it.track.nal_length_size == 4);
    CHECK(it.track.config.size == 7);
    CHECK(it.track.width == 1920 && it.track.height == 1080);
    CHECK(is_word(&it, "colour.primaries", "bt2020"));
    CHECK(is_word(&it, "colour.transfer", "smpte2084"));
    CHECK(is_word(&it, "colour.matrix", "bt2020nc"));
    CHECK(is_word(&it, "colour.range", "pc"));
    CHECK(is_word(&it, "field_order", "bb"));
    CHECK(is_number(&it, "hdr.content_light.max", 1000));
    CHECK(is_number(&it, "dolby_vision.profile", 8));
    CHECK(is_number(&it, "dolby_vision.compatibility", 1));
}

TEST(the_flavours_of_prores_are_profiles)
{
    CLEANUP(buf_release) struct buf entry = {0};
    CLEANUP(release) struct described it = {0};
    boxes_end(&entry, begin_video(&entry, "ap4x", 24));
    CHECK_OK(describe(&it, VIDE, &entry));
    CHECK(strcmp(it.track.codec, "prores") == 0);
    CHECK(it.track.framing == MEDIA_PRORES && it.track.intra_only);
    CHECK(is_word(&it, "profile", "4444 XQ"));
}

TEST(pcm_is_named_by_bits_and_order)
{
    static const struct {
        const char *type;
        unsigned bits;
        const char *enda; /* NULL: none */
        const char *codec;
        unsigned bytes;
        bool big_endian;
    } cases[] = {
        {"sowt", 16, NULL, "pcm_s16le", 2, false},
        {"twos", 16, NULL, "pcm_s16be", 2, true},
        {"twos", 24, NULL, "pcm_s24be", 3, true},
        {"sowt", 8, NULL, "pcm_s8", 1, false},
        {"raw ", 8, NULL, "pcm_u8", 1, true},
        {"in24", 16, "\0\1", "pcm_s24le", 3, false},
        {"in24", 16, NULL, "pcm_s24be", 3, true},
        {"fl32", 16, "\0\1", "pcm_f32le", 4, false},
        {"ulaw", 16, NULL, "pcm_mulaw", 1, false},
        {"ipcm", 24, NULL, "pcm_s24be", 3, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(buf_release) struct buf entry = {0};
        CLEANUP(release) struct described it = {0};
        size_t at = begin_sound(&entry, cases[i].type, 0, 2, cases[i].bits);
        if (cases[i].enda != NULL)
            boxes_whole(&entry, "enda", cases[i].enda, 2);
        boxes_end(&entry, at);
        CHECK_OK(describe(&it, SOUN, &entry));
        CHECK(strcmp(it.track.codec, cases[i].codec) == 0);
        CHECK(it.track.sample_bytes == cases[i].bytes);
        CHECK(it.track.big_endian == cases[i].big_endian);
        CHECK(it.track.framing == MEDIA_PCM && it.track.sample_rate == 48000);
    }
}

TEST(sound_of_version_1_and_2_is_told_from_isos)
{
    CLEANUP(buf_release) struct buf first = {0};
    CLEANUP(buf_release) struct buf second = {0};
    CLEANUP(release) struct described one = {0};
    CLEANUP(release) struct described two = {0};
    size_t at = begin_sound(&first, "ima4", 1, 2, 16);
    boxes_be32(&first, 64);
    boxes_be32(&first, 34);
    boxes_be32(&first, 68);
    boxes_be32(&first, 2);
    boxes_end(&first, at);
    CHECK_OK(describe(&one, SOUN, &first));
    CHECK(is_number(&one, "packet.samples", 64));
    CHECK(is_number(&one, "packet.bytes", 68));
    at = begin_sound(&second, "lpcm", 2, 3, 16);
    boxes_be32(&second, 72);
    boxes_put(&second, "\x40\xf7\x70\0\0\0\0\0", 8); /* 96000.0 */
    boxes_be32(&second, 6);
    boxes_be32(&second, 0x7f000000);
    boxes_be32(&second, 24);
    boxes_be32(&second, 4);
    boxes_be32(&second, 18);
    boxes_be32(&second, 1);
    boxes_end(&second, at);
    CHECK_OK(describe(&two, SOUN, &second));
    CHECK(strcmp(two.track.codec, "pcm_s24le") == 0);
    CHECK(two.track.sample_rate == 96000 && two.track.channels == 6);
}

static void make_aac(struct buf *out)
{
    static const uint8_t esds[] = {
        0, 0, 0, 0, 3, 0x1b, 0, 0, 0, 4,    0x13, 0x40, 0x15, 0, 0x18, 0, 0,
        1, 0, 0, 0, 0, 0xfa, 0, 5, 4, 0x2b, 0x92, 0x08, 0,    6, 1,    2};
    size_t at = begin_sound(out, "mp4a", 0, 2, 16);
    boxes_whole(out, "esds", esds, sizeof(esds));
    boxes_end(out, at);
}

TEST(aac_is_described_by_its_configuration)
{
    CLEANUP(buf_release) struct buf entry = {0};
    CLEANUP(release) struct described it = {0};
    make_aac(&entry);
    CHECK_OK(describe(&it, SOUN, &entry));
    CHECK(strcmp(it.track.codec, "aac") == 0);
    CHECK(is_word(&it, "profile", "HE-AAC"));
    CHECK(it.track.config.size == 4);
    CHECK(is_number(&it, "bit_rate.average", 64000));
    CHECK(it.track.sample_rate == 44100 || it.track.sample_rate == 48000);
}

TEST(what_is_encrypted_names_its_original)
{
    CLEANUP(buf_release) struct buf entry = {0};
    CLEANUP(release) struct described it = {0};
    size_t at = begin_video(&entry, "encv", 24);
    size_t scheme = boxes_begin(&entry, "sinf");
    boxes_whole(&entry, "frma", "hvc1", 4);
    boxes_whole(&entry, "schm", "\0\0\0\0cbcs\0\1\0\0", 12);
    boxes_end(&entry, scheme);
    boxes_end(&entry, at);
    CHECK_OK(describe(&it, VIDE, &entry));
    CHECK(it.track.is_encrypted);
    CHECK(strcmp(it.track.codec, "hevc") == 0);
    CHECK(strcmp(it.track.tag, "encv") == 0);
    CHECK(is_word(&it, "protection.scheme", "cbcs"));
}

TEST(atmos_is_known_by_joint_object_coding)
{
    static const uint8_t dec3[] = {0x18, 0x00, 0x20, 0x0f, 0x00, 0x01, 0x10};
    CLEANUP(buf_release) struct buf entry = {0};
    CLEANUP(release) struct described it = {0};
    size_t at = begin_sound(&entry, "ec-3", 0, 2, 16);
    boxes_whole(&entry, "dec3", dec3, sizeof(dec3));
    boxes_end(&entry, at);
    CHECK_OK(describe(&it, SOUN, &entry));
    CHECK(is_number(&it, "atmos", 1));
    CHECK(it.track.channels == 6);
    CHECK(is_word(&it, "channel_layout", "5.1(side)"));
    CHECK(is_number(&it, "bit_rate.average", 768000));
}

TEST(a_timecode_entry_has_rate_flags_and_reel)
{
    CLEANUP(buf_release) struct buf entry = {0};
    CLEANUP(release) struct described it = {0};
    size_t at = boxes_begin(&entry, "tmcd");
    boxes_zeros(&entry, 12);
    boxes_be32(&entry, 3);
    boxes_be32(&entry, 30000);
    boxes_be32(&entry, 1001);
    boxes_be16(&entry, 30 << 8);
    boxes_whole(&entry, "name", "\0\4\0\0A001", 8);
    boxes_end(&entry, at);
    CHECK_OK(describe(&it, TMCD, &entry));
    CHECK(it.track.kind == MEDIA_TIMECODE);
    CHECK(is_number(&it, "timecode.drop_frame", 1));
    CHECK(is_number(&it, "timecode.frames", 30));
    CHECK(is_word(&it, "timecode.reel", "A001"));
}

TEST(a_second_entry_is_only_named)
{
    CLEANUP(buf_release) struct buf entry = {0};
    CLEANUP(release) struct described it = {0};
    make_avc(&entry);
    CHECK_OK(describe(&it, VIDE, &entry));
    size_t count = it.track.facts.count;
    CHECK_OK(describe(&it, VIDE, &entry));
    CHECK(it.track.facts.count == count + 1);
}

TEST(what_is_cut_off_is_in_one_piece)
{
    CLEANUP(release) struct described it = {0};
    CHECK_OK(isobmff_describe_entry(&it.file, &it.track, SOUN, 0,
                                    slice_of("\0\0\0\x0ain24\0\0", 10)));
    CHECK(it.track.framing == MEDIA_OPAQUE);
}

TEST(an_entry_may_end_anywhere)
{
    CLEANUP(buf_release) struct buf entry = {0};
    make_avc(&entry);
    for (size_t size = 0; size < entry.size; size++) {
        CLEANUP(release) struct described it = {0};
        CHECK_OK(isobmff_describe_entry(&it.file, &it.track, VIDE, 0,
                                        slice_of(entry.data, size)));
    }
}

TEST(no_byte_of_an_entry_can_be_flipped_to_harm)
{
    CLEANUP(buf_release) struct buf entry = {0};
    make_aac(&entry);
    for (size_t i = 0; i < 8 * entry.size; i++) {
        CLEANUP(release) struct described it = {0};
        entry.data[i / 8] ^= (uint8_t)(1 << i % 8);
        CHECK_OK(describe(&it, SOUN, &entry));
        entry.data[i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

TEST(an_entry_survives_every_failed_allocation)
{
    CLEANUP(buf_release) struct buf entry = {0};
    bool was_reached = true;
    make_avc(&entry);
    size_t live = mem_fault_live();
    for (unsigned nth = 1; was_reached; nth++) {
        struct described it = {0};
        mem_fault_arm(nth);
        dits_error *err = describe(&it, VIDE, &entry);
        was_reached = mem_fault_disarm();
        bool has_failed = err != NULL;
        dits_error_free(err);
        release(&it);
        CHECK(has_failed == was_reached);
        CHECK(mem_fault_live() == live);
    }
}
