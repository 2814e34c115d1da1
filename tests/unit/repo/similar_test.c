#include "repo/similar.h"

#include <string.h>

#include "object/asset.h"
#include "support/mem_fault.h"
#include "support/store_fixture.h"
#include "support/temp_repo.h"
#include "support/test.h"

/* Bytes that are put into files, some of which are parts of others. */
enum { CLIP_BYTES = 3 << 20 };

struct setting {
    struct temp_repo temp;
    struct store_writer *writer;
    struct change_list list;
};

static void setting_release(struct setting *s)
{
    change_list_release(&s->list);
    store_writer_free(s->writer);
    temp_repo_release(&s->temp);
}

static dits_error *setting_make(struct setting *s)
{
    TRY(temp_repo_make(&s->temp));
    return store_writer_begin(s->temp.repo->store, &s->writer);
}

/* One file that went, or came. Paths rise. */
static dits_error *add(struct setting *s, const char *path, struct slice bytes,
                       bool removed)
{
    struct asset_store_options options = {
        .context = s->temp.context, .writer = s->writer, .threads = 1};
    struct change_side side = {.mode = TREE_FILE};
    struct change_side none = {0};
    struct asset_info info = {0};
    TRY(asset_store_bytes(&options, bytes.data, bytes.size, &side.id, &info));
    return change_list_add(&s->list, path, removed ? side : none,
                           removed ? none : side);
}

static dits_error *went(struct setting *s, const char *path, const char *text)
{
    return add(s, path, slice_of_text(text), true);
}

static dits_error *came(struct setting *s, const char *path, const char *text)
{
    return add(s, path, slice_of_text(text), false);
}

/* "new<old added -removed" */
static dits_error *show(const struct change_list *list, struct buf *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct change *change = &list->items[i];
        bool is_removal = change->after.mode == 0;
        TRY(buf_printf(out, "%s%s%s%s%s", i > 0 ? " " : "",
                       is_removal ? "-" : "", change->path,
                       change->old_path != NULL ? "<" : "",
                       change->old_path != NULL ? change->old_path : ""));
    }
    return NULL;
}

static bool finds(struct setting *s, const char *expected)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(dits_error_freep) dits_error *err = NULL;
    err = store_writer_commit(s->writer);
    if (err == NULL)
        err = similar_find_renames(s->temp.repo, &s->list, SIMILAR_MAX_MERGED);
    if (err == NULL)
        err = show(&s->list, &text);
    return err == NULL && strcmp(buf_text(&text), expected) == 0;
}

TEST(texts_that_share_a_half_of_their_lines_are_one)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s));
    CHECK_OK(went(&s, "a", "1111\n2222\n3333\n4444\n"));
    CHECK_OK(went(&s, "b", "aaaa\nbbbb\ncccc\ndddd\n"));
    CHECK_OK(came(&s, "x", "1111\n2222\nother\n"));
    CHECK_OK(came(&s, "y", "aaaa\nnone\nof\nthem\nis\nthere\n"));
    CHECK(finds(&s, "-b x<a y"));
}

TEST(the_best_match_is_taken_and_each_file_once)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s));
    CHECK_OK(went(&s, "a", "1111\n2222\n3333\n4444\n"));
    CHECK_OK(came(&s, "x", "1111\n2222\n3333\nx\n"));
    CHECK_OK(came(&s, "y", "1111\n2222\n3333\n4444\ny\n"));
    CHECK(finds(&s, "x y<a"));
}

/* However often a line is there, it is one line of one file. */
TEST(lines_that_come_often_count)
{
    CLEANUP(setting_release) struct setting s = {0};
    CLEANUP(buf_release) struct buf text = {0};
    CHECK_OK(setting_make(&s));
    for (unsigned i = 0; i < 200; i++)
        CHECK_OK(buf_put_text(&text, "the same\n"));
    CHECK_OK(went(&s, "a", buf_text(&text)));
    CHECK_OK(buf_put_text(&text, "and one more\n"));
    CHECK_OK(came(&s, "b", buf_text(&text)));
    CHECK_OK(came(&s, "c", "the same\n"));
    CHECK(finds(&s, "b<a c"));
}

TEST(lines_of_a_hundred_files_say_nothing)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s));
    for (unsigned i = 0; i < 100; i++) {
        CLEANUP(buf_release) struct buf path = {0};
        CHECK_OK(buf_printf(&path, "a%03u", i));
        CHECK_OK(went(&s, buf_text(&path), "licence\n"));
    }
    CHECK_OK(came(&s, "b", "licence\nmine\n"));
    CHECK_OK(store_writer_commit(s.writer));
    CHECK_OK(similar_find_renames(s.temp.repo, &s.list, SIMILAR_MAX_MERGED));
    CHECK(s.list.count == 101 && s.list.items[100].old_path == NULL);
}

TEST(a_clip_that_was_trimmed_is_still_the_clip)
{
    static uint8_t clip[CLIP_BYTES];
    static uint8_t other[CLIP_BYTES];
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s));
    fill_random(clip, sizeof(clip), 1);
    fill_random(other, sizeof(other), 2);
    CHECK_OK(add(&s, "clip", slice_of(clip, sizeof(clip)), true));
    CHECK_OK(add(&s, "other", slice_of(other, sizeof(other)), false));
    CHECK_OK(add(&s, "part", slice_of(clip, sizeof(clip) / 3), false));
    CHECK(finds(&s, "other part<clip"));
}

TEST(empty_files_and_texts_without_lines_match_nothing)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s));
    CHECK_OK(went(&s, "a", ""));
    CHECK_OK(went(&s, "b", "text\n"));
    CHECK_OK(came(&s, "c", ""));
    CHECK_OK(add(&s, "d", slice_of("text\n\0", 6), false));
    CHECK(finds(&s, "-a -b c d"));
}

TEST(a_file_without_an_id_is_passed_over)
{
    CLEANUP(setting_release) struct setting s = {0};
    struct change_side unknown = {.mode = TREE_FILE};
    CHECK_OK(setting_make(&s));
    CHECK_OK(went(&s, "a", "text\n"));
    CHECK_OK(change_list_add(&s.list, "b", (struct change_side){0}, unknown));
    CHECK(finds(&s, "-a b"));
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(setting_release) struct setting s = {0};
    CHECK_OK(setting_make(&s));
    CHECK_OK(went(&s, "a", "1111\n2222\n3333\n"));
    CHECK_OK(came(&s, "x", "1111\n2222\n4444\n"));
    CHECK_OK(store_writer_commit(s.writer));
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        mem_fault_arm(nth);
        dits_error *err =
            similar_find_renames(s.temp.repo, &s.list, SIMILAR_MAX_MERGED);
        reached = mem_fault_disarm();
        bool failed = dits_error_has(err, DITS_E_NOMEM);
        CHECK(failed || err == NULL);
        dits_error_free(err);
        CHECK(s.list.count == (failed ? 2u : 1u));
        if (!failed)
            break;
    }
}
