/* What branches follow. */
#include <dits/commit.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/ref_name.h"
#include "repo/remote.h"

void tracking_release(struct tracking *tracking)
{
    mem_free(tracking->remote);
    mem_free(tracking->merge);
    mem_free(tracking->ref);
    *tracking = (struct tracking){0};
}

/* What a ref of the remote is called here; NULL: it is not kept. */
static dits_error *name_here(dits_repo *repo, const char *remote_name,
                             const char *merge, char **out)
{
    CLEANUP(remote_release) struct remote remote = {0};
    bool found = false;
    if (strcmp(remote_name, ".") == 0)
        return text_copy(merge, out);
    TRY(remote_find(repo, remote_name, &remote, &found));
    for (size_t i = 0; i < remote.fetch.count; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        bool matches = false;
        TRY(refspec_map(&remote.fetch.items[i], merge, &name, &matches));
        if (matches && ref_name_is_full(buf_text(&name)))
            return buf_take_text(&name, out);
    }
    return NULL;
}

dits_error *tracking_find(dits_repo *repo, const char *branch,
                          struct tracking *out)
{
    CLEANUP(tracking_release) struct tracking tracking = {0};
    const char *remote = NULL;
    const char *merge = NULL;
    TRY(remote_setting(repo, "branch", branch, "remote", &remote));
    TRY(remote_setting(repo, "branch", branch, "merge", &merge));
    if (remote != NULL && merge != NULL && ref_name_is_full(merge)) {
        TRY(text_copy(remote, &tracking.remote));
        TRY(text_copy(merge, &tracking.merge));
        TRY(name_here(repo, remote, merge, &tracking.ref));
    }
    *out = MOVE(tracking);
    return NULL;
}

struct sourcing {
    dits_repo *repo;
    const char *full_name;
    char *remote;
    char *merge;
};

static dits_error *try_remote(const struct dits_remote *told, void *payload)
{
    struct sourcing *sourcing = payload;
    CLEANUP(remote_release) struct remote remote = {0};
    bool found = false;
    TRY(remote_find(sourcing->repo, told->name, &remote, &found));
    for (size_t i = 0; i < remote.fetch.count && !sourcing->remote; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        bool matches = false;
        TRY(refspec_map_back(&remote.fetch.items[i], sourcing->full_name, &name,
                             &matches));
        if (!matches)
            continue;
        TRY(text_copy(told->name, &sourcing->remote));
        TRY(buf_take_text(&name, &sourcing->merge));
    }
    return NULL;
}

dits_error *tracking_source(dits_repo *repo, const char *full_name,
                            char **out_remote, char **out_merge)
{
    struct sourcing sourcing = {.repo = repo, .full_name = full_name};
    dits_error *err = dits_remote_each(repo, try_remote, &sourcing);
    if (err == NULL) {
        *out_remote = MOVE(sourcing.remote);
        *out_merge = MOVE(sourcing.merge);
    }
    mem_free(sourcing.remote);
    mem_free(sourcing.merge);
    return err;
}

/* --- settings --- */

struct following {
    const char *section; /* "branch.NAME" */
    const char *to;      /* another such, which it becomes; or NULL */
    const char *remote;  /* NULL: none any more */
    const char *merge;
};

static dits_error *put_setting(const char *file,
                               const struct following *following,
                               const char *name, const char *value,
                               struct buf *text)
{
    CLEANUP(buf_release) struct buf key = {0};
    CLEANUP(buf_release) struct buf next = {0};
    TRY(buf_printf(&key, "%s.%s", following->section, name));
    TRY(config_file_edit(file, buf_slice(text), buf_text(&key), value, &next));
    buf_clear(text);
    return buf_put(text, next.data, next.size);
}

static dits_error *follow(const char *name, struct slice text, struct buf *out,
                          void *payload)
{
    const struct following *following = payload;
    if (following->remote == NULL)
        return config_file_edit_section(name, text, following->section,
                                        following->to, out);
    TRY(buf_put(out, text.data, text.size));
    TRY(put_setting(name, following, "remote", following->remote, out));
    return put_setting(name, following, "merge", following->merge, out);
}

static dits_error *change(dits_repo *repo, struct following *following)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, "config", &path));
    TRY(config_file_rewrite(path, follow, following));
    return config_file_load(path, &repo->config->repo);
}

dits_error *tracking_set(dits_repo *repo, const char *branch,
                         const char *remote, const char *merge)
{
    CLEANUP(buf_release) struct buf section = {0};
    TRY(buf_printf(&section, "branch.%s", branch));
    struct following following = {
        .section = buf_text(&section), .remote = remote, .merge = merge};
    return change(repo, &following);
}

