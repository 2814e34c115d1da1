#include "repo/push.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/operation.h"
#include "repo/receiving.h"
#include "repo/ref_name.h"

static void pushing_release(struct pushing *pushing)
{
    for (size_t i = 0; i < pushing->count; i++)
        push_item_release(&pushing->items[i]);
    mem_free(pushing->items);
    name_map_release(&pushing->targets);
    known_release(&pushing->known);
    transport_refs_release(&pushing->refs);
    transport_closep(&pushing->transport);
    remote_release(&pushing->remote);
}

/* --- somebody may object --- */

static void free_refs(struct dits_push_ref **refs)
{
    mem_free(*refs);
}

static dits_error *ask(const struct pushing *pushing)
{
    const struct dits_push_options *options = pushing->options;
    CLEANUP(free_refs)
    struct dits_push_ref *refs =
        mem_new_array(struct dits_push_ref, pushing->count + 1);
    size_t count = 0;
    if (refs == NULL)
        return error_nomem();
    for (size_t i = 0; i < pushing->count; i++) {
        const struct push_item *item = &pushing->items[i];
        if (push_is_due(item))
            refs[count++] = (struct dits_push_ref){.source = item->source,
                                                   .target = item->target,
                                                   .after = item->after,
                                                   .before = item->before};
    }
    if (options->ask == NULL || count == 0)
        return NULL;
    const char *url = pushing->remote.url;
    return options->ask(pushing->remote.name != NULL ? pushing->remote.name
                                                     : url,
                        url, refs, count, options->payload);
}

/* --- it travels --- */

/* What is sent, and what shall become of it. */
struct parcel {
    struct bundle_ref *refs; /* names are borrowed */
    size_t ref_count;
    struct transport_update *updates;
    size_t count;
    struct buf haves;
    struct bundle_list list;
};

static void parcel_release(struct parcel *parcel)
{
    for (size_t i = 0; i < parcel->count; i++)
        mem_free(parcel->updates[i].refused);
    mem_free(parcel->updates);
    mem_free(parcel->refs);
    buf_release(&parcel->haves);
    bundle_list_release(&parcel->list);
}

static dits_error *pack(const struct pushing *pushing, struct parcel *out)
{
    out->refs = mem_new_array(struct bundle_ref, pushing->count + 1);
    out->updates = mem_new_array(struct transport_update, pushing->count + 1);
    if (out->refs == NULL || out->updates == NULL)
        return error_nomem();
    for (size_t i = 0; i < pushing->count; i++) {
        const struct push_item *item = &pushing->items[i];
        if (!push_is_due(item))
            continue;
        out->updates[out->count++] =
            (struct transport_update){.name = item->target,
                                      .before = item->before,
                                      .after = item->after,
                                      .kind = item->kind};
        if (!dits_oid_is_zero(&item->after))
            out->refs[out->ref_count++] = (struct bundle_ref){
                .name = item->target, .id = item->after, .kind = item->kind};
    }
    for (size_t i = 0; i < pushing->known.count; i++)
        if (pushing->known.found[i])
            TRY(buf_put(&out->haves, pushing->known.ids[i].hash, OID_SIZE));
    return NULL;
}

static dits_error *travel(struct pushing *pushing, struct parcel *parcel)
{
    struct transport *transport = pushing->transport;
    const struct bundle_wish wish = {
        .refs = parcel->refs,
        .ref_count = parcel->ref_count,
        .haves = (const void *)parcel->haves.data,
        .have_count = parcel->haves.size / OID_SIZE,
    };
    struct transport_sink sink = {0};
    uint64_t commits = 0;
    TRY(bundle_pick_wish(pushing->repo, &wish, &parcel->list, &commits));
    TRY(transport->ops->sink(transport, &sink));
    TRY(transport_send(pushing->repo, &parcel->list, &sink, &pushing->result));
    return transport->ops->publish(transport, &parcel->list, parcel->updates,
                                   parcel->count, pushing->options->atomic);
}

/* What the other side says of each. */
static dits_error *take_answers(struct pushing *pushing,
                                const struct parcel *parcel)
{
    size_t number = 0;
    for (size_t i = 0; i < pushing->count; i++) {
        struct push_item *item = &pushing->items[i];
        if (!push_is_due(item))
            continue;
        const char *refused = parcel->updates[number++].refused;
        if (refused == NULL)
            continue;
        TRY(text_copy(refused, &item->reason));
        item->change = DITS_REF_REFUSED;
    }
    return NULL;
}

