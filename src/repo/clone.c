#include <dits/transfer.h>
#include <dits/worktree.h>

#include <string.h>

#include "base/array.h"
#include "base/dir.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/open.h"
#include "repo/operation.h"
#include "repo/ref_name.h"
#include "repo/remote.h"
#include "repo/transport.h"

static const struct dits_oid none = {0};

struct cloning {
    const dits_context *context;
    const struct dits_clone_options *options;
    const char *path;
    char *url; /* absolute, where it is a path */
    const char *origin;
    bool is_bare;
    bool made_folder;
    struct transport_refs refs;        /* of the other side */
    const struct transport_ref *start; /* what HEAD shall be; NULL: see there */
    dits_repo *repo;
    struct dits_transfer_result result;
};

static void cloning_release(struct cloning *cloning)
{
    dits_repo_free(cloning->repo);
    transport_refs_release(&cloning->refs);
    mem_free(cloning->url);
}

/* --- taking it back --- */

struct names {
    char **items;
    size_t count;
    size_t capacity;
};

static void names_release(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->items[i]);
    mem_free(names->items);
}

static dits_error *add_name(const char *name, enum fs_kind kind, void *payload)
{
    struct names *names = payload;
    (void)kind;
    char **items = array_grown(names->items, names->count, &names->capacity,
                               sizeof(*items));
    if (items == NULL)
        return error_nomem();
    names->items = items;
    TRY(text_copy(name, &names->items[names->count]));
    names->count++;
    return NULL;
}

/* All that is in the folder; symlinks are removed and not followed. */
static dits_error *empty_folder(const struct dir *dir)
{
    CLEANUP(names_release) struct names names = {0};
    TRY(dir_list(dir, add_name, &names));
    for (size_t i = 0; i < names.count; i++) {
        CLEANUP(dir_close) struct dir below = {0};
        bool is_folder = false;
        TRY(dir_open_below(dir, names.items[i], &below, &is_folder));
        if (!is_folder) {
            TRY(dir_remove_file(dir, names.items[i]));
            continue;
        }
        TRY(empty_folder(&below));
        TRY(dir_remove_folder(dir, names.items[i]));
    }
    return NULL;
}

static dits_error *remove_folder(const char *path)
{
    CLEANUP(text_free) char *real = NULL;
    CLEANUP(dir_close) struct dir parent = {0};
    TRY(fs_real_path(path, &real));
    char *slash = strrchr(real, '/');
    if (slash == NULL || slash[1] == '\0')
        return NULL;
    *slash = '\0';
    TRY(dir_open(slash == real ? "/" : real, &parent));
    return dir_remove_folder(&parent, slash + 1);
}

static dits_error *remove_all(const char *path, bool with_folder)
{
    CLEANUP(dir_close) struct dir dir = {0};
    TRY(dir_open(path, &dir));
    TRY(empty_folder(&dir));
    return with_folder ? remove_folder(path) : NULL;
}

/* What it came to is told in any case. */
static void take_back(struct cloning *cloning)
{
    dits_repo_free(cloning->repo);
    cloning->repo = NULL;
    dits_error *err = remove_all(cloning->path, cloning->made_folder);
    if (err != NULL && dits_error_code(err) != DITS_E_NOT_FOUND)
        log_warn(cloning->context, "'%s' could not be removed: %s",
                 cloning->path, dits_error_message(err));
    dits_error_free(err);
}

/* --- before anything is made --- */

static dits_error *count_name(const char *name, void *payload)
{
    size_t *count = payload;
    (void)name;
    (*count)++;
    return NULL;
}

static dits_error *check_place(struct cloning *cloning)
{
    size_t count = 0;
    cloning->made_folder = !fs_exists(cloning->path);
    if (cloning->made_folder)
        return NULL;
    dits_error *err = fs_list(cloning->path, count_name, &count);
    if (err == NULL && count == 0)
        return NULL;
    dits_error_free(err); /* it is a file, or not ours to look at */
    return error_new(DITS_E_EXISTS,
                     "destination path '%s' already exists and is not an empty "
                     "directory",
                     cloning->path);
}

/* Later commands are said elsewhere: a path is kept from the root on. */
static dits_error *find_url(struct cloning *cloning, const char *url)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(transport_local_path(NULL, url, &path));
    if (path == NULL || !fs_exists(path))
        return text_copy(url, &cloning->url);
    return fs_real_path(path, &cloning->url);
}

static dits_error *find_start(struct cloning *cloning)
{
    static const char *const prefixes[] = {REF_BRANCHES, REF_TAGS};
    const char *branch = cloning->options->branch;
    for (size_t i = 0; branch != NULL && i < 2 && cloning->start == NULL; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        TRY(buf_printf(&name, "%s%s", prefixes[i], branch));
        cloning->start = transport_refs_find(&cloning->refs, buf_text(&name));
    }
    if (branch != NULL && cloning->start == NULL)
        return error_hint(error_new(DITS_E_NOT_FOUND,
                                    "remote branch '%s' not found in '%s'",
                                    branch, cloning->url),
                          "See 'dits ls-remote %s'.", cloning->url);
    if (branch == NULL && cloning->refs.head != NULL)
        cloning->start =
            transport_refs_find(&cloning->refs, cloning->refs.head);
    return NULL;
}

