#include "repo/attributes.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/tree.h"
#include "repo/attribute_rules.h"
#include "repo/config.h"
#include "repo/rule_file.h"
#include "repo/worktree.h"

/* What git has built in. */
static const char built_in[] = "[attr]binary -diff -merge -text\n";

/* The rules of one folder on the way to the current one. */
struct level {
    struct attribute_rules rules;
    size_t folder_length; /* of the folder's path with its '/' */
    size_t bytes;
};

/* What a macro stands for. NULL: the attribute is none. */
struct macro {
    const struct attribute_setting *settings;
    size_t count;
};

/* Those that hold everywhere: what comes later goes before. */
enum { BUILT_IN, OF_USER, OF_REPO, EVERYWHERE_COUNT };

struct attributes {
    dits_repo *repo;
    bool in_tree;
    struct dits_oid tree;
    struct dir root; /* of the work tree */
    struct dir_place place;
    struct attribute_names names;
    struct attribute_rules everywhere[EVERYWHERE_COUNT];
    struct level *levels; /* the top first */
    size_t level_count;
    size_t level_capacity;
    struct buf folder; /* that the levels lead to, with its '/' */
    size_t bytes;      /* of all files that hold there */

    struct macro macros[ATTRIBUTE_NAMES_MAX]; /* by number */

    /* Of the path that was asked for last, by number. */
    bool is_decided[ATTRIBUTE_NAMES_MAX];
    struct attribute decided[ATTRIBUTE_NAMES_MAX];
};

static void pop_level(struct attributes *attributes)
{
    struct level *level = &attributes->levels[--attributes->level_count];
    attributes->bytes -= level->bytes;
    attribute_rules_release(&level->rules);
}

void attributes_free(struct attributes *attributes)
{
    if (attributes == NULL)
        return;
    while (attributes->level_count > 0)
        pop_level(attributes);
    mem_free(attributes->levels);
    for (size_t i = 0; i < EVERYWHERE_COUNT; i++)
        attribute_rules_release(&attributes->everywhere[i]);
    attribute_names_release(&attributes->names);
    buf_release(&attributes->folder);
    dir_place_release(&attributes->place);
    dir_close(&attributes->root);
    mem_free(attributes);
}

void attributes_freep(struct attributes **attributes)
{
    attributes_free(*attributes);
}

static dits_error *add_rules(struct attributes *attributes,
                             const struct buf *text,
                             struct attribute_rules *out)
{
    if (text->size > ATTRIBUTES_ALL_MAX - attributes->bytes)
        return error_new(DITS_E_LIMIT, "the files of attributes are too large");
    TRY(attribute_rules_parse(&attributes->names, text->data, text->size, out));
    attributes->bytes += text->size;
    return NULL;
}

static dits_error *add_path(struct attributes *attributes, const char *path,
                            struct attribute_rules *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    bool found = false;
    TRY(rule_file_read(path, ATTRIBUTES_FILE_MAX, &text, &found));
    return found ? add_rules(attributes, &text, out) : NULL;
}

/* The file of the current folder of the work tree. */
static dits_error *read_disk(struct attributes *attributes, struct buf *out,
                             bool *out_found)
{
    const struct buf *folder = &attributes->folder;
    size_t length = folder->size > 0 ? folder->size - 1 : 0;
    TRY(dir_place_enter(&attributes->place, buf_text(folder), length,
                        out_found));
    if (!*out_found)
        return NULL;
    return rule_file_read_in(&attributes->place.dir, ATTRIBUTES_FILE_NAME,
                             ATTRIBUTES_FILE_MAX, out, out_found);
}

