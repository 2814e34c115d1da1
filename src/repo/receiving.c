#include "repo/receiving.h"

#include "store/pack_format.h"

enum { COMMIT_BYTES = 256 * 1024 * 1024 };

dits_error *receiving_begin(dits_repo *repo, const char *task,
                            struct receiving *out)
{
    *out = (struct receiving){.repo = repo};
    TRY(store_writer_begin(repo->store, &out->writer));
    if (task != NULL)
        progress_begin(&out->progress, repo->context, task, 0, 0);
    return NULL;
}

void receiving_release(struct receiving *receiving)
{
    progress_end(&receiving->progress);
    buf_release(&receiving->plain);
    store_writer_freep(&receiving->writer);
}

/* What is here is here whole: reading it checks it and heals it. */
static dits_error *lacks(const struct dits_oid *ids, size_t count, bool *out,
                         void *payload)
{
    struct receiving *receiving = payload;
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        TRY(store_writer_find(receiving->writer, &ids[i], &found));
        out[i] = !found;
    }
    receiving->chunks += count;
    return NULL;
}

static dits_error *take(const struct frame *frame, const void *stored,
                        void *payload)
{
    struct receiving *receiving = payload;
    TRY(frame_check(frame));
    TRY(frame_verify(frame, stored, &receiving->plain));
    TRY(store_writer_put_frame(receiving->writer, frame, stored));
    receiving->new_chunks++;
    receiving->new_bytes += frame->plain_size;
    receiving->stored_bytes += frame->stored_size;
    receiving->waiting += frame_span(frame);
    progress_add(&receiving->progress, frame->stored_size, 0, NULL);
    return receiving->waiting < COMMIT_BYTES ? NULL
                                             : receiving_commit(receiving);
}

static dits_error *read(enum chunk_kind kind, const struct dits_oid *id,
                        struct buf *out, void *payload)
{
    struct receiving *receiving = payload;
    return store_writer_read(receiving->writer, kind, id, out);
}

struct transport_sink receiving_sink(struct receiving *receiving)
{
    return (struct transport_sink){
        .lacks = lacks, .take = take, .read = read, .payload = receiving};
}

dits_error *receiving_commit(struct receiving *receiving)
{
    receiving->waiting = 0;
    return store_writer_commit(receiving->writer);
}
