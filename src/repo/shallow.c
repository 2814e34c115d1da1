#include "repo/shallow.h"

#include "base/mem.h"
#include "base/text.h"
#include "repo/shallow_format.h"

#define FILE_NAME "shallow"

/* More than eight million commits. */
static const size_t max_file = (size_t)256 << 20;

const char shallow_hint[] =
    "The history here is shallow. Import a bundle with more of it, or a whole "
    "one, to have what lies before.";

struct shallow {
    struct oid_map commits;
    struct oid_map pinned;
    bool is_pinned;
    bool is_read;
    bool exists;
    struct fs_stat stat; /* of what was read */
};

void shallow_free(struct shallow *shallow)
{
    if (shallow == NULL)
        return;
    oid_map_release(&shallow->commits);
    oid_map_release(&shallow->pinned);
    mem_free(shallow);
}

/* `*out_found` false: nothing is cut. */
static dits_error *look(const char *path, struct fs_stat *out, bool *out_found)
{
    *out_found = fs_exists(path);
    if (!*out_found)
        return NULL;
    dits_error *err = fs_stat_path(path, out);
    *out_found = err == NULL;
    if (!dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err); /* it went meanwhile */
    return NULL;
}

static bool is_same(const struct shallow *shallow, bool found,
                    const struct fs_stat *stat)
{
    if (!shallow->is_read || shallow->exists != found)
        return false;
    return !found || fs_stat_same(&shallow->stat, stat);
}

static dits_error *read_file(const char *path, struct oid_map *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(fs_read_all(path, max_file, &bytes));
    dits_error *err = shallow_decode(buf_slice(&bytes), out);
    if (!dits_error_has(err, DITS_E_CORRUPT))
        return err == NULL ? NULL : error_wrap(err, "cannot read '%s'", path);
    return error_hint(
        error_wrap(err, "cannot read '%s'", path),
        "'dits fsck --repair' makes it anew from what is stored.");
}

static dits_error *have(dits_repo *repo)
{
    if (repo->shallow != NULL)
        return NULL;
    repo->shallow = mem_new(struct shallow);
    return repo->shallow != NULL ? NULL : error_nomem();
}

/* The stat is taken before the bytes: what comes between is read again. */
dits_error *shallow_refresh(dits_repo *repo)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(oid_map_release) struct oid_map commits = {0};
    struct fs_stat stat = {0};
    bool found = false;
    TRY(have(repo));
    struct shallow *shallow = repo->shallow;
    if (shallow->is_pinned)
        return NULL;
    TRY(fs_join(repo->dits_dir, FILE_NAME, &path));
    TRY(look(path, &stat, &found));
    if (is_same(shallow, found, &stat))
        return NULL;
    if (found)
        TRY(read_file(path, &commits));
    oid_map_release(&shallow->commits);
    shallow->commits = MOVE(commits);
    shallow->stat = stat;
    shallow->exists = found;
    shallow->is_read = true;
    return NULL;
}

dits_error *shallow_commits(dits_repo *repo, const struct oid_map **out)
{
    if (repo->shallow == NULL ||
        (!repo->shallow->is_read && !repo->shallow->is_pinned))
        TRY(shallow_refresh(repo));
    *out = repo->shallow->is_pinned ? &repo->shallow->pinned
                                    : &repo->shallow->commits;
    return NULL;
}

dits_error *shallow_has(dits_repo *repo, const struct dits_oid *id, bool *out)
{
    const struct oid_map *commits = NULL;
    TRY(shallow_commits(repo, &commits));
    *out = oid_map_find(commits, id, NULL);
    return NULL;
}

dits_error *shallow_load(dits_repo *repo, const struct dits_oid *id,
                         struct commit *out)
{
    bool is_cut = false;
    TRY(shallow_has(repo, id, &is_cut));
    TRY(commit_load(repo->store, id, out));
    if (is_cut) {
        out->cut_parents = out->parent_count;
        out->parent_count = 0;
    }
    return NULL;
}

dits_error *shallow_pin(dits_repo *repo, const struct oid_map *commits)
{
    CLEANUP(oid_map_release) struct oid_map copy = {0};
    TRY(have(repo));
    struct shallow *shallow = repo->shallow;
    for (size_t i = 0; commits != NULL && i < commits->count; i++)
        TRY(oid_map_add(&copy, &commits->ids[i], NULL, NULL));
    oid_map_release(&shallow->pinned);
    shallow->pinned = MOVE(copy);
    shallow->is_pinned = commits != NULL;
    shallow->is_read = false; /* it may have been written meanwhile */
    return NULL;
}

dits_error *shallow_save(dits_repo *repo, const struct oid_map *commits)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(fs_join(repo->dits_dir, FILE_NAME, &path));
    if (commits->count > 0) {
        TRY(shallow_encode(commits, &bytes));
        return fs_replace(path, bytes.data, bytes.size);
    }
    if (!fs_exists(path))
        return NULL;
    TRY(fs_remove(path));
    return fs_sync_dir(repo->dits_dir);
}
