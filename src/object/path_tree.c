#include "object/path_tree.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "object/tree_node.h"

/* A folder under way; its builder is used again for the next one. */
struct folder {
    struct tree_builder *builder;
    size_t name; /* where its name begins in the path */
};

struct path_tree_builder {
    struct store_writer *writer;
    struct folder *folders; /* from the root down */
    size_t capacity;        /* of which these have builders or had */
    size_t open;            /* under way */
    struct buf path;        /* the last one; NUL-terminated */
};

static dits_error *open_folder(struct path_tree_builder *builder, size_t name)
{
    if (builder->open >= TREE_MAX_DEPTH)
        return error_new(DITS_E_LIMIT, "more than %d folders within each other",
                         TREE_MAX_DEPTH);
    struct folder *folders = array_grown(builder->folders, builder->open,
                                         &builder->capacity, sizeof(*folders));
    if (folders == NULL)
        return error_nomem();
    builder->folders = folders;
    struct folder *folder = &builder->folders[builder->open];
    if (folder->builder == NULL)
        TRY(tree_builder_new(builder->writer, &folder->builder));
    folder->name = name;
    builder->open++;
    return NULL;
}

dits_error *path_tree_builder_new(struct store_writer *writer,
                                  struct path_tree_builder **out)
{
    CLEANUP(path_tree_builder_freep)
    struct path_tree_builder *builder = mem_new(struct path_tree_builder);
    if (builder == NULL)
        return error_nomem();
    builder->writer = writer;
    TRY(open_folder(builder, 0));
    *out = MOVE(builder);
    return NULL;
}

void path_tree_builder_free(struct path_tree_builder *builder)
{
    if (builder == NULL)
        return;
    for (size_t i = 0; i < builder->capacity; i++)
        tree_builder_free(builder->folders[i].builder);
    mem_free(builder->folders);
    buf_release(&builder->path);
    mem_free(builder);
}

void path_tree_builder_freep(struct path_tree_builder **builder)
{
    path_tree_builder_free(*builder);
}

/* Add the innermost folder to the one that holds it. */
static dits_error *close_folder(struct path_tree_builder *builder)
{
    struct folder *folder = &builder->folders[builder->open - 1];
    CLEANUP(text_free) char *name = NULL;
    struct tree_entry entry = {.mode = TREE_FOLDER};
    const char *start = (const char *)builder->path.data + folder->name;
    TRY(text_copy_part(start, strcspn(start, "/"), &name));
    TRY(tree_builder_finish(folder->builder, &entry.id));
    builder->open--;
    entry.name = name;
    return tree_builder_add(folder[-1].builder, &entry);
}

/* How many of the open folders `path` lies in. */
static size_t count_common(const struct path_tree_builder *builder,
                           const char *path)
{
    const char *last = buf_text(&builder->path);
    size_t common = 1;
    for (size_t i = 0; last[i] == path[i] && last[i] != '\0'; i++)
        common += last[i] == '/';
    return common;
}

static dits_error *check_order(const struct path_tree_builder *builder,
                               const char *path)
{
    const char *last = buf_text(&builder->path);
    if (last[0] == '\0')
        return NULL;
    if (path_compare(last, path) >= 0)
        return error_new(DITS_E_INVALID, "path '%s' comes after '%s'", path,
                         last);
    if (path_is_within(path, last))
        return error_new(DITS_E_INVALID, "'%s' is both a file and a folder",
                         last);
    return NULL;
}

dits_error *path_tree_builder_add(struct path_tree_builder *builder,
                                  const char *path, enum tree_mode mode,
                                  const struct dits_oid *id)
{
    TRY(check_order(builder, path));
    size_t common = count_common(builder, path);
    while (builder->open > common)
        TRY(close_folder(builder));

    const char *name = path;
    size_t depth = 1;
    for (const char *slash = strchr(path, '/'); slash != NULL;
         slash = strchr(name, '/')) {
        if (++depth > builder->open)
            TRY(open_folder(builder, (size_t)(name - path)));
        name = slash + 1;
    }
    struct tree_entry entry = {.name = name, .mode = mode, .id = *id};
    TRY_CONTEXT(
        tree_builder_add(builder->folders[builder->open - 1].builder, &entry),
        "cannot add '%s'", path);
    buf_clear(&builder->path);
    return buf_put_text(&builder->path, path);
}

dits_error *path_tree_builder_finish(struct path_tree_builder *builder,
                                     struct dits_oid *out_id)
{
    while (builder->open > 1)
        TRY(close_folder(builder));
    buf_clear(&builder->path);
    return tree_builder_finish(builder->folders[0].builder, out_id);
}
