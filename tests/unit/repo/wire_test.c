#include "repo/wire.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/test.h"

static const struct dits_oid one = {{1}};
static const struct dits_oid two = {{2}};

TEST(answers_of_yes_and_no_come_back)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const bool flags[11] = {true,  false, true,  false, false, false,
                            false, false, false, true,  true};
    bool back[11] = {false};
    CHECK_OK(wire_flags_encode(flags, 11, &bytes));
    CHECK(bytes.size == 2);
    CHECK_OK(wire_flags_decode(buf_slice(&bytes), 11, back));
    CHECK(memcmp(flags, back, sizeof(back)) == 0);
    CHECK_FAILS(DITS_E_CORRUPT, wire_flags_decode(buf_slice(&bytes), 8, back));
    CHECK_FAILS(DITS_E_CORRUPT, wire_flags_decode(buf_slice(&bytes), 9, back));
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_flags_decode(slice_of(bytes.data, 1), 11, back));
    CHECK_OK(wire_flags_decode((struct slice){0}, 0, back));
}

TEST(ids_come_back_and_no_more_than_allowed)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct dits_oid ids[] = {one, two};
    struct wire_ids back = {0};
    CHECK_OK(wire_put_ids((struct wire_ids){ids, 2}, &bytes));
    CHECK_OK(wire_ids_decode(buf_slice(&bytes), &back));
    CHECK(back.count == 2 && dits_oid_equal(&back.items[1], &two));
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_ids_decode(slice_of(bytes.data, bytes.size - 1), &back));
    buf_clear(&bytes);
    CHECK_OK(buf_put_varint(&bytes, WIRE_MAX_IDS + 1));
    CHECK_FAILS(DITS_E_CORRUPT, wire_ids_decode(buf_slice(&bytes), &back));
}

/* --- refs --- */

static dits_error *add_ref(struct transport_refs *refs, const char *name)
{
    struct transport_ref *items =
        mem_resize(refs->items, refs->count, refs->count + 1, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    refs->items = items;
    struct transport_ref ref = {.id = one, .commit = one, .kind = CHUNK_COMMIT};
    TRY(text_copy(name, &ref.owned_name));
    ref.name = ref.owned_name;
    refs->items[refs->count++] = ref;
    return NULL;
}

static dits_error *example_refs(struct transport_refs *out)
{
    TRY(add_ref(out, "refs/heads/main"));
    TRY(add_ref(out, "refs/tags/v1"));
    out->items[1].id = two;
    out->items[1].kind = CHUNK_TAG;
    out->head_id = one;
    return text_copy("refs/heads/main", &out->head);
}

TEST(refs_are_as_documented)
{
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    CLEANUP(transport_refs_release) struct transport_refs back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf dump = {0};
    bool more = true;
    CHECK_OK(example_refs(&refs));
    CHECK_OK(wire_refs_encode(&refs, 0, &bytes));
    CHECK_OK(doc_dump_read("../protocol/sync", 1, &dump));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&dump)));
    CHECK_OK(wire_refs_decode(buf_slice(&bytes), &back, &more));
    CHECK(!more && back.count == 2 && strcmp(back.head, refs.head) == 0);
    CHECK(strcmp(back.items[1].name, "refs/tags/v1") == 0);
    CHECK(back.items[1].kind == CHUNK_TAG);
    /* The same page again is out of order. */
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_refs_decode(buf_slice(&bytes), &back, &more));
}

TEST(refs_that_no_repository_has_are_refused)
{
    static const char *const names[] = {"main", "refs/heads/a..b",
                                        "refs/heads/\n", "../x"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        CLEANUP(transport_refs_release) struct transport_refs refs = {0};
        CLEANUP(transport_refs_release) struct transport_refs back = {0};
        CLEANUP(buf_release) struct buf bytes = {0};
        bool more = false;
        CHECK_OK(add_ref(&refs, names[i]));
        CHECK_OK(wire_refs_encode(&refs, 0, &bytes));
        CHECK_FAILS(DITS_E_CORRUPT,
                    wire_refs_decode(buf_slice(&bytes), &back, &more));
    }
}

