#include "object/write_turns.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pool.h"
#include "support/test.h"

enum { PIECES = 2000, PIECE = 4096, THREADS = 4 };

struct shared {
    char path[64];
    struct fs_file file;
    struct write_turns turns;
    atomic_uint next;
};

static dits_error *shared_make(struct shared *shared)
{
    (void)snprintf(shared->path, sizeof(shared->path), "/tmp/dits-turns-%ld",
                   (long)getpid());
    TRY(fs_open(shared->path, FS_CREATE_NEW, &shared->file));
    write_turns_init(&shared->turns, &shared->file);
    return NULL;
}

static void shared_release(struct shared *shared)
{
    write_turns_release(&shared->turns);
    fs_close(&shared->file);
    (void)unlink(shared->path);
}

/* Any piece differs from any other, and sizes differ, too. */
static size_t size_of(unsigned piece)
{
    return PIECE - piece % 7;
}

static uint8_t byte_of(unsigned piece, size_t at)
{
    return (uint8_t)(piece * 31 + piece / 256 + at);
}

static dits_error *write_pieces(unsigned worker, void *payload)
{
    (void)worker;
    struct shared *shared = payload;
    CLEANUP(buf_release) struct buf bytes = {0};
    for (;;) {
        unsigned piece = atomic_fetch_add(&shared->next, 1);
        void *room = NULL;
        if (piece >= PIECES)
            return NULL;
        if (bytes.size != 0)
            return error_new(DITS_E_INVALID, "a buffer that is not empty");
        TRY(buf_extend(&bytes, size_of(piece), &room));
        for (size_t i = 0; i < bytes.size; i++)
            bytes.data[i] = byte_of(piece, i);
        TRY(write_turns_put(&shared->turns, (uint64_t)piece * PIECE, &bytes));
    }
}

static bool holds(const struct shared *shared, unsigned piece)
{
    uint8_t bytes[PIECE] = {0};
    dits_error *err = fs_read_at(&shared->file, (uint64_t)piece * PIECE,
                                 size_of(piece), bytes);
    bool is_good = err == NULL;
    for (size_t i = 0; is_good && i < size_of(piece); i++)
        is_good = bytes[i] == byte_of(piece, i);
    dits_error_free(err);
    return is_good;
}

TEST(every_piece_of_every_thread_is_written)
{
    CLEANUP(shared_release) struct shared shared = {0};
    CHECK_OK(shared_make(&shared));
    CHECK_OK(pool_run(THREADS, write_pieces, &shared));
    for (unsigned piece = 0; piece < PIECES; piece++)
        CHECK(holds(&shared, piece));
}

TEST(what_was_left_is_written_by_whoever_writes)
{
    CLEANUP(shared_release) struct shared shared = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    char seen[2] = {0};
    CHECK_OK(shared_make(&shared));
    shared.turns.is_writing = true;
    CHECK_OK(buf_put(&bytes, "b", 1));
    CHECK_OK(write_turns_put(&shared.turns, 1, &bytes));
    CHECK(bytes.size == 0 && shared.turns.waiting_count == 1);
    shared.turns.is_writing = false;
    CHECK_OK(buf_put(&bytes, "a", 1));
    CHECK_OK(write_turns_put(&shared.turns, 0, &bytes));
    CHECK(shared.turns.waiting_count == 0 && shared.turns.spare_count == 1);
    CHECK_OK(fs_read_at(&shared.file, 0, 2, seen));
    CHECK(seen[0] == 'a' && seen[1] == 'b');
}

/* Nobody is left waiting for a thread that has failed. */
TEST(a_failure_ends_every_thread)
{
    CLEANUP(shared_release) struct shared shared = {0};
    CHECK_OK(shared_make(&shared));
    fs_close(&shared.file);
    CHECK_OK(fs_open(shared.path, FS_READ, &shared.file));
    CHECK_FAILS(DITS_E_IO, pool_run(THREADS, write_pieces, &shared));
}
