#include "repo/revision_resolve.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "object/tree.h"
#include "repo/date.h"
#include "repo/index.h"
#include "repo/pathspec.h"
#include "repo/reach.h"
#include "repo/ref_name.h"
#include "repo/reflog.h"
#include "repo/remote.h"
#include "repo/revision.h"
#include "repo/revision_ids.h"
#include "repo/revision_search.h"
#include "repo/shallow.h"
#include "repo/stash.h"

enum { MAX_TAGS = 20 };

/* What is known half-way through the steps. */
struct walk {
    dits_repo *repo;
    const char *text; /* the whole, for messages */
    char *ref;        /* full name while it is a ref, else NULL */
    struct revision_object object;
    bool is_set; /* `object`: not for a ref without a commit */
};

static void walk_release(struct walk *walk)
{
    mem_free(walk->ref);
}

static dits_error *not_found(const struct walk *walk, const char *why)
{
    return error_hint(error_new(DITS_E_NOT_FOUND, "no revision '%s'%s%s",
                                walk->text, why[0] != '\0' ? ": " : "", why),
                      "See 'dits branch', 'dits tag' and 'dits log'.");
}

static dits_error *set_object(struct walk *walk, const struct dits_oid *id)
{
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_find(walk->repo->store, id, &found, &place));
    if (!found)
        return error_hint(error_new(DITS_E_NOT_FOUND,
                                    "what '%s' leads to is not stored",
                                    walk->text),
                          "See 'dits fsck'.");
    walk->object = (struct revision_object){.id = *id, .kind = place.kind};
    walk->is_set = true;
    return NULL;
}

static dits_error *try_ref(struct walk *walk, const char *prefix,
                           const char *name, bool *out_found)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    struct dits_oid id = {0};
    TRY(buf_printf(&full_name, "%s%s", prefix, name));
    *out_found = false;
    if (!ref_name_is_full(buf_text(&full_name)))
        return NULL;
    TRY(refs_read(walk->repo, buf_text(&full_name), &id, out_found));
    if (!*out_found)
        return NULL;
    text_free(&walk->ref); /* of where the walk was before */
    TRY(buf_take_text(&full_name, &walk->ref));
    return set_object(walk, &id);
}

/* HEAD may lead nowhere yet: then only its log can still answer. */
static dits_error *start_at_head(struct walk *walk, bool as_branch)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    TRY(refs_head_read(walk->repo, &head));
    const char *name = as_branch && head.branch != NULL ? head.branch
                                                        : REF_HEAD;
    text_free(&walk->ref);
    TRY(text_copy(name, &walk->ref));
    return dits_oid_is_zero(&head.commit) ? NULL
                                          : set_object(walk, &head.commit);
}

static dits_error *start_at_stash(struct walk *walk)
{
    CLEANUP(stash_entry_release) struct stash_entry entry = {0};
    TRY(stash_find(walk->repo, 0, &entry));
    walk->ref = MOVE(entry.ref);
    return set_object(walk, &entry.id);
}

/* The id in what 'dits describe' prints: "v1-3-g1f3b464"; else NULL. */
static const char *described_id(const char *base)
{
    const char *at = base + strlen(base);
    while (at > base && isxdigit((unsigned char)at[-1]))
        at--;
    return at - base > 2 && at[-1] == 'g' && at[-2] == '-' ? at : NULL;
}

static dits_error *start_at_name(struct walk *walk, const char *base,
                                 enum dits_revision_kind wanted)
{
    static const char *const prefixes[] = {"", "refs/", REF_TAGS, REF_BRANCHES,
                                           REF_REMOTES};
    struct dits_oid id = {0};
    bool found = false;
    if (strcmp(base, "@") == 0 || strcmp(base, REF_HEAD) == 0)
        return start_at_head(walk, false);
    if (oid_parse(base, &id)) /* a whole id is never the name of a ref */
        return set_object(walk, &id);
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        TRY(try_ref(walk, prefixes[i], base, &found));
        if (found)
            return NULL;
    }
    if (strcmp(base, "FETCH_HEAD") == 0)
        TRY(try_ref(walk, "", REF_FETCH_HEAD, &found));
    if (found)
        return NULL;
    if (strcmp(base, "stash") == 0)
        return start_at_stash(walk);
    const char *described = described_id(base);
    TRY(revision_find_abbreviated(walk->repo, base, wanted, &id, &found));
    if (!found && described != NULL)
        TRY(revision_find_abbreviated(walk->repo, described,
                                      DITS_REVISION_COMMIT, &id, &found));
    return found ? set_object(walk, &id) : not_found(walk, "");
}