TEST(many_refs_come_in_pages)
{
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    CLEANUP(transport_refs_release) struct transport_refs back = {0};
    enum { COUNT = 8000 };
    bool more = true;
    unsigned pages = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        CHECK_OK(buf_printf(&name, "refs/heads/%0900u", i));
        CHECK_OK(add_ref(&refs, buf_text(&name)));
    }
    for (; more; pages++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CHECK_OK(wire_refs_encode(&refs, back.count, &bytes));
        CHECK(bytes.size < EXCHANGE_MAX_BODY);
        CHECK_OK(wire_refs_decode(buf_slice(&bytes), &back, &more));
    }
    CHECK(pages == 2 && back.count == COUNT);
}

TEST(a_page_without_refs_is_the_last)
{
    CLEANUP(transport_refs_release) struct transport_refs back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    bool more = false;
    CHECK_OK(wire_refs_encode(&back, 0, &bytes));
    bytes.data[0] = 1;
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_refs_decode(buf_slice(&bytes), &back, &more));
}

/* --- plan --- */

TEST(a_wish_comes_back)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf dump = {0};
    CLEANUP(wire_wish_release) struct wire_wish back = {0};
    const struct bundle_ref ref = {
        .name = (char[]){"HEAD"}, .id = one, .kind = CHUNK_COMMIT};
    const struct transport_wish wish = {.refs = &ref,
                                        .ref_count = 1,
                                        .haves = &two,
                                        .have_count = 1,
                                        .depth = 300,
                                        .follow_tags = true};
    CHECK_OK(wire_wish_encode(&wish, &bytes));
    CHECK_OK(doc_dump_read("../protocol/sync", 2, &dump));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&dump)));
    CHECK_OK(wire_wish_decode(buf_slice(&bytes), &back));
    CHECK(back.depth == 300 && back.follow_tags && back.refs.ref_count == 1);
    CHECK(strcmp(back.refs.refs[0].name, "HEAD") == 0);
    CHECK(back.haves.count == 1 && dits_oid_equal(&back.haves.items[0], &two));
}

TEST(a_list_may_have_no_refs_and_has_a_version)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(bundle_list_release) struct bundle_list back = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(bundle_list_add_need(&list, &one, slice_of_text("why")));
    CHECK_OK(wire_list_encode(&list, &bytes));
    struct cursor in = cursor_over(bytes.data, bytes.size);
    CHECK_OK(wire_list_decode(&in, &back));
    CHECK(back.need_count == 1 && back.ref_count == 0);
    bytes.data[0] = 9;
    in = cursor_over(bytes.data, bytes.size);
    CHECK_FAILS(DITS_E_UNSUPPORTED, wire_list_decode(&in, &back));
}

/* --- chunks --- */

static struct frame frame_of(const char *text)
{
    struct frame frame = {.plain_size = (uint32_t)strlen(text),
                          .stored_size = (uint32_t)strlen(text)};
    chunk_id(CHUNK_DATA, text, strlen(text), &frame.id);
    return frame;
}

TEST(chunks_are_as_documented)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf dump = {0};
    struct frame frame = frame_of("hello");
    struct wire_chunk back = {0};
    CHECK_OK(wire_put_chunk(&frame, "hello", &bytes));
    CHECK_OK(wire_put_missing(&two, &bytes));
    CHECK_OK(doc_dump_read("../protocol/sync", 3, &dump));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&dump)));
    struct cursor in = cursor_over(bytes.data, bytes.size);
    CHECK_OK(wire_take_chunk(&in, &back));
    CHECK(!back.is_missing && dits_oid_equal(&back.frame.id, &frame.id));
    CHECK(slice_equal(back.stored, slice_of_text("hello")));
    CHECK_OK(wire_take_chunk(&in, &back));
    CHECK(back.is_missing && dits_oid_equal(&back.frame.id, &two));
    CHECK(cursor_left(&in) == 0);
    for (size_t size = 1; size < bytes.size; size++) {
        bool ends = size == 1 + FRAME_HEADER_SIZE + 5;
        in = cursor_over(bytes.data, size);
        dits_error *err = wire_take_chunk(&in, &back);
        if (err == NULL && size > 1 + FRAME_HEADER_SIZE + 5)
            err = wire_take_chunk(&in, &back);
        CHECK(ends ? err == NULL : dits_error_has(err, DITS_E_CORRUPT));
        dits_error_free(err);
    }
}

