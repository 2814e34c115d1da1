#include "media/isobmff/fragment_patch.h"

#include <string.h>

#include "base/be.h"
#include "support/box_maker.h"
#include "support/test.h"

enum { VIDEO = 1, SOUND = 2, AT = 5000 };

/* A fragment with one or two tracks, as a writer may have made it. */
struct recipe {
    bool absolute; /* tfhd has an offset in the file: `base` */
    uint64_t base;
    bool moof_base;
    int tfdt; /* version; -1: none */
    uint64_t time;
    bool no_offset; /* its runs follow each other from the base on */
    int32_t data_offset;
    bool has_saio;
    bool saio_is_long; /* version 1, with a type; another one before it */
    uint32_t saio;
    unsigned trafs;
};

static void put_tfhd(struct buf *out, const struct recipe *recipe, uint32_t id)
{
    size_t box = boxes_begin(out, "tfhd");
    boxes_be32(out, (recipe->absolute ? 1u : 0) |
                        (recipe->moof_base ? 0x20000u : 0));
    boxes_be32(out, id);
    if (recipe->absolute) {
        boxes_be32(out, (uint32_t)(recipe->base >> 32));
        boxes_be32(out, (uint32_t)recipe->base);
    }
    boxes_end(out, box);
}

static void put_tfdt(struct buf *out, const struct recipe *recipe)
{
    if (recipe->tfdt < 0)
        return;
    size_t box = boxes_begin(out, "tfdt");
    boxes_be32(out, (uint32_t)recipe->tfdt << 24);
    if (recipe->tfdt == 1)
        boxes_be32(out, (uint32_t)(recipe->time >> 32));
    boxes_be32(out, (uint32_t)recipe->time);
    boxes_end(out, box);
}

/* `count` samples that take the defaults. */
static void put_trun(struct buf *out, const struct recipe *recipe, bool first,
                     uint32_t count)
{
    bool has_offset = first && !recipe->no_offset;
    size_t box = boxes_begin(out, "trun");
    boxes_be32(out, has_offset ? 1 : 0);
    boxes_be32(out, count);
    if (has_offset)
        boxes_be32(out, (uint32_t)recipe->data_offset);
    boxes_end(out, box);
}

static void put_saio(struct buf *out, const struct recipe *recipe)
{
    if (!recipe->has_saio)
        return;
    size_t box = boxes_begin(out, "saio");
    boxes_be32(out, recipe->saio_is_long ? 0x1000001u : 0);
    if (recipe->saio_is_long) {
        boxes_put(out, "cenc", 4);
        boxes_be32(out, 7);
        boxes_be32(out, 2);
        boxes_be32(out, 0);
        boxes_be32(out, recipe->saio + 4);
        boxes_be32(out, 0);
    } else {
        boxes_be32(out, 1);
    }
    boxes_be32(out, recipe->saio);
    boxes_end(out, box);
}

static void put_moof(struct buf *out, const struct recipe *recipe)
{
    size_t moof = boxes_begin(out, "moof");
    size_t mfhd = boxes_begin(out, "mfhd");
    boxes_be32(out, 0);
    boxes_be32(out, 77);
    boxes_end(out, mfhd);
    for (unsigned i = 0; i <= recipe->trafs; i++) {
        size_t traf = boxes_begin(out, "traf");
        put_tfhd(out, recipe, i == 0 ? VIDEO : SOUND);
        put_tfdt(out, recipe);
        put_trun(out, recipe, i == 0 || recipe->moof_base, 2);
        put_trun(out, recipe, false, 1);
        put_saio(out, recipe);
        boxes_end(out, traf);
    }
    boxes_end(out, moof);
}

struct fixture {
    struct fragmented_track tracks[2];
    struct fragmented_movie movie;
    struct indexed_part parts[2];
    int64_t shifts[2];
    struct moof_change change;
    struct buf moof;
    struct buf out;
};

static void release(struct fixture *f)
{
    buf_release(&f->moof);
    buf_release(&f->out);
}

/* Moved from AT to 100, by 30 and 300 ticks. */
static dits_error *patch(struct fixture *f, const struct recipe *recipe)
{
    struct sample_defaults defaults = {.duration = 10, .size = 4};
    f->tracks[0] = (struct fragmented_track){
        .id = VIDEO, .timescale = 100, .defaults = defaults};
    f->tracks[1] = (struct fragmented_track){
        .id = SOUND, .timescale = 1000, .defaults = defaults};
    f->movie = (struct fragmented_movie){.track_count = 2, .tracks = f->tracks};
    f->parts[0] = (struct indexed_part){.time = 50, .track = 0};
    f->parts[1] = (struct indexed_part){.time = 500, .track = 1};
    f->shifts[0] = 30;
    f->shifts[1] = 300;
    f->change.from = AT;
    if (f->change.to == 0)
        f->change.to = 100;
    f->change.parts = f->parts;
    f->change.part_count = recipe->trafs + 1;
    f->change.shifts = f->shifts;
    put_moof(&f->moof, recipe);
    return moof_patch(&f->movie, buf_slice(&f->moof), &f->change, &f->out);
}