/* That of the tree. A symlink is none, as on disk. */
static dits_error *read_stored(struct attributes *attributes, struct buf *out,
                               bool *out_found)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct store *store = attributes->repo->store;
    struct tree_entry entry = {0};
    void *at = NULL;
    TRY(buf_printf(&path, "%s%s", buf_text(&attributes->folder),
                   ATTRIBUTES_FILE_NAME));
    TRY(tree_find(store, &attributes->tree, buf_text(&path), &entry,
                  out_found));
    *out_found = *out_found &&
                 (entry.mode == TREE_FILE || entry.mode == TREE_EXECUTABLE);
    if (!*out_found)
        return NULL;
    TRY(asset_open(store, &entry.id, &asset));
    uint64_t size = asset_get_info(asset)->size;
    if (size > ATTRIBUTES_FILE_MAX)
        return error_new(DITS_E_LIMIT, "'%s' is too large", buf_text(&path));
    TRY(buf_extend(out, (size_t)size, &at));
    return size > 0 ? asset_read_at(asset, 0, (size_t)size, at) : NULL;
}

/* The level of the folder that `folder` names by now. */
static dits_error *push_level(struct attributes *attributes)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct level level = {.folder_length = attributes->folder.size};
    bool found = false;
    struct level *levels =
        array_grown(attributes->levels, attributes->level_count,
                    &attributes->level_capacity, sizeof(*levels));
    if (levels == NULL)
        return error_nomem();
    attributes->levels = levels;
    TRY(attributes->in_tree ? read_stored(attributes, &text, &found)
                            : read_disk(attributes, &text, &found));
    if (found)
        TRY(add_rules(attributes, &text, &level.rules));
    level.bytes = text.size;
    attributes->levels[attributes->level_count++] = level;
    return NULL;
}

/* The last definition in a file counts. */
static void note_macros(struct attributes *attributes,
                        const struct attribute_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct attribute_rule *rule = &rules->rules[i];
        if (rule->is_macro && rule->count > 0)
            attributes->macros[rule->macro] = (struct macro){
                .settings = rules->settings + rule->first,
                .count = rule->count,
            };
        else if (rule->is_macro)
            attributes->macros[rule->macro] = (struct macro){0};
    }
}

static dits_error *load(struct attributes *attributes)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(text_free) char *info = NULL;
    struct attribute_rules *everywhere = attributes->everywhere;
    const char *users = config_text(attributes->repo, "core.attributesfile");
    TRY(attribute_rules_parse(&attributes->names, built_in, strlen(built_in),
                              &everywhere[BUILT_IN]));
    if (users != NULL) {
        TRY(config_expand_path(attributes->repo, users, &path));
        TRY(add_path(attributes, path, &everywhere[OF_USER]));
    }
    TRY(push_level(attributes));
    TRY(fs_join(attributes->repo->dits_dir, "info/attributes", &info));
    TRY(add_path(attributes, info, &everywhere[OF_REPO]));
    note_macros(attributes, &everywhere[BUILT_IN]);
    note_macros(attributes, &everywhere[OF_USER]);
    note_macros(attributes, &attributes->levels[0].rules);
    note_macros(attributes, &everywhere[OF_REPO]);
    return NULL;
}

static dits_error *make(dits_repo *repo, const struct dits_oid *tree,
                        struct attributes **out)
{
    CLEANUP(attributes_freep)
    struct attributes *attributes = mem_new(struct attributes);
    if (attributes == NULL)
        return error_nomem();
    attributes->repo = repo;
    attributes->place.root = &attributes->root;
    attributes->in_tree = tree != NULL;
    if (tree != NULL)
        attributes->tree = *tree;
    else
        TRY(worktree_open(repo, &attributes->root));
    TRY_CONTEXT(load(attributes), "cannot read attributes");
    *out = MOVE(attributes);
    return NULL;
}

dits_error *attributes_of_worktree(dits_repo *repo, struct attributes **out)
{
    return make(repo, NULL, out);
}

dits_error *attributes_of_tree(dits_repo *repo, const struct dits_oid *tree,
                               struct attributes **out)
{
    return make(repo, tree, out);
}