TEST(a_question_and_a_piece_come_back)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct wire_question question = {
        .room = 70000, .ids = {&one, 1}, .stops = {&two, 1}, .cuts = {&one, 1}};
    const struct wire_piece piece = {
        .upload = {{7}}, .offset = 24, .frames = slice_of_text("frames")};
    struct wire_question asked = {0};
    struct wire_piece back = {0};
    uint64_t number = 0;
    CHECK_OK(wire_question_encode(&question, &bytes));
    CHECK_OK(wire_question_decode(buf_slice(&bytes), &asked));
    CHECK(asked.room == 70000 && asked.ids.count == 1 && asked.cuts.count == 1);
    CHECK(dits_oid_equal(&asked.stops.items[0], &two));
    buf_clear(&bytes);
    CHECK_OK(wire_piece_encode(&piece, &bytes));
    CHECK_OK(wire_piece_decode(buf_slice(&bytes), &back));
    CHECK(back.upload.bytes[0] == 7 && back.offset == 24);
    CHECK(slice_equal(back.frames, piece.frames));
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_piece_decode(slice_of(bytes.data, 23), &back));
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_number_decode(slice_of(bytes.data, 9), &number));
}

/* --- publish --- */

static dits_error *example_publication(struct transport_update updates[2],
                                       struct buf *out)
{
    updates[0] = (struct transport_update){.name = "refs/heads/main",
                                           .before = one,
                                           .after = two,
                                           .kind = CHUNK_COMMIT};
    updates[1] =
        (struct transport_update){.name = "refs/tags/old", .before = two};
    const struct wire_publication publication = {
        .key = {{1, 2, 3}}, .atomic = true, .updates = updates, .count = 2};
    return wire_publication_encode(&publication, out);
}

TEST(a_publication_is_as_documented)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf dump = {0};
    CLEANUP(wire_publication_release) struct wire_publication back = {0};
    struct transport_update updates[2] = {{0}};
    CHECK_OK(example_publication(updates, &bytes));
    CHECK_OK(doc_dump_read("../protocol/sync", 4, &dump));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&dump)));
    CHECK_OK(wire_publication_decode(buf_slice(&bytes), &back));
    CHECK(back.count == 2 && back.atomic && back.key.bytes[2] == 3);
    CHECK(strcmp(back.updates[0].name, "refs/heads/main") == 0);
    CHECK(dits_oid_equal(&back.updates[0].after, &two));
    CHECK(dits_oid_is_zero(&back.updates[1].after));
    CHECK(back.list.ref_count == 0);
}

TEST(verdicts_come_back)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct transport_update updates[2] = {{.refused = (char[]){"no"}}, {0}};
    struct transport_update back[2] = {{0}};
    CHECK_OK(wire_verdicts_encode(updates, 2, &bytes));
    CHECK_OK(wire_verdicts_decode(buf_slice(&bytes), back, 2));
    bool same = strcmp(back[0].refused, "no") == 0 && back[1].refused == NULL;
    mem_free(back[0].refused);
    back[0].refused = NULL;
    CHECK(same);
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_verdicts_decode(buf_slice(&bytes), back, 1));
    mem_free(back[0].refused);
}

TEST(allocations_may_fail)
{
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CLEANUP(wire_publication_release) struct wire_publication back = {0};
        struct transport_update updates[2] = {{0}};
        CHECK_OK(example_publication(updates, &bytes));
        mem_fault_arm(nth);
        dits_error *err = wire_publication_decode(buf_slice(&bytes), &back);
        reached = mem_fault_disarm();
        CHECK(reached ? dits_error_has(err, DITS_E_NOMEM) : err == NULL);
        dits_error_free(err);
    }
}
