#include "repo/git_trees.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "object/tree_node.h"
#include "repo/git_text.h"

enum { TREE_MAX_BYTES = 1 << 30 };

static void forget_bytes(struct git_trees *trees)
{
    for (size_t i = 0; i < trees->count; i++)
        buf_release(&trees->wanted[i].bytes);
    trees->count = 0;
    trees->blob_count = 0;
}

void git_trees_release(struct git_trees *trees)
{
    forget_bytes(trees);
    git_known_release(&trees->known);
    id_set_release(&trees->told);
    tree_builder_free(trees->builder);
    mem_free(trees->wanted);
    mem_free(trees->blobs);
    *trees = (struct git_trees){0};
}

dits_error *git_trees_want(struct git_trees *trees, const struct dits_oid *id)
{
    bool is_new = false;
    TRY(git_known_want(&trees->known, id, &is_new));
    if (!is_new)
        return NULL;
    struct git_tree_bytes *wanted = array_grown(
        trees->wanted, trees->count, &trees->capacity, sizeof(*wanted));
    if (wanted == NULL)
        return error_nomem();
    trees->wanted = wanted;
    struct git_outcome *outcome = git_known_find(&trees->known, id);
    outcome->is_tree = true;
    outcome->place = (uint32_t)trees->count;
    trees->wanted[trees->count++] = (struct git_tree_bytes){.id = *id};
    return NULL;
}

static dits_error *want_blob(struct git_trees *trees, const struct dits_oid *id)
{
    bool is_new = false;
    TRY(git_known_want(&trees->known, id, &is_new));
    if (!is_new)
        return NULL;
    struct dits_oid *blobs = array_grown(trees->blobs, trees->blob_count,
                                         &trees->blob_capacity, sizeof(*blobs));
    if (blobs == NULL)
        return error_nomem();
    trees->blobs = blobs;
    trees->blobs[trees->blob_count++] = *id;
    return NULL;
}

static bool is_nameable(struct slice name)
{
    return tree_name_is_valid((const char *)name.data, name.size);
}

static dits_error *in_tree(const struct git_trees *trees, dits_error *err,
                           const struct dits_oid *id)
{
    char hex[OID_HEX_SIZE];
    git_id_hex(id, trees->files->batch->id_size, hex);
    return err == NULL ? NULL : error_wrap(err, "git's tree %s", hex);
}

static dits_error *want_entries(struct git_trees *trees, struct slice bytes)
{
    size_t id_size = trees->files->batch->id_size;
    while (bytes.size > 0) {
        struct git_entry entry = {0};
        TRY(git_entry_next(&bytes, id_size, &entry));
        if (!is_nameable(entry.name) || entry.mode == GIT_SUBMODULE)
            continue;
        if (entry.mode == GIT_FOLDER)
            TRY(git_trees_want(trees, &entry.id));
        else
            TRY(want_blob(trees, &entry.id));
    }
    return NULL;
}

/* Read the trees from number `first` to `end`; more are wanted afterwards. */
static dits_error *read_level(struct git_trees *trees, size_t first, size_t end)
{
    struct git_batch *batch = trees->files->batch;
    for (size_t i = first; i < end; i++)
        TRY(git_batch_ask(batch, &trees->wanted[i].id));
    for (size_t i = first; i < end; i++) {
        struct dits_oid id = trees->wanted[i].id;
        TRY(git_batch_take(batch, &id, "tree", TREE_MAX_BYTES,
                           &trees->wanted[i].bytes));
        struct slice bytes = buf_slice(&trees->wanted[i].bytes);
        trees->bytes += bytes.size;
        TRY(in_tree(trees, want_entries(trees, bytes), &id));
    }
    return NULL;
}

static dits_error *read_trees(struct git_trees *trees)
{
    size_t depth = 0;
    trees->bytes = 0;
    for (size_t first = 0; first < trees->count;) {
        size_t end = trees->count;
        if (depth++ > TREE_MAX_DEPTH)
            return error_new(DITS_E_LIMIT, "folders more than %d deep",
                             TREE_MAX_DEPTH);
        TRY(read_level(trees, first, end));
        first = end;
    }
    return NULL;
}

