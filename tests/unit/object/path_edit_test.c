#include "object/path_edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "object/path_tree.h"
#include "object/tree_node.h"
#include "support/mem_fault.h"
#include "support/temp_store.h"
#include "support/test.h"

/*
 * Names that lie close in the order of paths, as files and as folders: the
 * universe of the random trees. Bit n of a state says that path n is there.
 */
static const char *const paths[] = {
    "a",   "a/b", "a/b/c", "a/b/d", "a/b-", "a-b", "b",
    "b/a", "b/c", "c",     "c/c/c", "d",    "d/x", "d!",
};
enum { PATH_COUNT = sizeof(paths) / sizeof(paths[0]) };

/* What each path is: 0: not there; else the first byte of its id. */
struct state {
    uint8_t ids[PATH_COUNT];
};

static bool is_above(const char *folder, const char *path)
{
    return strcmp(folder, path) != 0 && path_is_within(path, folder);
}

/* No path is both a file and a folder. */
static bool has_room(const struct state *state, size_t at)
{
    for (size_t i = 0; i < PATH_COUNT; i++)
        if (state->ids[i] != 0 &&
            (is_above(paths[i], paths[at]) || is_above(paths[at], paths[i])))
            return false;
    return true;
}

static struct state random_state(void)
{
    struct state state = {0};
    for (size_t n = 0; n < PATH_COUNT; n++) {
        size_t at = (size_t)rand() % PATH_COUNT;
        if (rand() % 3 != 0 && has_room(&state, at))
            state.ids[at] = (uint8_t)(1 + rand() % 3);
    }
    return state;
}

static dits_error *build(struct temp_store *temp, const struct state *state,
                         struct dits_oid *out)
{
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(path_tree_builder_new(temp->writer, &builder));
    for (size_t i = 0; i < PATH_COUNT; i++) {
        struct dits_oid id = {{state->ids[i]}};
        if (state->ids[i] != 0)
            TRY(path_tree_builder_add(builder, paths[i], TREE_FILE, &id));
    }
    TRY(path_tree_builder_finish(builder, out));
    return temp_store_publish(temp);
}

/* From one state to another; now and then with paths that stay as they are. */
static dits_error *edit(struct temp_store *temp, const struct state *from,
                        const struct state *to, const struct dits_oid *tree,
                        struct dits_oid *out)
{
    struct path_change changes[PATH_COUNT] = {0};
    size_t count = 0;
    for (size_t i = 0; i < PATH_COUNT; i++) {
        bool stays = from->ids[i] == to->ids[i];
        if (stays && (from->ids[i] == 0 || rand() % 2 == 0))
            continue;
        changes[count++] = (struct path_change){
            .path = paths[i],
            .mode = to->ids[i] != 0 ? TREE_FILE : (enum tree_mode)0,
            .id = {{to->ids[i]}},
        };
    }
    TRY(path_edit(temp->store, temp->writer, tree, changes, count, out));
    return temp_store_publish(temp);
}

TEST(an_edited_tree_is_the_one_built_anew)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CHECK_OK(temp_store_open(&temp));
    srand(1);
    for (unsigned round = 0; round < 500; round++) {
        struct state from = random_state();
        struct state to = random_state();
        struct dits_oid before = {0};
        struct dits_oid wanted = {0};
        struct dits_oid after = {0};
        CHECK_OK(build(&temp, &from, &before));
        CHECK_OK(build(&temp, &to, &wanted));
        CHECK_OK(edit(&temp, &from, &to, &before, &after));
        CHECK(dits_oid_equal(&after, &wanted));
    }
}

/* As many names in one folder as make a tree of several nodes. */
static dits_error *build_wide(struct temp_store *temp, unsigned odd,
                              struct dits_oid *out)
{
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(path_tree_builder_new(temp->writer, &builder));
    for (unsigned i = 0; i < 4000; i++) {
        CLEANUP(buf_release) struct buf path = {0};
        struct dits_oid id = {{i % 5 == 0 ? (uint8_t)odd : 1}};
        TRY(buf_printf(&path, "wide/%04u", i));
        TRY(path_tree_builder_add(builder, buf_text(&path), TREE_FILE, &id));
    }
    TRY(path_tree_builder_finish(builder, out));
    return temp_store_publish(temp);
}

