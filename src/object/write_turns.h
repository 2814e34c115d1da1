/*
 * object/write_turns.h - threads that write one file, one of them at a time
 *
 * A file system lets one thread at a time write to a file, and the others would
 * spin until it is their turn. Here they leave what they have with the one that
 * is writing, and go on to read and to hash what comes next.
 */
#ifndef OBJECT_WRITE_TURNS_H
#define OBJECT_WRITE_TURNS_H

#include <pthread.h>

#include "base/buf.h"
#include "base/fs.h"

/* What may be left with the thread that writes. */
enum { WRITE_TURNS_WAITING = 4 };

struct write_piece {
    uint64_t offset;
    struct buf bytes;
};

struct write_turns {
    const struct fs_file *file;

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex: */
    bool is_writing; /* some thread is, and takes what is waiting */
    size_t waiting_count;
    struct write_piece waiting[WRITE_TURNS_WAITING];
    size_t spare_count; /* buffers of pieces that were written */
    struct buf spare[WRITE_TURNS_WAITING + 1];
};

/* `file` is borrowed. */
void write_turns_init(struct write_turns *turns, const struct fs_file *file);

/* No thread uses it any more. What is waiting after an error is dropped. */
void write_turns_release(struct write_turns *turns);

/*
 * Write `bytes`, or leave them with the thread that writes, with another buffer
 * in exchange; it is empty in either case. Once every thread has returned from
 * its last call without an error, all is written. Errors: those of any write
 * that this thread does, of its own pieces or of others'.
 */
MUST_USE dits_error *write_turns_put(struct write_turns *turns, uint64_t offset,
                                     struct buf *bytes);

#endif
