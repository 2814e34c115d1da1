#include "object/tree.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "object/tree_edit.h"
#include "object/tree_node.h"
#include "support/mem_fault.h"
#include "support/temp_store.h"
#include "support/test.h"

/* The `index`th name of a large folder. */
static void name_of(unsigned index, char out[32])
{
    (void)snprintf(out, 32, "frame-%07u.dpx", index);
}

static struct tree_entry entry_of(unsigned index, char name[32])
{
    struct tree_entry entry = {.mode = TREE_FILE};
    name_of(index, name);
    fill_random(entry.id.hash, 8, index);
    entry.name = name;
    return entry;
}

/* A folder of every `step`th name below `count`, without `skipped`. */
static dits_error *build(struct temp_store *temp, unsigned count, unsigned step,
                         unsigned skipped, struct dits_oid *out)
{
    CLEANUP(tree_builder_freep) struct tree_builder *builder = NULL;
    TRY(tree_builder_new(temp->writer, &builder));
    for (unsigned i = 0; i < count; i += step) {
        char name[32] = {0};
        struct tree_entry entry = entry_of(i, name);
        if (i != skipped)
            TRY(tree_builder_add(builder, &entry));
    }
    return tree_builder_finish(builder, out);
}

TEST(forbidden_names_are_known)
{
    static const char *const good[] = {"a",      "...", ".ditsignore", ".d",
                                       "..a",    " ",   "\xc3\xa9",    "a\\b",
                                       ".ditsx", "dits"};
    static const char *const bad[] = {"",      ".",     "..",          ".dits",
                                      ".DITS", ".DiTs", "a/b",         "/",
                                      "\xff",  "a\xc3", "\xed\xa0\x80"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK(tree_name_is_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!tree_name_is_valid(bad[i], strlen(bad[i])));
    char longest[TREE_NAME_MAX + 1];
    memset(longest, 'x', sizeof(longest));
    CHECK(tree_name_is_valid(longest, TREE_NAME_MAX));
    CHECK(!tree_name_is_valid(longest, TREE_NAME_MAX + 1));
    CHECK(!tree_name_is_valid("a\0b", 3));
}

TEST(the_empty_tree_has_the_id_of_its_bytes_and_needs_no_store)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(tree_iter_freep) struct tree_iter *iter = NULL;
    struct dits_oid made = {0};
    struct dits_oid known = {0};
    struct tree_entry entry = {0};
    bool found = true;
    CHECK_OK(tree_node_encode(0, 0, (struct slice){0}, &bytes));
    chunk_id(CHUNK_TREE, bytes.data, bytes.size, &made);
    tree_empty_id(&known);
    CHECK(dits_oid_equal(&made, &known));

    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, 0, 1, 0, &made));
    CHECK(dits_oid_equal(&made, &known));
    CHECK_OK(tree_iter_new(temp.store, &known, &iter));
    CHECK_OK(tree_iter_next(iter, &entry, &found));
    CHECK(!found);
}

TEST(a_large_folder_comes_back_in_order)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(tree_iter_freep) struct tree_iter *iter = NULL;
    struct dits_oid id = {0};
    struct tree_entry entry = {0};
    bool found = true;
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, 100000, 1, 100000, &id));
    CHECK_OK(temp_store_publish(&temp));
    CHECK_OK(tree_iter_new(temp.store, &id, &iter));
    for (unsigned i = 0; i < 100000; i++) {
        char name[32] = {0};
        struct tree_entry wanted = entry_of(i, name);
        CHECK_OK(tree_iter_next(iter, &entry, &found));
        CHECK(found && strcmp(entry.name, name) == 0);
        CHECK(entry.mode == TREE_FILE && dits_oid_equal(&entry.id, &wanted.id));
    }
    CHECK_OK(tree_iter_next(iter, &entry, &found));
    CHECK(!found);
    for (unsigned i = 0; i < 100000; i += 777) {
        char name[32] = {0};
        struct tree_entry wanted = entry_of(i, name);
        CHECK_OK(tree_find(temp.store, &id, name, &entry, &found));
        CHECK(found && dits_oid_equal(&entry.id, &wanted.id));
    }
    CHECK_OK(tree_find(temp.store, &id, "frame-0000000", &entry, &found));
    CHECK(!found);
    CHECK_OK(tree_find(temp.store, &id, "zzz", &entry, &found));
    CHECK(!found);
}

