#include "repo/conflict_names.h"

#include <string.h>

#include "base/buf.h"
#include "base/dir.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/worktree.h"

/* Where the extension begins: not at the front of the name. */
static size_t extension_at(const char *path)
{
    const char *name = path_base_name(path);
    const char *dot = strrchr(name, '.');
    return dot == NULL || dot == name ? strlen(path) : (size_t)(dot - path);
}

dits_error *conflict_name(const char *path, const char *side, unsigned number,
                          char **out)
{
    CLEANUP(buf_release) struct buf name = {0};
    size_t at = extension_at(path);
    TRY(buf_put(&name, path, at));
    TRY(buf_printf(&name, ".%s", side));
    if (number > 1)
        TRY(buf_printf(&name, "%u", number));
    TRY(buf_put_text(&name, path + at));
    return buf_take_text(&name, out);
}

dits_error *conflict_name_free(const dits_repo *repo, const char *path,
                               const char *side, conflict_taken_fn *is_taken,
                               void *payload, char **out)
{
    CLEANUP(dir_close) struct dir root = {0};
    TRY(worktree_open(repo, &root));
    CLEANUP(dir_place_release) struct dir_place place = {.root = &root};
    for (unsigned number = 1; number < CONFLICT_NAMES_MAX; number++) {
        CLEANUP(text_free) char *name = NULL;
        struct fs_stat stat = {0};
        bool found = false;
        TRY(conflict_name(path, side, number, &name));
        if (is_taken(name, payload))
            continue;
        TRY(worktree_stat(&place, name, &stat, &found));
        if (found)
            continue;
        *out = MOVE(name);
        return NULL;
    }
    return error_hint(
        error_new(DITS_E_CONFLICT,
                  "there is no room for both sides beside '%s'", path),
        "Remove what earlier merges left: 'dits clean -n' lists it.");
}