static dits_error *no_commit_yet(const struct walk *walk)
{
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "'%s' has no commit yet", walk->text),
        "Make the first one with 'dits add' and 'dits commit'.");
}

dits_error *revision_peel_tags(dits_repo *repo, struct revision_object *object)
{
    for (int i = 0; object->kind == CHUNK_TAG; i++) {
        CLEANUP(tag_release) struct tag tag = {0};
        if (i == MAX_TAGS)
            return error_new(DITS_E_CORRUPT, "tags of tags without an end");
        TRY(tag_load(repo->store, &object->id, &tag));
        object->id = tag.target;
        object->kind = tag.target_kind;
    }
    return NULL;
}

dits_error *revision_behind_ref(dits_repo *repo, const struct dits_oid *value,
                                struct revision_object *out, bool *out_found)
{
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_find(repo->store, value, &found, &place));
    *out = (struct revision_object){.id = *value,
                                    .kind = found ? place.kind : CHUNK_COMMIT};
    if (out_found != NULL)
        *out_found = found;
    return revision_peel_tags(repo, out);
}

struct named_commits {
    dits_repo *repo;
    struct buf *ids;
};

static dits_error *add_named(enum chunk_kind kind, const struct dits_oid *id,
                             void *payload)
{
    const struct named_commits *named = payload;
    struct revision_object object = {.id = *id, .kind = kind};
    TRY(revision_peel_tags(named->repo, &object));
    if (object.kind != CHUNK_COMMIT)
        return NULL;
    return buf_put(named->ids, object.id.hash, sizeof(object.id));
}

dits_error *revision_named_commits(dits_repo *repo, struct buf *ids)
{
    struct named_commits named = {repo, ids};
    return reach_each_name(repo, add_named, &named);
}

static dits_error *wrong_kind(const struct walk *walk, const char *wanted)
{
    return error_new(DITS_E_INVALID, "'%s' is not a %s but a %s", walk->text,
                     wanted, chunk_kind_name(walk->object.kind));
}

static dits_error *peel_to_commit(struct walk *walk)
{
    TRY(revision_peel_tags(walk->repo, &walk->object));
    return walk->object.kind == CHUNK_COMMIT ? NULL
                                             : wrong_kind(walk, "commit");
}

static dits_error *peel_to_tree(struct walk *walk)
{
    TRY(revision_peel_tags(walk->repo, &walk->object));
    if (walk->object.kind == CHUNK_COMMIT) {
        CLEANUP(commit_release) struct commit commit = {0};
        TRY(commit_load(walk->repo->store, &walk->object.id, &commit));
        walk->object = (struct revision_object){commit.tree, CHUNK_TREE};
    }
    return walk->object.kind == CHUNK_TREE ? NULL : wrong_kind(walk, "tree");
}

static dits_error *go_to_parent(struct walk *walk, uint64_t number)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(peel_to_commit(walk));
    if (number == 0)
        return NULL;
    TRY(shallow_refresh(walk->repo));
    TRY(shallow_load(walk->repo, &walk->object.id, &commit));
    if (commit.cut_parents > 0)
        return error_hint(error_new(DITS_E_NOT_FOUND,
                                    "no revision '%s': the history was cut "
                                    "before it",
                                    walk->text),
                          "%s", shallow_hint);
    if (number > commit.parent_count)
        return not_found(walk, "the history does not reach so far");
    walk->object.id = commit.parents[number - 1];
    return NULL;
}

static dits_error *go_to_ancestor(struct walk *walk, uint64_t number)
{
    TRY(peel_to_commit(walk));
    for (uint64_t i = 0; i < number; i++) {
        TRY(context_check(walk->repo->context));
        TRY(go_to_parent(walk, 1));
    }
    return NULL;
}

static dits_error *peel_to(struct walk *walk, const char *kind)
{
    if (strcmp(kind, "") == 0)
        return revision_peel_tags(walk->repo, &walk->object);
    if (strcmp(kind, "commit") == 0)
        return peel_to_commit(walk);
    if (strcmp(kind, "tree") == 0)
        return peel_to_tree(walk);
    if (strcmp(kind, "object") == 0)
        return NULL;
    if (strcmp(kind, "tag") == 0)
        return walk->object.kind == CHUNK_TAG ? NULL : wrong_kind(walk, "tag");
    return error_hint(
        error_new(DITS_E_INVALID, "no kind '%s' in '%s'", kind, walk->text),
        "Kinds are commit, tree, tag and object.");
}

