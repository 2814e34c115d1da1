#include "base/mem.h"
#include "object/commit.h"
#include "repo/git_commit.h"
#include "repo/git_import.h"
#include "repo/git_text.h"

/*
 * How many commits are read together: so many that git and we work side by
 * side, and so few that their trees fit memory.
 */
enum {
    FIRST_STEP = 32,
    LARGEST_STEP = 1024,
    MANY_BYTES = 16 << 20, /* of trees in a step: the next one is smaller */
    COMMIT_MAX_BYTES = 64 << 20,
};

/* Commits that are read together. */
struct step {
    struct git_import *import;
    const struct dits_oid *ids;
    size_t count;
    struct buf *bytes;
};

static void step_release(struct step *step)
{
    for (size_t i = 0; step->bytes != NULL && i < step->count; i++)
        buf_release(&step->bytes[i]);
    mem_free(step->bytes);
}

static dits_error *in_commit(const struct git_import *import, dits_error *err,
                             const struct dits_oid *id)
{
    char hex[OID_HEX_SIZE];
    git_id_hex(id, import->place.id_size, hex);
    return err == NULL ? NULL : error_wrap(err, "git's commit %s", hex);
}

static dits_error *read_commits(struct step *step)
{
    struct git_import *import = step->import;
    for (size_t i = 0; i < step->count; i++)
        TRY(git_batch_ask(&import->batch, &step->ids[i]));
    for (size_t i = 0; i < step->count; i++) {
        struct git_commit parsed = {0};
        TRY(git_batch_take(&import->batch, &step->ids[i], "commit",
                           COMMIT_MAX_BYTES, &step->bytes[i]));
        TRY(in_commit(import,
                      git_commit_parse(buf_slice(&step->bytes[i]),
                                       import->place.id_size, &parsed),
                      &step->ids[i]));
        TRY(git_trees_want(&import->trees, &parsed.tree));
    }
    return NULL;
}

static dits_error *set_parents(struct git_import *import,
                               const struct git_commit *from,
                               struct commit *out)
{
    if (from->parent_count == 0)
        return NULL;
    out->parents = mem_new_array(struct dits_oid, from->parent_count);
    if (out->parents == NULL)
        return error_nomem();
    for (size_t i = 0; i < from->parent_count; i++) {
        struct dits_oid id = git_commit_parent(from, import->place.id_size, i);
        const struct git_outcome *outcome =
            git_known_find(&import->commits, &id);
        if (outcome == NULL || outcome->fate != GIT_STORED)
            return error_hint(
                error_new(DITS_E_UNSUPPORTED,
                          "git does not have the parents of its commits"),
                "Get the whole history first, with 'git fetch --unshallow'.");
        out->parents[out->parent_count++] = outcome->id;
    }
    return NULL;
}

static dits_error *convert(struct git_import *import, struct slice bytes,
                           struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    struct git_commit parsed = {0};
    TRY(git_commit_parse(bytes, import->place.id_size, &parsed));
    TRY(git_commit_decode(&parsed, &commit));
    TRY(set_parents(import, &parsed, &commit));
    git_trees_find(&import->trees, &parsed.tree, &commit.tree);
    return commit_store(import->writer, &commit, out);
}

static dits_error *convert_all(struct step *step)
{
    struct git_import *import = step->import;
    for (size_t i = 0; i < step->count; i++) {
        const struct dits_oid *id = &step->ids[i];
        struct dits_oid ours = {0};
        TRY(in_commit(import,
                      convert(import, buf_slice(&step->bytes[i]), &ours), id));
        TRY(git_known_set(&import->commits, id, GIT_STORED, &ours));
        progress_add(&import->progress, 0, 1, NULL);
    }
    return NULL;
}

static dits_error *run_step(struct git_import *import,
                            const struct dits_oid *ids, size_t count)
{
    CLEANUP(step_release)
    struct step step = {.import = import, .ids = ids, .count = count};
    step.bytes = mem_new_array(struct buf, count);
    if (step.bytes == NULL)
        return error_nomem();
    TRY(context_check(import->repo->context));
    TRY(read_commits(&step));
    TRY(git_trees_store(&import->trees));
    return convert_all(&step);
}

static size_t next_step(const struct git_import *import, size_t step)
{
    if (import->trees.bytes > MANY_BYTES)
        return step > 1 ? step / 2 : 1;
    return step < LARGEST_STEP ? 2 * step : step;
}

dits_error *git_import_commits(struct git_import *import)
{
    size_t step = FIRST_STEP;
    progress_begin(&import->progress, import->repo->context, "importing", 0,
                   import->order_count);
    for (size_t at = 0; at < import->order_count;) {
        size_t left = import->order_count - at;
        size_t count = step < left ? step : left;
        TRY(run_step(import, import->order + at, count));
        at += count;
        step = next_step(import, step);
    }
    import->result.commits = import->order_count;
    return NULL;
}
