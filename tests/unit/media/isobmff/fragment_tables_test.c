#include "media/isobmff/fragment_tables.h"

#include "base/be.h"
#include "support/box_maker.h"
#include "support/memory_source.h"
#include "support/test.h"

/* Two fragments, from 1000 to 1100 and from 1200 to 1300, with a movie before
 * them that ends at 900. */
struct fixture {
    struct indexed_fragment list[3];
    struct fragment_index index;
    struct buf bytes;
    struct index_boxes boxes;
};

static void release(struct fixture *f)
{
    index_boxes_release(&f->boxes);
    buf_release(&f->bytes);
}

/* All boxes in `bytes` are taken for tables of the file. */
static dits_error *check(struct fixture *f)
{
    struct memory_source source =
        memory_source_over(f->bytes.data, f->bytes.size);
    CLEANUP(window_release) struct window window = {.source = &source.base};
    struct box_walk walk = box_walk_over(&window, 0, f->bytes.size);
    struct box box = {0};
    bool found = true;
    f->list[0] = (struct indexed_fragment){.offset = 1000, .end = 1100};
    f->list[1] = (struct indexed_fragment){.offset = 1200, .end = 1300};
    f->index = (struct fragment_index){
        .movie_offset = 800, .movie_size = 100, .count = 2, .list = f->list};
    for (;;) {
        TRY(box_next(&walk, &box, &found));
        if (!found)
            return index_boxes_check(&f->boxes, &window, &f->index);
        TRY(index_boxes_add(&f->boxes, &box));
    }
}

/* With references of these sizes, of which it claims to have `claimed`. */
static void put_sidx(struct buf *out, uint32_t first_offset,
                     const uint32_t *references, size_t count, size_t claimed)
{
    size_t box = boxes_begin(out, "sidx");
    boxes_be32(out, 0);
    boxes_be32(out, 1);   /* track */
    boxes_be32(out, 100); /* ticks a second */
    boxes_be32(out, 0);
    boxes_be32(out, first_offset);
    boxes_be32(out, (uint32_t)claimed);
    for (size_t i = 0; i < count; i++) {
        boxes_be32(out, references[i]);
        boxes_zeros(out, 8);
    }
    boxes_end(out, box);
}

TEST(references_lead_to_a_fragment_or_to_what_is_before_one)
{
    /* From 950, which is right; then 1050, in a fragment; 1150; 1260. */
    static const uint32_t sizes[] = {100, 100, 110, 50};
    enum { SIZE = 32 + 4 * 12 };
    CLEANUP(release) struct fixture f = {0};
    put_sidx(&f.bytes, 950 - SIZE, sizes, 4, 5); /* one is missing */
    CHECK(f.bytes.size == SIZE);
    CHECK_OK(check(&f));
    CHECK(f.index.sidx.boxes == 1 && f.index.tfra.boxes == 0);
    CHECK(f.index.sidx.entries == 5 && f.index.sidx.wrong == 3);
}

TEST(the_movie_is_not_before_a_fragment)
{
    static const uint32_t sizes[] = {50};
    CLEANUP(release) struct fixture f = {0};
    put_sidx(&f.bytes, 850 - (32 + 12), sizes, 1, 1);
    CHECK_OK(check(&f));
    CHECK(f.index.sidx.entries == 1 && f.index.sidx.wrong == 1);
}

TEST(references_to_an_index_lead_to_one)
{
    const uint32_t is_index = UINT32_C(1) << 31;
    const uint32_t sizes[] = {is_index | 12, is_index | 20};
    CLEANUP(release) struct fixture f = {0};
    put_sidx(&f.bytes, 0, sizes, 2, 2); /* what follows, and its inside */
    put_sidx(&f.bytes, 0, NULL, 0, 0);
    CHECK_OK(check(&f));
    CHECK(f.index.sidx.boxes == 2);
    CHECK(f.index.sidx.entries == 2 && f.index.sidx.wrong == 1);
}

TEST(rows_of_random_access_have_numbers_of_any_width)
{
    enum { NUMBERS = 2 + 3 + 4 };
    static const uint32_t moofs[] = {1000, 1150, 1200};
    for (uint32_t version = 0; version < 2; version++) {
        CLEANUP(release) struct fixture f = {0};
        size_t mfra = boxes_begin(&f.bytes, "mfra");
        size_t box = boxes_begin(&f.bytes, "tfra");
        boxes_be32(&f.bytes, version << 24);
        boxes_be32(&f.bytes, 1);
        boxes_be32(&f.bytes, 1 << 4 | 2 << 2 | 3);
        boxes_be32(&f.bytes, 3);
        for (size_t i = 0; i < 3; i++) {
            boxes_zeros(&f.bytes, version == 1 ? 12 : 4);
            boxes_be32(&f.bytes, moofs[i]);
            boxes_zeros(&f.bytes, NUMBERS);
        }
        boxes_end(&f.bytes, box);
        boxes_end(&f.bytes, mfra);
        CHECK_OK(check(&f));
        CHECK(f.index.tfra.boxes == 1);
        CHECK(f.index.tfra.entries == 3 && f.index.tfra.wrong == 1);
    }
}