static dits_error *go_back_in_log(struct walk *walk,
                                  const struct revision_step *step)
{
    struct dits_oid id = {0};
    bool found = false;
    if (walk->ref == NULL)
        return not_found(walk, "only branches and HEAD have a reflog");
    if (text_starts_with(walk->ref, REF_STASH) &&
        step->kind == REVISION_LOG_NTH) {
        CLEANUP(stash_entry_release) struct stash_entry entry = {0};
        TRY(stash_find(walk->repo, step->number, &entry));
        return set_object(walk, &entry.id);
    }
    if (step->kind == REVISION_LOG_NTH) {
        TRY(reflog_nth(walk->repo, walk->ref, step->number, &id, &found));
        if (!found && step->number == 0 && walk->is_set)
            return NULL; /* the ref itself, whose log has expired */
    } else {
        int64_t time = 0;
        TRY(date_parse_age(walk->repo->context, step->text, &time));
        TRY(reflog_at(walk->repo, walk->ref, time, &id, &found));
    }
    if (!found)
        return not_found(walk, "its reflog does not go so far back");
    return set_object(walk, &id);
}

static dits_error *go_to_previous(struct walk *walk, uint64_t back)
{
    CLEANUP(text_free) char *branch = NULL;
    bool found = false;
    TRY(reflog_previous_branch(walk->repo, back, &branch));
    if (branch == NULL)
        return not_found(walk, "there was no branch before");
    TRY(try_ref(walk, "", branch, &found));
    return found ? NULL : not_found(walk, "that branch is gone");
}

static dits_error *no_upstream(const char *branch)
{
    return error_hint(error_new(DITS_E_NOT_FOUND,
                                "no upstream configured for branch '%s'",
                                branch),
                      "Set one with 'dits branch --set-upstream-to=REMOTE/NAME "
                      "%s'.",
                      branch);
}

/* What the branch follows, where it is kept here. */
static dits_error *go_to_upstream(struct walk *walk)
{
    CLEANUP(tracking_release) struct tracking tracking = {0};
    bool found = false;
    if (walk->ref != NULL && strcmp(walk->ref, REF_HEAD) == 0)
        TRY(start_at_head(walk, true));
    if (walk->ref == NULL || !text_starts_with(walk->ref, REF_BRANCHES))
        return not_found(walk, "only branches have an upstream");
    TRY(tracking_find(walk->repo, ref_name_short(walk->ref), &tracking));
    if (tracking.remote == NULL)
        return no_upstream(ref_name_short(walk->ref));
    if (tracking.ref != NULL)
        TRY(try_ref(walk, "", tracking.ref, &found));
    return found
               ? NULL
               : not_found(walk, "its upstream is not here: see 'dits fetch'");
}

/* From the top, unless it starts with "./" or "../", as git has it. */
static dits_error *plain_path(const struct walk *walk, const char *path,
                              char **out)
{
    const dits_repo *repo = walk->repo;
    if (text_starts_with(path, "./") || text_starts_with(path, "../"))
        return pathspec_plain(repo->work_dir, repo->prefix, path, out);
    size_t length = strlen(path);
    bool folder = length > 0 && path[length - 1] == '/';
    return text_copy_part(path, length - (folder ? 1 : 0), out);
}

/* A final slash asks for a folder. */
static dits_error *go_to_path(struct walk *walk, const char *path)
{
    CLEANUP(text_free) char *plain = NULL;
    struct tree_entry entry = {0};
    bool found = false;
    size_t length = strlen(path);
    bool folder = length > 0 && path[length - 1] == '/';
    TRY(plain_path(walk, path, &plain));
    TRY(peel_to_tree(walk));
    if (plain[0] == '\0')
        return NULL;
    TRY(tree_find(walk->repo->store, &walk->object.id, plain, &entry, &found));
    if (!found || (folder && entry.mode != TREE_FOLDER))
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "no path '%s' in '%.*s'", path,
                      (int)(strlen(walk->text) - length - 1), walk->text),
            "See 'dits ls'.");
    walk->object.id = entry.id;
    walk->object.kind = entry.mode == TREE_FOLDER ? CHUNK_TREE : CHUNK_ASSET;
    return NULL;
}

