#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "repo/database.h"
#include "repo/open.h"
#include "repo/ref_name.h"
#include "repo/repo.h"

#define DEFAULT_BRANCH "main"

/*
 * Nothing is a repository before .dits/config exists, which is written last
 * and atomically. Each step before it may find its work done: so an init that
 * was killed is finished by the next one.
 */

static dits_error *make_dir(const char *path)
{
    dits_error *err = fs_make_dir(path);
    if (err == NULL || dits_error_code(err) != DITS_E_EXISTS)
        return err;
    dits_error_free(err); /* made by an init that was cut off */
    return NULL;
}

/* HEAD on a branch that has no commit yet. */
static dits_error *make_database(const char *folder, const char *branch)
{
    CLEANUP(db_closep) struct db *db = NULL;
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    CLEANUP(buf_release) struct buf full_name = {0};
    TRY(buf_printf(&full_name, REF_BRANCHES "%s", branch));
    TRY(database_open(folder, DB_CREATE, &db));
    TRY(db_begin(db, &step));
    TRY(db_run(db, "INSERT OR IGNORE INTO head(one, branch) VALUES (1, ?)",
               DB_ARGS(db_text(buf_text(&full_name))), NULL));
    return db_commit(&step);
}

static dits_error *make_config(const char *folder, bool bare)
{
    static const char text[] = "[core]\n\tformat = 1\n";
    static const char bare_text[] = "[core]\n\tformat = 1\n\tbare = true\n";
    _Static_assert(OPEN_FORMAT == 1, "the text above names the format");
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(folder, "config", &path));
    return bare ? fs_replace(path, bare_text, sizeof(bare_text) - 1)
                : fs_replace(path, text, sizeof(text) - 1);
}

static dits_error *make_repo(const dits_context *context, const char *top,
                             const char *folder,
                             const struct dits_init_options *options)
{
    TRY(make_dir(folder));
    TRY(store_create(context, folder));
    TRY(make_database(folder, options->initial_branch));
    TRY(fs_sync_dir(folder));
    TRY(fs_sync_dir(top));
    return make_config(folder, options->bare);
}

static dits_error *make_once(const dits_context *context, const char *top,
                             const struct dits_init_options *options,
                             bool *out_existed)
{
    CLEANUP(text_free) char *folder = NULL;
    CLEANUP(text_free) char *config = NULL;
    struct fs_stat stat = {0};
    TRY(fs_join(strcmp(top, "/") == 0 ? "" : top, OPEN_FOLDER, &folder));
    TRY(fs_join(folder, "config", &config));
    *out_existed = fs_exists(config);
    if (!*out_existed &&
        fs_exists(folder)) { /* perhaps of a linked work tree */
        TRY(fs_stat_path(folder, &stat));
        *out_existed = stat.kind == FS_REGULAR;
    }
    if (*out_existed)
        return NULL;
    return make_repo(context, top, folder, options);
}

dits_error *dits_repo_init(const dits_context *context, const char *path,
                           const struct dits_init_options *options,
                           bool *out_existed, dits_repo **out)
{
    struct dits_init_options wanted = {0};
    if (options != NULL)
        wanted = *options;
    if (wanted.initial_branch == NULL)
        wanted.initial_branch = DEFAULT_BRANCH;
    if (!ref_name_is_valid(wanted.initial_branch))
        return ref_name_error(wanted.initial_branch, "branch");

    CLEANUP(text_free) char *top = NULL;
    bool existed = false;
    TRY(fs_make_dirs(path));
    TRY(fs_real_path(path, &top));
    TRY_CONTEXT(make_once(context, top, &wanted, &existed),
                "cannot make a repository in '%s'", top);
    TRY(open_top(context, top, "", out));
    if (out_existed != NULL)
        *out_existed = existed;
    return NULL;
}
