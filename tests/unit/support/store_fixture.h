/*
 * tests/unit/support/store_fixture.h - a store in a folder of its own
 */
#ifndef SUPPORT_STORE_FIXTURE_H
#define SUPPORT_STORE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/context.h"
#include "store/store.h"

struct store_fixture {
    bool on_disk; /* set it before making: else in memory, where sync is free */
    dits_context *context;
    char folder[64];
    struct store *store;
    unsigned warnings;
};

/* Call CHECK_OK() on it: everything is removed by the release. */
MUST_USE dits_error *store_fixture_make(struct store_fixture *f);
void store_fixture_release(struct store_fixture *f);

/* Close the store, and open it as another process would. */
MUST_USE dits_error *store_fixture_reopen(struct store_fixture *f);

/* How many files are in this folder of the store. */
size_t store_fixture_count(const struct store_fixture *f, const char *name);

/* Remove the files in this folder of the store. */
MUST_USE dits_error *store_fixture_empty(const struct store_fixture *f,
                                         const char *name);

/* Bytes that look like media: the same for the same seed. */
void fill_random(void *out, size_t size, uint64_t seed);

#endif