static dits_error *go_to_staged(struct walk *walk, const char *path)
{
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(text_free) char *plain = NULL;
    TRY(plain_path(walk, path, &plain));
    TRY(index_open(walk->repo, &index));
    const struct index_entry *entry = index_find(index, plain);
    if (entry == NULL)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "'%s' is not staged", path),
            "See 'dits status'.");
    return set_object(walk, &entry->asset);
}

/* The youngest commit with such a message, here or among the ancestors. */
static dits_error *go_to_message(struct walk *walk, const char *text)
{
    struct dits_oid id = {0};
    bool found = false;
    TRY(peel_to_commit(walk));
    if (text[0] == '\0')
        return NULL;
    TRY(revision_search(walk->repo, &walk->object.id, text, &id, &found));
    return found ? set_object(walk, &id)
                 : not_found(walk, "no message there matches");
}

static dits_error *start_at_message(struct walk *walk, const char *text)
{
    struct dits_oid id = {0};
    bool found = false;
    TRY(revision_search(walk->repo, NULL, text, &id, &found));
    return found ? set_object(walk, &id)
                 : not_found(walk, "no message matches");
}

static dits_error *take_step(struct walk *walk,
                             const struct revision_step *step)
{
    bool asks_log = step->kind == REVISION_LOG_NTH ||
                    step->kind == REVISION_LOG_DATE ||
                    step->kind == REVISION_PREVIOUS ||
                    step->kind == REVISION_UPSTREAM;
    if (!asks_log && !walk->is_set)
        return no_commit_yet(walk);
    switch (step->kind) {
    case REVISION_ANCESTOR:
        return go_to_ancestor(walk, step->number);
    case REVISION_PARENT:
        return go_to_parent(walk, step->number);
    case REVISION_PEEL:
        return peel_to(walk, step->text);
    case REVISION_PREVIOUS:
        return go_to_previous(walk, step->number);
    case REVISION_UPSTREAM:
        return go_to_upstream(walk);
    case REVISION_PATH:
        return go_to_path(walk, step->text);
    case REVISION_SEARCH:
        return go_to_message(walk, step->text);
    case REVISION_LOG_NTH:
    case REVISION_LOG_DATE:
    default:
        return go_back_in_log(walk, step);
    }
}

static dits_error *finish(struct walk *walk, enum dits_revision_kind wanted)
{
    if (!walk->is_set)
        return no_commit_yet(walk);
    switch (wanted) {
    case DITS_REVISION_COMMIT:
        return peel_to_commit(walk);
    case DITS_REVISION_TREE:
        return peel_to_tree(walk);
    case DITS_REVISION_ANY:
    default:
        return NULL;
    }
}

/* Where the steps begin. `*out_taken`: how many of them that takes. */
static dits_error *start(struct walk *walk, const struct revision *revision,
                         enum dits_revision_kind wanted, size_t *out_taken)
{
    const struct revision_step *first = revision->steps;
    bool has_steps = revision->count > 0;
    bool has_colon = walk->text[0] == ':' && has_steps;
    *out_taken = has_colon ? 1 : 0;
    if (has_colon && first->kind == REVISION_SEARCH)
        return start_at_message(walk, first->text);
    if (has_colon)
        return go_to_staged(walk, first->text);
    if (revision->base[0] == '\0')
        return start_at_head(walk, true);
    return start_at_name(walk, revision->base,
                         has_steps ? DITS_REVISION_TREE : wanted);
}

dits_error *revision_resolve(dits_repo *repo, const char *text,
                             enum dits_revision_kind wanted,
                             struct revision_object *out)
{
    CLEANUP(revision_release) struct revision revision = {0};
    CLEANUP(walk_release) struct walk walk = {.repo = repo, .text = text};
    size_t taken = 0;
    TRY(revision_parse(text, &revision));
    TRY(start(&walk, &revision, wanted, &taken));
    for (size_t i = taken; i < revision.count; i++)
        TRY(take_step(&walk, &revision.steps[i]));
    TRY(finish(&walk, wanted));
    *out = walk.object;
    return NULL;
}

dits_error *dits_revision_resolve(dits_repo *repo, const char *text,
                                  enum dits_revision_kind kind,
                                  struct dits_oid *out)
{
    struct revision_object object = {0};
    TRY(revision_resolve(repo, text, kind, &object));
    *out = object.id;
    return NULL;
}
