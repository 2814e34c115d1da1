#include "repo/unfinished.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "object/object.h"
#include "repo/identity.h"
#include "repo/ref_name.h"

/* Folders of the commit's tree: the stages, and what stands beside conflicts.
 */
static const char *const folder_names[STAGE_COUNT + 1] = {"base", "ours",
                                                          "theirs", "beside"};
/* In the order of names, which trees are written in. */
static const size_t folder_order[STAGE_COUNT + 1] = {0, 3, 1, 2};

/* Headers of the commit that holds it. */
static const char KIND[] = "kind";
static const char START[] = "start";
static const char OTHER[] = "other";
static const char ONTO[] = "onto";
static const char AUTOSTASH[] = "autostash";
static const char BRANCH[] = "branch";
static const char STEPS[] = "steps";
static const char MAINLINE[] = "mainline";
static const char FLAGS[] = "flags";

enum { FLAG_ADD_ORIGIN = 1, FLAG_NO_COMMIT = 2 };

/* A commit has at most 1,024 parents, of which four are others. */
enum { STEPS_MAX = 1000 };

const char *unfinished_name(enum unfinished_kind kind)
{
    static const char *const names[UNFINISHED_KIND_COUNT] = {
        "nothing", "merge", "merge", "cherry-pick", "revert", "rebase", "stash",
    };
    return names[kind];
}

void unfinished_release(struct unfinished *work)
{
    mem_free(work->branch);
    mem_free(work->message);
    mem_free(work->steps);
    *work = (struct unfinished){0};
}

void unfinished_clear_conflicts(struct unfinished *work)
{
    memset(work->stages, 0, sizeof(work->stages));
    work->beside = (struct dits_oid){0};
}

bool unfinished_has_conflicts(const struct unfinished *work)
{
    struct dits_oid empty = {0};
    tree_empty_id(&empty);
    for (size_t i = 0; i < STAGE_COUNT; i++)
        if (!dits_oid_is_zero(&work->stages[i]) &&
            !dits_oid_equal(&work->stages[i], &empty))
            return true;
    return false;
}

/* Writing. */

static dits_error *put_header(struct buf *out, const char *name,
                              const void *value, size_t size)
{
    TRY(object_put_bytes(out, name, strlen(name)));
    return object_put_bytes(out, value, size);
}

static dits_error *put_id(struct buf *out, const char *name,
                          const struct dits_oid *id)
{
    if (dits_oid_is_zero(id))
        return NULL;
    return put_header(out, name, id->hash, OID_SIZE);
}

static dits_error *put_number(struct buf *out, const char *name, uint8_t value)
{
    return value == 0 ? NULL : put_header(out, name, &value, sizeof(value));
}

dits_error *unfinished_encode(const struct unfinished *work, struct buf *out)
{
    unsigned flags = (work->add_origin ? FLAG_ADD_ORIGIN : 0u) |
                     (work->no_commit ? FLAG_NO_COMMIT : 0u);
    TRY(put_number(out, KIND, (uint8_t)work->kind));
    TRY(put_id(out, START, &work->start));
    TRY(put_id(out, OTHER, &work->other));
    TRY(put_id(out, ONTO, &work->onto));
    TRY(put_id(out, AUTOSTASH, &work->autostash));
    if (work->branch != NULL)
        TRY(put_header(out, BRANCH, work->branch, strlen(work->branch)));
    if (work->step_count > 0)
        TRY(put_header(out, STEPS, work->steps, work->step_count * OID_SIZE));
    TRY(put_number(out, MAINLINE, (uint8_t)work->mainline));
    return put_number(out, FLAGS, (uint8_t)flags);
}

static void add_parent(struct commit *commit, const struct dits_oid *id)
{
    if (!dits_oid_is_zero(id))
        commit->parents[commit->parent_count++] = *id;
}

/*
 * What it needs is kept by being a parent. The steps of a rebase are all
 * ancestors of where it started.
 */