TEST(names_out_of_order_or_twice_are_refused)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CLEANUP(tree_builder_freep) struct tree_builder *builder = NULL;
    struct tree_entry b = {.name = "b", .mode = TREE_FILE};
    struct tree_entry a = {.name = "a", .mode = TREE_FILE};
    struct tree_entry up = {.name = "..", .mode = TREE_FILE};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(tree_builder_new(temp.writer, &builder));
    CHECK_OK(tree_builder_add(builder, &b));
    CHECK_FAILS(DITS_E_INVALID, tree_builder_add(builder, &b));
    CHECK_FAILS(DITS_E_INVALID, tree_builder_add(builder, &a));
    CHECK_FAILS(DITS_E_INVALID, tree_builder_add(builder, &up));
}

TEST(one_changed_name_in_a_million_rewrites_four_nodes_at_most)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct dits_oid whole = {0};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, 1000000, 1, 1000000, &whole));
    CHECK_OK(temp_store_publish(&temp));
    uint64_t worst = 0;
    for (unsigned i = 0; i < 40; i++) {
        struct tree_change change = {.is_removal = i % 2 == 0};
        struct dits_oid edited = {0};
        char name[32] = {0};
        change.entry = entry_of(i * 24989, name);
        change.entry.mode = TREE_EXECUTABLE;
        uint64_t before = store_writer_totals(temp.writer).chunks;
        CHECK_OK(
            tree_edit(temp.store, temp.writer, &whole, &change, 1, &edited));
        uint64_t stored = store_writer_totals(temp.writer).chunks - before;
        worst = stored > worst ? stored : worst;
        CHECK(!dits_oid_equal(&edited, &whole));
    }
    CHECK(worst >= 3 && worst <= 4);
}

/* Apply removals of every name for which `index % modulus == 0`. */
static dits_error *remove_every(struct temp_store *temp, struct dits_oid tree,
                                unsigned count, unsigned modulus,
                                struct dits_oid *out)
{
    enum { MAX = 4096 };
    static char names[MAX][32];
    static struct tree_change changes[MAX];
    size_t used = 0;
    for (unsigned i = 0; i < count && used < MAX; i++)
        if (i % modulus == 0) {
            changes[used] = (struct tree_change){.is_removal = true};
            changes[used].entry = entry_of(i, names[used]);
            used++;
        }
    return tree_edit(temp->store, temp->writer, &tree, changes, used, out);
}

TEST(the_id_does_not_depend_on_history)
{
    static const unsigned counts[] = {1, 2, 90, 400, 1000, 4000, 20000, 60000};
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    CHECK_OK(temp_store_open(&temp));
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
        unsigned count = counts[c];
        for (unsigned skipped = 0; skipped < count; skipped += 1 + count / 7) {
            struct dits_oid whole = {0};
            struct dits_oid without = {0};
            struct dits_oid edited = {0};
            char name[32] = {0};
            struct tree_change change = {.is_removal = true};
            change.entry = entry_of(skipped, name);
            CHECK_OK(build(&temp, count, 1, count, &whole));
            CHECK_OK(build(&temp, count, 1, skipped, &without));
            CHECK_OK(temp_store_publish(&temp));
            CHECK_OK(tree_edit(temp.store, temp.writer, &whole, &change, 1,
                               &edited));
            CHECK(dits_oid_equal(&edited, &without));
            change.is_removal = false;
            CHECK_OK(tree_edit(temp.store, temp.writer, &without, &change, 1,
                               &edited));
            CHECK(dits_oid_equal(&edited, &whole));
        }
    }
}