/* Word `at` of the payload of box `number` of that type, from 0. */
static uint32_t word(const struct buf *bytes, const char *type, size_t number,
                     size_t at)
{
    const uint8_t *found = bytes->data;
    for (;;) {
        found =
            memmem(found, bytes->size - (size_t)(found - bytes->data), type, 4);
        if (found == NULL)
            return 0xdeadbeef;
        found += 4;
        if (number-- == 0)
            return be32_load(found + 4 * at);
    }
}

TEST(what_does_not_move_stays_as_it_is)
{
    static const struct recipe recipes[] = {
        {.moof_base = true, .tfdt = 1, .time = 5, .data_offset = 400},
        {.tfdt = 0, .time = 5, .data_offset = 400, .trafs = 1},
        {.absolute = true, .base = AT, .tfdt = 0, .data_offset = 400},
    };
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(release) struct fixture f = {.change = {.to = AT}};
        CHECK_OK(patch(&f, &recipes[i]));
        memset(f.shifts, 0, sizeof(f.shifts));
        CHECK_OK(moof_patch(&f.movie, buf_slice(&f.moof), &f.change, &f.out));
        CHECK(slice_equal(buf_slice(&f.moof), buf_slice(&f.out)));
    }
}

TEST(fragments_are_numbered_anew_when_that_is_wanted)
{
    const struct recipe recipe = {.moof_base = true, .data_offset = 400};
    CLEANUP(release) struct fixture f = {0};
    CLEANUP(release)
    struct fixture g = {.change = {.renumber = true, .number = 3}};
    CHECK_OK(patch(&f, &recipe));
    CHECK(word(&f.out, "mfhd", 0, 1) == 77);
    CHECK_OK(patch(&g, &recipe));
    CHECK(word(&g.out, "mfhd", 0, 1) == 3);
}

TEST(times_are_shifted_by_what_their_track_is)
{
    const struct recipe narrow = {
        .moof_base = true, .time = 330, .data_offset = 400, .trafs = 1};
    const struct recipe wide = {.moof_base = true,
                                .tfdt = 1,
                                .time = UINT64_C(0x100000001),
                                .data_offset = 400};
    CLEANUP(release) struct fixture f = {0};
    CLEANUP(release) struct fixture g = {0};
    CHECK_OK(patch(&f, &narrow));
    CHECK(word(&f.out, "tfdt", 0, 1) == 300);
    CHECK(word(&f.out, "tfdt", 1, 1) == 30);
    CHECK_OK(patch(&g, &wide));
    CHECK(word(&g.out, "tfdt", 0, 1) == 0);
    CHECK(word(&g.out, "tfdt", 0, 2) == 0xffffffe3);
}

TEST(an_offset_in_the_file_moves_along)
{
    const struct recipe recipe = {
        .absolute = true, .base = AT, .data_offset = 400, .trafs = 1};
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(patch(&f, &recipe));
    CHECK(word(&f.out, "tfhd", 0, 2) == 0);
    CHECK(word(&f.out, "tfhd", 0, 3) == 100);
    CHECK(word(&f.out, "trun", 0, 2) == 400);
    CHECK(f.out.size == f.moof.size);
}

TEST(an_offset_from_the_start_of_the_file_is_counted_from_the_moof)
{
    const struct recipe recipe = {
        .absolute = true, .base = 0, .data_offset = AT + 400};
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(patch(&f, &recipe));
    CHECK(word(&f.out, "tfhd", 0, 3) == 100);
    CHECK(word(&f.out, "trun", 0, 2) == 400);
}

TEST(a_traf_without_a_time_gets_one_and_offsets_make_room)
{
    const struct recipe recipe = {.moof_base = true,
                                  .tfdt = -1,
                                  .data_offset = 400,
                                  .has_saio = true,
                                  .saio = 120,
                                  .trafs = 1};
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(patch(&f, &recipe));
    CHECK(f.out.size == f.moof.size + 2 * TFDT_BYTES);
    CHECK(be32_load(f.out.data) == f.out.size);
    CHECK(word(&f.out, "tfdt", 0, 2) == 20);
    CHECK(word(&f.out, "tfdt", 1, 2) == 200);
    CHECK(word(&f.out, "trun", 0, 2) == 400 + 2 * TFDT_BYTES);
    /* The first insertion is before byte 120 of the 'moof', the other not. */
    CHECK(word(&f.out, "saio", 0, 2) == 120 + TFDT_BYTES);
}

