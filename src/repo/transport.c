#include "repo/transport.h"

#include <dits/transfer.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/history.h"
#include "repo/revision_resolve.h"
#include "repo/sending.h"
#include "repo/shallow.h"
#include "repo/transport_http.h"
#include "repo/transport_ssh.h"

enum {
    FIRST_QUESTION = 16, /* commits asked about at first; then more */
    MAX_ASKED = 1 << 16,
};

void transport_refs_release(struct transport_refs *refs)
{
    for (size_t i = 0; i < refs->count; i++)
        mem_free(refs->items[i].owned_name);
    mem_free(refs->items);
    mem_free(refs->head);
    *refs = (struct transport_refs){0};
}

static int compare_name(const void *key, const void *item)
{
    const struct transport_ref *ref = item;
    return strcmp(key, ref->name);
}

const struct transport_ref *transport_refs_find(
    const struct transport_refs *refs, const char *name)
{
    if (refs->count == 0)
        return NULL;
    return bsearch(name, refs->items, refs->count, sizeof(*refs->items),
                   compare_name);
}

/* "host:path" and "ssh://…" are of another kind, as git tells them apart. */
static bool is_path(const char *url)
{
    const char *colon = strchr(url, ':');
    const char *slash = strchr(url, '/');
    return colon == NULL || (slash != NULL && slash < colon);
}

dits_error *transport_local_path(const char *base, const char *url, char **out)
{
    static const char file[] = "file://";
    if (text_starts_with(url, file))
        url += strlen(file);
    else if (!is_path(url))
        return NULL;
    if (url[0] == '/' || base == NULL)
        return text_copy(url, out);
    return fs_join(base, url, out);
}

/* DITS_SSH_COMMAND, as people say for once, before what is set for good. */
static dits_error *find_ssh_command(const dits_context *context,
                                    const dits_repo *repo, char **out)
{
    const char *given = context_options(context)->ssh_command;
    if (given != NULL)
        return text_copy(given, out);
    return config_lookup(context, repo, "core.sshcommand", out);
}

static dits_error *connect_ssh(const dits_context *context,
                               const struct transport_target *target,
                               struct ssh_address *address,
                               struct transport **out)
{
    CLEANUP(text_free) char *command = NULL;
    TRY(find_ssh_command(context, target->repo, &command));
    const struct ssh_target ssh = {
        .url = target->url, .command = command, .task = target->task};
    TRY_CONTEXT(transport_open_ssh(context, address, &ssh, out),
                "cannot reach '%s'", target->url);
    return NULL;
}

dits_error *transport_connect(const dits_context *context,
                              const struct transport_target *target,
                              struct transport **out)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(ssh_address_release) struct ssh_address address = {0};
    CLEANUP(http_address_release) struct http_address http = {0};
    bool is_ssh = false;
    bool is_http = false;
    TRY(transport_local_path(target->base, target->url, &path));
    if (path != NULL)
        return transport_open_local(context, path, target->task, out);
    TRY_CONTEXT(http_address_parse(target->url, &is_http, &http),
                "cannot reach '%s'", target->url);
    if (is_http)
        return transport_open_http(context, &http, target->url, target->task,
                                   out);
    TRY(ssh_address_parse(target->url, &is_ssh, &address));
    if (is_ssh)
        return connect_ssh(context, target, &address, out);
    return error_hint(
        error_new(DITS_E_UNSUPPORTED, "cannot reach '%s'", target->url),
        "A remote is the folder of a repository, or "
        "ssh://[user@]host[:port]/path, or [user@]host:path, or "
        "https://host[:port]/NAME.");
}

dits_error *transport_open(const dits_context *context, const char *base,
                           const char *url, const char *task,
                           struct transport **out)
{
    const struct transport_target target = {
        .base = base, .url = url, .task = task};
    return transport_connect(context, &target, out);
}

void transport_close(struct transport *transport)
{
    if (transport != NULL)
        transport->ops->close(transport);
}

void transport_closep(struct transport **transport)
{
    transport_close(*transport);
    *transport = NULL;
}

/* --- sending --- */

struct sender {
    dits_repo *repo;
    const struct transport_sink *sink;
    struct dits_transfer_result *counts; /* or NULL */
    struct sending_bytes bytes;
    struct dits_oid ids[TRANSPORT_BATCH];
    enum chunk_kind kinds[TRANSPORT_BATCH];
    bool lacked[TRANSPORT_BATCH];
    size_t count;
};

static dits_error *send_one(struct sender *sender, size_t number)
{
    struct frame frame = {0};
    const void *stored = NULL;
    TRY(context_check(sender->repo->context));
    TRY(sending_read(sender->repo, sender->kinds[number], &sender->ids[number],
                     &sender->bytes, &frame, &stored));
    TRY(sender->sink->take(&frame, stored, sender->sink->payload));
    if (sender->counts != NULL) {
        sender->counts->chunks++;
        sender->counts->bytes += frame.plain_size;
        sender->counts->stored_bytes += frame.stored_size;
    }
    return NULL;
}