TEST(a_folder_that_shrinks_is_as_if_it_had_never_been_larger)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct dits_oid whole = {0};
    struct dits_oid small = {0};
    struct dits_oid edited = {0};
    CHECK_OK(temp_store_open(&temp));
    for (unsigned kept = 0; kept < 40; kept++) {
        /* Names 4000 … 4000 + kept are left of those up to there. */
        CLEANUP(tree_builder_freep) struct tree_builder *builder = NULL;
        char name[32] = {0};
        CHECK_OK(build(&temp, 4000 + kept * 11, 1, UINT32_MAX, &whole));
        CHECK_OK(tree_builder_new(temp.writer, &builder));
        for (unsigned i = 4000; i < 4000 + kept * 11; i++) {
            struct tree_entry entry = entry_of(i, name);
            CHECK_OK(tree_builder_add(builder, &entry));
        }
        CHECK_OK(tree_builder_finish(builder, &small));
        CHECK_OK(temp_store_publish(&temp));
        CHECK_OK(remove_every(&temp, whole, 4000, 1, &edited));
        CHECK(dits_oid_equal(&edited, &small));
    }
}

/* What a walk or a difference met. */
struct seen {
    struct buf text;
    size_t count;
};

static dits_error *note(const char *path, const struct tree_entry *before,
                        const struct tree_entry *after, void *payload)
{
    struct seen *seen = payload;
    seen->count++;
    return buf_printf(&seen->text, "%c%s\n",
                      before == NULL  ? '+'
                      : after == NULL ? '-'
                                      : '~',
                      path);
}

TEST(two_large_folders_differ_in_what_was_changed)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct seen seen = {0};
    struct dits_oid a = {0};
    struct dits_oid b = {0};
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build(&temp, 60000, 1, 30000, &a));
    CHECK_OK(build(&temp, 60000, 1, 59999, &b));
    CHECK_OK(temp_store_publish(&temp));
    CHECK_OK(tree_diff(temp.store, &a, &b, note, &seen));
    CHECK(strcmp(buf_text(&seen.text), "+frame-0030000.dpx\n"
                                       "-frame-0059999.dpx\n") == 0);
    buf_release(&seen.text);

    /* Against a folder of another height, and against nothing. */
    seen = (struct seen){0};
    CHECK_OK(build(&temp, 100, 1, 100, &b));
    CHECK_OK(temp_store_publish(&temp));
    CHECK_OK(tree_diff(temp.store, &a, &b, note, &seen));
    CHECK(seen.count == 60000 - 1 - 100);
    buf_release(&seen.text);
    seen = (struct seen){0};
    CHECK_OK(tree_diff(temp.store, &(struct dits_oid){0}, &b, note, &seen));
    CHECK(seen.count == 100);
    buf_release(&seen.text);
}

/* A tree node of one item, as an object. */
static dits_error *parse_item(uint8_t level, uint8_t mode, struct slice name)
{
    CLEANUP(buf_release) struct buf items = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(tree_node_release) struct tree_node node = {0};
    struct dits_oid id = {0};
    struct tree_item item = {0};
    bool found = false;
    TRY(buf_put_u8(&items, mode));
    TRY(buf_put(&items, name.data, name.size));
    TRY(buf_put(&items, id.hash, OID_SIZE));
    TRY(tree_node_encode(level, 1, buf_slice(&items), &bytes));
    TRY(tree_node_parse(&bytes, &node));
    return tree_node_next(&node, &item, &found);
}