dits_error *tracking_move(dits_repo *repo, const char *branch, const char *to)
{
    CLEANUP(buf_release) struct buf section = {0};
    CLEANUP(buf_release) struct buf next = {0};
    const char *remote = NULL;
    const char *merge = NULL;
    TRY(remote_setting(repo, "branch", branch, "remote", &remote));
    TRY(remote_setting(repo, "branch", branch, "merge", &merge));
    if (remote == NULL && merge == NULL)
        return NULL;
    TRY(buf_printf(&section, "branch.%s", branch));
    if (to != NULL)
        TRY(buf_printf(&next, "branch.%s", to));
    struct following following = {.section = buf_text(&section),
                                  .to = to != NULL ? buf_text(&next) : NULL};
    return change(repo, &following);
}

static dits_error *is_ref(dits_repo *repo, const char *prefix, const char *name,
                          bool *out)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    struct dits_oid id = {0};
    TRY(buf_printf(&full_name, "%s%s", prefix, name));
    *out = false;
    return ref_name_is_full(buf_text(&full_name))
               ? refs_read(repo, buf_text(&full_name), &id, out)
               : NULL;
}

dits_error *tracking_begin(dits_repo *repo, const char *branch,
                           const char *start)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    CLEANUP(text_free) char *remote = NULL;
    CLEANUP(text_free) char *merge = NULL;
    bool is_branch = false;
    bool is_tag = false;
    TRY(is_ref(repo, REF_BRANCHES, start, &is_branch));
    TRY(is_ref(repo, REF_TAGS, start, &is_tag));
    if (is_branch || is_tag)
        return NULL;
    bool is_full = text_starts_with(start, REF_REMOTES);
    TRY(buf_printf(&full_name, "%s%s", is_full ? "" : REF_REMOTES, start));
    TRY(is_ref(repo, "", buf_text(&full_name), &is_full));
    if (is_full)
        TRY(tracking_source(repo, buf_text(&full_name), &remote, &merge));
    return remote != NULL ? tracking_set(repo, branch, remote, merge) : NULL;
}

struct guessing {
    dits_repo *repo;
    const char *merge; /* "refs/heads/main" */
    char *found;
    size_t count;
};

static dits_error *guess(const struct dits_remote *remote, void *payload)
{
    struct guessing *guessing = payload;
    CLEANUP(text_free) char *ref = NULL;
    bool is_there = false;
    TRY(name_here(guessing->repo, remote->name, guessing->merge, &ref));
    if (ref != NULL)
        TRY(is_ref(guessing->repo, "", ref, &is_there));
    if (!is_there)
        return NULL;
    text_free(&guessing->found);
    guessing->found = MOVE(ref);
    guessing->count++;
    return NULL;
}

dits_error *tracking_guess(dits_repo *repo, const char *branch, char **out)
{
    CLEANUP(buf_release) struct buf merge = {0};
    TRY(ref_name_of_branch(branch, &merge));
    struct guessing guessing = {.repo = repo, .merge = buf_text(&merge)};
    dits_error *err = dits_remote_each(repo, guess, &guessing);
    if (err == NULL && guessing.count == 1)
        *out = MOVE(guessing.found);
    mem_free(guessing.found);
    return err;
}

/* --- how far apart --- */

static dits_error *count_one(const dits_commit *commit, void *payload)
{
    uint64_t *count = payload;
    (void)commit;
    (*count)++;
    return NULL;
}

static dits_error *count_apart(dits_repo *repo, const struct dits_oid *of,
                               const struct dits_oid *without, uint64_t *out)
{
    char revisions[2][OID_HEX_SIZE + 1] = {{0}, "^"};
    dits_oid_hex(of, revisions[0]);
    dits_oid_hex(without, revisions[1] + 1);
    const char *names[] = {revisions[0], revisions[1]};
    const struct dits_log_options options = {.revisions = names,
                                             .revision_count = 2};
    *out = 0;
    return dits_log(repo, &options, count_one, out);
}

dits_error *tracking_count(dits_repo *repo, const struct dits_oid *ours,
                           const struct dits_oid *theirs, uint64_t *out_ahead,
                           uint64_t *out_behind)
{
    *out_ahead = 0;
    *out_behind = 0;
    if (dits_oid_equal(ours, theirs))
        return NULL;
    TRY(count_apart(repo, ours, theirs, out_ahead));
    return count_apart(repo, theirs, ours, out_behind);
}

/* --- public --- */