static dits_error *store_blobs(struct git_trees *trees)
{
    for (size_t i = 0; i < trees->blob_count; i++)
        TRY(git_batch_ask(trees->files->batch, &trees->blobs[i]));
    for (size_t i = 0; i < trees->blob_count; i++) {
        struct dits_oid asset = {0};
        TRY(git_files_store(trees->files, &trees->blobs[i], &asset));
        TRY(git_known_set(&trees->known, &trees->blobs[i], GIT_STORED, &asset));
    }
    return NULL;
}

/* The entries of a folder that is built. Names lie in the tree's bytes. */
struct folder {
    struct git_entry *entries;
    size_t count;
    size_t capacity;
};

static void folder_release(struct folder *folder)
{
    mem_free(folder->entries);
}

/* Git sorts folders as if a slash were behind their names; we do not. */
static int compare_names(const void *a, const void *b)
{
    struct slice x = ((const struct git_entry *)a)->name;
    struct slice y = ((const struct git_entry *)b)->name;
    int order = memcmp(x.data, y.data, x.size < y.size ? x.size : y.size);
    return order != 0 ? order : (x.size > y.size) - (x.size < y.size);
}

/* Once for each name, though it be in thousands of trees. */
static dits_error *warn_of(struct git_trees *trees,
                           const struct git_entry *entry)
{
    const dits_context *context = trees->files->repo->context;
    struct dits_oid key = {0};
    bool is_new = false;
    hash_bytes(entry->name.data, entry->name.size, &key);
    TRY(id_set_add(&trees->told, &key, &is_new));
    if (!is_new)
        return NULL;
    int length = entry->name.size < 80 ? (int)entry->name.size : 80;
    const char *name = (const char *)entry->name.data;
    bool is_text = text_is_utf8(name, (size_t)length);
    struct dits_import_result *result = trees->files->result;
    if (entry->mode == GIT_SUBMODULE) {
        result->submodules++;
        log_warn(context, "the submodule '%.*s' is left out", length, name);
        return NULL;
    }
    result->unnameable++;
    log_warn(context, "left out, as nothing can have such a name here: '%.*s'",
             is_text ? length : 1, is_text ? name : "?");
    return NULL;
}

/* Those that there will be, in the order of their names. */
static dits_error *read_folder(struct git_trees *trees, struct slice bytes,
                               struct folder *out)
{
    size_t id_size = trees->files->batch->id_size;
    bool sorted = true;
    while (bytes.size > 0) {
        struct git_entry entry = {0};
        TRY(git_entry_next(&bytes, id_size, &entry));
        if (!is_nameable(entry.name) || entry.mode == GIT_SUBMODULE) {
            TRY(warn_of(trees, &entry));
            continue;
        }
        struct git_entry *entries = array_grown(
            out->entries, out->count, &out->capacity, sizeof(*entries));
        if (entries == NULL)
            return error_nomem();
        out->entries = entries;
        sorted = sorted &&
                 (out->count == 0 ||
                  compare_names(&entries[out->count - 1], &entry) < 0);
        out->entries[out->count++] = entry;
    }
    if (!sorted)
        qsort(out->entries, out->count, sizeof(*out->entries), compare_names);
    return NULL;
}

static enum tree_mode mode_of(enum git_mode mode)
{
    switch (mode) {
    case GIT_EXECUTABLE:
        return TREE_EXECUTABLE;
    case GIT_SYMLINK:
        return TREE_SYMLINK;
    case GIT_FOLDER:
        return TREE_FOLDER;
    case GIT_FILE:
    case GIT_SUBMODULE: /* not among them */
    default:
        return TREE_FILE;
    }
}

static dits_error *add_entry(struct git_trees *trees,
                             const struct git_entry *entry, size_t *count)
{
    const struct git_outcome *outcome =
        git_known_find(&trees->known, &entry->id);
    struct tree_entry added = {.name = (const char *)entry->name.data,
                               .mode = mode_of(entry->mode)};
    if (outcome == NULL || outcome->fate == GIT_WANTED ||
        outcome->is_tree != (entry->mode == GIT_FOLDER))
        return error_new(DITS_E_CORRUPT, "'%s' is a file and a folder",
                         added.name);
    if (outcome->fate == GIT_LEFT_OUT)
        return NULL;
    added.id = outcome->id;
    (*count)++;
    return tree_builder_add(trees->builder, &added);
}

