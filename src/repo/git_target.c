#include "repo/git_target.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/git_map.h"
#include "repo/git_text.h"
#include "repo/ref_name.h"

enum { LINE_BYTES = 65536 };

static dits_error *count_name(const char *name, void *payload)
{
    size_t *count = payload;
    (void)name;
    (*count)++;
    return NULL;
}

static dits_error *check_empty(const char *path)
{
    size_t count = 0;
    if (!fs_exists(path))
        return NULL;
    TRY(fs_list(path, count_name, &count));
    if (count == 0)
        return NULL;
    return error_hint(
        error_new(DITS_E_EXISTS, "'%s' is no repository of git, nor empty",
                  path),
        "Name a folder that is not there yet, or a git repository.");
}

static dits_error *make(dits_repo *repo, const struct dits_git *git,
                        const char *path, const char *head)
{
    CLEANUP(git_place_release) struct git_place place = {0};
    CLEANUP(buf_release) struct buf branch = {0};
    CLEANUP(buf_release) struct buf said = {0};
    TRY(check_empty(path));
    TRY(git_place_make(repo->context, git, path, &place));
    TRY(buf_printf(&branch, "--initial-branch=%s",
                   head != NULL ? ref_name_short(head) : "main"));
    const char *const arguments[] = {
        "init", "--bare", "--quiet", "--template=", buf_text(&branch), NULL};
    return git_output(&place, arguments, LINE_BYTES, &said);
}

dits_error *git_target_open(dits_repo *repo, const struct dits_git *git,
                            const char *path, const char *head,
                            struct git_place *out)
{
    CLEANUP(text_free) char *folder = NULL;
    TRY(git_place_find(path, &folder));
    if (folder == NULL)
        TRY_CONTEXT(make(repo, git, path, head),
                    "cannot make a git repository in '%s'", path);
    return git_place_open(repo->context, git, path, out);
}

void git_target_release(struct git_target *target)
{
    oid_map_release(&target->ours);
    mem_free(target->git);
    *target = (struct git_target){0};
}

dits_error *git_target_add(struct git_target *target,
                           const struct dits_oid *ours,
                           const struct dits_oid *git)
{
    size_t number = 0;
    bool is_new = false;
    struct dits_oid *ids = array_grown(target->git, target->ours.count,
                                       &target->capacity, sizeof(*ids));
    if (ids == NULL)
        return error_nomem();
    target->git = ids;
    TRY(oid_map_add(&target->ours, ours, &number, &is_new));
    target->git[number] = *git;
    return NULL;
}

bool git_target_find(const struct git_target *target,
                     const struct dits_oid *ours, struct dits_oid *out)
{
    size_t number = 0;
    if (!oid_map_find(&target->ours, ours, &number))
        return false;
    *out = target->git[number];
    return true;
}

/* Every commit that a ref there leads to. */
static dits_error *list_there(const struct git_place *place,
                              struct oid_map *out)
{
    static const char *const arguments[] = {"rev-list", "--all", NULL};
    CLEANUP(process_stop) struct process process = {0};
    CLEANUP(buf_release) struct buf line = {0};
    bool found = false;
    TRY(git_start(place, arguments, &process));
    TRY(process_line(&process, LINE_BYTES, &line, &found));
    while (found) {
        struct dits_oid id = {0};
        size_t number = 0;
        bool is_new = false;
        if (git_id_parse(buf_slice(&line), place->id_size, &id))
            TRY(oid_map_add(out, &id, &number, &is_new));
        TRY(process_line(&process, LINE_BYTES, &line, &found));
    }
    return git_finish(&process, "cannot list git's commits");
}

dits_error *git_target_load(dits_repo *repo, const struct git_place *place,
                            struct git_target *target)
{
    CLEANUP(git_map_release) struct git_map map = {0};
    CLEANUP(oid_map_release) struct oid_map there = {0};
    target->id_size = place->id_size;
    TRY(git_map_load(repo, &map));
    if (map.count == 0)
        return NULL;
    TRY(list_there(place, &there));
    for (size_t i = 0; i < map.count; i++) {
        size_t number = 0;
        if (oid_map_find(&there, &map.pairs[i].git, &number))
            TRY(git_target_add(target, &map.pairs[i].ours, &map.pairs[i].git));
    }
    return NULL;
}