void dits_upstream_release(struct dits_upstream *upstream)
{
    mem_free(upstream->remote);
    mem_free(upstream->merge);
    mem_free(upstream->ref);
    mem_free(upstream->name);
    *upstream = (struct dits_upstream){0};
}

/* The short name, owned; NULL: HEAD is on no branch. */
static dits_error *branch_meant(dits_repo *repo, const char *branch, char **out)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    if (branch != NULL)
        return text_copy(branch, out);
    TRY(refs_head_read(repo, &head));
    return head.branch != NULL ? text_copy(ref_name_short(head.branch), out)
                               : NULL;
}

static dits_error *fill(dits_repo *repo, const char *branch, bool counts,
                        struct dits_upstream *upstream)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    struct dits_oid ours = {0};
    bool found = false;
    if (upstream->ref == NULL)
        return NULL;
    TRY(text_copy(ref_name_short(upstream->ref), &upstream->name));
    TRY(refs_read(repo, upstream->ref, &upstream->commit, &found));
    if (!found || !counts)
        return NULL;
    TRY(buf_printf(&full_name, REF_BRANCHES "%s", branch));
    TRY(refs_read(repo, buf_text(&full_name), &ours, &found));
    if (!found)
        return NULL;
    return tracking_count(repo, &ours, &upstream->commit, &upstream->ahead,
                          &upstream->behind);
}

static void upstream_release(struct dits_upstream *upstream)
{
    dits_upstream_release(upstream);
}

dits_error *dits_upstream_get(dits_repo *repo, const char *branch, bool counts,
                              struct dits_upstream *out, bool *out_found)
{
    CLEANUP(tracking_release) struct tracking tracking = {0};
    CLEANUP(upstream_release) struct dits_upstream upstream = {0};
    CLEANUP(text_free) char *name = NULL;
    *out_found = false;
    TRY(branch_meant(repo, branch, &name));
    if (name == NULL)
        return NULL;
    TRY(tracking_find(repo, name, &tracking));
    if (tracking.remote == NULL)
        return NULL;
    upstream.remote = MOVE(tracking.remote);
    upstream.merge = MOVE(tracking.merge);
    upstream.ref = MOVE(tracking.ref);
    TRY(fill(repo, name, counts, &upstream));
    *out = MOVE(upstream);
    *out_found = true;
    return NULL;
}

static dits_error *no_upstream_there(const char *upstream)
{
    return error_hint(error_new(DITS_E_NOT_FOUND,
                                "the requested upstream branch '%s' does not "
                                "exist",
                                upstream),
                      "See 'dits branch -a'; 'dits fetch' brings what is new.");
}

static dits_error *set_upstream(dits_repo *repo, const char *branch,
                                const char *upstream)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    CLEANUP(text_free) char *remote = NULL;
    CLEANUP(text_free) char *merge = NULL;
    struct dits_oid id = {0};
    bool found = false;
    TRY(buf_printf(&full_name, REF_REMOTES "%s", upstream));
    if (ref_name_is_full(buf_text(&full_name)))
        TRY(refs_read(repo, buf_text(&full_name), &id, &found));
    if (found)
        TRY(tracking_source(repo, buf_text(&full_name), &remote, &merge));
    if (remote != NULL)
        return tracking_set(repo, branch, remote, merge);
    buf_clear(&full_name);
    TRY(buf_printf(&full_name, REF_BRANCHES "%s", upstream));
    if (ref_name_is_full(buf_text(&full_name)))
        TRY(refs_read(repo, buf_text(&full_name), &id, &found));
    return found ? tracking_set(repo, branch, ".", buf_text(&full_name))
                 : no_upstream_there(upstream);
}

dits_error *dits_upstream_set(dits_repo *repo, const char *branch,
                              const char *upstream)
{
    CLEANUP(text_free) char *name = NULL;
    CLEANUP(buf_release) struct buf full_name = {0};
    struct dits_oid id = {0};
    const char *remote = NULL;
    bool found = false;
    TRY(branch_meant(repo, branch, &name));
    if (name == NULL)
        return error_new(DITS_E_INVALID, "HEAD is on no branch");
    TRY(ref_name_of_branch(name, &full_name));
    TRY(refs_read(repo, buf_text(&full_name), &id, &found));
    if (!found)
        return error_new(DITS_E_NOT_FOUND, "no branch '%s'", name);
    if (upstream != NULL)
        return set_upstream(repo, name, upstream);
    TRY(remote_setting(repo, "branch", name, "merge", &remote));
    if (remote == NULL)
        return error_new(DITS_E_NOT_FOUND, "branch '%s' has no upstream", name);
    return tracking_set(repo, name, NULL, NULL);
}
