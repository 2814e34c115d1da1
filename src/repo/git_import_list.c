#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "object/commit.h"
#include "repo/git_import.h"
#include "repo/git_text.h"
#include "repo/id_set.h"
#include "repo/ref_name.h"
#include "repo/shallow.h"

/* A line of `rev-list --parents`: git has commits of thousands of parents. */
enum { LINE_BYTES = 1 << 20, COMMIT_MAX_BYTES = 64 << 20 };

static void ref_release(struct git_ref *ref)
{
    text_free(&ref->name);
    text_free(&ref->type);
}

/* "H ID TYPE NAME", where H is '*' for HEAD's branch. */
static bool parse_ref(const struct git_import *import, const char *line,
                      struct slice *out_type, const char **out_name,
                      struct git_ref *out)
{
    size_t digits = 2 * import->place.id_size;
    if (strlen(line) < digits + 3 || line[1] != ' ')
        return false;
    out->is_head = line[0] == '*';
    const char *type = line + 2 + digits + 1;
    const char *end = strchr(type, ' ');
    if (end == NULL || !git_id_parse(slice_of(line + 2, digits),
                                     import->place.id_size, &out->git))
        return false;
    *out_type = slice_of(type, (size_t)(end - type));
    *out_name = end + 1;
    return true;
}

/* Whether a branch is asked for; tags are looked at later. */
static bool is_wanted(const struct git_import *import, const char *name)
{
    const struct dits_import_git_options *options = import->options;
    if (options->branch_count == 0 || text_starts_with(name, REF_TAGS))
        return true;
    for (size_t i = 0; i < options->branch_count; i++)
        if (strcmp(options->branches[i], ref_name_short(name)) == 0)
            return true;
    return false;
}

static dits_error *add_ref(struct git_import *import, const char *line)
{
    CLEANUP(ref_release) struct git_ref ref = {0};
    struct slice type = {0};
    const char *name = NULL;
    if (!parse_ref(import, line, &type, &name, &ref))
        return error_new(DITS_E_CORRUPT, "git lists a ref as '%s'", line);
    if (!is_wanted(import, name))
        return NULL;
    if (!ref_name_is_valid(ref_name_short(name))) {
        log_warn(import->repo->context,
                 "left out, as nothing can have such a name here: '%s'",
                 text_is_utf8(name, strlen(name)) ? name : REF_HEAD);
        return NULL;
    }
    TRY(text_copy(name, &ref.name));
    TRY(text_copy_part((const char *)type.data, type.size, &ref.type));
    struct git_ref *refs = array_grown(import->refs, import->ref_count,
                                       &import->ref_capacity, sizeof(*refs));
    if (refs == NULL)
        return error_nomem();
    import->refs = refs;
    import->refs[import->ref_count++] = MOVE(ref);
    return NULL;
}

static dits_error *check_branches(const struct git_import *import)
{
    for (size_t i = 0; i < import->options->branch_count; i++) {
        const char *wanted = import->options->branches[i];
        bool found = false;
        for (size_t k = 0; k < import->ref_count && !found; k++) {
            const char *name = import->refs[k].name;
            found = text_starts_with(name, REF_BRANCHES) &&
                    strcmp(ref_name_short(name), wanted) == 0;
        }
        if (!found)
            return error_new(DITS_E_NOT_FOUND,
                             "the git repository has no branch '%s'", wanted);
    }
    return NULL;
}

dits_error *git_import_list_refs(struct git_import *import)
{
    static const char *const arguments[] = {
        "for-each-ref",
        "--format=%(HEAD) %(objectname) %(objecttype) %(refname)", "refs/heads",
        "refs/tags", NULL};
    CLEANUP(process_stop) struct process process = {0};
    CLEANUP(buf_release) struct buf line = {0};
    bool found = false;
    TRY(git_start(&import->place, arguments, &process));
    TRY(process_line(&process, LINE_BYTES, &line, &found));
    while (found) {
        TRY(add_ref(import, buf_text(&line)));
        TRY(process_line(&process, LINE_BYTES, &line, &found));
    }
    TRY(git_finish(&process, "cannot list git's branches and tags"));
    return check_branches(import);
}

/* A commit that is known already, and the parent of one that is not. */
static dits_error *learn(struct git_import *import, const struct dits_oid *id,
                         const struct dits_oid *ours)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(commit_release) struct commit commit = {0};
    struct git_commit parsed = {0};
    TRY(git_batch_ask(&import->batch, id));
    TRY(git_batch_take(&import->batch, id, "commit", COMMIT_MAX_BYTES, &bytes));
    TRY(git_commit_parse(buf_slice(&bytes), import->place.id_size, &parsed));
    TRY(commit_load(import->repo->store, ours, &commit));
    return git_trees_learn(&import->trees, &parsed.tree, &commit.tree);
}

static dits_error *learn_parent(struct git_import *import,
                                const struct dits_oid *id, void *payload)
{
    struct id_set *learned = payload;
    const struct git_outcome *outcome = git_known_find(&import->commits, id);
    struct dits_oid ours = {0};
    bool is_new = false;
    if (outcome == NULL || outcome->fate != GIT_STORED)
        return NULL;
    ours = outcome->id;
    TRY(id_set_add(learned, id, &is_new));
    return is_new ? learn(import, id, &ours) : NULL;
}