static dits_error *put_parents(const struct unfinished *work,
                               struct commit *commit)
{
    size_t steps = work->kind == UNFINISHED_REBASE ? 0 : work->step_count;
    if (steps > STEPS_MAX)
        return error_hint(
            error_new(DITS_E_LIMIT, "%zu commits are too many for one %s",
                      steps, unfinished_name(work->kind)),
            "Take at most %d at once, or use 'dits rebase'.", STEPS_MAX);
    commit->parents = mem_new_array(struct dits_oid, steps + 4);
    if (commit->parents == NULL)
        return error_nomem();
    add_parent(commit, &work->start);
    add_parent(commit, &work->other);
    add_parent(commit, &work->onto);
    add_parent(commit, &work->autostash);
    for (size_t i = 0; i < steps; i++)
        add_parent(commit, &work->steps[i]);
    return NULL;
}

static dits_error *put_stages(struct store_writer *writer,
                              const struct unfinished *work,
                              struct dits_oid *out)
{
    CLEANUP(tree_builder_freep) struct tree_builder *builder = NULL;
    TRY(tree_builder_new(writer, &builder));
    for (size_t i = 0; i <= STAGE_COUNT; i++) {
        size_t folder = folder_order[i];
        struct tree_entry entry = {
            .name = folder_names[folder],
            .mode = TREE_FOLDER,
            .id = folder < STAGE_COUNT ? work->stages[folder] : work->beside};
        if (!dits_oid_is_zero(&entry.id))
            TRY(tree_builder_add(builder, &entry));
    }
    return tree_builder_finish(builder, out);
}

static dits_error *store_work(struct operation *operation,
                              const struct unfinished *work,
                              struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    struct store_writer *writer = operation_writer(operation);
    TRY(put_stages(writer, work, &commit.tree));
    TRY(put_parents(work, &commit));
    TRY(unfinished_encode(work, &commit.extra_headers));
    TRY(identity_find_any(operation_repo(operation), &commit.author));
    TRY(person_copy(&commit.author, &commit.committer));
    TRY(text_copy(work->message != NULL ? work->message : "", &commit.message));
    return commit_store(writer, &commit, out);
}

dits_error *operation_set_unfinished(struct operation *operation,
                                     const struct unfinished *work)
{
    struct dits_oid after = {0};
    if (work->kind != UNFINISHED_NONE)
        TRY(store_work(operation, work, &after));
    return operation_set_ref(operation, REF_UNFINISHED, &work->ref, &after, "");
}

/* Reading. */

static dits_error *take_id(struct slice value, struct dits_oid *out)
{
    struct cursor in = cursor_over(value.data, value.size);
    TRY(cursor_oid(&in, out));
    return cursor_end(&in);
}

static dits_error *take_number(struct slice value, uint8_t *out)
{
    struct cursor in = cursor_over(value.data, value.size);
    TRY(cursor_u8(&in, out));
    return cursor_end(&in);
}

static dits_error *take_steps(struct slice value, struct unfinished *work)
{
    size_t count = value.size / OID_SIZE;
    if (count == 0 || value.size % OID_SIZE != 0 || work->steps != NULL)
        return error_new(DITS_E_CORRUPT, "steps of %zu bytes", value.size);
    work->steps = mem_new_array(struct dits_oid, count);
    if (work->steps == NULL)
        return error_nomem();
    memcpy(work->steps, value.data, value.size);
    work->step_count = count;
    return NULL;
}

static dits_error *take_branch(struct slice value, struct unfinished *work)
{
    if (work->branch != NULL)
        return error_new(DITS_E_CORRUPT, "two branches");
    TRY(text_copy_part((const char *)value.data, value.size, &work->branch));
    return ref_name_is_full(work->branch)
               ? NULL
               : error_new(DITS_E_CORRUPT, "a branch without a proper name");
}

static bool is_named(struct slice name, const char *text)
{
    return name.size == strlen(text) && memcmp(name.data, text, name.size) == 0;
}