TEST(hostile_nodes_are_refused)
{
    CHECK_OK(parse_item(0, TREE_FILE, slice_of("a", 2)));
    CHECK_OK(parse_item(1, 0, slice_of("a", 2)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(8, 0, slice_of("a", 2)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(0, 0, slice_of("a", 2)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(0, 5, slice_of("a", 2)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(1, TREE_FILE, slice_of("a", 2)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(0, TREE_FILE, slice_of("..", 3)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(0, TREE_FILE, slice_of(".dits", 6)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(0, TREE_FILE, slice_of("a/b", 4)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(0, TREE_FILE, slice_of("", 1)));
    CHECK_FAILS(DITS_E_CORRUPT, parse_item(0, TREE_FILE, slice_of("a", 1)));
}

/* Read a whole node. */
static dits_error *parse_all(struct slice object)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(tree_node_release) struct tree_node node = {0};
    bool found = true;
    TRY(buf_put(&bytes, object.data, object.size));
    TRY(tree_node_parse(&bytes, &node));
    while (found) {
        struct tree_item item = {0};
        TRY(tree_node_next(&node, &item, &found));
    }
    return NULL;
}

TEST(every_truncation_and_failed_allocation_of_a_node_is_an_error)
{
    CLEANUP(buf_release) struct buf items = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    for (unsigned i = 0; i < 3; i++) {
        char name[32] = {0};
        struct tree_entry entry = entry_of(i, name);
        struct tree_item item = {.name = name,
                                 .length = strlen(name),
                                 .mode = TREE_FILE,
                                 .id = &entry.id};
        CHECK_OK(tree_item_encode(&item, &items));
    }
    CHECK_OK(tree_node_encode(0, 3, buf_slice(&items), &bytes));
    CHECK_OK(parse_all(buf_slice(&bytes)));
    for (size_t size = 1; size < bytes.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT, parse_all(slice_of(bytes.data, size)));
    CHECK_OK(buf_put_u8(&bytes, 0));
    CHECK_FAILS(DITS_E_CORRUPT, parse_all(buf_slice(&bytes)));
    bytes.size--;

    size_t live = mem_fault_live();
    mem_fault_arm(1);
    dits_error *err = parse_all(buf_slice(&bytes));
    CHECK(mem_fault_disarm());
    CHECK_FAILS(DITS_E_NOMEM, err);
    CHECK(mem_fault_live() == live);
}

/* The first name of the second node below the folder's top node. */
static dits_error *second_node(struct temp_store *temp,
                               const struct dits_oid *tree, unsigned *out)
{
    CLEANUP(tree_node_release) struct tree_node node = {0};
    struct tree_item item = {0};
    bool found = false;
    TRY(tree_node_load(temp->store, tree, &node));
    TRY(tree_node_next(&node, &item, &found));
    TRY(tree_node_next(&node, &item, &found));
    if (node.level != 2 || !found ||
        sscanf(item.name, "frame-%u.dpx", out) != 1)
        return error_new(DITS_E_INTERNAL, "not a folder of three levels");
    return NULL;
}

/* A folder of `count` names from `first` on. */
static dits_error *build_from(struct temp_store *temp, unsigned first,
                              unsigned count, struct dits_oid *out)
{
    CLEANUP(tree_builder_freep) struct tree_builder *builder = NULL;
    TRY(tree_builder_new(temp->writer, &builder));
    for (unsigned i = first; i < first + count; i++) {
        char name[32] = {0};
        struct tree_entry entry = entry_of(i, name);
        TRY(tree_builder_add(builder, &entry));
    }
    TRY(tree_builder_finish(builder, out));
    return temp_store_publish(temp);
}

static void free_changes(struct tree_change **changes)
{
    mem_free(*changes);
}

/* Remove the names from 0 to `count`. */
static dits_error *remove_first(struct temp_store *temp,
                                const struct dits_oid *tree, unsigned count,
                                struct dits_oid *out)
{
    CLEANUP(free_changes)
    struct tree_change *changes = mem_new_array(struct tree_change, count);
    CLEANUP(buf_release) struct buf names = {0};
    void *at = NULL;
    if (changes == NULL)
        return error_nomem();
    TRY(buf_extend(&names, (size_t)count * 32, &at));
    for (unsigned i = 0; i < count; i++) {
        char *name = (char *)at + (size_t)i * 32;
        name_of(i, name);
        changes[i] =
            (struct tree_change){.entry = {.name = name}, .is_removal = true};
    }
    return tree_edit(temp->store, temp->writer, tree, changes, count, out);
}

TEST(a_folder_of_three_levels_shrinks_to_one)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct dits_oid whole = {0};
    struct dits_oid small = {0};
    struct dits_oid edited = {0};
    unsigned first = 0;
    CHECK_OK(temp_store_open(&temp));
    CHECK_OK(build_from(&temp, 0, 300000, &whole));
    CHECK_OK(second_node(&temp, &whole, &first));

    /* Now the second node of level 1 holds a single node of level 0. */
    CHECK_OK(build_from(&temp, 0, first + 5, &whole));
    CHECK_OK(build_from(&temp, first, 5, &small));
    CHECK_OK(remove_first(&temp, &whole, first, &edited));
    CHECK(dits_oid_equal(&edited, &small));
}
