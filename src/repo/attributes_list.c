/* Attributes as callers of the library ask for them. */
#include <dits/attributes.h>
#include <dits/refs.h>

#include <string.h>

#include "base/text.h"
#include "repo/attribute_rules.h"
#include "repo/pathspec.h"

struct asking {
    const char *path; /* at hand */
    dits_attribute_fn *fn;
    void *payload;
};

static dits_error *tell(const struct attribute *attribute, void *payload)
{
    const struct asking *asking = payload;
    const struct dits_attribute told = {
        .path = asking->path,
        .name = attribute->name,
        .state = (enum dits_attribute_state)attribute->state,
        .value = attribute->value,
    };
    return asking->fn(&told, asking->payload);
}

static dits_error *check_names(const struct dits_attributes_options *options)
{
    for (size_t i = 0; i < options->name_count; i++) {
        const char *name = options->names[i];
        if (!attribute_name_is_valid(name, strlen(name)))
            return error_new(DITS_E_INVALID,
                             "'%s' cannot be an attribute's name", name);
    }
    return NULL;
}

/* pathspec_plain() drops a '/' at the end, which says what it is. */
static dits_error *full_path(const dits_repo *repo, const char *text,
                             char **out)
{
    CLEANUP(text_free) char *plain = NULL;
    CLEANUP(buf_release) struct buf full = {0};
    TRY(pathspec_plain(repo->work_dir, repo->prefix, text, &plain));
    bool is_folder = plain[0] != '\0' && text_ends_with(text, "/");
    TRY(buf_printf(&full, "%s%s", plain, is_folder ? "/" : ""));
    return buf_take_text(&full, out);
}

static dits_error *tell_path(struct attributes *attributes,
                             const struct dits_attributes_options *options,
                             struct asking *asking)
{
    for (size_t i = 0; i < options->name_count; i++) {
        struct attribute attribute = {0};
        TRY(attributes_get(attributes, asking->path, options->names[i],
                           &attribute));
        TRY(tell(&attribute, asking));
    }
    return options->name_count > 0
               ? NULL
               : attributes_each(attributes, asking->path, tell, asking);
}

dits_error *dits_attributes_each(dits_repo *repo,
                                 const struct dits_paths *paths,
                                 const struct dits_attributes_options *options,
                                 dits_attribute_fn *fn, void *payload)
{
    CLEANUP(attributes_freep) struct attributes *attributes = NULL;
    struct asking asking = {.fn = fn, .payload = payload};
    struct dits_oid tree = {0};
    TRY(check_names(options));
    if (options->source == NULL) {
        TRY(attributes_of_worktree(repo, &attributes));
    } else {
        TRY(dits_revision_resolve(repo, options->source, DITS_REVISION_TREE,
                                  &tree));
        TRY(attributes_of_tree(repo, &tree, &attributes));
    }
    for (size_t i = 0; i < paths->count; i++) {
        CLEANUP(text_free) char *path = NULL;
        TRY(full_path(repo, paths->items[i], &path));
        asking.path = path;
        TRY(tell_path(attributes, options, &asking));
    }
    return NULL;
}
