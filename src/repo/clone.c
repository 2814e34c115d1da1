#include <dits/transfer.h>
#include <dits/worktree.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/clone_place.h"
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
    struct clone_record wanted;
    struct clone_place place;
    struct transport_refs refs;        /* of the other side */
    const struct transport_ref *start; /* what HEAD shall be; NULL: see there */
    dits_repo *repo;
    struct dits_transfer_result result;
};

static void cloning_release(struct cloning *cloning)
{
    dits_repo_free(cloning->repo);
    transport_refs_release(&cloning->refs);
    clone_record_release(&cloning->wanted);
    clone_place_release(&cloning->place);
}

/* --- before anything is made --- */

/* Later commands are said elsewhere: a path is kept from the root on. */
static dits_error *find_url(const char *url, char **out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(transport_local_path(NULL, url, &path));
    if (path == NULL)
        return text_copy(url, out);
    dits_error *err = fs_real_path(path, out);
    if (!dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err); /* looking there has a better answer */
    return text_copy(url, out);
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
                                    branch, cloning->wanted.url),
                          "See 'dits ls-remote %s'.", cloning->wanted.url);
    if (branch == NULL && cloning->refs.head != NULL)
        cloning->start =
            transport_refs_find(&cloning->refs, cloning->refs.head);
    return NULL;
}

static dits_error *look(struct cloning *cloning)
{
    CLEANUP(transport_closep) struct transport *transport = NULL;
    TRY(transport_open(cloning->context, NULL, cloning->wanted.url, NULL,
                       &transport));
    TRY_CONTEXT(transport->ops->list(transport, &cloning->refs),
                "cannot read '%s'", cloning->wanted.url);
    return find_start(cloning);
}

static bool starts_at_branch(const struct cloning *cloning)
{
    return cloning->start != NULL &&
           text_starts_with(cloning->start->name, REF_BRANCHES);
}

/* --- making it --- */

/* A clone that was cut off may have made it. */
static dits_error *make_remote(struct cloning *cloning)
{
    CLEANUP(remote_release) struct remote remote = {0};
    const struct clone_record *wanted = &cloning->wanted;
    bool found = false;
    TRY(remote_find(cloning->repo, wanted->origin, &remote, &found));
    if (remote.url != NULL)
        return NULL;
    return remote_make(cloning->repo, wanted->origin, wanted->url,
                       wanted->is_mirror ? "+refs/*:refs/*"
                       : wanted->is_bare ? ""
                                         : NULL);
}

static dits_error *make_repo(struct cloning *cloning)
{
    const char *branch = NULL;
    if (starts_at_branch(cloning))
        branch = ref_name_short(cloning->start->name);
    else if (cloning->refs.head != NULL)
        branch = ref_name_short(cloning->refs.head);
    const struct dits_init_options options = {.initial_branch = branch,
                                              .bare = cloning->wanted.is_bare};
    TRY(dits_repo_init(cloning->context, cloning->place.path, &options, NULL,
                       &cloning->repo));
    TRY(dits_repo_set_command(cloning->repo, "clone"));
    return make_remote(cloning);
}

static dits_error *fetch(struct cloning *cloning)
{
    static const char *const mirror[] = {"+refs/*:refs/*"};
    static const char *const bare[] = {"+refs/heads/*:refs/heads/*"};
    const struct dits_clone_options *options = cloning->options;
    CLEANUP(buf_release) struct buf own = {0};
    TRY(buf_printf(&own, "+" REF_BRANCHES "*:" REF_REMOTES "%s/*",
                   cloning->wanted.origin));
    const char *const plain[] = {buf_text(&own), REF_HEAD};
    bool is_detached = cloning->refs.head == NULL &&
                       !dits_oid_is_zero(&cloning->refs.head_id);
    struct dits_fetch_options wanted = {
        .remote = cloning->wanted.origin,
        .refspecs = options->mirror           ? mirror
                    : cloning->wanted.is_bare ? bare
                                              : plain,
        .refspec_count = !cloning->wanted.is_bare && is_detached ? 2 : 1,
        .all_tags = !options->no_tags && options->depth == 0,
        .no_tags = options->no_tags,
        .depth = options->depth,
    };
    return dits_fetch(cloning->repo, &wanted, &cloning->result);
}

