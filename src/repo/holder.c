#include "repo/holder.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/bisect_state.h"
#include "repo/linked.h"
#include "repo/ref_name.h"
#include "repo/unfinished.h"

struct search {
    uint64_t self; /* the work tree that asks */
    const char *branch;
    char **out;
};

static bool is_branch(const struct search *search, const char *name)
{
    return name != NULL && strcmp(name, search->branch) == 0;
}

static dits_error *rebases_it(dits_repo *view, const struct search *search,
                              bool *out)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    TRY(unfinished_read(view, &work));
    *out = work.kind == UNFINISHED_REBASE && is_branch(search, work.branch);
    return NULL;
}

static dits_error *bisects_it(dits_repo *view, const struct search *search,
                              bool *out)
{
    CLEANUP(bisect_state_release) struct bisect_state state = {0};
    TRY(bisect_state_read(view, &state));
    *out = state.is_active && is_branch(search, state.start);
    return NULL;
}

static dits_error *look_at(dits_repo *view, void *payload)
{
    const struct search *search = payload;
    CLEANUP(refs_head_release) struct refs_head head = {0};
    if (view->linked == search->self || *search->out != NULL)
        return NULL;
    TRY(refs_head_read(view, &head));
    bool found = is_branch(search, head.branch);
    if (!found)
        TRY(rebases_it(view, search, &found));
    if (!found)
        TRY(bisects_it(view, search, &found));
    return found ? text_copy(view->work_dir, search->out) : NULL;
}

dits_error *holder_find(dits_repo *repo, const char *branch, char **out_path)
{
    struct search search = {
        .self = repo->linked, .branch = branch, .out = out_path};
    *out_path = NULL;
    if (!text_starts_with(branch, REF_BRANCHES))
        return NULL;
    dits_error *err = linked_each_view(repo, look_at, &search);
    if (err != NULL)
        text_free(out_path);
    return err;
}

dits_error *holder_refuse(dits_repo *repo, const char *branch)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(holder_find(repo, branch, &path));
    if (path == NULL)
        return NULL;
    return error_hint(error_new(DITS_E_CONFLICT,
                                "'%s' is checked out in the work tree '%s'",
                                ref_name_short(branch), path),
                      "Work there, or switch that one to another branch first: "
                      "see 'dits worktree list'.");
}

void holder_heads_release(struct holder_heads *heads)
{
    for (size_t i = 0; i < heads->count; i++) {
        mem_free(heads->items[i].branch);
        mem_free(heads->items[i].path);
    }
    mem_free(heads->items);
    *heads = (struct holder_heads){0};
}

struct collecting {
    uint64_t self;
    struct holder_heads *out;
};

static dits_error *collect(dits_repo *view, void *payload)
{
    const struct collecting *collecting = payload;
    struct holder_heads *out = collecting->out;
    CLEANUP(refs_head_release) struct refs_head head = {0};
    TRY(refs_head_read(view, &head));
    if (view->linked == collecting->self || head.branch == NULL)
        return NULL;
    struct holder_head *items =
        array_grown(out->items, out->count, &out->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    out->items = items;
    out->items[out->count] = (struct holder_head){0};
    TRY(text_copy(view->work_dir, &out->items[out->count].path));
    out->items[out->count++].branch = MOVE(head.branch);
    return NULL;
}

dits_error *holder_heads_read(dits_repo *repo, struct holder_heads *out)
{
    CLEANUP(holder_heads_release) struct holder_heads heads = {0};
    struct collecting collecting = {.self = repo->linked, .out = &heads};
    TRY(linked_each_view(repo, collect, &collecting));
    *out = MOVE(heads);
    return NULL;
}

const char *holder_heads_find(const struct holder_heads *heads,
                              const char *branch)
{
    for (size_t i = 0; i < heads->count; i++)
        if (strcmp(heads->items[i].branch, branch) == 0)
            return heads->items[i].path;
    return NULL;
}
