#include "repo/open.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "repo/config.h"
#include "repo/database.h"
#include "repo/lines.h"
#include "repo/link_file.h"
#include "repo/linked.h"
#include "repo/obliteration.h"
#include "repo/repo.h"
#include "repo/samples.h"
#include "repo/shallow.h"
#include "repo/tier_access.h"
#include "repo/tiers.h"
#include "store/maintain.h"

enum { LOCK_TRY_MS = 300, LOCK_WAIT_MS = 5000 };

/* Whether `folder` holds a .dits whose making was finished, or the file of a
 * linked work tree. */
static dits_error *holds_repo(const char *folder, bool *out)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf config = {0};
    struct fs_stat stat = {0};
    TRY(buf_printf(&path, "%s/" OPEN_FOLDER, folder));
    TRY(buf_printf(&config, "%s/config", buf_text(&path)));
    *out = fs_exists(buf_text(&config));
    if (*out || !fs_exists(buf_text(&path)))
        return NULL;
    TRY(fs_stat_path(buf_text(&path), &stat));
    *out = stat.kind == FS_REGULAR;
    return NULL;
}

static dits_error *no_repo(const char *path)
{
    return error_hint(
        error_new(DITS_E_NOT_FOUND,
                  "'%s' is not in a dits repository (nor is any folder above)",
                  path),
        "Make one with 'dits init'.");
}

/* Cut the last part off; false when there is none above. */
static bool go_up(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL || path[1] == '\0')
        return false;
    slash[slash == path ? 1 : 0] = '\0';
    return true;
}

/* The top of the work tree that `path` (absolute) lies in. */
static dits_error *find_top(const char *path, char **out)
{
    CLEANUP(text_free) char *folder = NULL;
    bool found = false;
    TRY(text_copy(path, &folder));
    for (;;) {
        TRY(holds_repo(folder, &found));
        if (found)
            break;
        if (!go_up(folder))
            return no_repo(path);
    }
    *out = MOVE(folder);
    return NULL;
}

/* What is below the top; nothing for a path in .dits itself. */
static const char *prefix_of(const char *top, const char *path)
{
    const char *rest = path + strlen(top);
    rest += *rest == '/' ? 1 : 0;
    size_t length = strlen(OPEN_FOLDER);
    bool inside = strncmp(rest, OPEN_FOLDER, length) == 0 &&
                  (rest[length] == '/' || rest[length] == '\0');
    return inside ? "" : rest;
}

static dits_error *check_format(const dits_repo *repo)
{
    uint64_t format = 0;
    TRY(config_number(repo, "core.format", OPEN_FORMAT, &format));
    if (format == OPEN_FORMAT)
        return NULL;
    return error_hint(error_new(DITS_E_UNSUPPORTED,
                                "the repository has format %" PRIu64
                                ", this dits knows format %d",
                                format, OPEN_FORMAT),
                      "A newer dits has made it: use that one.");
}

static dits_error *repo_is_gone(const char *top, const char *dits_dir)
{
    return error_hint(
        error_new(DITS_E_NOT_FOUND,
                  "'%s' is a work tree of the repository '%s', which is not "
                  "there",
                  top, dits_dir),
        "If the repository was moved, say 'dits worktree repair' in its main "
        "work tree.");
}

/* Only a folder will do: a file that leads to a file leads nowhere. */
static dits_error *check_repo_is_there(const char *top, const char *dits_dir)
{
    CLEANUP(text_free) char *config = NULL;
    struct fs_stat stat = {0};
    TRY(fs_join(dits_dir, "config", &config));
    if (!fs_exists(config))
        return repo_is_gone(top, dits_dir);
    TRY(fs_stat_path(dits_dir, &stat));
    return stat.kind == FS_FOLDER ? NULL : repo_is_gone(top, dits_dir);
}

/* Where things are: in the top itself, or where its file leads. */
static dits_error *find_folders(const char *top, dits_repo *repo)
{
    CLEANUP(link_file_release) struct link_file link = {0};
    bool is_linked = false;
    TRY(link_file_read(top, &link, &is_linked));
    if (!is_linked) {
        TRY(fs_join(strcmp(top, "/") == 0 ? "" : top, OPEN_FOLDER,
                    &repo->dits_dir));
        return text_copy(repo->dits_dir, &repo->private_dir);
    }
    TRY(check_repo_is_there(top, link.dits_dir));
    repo->dits_dir = MOVE(link.dits_dir);
    repo->linked_name = MOVE(link.name);
    return linked_private_dir(repo->dits_dir, repo->linked_name,
                              &repo->private_dir);
}