/* Go to the folder of `path`: its levels are those of the folders above it. */
static dits_error *enter(struct attributes *attributes, const char *path)
{
    struct buf *folder = &attributes->folder;
    const char *name = path_base_name(path);
    size_t length = (size_t)(name - path);
    while (folder->size > length ||
           memcmp(buf_text(folder), path, folder->size) != 0) {
        pop_level(attributes);
        folder->size =
            attributes->levels[attributes->level_count - 1].folder_length;
    }
    while (folder->size < length) {
        size_t before = folder->size;
        const char *slash = strchr(path + before, '/');
        TRY(buf_put(folder, path + before,
                    (size_t)(slash + 1 - path) - before));
        dits_error *err = push_level(attributes);
        if (err != NULL) {
            folder->size = before;
            return error_wrap(err, "cannot read the attributes of '%s'", path);
        }
    }
    return NULL;
}

/*
 * What comes last goes first, so each attribute is decided once: macros within
 * macros come to an end.
 */
static void apply(struct attributes *attributes,
                  const struct attribute_setting *settings, size_t count)
{
    for (size_t i = count; i > 0; i--) {
        const struct attribute_setting *setting = &settings[i - 1];
        const struct macro *macro = &attributes->macros[setting->number];
        if (attributes->is_decided[setting->number])
            continue;
        attributes->is_decided[setting->number] = true;
        attributes->decided[setting->number] = (struct attribute){
            .name = attributes->names.names[setting->number],
            .state = setting->state,
            .value = setting->value,
        };
        if (setting->state == ATTRIBUTE_SET)
            apply(attributes, macro->settings, macro->count);
    }
}

static void apply_matching(struct attributes *attributes,
                           const struct attribute_rules *rules,
                           const char *path, bool is_folder)
{
    const char *name = path_base_name(path);
    for (size_t i = rules->count; i > 0; i--) {
        const struct attribute_rule *rule = &rules->rules[i - 1];
        if (!rule->is_macro && rule->count > 0 &&
            pattern_matches(&rule->pattern, path, name, is_folder))
            apply(attributes, rules->settings + rule->first, rule->count);
    }
}

/* Decide every attribute that any rule speaks of. */
static dits_error *decide(struct attributes *attributes, const char *path)
{
    CLEANUP(text_free) char *plain = NULL;
    size_t length = strlen(path);
    bool is_folder = length > 0 && path[length - 1] == '/';
    TRY(text_copy_part(path, length - is_folder, &plain));
    TRY(enter(attributes, plain));
    memset(attributes->is_decided, 0, sizeof(attributes->is_decided));
    apply_matching(attributes, &attributes->everywhere[OF_REPO], plain,
                   is_folder);
    for (size_t i = attributes->level_count; i > 0; i--) {
        const struct level *level = &attributes->levels[i - 1];
        apply_matching(attributes, &level->rules, plain + level->folder_length,
                       is_folder);
    }
    apply_matching(attributes, &attributes->everywhere[OF_USER], plain,
                   is_folder);
    return NULL;
}

dits_error *attributes_get(struct attributes *attributes, const char *path,
                           const char *name, struct attribute *out)
{
    uint16_t number = 0;
    TRY(decide(attributes, path));
    *out = (struct attribute){.name = name};
    if (attribute_names_find(&attributes->names, name, &number) &&
        attributes->is_decided[number])
        *out = attributes->decided[number];
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    const struct attribute *one = a;
    const struct attribute *two = b;
    return strcmp(one->name, two->name);
}

dits_error *attributes_each(struct attributes *attributes, const char *path,
                            attribute_fn *fn, void *payload)
{
    struct attribute found[ATTRIBUTE_NAMES_MAX];
    size_t count = 0;
    TRY(decide(attributes, path));
    for (size_t i = 0; i < attributes->names.count; i++)
        if (attributes->is_decided[i] &&
            attributes->decided[i].state != ATTRIBUTE_UNSPECIFIED)
            found[count++] = attributes->decided[i];
    qsort(found, count, sizeof(found[0]), by_name);
    for (size_t i = 0; i < count; i++)
        TRY(fn(&found[i], payload));
    return NULL;
}
