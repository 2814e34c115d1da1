/*
 * tests/unit/support/temp_store.h - a store in a folder of its own
 */
#ifndef SUPPORT_TEMP_STORE_H
#define SUPPORT_TEMP_STORE_H

#include "store/store.h"

struct temp_store {
    char path[64];
    dits_context *context;
    struct store *store;
    struct store_writer *writer;
};

MUST_USE dits_error *temp_store_open(struct temp_store *out);

/* What was put becomes readable; the writer stays open. */
MUST_USE dits_error *temp_store_publish(struct temp_store *temp);

/* Removes the folder with all that is in it. */
void temp_store_release(struct temp_store *temp);

/* `size` bytes that are the same for the same seed and look random. */
void temp_bytes(uint64_t seed, void *out, size_t size);

#endif
