#include "repo/pathspec.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/pathspec_parse.h"
#include "repo/worktree.h"

struct pathspec {
    struct pathspec_item *items;
    size_t count;
    size_t positive_count;
    char **starts;
    size_t start_count;
};

void pathspec_free(struct pathspec *pathspec)
{
    if (pathspec == NULL)
        return;
    for (size_t i = 0; pathspec->items != NULL && i < pathspec->count; i++)
        pathspec_item_release(&pathspec->items[i]);
    for (size_t i = 0; pathspec->starts != NULL && i < pathspec->start_count;
         i++)
        mem_free(pathspec->starts[i]);
    mem_free(pathspec->items);
    mem_free(pathspec->starts);
    mem_free(pathspec);
}

void pathspec_freep(struct pathspec **pathspec)
{
    pathspec_free(*pathspec);
}

static int compare_starts(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return path_compare(*left, *right);
}

/* Sort, and drop what lies below another or is there twice. */
static void tidy_starts(struct pathspec *pathspec)
{
    qsort(pathspec->starts, pathspec->start_count, sizeof(*pathspec->starts),
          compare_starts);
    size_t kept = 0;
    for (size_t i = 0; i < pathspec->start_count; i++) {
        char *start = pathspec->starts[i];
        pathspec->starts[i] = NULL;
        if (kept > 0 && path_is_within(start, pathspec->starts[kept - 1]))
            mem_free(start);
        else
            pathspec->starts[kept++] = start;
    }
    pathspec->start_count = kept;
}

static dits_error *find_starts(struct pathspec *pathspec)
{
    size_t room = pathspec->positive_count > 0 ? pathspec->positive_count : 1;
    pathspec->starts = mem_new_array(char *, room);
    if (pathspec->starts == NULL)
        return error_nomem();
    if (pathspec->positive_count == 0)
        TRY(text_copy("", &pathspec->starts[pathspec->start_count++]));
    for (size_t i = 0; i < pathspec->count; i++) {
        const struct pathspec_item *item = &pathspec->items[i];
        if (item->is_exclude)
            continue;
        TRY(text_copy_part(item->pattern, pathspec_item_start(item),
                           &pathspec->starts[pathspec->start_count++]));
    }
    tidy_starts(pathspec);
    return NULL;
}

dits_error *pathspec_new(const char *work_dir, const char *prefix,
                         const struct dits_paths *paths, struct pathspec **out)
{
    CLEANUP(pathspec_freep)
    struct pathspec *pathspec = mem_new(struct pathspec);
    if (pathspec == NULL)
        return error_nomem();
    size_t count = paths != NULL ? paths->count : 0;
    if (count > 0) {
        pathspec->items = mem_new_array(struct pathspec_item, count);
        if (pathspec->items == NULL)
            return error_nomem();
    }
    for (size_t i = 0; i < count; i++) {
        struct pathspec_item *item = &pathspec->items[pathspec->count++];
        TRY(pathspec_item_parse(work_dir, prefix, paths->items[i], item));
        pathspec->positive_count += !item->is_exclude;
    }
    TRY(find_starts(pathspec));
    *out = MOVE(pathspec);
    return NULL;
}

dits_error *pathspec_of(const dits_repo *repo, const struct dits_paths *paths,
                        struct pathspec **out)
{
    return pathspec_new(repo->work_dir, repo->prefix, paths, out);
}

bool pathspec_is_all(const struct pathspec *pathspec)
{
    return pathspec->count == 0;
}

static int compare_front(const struct pathspec_item *item, const char *path,
                         size_t length)
{
    return (item->flags & GLOB_IGNORE_CASE) != 0
               ? strncasecmp(path, item->pattern, length)
               : strncmp(path, item->pattern, length);
}

static bool item_matches(const struct pathspec_item *item, const char *path,
                         bool is_folder)
{
    size_t length = item->pattern_length;
    if (length == 0)
        return true;
    bool is_front = compare_front(item, path, length) == 0;
    if (is_front && path[length] == '/')
        return true;
    if (is_front && path[length] == '\0')
        return is_folder || !item->is_folder_only;
    return item->literal_length < length &&
           compare_front(item, path, item->glob_offset) == 0 &&
           glob_match(item->pattern + item->glob_offset,
                      path + item->glob_offset, item->flags);
}

bool pathspec_matches(const struct pathspec *pathspec, const char *path,
                      bool is_folder)
{
    bool found = pathspec->positive_count == 0;
    for (size_t i = 0; i < pathspec->count; i++) {
        const struct pathspec_item *item = &pathspec->items[i];
        if (item->is_exclude && item_matches(item, path, is_folder))
            return false;
        found = found ||
                (!item->is_exclude && item_matches(item, path, is_folder));
    }
    return found;
}

bool pathspec_may_be_below(const struct pathspec *pathspec, const char *folder)
{
    if (pathspec->positive_count == 0)
        return true;
    size_t length = strlen(folder);
    for (size_t i = 0; i < pathspec->count; i++) {
        const struct pathspec_item *item = &pathspec->items[i];
        if (item->is_exclude)
            continue;
        size_t shared = item->literal_length;
        shared = shared < length ? shared : length;
        if (strncmp(item->pattern, folder, shared) != 0)
            continue;
        if (length > shared || item->pattern[shared] == '/' || length == 0 ||
            shared == item->literal_length)
            return true;
    }
    return false;
}

size_t pathspec_start_count(const struct pathspec *pathspec)
{
    return pathspec->start_count;
}

const char *pathspec_start(const struct pathspec *pathspec, size_t i)
{
    return pathspec->starts[i];
}

bool pathspec_names(const struct pathspec *pathspec, const char *path)
{
    for (size_t i = 0; i < pathspec->count; i++)
        if (!pathspec->items[i].is_exclude &&
            strcmp(pathspec->items[i].pattern, path) == 0)
            return true;
    return false;
}

void pathspec_note(struct pathspec *pathspec, const char *path)
{
    for (size_t i = 0; i < pathspec->count; i++)
        if (!pathspec->items[i].is_noted &&
            item_matches(&pathspec->items[i], path, false))
            pathspec->items[i].is_noted = true;
}

static bool is_satisfied(const struct pathspec_item *item)
{
    return item->is_noted || item->is_exclude || item->pattern_length == 0;
}

bool pathspec_is_noted(const struct pathspec *pathspec)
{
    for (size_t i = 0; i < pathspec->count; i++)
        if (!is_satisfied(&pathspec->items[i]))
            return false;
    return true;
}

dits_error *pathspec_check_noted(const struct pathspec *pathspec,
                                 const dits_repo *repo)
{
    CLEANUP(dir_close) struct dir root = {0};
    if (repo != NULL)
        TRY(worktree_open(repo, &root));
    for (size_t i = 0; i < pathspec->count; i++) {
        const struct pathspec_item *item = &pathspec->items[i];
        CLEANUP(dir_close) struct dir folder = {0};
        bool found = false;
        if (is_satisfied(item))
            continue;
        if (repo != NULL)
            TRY(dir_open_below(&root, item->pattern, &folder, &found));
        if (!found)
            return error_hint(
                error_new(DITS_E_NOT_FOUND, "'%s' matches no file", item->text),
                "See 'dits status' and 'dits ls'.");
    }
    return NULL;
}
