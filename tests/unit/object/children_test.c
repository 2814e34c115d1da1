#include "object/children.h"

#include "base/mem.h"
#include "object/asset.h"
#include "object/commit.h"
#include "object/tree.h"
#include "support/mem_fault.h"
#include "support/temp_store.h"
#include "support/test.h"

struct met {
    size_t count[CHUNK_KIND_COUNT];
    struct dits_oid last[CHUNK_KIND_COUNT];
};

static dits_error *meet(enum chunk_kind kind, const struct dits_oid *id,
                        void *payload)
{
    struct met *met = payload;
    met->count[kind]++;
    met->last[kind] = *id;
    return NULL;
}

static dits_error *children_of(struct temp_store *temp, enum chunk_kind kind,
                               const struct dits_oid *id, struct met *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    *out = (struct met){0};
    TRY(store_writer_read(temp->writer, kind, id, &bytes));
    return object_each_child(kind, buf_slice(&bytes), meet, out);
}

static dits_error *put_file(struct temp_store *temp, size_t size,
                            struct dits_oid *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct asset_info info = {0};
    void *at = NULL;
    const struct asset_store_options options = {
        .context = temp->fixture.context,
        .writer = temp->writer,
        .threads = 1,
        .chunker = chunker_by_name("small"),
        .is_whole = true};
    TRY(buf_extend(&bytes, size, &at));
    fill_random(at, size, 1);
    return asset_store_bytes(&options, bytes.data, bytes.size, out, &info);
}

static dits_error *put_commit(struct temp_store *temp,
                              const struct dits_oid *tree,
                              const struct dits_oid *parent,
                              struct dits_oid *out)
{
    struct dits_oid copy = *parent;
    const struct commit commit = {
        .tree = *tree,
        .parents = &copy,
        .parent_count = 1,
        .author = {.name = (char[]){"a"}, .email = (char[]){"b"}},
        .committer = {.name = (char[]){"a"}, .email = (char[]){"b"}},
        .message = (char[]){"m\n"}};
    return commit_store(temp->writer, &commit, out);
}

TEST(objects_say_what_they_name)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(tree_builder_freep) struct tree_builder *builder = NULL;
    struct met met = {{0}, {{{0}}}};
    struct dits_oid file = {{0}};
    struct dits_oid tree = {{0}};
    struct dits_oid commit = {{0}};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(put_file(&temp, 1000000, &file));
    CHECK_OK(children_of(&temp, CHUNK_ASSET, &file, &met));
    CHECK(met.count[CHUNK_DATA] > 4 && met.count[CHUNK_LIST] == 0);
    CHECK_OK(tree_builder_new(temp.writer, &builder));
    CHECK_OK(
        tree_builder_add(builder, &(struct tree_entry){"a", TREE_FILE, file}));
    CHECK_OK(tree_builder_finish(builder, &tree));
    CHECK_OK(children_of(&temp, CHUNK_TREE, &tree, &met));
    CHECK(met.count[CHUNK_ASSET] == 1);
    CHECK(dits_oid_equal(&met.last[CHUNK_ASSET], &file));
    CHECK_OK(put_commit(&temp, &tree, &file, &commit));
    CHECK_OK(children_of(&temp, CHUNK_COMMIT, &commit, &met));
    CHECK(dits_oid_equal(&met.last[CHUNK_TREE], &tree));
    CHECK(dits_oid_equal(&met.last[CHUNK_COMMIT], &file));
}

TEST(long_lists_name_their_segments)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct met met = {{0}, {{{0}}}};
    struct dits_oid file = {{0}};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(put_file(&temp, (size_t)80 << 20, &file));
    CHECK_OK(children_of(&temp, CHUNK_ASSET, &file, &met));
    CHECK(met.count[CHUNK_LIST] > 0 && met.count[CHUNK_DATA] == 0);
    struct dits_oid list = met.last[CHUNK_LIST];
    CHECK_OK(children_of(&temp, CHUNK_LIST, &list, &met));
    CHECK(met.count[CHUNK_DATA] > 0);
}

TEST(the_empty_tree_is_nowhere)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct met met = {{0}, {{{0}}}};
    struct dits_oid empty = {{0}};
    struct dits_oid commit = {{0}};
    tree_empty_id(&empty);
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(put_commit(&temp, &empty, &empty, &commit));
    CHECK_OK(children_of(&temp, CHUNK_COMMIT, &commit, &met));
    CHECK(met.count[CHUNK_TREE] == 0 && met.count[CHUNK_COMMIT] == 1);
}

TEST(nonsense_names_nothing)
{
    struct met met = {{0}, {{{0}}}};
    const struct slice bytes = slice_of_text("no object of any kind at all");
    CHECK_OK(object_each_child(CHUNK_DATA, bytes, meet, &met));
    for (enum chunk_kind kind = CHUNK_ASSET; kind <= CHUNK_TAG; kind++)
        CHECK_FAILS(DITS_E_CORRUPT, object_each_child(kind, bytes, meet, &met));
    CHECK(met.count[CHUNK_DATA] == 0);
}
