#include "object/path_edit.h"

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "object/tree_edit.h"
#include "object/tree_node.h"

/* What every folder of one edit shares. */
struct editing {
    struct store *store;
    struct store_writer *writer;
    unsigned depth;
};

/* The changes of one folder, and what they make of its names. */
struct folder_edit {
    struct dits_oid tree;              /* before */
    const struct path_change *changes; /* all below it */
    size_t count;
    size_t prefix; /* bytes of its own path in theirs, with the '/' */
    struct tree_change *names;
    char **texts; /* of the names */
    size_t name_count;
};

static void release_folder(struct folder_edit *folder)
{
    for (size_t i = 0; i < folder->name_count; i++)
        mem_free(folder->texts[i]);
    mem_free(folder->texts);
    mem_free(folder->names);
}

static dits_error *edit_folder(struct editing *editing,
                               struct folder_edit *folder,
                               struct dits_oid *out);

/* What lies below a name: a folder that was there, or a new one. */
static dits_error *edit_below(struct editing *editing, const char *name,
                              const struct folder_edit *above,
                              struct folder_edit *below, struct dits_oid *out)
{
    struct tree_entry entry = {0};
    bool found = false;
    TRY(tree_find(editing->store, &above->tree, name, &entry, &found));
    tree_empty_id(&below->tree);
    if (found && entry.mode == TREE_FOLDER)
        below->tree = entry.id;
    return edit_folder(editing, below, out);
}

/* How many changes from `start` on are about the name that the first is. */
static size_t count_of_name(const struct folder_edit *folder, size_t start,
                            size_t length)
{
    const char *name = folder->changes[start].path + folder->prefix;
    size_t end = start + 1;
    while (end < folder->count) {
        const char *other = folder->changes[end].path + folder->prefix;
        if (strncmp(other, name, length) != 0 ||
            (other[length] != '/' && other[length] != '\0'))
            break;
        end++;
    }
    return end - start;
}

/* Below a file there is nothing but what goes. */
static dits_error *check_below(const struct path_change *file, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (file[i].mode != 0)
            return error_new(DITS_E_INVALID, "'%s' is a file and a folder",
                             file->path);
    return NULL;
}

/*
 * A name may be told of as a file and, behind that, as a folder: one of the
 * two goes, or the folder gives way.
 */
static dits_error *edit_name(struct editing *editing,
                             const struct folder_edit *folder, size_t start,
                             size_t count, struct tree_change *change)
{
    const struct path_change *own = &folder->changes[start];
    const char *name = own->path + folder->prefix;
    size_t length = strcspn(name, "/");
    bool is_file = name[length] == '\0';
    struct dits_oid empty = {0};
    if (is_file && (own->mode != 0 || count == 1)) {
        change->entry.mode = own->mode;
        change->entry.id = own->id;
        change->is_removal = own->mode == 0;
        return check_below(own, count);
    }
    CLEANUP(release_folder)
    struct folder_edit below = {
        .changes = own + is_file,
        .count = count - is_file,
        .prefix = folder->prefix + length + 1,
    };
    tree_empty_id(&empty);
    TRY(edit_below(editing, change->entry.name, folder, &below,
                   &change->entry.id));
    change->entry.mode = TREE_FOLDER;
    change->is_removal = dits_oid_equal(&change->entry.id, &empty);
    return NULL;
}

static dits_error *edit_names(struct editing *editing,
                              struct folder_edit *folder)
{
    if (folder->count == 0)
        return NULL;
    folder->names = mem_new_array(struct tree_change, folder->count);
    folder->texts = mem_new_array(char *, folder->count);
    if (folder->names == NULL || folder->texts == NULL)
        return error_nomem();
    for (size_t at = 0; at < folder->count;) {
        const char *name = folder->changes[at].path + folder->prefix;
        size_t length = strcspn(name, "/");
        size_t count = count_of_name(folder, at, length);
        struct tree_change *change = &folder->names[folder->name_count];
        char **text = &folder->texts[folder->name_count];
        TRY(text_copy_part(name, length, text));
        folder->name_count++;
        change->entry.name = *text;
        TRY(edit_name(editing, folder, at, count, change));
        at += count;
    }
    return NULL;
}

static dits_error *edit_folder(struct editing *editing,
                               struct folder_edit *folder, struct dits_oid *out)
{
    if (++editing->depth > TREE_MAX_DEPTH)
        return error_new(DITS_E_LIMIT, "more than %d folders within each other",
                         TREE_MAX_DEPTH);
    TRY(edit_names(editing, folder));
    editing->depth--;
    return tree_edit(editing->store, editing->writer, &folder->tree,
                     folder->names, folder->name_count, out);
}

static dits_error *check_order(const struct path_change *changes, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (path_compare(changes[i - 1].path, changes[i].path) >= 0)
            return error_new(DITS_E_INVALID, "path '%s' comes after '%s'",
                             changes[i].path, changes[i - 1].path);
    return NULL;
}

dits_error *path_edit(struct store *store, struct store_writer *writer,
                      const struct dits_oid *tree,
                      const struct path_change *changes, size_t count,
                      struct dits_oid *out_id)
{
    struct editing editing = {.store = store, .writer = writer};
    CLEANUP(release_folder)
    struct folder_edit root = {
        .tree = *tree, .changes = changes, .count = count};
    if (dits_oid_is_zero(tree))
        tree_empty_id(&root.tree);
    TRY(check_order(changes, count));
    return edit_folder(&editing, &root, out_id);
}