/* All folders in it are built. */
static dits_error *build_folder(struct git_trees *trees,
                                const struct git_tree_bytes *tree,
                                const struct folder *folder)
{
    struct dits_oid id = {0};
    size_t count = 0;
    for (size_t i = 0; i < folder->count; i++)
        TRY(add_entry(trees, &folder->entries[i], &count));
    if (count == 0)
        return git_known_set(&trees->known, &tree->id, GIT_LEFT_OUT, &id);
    TRY(tree_builder_finish(trees->builder, &id));
    return git_known_set(&trees->known, &tree->id, GIT_STORED, &id);
}

static dits_error *build(struct git_trees *trees, size_t place);

/* The tree at a place in what is wanted, and first those in it. */
static dits_error *build_below(struct git_trees *trees,
                               const struct folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        if (folder->entries[i].mode != GIT_FOLDER)
            continue;
        const struct git_outcome *outcome =
            git_known_find(&trees->known, &folder->entries[i].id);
        if (outcome != NULL && outcome->is_tree && outcome->fate == GIT_WANTED)
            TRY(build(trees, outcome->place));
    }
    return NULL;
}

static dits_error *build(struct git_trees *trees, size_t place)
{
    CLEANUP(folder_release) struct folder folder = {0};
    const struct git_tree_bytes *tree = &trees->wanted[place];
    const struct git_outcome *outcome =
        git_known_find(&trees->known, &tree->id);
    if (outcome->fate != GIT_WANTED)
        return NULL;
    TRY(read_folder(trees, buf_slice(&tree->bytes), &folder));
    TRY(build_below(trees, &folder));
    return in_tree(trees, build_folder(trees, tree, &folder), &tree->id);
}

dits_error *git_trees_store(struct git_trees *trees)
{
    if (trees->builder == NULL)
        TRY(tree_builder_new(trees->files->writer, &trees->builder));
    TRY(read_trees(trees));
    TRY(store_blobs(trees));
    for (size_t i = 0; i < trees->count; i++)
        TRY(build(trees, i));
    forget_bytes(trees);
    return NULL;
}

void git_trees_find(const struct git_trees *trees, const struct dits_oid *id,
                    struct dits_oid *out)
{
    const struct git_outcome *outcome = git_known_find(&trees->known, id);
    tree_empty_id(out);
    if (outcome != NULL && outcome->fate == GIT_STORED)
        *out = outcome->id;
}

static dits_error *learn_entry(struct git_trees *trees,
                               const struct git_entry *entry,
                               const struct tree_entry *found)
{
    bool is_folder = found->mode == TREE_FOLDER;
    if (is_folder != (entry->mode == GIT_FOLDER))
        return NULL;
    if (is_folder)
        return git_trees_learn(trees, &entry->id, &found->id);
    return git_known_set(&trees->known, &entry->id, GIT_STORED, &found->id);
}

/* Both in the order of names: what only one of them has is passed over. */
static dits_error *learn_folder(struct git_trees *trees,
                                const struct folder *folder,
                                const struct dits_oid *tree)
{
    CLEANUP(tree_iter_freep) struct tree_iter *iter = NULL;
    struct tree_entry found = {0};
    bool more = false;
    size_t i = 0;
    TRY(tree_iter_new(trees->files->repo->store, tree, &iter));
    TRY(tree_iter_next(iter, &found, &more));
    while (more && i < folder->count) {
        int order =
            strcmp((const char *)folder->entries[i].name.data, found.name);
        if (order == 0)
            TRY(learn_entry(trees, &folder->entries[i], &found));
        if (order >= 0)
            TRY(tree_iter_next(iter, &found, &more));
        if (order <= 0)
            i++;
    }
    return NULL;
}

dits_error *git_trees_learn(struct git_trees *trees, const struct dits_oid *id,
                            const struct dits_oid *tree)
{
    CLEANUP(folder_release) struct folder folder = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    bool is_new = false;
    TRY(git_known_want(&trees->known, id, &is_new));
    if (!is_new)
        return NULL;
    TRY(git_known_set(&trees->known, id, GIT_STORED, tree));
    git_known_find(&trees->known, id)->is_tree = true;
    TRY(git_batch_ask(trees->files->batch, id));
    TRY(git_batch_take(trees->files->batch, id, "tree", TREE_MAX_BYTES,
                       &bytes));
    TRY(read_folder(trees, buf_slice(&bytes), &folder));
    return learn_folder(trees, &folder, tree);
}
