#include "repo/folder_find.h"

#include <string.h>

#include "base/array.h"
#include "base/context.h"
#include "base/mem.h"
#include "base/text.h"
#include "object/tree.h"
#include "object/tree_node.h"

/* A walk that is under way. */
struct finding {
    const dits_context *context;
    const struct dir *top;
    struct folder_plan *plan;
    char **folders; /* from the top; those still to be gone into */
    size_t count;
    size_t capacity;
    struct dir dir; /* the one at hand */
    char *path;
};

static void finding_release(struct finding *finding)
{
    for (size_t i = 0; i < finding->count; i++)
        mem_free(finding->folders[i]);
    mem_free(finding->folders);
    dir_close(&finding->dir);
    text_free(&finding->path);
}

static dits_error *path_of(const struct finding *finding, const char *name,
                           char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s%s%s", finding->path,
                   finding->path[0] != '\0' ? "/" : "", name));
    return buf_take_text(&path, out);
}

static dits_error *add_folder(struct finding *finding, char **path)
{
    char **folders = array_grown(finding->folders, finding->count,
                                 &finding->capacity, sizeof(*folders));
    if (folders == NULL)
        return error_nomem();
    finding->folders = folders;
    finding->folders[finding->count++] = MOVE(*path);
    return NULL;
}

static dits_error *add_file(struct finding *finding, char **path,
                            const struct fs_stat *stat)
{
    struct folder_plan *plan = finding->plan;
    struct folder_file *files =
        array_grown(plan->files, plan->count, &plan->capacity, sizeof(*files));
    if (files == NULL)
        return error_nomem();
    plan->files = files;
    struct folder_file file = {.source = MOVE(*path), .stat = *stat};
    plan->files[plan->count++] = file;
    return NULL;
}

static dits_error *on_name(const char *name, enum fs_kind kind, void *payload)
{
    struct finding *finding = payload;
    CLEANUP(text_free) char *path = NULL;
    struct fs_stat stat = {0};
    bool found = false;
    (void)kind; /* stat data is needed in any case */
    TRY(context_check(finding->context));
    if (strcmp(name, ".git") == 0 || strcmp(name, ".dits") == 0)
        return NULL;
    if (!tree_name_is_valid(name, strlen(name)))
        return error_new(DITS_E_INVALID, "a name that cannot be stored: '%s'",
                         name);
    TRY(path_of(finding, name, &path));
    TRY(dir_stat(&finding->dir, name, &stat, &found));
    if (!found)
        return NULL;
    if (stat.kind == FS_FOLDER)
        return add_folder(finding, &path);
    if (stat.kind != FS_OTHER)
        return add_file(finding, &path, &stat);
    log_warn(finding->context, "'%s' is no file, and left out", path);
    return NULL;
}

static bool is_too_deep(const char *path)
{
    unsigned depth = 1;
    for (; *path != '\0'; path++)
        depth += *path == '/';
    return depth >= TREE_MAX_DEPTH;
}

static dits_error *list_folder(struct finding *finding)
{
    bool found = false;
    if (is_too_deep(finding->path))
        return error_new(DITS_E_LIMIT, "more than %d folders within each other",
                         TREE_MAX_DEPTH);
    dir_close(&finding->dir);
    TRY(dir_open_below(finding->top, finding->path, &finding->dir, &found));
    return found ? dir_list(&finding->dir, on_name, finding) : NULL;
}

static dits_error *find_all(struct finding *finding)
{
    TRY(text_copy("", &finding->path));
    TRY(list_folder(finding));
    while (finding->count > 0) {
        mem_free(finding->path);
        finding->path = finding->folders[--finding->count];
        TRY_CONTEXT(list_folder(finding), "cannot list '%s'", finding->path);
    }
    return NULL;
}

dits_error *folder_find(const dits_context *context, const struct dir *folder,
                        struct folder_plan *plan)
{
    CLEANUP(finding_release)
    struct finding finding = {.context = context, .top = folder, .plan = plan};
    return find_all(&finding);
}
