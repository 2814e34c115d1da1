#include "repo/obliterate_find.h"

#include <string.h>

#include "base/text.h"
#include "object/asset.h"
#include "object/tree.h"
#include "repo/index.h"
#include "repo/linked.h"
#include "repo/pathspec.h"
#include "repo/reach.h"
#include "repo/revision_resolve.h"
#include "repo/shallow.h"

/* A walk over all history for one path. */
struct search {
    dits_repo *repo;
    const char *path; /* from the top */
    struct id_list *out;
    struct id_list commits; /* met; those from `next` on are to be looked at */
    struct id_set trees;    /* looked at */
    bool is_folder;
};

static void search_release(struct search *search)
{
    id_list_release(&search->commits);
    id_set_release(&search->trees);
}

static dits_error *look_in_tree(struct search *search,
                                const struct dits_oid *tree)
{
    struct tree_entry entry = {0};
    bool is_new = false;
    bool found = false;
    TRY(id_set_add(&search->trees, tree, &is_new));
    if (!is_new)
        return NULL;
    TRY(tree_find(search->repo->store, tree, search->path, &entry, &found));
    if (found && entry.mode == TREE_FOLDER)
        search->is_folder = true;
    else if (found)
        return id_list_add(search->out, &entry.id);
    return NULL;
}

static dits_error *look_in_commit(struct search *search,
                                  const struct dits_oid *id)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(context_check(search->repo->context));
    TRY(shallow_load(search->repo, id, &commit));
    TRY(look_in_tree(search, &commit.tree));
    for (size_t i = 0; i < commit.parent_count; i++)
        TRY(id_list_add(&search->commits, &commit.parents[i]));
    return NULL;
}

static dits_error *on_root(enum chunk_kind kind, const struct dits_oid *id,
                           void *payload)
{
    struct search *search = payload;
    struct revision_object object = {.id = *id, .kind = kind};
    TRY(revision_peel_tags(search->repo, &object));
    if (object.kind == CHUNK_COMMIT)
        return id_list_add(&search->commits, &object.id);
    return object.kind == CHUNK_TREE ? look_in_tree(search, &object.id) : NULL;
}

static dits_error *look_in_index(dits_repo *view, void *payload)
{
    const struct search *search = payload;
    CLEANUP(index_freep) struct index *index = NULL;
    TRY(index_open(view, &index));
    const struct index_entry *entry = index_find(index, search->path);
    return entry != NULL ? id_list_add(search->out, &entry->asset) : NULL;
}

static dits_error *find_path(dits_repo *repo, const char *text,
                             struct id_list *out)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(search_release) struct search search = {.repo = repo, .out = out};
    size_t before = id_list_count(out);
    TRY(pathspec_plain(repo->work_dir, repo->prefix, text, &path));
    search.path = path;
    TRY(reach_each_name(repo, on_root, &search));
    for (size_t i = 0; i < id_list_count(&search.commits); i++) {
        struct dits_oid id = id_list_at(&search.commits, i);
        TRY(look_in_commit(&search, &id));
    }
    TRY(linked_each_view(repo, look_in_index, &search));
    if (id_list_count(out) > before)
        return NULL;
    if (search.is_folder)
        return error_hint(error_new(DITS_E_INVALID, "'%s' is a folder", text),
                          "Name the files in it.");
    return error_new(DITS_E_NOT_FOUND, "'%s' is in no commit and not staged",
                     text);
}

/* Assets whose bytes have that hash. */
struct content_search {
    dits_repo *repo;
    struct dits_oid content;
    struct id_list *out;
};

static dits_error *look_at_chunk(const struct dits_oid *id,
                                 const struct chunk_place *place, void *payload)
{
    const struct content_search *search = payload;
    CLEANUP(asset_closep) struct asset *asset = NULL;
    if (place->kind != CHUNK_ASSET)
        return NULL;
    TRY(asset_open(search->repo->store, id, &asset));
    if (!dits_oid_equal(&asset_get_info(asset)->content, &search->content))
        return NULL;
    return id_list_add(search->out, id);
}

static dits_error *find_content(dits_repo *repo, const char *text,
                                struct id_list *out)
{
    struct content_search search = {.repo = repo, .out = out};
    size_t before = id_list_count(out);
    if (!oid_parse(text, &search.content))
        return error_new(DITS_E_INVALID, "'%s' is not a hash of 64 digits",
                         text);
    TRY(store_each(repo->store, look_at_chunk, &search));
    if (id_list_count(out) > before)
        return NULL;
    return error_new(DITS_E_NOT_FOUND, "no file has the content %s", text);
}

static dits_error *find_asset(dits_repo *repo, const char *text,
                              struct id_list *out)
{
    struct dits_oid prefix = {0};
    struct dits_oid ids[2] = {{{0}}};
    struct chunk_place place = {0};
    size_t count = 0;
    bool found = false;
    size_t digits = strlen(text);
    if (digits < 4 || digits > OID_HEX_SIZE - 1 ||
        !oid_parse_prefix(text, digits, &prefix))
        return error_new(DITS_E_INVALID, "'%s' is no id", text);
    TRY(store_find_prefix(repo->store, &prefix, digits, ids, 2, &count));
    if (count > 1)
        return error_new(DITS_E_CONFLICT, "the id '%s' is ambiguous", text);
    if (count == 1)
        TRY(store_find(repo->store, &ids[0], &found, &place));
    if (!found || place.kind != CHUNK_ASSET)
        return error_new(DITS_E_NOT_FOUND, "no asset has the id '%s'", text);
    return id_list_add(out, &ids[0]);
}

dits_error *obliterate_find(dits_repo *repo,
                            const struct dits_obliterate_options *options,
                            struct id_list *out)
{
    for (size_t i = 0; i < options->paths.count; i++)
        TRY(find_path(repo, options->paths.items[i], out));
    if (options->asset != NULL)
        TRY(find_asset(repo, options->asset, out));
    return options->content != NULL ? find_content(repo, options->content, out)
                                    : NULL;
}
