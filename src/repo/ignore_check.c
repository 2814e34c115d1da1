/* Whether a path is ignored, and what says so. */
#include <dits/ignore.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/ignore.h"
#include "repo/index.h"
#include "repo/pathspec.h"
#include "repo/worktree.h"

/* Files of patterns that are kept before all are read anew. */
enum { FOLDERS_MAX = 4096 };

struct dits_ignore_check {
    dits_repo *repo;
    struct index *index; /* NULL: also what is tracked is asked for */
    struct ignore *ignore;
    size_t folders; /* that were entered with it */
    struct dir root;
    struct buf source; /* of the last answer */
    struct buf pattern;
};

void dits_ignore_check_free(dits_ignore_check *check)
{
    if (check == NULL)
        return;
    index_free(check->index);
    ignore_free(check->ignore);
    dir_close(&check->root);
    buf_release(&check->source);
    buf_release(&check->pattern);
    mem_free(check);
}

static void check_freep(dits_ignore_check **check)
{
    dits_ignore_check_free(*check);
}

dits_error *dits_ignore_check_new(dits_repo *repo, bool tracked_too,
                                  dits_ignore_check **out)
{
    CLEANUP(check_freep)
    dits_ignore_check *check = mem_new(struct dits_ignore_check);
    if (check == NULL)
        return error_nomem();
    check->repo = repo;
    TRY(worktree_open(repo, &check->root));
    if (!tracked_too)
        TRY(index_open(repo, &check->index));
    *out = MOVE(check);
    return NULL;
}

/* A file that is tracked, or a folder with one in it. */
static bool is_tracked(const dits_ignore_check *check, const char *path)
{
    return check->index != NULL && (index_find(check->index, path) != NULL ||
                                    index_has_below(check->index, path));
}

/* The folder's own patterns, in a chain with those above. One that is not there
 * has none. */
static dits_error *enter(dits_ignore_check *check, const char *path,
                         const struct ignore_level **level)
{
    CLEANUP(dir_close) struct dir folder = {0};
    bool found = true;
    check->folders++;
    if (path[0] == '\0')
        return ignore_enter(check->ignore, *level, &check->root, path, level);
    TRY(dir_open_below(&check->root, path, &folder, &found));
    return found ? ignore_enter(check->ignore, *level, &folder, path, level)
                 : NULL;
}

/* What holds for the path itself, of which the folders are no answer. */
static dits_error *find_last(dits_ignore_check *check, const char *path,
                             const struct ignore_level *level,
                             struct ignore_match *out)
{
    CLEANUP(dir_place_release)
    struct dir_place place = {.root = &check->root};
    struct fs_stat stat = {0};
    bool found = false;
    TRY(worktree_stat(&place, path, &stat, &found));
    *out = ignore_find(level, path, found && stat.kind == FS_FOLDER);
    return NULL;
}

/*
 * From the top down: what lies in an ignored folder is ignored by the pattern
 * of the folder.
 */
static dits_error *find(dits_ignore_check *check, const char *path,
                        struct ignore_match *out)
{
    CLEANUP(text_free) char *part = NULL;
    const struct ignore_level *level = ignore_base(check->ignore);
    TRY(text_copy(path, &part));
    TRY(enter(check, "", &level));
    for (char *at = strchr(part, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        *out = ignore_find(level, part, true);
        if (out->pattern != NULL && !out->pattern->is_negated)
            return NULL;
        TRY(enter(check, part, &level));
        *at = '/';
    }
    return find_last(check, path, level, out);
}

/* What stands in the file, as far as it has a meaning. */
static dits_error *describe(dits_ignore_check *check, const char *path,
                            const struct ignore_match *match)
{
    const struct pattern *pattern = match->pattern;
    const struct ignore_level *level = match->level;
    buf_clear(&check->source);
    buf_clear(&check->pattern);
    TRY(buf_printf(&check->pattern, "%s%s%s%s", pattern->is_negated ? "!" : "",
                   pattern->is_rooted ? "/" : "", pattern->text,
                   pattern->is_folder_only ? "/" : ""));
    if (level->source != NULL)
        return buf_put_text(&check->source, level->source);
    return buf_printf(&check->source, "%.*s%s", (int)level->folder_length, path,
                      IGNORE_FILE_NAME);
}

static dits_error *answer(dits_ignore_check *check, const char *path,
                          struct dits_ignore_answer *out)
{
    struct ignore_match match = {0};
    if (check->folders > FOLDERS_MAX) {
        ignore_free(check->ignore);
        check->ignore = NULL;
        check->folders = 0;
    }
    if (check->ignore == NULL)
        TRY(ignore_new(check->repo, &check->ignore));
    TRY(find(check, path, &match));
    if (match.pattern == NULL)
        return NULL;
    TRY(describe(check, path, &match));
    out->is_ignored = !match.pattern->is_negated;
    out->source = buf_text(&check->source);
    out->line = match.pattern->line;
    out->pattern = buf_text(&check->pattern);
    return NULL;
}

dits_error *dits_ignore_ask(dits_ignore_check *check, const char *path,
                            struct dits_ignore_answer *out)
{
    CLEANUP(text_free) char *plain = NULL;
    const dits_repo *repo = check->repo;
    *out = (struct dits_ignore_answer){.path = path};
    TRY(pathspec_plain(repo->work_dir, repo->prefix, path, &plain));
    if (plain[0] == '\0' || is_tracked(check, plain))
        return NULL;
    return answer(check, plain, out);
}