/* A work tree of its own that is linked to a bare one has files. */
static dits_error *read_config(dits_repo *repo)
{
    bool is_bare = false;
    TRY(config_open(repo->context, repo->dits_dir, &repo->config));
    TRY(check_format(repo));
    TRY(config_bool(repo, "core.bare", false, &is_bare));
    repo->is_bare = is_bare && repo->linked_name == NULL;
    return NULL;
}

dits_error *open_without_database(const dits_context *context, const char *top,
                                  const char *prefix, dits_repo **out)
{
    CLEANUP(open_freep) dits_repo *repo = mem_new(dits_repo);
    if (repo == NULL)
        return error_nomem();
    repo->context = context;
    TRY(text_copy(top, &repo->work_dir));
    TRY(find_folders(top, repo));
    TRY(text_copy(prefix, &repo->prefix));
    TRY(text_copy("", &repo->command_line));
    TRY(read_config(repo));
    TRY_CONTEXT(store_open(context, repo->dits_dir, &repo->store),
                "cannot open the repository in '%s'", top);
    tiers_attach(repo);
    store_set_explain(repo->store, obliteration_explain, repo->dits_dir);
    *out = MOVE(repo);
    return NULL;
}

/*
 * A folder that was moved is the same work tree still. One that was copied is
 * not: two of them would share a HEAD and what is staged.
 */
static dits_error *check_place(const dits_repo *repo,
                               const struct linked *linked)
{
    CLEANUP(link_file_release) struct link_file link = {0};
    CLEANUP(text_free) char *real = NULL;
    bool found = false;
    if (strcmp(linked->path, repo->work_dir) == 0 || !fs_exists(linked->path))
        return NULL;
    TRY(fs_real_path(linked->path, &real));
    if (strcmp(real, repo->work_dir) == 0)
        return NULL;
    dits_error *err = link_file_read(real, &link, &found);
    bool is_other = err == NULL && found &&
                    strcmp(link.dits_dir, repo->dits_dir) == 0 &&
                    strcmp(link.name, repo->linked_name) == 0;
    dits_error_free(err); /* whatever it is, it is not this work tree */
    if (!is_other)
        return NULL;
    return error_hint(error_new(DITS_E_CONFLICT,
                                "'%s' is a copy of the work tree '%s'",
                                repo->work_dir, real),
                      "Make another work tree with 'dits worktree add'; "
                      "without its file .dits the copy is a plain folder.");
}

static dits_error *find_linked(dits_repo *repo)
{
    CLEANUP(linked_release) struct linked linked = {0};
    bool found = false;
    if (repo->linked_name == NULL)
        return NULL;
    TRY(linked_find(repo, repo->linked_name, &linked, &found));
    if (!found)
        return error_hint(
            error_new(DITS_E_NOT_FOUND,
                      "the repository '%s' has no work tree '%s' any more",
                      repo->dits_dir, repo->linked_name),
            "It was removed or pruned there: 'dits op log' says when, and "
            "'dits undo' brings it back.");
    repo->linked = linked.id;
    return check_place(repo, &linked);
}

dits_error *open_top(const dits_context *context, const char *top,
                     const char *prefix, dits_repo **out)
{
    CLEANUP(open_freep) dits_repo *repo = NULL;
    TRY(open_without_database(context, top, prefix, &repo));
    TRY_CONTEXT(database_open(repo->dits_dir, DB_EXISTING, &repo->db),
                "cannot open the repository in '%s'", top);
    TRY_CONTEXT(tiers_locate(repo), "cannot open the repository in '%s'", top);
    TRY(find_linked(repo));
    *out = MOVE(repo);
    return NULL;
}

static dits_error *not_one(const char *path)
{
    return error_hint(
        error_new(DITS_E_NOT_FOUND,
                  "'%s' does not appear to be a dits "
                  "repository",
                  path),
        "Is the disk or the share mounted? The folder of a repository holds "
        ".dits.");
}

dits_error *open_exactly(const dits_context *context, const char *path,
                         dits_repo **out)
{
    CLEANUP(text_free) char *real = NULL;
    CLEANUP(text_free) char *folder = NULL;
    if (!fs_exists(path))
        return not_one(path);
    TRY(fs_real_path(path, &real));
    TRY(fs_join(strcmp(real, "/") == 0 ? "" : real, OPEN_FOLDER, &folder));
    if (!fs_exists(folder))
        return not_one(path);
    return open_top(context, real, "", out);
}