dits_error *git_import_each_parent(struct git_import *import,
                                   const char *parents, git_parent_fn *fn,
                                   void *payload)
{
    while (*parents == ' ') {
        struct dits_oid parent = {0};
        parents++;
        size_t length = strcspn(parents, " ");
        if (git_id_parse(slice_of(parents, length), import->place.id_size,
                         &parent))
            TRY(fn(import, &parent, payload));
        parents += length;
    }
    return NULL;
}

static dits_error *note_renewed(struct git_import *import,
                                const struct dits_oid *id, void *payload)
{
    bool *out = payload;
    *out |= oid_map_find(&import->renewed, id, NULL);
    return NULL;
}

/*
 * A commit that is known: whether it is to be made anew, as it was cut from
 * parents that come now, or descends from such.
 */
static dits_error *renew(struct git_import *import, const struct dits_oid *id,
                         const char *parents, bool *out)
{
    struct git_pair was = {.git = *id,
                           .ours = git_known_find(&import->commits, id)->id};
    *out = false;
    TRY(git_import_each_parent(import, parents, note_renewed, out));
    if (!*out && *parents != '\0')
        TRY(shallow_has(import->repo, &was.ours, out));
    if (!*out)
        return NULL;
    TRY(oid_map_add(&import->renewed, id, NULL, NULL));
    TRY(git_map_add(&import->renewals, &was));
    return learn(import, id, &was.ours);
}

static dits_error *add_to_order(struct git_import *import,
                                const struct dits_oid *id)
{
    struct dits_oid *order = array_grown(import->order, import->order_count,
                                         &import->order_capacity,
                                         sizeof(*order));
    if (order == NULL)
        return error_nomem();
    import->order = order;
    import->order[import->order_count++] = *id;
    return NULL;
}

/* Without those that are too far. */
static dits_error *add_commit(struct git_import *import,
                              const struct dits_oid *id, const char *parents,
                              void *payload)
{
    struct id_set *learned = payload;
    bool is_new = false;
    bool is_last = false;
    if (!git_import_is_within(import, id, &is_last))
        return NULL;
    if (is_last)
        parents = "";
    TRY(git_known_want(&import->commits, id, &is_new));
    if (!is_new) {
        TRY(renew(import, id, parents, &is_new));
        if (!is_new)
            return NULL; /* it was there before */
    }
    if (*parents == '\0')
        TRY(oid_map_add(&import->listed_roots, id, NULL, NULL));
    TRY(git_import_each_parent(import, parents, learn_parent, learned));
    return add_to_order(import, id);
}

/*
 * Tags are left out where only some branches are asked for: then those count
 * that lead to what the branches hold.
 */
static dits_error *put_tips(struct git_import *import, struct process *process)
{
    bool with_tags = import->options->branch_count == 0;
    for (size_t i = 0; i < import->ref_count; i++) {
        char hex[OID_HEX_SIZE];
        size_t length = 2 * import->place.id_size;
        if (!with_tags && text_starts_with(import->refs[i].name, REF_TAGS))
            continue;
        git_id_hex(&import->refs[i].git, import->place.id_size, hex);
        hex[length] = '\n';
        TRY(process_put(process, hex, length + 1));
    }
    return process_end_input(process);
}

static dits_error *begin_list(struct git_import *import,
                              const char *const *arguments,
                              struct process *process)
{
    TRY(git_start(&import->place, arguments, process));
    dits_error *err = put_tips(import, process);
    if (!dits_error_has(err, DITS_E_NETWORK))
        return err;
    dits_error_free(err); /* git says why it ended */
    return git_failed(process, DITS_E_CORRUPT, "cannot list git's commits");
}

dits_error *git_import_each_listed(struct git_import *import,
                                   const char *const *arguments,
                                   git_listed_fn *fn, void *payload)
{
    CLEANUP(process_stop) struct process process = {0};
    CLEANUP(buf_release) struct buf line = {0};
    bool found = false;
    TRY(begin_list(import, arguments, &process));
    TRY(process_line(&process, LINE_BYTES, &line, &found));
    while (found) {
        struct dits_oid id = {0};
        const char *text = buf_text(&line);
        size_t digits = strcspn(text, " ");
        TRY(context_check(import->repo->context));
        if (!git_id_parse(slice_of(text, digits), import->place.id_size, &id))
            return error_new(DITS_E_CORRUPT, "git lists a commit as '%s'",
                             text);
        TRY(fn(import, &id, text + digits, payload));
        TRY(process_line(&process, LINE_BYTES, &line, &found));
    }
    return git_finish(&process, "cannot list git's commits");
}

dits_error *git_import_list_commits(struct git_import *import)
{
    static const char *const arguments[] = {
        "rev-list", "--topo-order", "--reverse", "--parents", "--stdin", NULL};
    CLEANUP(id_set_release) struct id_set learned = {0};
    if (import->ref_count == 0)
        return NULL;
    return git_import_each_listed(import, arguments, add_commit, &learned);
}
