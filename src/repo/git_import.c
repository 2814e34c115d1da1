#include "repo/git_import.h"

#include "base/mem.h"
#include "base/text.h"

static void import_release(struct git_import *import)
{
    progress_end(&import->progress);
    git_batch_end(&import->batch);
    git_trees_release(&import->trees);
    git_files_release(&import->files);
    git_known_release(&import->commits);
    git_map_release(&import->map);
    for (size_t i = 0; i < import->ref_count; i++) {
        mem_free(import->refs[i].name);
        mem_free(import->refs[i].type);
    }
    mem_free(import->refs);
    mem_free(import->order);
    oid_map_release(&import->depths.numbers);
    mem_free(import->depths.items);
    oid_map_release(&import->renewed);
    git_map_release(&import->renewals);
    oid_map_release(&import->listed_roots);
    oid_map_release(&import->cuts);
    store_writer_free(import->writer);
    git_place_release(&import->place);
}

static dits_error *find_lfs(struct git_import *import, char **out)
{
    CLEANUP(text_free) char *folder = NULL;
    if (import->options->lfs != NULL)
        return text_copy(import->options->lfs, out);
    TRY(git_common_folder(&import->place, &folder));
    return fs_join(folder, "lfs", out);
}

static dits_error *convert(struct git_import *import)
{
    CLEANUP(text_free) char *lfs = NULL;
    TRY(find_lfs(import, &lfs));
    import->files = (struct git_files){.repo = import->repo,
                                       .writer = import->writer,
                                       .batch = &import->batch,
                                       .lfs = lfs,
                                       .result = &import->result};
    import->trees.files = &import->files;
    TRY(git_batch_begin(&import->place, &import->batch));
    TRY(git_import_measure(import));
    TRY(git_import_list_commits(import));
    TRY(git_import_commits(import));
    TRY(git_import_find_refs(import));
    progress_end(&import->progress);
    return store_writer_commit(import->writer);
}

/*
 * The long part runs without the work lock. The writer lives until refs lead to
 * what it stored, so that no sweep comes between.
 */
static dits_error *run(struct git_import *import, const char *path)
{
    const struct dits_import_git_options *options = import->options;
    TRY(git_place_open(import->repo->context, &options->git, path,
                       &import->place));
    TRY(git_import_list_refs(import));
    TRY(store_writer_begin(import->repo->store, &import->writer));
    TRY(git_import_load_map(import));
    TRY(convert(import));
    TRY(git_import_publish(import));
    return git_import_save_map(import);
}

dits_error *dits_import_git(dits_repo *repo, const char *path,
                            const struct dits_import_git_options *options,
                            struct dits_import_result *out)
{
    static const struct dits_import_git_options defaults = {0};
    CLEANUP(import_release)
    struct git_import import = {
        .repo = repo,
        .options = options != NULL ? options : &defaults,
    };
    TRY(run(&import, path));
    *out = import.result;
    return NULL;
}