TEST(offsets_of_encryption_move_in_every_form_they_have)
{
    struct recipe recipe = {.moof_base = true,
                            .tfdt = -1,
                            .data_offset = 400,
                            .has_saio = true,
                            .saio_is_long = true,
                            .saio = 120};
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(patch(&f, &recipe));
    CHECK(word(&f.out, "saio", 0, 2) == 7);
    CHECK(word(&f.out, "saio", 0, 3) == 2);
    CHECK(word(&f.out, "saio", 0, 5) == 124 + TFDT_BYTES);
    CHECK(word(&f.out, "saio", 0, 7) == 120 + TFDT_BYTES);

    recipe.saio_is_long = false;
    recipe.saio = UINT32_MAX - 1; /* no room for what is inserted */
    CLEANUP(release) struct fixture g = {0};
    CHECK_FAILS(DITS_E_LIMIT, patch(&g, &recipe));
}

TEST(what_is_right_behind_the_place_of_a_new_box_moves)
{
    enum { BEHIND_TFHD = 8 + 16 + 8 + 16 };
    struct recipe recipe = {.moof_base = true,
                            .tfdt = -1,
                            .data_offset = 400,
                            .has_saio = true,
                            .saio = BEHIND_TFHD};
    CLEANUP(release) struct fixture f = {0};
    CLEANUP(release) struct fixture g = {0};
    CHECK_OK(patch(&f, &recipe));
    CHECK(word(&f.out, "saio", 0, 2) == BEHIND_TFHD + TFDT_BYTES);
    recipe.saio--;
    CHECK_OK(patch(&g, &recipe));
    CHECK(word(&g.out, "saio", 0, 2) == BEHIND_TFHD - 1);
}

TEST(a_size_of_8_bytes_grows_too)
{
    const struct recipe recipe = {
        .moof_base = true, .tfdt = -1, .data_offset = 400};
    CLEANUP(release) struct fixture f = {0};
    CLEANUP(buf_release) struct buf large = {0};
    CHECK_OK(patch(&f, &recipe));
    boxes_be32(&large, 1);
    boxes_put(&large, "moof", 4);
    boxes_be32(&large, 0);
    boxes_be32(&large, (uint32_t)f.moof.size + 8);
    boxes_put(&large, f.moof.data + 8, f.moof.size - 8);
    CHECK_OK(moof_patch(&f.movie, buf_slice(&large), &f.change, &f.out));
    CHECK(f.out.size == large.size + TFDT_BYTES);
    CHECK(be32_load(f.out.data) == 1);
    CHECK(be64_load(f.out.data + 8) == f.out.size);
}

/* 'tfxd' or 'tfrf', with `count` times from 50 on, each with a duration. */
static void put_smooth(struct buf *out, bool is_tfxd, bool is_long,
                       unsigned count)
{
    static const uint8_t tfxd[16] = {0x6d, 0x1d, 0x9b, 0x05, 0x42, 0xd5,
                                     0x44, 0xe6, 0x80, 0xe2, 0x14, 0x1d,
                                     0xaf, 0xf7, 0x57, 0xb2};
    static const uint8_t tfrf[16] = {0xd4, 0x80, 0x7e, 0xf2, 0xca, 0x39,
                                     0x46, 0x95, 0x8e, 0x54, 0x26, 0xcb,
                                     0x9e, 0x46, 0xa7, 0x9f};
    size_t box = boxes_begin(out, "uuid");
    boxes_put(out, is_tfxd ? tfxd : tfrf, 16);
    boxes_be32(out, is_long ? UINT32_C(1) << 24 : 0);
    if (!is_tfxd)
        boxes_put(out, &(uint8_t){(uint8_t)count}, 1);
    for (unsigned i = 0; i < 2 * count; i++) { /* a time, a duration, ... */
        if (is_long)
            boxes_be32(out, 0);
        boxes_be32(out, 50 + i);
    }
    boxes_end(out, box);
}

TEST(times_of_smooth_streaming_are_shifted)
{
    const struct recipe recipe = {.moof_base = true, .tfdt = 1, .time = 50};
    for (int is_long = 0; is_long < 2; is_long++) {
        CLEANUP(release) struct fixture f = {0};
        CLEANUP(buf_release) struct buf moof = {0};
        size_t step = is_long ? 8 : 4;
        CHECK_OK(patch(&f, &recipe));
        size_t box = boxes_begin(&moof, "moof");
        size_t traf = boxes_begin(&moof, "traf");
        put_tfhd(&moof, &recipe, VIDEO);
        put_tfdt(&moof, &recipe);
        put_smooth(&moof, true, is_long, 1);
        size_t end = moof.size;
        put_smooth(&moof, false, is_long, 2);
        boxes_end(&moof, traf);
        boxes_end(&moof, box);
        CHECK_OK(moof_patch(&f.movie, buf_slice(&moof), &f.change, &f.out));
        CHECK(f.out.size == moof.size);
        const uint8_t *last = f.out.data + end - 4; /* a duration: stays */
        CHECK(be32_load(last) == 51 && be32_load(last - step) == 20);
        last = f.out.data + moof.size - 4;
        CHECK(be32_load(last) == 53 && be32_load(last - step) == 22);
        CHECK(be32_load(last - 2 * step) == 51);
        CHECK(be32_load(last - 3 * step) == 20);
    }
}