static dits_error *take_kind(struct slice value, struct unfinished *work)
{
    uint8_t kind = 0;
    TRY(take_number(value, &kind));
    if (kind == 0 || kind >= UNFINISHED_KIND_COUNT)
        return error_new(DITS_E_UNSUPPORTED, "unfinished work of kind %u",
                         kind);
    work->kind = (enum unfinished_kind)kind;
    return NULL;
}

static dits_error *take_header(struct slice name, struct slice value,
                               struct unfinished *work)
{
    uint8_t number = 0;
    if (is_named(name, KIND))
        return take_kind(value, work);
    if (is_named(name, START))
        return take_id(value, &work->start);
    if (is_named(name, OTHER))
        return take_id(value, &work->other);
    if (is_named(name, ONTO))
        return take_id(value, &work->onto);
    if (is_named(name, AUTOSTASH))
        return take_id(value, &work->autostash);
    if (is_named(name, BRANCH))
        return take_branch(value, work);
    if (is_named(name, STEPS))
        return take_steps(value, work);
    if (is_named(name, MAINLINE)) {
        TRY(take_number(value, &number));
        work->mainline = number;
    } else if (is_named(name, FLAGS)) {
        TRY(take_number(value, &number));
        work->add_origin = (number & FLAG_ADD_ORIGIN) != 0;
        work->no_commit = (number & FLAG_NO_COMMIT) != 0;
    }
    return NULL;
}

dits_error *unfinished_decode(struct slice headers, struct unfinished *work)
{
    struct cursor in = cursor_over(headers.data, headers.size);
    while (cursor_left(&in) > 0) {
        struct slice name = {0};
        struct slice value = {0};
        TRY(object_take_bytes(&in, headers.size, &name));
        TRY(object_take_bytes(&in, headers.size, &value));
        TRY(take_header(name, value, work));
    }
    return work->kind != UNFINISHED_NONE
               ? NULL
               : error_new(DITS_E_CORRUPT, "unfinished work of no kind");
}

static dits_error *take_stages(struct store *store, const struct dits_oid *tree,
                               struct unfinished *work)
{
    for (size_t i = 0; i <= STAGE_COUNT; i++) {
        struct tree_entry entry = {0};
        bool found = false;
        TRY(tree_find(store, tree, folder_names[i], &entry, &found));
        if (found && entry.mode != TREE_FOLDER)
            return error_new(DITS_E_CORRUPT, "a stage is no folder");
        if (found)
            *(i < STAGE_COUNT ? &work->stages[i] : &work->beside) = entry.id;
    }
    return NULL;
}

static dits_error *load(dits_repo *repo, const struct dits_oid *id,
                        struct unfinished *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(unfinished_release) struct unfinished work = {.ref = *id};
    TRY(commit_load(repo->store, id, &commit));
    TRY(unfinished_decode(buf_slice(&commit.extra_headers), &work));
    TRY(take_stages(repo->store, &commit.tree, &work));
    work.message = MOVE(commit.message);
    *out = MOVE(work);
    return NULL;
}

dits_error *unfinished_read(dits_repo *repo, struct unfinished *out)
{
    struct dits_oid id = {0};
    bool found = false;
    TRY(refs_read(repo, REF_UNFINISHED, &id, &found));
    if (found)
        TRY_CONTEXT(load(repo, &id, out), "cannot read the unfinished work");
    return NULL;
}

dits_error *unfinished_is_there(dits_repo *repo, bool *out)
{
    struct dits_oid id = {0};
    return refs_read(repo, REF_UNFINISHED, &id, out);
}

dits_error *unfinished_refuse(dits_repo *repo, const char *what)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    TRY(unfinished_read(repo, &work));
    if (work.kind == UNFINISHED_NONE)
        return NULL;
    const char *name = unfinished_name(work.kind);
    dits_error *err = error_new(DITS_E_CONFLICT,
                                "cannot %s: a %s is not finished", what, name);
    if (work.kind == UNFINISHED_STASH)
        return error_hint(err, "Resolve the conflicts first ('dits status'), "
                               "or take it back with 'dits undo'.");
    return error_hint(
        err,
        "End it with 'dits %s --continue', or give it up with 'dits %s "
        "--abort'.",
        name, name);
}
