#include "repo/sending.h"

#include "object/commit.h"
#include "repo/reach.h"

void sending_bytes_release(struct sending_bytes *bytes)
{
    buf_release(&bytes->plain);
    buf_release(&bytes->packed);
}

dits_error *sending_read(dits_repo *repo, enum chunk_kind kind,
                         const struct dits_oid *id, struct sending_bytes *bytes,
                         struct frame *out, const void **out_stored)
{
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_read(repo->store, kind, id, &bytes->plain));
    TRY(store_find(repo->store, id, &found, &place));
    *out = (struct frame){.id = *id,
                          .kind = (uint8_t)kind,
                          .plain_size = (uint32_t)bytes->plain.size,
                          .stored_size = (uint32_t)bytes->plain.size};
    buf_clear(&bytes->packed);
    if (found && place.stored_size != place.size)
        TRY(frame_compress(out, bytes->plain.data, &bytes->packed));
    *out_stored = out->codec == FRAME_PLAIN ? bytes->plain.data
                                            : bytes->packed.data;
    return NULL;
}

/* What the receiver has is met first, and so not met again. */
static dits_error *leave_out(const struct bundle_list *list,
                             struct reach *reach)
{
    for (size_t i = 0; i < list->need_count; i++) {
        CLEANUP(commit_release) struct commit commit = {0};
        const struct dits_oid *id = &list->needs[i].id;
        TRY(commit_load(reach->repo->store, id, &commit));
        TRY(id_set_add(&reach->seen, id, NULL));
        TRY(reach_mark_from(reach, CHUNK_TREE, &commit.tree));
    }
    return NULL;
}

static dits_error *each_chunk(dits_repo *repo, const struct bundle_list *list,
                              sending_fn *fn, void *payload)
{
    CLEANUP(reach_release)
    struct reach reach = {
        .repo = repo, .boundary = &list->cuts, .payload = payload};
    TRY(leave_out(list, &reach));
    reach.on_new = fn;
    for (size_t i = 0; i < list->ref_count; i++)
        TRY(reach_mark_from(&reach, list->refs[i].kind, &list->refs[i].id));
    return NULL;
}

static dits_error *note_asset(enum chunk_kind kind, const struct dits_oid *id,
                              void *payload)
{
    return kind == CHUNK_ASSET ? id_set_add(payload, id, NULL) : NULL;
}

dits_error *sending_list_gone(dits_repo *repo, struct bundle_list *list,
                              struct id_set *out_gone)
{
    CLEANUP(id_set_release) struct id_set unreadable = {0};
    CLEANUP(id_set_release) struct id_set all = {0};
    TRY(obliteration_unreadable(repo, &unreadable));
    if (unreadable.count == 0)
        return NULL;
    TRY(each_chunk(repo, list, note_asset, &all));
    const struct bundle_carried carried = {&all, &unreadable};
    return bundle_gone_list(repo, &carried, list, out_gone);
}

struct passing {
    const struct id_set *gone;
    sending_fn *fn;
    void *payload;
};

static dits_error *pass(enum chunk_kind kind, const struct dits_oid *id,
                        void *payload)
{
    const struct passing *passing = payload;
    if (kind == CHUNK_DATA && id_set_has(passing->gone, id))
        return NULL;
    return passing->fn(kind, id, passing->payload);
}

dits_error *sending_each(dits_repo *repo, const struct bundle_list *list,
                         const struct id_set *gone, sending_fn *fn,
                         void *payload)
{
    struct passing passing = {.gone = gone, .fn = fn, .payload = payload};
    return each_chunk(repo, list, pass, &passing);
}