static dits_error *send(struct pushing *pushing)
{
    CLEANUP(parcel_release) struct parcel parcel = {0};
    TRY(pack(pushing, &parcel));
    if (parcel.count == 0)
        return NULL;
    TRY(travel(pushing, &parcel));
    return take_answers(pushing, &parcel);
}

/* --- what is known of it now --- */

static dits_error *note_one(const struct pushing *pushing,
                            struct operation *operation,
                            const struct push_item *item)
{
    for (size_t i = 0; i < pushing->remote.fetch.count; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        struct dits_oid before = {0};
        bool matches = false;
        bool found = false;
        TRY(refspec_map(&pushing->remote.fetch.items[i], item->target, &name,
                        &matches));
        if (!matches || !text_starts_with(buf_text(&name), REF_REMOTES))
            continue;
        TRY(refs_read(pushing->repo, buf_text(&name), &before, &found));
        if (!dits_oid_equal(&before, &item->after))
            TRY(operation_set_ref(operation, buf_text(&name), &before,
                                  &item->after, "update by push"));
        return NULL;
    }
    return NULL;
}

static bool was_done(const struct push_item *item)
{
    return item->change != DITS_REF_REJECTED &&
           item->change != DITS_REF_REFUSED;
}

static dits_error *note(struct pushing *pushing)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(pushing->repo, "push", &operation));
    for (size_t i = 0; i < pushing->count; i++)
        if (was_done(&pushing->items[i]))
            TRY(note_one(pushing, operation, &pushing->items[i]));
    return operation_commit(operation);
}

static dits_error *set_upstreams(const struct pushing *pushing)
{
    for (size_t i = 0; i < pushing->count; i++) {
        const struct push_item *item = &pushing->items[i];
        if (was_done(item) && !dits_oid_is_zero(&item->after) &&
            text_starts_with(item->source, REF_BRANCHES) &&
            text_starts_with(item->target, REF_BRANCHES))
            TRY(tracking_set(pushing->repo, ref_name_short(item->source),
                             pushing->remote.name != NULL ? pushing->remote.name
                                                          : pushing->remote.url,
                             item->target));
    }
    return NULL;
}

/* --- all of it --- */

static dits_error *tell(struct pushing *pushing)
{
    const struct dits_push_options *options = pushing->options;
    for (size_t i = 0; i < pushing->count; i++) {
        const struct push_item *item = &pushing->items[i];
        const struct dits_ref_result told = {
            .source = dits_oid_is_zero(&item->after) ? NULL : item->source,
            .target = item->target,
            .before = item->before,
            .after = item->after,
            .change = item->change,
            .reason = item->reason,
            .where = pushing->remote.url,
        };
        pushing->result.rejected += !was_done(item);
        pushing->result.refs += push_is_due(item);
        if (options->on_ref != NULL)
            TRY(options->on_ref(&told, options->payload));
    }
    return NULL;
}

static dits_error *run(struct pushing *pushing)
{
    struct transport *transport = NULL;
    TRY(remote_connect(pushing->repo->context, pushing->repo, &pushing->remote,
                       "pushing", &pushing->transport));
    transport = pushing->transport;
    TRY_CONTEXT(transport->ops->list(transport, &pushing->refs),
                "cannot read '%s'", transport->where);
    TRY(known_find(pushing->repo, &pushing->refs, &pushing->known));
    TRY(push_choose(pushing));
    TRY(ask(pushing));
    if (!pushing->options->dry_run) {
        TRY_CONTEXT(send(pushing), "cannot push to '%s'", transport->where);
        if (pushing->remote.name != NULL)
            TRY(note(pushing));
        if (pushing->options->set_upstream)
            TRY(set_upstreams(pushing));
    }
    return tell(pushing);
}

/* Swept by nobody while it travels: our own writer holds that off. */
dits_error *dits_push(dits_repo *repo, const struct dits_push_options *options,
                      struct dits_transfer_result *out)
{
    CLEANUP(pushing_release)
    struct pushing pushing = {.repo = repo, .options = options};
    CLEANUP(receiving_release) struct receiving guard = {0};
    TRY(remote_meant(repo, options->remote, &pushing.remote));
    TRY(receiving_begin(repo, NULL, &guard));
    TRY(run(&pushing));
    if (out != NULL)
        *out = pushing.result;
    return NULL;
}
