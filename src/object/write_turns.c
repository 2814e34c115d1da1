#include "object/write_turns.h"

#include "base/pool.h"

void write_turns_init(struct write_turns *turns, const struct fs_file *file)
{
    *turns = (struct write_turns){.file = file};
    (void)pthread_mutex_init(&turns->mutex, NULL);
    (void)pthread_cond_init(&turns->changed, NULL);
}

void write_turns_release(struct write_turns *turns)
{
    for (size_t i = 0; i < turns->waiting_count; i++)
        buf_release(&turns->waiting[i].bytes);
    for (size_t i = 0; i < turns->spare_count; i++)
        buf_release(&turns->spare[i]);
    (void)pthread_cond_destroy(&turns->changed);
    (void)pthread_mutex_destroy(&turns->mutex);
}

/*
 * Leave the bytes with the thread that writes; false when nobody does, and it
 * is this thread's turn.
 */
static bool leave(struct write_turns *turns, uint64_t offset, struct buf *bytes)
{
    POOL_LOCKED(&turns->mutex);
    while (turns->is_writing && turns->waiting_count == WRITE_TURNS_WAITING)
        (void)pthread_cond_wait(&turns->changed, &turns->mutex);
    if (!turns->is_writing) {
        turns->is_writing = true;
        return false;
    }
    turns->waiting[turns->waiting_count++] =
        (struct write_piece){offset, MOVE(*bytes)};
    if (turns->spare_count > 0) {
        turns->spare_count--;
        *bytes = MOVE(turns->spare[turns->spare_count]);
    }
    return true;
}

/* A piece that was left; false, and the turn is over, when there is none. */
static bool take(struct write_turns *turns, struct write_piece *out)
{
    POOL_LOCKED(&turns->mutex);
    turns->is_writing = turns->waiting_count > 0;
    if (turns->is_writing) {
        turns->waiting_count--;
        *out = MOVE(turns->waiting[turns->waiting_count]);
    }
    (void)pthread_cond_signal(&turns->changed);
    return turns->is_writing;
}

/* Where there are enough of them, the memory is given back. */
static void spare(struct write_turns *turns, struct buf *bytes)
{
    const size_t most = sizeof(turns->spare) / sizeof(turns->spare[0]);
    POOL_LOCKED(&turns->mutex);
    buf_clear(bytes);
    if (turns->spare_count < most)
        turns->spare[turns->spare_count++] = MOVE(*bytes);
    buf_release(bytes);
}

/* After an error: whoever waits may try, and will hear of it. */
static void end_turn(struct write_turns *turns)
{
    POOL_LOCKED(&turns->mutex);
    turns->is_writing = false;
    (void)pthread_cond_broadcast(&turns->changed);
}

static dits_error *write_piece(const struct write_turns *turns, uint64_t offset,
                               const struct buf *bytes)
{
    return fs_write_at(turns->file, offset, bytes->data, bytes->size);
}

static dits_error *write_all(struct write_turns *turns, uint64_t offset,
                             struct buf *own)
{
    struct write_piece piece = {0};
    dits_error *err = write_piece(turns, offset, own);
    buf_clear(own);
    while (err == NULL && take(turns, &piece)) {
        err = write_piece(turns, piece.offset, &piece.bytes);
        spare(turns, &piece.bytes);
    }
    if (err != NULL)
        end_turn(turns);
    return err;
}

dits_error *write_turns_put(struct write_turns *turns, uint64_t offset,
                            struct buf *bytes)
{
    return leave(turns, offset, bytes) ? NULL : write_all(turns, offset, bytes);
}
