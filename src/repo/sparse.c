#include "repo/sparse.h"

#include "base/mem.h"
#include "base/text.h"
#include "repo/operation_sparse.h"
#include "repo/sparse_format.h"

#define FILE_NAME "sparse"

struct sparse {
    struct sparse_file file;
};

void sparse_free(struct sparse *sparse)
{
    if (sparse == NULL)
        return;
    sparse_file_release(&sparse->file);
    mem_free(sparse);
}

void sparse_freep(struct sparse **sparse)
{
    sparse_free(*sparse);
}

/* `*out_found` false: there is no file. */
static dits_error *read_file(dits_repo *repo, struct sparse *sparse,
                             bool *out_found)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(fs_join(repo->private_dir, FILE_NAME, &path));
    *out_found = fs_exists(path);
    if (!*out_found)
        return NULL;
    TRY(fs_read_all(path, 2 * SPARSE_TEXT_MAX, &bytes));
    TRY_CONTEXT(sparse_file_parse(buf_slice(&bytes), &sparse->file),
                "cannot read '%s'", path);
    return NULL;
}

/* What the newest change made the set; everything before the first. */
static dits_error *read_rows(dits_repo *repo, struct sparse *sparse)
{
    static const char everything[] = "all\n";
    CLEANUP(text_free) char *text = NULL;
    TRY(operation_sparse_newest(repo, &text));
    return sparse_set_parse(slice_of_text(text != NULL ? text : everything),
                            &sparse->file.set);
}

static dits_error *read_state(dits_repo *repo, struct sparse *sparse)
{
    bool found = false;
    dits_error *err = read_file(repo, sparse, &found);
    bool damaged = dits_error_has(err, DITS_E_CORRUPT) ||
                   dits_error_has(err, DITS_E_LIMIT);
    if (err == NULL && found)
        return NULL;
    if (err != NULL && !damaged)
        return err;
    if (err != NULL)
        log_warn(repo->context,
                 "%s: what was recorded last holds; 'dits sparse reapply' "
                 "writes it anew",
                 dits_error_message(err));
    dits_error_free(err);
    return read_rows(repo, sparse);
}

/* A change that was published has come to its end, if not in the file. */
static dits_error *settle(dits_repo *repo, struct sparse_file *file)
{
    CLEANUP(operation_sparse_release) struct operation_sparse row = {0};
    bool found = false;
    if (file->target == NULL)
        return NULL;
    TRY(operation_sparse_load(repo, file->operation, &row, &found));
    if (!found)
        return NULL;
    sparse_set_free(file->set);
    file->set = MOVE(file->target);
    return NULL;
}

dits_error *sparse_open(dits_repo *repo, struct sparse **out)
{
    CLEANUP(sparse_freep) struct sparse *sparse = mem_new(struct sparse);
    if (sparse == NULL)
        return error_nomem();
    TRY(read_state(repo, sparse));
    TRY(settle(repo, &sparse->file));
    *out = MOVE(sparse);
    return NULL;
}

dits_error *sparse_open_limits(dits_repo *repo, struct sparse **out)
{
    CLEANUP(sparse_freep) struct sparse *sparse = NULL;
    TRY(sparse_open(repo, &sparse));
    bool limits = sparse->file.target != NULL ||
                  sparse_set_mode(sparse->file.set) != DITS_SPARSE_ALL;
    *out = limits ? MOVE(sparse) : NULL;
    return NULL;
}

dits_error *sparse_may_be_absent(const struct sparse *sparse, const char *path,
                                 bool *out)
{
    bool wanted = true;
    *out = false;
    if (sparse == NULL)
        return NULL;
    TRY(sparse_set_has(sparse->file.set, path, &wanted));
    if (wanted && sparse->file.target != NULL)
        TRY(sparse_set_has(sparse->file.target, path, &wanted));
    *out = !wanted;
    return NULL;
}

const struct sparse_set *sparse_current(const struct sparse *sparse)
{
    return sparse->file.set;
}

const struct sparse_set *sparse_target(const struct sparse *sparse)
{
    return sparse->file.target;
}

dits_error *sparse_text(const struct sparse_set *set, char **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(sparse_set_format(set, &text));
    return buf_take_text(&text, out);
}

dits_error *sparse_save(dits_repo *repo, const struct sparse_set *set,
                        const struct sparse_set *target, uint64_t operation)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(fs_join(repo->private_dir, FILE_NAME, &path));
    TRY(sparse_file_encode(set, target, operation, &bytes));
    return fs_replace(path, bytes.data, bytes.size);
}