dits_error *open_find_top(const char *path, char **out_path, char **out_top)
{
    CLEANUP(text_free) char *absolute = NULL;
    TRY(fs_real_path(path, &absolute));
    TRY(find_top(absolute, out_top));
    *out_path = MOVE(absolute);
    return NULL;
}

dits_error *dits_repo_open(const dits_context *context, const char *path,
                           dits_repo **out)
{
    CLEANUP(text_free) char *absolute = NULL;
    CLEANUP(text_free) char *top = NULL;
    TRY(open_find_top(path, &absolute, &top));
    return open_top(context, top, prefix_of(top, absolute), out);
}

/* All is published by now; packs that are not merged wait for the next one. */
static void tidy_up(dits_repo *repo)
{
    dits_error *err = store_maintain(repo->store);
    if (err != NULL)
        log_debug(repo->context, "packs were not merged: %s",
                  dits_error_message(err));
    dits_error_free(err);
    if (repo->db == NULL)
        return;
    err = tier_access_flush(repo);
    if (err != NULL)
        log_debug(repo->context, "what was read of tiers was not noted: %s",
                  dits_error_message(err));
    dits_error_free(err);
    if (!store_has_grown(repo->store))
        return;
    err = samples_take(repo);
    if (err != NULL)
        log_debug(repo->context, "no sample of the size was taken: %s",
                  dits_error_message(err));
    dits_error_free(err);
}

void dits_repo_free(dits_repo *repo)
{
    if (repo == NULL)
        return;
    if (repo->store != NULL)
        tidy_up(repo);
    store_close(repo->store);
    db_close(repo->db);
    config_free(repo->config);
    shallow_free(repo->shallow);
    lines_differ_closep(&repo->lines);
    mem_free(repo->work_dir);
    mem_free(repo->dits_dir);
    mem_free(repo->private_dir);
    mem_free(repo->linked_name);
    mem_free(repo->prefix);
    mem_free(repo->command_line);
    mem_free(repo->actor_name);
    mem_free(repo->actor_email);
    mem_free(repo);
}

void open_freep(dits_repo **repo)
{
    dits_repo_free(*repo);
    *repo = NULL;
}

dits_error *dits_repo_set_command(dits_repo *repo, const char *command_line)
{
    char *copy = NULL;
    TRY(text_copy(command_line, &copy));
    mem_free(repo->command_line);
    repo->command_line = copy;
    return NULL;
}

const char *dits_repo_work_dir(const dits_repo *repo)
{
    return repo->work_dir;
}

bool dits_repo_is_bare(const dits_repo *repo)
{
    return repo->is_bare;
}

const char *dits_repo_dir(const dits_repo *repo)
{
    return repo->dits_dir;
}

const char *dits_repo_private_dir(const dits_repo *repo)
{
    return repo->private_dir;
}

const char *dits_repo_worktree(const dits_repo *repo)
{
    return repo->linked_name;
}

const char *dits_repo_prefix(const dits_repo *repo)
{
    return repo->prefix;
}

void dits_free(void *memory)
{
    mem_free(memory);
}

static bool is_locked(const dits_error *err)
{
    return err != NULL && dits_error_code(err) == DITS_E_LOCKED;
}

dits_error *repo_try_lock_work(dits_repo *repo, struct fs_file *out,
                               bool *out_locked)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, "work.lock", &path));
    dits_error *err = fs_lock(path, FS_LOCK_EXCLUSIVE, 0, out);
    *out_locked = err == NULL;
    if (!is_locked(err))
        return err;
    dits_error_free(err); /* that was the question */
    return NULL;
}

dits_error *repo_lock_work(dits_repo *repo, struct fs_file *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, "work.lock", &path));
    dits_error *err = fs_lock(path, FS_LOCK_EXCLUSIVE, LOCK_TRY_MS, out);
    if (is_locked(err)) {
        dits_error_free(err); /* tried again, for longer */
        log_info(repo->context, "waiting for another dits command to finish");
        err = fs_lock(path, FS_LOCK_EXCLUSIVE, LOCK_WAIT_MS, out);
    }
    if (is_locked(err))
        return error_hint(
            error_wrap(err, "another dits command is working here"),
            "Wait for it to finish, then try again. The lock goes away by "
            "itself when that process ends.");
    return err;
}
