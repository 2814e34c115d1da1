/*
 * A repository in a folder: on this machine, a mounted share, another disk.
 * What a server would do for us is done here, with that repository's own locks.
 */
#include <dits/commit.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/id_set.h"
#include "repo/offering.h"
#include "repo/open.h"
#include "repo/publication.h"
#include "repo/receiving.h"

struct local {
    struct transport transport;
    char *path;
    dits_repo *far;
    struct receiving receiving; /* also while we only read: holds off sweeps */
    struct id_set history;      /* of its refs, once it was asked for */
    bool has_history;
};

static struct local *local_of(struct transport *transport)
{
    return (struct local *)transport;
}

static void local_close(struct transport *transport)
{
    struct local *local = local_of(transport);
    receiving_release(&local->receiving);
    id_set_release(&local->history);
    dits_repo_free(local->far);
    mem_free(local->path);
    mem_free(local);
}

/* --- what is there --- */

static dits_error *local_list(struct transport *transport,
                              struct transport_refs *out)
{
    return offering_refs(local_of(transport)->far, out);
}

static dits_error *note_commit(const dits_commit *commit, void *payload)
{
    return id_set_add(payload, dits_commit_id(commit), NULL);
}

static dits_error *local_has(struct transport *transport,
                             const struct dits_oid *ids, size_t count,
                             bool *out)
{
    struct local *local = local_of(transport);
    const struct dits_log_options all = {.all = true};
    if (!local->has_history)
        TRY(dits_log(local->far, &all, note_commit, &local->history));
    local->has_history = true;
    for (size_t i = 0; i < count; i++)
        out[i] = id_set_has(&local->history, &ids[i]);
    return NULL;
}

/* --- from there --- */

static dits_error *local_fetch(struct transport *transport,
                               const struct transport_wish *asked,
                               struct bundle_list *out,
                               const struct transport_sink *sink)
{
    struct local *local = local_of(transport);
    TRY(offering_plan(local->far, asked, out));
    return transport_send(local->far, out, sink, NULL);
}

/* --- to there --- */

static dits_error *local_sink(struct transport *transport,
                              struct transport_sink *out)
{
    *out = receiving_sink(&local_of(transport)->receiving);
    return NULL;
}

static dits_error *local_publish(struct transport *transport,
                                 const struct bundle_list *list,
                                 struct transport_update *updates, size_t count,
                                 bool atomic)
{
    struct local *local = local_of(transport);
    const struct publication publication = {.repo = local->far,
                                            .list = list,
                                            .updates = updates,
                                            .count = count,
                                            .atomic = atomic};
    TRY(receiving_commit(&local->receiving));
    return publication_make(&publication);
}

static const struct transport_ops ops = {
    .list = local_list,
    .has = local_has,
    .fetch = local_fetch,
    .sink = local_sink,
    .publish = local_publish,
    .close = local_close,
};

/* --- opening --- */

dits_error *transport_open_local(const dits_context *context, const char *path,
                                 const char *task, struct transport **out)
{
    CLEANUP(transport_closep) struct transport *transport = NULL;
    struct local *local = mem_new(struct local);
    if (local == NULL)
        return error_nomem();
    local->transport = (struct transport){.ops = &ops, .context = context};
    transport = &local->transport;
    TRY(text_copy(path, &local->path));
    local->transport.where = local->path;
    TRY(open_exactly(context, path, &local->far));
    TRY(receiving_begin(local->far, task, &local->receiving));
    *out = MOVE(transport);
    return NULL;
}
