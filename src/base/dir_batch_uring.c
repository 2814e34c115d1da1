#include <errno.h>
#include <fcntl.h>
#include <liburing.h>

#include "base/dir_batch.h"
#include "base/mem.h"

enum {
    STEPS = 3, /* of each file: open, read, close */
    /* A call that goes on failing means that the ring is of no more use. */
    TRIES_MAX = 100,
    PATIENCE_S = 1,
    PLACE_ALIGN = 64,
};

struct dir_batch {
    struct io_uring ring;
    uint8_t *memory; /* DIR_BATCH_BYTES, and room to align each file */
    size_t memory_size;
    bool has_ring;
    unsigned in_flight; /* the kernel may write to `memory` while above 0 */
};

static dits_error *begin(struct dir_batch *batch)
{
    batch->memory_size = DIR_BATCH_BYTES + DIR_BATCH_FILES * PLACE_ALIGN;
    batch->memory = mem_map(batch->memory_size);
    if (batch->memory == NULL)
        return error_nomem();
    if (io_uring_queue_init(DIR_BATCH_FILES * STEPS, &batch->ring,
                            IORING_SETUP_SINGLE_ISSUER |
                                IORING_SETUP_DEFER_TASKRUN) != 0)
        return NULL;
    batch->has_ring = true;
    return NULL;
}

dits_error *dir_batch_new(struct dir_batch **out)
{
    struct dir_batch *batch = mem_new(struct dir_batch);
    *out = NULL;
    if (batch == NULL)
        return error_nomem();
    dits_error *err = begin(batch);
    /* Containers often forbid it, and old kernels know only parts of it. */
    if (err != NULL || !batch->has_ring ||
        io_uring_register_files_sparse(&batch->ring, DIR_BATCH_FILES) != 0) {
        dir_batch_free(batch);
        return err;
    }
    *out = batch;
    return NULL;
}

void dir_batch_free(struct dir_batch *batch)
{
    if (batch == NULL)
        return;
    if (batch->has_ring)
        io_uring_queue_exit(&batch->ring);
    /* What the kernel still writes to must not be given to somebody else. */
    if (batch->in_flight == 0)
        mem_unmap(batch->memory, batch->memory_size);
    mem_free(batch);
}

/*
 * Queue the three steps. A failed open cancels the others; a failed or short
 * read must not cancel the close.
 */
static void queue_file(struct dir_batch *batch, const struct dir *dir,
                       const struct dir_batch_file *file, unsigned number,
                       uint8_t *bytes)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&batch->ring);
    io_uring_prep_openat_direct(sqe, dir->handle - 1, file->name,
                                O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, number);
    io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
    io_uring_sqe_set_data64(sqe, DIR_BATCH_FILES);

    sqe = io_uring_get_sqe(&batch->ring);
    io_uring_prep_read(sqe, (int)number, bytes, (unsigned)file->size, 0);
    io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE | IOSQE_IO_HARDLINK);
    io_uring_sqe_set_data64(sqe, number);

    sqe = io_uring_get_sqe(&batch->ring);
    io_uring_prep_close_direct(sqe, number);
    io_uring_sqe_set_data64(sqe, DIR_BATCH_FILES);
}

/* Take what is done. Only reads have a file's number, and tell something. */
static void harvest(struct dir_batch *batch, struct dir_batch_file *files)
{
    struct io_uring_cqe *cqe = NULL;
    unsigned head = 0;
    unsigned done = 0;
    io_uring_for_each_cqe(&batch->ring, head, cqe)
    {
        uint64_t number = io_uring_cqe_get_data64(cqe);
        if (number < DIR_BATCH_FILES &&
            (cqe->res < 0 || (size_t)cqe->res < files[number].size))
            files[number].bytes = NULL;
        done++;
    }
    io_uring_cq_advance(&batch->ring, done);
    batch->in_flight -= done;
}

/*
 * Something that is no regular file may never have bytes for us: what took the
 * place of a file is given up, and so is what only takes long.
 */
static void give_up(struct dir_batch *batch)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&batch->ring);
    if (sqe == NULL)
        return; /* the one before has not been taken yet */
    io_uring_prep_cancel64(sqe, 0,
                           IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
    io_uring_sqe_set_data64(sqe, DIR_BATCH_FILES);
    batch->in_flight++;
}

static dits_error *run(struct dir_batch *batch, struct dir_batch_file *files)
{
    int failed = 0;
    for (unsigned tries = 0; batch->in_flight > 0; tries += failed < 0) {
        struct __kernel_timespec patience = {.tv_sec = PATIENCE_S};
        struct io_uring_cqe *cqe = NULL;
        if (tries == TRIES_MAX)
            return error_errno(-failed, "cannot read a batch of files");
        if (failed == -ETIME)
            give_up(batch);
        failed = io_uring_submit_and_wait_timeout(
            &batch->ring, &cqe, batch->in_flight, &patience, NULL);
        harvest(batch, files);
    }
    return NULL;
}

dits_error *dir_batch_read(struct dir_batch *batch, const struct dir *dir,
                           struct dir_batch_file *files, size_t count)
{
    size_t used = 0;
    if (count > DIR_BATCH_FILES)
        return error_new(DITS_E_INVALID, "a batch of %zu files", count);
    for (size_t i = 0; i < count; i++) {
        if (files[i].size == 0 || files[i].size > DIR_BATCH_BYTES - used)
            return error_new(DITS_E_INVALID, "a batch of too many bytes");
        used += files[i].size;
    }
    uint8_t *at = batch->memory;
    for (size_t i = 0; i < count; i++) {
        files[i].bytes = at;
        queue_file(batch, dir, &files[i], (unsigned)i, at);
        at += (files[i].size + PLACE_ALIGN - 1) / PLACE_ALIGN * PLACE_ALIGN;
    }
    batch->in_flight = (unsigned)count * STEPS;
    return run(batch, files);
}