static dits_error *send_batch(struct sender *sender)
{
    const struct transport_sink *sink = sender->sink;
    size_t count = sender->count;
    if (count == 0)
        return NULL;
    sender->count = 0;
    TRY(sink->lacks(sender->ids, count, sender->lacked, sink->payload));
    for (size_t i = 0; i < count; i++)
        if (sender->lacked[i])
            TRY(send_one(sender, i));
    return NULL;
}

static dits_error *offer(enum chunk_kind kind, const struct dits_oid *id,
                         void *payload)
{
    struct sender *sender = payload;
    TRY(context_check(sender->repo->context));
    sender->ids[sender->count] = *id;
    sender->kinds[sender->count++] = kind;
    return sender->count == TRANSPORT_BATCH ? send_batch(sender) : NULL;
}

static void sender_free(struct sender **sender)
{
    if (*sender != NULL)
        sending_bytes_release(&(*sender)->bytes);
    mem_free(*sender);
}

dits_error *transport_send(dits_repo *repo, struct bundle_list *list,
                           const struct transport_sink *sink,
                           struct dits_transfer_result *counts)
{
    CLEANUP(id_set_release) struct id_set gone = {0};
    CLEANUP(sender_free) struct sender *sender = mem_new(struct sender);
    if (sender == NULL)
        return error_nomem();
    sender->repo = repo;
    sender->sink = sink;
    sender->counts = counts;
    TRY(sending_list_gone(repo, list, &gone));
    TRY(sending_each(repo, list, &gone, offer, sender));
    return send_batch(sender);
}

/* --- which commits both have --- */

struct question {
    struct transport *transport;
    struct history history;
    struct history_queue queue;
    size_t size;  /* of the next batch */
    size_t asked; /* in all */
    struct buf *out;
};

static void question_release(struct question *question)
{
    history_release(&question->history);
    history_queue_release(&question->queue);
}

static dits_error *enqueue(struct question *question, struct history_node *node)
{
    if ((node->flags & HISTORY_SEEN) != 0)
        return NULL;
    node->flags |= HISTORY_SEEN;
    TRY(history_load(&question->history, node));
    commit_release(&node->commit);
    return history_queue_put(&question->queue, node);
}

static dits_error *start_at(const char *full_name, const struct dits_oid *id,
                            void *payload)
{
    struct question *question = payload;
    dits_repo *repo = question->history.repo;
    struct revision_object object = {.id = *id, .kind = CHUNK_COMMIT};
    struct chunk_place place = {0};
    struct history_node *node = NULL;
    bool found = false;
    (void)full_name;
    TRY(store_find(repo->store, id, &found, &place));
    if (!found)
        return NULL; /* fsck's affair; nothing to go on from */
    object.kind = place.kind;
    TRY(revision_peel_tags(repo, &object));
    if (object.kind != CHUNK_COMMIT)
        return NULL;
    TRY(history_get(&question->history, &object.id, &node));
    return enqueue(question, node);
}

/* What they have is common, with all that led to it; else its parents may be.
 */
static dits_error *ask_batch(struct question *question)
{
    struct history_node *nodes[TRANSPORT_BATCH];
    struct dits_oid ids[TRANSPORT_BATCH] = {0};
    bool found[TRANSPORT_BATCH];
    size_t count = 0;
    for (; count < question->size; count++) {
        nodes[count] = history_queue_take(&question->queue);
        if (nodes[count] == NULL)
            break;
        ids[count] = nodes[count]->id;
    }
    TRY(question->transport->ops->has(question->transport, ids, count, found));
    question->asked += count;
    for (size_t i = 0; i < count; i++) {
        if (found[i])
            TRY(buf_put(question->out, ids[i].hash, sizeof(ids[i])));
        for (size_t k = 0; k < nodes[i]->parent_count && !found[i]; k++)
            TRY(enqueue(question, nodes[i]->parents[k]));
    }
    return NULL;
}

dits_error *transport_negotiate(struct transport *transport, dits_repo *repo,
                                struct buf *out)
{
    CLEANUP(question_release)
    struct question question = {.transport = transport,
                                .history = {.repo = repo},
                                .size = FIRST_QUESTION,
                                .out = out};
    TRY(shallow_refresh(repo));
    TRY(refs_each(repo, "refs/", start_at, &question));
    while (question.queue.count > 0 && question.asked < MAX_ASKED) {
        TRY(context_check(repo->context));
        TRY(ask_batch(&question));
        if (question.size * 2 <= TRANSPORT_BATCH)
            question.size *= 2;
    }
    return NULL;
}
