/* From what has come to the refs that lead to it. */
#include <string.h>

#include "base/text.h"
#include "repo/arrival.h"
#include "repo/fetch.h"
#include "repo/history.h"
#include "repo/holder.h"
#include "repo/operation.h"
#include "repo/ref_name.h"

static const struct dits_oid none = {0};

struct publishing {
    struct fetching *fetching;
    struct operation *operation;
    struct arrival arrival;
    struct shallow_change shallow;
    struct name_map targets; /* that an item has */
    struct buf message;      /* for the reflog */
};

static void publishing_release(struct publishing *publishing)
{
    arrival_release(&publishing->arrival);
    shallow_change_release(&publishing->shallow);
    operation_freep(&publishing->operation);
    name_map_release(&publishing->targets);
    buf_release(&publishing->message);
}

/* --- how each ref changes --- */

static void reject(struct fetch_item *item, const char *reason)
{
    item->change = DITS_REF_REJECTED;
    item->reason = reason;
}

/* Files and what is staged would not go along. */
static dits_error *is_checked_out(const struct publishing *publishing,
                                  const char *name, bool *out)
{
    CLEANUP(text_free) char *path = NULL;
    const struct refs_head *head = operation_head(publishing->operation);
    *out = head->branch != NULL && strcmp(head->branch, name) == 0 &&
           !publishing->fetching->repo->is_bare;
    if (*out)
        return NULL;
    TRY(holder_find(publishing->fetching->repo, name, &path));
    *out = path != NULL;
    return NULL;
}

static dits_error *judge_move(struct publishing *publishing,
                              struct fetch_item *item)
{
    dits_repo *repo = publishing->fetching->repo;
    bool is_tag = text_starts_with(item->target, REF_TAGS);
    bool forward = false;
    if (!is_tag && !dits_oid_is_zero(&item->before))
        TRY(history_contains(repo, &item->commit, &item->before, &forward));
    item->change = forward ? DITS_REF_FORWARD : DITS_REF_FORCED;
    if (!forward && !item->force)
        reject(item,
               is_tag ? "would clobber existing tag" : "non-fast-forward");
    return NULL;
}

static dits_error *judge(struct publishing *publishing, struct fetch_item *item)
{
    bool found = false;
    bool is_used = false;
    if (item->target == NULL) {
        item->change = DITS_REF_NEW;
        return NULL;
    }
    TRY(refs_read(publishing->fetching->repo, item->target, &item->before,
                  &found));
    item->change = DITS_REF_UNCHANGED;
    if (found && dits_oid_equal(&item->before, &item->id))
        return NULL;
    TRY(is_checked_out(publishing, item->target, &is_used));
    if (is_used)
        reject(item, "checked out here: use 'dits pull'");
    else if (item->kind != CHUNK_COMMIT &&
             !text_starts_with(item->target, REF_TAGS))
        reject(item, "not a commit");
    else if (!found)
        item->change = DITS_REF_NEW;
    else
        return judge_move(publishing, item);
    return NULL;
}

static dits_error *move_ref(struct publishing *publishing,
                            const struct fetch_item *item)
{
    struct dits_transfer_result *result = &publishing->fetching->result;
    result->rejected += item->change == DITS_REF_REJECTED;
    if (item->target == NULL || item->change == DITS_REF_UNCHANGED ||
        item->change == DITS_REF_REJECTED)
        return NULL;
    result->refs++;
    return operation_set_ref(publishing->operation, item->target, &item->before,
                             &item->id, buf_text(&publishing->message));
}

/* Several refspecs may lead to one ref: which one, nobody can tell. */
static dits_error *take_target(struct publishing *publishing,
                               const struct fetch_item *item)
{
    bool is_new = true;
    if (item->target != NULL)
        TRY(name_map_add(&publishing->targets, item->target, NULL, &is_new));
    return is_new ? NULL
                  : error_new(DITS_E_INVALID,
                              "'%s' and another ref would both be '%s' here",
                              item->source, item->target);
}

static dits_error *move_refs(struct publishing *publishing)
{
    struct fetching *fetching = publishing->fetching;
    for (size_t i = 0; i < fetching->count; i++) {
        struct fetch_item *item = &fetching->items[i];
        TRY(take_target(publishing, item));
        TRY(judge(publishing, item));
        TRY(move_ref(publishing, item));
    }
    return NULL;
}

/* --- what is gone there --- */

static dits_error *add_removed(struct fetching *fetching, const char *name,
                               const struct dits_oid *value)
{
    const struct transport_ref gone = {.name = ""};
    TRY(fetch_add(fetching, &gone, name, false));
    struct fetch_item *item = &fetching->items[fetching->count - 1];
    item->before = *value;
    item->change = DITS_REF_REMOVED;
    return NULL;
}

