#include "base/text.h"
#include "repo/log.h"
#include "repo/merge_base.h"
#include "repo/ref_name.h"
#include "repo/revision_range.h"
#include "repo/revision_resolve.h"
#include "repo/shallow.h"

static dits_error *start_from(struct log *log, const char *revision,
                              bool excluded)
{
    struct revision_object object = {0};
    TRY(revision_resolve(log->repo, revision, DITS_REVISION_COMMIT, &object));
    return log_enqueue(log, &object.id, excluded);
}

static dits_error *exclude_bases(struct log *log, const struct dits_oid *a,
                                 const struct dits_oid *b)
{
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    TRY(merge_bases_find(log->repo, a, b, &bases));
    for (size_t i = 0; i < bases.count; i++)
        TRY(log_enqueue(log, &bases.ids[i], true));
    return NULL;
}

/* Both ends, without what they have in common. */
static dits_error *start_from_either(struct log *log,
                                     const struct revision_range *range)
{
    struct revision_object from = {0};
    struct revision_object to = {0};
    TRY(revision_resolve(log->repo, range->from, DITS_REVISION_COMMIT, &from));
    TRY(revision_resolve(log->repo, range->to, DITS_REVISION_COMMIT, &to));
    TRY(exclude_bases(log, &from.id, &to.id));
    TRY(log_enqueue(log, &from.id, false));
    return log_enqueue(log, &to.id, false);
}

static dits_error *start_from_parents(struct log *log,
                                      const struct revision_range *range,
                                      bool excluded)
{
    CLEANUP(commit_release) struct commit commit = {0};
    struct revision_object object = {0};
    TRY(revision_resolve(log->repo, range->to, DITS_REVISION_COMMIT, &object));
    TRY(shallow_load(log->repo, &object.id, &commit));
    for (size_t i = 0; i < commit.parent_count; i++)
        TRY(log_enqueue(log, &commit.parents[i], excluded));
    return NULL;
}

static dits_error *read_one(struct log *log, const char *text, bool *has_start)
{
    CLEANUP(revision_range_release) struct revision_range range = {0};
    TRY(revision_range_parse(text, &range));
    bool excluded = range.is_negated;
    *has_start = *has_start || !excluded;
    switch (range.kind) {
    case REVISION_RANGE_BETWEEN:
        TRY(start_from(log, range.from, true));
        break;
    case REVISION_RANGE_EITHER:
        return start_from_either(log, &range);
    case REVISION_RANGE_PARENTS:
        return start_from_parents(log, &range, excluded);
    case REVISION_RANGE_ALONE:
        TRY(start_from_parents(log, &range, !excluded));
        break;
    case REVISION_RANGE_ONE:
    default:
        break;
    }
    return start_from(log, range.to, excluded);
}

static dits_error *add_ref(const char *full_name, const struct dits_oid *value,
                           void *payload)
{
    struct log *log = payload;
    struct revision_object object = {.id = *value, .kind = CHUNK_COMMIT};
    if (text_starts_with(full_name, REF_TAGS))
        TRY(revision_behind_ref(log->repo, value, &object, NULL));
    /* A tag may name a file or a folder, which have no history. */
    return object.kind == CHUNK_COMMIT ? log_enqueue(log, &object.id, false)
                                       : NULL;
}

dits_error *log_read_ranges(struct log *log)
{
    const struct dits_log_options *options = log->options;
    struct dits_oid head = {0};
    bool has_start = options->all;
    for (size_t i = 0; i < options->revision_count; i++)
        TRY(read_one(log, options->revisions[i], &has_start));
    if (options->all) {
        TRY(refs_head_commit(log->repo, &head));
        if (!dits_oid_is_zero(&head))
            TRY(log_enqueue(log, &head, false));
        TRY(refs_each(log->repo, REF_BRANCHES, add_ref, log));
        TRY(refs_each(log->repo, REF_REMOTES, add_ref, log));
        return refs_each(log->repo, REF_TAGS, add_ref, log);
    }
    return has_start ? NULL : start_from(log, REF_HEAD, false);
}
