#include "base/hash.h"
#include "base/mem.h"
#include "object/commit.h"
#include "repo/git_commit.h"
#include "repo/git_import.h"
#include "repo/git_text.h"

#define UNKNOWN_PARENT_CONTEXT "dits 2026-11 parent in git v1"

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

static bool find_parent(const struct git_import *import,
                        const struct dits_oid *id, struct dits_oid *out)
{
    const struct git_outcome *outcome = git_known_find(&import->commits, id);
    if (outcome == NULL || outcome->fate != GIT_STORED)
        return false;
    *out = outcome->id;
    return true;
}

/* Nobody can tell what it will be: an id that nothing has stands for it. */
static void name_unknown(const struct git_import *import,
                         const struct dits_oid *id, struct dits_oid *out)
{
    struct hash hash;
    hash_begin_derived(&hash, UNKNOWN_PARENT_CONTEXT);
    hash_update(&hash, id->hash, import->place.id_size);
    hash_finish(&hash, out);
}

static dits_error *set_parents(struct git_import *import,
                               const struct git_commit *from, bool is_cut,
                               struct commit *out)
{
    if (from->parent_count == 0)
        return NULL;
    out->parents = mem_new_array(struct dits_oid, from->parent_count);
    if (out->parents == NULL)
        return error_nomem();
    for (size_t i = 0; i < from->parent_count; i++) {
        struct dits_oid id = git_commit_parent(from, import->place.id_size, i);
        struct dits_oid *ours = &out->parents[out->parent_count++];
        if (is_cut)
            name_unknown(import, &id, ours);
        else if (!find_parent(import, &id, ours))
            return error_new(DITS_E_CORRUPT,
                             "git does not have the parents of its commits");
    }
    return NULL;
}

static bool was_known(const struct git_import *import,
                      const struct dits_oid *id)
{
    size_t number = 0;
    return oid_map_find(&import->commits.numbers, id, &number) &&
           number < import->known_count &&
           !oid_map_find(&import->renewed, id, NULL);
}

/*
 * Git lists no parents where its own history is shallow, or ours shall be. All
 * of them may be here from an earlier import. That some came now, along other
 * lines, is no reason: what id it gets must not depend on their order.
 */
static bool is_cut(const struct git_import *import, const struct dits_oid *id,
                   const struct git_commit *commit)
{
    bool knows_all = true;
    if (!oid_map_find(&import->listed_roots, id, NULL))
        return false;
    for (size_t i = 0; i < commit->parent_count && knows_all; i++) {
        struct dits_oid parent =
            git_commit_parent(commit, import->place.id_size, i);
        knows_all = was_known(import, &parent);
    }
    return !knows_all;
}

static dits_error *convert(struct git_import *import, struct slice bytes,
                           const struct dits_oid *id, struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    struct git_commit parsed = {0};
    TRY(git_commit_parse(bytes, import->place.id_size, &parsed));
    TRY(git_commit_decode(&parsed, &commit));
    bool cut = is_cut(import, id, &parsed);
    TRY(set_parents(import, &parsed, cut, &commit));
    git_trees_find(&import->trees, &parsed.tree, &commit.tree);
    TRY(commit_store(import->writer, &commit, out));
    return cut ? oid_map_add(&import->cuts, out, NULL, NULL) : NULL;
}

static dits_error *convert_all(struct step *step)
{
    struct git_import *import = step->import;
    for (size_t i = 0; i < step->count; i++) {
        const struct dits_oid *id = &step->ids[i];
        struct dits_oid ours = {0};
        TRY(in_commit(import,
                      convert(import, buf_slice(&step->bytes[i]), id, &ours),
                      id));
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