TEST(runs_without_an_offset_follow_a_base_that_points_at_them)
{
    const struct recipe recipe = {
        .absolute = true, .base = AT + 400, .tfdt = -1, .no_offset = true};
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(patch(&f, &recipe));
    CHECK(word(&f.out, "tfhd", 0, 3) == 100 + 400 + TFDT_BYTES);
    CHECK(word(&f.out, "trun", 0, 0) == 0);
}

TEST(the_second_traf_goes_on_where_the_first_ended)
{
    /* Neither says where its data is: only the first is counted from here. */
    const struct recipe recipe = {
        .tfdt = -1, .data_offset = 400, .has_saio = true, .trafs = 1};
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(patch(&f, &recipe));
    CHECK(word(&f.out, "trun", 0, 2) == 400 + 2 * TFDT_BYTES);
    CHECK(word(&f.out, "saio", 1, 2) == 0);
}

TEST(what_does_not_fit_is_refused)
{
    const struct recipe far = {
        .moof_base = true, .tfdt = -1, .data_offset = INT32_MAX};
    const struct recipe base = {
        .absolute = true, .base = AT + 400, .no_offset = true};
    CLEANUP(release) struct fixture f = {0};
    CLEANUP(release) struct fixture g = {.change = {.to = UINT64_MAX - 10}};
    CHECK_FAILS(DITS_E_LIMIT, patch(&f, &far));
    CHECK_FAILS(DITS_E_LIMIT, patch(&g, &base));

    const struct recipe narrow = {.moof_base = true, .data_offset = 400};
    CLEANUP(release) struct fixture h = {0};
    CHECK_OK(patch(&h, &narrow));
    h.shifts[0] = -(INT64_C(1) << 32); /* later than version 0 can say */
    CHECK_FAILS(DITS_E_LIMIT,
                moof_patch(&h.movie, buf_slice(&h.moof), &h.change, &h.out));
}

TEST(a_fragment_that_changed_meanwhile_is_refused)
{
    const struct recipe recipe = {
        .moof_base = true, .data_offset = 400, .trafs = 1};
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(patch(&f, &recipe));
    f.parts[1].track = 0;
    CHECK_FAILS(DITS_E_CORRUPT,
                moof_patch(&f.movie, buf_slice(&f.moof), &f.change, &f.out));
    f.change.part_count = 1;
    CHECK_FAILS(DITS_E_CORRUPT,
                moof_patch(&f.movie, buf_slice(&f.moof), &f.change, &f.out));
    for (size_t size = 0; size < f.moof.size; size++)
        dits_error_free(moof_patch(&f.movie, slice_of(f.moof.data, size),
                                   &f.change, &f.out));
}

TEST(events_and_clocks_are_shifted_with_the_samples)
{
    CLEANUP(release) struct fixture f = {0};
    const struct recipe recipe = {.moof_base = true, .data_offset = 400};
    CHECK_OK(patch(&f, &recipe));
    buf_clear(&f.out);
    size_t box = boxes_begin(&f.out, "emsg");
    boxes_be32(&f.out, 1u << 24);
    boxes_be32(&f.out, 1000);
    boxes_be32(&f.out, 0);
    boxes_be32(&f.out, 800);
    boxes_end(&f.out, box);
    lead_patch(&f.movie, f.out.data, f.out.size, f.shifts, 30, 100);
    CHECK(word(&f.out, "emsg", 0, 3) == 500);
    lead_patch(&f.movie, f.out.data, f.out.size, f.shifts, 30, 10);
    CHECK(word(&f.out, "emsg", 0, 3) == 0); /* it began before */
    buf_clear(&f.out);
    box = boxes_begin(&f.out, "prft");
    boxes_be32(&f.out, 0);
    boxes_be32(&f.out, SOUND);
    boxes_zeros(&f.out, 8);
    boxes_be32(&f.out, 900);
    boxes_end(&f.out, box);
    lead_patch(&f.movie, f.out.data, f.out.size, f.shifts, 30, 100);
    CHECK(word(&f.out, "prft", 0, 4) == 600);
}