static dits_error *look_whether_gone(const char *full_name,
                                     const struct dits_oid *value,
                                     void *payload)
{
    struct publishing *publishing = payload;
    struct fetching *fetching = publishing->fetching;
    bool is_kept = false;
    bool is_used = false;
    for (size_t i = 0; i < fetching->specs.count; i++) {
        CLEANUP(buf_release) struct buf source = {0};
        bool matches = false;
        TRY(refspec_map_back(&fetching->specs.items[i], full_name, &source,
                             &matches));
        if (!matches)
            continue;
        if (transport_refs_find(&fetching->refs, buf_text(&source)) != NULL)
            return NULL;
        is_kept = true;
    }
    if (is_kept)
        TRY(is_checked_out(publishing, full_name, &is_used));
    return is_kept && !is_used ? add_removed(fetching, full_name, value) : NULL;
}

/* Removed before others come: "a" may have become "a/b". */
static dits_error *prune(struct publishing *publishing)
{
    struct fetching *fetching = publishing->fetching;
    size_t first = fetching->count;
    if (!fetching->options->prune)
        return NULL;
    TRY(refs_each(fetching->repo, REF_ALL, look_whether_gone, publishing));
    for (size_t i = first; i < fetching->count; i++) {
        const struct fetch_item *item = &fetching->items[i];
        fetching->result.refs++;
        TRY(operation_set_ref(publishing->operation, item->target,
                              &item->before, &none, "fetch: pruned"));
    }
    return NULL;
}

/* --- all of it --- */

static dits_error *keep_head(struct publishing *publishing)
{
    struct fetching *fetching = publishing->fetching;
    struct dits_oid before = {0};
    bool found = false;
    fetching->result.head = fetching->head;
    if (dits_oid_is_zero(&fetching->head))
        return NULL;
    TRY(refs_read(fetching->repo, REF_FETCH_HEAD, &before, &found));
    if (dits_oid_equal(&before, &fetching->head))
        return NULL;
    return operation_set_ref(publishing->operation, REF_FETCH_HEAD, &before,
                             &fetching->head, buf_text(&publishing->message));
}

static dits_error *tell(const struct fetching *fetching)
{
    const struct dits_fetch_options *options = fetching->options;
    for (size_t i = 0; i < fetching->count && options->on_ref != NULL; i++) {
        const struct fetch_item *item = &fetching->items[i];
        const struct dits_ref_result told = {
            .source = item->source[0] != '\0' ? item->source : NULL,
            .target = item->target,
            .before = item->before,
            .after = item->id,
            .change = item->change,
            .reason = item->reason,
            .where = fetching->remote.url,
        };
        TRY(options->on_ref(&told, options->payload));
    }
    return NULL;
}

static void count(struct fetching *fetching,
                  const struct shallow_change *shallow)
{
    struct dits_transfer_result *result = &fetching->result;
    result->chunks = fetching->receiving.new_chunks;
    result->bytes = fetching->receiving.new_bytes;
    result->stored_bytes = fetching->receiving.stored_bytes;
    result->cuts_before = shallow->before.count;
    result->cuts = shallow->after.count;
}

static dits_error *publish(struct publishing *publishing)
{
    struct fetching *fetching = publishing->fetching;
    TRY(operation_begin(fetching->repo, "fetch", &publishing->operation));
    TRY(arrival_plan(&publishing->arrival, &publishing->shallow));
    TRY(move_refs(publishing));
    TRY(prune(publishing));
    count(fetching, &publishing->shallow);
    if (fetching->options->dry_run)
        return NULL;
    TRY(keep_head(publishing));
    TRY(arrival_note(&publishing->arrival));
    TRY(shallow_change_begin(&publishing->shallow));
    TRY(operation_commit(publishing->operation));
    return shallow_change_finish(&publishing->shallow);
}

dits_error *fetch_publish(struct fetching *fetching)
{
    CLEANUP(publishing_release)
    struct publishing publishing = {.fetching = fetching};
    TRY(buf_printf(&publishing.message, "fetch: from %s",
                   fetching->remote.name != NULL ? fetching->remote.name
                                                 : fetching->remote.url));
    TRY_CONTEXT(arrival_check_all(fetching->repo, &fetching->list,
                                  "the other repository", &publishing.arrival),
                "cannot fetch from '%s'", fetching->transport->where);
    TRY(publish(&publishing));
    return tell(fetching);
}
