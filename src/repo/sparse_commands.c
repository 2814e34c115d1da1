/* The functions of dits/sparse.h. */
#include <dits/sparse.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/pathspec.h"
#include "repo/sparse_change.h"

/* Texts that are owned. */
struct texts {
    char **items;
    size_t count;
    size_t capacity;
};

static void release_texts(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        mem_free(texts->items[i]);
    mem_free(texts->items);
}

/* Takes over `text`, also on failure. */
static dits_error *add_text(struct texts *texts, char *text)
{
    CLEANUP(text_free) char *owned = text;
    char **items = array_grown(texts->items, texts->count, &texts->capacity,
                               sizeof(*items));
    if (items == NULL)
        return error_nomem();
    texts->items = items;
    texts->items[texts->count++] = MOVE(owned);
    return NULL;
}

/* A folder as the user names it becomes one from the top. */
static dits_error *add_pattern(const dits_repo *repo,
                               enum dits_sparse_mode mode, const char *pattern,
                               struct texts *texts)
{
    char *text = NULL;
    if (mode != DITS_SPARSE_CONE) {
        TRY(text_copy(pattern, &text));
        return add_text(texts, text);
    }
    TRY(pathspec_plain(repo->work_dir, repo->prefix, pattern, &text));
    if (text[0] == '\0') {
        text_free(&text);
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is the whole work tree", pattern),
            "To have everything on the disk: dits sparse disable");
    }
    return add_text(texts, text);
}

static dits_error *make_set(dits_repo *repo, const struct sparse_set *old,
                            const struct dits_sparse_options *options,
                            struct sparse_set **out)
{
    CLEANUP(release_texts) struct texts texts = {0};
    enum dits_sparse_mode mode = options->mode;
    if (options->add) {
        struct dits_paths had = sparse_set_patterns(old);
        mode = sparse_set_mode(old);
        if (mode == DITS_SPARSE_ALL)
            return error_hint(
                error_new(DITS_E_INVALID, "there is no sparse set to add to"),
                "Everything is on the disk. Make one with 'dits sparse set'.");
        for (size_t i = 0; i < had.count; i++) {
            char *copy = NULL;
            TRY(text_copy(had.items[i], &copy));
            TRY(add_text(&texts, copy));
        }
    }
    for (size_t i = 0; i < options->patterns.count; i++)
        TRY(add_pattern(repo, mode, options->patterns.items[i], &texts));
    const struct dits_paths all = {.items = (const char *const *)texts.items,
                                   .count = texts.count};
    return sparse_set_new(mode, &all, out);
}

static dits_error *change(dits_repo *repo, struct operation *operation,
                          const struct sparse_set *to,
                          const struct dits_sparse_options *options,
                          struct dits_sparse_result *out)
{
    struct dits_sparse_result result = {0};
    TRY(sparse_change_run(repo, operation, to, options, &result));
    TRY(operation_commit(operation));
    TRY(sparse_change_finish(repo, to));
    if (out != NULL)
        *out = result;
    return NULL;
}

/* A change that was cut off comes to its end as an operation of its own. */
static dits_error *resume(dits_repo *repo)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(sparse_freep) struct sparse *sparse = NULL;
    TRY(operation_begin(repo, "sparse", &operation));
    TRY(sparse_open(repo, &sparse));
    const struct sparse_set *target = sparse_target(sparse);
    if (target == NULL)
        return NULL;
    log_info(repo->context,
             "finishing a change of the sparse set that was cut off");
    return change(repo, operation, target, NULL, NULL);
}

dits_error *dits_sparse_set(dits_repo *repo,
                            const struct dits_sparse_options *options,
                            struct dits_sparse_result *out)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(sparse_freep) struct sparse *sparse = NULL;
    CLEANUP(sparse_set_freep) struct sparse_set *to = NULL;
    if (options->mode == DITS_SPARSE_ALL && !options->add &&
        options->patterns.count > 0)
        return error_new(DITS_E_INVALID, "patterns make no sense for all");
    TRY(resume(repo));
    TRY(operation_begin(repo, "sparse", &operation));
    TRY(sparse_open(repo, &sparse));
    TRY(make_set(repo, sparse_current(sparse), options, &to));
    return change(repo, operation, to, options, out);
}

dits_error *dits_sparse_reapply(dits_repo *repo,
                                const struct dits_sparse_options *options,
                                struct dits_sparse_result *out)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(sparse_freep) struct sparse *sparse = NULL;
    TRY(operation_begin(repo, "sparse", &operation));
    TRY(sparse_open(repo, &sparse));
    const struct sparse_set *target = sparse_target(sparse);
    if (target == NULL)
        target = sparse_current(sparse);
    return change(repo, operation, target, options, out);
}

dits_error *dits_sparse_look(dits_repo *repo, dits_sparse_fn *fn, void *payload)
{
    CLEANUP(sparse_freep) struct sparse *sparse = NULL;
    TRY(sparse_open(repo, &sparse));
    const struct sparse_set *set = sparse_current(sparse);
    const struct dits_sparse_info info = {
        .mode = sparse_set_mode(set),
        .patterns = sparse_set_patterns(set),
        .is_cut_off = sparse_target(sparse) != NULL,
    };
    return fn(&info, payload);
}