static dits_error *look(struct cloning *cloning)
{
    CLEANUP(transport_closep) struct transport *transport = NULL;
    TRY(transport_open(cloning->context, NULL, cloning->url, NULL, &transport));
    TRY_CONTEXT(transport->ops->list(transport, &cloning->refs),
                "cannot read '%s'", cloning->url);
    return find_start(cloning);
}

static bool starts_at_branch(const struct cloning *cloning)
{
    return cloning->start != NULL &&
           text_starts_with(cloning->start->name, REF_BRANCHES);
}

/* --- making it --- */

static dits_error *make_repo(struct cloning *cloning)
{
    const char *branch = NULL;
    if (starts_at_branch(cloning))
        branch = ref_name_short(cloning->start->name);
    else if (cloning->refs.head != NULL)
        branch = ref_name_short(cloning->refs.head);
    const struct dits_init_options options = {.initial_branch = branch,
                                              .bare = cloning->is_bare};
    TRY(dits_repo_init(cloning->context, cloning->path, &options, NULL,
                       &cloning->repo));
    TRY(dits_repo_set_command(cloning->repo, "clone"));
    return remote_make(cloning->repo, cloning->origin, cloning->url,
                       cloning->options->mirror ? "+refs/*:refs/*"
                       : cloning->is_bare       ? ""
                                                : NULL);
}

static dits_error *fetch(struct cloning *cloning)
{
    static const char *const mirror[] = {"+refs/*:refs/*"};
    static const char *const bare[] = {"+refs/heads/*:refs/heads/*"};
    const struct dits_clone_options *options = cloning->options;
    CLEANUP(buf_release) struct buf own = {0};
    TRY(buf_printf(&own, "+" REF_BRANCHES "*:" REF_REMOTES "%s/*",
                   cloning->origin));
    const char *const plain[] = {buf_text(&own), REF_HEAD};
    bool is_detached = cloning->refs.head == NULL &&
                       !dits_oid_is_zero(&cloning->refs.head_id);
    struct dits_fetch_options wanted = {
        .remote = cloning->origin,
        .refspecs = options->mirror    ? mirror
                    : cloning->is_bare ? bare
                                       : plain,
        .refspec_count = !cloning->is_bare && is_detached ? 2 : 1,
        .all_tags = !options->no_tags && options->depth == 0,
        .no_tags = options->no_tags,
        .depth = options->depth,
    };
    return dits_fetch(cloning->repo, &wanted, &cloning->result);
}

/* HEAD is on the branch since the repository was made. */
static dits_error *place_branch(struct cloning *cloning)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    dits_repo *repo = cloning->repo;
    const char *name = cloning->start->name;
    TRY(operation_begin(repo, "clone", &operation));
    TRY(operation_set_ref(operation, name, &none, &cloning->start->id,
                          "clone: from another repository"));
    TRY(operation_commit(operation));
    return tracking_set(repo, ref_name_short(name), cloning->origin, name);
}

static dits_error *check_out(struct cloning *cloning)
{
    CLEANUP(buf_release) struct buf from = {0};
    struct dits_switch_options options = {0};
    struct dits_switch_result result = {0};
    char hex[OID_HEX_SIZE] = {0};
    if (starts_at_branch(cloning)) {
        TRY(buf_printf(&from, REF_REMOTES "%s/%s", cloning->origin,
                       ref_name_short(cloning->start->name)));
        options.create = ref_name_short(cloning->start->name);
        options.force_create = true;
        options.target = buf_text(&from);
    } else {
        dits_oid_hex(cloning->start != NULL ? &cloning->start->commit
                                            : &cloning->refs.head_id,
                     hex);
        options.target = hex;
        options.detach = true;
    }
    return dits_switch(cloning->repo, &options, &result);
}

static dits_error *place_head(struct cloning *cloning)
{
    if (cloning->start == NULL && dits_oid_is_zero(&cloning->refs.head_id)) {
        log_warn(cloning->context, cloning->refs.count == 0
                                       ? "You appear to have cloned an empty "
                                         "repository."
                                       : "remote HEAD refers to nonexistent "
                                         "ref, unable to checkout");
        return NULL;
    }
    if (cloning->is_bare)
        return NULL;
    if (cloning->options->no_checkout && starts_at_branch(cloning))
        return place_branch(cloning);
    return check_out(cloning);
}

static dits_error *make(struct cloning *cloning)
{
    TRY(make_repo(cloning));
    TRY(fetch(cloning));
    return place_head(cloning);
}

dits_error *dits_clone(const dits_context *context, const char *url,
                       const char *path,
                       const struct dits_clone_options *options,
                       struct dits_transfer_result *result, dits_repo **out)
{
    CLEANUP(cloning_release)
    struct cloning cloning = {
        .context = context,
        .options = options,
        .path = path,
        .origin = options->origin != NULL ? options->origin : REMOTE_DEFAULT,
        .is_bare = options->bare || options->mirror,
    };
    if (!remote_name_is_valid(cloning.origin))
        return error_new(DITS_E_INVALID, "'%s' is not a valid remote name",
                         cloning.origin);
    TRY(find_url(&cloning, url));
    TRY(check_place(&cloning));
    TRY(look(&cloning));
    dits_error *err = make(&cloning);
    if (err != NULL) {
        take_back(&cloning);
        return err;
    }
    if (result != NULL)
        *result = cloning.result;
    *out = MOVE(cloning.repo);
    return NULL;
}