static dits_error *edit_wide(struct temp_store *temp,
                             const struct dits_oid *tree, struct dits_oid *out)
{
    char names[800][12] = {{0}};
    struct path_change changes[800] = {0};
    for (unsigned i = 0; i < 800; i++) {
        CLEANUP(buf_release) struct buf path = {0};
        TRY(buf_printf(&path, "wide/%04u", i * 5));
        memcpy(names[i], buf_text(&path), path.size + 1);
        changes[i] = (struct path_change){
            .path = names[i], .mode = TREE_FILE, .id = {{7}}};
    }
    return path_edit(temp->store, temp->writer, tree, changes, 800, out);
}

TEST(wide_folders_are_edited_in_many_places)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct dits_oid before = {0};
    struct dits_oid wanted = {0};
    struct dits_oid after = {0};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build_wide(&temp, 2, &before));
    CHECK_OK(build_wide(&temp, 7, &wanted));
    CHECK_OK(edit_wide(&temp, &before, &after));
    CHECK(dits_oid_equal(&after, &wanted));
}

TEST(from_nothing_to_nothing)
{
    static const struct path_change absent[] = {{.path = "a/b"}, {.path = "c"}};
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct dits_oid none = {0};
    struct dits_oid empty = {0};
    struct dits_oid after = {0};
    tree_empty_id(&empty);
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(path_edit(temp.store, temp.writer, &none, NULL, 0, &after));
    CHECK(dits_oid_equal(&after, &empty));
    CHECK_OK(path_edit(temp.store, temp.writer, &none, absent, 2, &after));
    CHECK(dits_oid_equal(&after, &empty));
}

TEST(changes_that_contradict_each_other_are_refused)
{
    static const struct path_change cases[][2] = {
        {{"b", TREE_FILE, {{1}}}, {"a", TREE_FILE, {{1}}}},
        {{"a", TREE_FILE, {{1}}}, {"a", TREE_FILE, {{2}}}},
        {{"a-b", TREE_FILE, {{1}}}, {"a/b", TREE_FILE, {{1}}}},
        {{"a", TREE_FILE, {{1}}}, {"a/b", TREE_FILE, {{1}}}},
        {{"a", TREE_FILE, {{1}}}, {"b//c", TREE_FILE, {{1}}}},
        {{"a", TREE_FILE, {{1}}}, {"b/../c", TREE_FILE, {{1}}}},
        {{"/a", TREE_FILE, {{1}}}, {"b", TREE_FILE, {{1}}}},
        {{"a/", TREE_FILE, {{1}}}, {"b", TREE_FILE, {{1}}}},
    };
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct dits_oid none = {0};
    CHECK_OK(temp_store_open(&temp));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dits_oid id = {0};
        CHECK_FAILS(DITS_E_INVALID, path_edit(temp.store, temp.writer, &none,
                                              cases[i], 2, &id));
    }
}

TEST(folders_within_folders_end_somewhere)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(buf_release) struct buf path = {0};
    struct dits_oid none = {0};
    struct dits_oid id = {0};
    for (int i = 0; i < TREE_MAX_DEPTH - 1; i++)
        CHECK_OK(buf_put_text(&path, "d/"));
    CHECK_OK(buf_put_text(&path, "f"));
    struct path_change change = {buf_text(&path), TREE_FILE, {{1}}};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(path_edit(temp.store, temp.writer, &none, &change, 1, &id));
    CHECK_OK(buf_put_text(&path, "/f"));
    change.path = buf_text(&path);
    CHECK_FAILS(DITS_E_LIMIT,
                path_edit(temp.store, temp.writer, &none, &change, 1, &id));
}

TEST(failed_allocations_leave_nothing_behind)
{
    static const struct state from = {.ids = {[1] = 1, [5] = 1, [8] = 1}};
    static const struct state to = {.ids = {[2] = 2, [4] = 1, [10] = 3}};
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct dits_oid before = {0};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, &from, &before));
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct dits_oid after = {0};
        struct dits_oid wanted = {0};
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = edit(&temp, &from, &to, &before, &after);
        reached = mem_fault_disarm();
        bool failed = dits_error_has(err, DITS_E_NOMEM);
        dits_error_free(err);
        CHECK(reached == failed);
        CHECK(!failed || mem_fault_live() <= live);
        CHECK_OK(build(&temp, &to, &wanted));
        CHECK(failed || dits_oid_equal(&after, &wanted));
    }
}
