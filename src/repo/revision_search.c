#include "repo/revision_search.h"

#include <locale.h>
#include <regex.h>

#include "base/text.h"
#include "repo/history.h"
#include "repo/ref_name.h"
#include "repo/refs.h"
#include "repo/revision_resolve.h"

/* One search. */
struct search {
    struct history history;
    struct history_queue queue;
    regex_t compiled;
    bool is_compiled;
    bool is_negated;
    locale_t locale; /* in which texts are UTF-8; 0: this system has none */
};

static void release_search(struct search *search)
{
    history_release(&search->history);
    history_queue_release(&search->queue);
    if (search->is_compiled)
        regfree(&search->compiled);
    if (search->locale != (locale_t)0)
        freelocale(search->locale);
}

static dits_error *compile(struct search *search, const char *text)
{
    char reason[200] = "";
    locale_t before = uselocale(search->locale);
    int status = regcomp(&search->compiled, text, REG_EXTENDED | REG_NOSUB);
    (void)uselocale(before);
    if (status == REG_ESPACE)
        return error_nomem();
    if (status != 0) {
        (void)regerror(status, &search->compiled, reason, sizeof(reason));
        return error_new(DITS_E_INVALID,
                         "'%.200s' is no regular expression: %s", text, reason);
    }
    search->is_compiled = true;
    return NULL;
}

static dits_error *read_pattern(struct search *search, const char *pattern)
{
    if (pattern[0] == '!') {
        search->is_negated = pattern[1] == '-';
        if (pattern[1] != '-' && pattern[1] != '!')
            return error_hint(
                error_new(DITS_E_INVALID, "'%.200s' is no text to search for",
                          pattern),
                "Write '!-text' for a message without it, '!!text' for one "
                "with a '!'.");
        pattern += search->is_negated ? 2 : 1;
    }
    search->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return compile(search, pattern);
}

static dits_error *enqueue(struct search *search, const struct dits_oid *id)
{
    struct history_node *node = NULL;
    TRY(history_get(&search->history, id, &node));
    if ((node->flags & HISTORY_SEEN) != 0)
        return NULL;
    node->flags |= HISTORY_SEEN;
    TRY(history_load(&search->history, node));
    return history_queue_put(&search->queue, node);
}

static dits_error *add_ref(const char *full_name, const struct dits_oid *value,
                           void *payload)
{
    struct search *search = payload;
    dits_repo *repo = search->history.repo;
    struct revision_object object = {0};
    bool found = false;
    (void)full_name;
    TRY(revision_behind_ref(repo, value, &object, &found));
    /* What is not there is for fsck to say. */
    return found && object.kind == CHUNK_COMMIT ? enqueue(search, &object.id)
                                                : NULL;
}

/* What Dits keeps for itself is no history: as 'dits log --all'. */
static dits_error *enqueue_all(struct search *search)
{
    dits_repo *repo = search->history.repo;
    struct dits_oid head = {0};
    TRY(refs_head_commit(repo, &head));
    if (!dits_oid_is_zero(&head))
        TRY(enqueue(search, &head));
    TRY(refs_each(repo, REF_BRANCHES, add_ref, search));
    TRY(refs_each(repo, REF_REMOTES, add_ref, search));
    return refs_each(repo, REF_TAGS, add_ref, search);
}

static bool matches(const struct search *search, const char *message)
{
    locale_t before = uselocale(search->locale);
    bool is_match = regexec(&search->compiled, message, 0, NULL, 0) == 0;
    (void)uselocale(before);
    return is_match != search->is_negated;
}

dits_error *revision_search(dits_repo *repo, const struct dits_oid *from,
                            const char *pattern, struct dits_oid *out,
                            bool *out_found)
{
    CLEANUP(release_search) struct search search = {.history = {.repo = repo}};
    struct history_node *node = NULL;
    *out_found = false;
    TRY(read_pattern(&search, pattern));
    TRY(from != NULL ? enqueue(&search, from) : enqueue_all(&search));
    while ((node = history_queue_take(&search.queue)) != NULL) {
        TRY(context_check(repo->context));
        *out_found = matches(&search, node->commit.message);
        commit_release(&node->commit);
        if (*out_found) {
            *out = node->id;
            return NULL;
        }
        for (size_t i = 0; i < node->parent_count; i++)
            TRY(enqueue(&search, &node->parents[i]->id));
    }
    return NULL;
}
