#include "object/path_tree.h"

#include <string.h>

#include "object/tree_node.h"
#include "support/temp_store.h"
#include "support/test.h"

/* A path and the byte that its id is made of. */
struct file {
    const char *path;
    uint8_t id;
};

static dits_error *build(struct temp_store *temp, const struct file *files,
                         size_t count, struct dits_oid *out)
{
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(path_tree_builder_new(temp->writer, &builder));
    for (size_t i = 0; i < count; i++) {
        struct dits_oid id = {{files[i].id}};
        TRY(path_tree_builder_add(builder, files[i].path, TREE_FILE, &id));
    }
    TRY(path_tree_builder_finish(builder, out));
    return temp_store_publish(temp);
}

static dits_error *note(const char *path, const struct tree_entry *entry,
                        void *payload)
{
    return buf_printf(payload, "%s=%u\n", path, entry->id.hash[0]);
}

static const struct file project[] = {
    {"a", 1},   {"b/c", 2},   {"b/d/e/f", 3},        {"b/d/g", 4},   {"b/h", 5},
    {"b-x", 6}, {"b.y/z", 7}, {"media/clip.mov", 8}, {"media2/c", 9}};
enum { PROJECT_COUNT = sizeof(project) / sizeof(project[0]) };

TEST(paths_come_back_in_the_order_of_paths)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_oid id = {0};
    struct tree_entry entry = {0};
    bool found = false;
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, project, PROJECT_COUNT, &id));
    CHECK_OK(tree_walk(temp.store, &id, note, &text));
    CHECK(strcmp(buf_text(&text), "a=1\nb/c=2\nb/d/e/f=3\nb/d/g=4\nb/h=5\n"
                                  "b-x=6\nb.y/z=7\nmedia/clip.mov=8\n"
                                  "media2/c=9\n") == 0);
    CHECK_OK(tree_find(temp.store, &id, "b/d/e/f", &entry, &found));
    CHECK(found && entry.id.hash[0] == 3 && entry.name == NULL);
    CHECK_OK(tree_find(temp.store, &id, "b/d", &entry, &found));
    CHECK(found && entry.mode == TREE_FOLDER);
    CHECK_OK(tree_find(temp.store, &id, "", &entry, &found));
    CHECK(found && dits_oid_equal(&entry.id, &id));
    static const char *const absent[] = {"b/d/e/f/x", "b//d", "/a",  "b/",
                                         "a/",        "c",    "../a"};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        CHECK_OK(tree_find(temp.store, &id, absent[i], &entry, &found));
        CHECK(!found);
    }
}

TEST(paths_that_cannot_be_together_are_refused)
{
    static const struct file cases[][2] = {
        {{"a", 1}, {"a", 1}},     {{"b", 1}, {"a", 1}},
        {{"a", 1}, {"a/b", 1}},   {{"a-b", 1}, {"a/x", 1}},
        {{"a", 1}, {"b/", 1}},    {{"a", 1}, {"b//c", 1}},
        {{"a", 1}, {"b/../c", 1}}};
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CHECK_OK(temp_store_open(&temp));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dits_oid id = {0};
        CHECK_FAILS(DITS_E_INVALID, build(&temp, cases[i], 2, &id));
    }
}

static dits_error *note_change(const char *path,
                               const struct tree_entry *before,
                               const struct tree_entry *after, void *payload)
{
    return buf_printf(payload, "%u%s%u\n",
                      before != NULL ? before->id.hash[0] : 0, path,
                      after != NULL ? after->id.hash[0] : 0);
}

TEST(what_differs_is_reported_in_the_order_of_paths)
{
    static const struct file sorted[] = {{"a/x", 1}, {"b/c", 2},
                                         {"b/d", 3}, {"b/h", 55},
                                         {"b-x", 6}, {"media/clip.mov", 8},
                                         {"new", 7}};
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_oid a = {0};
    struct dits_oid b = {0};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, project, PROJECT_COUNT, &a));
    CHECK_OK(build(&temp, sorted, 7, &b));
    CHECK_OK(tree_diff(temp.store, &a, &b, note_change, &text));
    CHECK(strcmp(buf_text(&text), "1a0\n0a/x1\n0b/d3\n3b/d/e/f0\n4b/d/g0\n"
                                  "5b/h55\n7b.y/z0\n9media2/c0\n0new7\n") == 0);
}

TEST(very_deep_paths_are_stored_and_deeper_ones_refused)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_oid id = {0};
    for (int i = 0; i < TREE_MAX_DEPTH - 1; i++)
        CHECK_OK(buf_put_text(&path, "d/"));
    CHECK_OK(buf_put_text(&path, "f"));
    struct file file = {buf_text(&path), 7};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, &file, 1, &id));
    CHECK_OK(tree_walk(temp.store, &id, note, &text));
    CHECK(text.size == path.size + 3);
    CHECK_OK(buf_put_text(&path, "/f"));
    file.path = buf_text(&path);
    CHECK_FAILS(DITS_E_LIMIT, build(&temp, &file, 1, &id));
}

/* Counts of what was marked. */
struct marked {
    struct store *store;
    size_t nodes;
    size_t assets;
    size_t descend; /* into so many nodes */
};

static dits_error *on_asset(const struct dits_oid *asset, void *payload)
{
    (void)asset;
    struct marked *marked = payload;
    marked->assets++;
    return NULL;
}

static dits_error *mark_below(const struct dits_oid *node, void *payload)
{
    struct marked *marked = payload;
    struct tree_mark mark = {mark_below, on_asset, marked};
    if (marked->nodes++ >= marked->descend)
        return NULL;
    return tree_mark_node(marked->store, node, &mark);
}

TEST(marking_meets_every_node_and_asset)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct marked marked = {.descend = SIZE_MAX};
    struct dits_oid id = {0};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, project, PROJECT_COUNT, &id));
    marked.store = temp.store;
    CHECK_OK(mark_below(&id, &marked));
    CHECK(marked.nodes == 7 && marked.assets == PROJECT_COUNT);
    marked = (struct marked){.store = temp.store, .descend = 1};
    CHECK_OK(mark_below(&id, &marked));
    CHECK(marked.nodes == 5 && marked.assets == 2);
}