/* Where the clone was cut off before, HEAD may be on another one. */
static dits_error *place_branch(struct cloning *cloning)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    dits_repo *repo = cloning->repo;
    const char *name = cloning->start->name;
    TRY(operation_begin(repo, "clone", &operation));
    TRY(operation_set_ref(operation, name, &none, &cloning->start->id,
                          "clone: from another repository"));
    TRY(operation_set_head(operation, name, NULL,
                           "clone: from another repository"));
    return operation_commit(operation);
}

/* Files that an earlier try wrote are in the way of nothing: what they hold is
 * kept by the operation. */
static dits_error *check_out(struct cloning *cloning)
{
    CLEANUP(buf_release) struct buf from = {0};
    struct dits_switch_options options = {
        .discard_changes = cloning->place.is_resumed};
    struct dits_switch_result result = {0};
    char hex[OID_HEX_SIZE] = {0};
    if (starts_at_branch(cloning)) {
        TRY(buf_printf(&from, REF_REMOTES "%s/%s", cloning->wanted.origin,
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
    if (cloning->wanted.is_bare)
        return NULL;
    if (cloning->options->no_checkout && starts_at_branch(cloning))
        return place_branch(cloning);
    return check_out(cloning);
}

/* The settings are written behind the refs: perhaps one try did half of it. */
static dits_error *follow(struct cloning *cloning)
{
    CLEANUP(tracking_release) struct tracking tracking = {0};
    CLEANUP(refs_head_release) struct refs_head head = {0};
    TRY(refs_head_read(cloning->repo, &head));
    if (cloning->wanted.is_bare || !starts_at_branch(cloning) ||
        head.branch == NULL || strcmp(head.branch, cloning->start->name) != 0)
        return NULL;
    const char *branch = ref_name_short(head.branch);
    TRY(tracking_find(cloning->repo, branch, &tracking));
    return tracking.remote != NULL
               ? NULL
               : tracking_set(cloning->repo, branch, cloning->wanted.origin,
                              head.branch);
}

/* HEAD comes last: where it has a commit, somebody may work already. */
static dits_error *make(struct cloning *cloning)
{
    struct dits_oid head = {0};
    TRY(make_repo(cloning));
    TRY(refs_head_commit(cloning->repo, &head));
    if (dits_oid_is_zero(&head)) {
        TRY(fetch(cloning));
        TRY(place_head(cloning));
    }
    TRY(follow(cloning));
    return clone_place_finish(&cloning->place);
}

static dits_error *note_wishes(struct cloning *cloning, const char *url)
{
    const struct dits_clone_options *options = cloning->options;
    struct clone_record *wanted = &cloning->wanted;
    const char *origin = options->origin != NULL ? options->origin
                                                 : REMOTE_DEFAULT;
    if (!remote_name_is_valid(origin))
        return error_new(DITS_E_INVALID, "'%s' is not a valid remote name",
                         origin);
    TRY(find_url(url, &wanted->url));
    TRY(text_copy(origin, &wanted->origin));
    TRY(text_copy_optional(options->branch, &wanted->branch));
    wanted->depth = options->depth;
    wanted->is_bare = options->bare || options->mirror;
    wanted->is_mirror = options->mirror;
    wanted->no_checkout = options->no_checkout;
    wanted->no_tags = options->no_tags;
    return NULL;
}

static void give_up(struct cloning *cloning)
{
    dits_repo_free(cloning->repo);
    cloning->repo = NULL;
    clone_place_leave(&cloning->place, &cloning->wanted);
}

dits_error *dits_clone(const dits_context *context, const char *url,
                       const char *path,
                       const struct dits_clone_options *options,
                       struct dits_transfer_result *result, dits_repo **out)
{
    CLEANUP(cloning_release)
    struct cloning cloning = {.context = context,
                              .options = options,
                              .place = {.context = context, .path = path}};
    TRY(note_wishes(&cloning, url));
    TRY(clone_place_look(&cloning.place, &cloning.wanted));
    TRY(look(&cloning));
    TRY(clone_place_take(&cloning.place, &cloning.wanted));
    if (cloning.place.is_resumed)
        log_warn(context, "a clone into '%s' was cut off: going on with it",
                 path);
    dits_error *err = make(&cloning);
    if (err != NULL) {
        give_up(&cloning);
        return err;
    }
    if (result != NULL)
        *result = cloning.result;
    *out = MOVE(cloning.repo);
    return NULL;
}
