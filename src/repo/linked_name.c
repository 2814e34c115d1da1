/* Which work tree is meant by a name or a path. */
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "repo/linked.h"

/* What is there is looked up; what is not, from the last folder that is. */
static dits_error *find_absolute(const char *path, char **out)
{
    CLEANUP(text_free) char *copy = NULL;
    CLEANUP(text_free) char *above = NULL;
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0)
        return error_new(DITS_E_INVALID, "a path is empty");
    TRY(text_copy_part(path, length, &copy));
    if (fs_exists(copy))
        return fs_real_path(copy, out);
    char *slash = strrchr(copy, '/');
    const char *name = slash != NULL ? slash + 1 : copy;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return error_new(DITS_E_NOT_FOUND, "there is no folder '%s'", copy);
    if (slash != NULL)
        *slash = '\0';
    const char *folder = slash == NULL ? "." : slash == copy ? "/" : copy;
    TRY(find_absolute(folder, &above));
    bool is_root = above == NULL || strcmp(above, "/") == 0;
    return fs_join(is_root ? "" : above, name, out);
}

dits_error *linked_new_place(const dits_repo *repo, const char *path,
                             char **out)
{
    CLEANUP(text_free) char *absolute = NULL;
    if (strchr(path, '\n') != NULL || !text_is_utf8(path, strlen(path)))
        return error_new(DITS_E_INVALID,
                         "the path of a work tree is one line of UTF-8");
    TRY(find_absolute(path, &absolute));
    if (path_is_within(absolute, repo->dits_dir))
        return error_new(DITS_E_INVALID,
                         "'%s' is inside of the repository's .dits", absolute);
    *out = MOVE(absolute);
    return NULL;
}

struct search {
    const char *text;
    const char *absolute; /* NULL: it cannot be a path */
    struct linked *out;
    unsigned count;
};

/* Whether the last parts of the path are these. */
static bool ends_so(const char *path, const char *text)
{
    size_t length = strlen(path);
    size_t end = strlen(text);
    return text_ends_with(path, text) && length > end &&
           path[length - end - 1] == '/';
}

static bool is_meant(const struct search *search, const struct linked *linked)
{
    return strcmp(linked->name, search->text) == 0 ||
           (search->absolute != NULL &&
            strcmp(linked->path, search->absolute) == 0);
}

static dits_error *copy_row(const struct linked *linked, struct linked *out)
{
    CLEANUP(linked_release)
    struct linked copy = {.id = linked->id, .head = linked->head};
    TRY(text_copy(linked->name, &copy.name));
    TRY(text_copy(linked->path, &copy.path));
    TRY(text_copy_optional(linked->branch, &copy.branch));
    TRY(text_copy_optional(linked->lock_reason, &copy.lock_reason));
    linked_release(out);
    *out = MOVE(copy);
    return NULL;
}

static dits_error *look_for_name(const struct linked *linked, void *payload)
{
    struct search *search = payload;
    if (search->count > 0 || !is_meant(search, linked))
        return NULL;
    search->count = 1;
    return copy_row(linked, search->out);
}

static dits_error *look_for_end(const struct linked *linked, void *payload)
{
    struct search *search = payload;
    if (!ends_so(linked->path, search->text))
        return NULL;
    search->count++;
    return copy_row(linked, search->out);
}

static dits_error *none(const char *text)
{
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "'%s' is not a working tree", text),
        "See 'dits worktree list'.");
}

static dits_error *check_not_main(dits_repo *repo, const char *absolute)
{
    CLEANUP(text_free) char *main = NULL;
    TRY(linked_main_path(repo, &main));
    if (absolute == NULL || strcmp(main, absolute) != 0)
        return NULL;
    return error_new(DITS_E_INVALID, "'%s' is a main working tree", main);
}

dits_error *linked_meant(dits_repo *repo, const char *text, struct linked *out)
{
    CLEANUP(text_free) char *absolute = NULL;
    CLEANUP(linked_release) struct linked found = {0};
    struct search search = {.text = text, .out = &found};
    dits_error *err = find_absolute(text, &absolute);
    dits_error_free(err); /* then it is no path */
    search.absolute = absolute;
    TRY(linked_each(repo, look_for_name, &search));
    if (search.count == 0) {
        TRY(check_not_main(repo, absolute));
        TRY(linked_each(repo, look_for_end, &search));
    }
    if (search.count == 0)
        return none(text);
    if (search.count > 1)
        return error_hint(
            error_new(DITS_E_INVALID, "several work trees end in '%s'", text),
            "Name more of the path.");
    *out = MOVE(found);
    return NULL;
}

dits_error *linked_refuse_locked(const struct linked *linked, const char *what)
{
    if (linked->lock_reason == NULL)
        return NULL;
    bool has_reason = linked->lock_reason[0] != '\0';
    return error_hint(
        error_new(DITS_E_CONFLICT, "cannot %s the locked work tree '%s'%s%s",
                  what, linked->name, has_reason ? ", lock reason: " : "",
                  linked->lock_reason),
        "Unlock it first: 'dits worktree unlock %s'.", linked->name);
}
