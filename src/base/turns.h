/*
 * base/turns.h - threads that share numbered pieces of work
 *
 * Each piece is worked on by one thread, many at once; a step that must be
 * done in order waits for its turn:
 *
 *     while (turns_claim(&turns, &piece)) {
 *         read it, in parallel with others
 *         if (!turns_wait(&turns, piece))
 *             return NULL;
 *         the step in order
 *         turns_end(&turns);
 *     }
 *
 * Any thread.
 */
#ifndef BASE_TURNS_H
#define BASE_TURNS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct turns {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex: */
    uint64_t count; /* of all pieces */
    uint64_t next;  /* to be claimed */
    uint64_t turn;  /* whose turn it is */
    bool stopped;
};

void turns_init(struct turns *turns, uint64_t count);
void turns_release(struct turns *turns);

/* The next piece. False when there is none, or all are to stop. */
bool turns_claim(struct turns *turns, uint64_t *out);

/* Wait until all pieces before this one have ended their turn. False: stop. */
bool turns_wait(struct turns *turns, uint64_t piece);
void turns_end(struct turns *turns);

/* After a failure: nobody waits and nobody gets more work. */
void turns_stop(struct turns *turns);

#endif
