#include <string.h>

#include "base/text.h"
#include "repo/log.h"
#include "repo/ref_name.h"
#include "repo/revision_resolve.h"

static dits_error *start_from(struct log *log, const char *revision,
                              bool excluded)
{
    struct revision_object object = {0};
    TRY(revision_resolve(log->repo, revision, DITS_REVISION_COMMIT, &object));
    return log_enqueue(log, &object.id, excluded);
}

/* The two dots between revisions; NULL when there are none. */
static const char *find_dots(const char *text)
{
    bool in_braces = false;
    for (; *text != '\0'; text++) {
        if (*text == '{')
            in_braces = true;
        else if (*text == '}')
            in_braces = false;
        else if (!in_braces && text[0] == '.' && text[1] == '.')
            return text;
    }
    return NULL;
}

/* "A..B": what B has and A has not. HEAD where one is left out. */
static dits_error *read_range(struct log *log, const char *text,
                              const char *dots)
{
    CLEANUP(text_free) char *from = NULL;
    const char *to = dots + 2;
    if (*to == '.')
        return error_hint(
            error_new(DITS_E_UNSUPPORTED, "'%s' has three dots", text),
            "Write A..B for what B has and A has not; name both for all.");
    TRY(text_copy_part(text, (size_t)(dots - text), &from));
    TRY(start_from(log, from[0] != '\0' ? from : REF_HEAD, true));
    return start_from(log, to[0] != '\0' ? to : REF_HEAD, false);
}

static dits_error *read_one(struct log *log, const char *text, bool *has_start)
{
    const char *dots = find_dots(text);
    bool excluded = dots == NULL && text[0] == '^';
    *has_start = *has_start || !excluded;
    if (dots != NULL)
        return read_range(log, text, dots);
    return start_from(log, text + (excluded ? 1 : 0), excluded);
}

static dits_error *add_ref(const char *full_name, const struct dits_oid *value,
                           void *payload)
{
    struct log *log = payload;
    struct revision_object object = {.id = *value, .kind = CHUNK_COMMIT};
    if (text_starts_with(full_name, REF_TAGS)) {
        struct chunk_place place = {0};
        bool found = false;
        TRY(store_find(log->repo->store, value, &found, &place));
        object.kind = found ? place.kind : CHUNK_COMMIT;
        TRY(revision_peel_tags(log->repo, &object));
    }
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
        return refs_each(log->repo, REF_TAGS, add_ref, log);
    }
    return has_start ? NULL : start_from(log, REF_HEAD, false);
}
