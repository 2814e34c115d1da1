/* The worked examples of docs/formats are what this code reads and writes. */
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "object/commit.h"
#include "object/list_node.h"
#include "object/media_summary.h"
#include "object/object.h"
#include "object/recipe.h"
#include "object/tree_node.h"
#include "support/doc_dump.h"
#include "support/test.h"

static bool is_id_of(const struct dits_oid *id, const char *text)
{
    struct dits_oid wanted = {0};
    hash_bytes(text, strlen(text), &wanted);
    return dits_oid_equal(id, &wanted);
}

TEST(the_page_on_the_header_shows_the_empty_tree)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct cursor in = {0};
    struct dits_oid id = {0};
    struct dits_oid empty = {0};
    CHECK_OK(doc_dump_read("object-header", 1, &bytes));
    CHECK_OK(object_open(CHUNK_TREE, buf_slice(&bytes), &in));
    chunk_id(CHUNK_TREE, bytes.data, bytes.size, &id);
    tree_empty_id(&empty);
    CHECK(dits_oid_equal(&id, &empty));
}

/* Read the `nth` asset of the page, and check that it is written the same. */
static dits_error *read_asset(unsigned nth, struct recipe *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf again = {0};
    TRY(doc_dump_read("asset", nth, &bytes));
    TRY(recipe_parse(buf_slice(&bytes), out));
    TRY(recipe_encode(out, &again));
    return slice_equal(buf_slice(&bytes), buf_slice(&again))
               ? NULL
               : error_new(DITS_E_CORRUPT, "written otherwise");
}

TEST(the_page_on_assets_shows_every_form)
{
    CLEANUP(recipe_release) struct recipe whole = {0};
    CLEANUP(recipe_release) struct recipe flat = {0};
    CLEANUP(recipe_release) struct recipe woven = {0};
    CHECK_OK(read_asset(1, &whole));
    CHECK(whole.info.size == 5 && is_id_of(&whole.info.content, "hello"));
    CHECK_OK(read_asset(2, &flat));
    CHECK(flat.info.chunk_count == 4);
    CHECK(flat.info.size == 300000 + 3 * 1048576);
    CHECK_OK(read_asset(3, &woven));
    CHECK(woven.info.is_woven && woven.stream_count == 2);
    CHECK(woven.weave.parts[0].runs == 3 && woven.weave.parts[0].size == 2100);
    CHECK(woven.swapped[0] == 0 && woven.swapped[1] == 3);
    struct media_summary summary = {0};
    CHECK_OK(media_summary_parse(buf_slice(&woven.summary), &summary));
    CHECK(strcmp(summary.streams[1].codec, "pcm_s24be") == 0);
}

TEST(the_page_on_assets_shows_a_packed_file)
{
    CLEANUP(recipe_release) struct recipe wrapped = {0};
    CHECK_OK(read_asset(4, &wrapped));
    CHECK(wrapped.form == RECIPE_WRAPPED && wrapped.info.size == 3018);
    CHECK(wrapped.wrapped.count == 1);
    CHECK(wrapped.wrapped.members[0].offset == 10);
    CHECK(wrapped.wrapped.members[0].params.level == 6);
}

static dits_error *read_list(unsigned nth, struct list_node *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf again = {0};
    TRY(doc_dump_read("chunk-list", nth, &bytes));
    TRY(list_segment_parse(buf_slice(&bytes), out));
    TRY(list_segment_encode(out, &again));
    return slice_equal(buf_slice(&bytes), buf_slice(&again))
               ? NULL
               : error_new(DITS_E_CORRUPT, "written otherwise");
}

TEST(the_page_on_lists_shows_segments_of_chunks_and_of_a_weave)
{
    CLEANUP(list_node_release) struct list_node leaf = {0};
    CLEANUP(list_node_release) struct list_node inner = {0};
    CLEANUP(weave_segment_release) struct weave_segment weave = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(read_list(1, &leaf));
    CHECK(leaf.level == 0 && leaf.count == 3 && leaf.chunks == 1002);
    CHECK(is_id_of(&leaf.entries[1].id, "zeros"));
    CHECK_OK(read_list(2, &inner));
    CHECK(inner.level == 1 && inner.bytes == 150000000);
    CHECK_OK(doc_dump_read("chunk-list", 3, &bytes));
    CHECK_OK(weave_segment_parse(buf_slice(&bytes), &weave));
    CHECK(weave.count == 3 && weave.runs[1].size == 1500);
}

static dits_error *read_tree(unsigned nth, struct tree_node *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(doc_dump_read("tree", nth, &bytes));
    return tree_node_parse(&bytes, out);
}

TEST(the_page_on_trees_shows_a_folder_and_a_node)
{
    CLEANUP(tree_node_release) struct tree_node leaf = {0};
    CLEANUP(tree_node_release) struct tree_node inner = {0};
    struct tree_item item = {0};
    bool found = false;
    CHECK_OK(read_tree(1, &leaf));
    CHECK_OK(tree_node_next(&leaf, &item, &found));
    CHECK(found && strcmp(item.name, "clip.mov") == 0);
    CHECK(item.mode == TREE_FILE && is_id_of(item.id, "a"));
    CHECK_OK(tree_node_next(&leaf, &item, &found));
    CHECK(found && item.mode == TREE_FOLDER);
    CHECK_OK(tree_node_next(&leaf, &item, &found));
    CHECK(found && item.mode == TREE_EXECUTABLE);
    CHECK_OK(tree_node_next(&leaf, &item, &found));
    CHECK(!found);
    CHECK_OK(read_tree(2, &inner));
    CHECK(inner.level == 1 && inner.left == 2);
}

static dits_error *read_commit(unsigned nth, struct commit *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf again = {0};
    TRY(doc_dump_read("commit", nth, &bytes));
    TRY(commit_decode(buf_slice(&bytes), out));
    TRY(commit_encode(out, &again));
    return slice_equal(buf_slice(&bytes), buf_slice(&again))
               ? NULL
               : error_new(DITS_E_CORRUPT, "written otherwise");
}

TEST(the_pages_on_commits_and_tags_show_what_is_written)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(commit_release) struct commit extra = {0};
    CLEANUP(tag_release) struct tag tag = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(read_commit(1, &commit));
    CHECK(commit.parent_count == 1 && is_id_of(&commit.tree, "tree"));
    CHECK(strcmp(commit.message, "cut the intro\n") == 0);
    CHECK(commit.committer.time == 1790000060);
    CHECK_OK(read_commit(2, &extra));
    CHECK(extra.extra_headers.size == 7 && extra.signature.size == 3);
    CHECK(extra.author.offset_minutes == -720);
    CHECK_OK(doc_dump_read("tag", 1, &bytes));
    CHECK_OK(tag_decode(buf_slice(&bytes), &tag));
    CHECK(strcmp(tag.name, "v1") == 0 && tag.target_kind == CHUNK_COMMIT);
}
