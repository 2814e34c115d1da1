/*
 * tests/unit/support/temp_store.h - a store that is being written to
 */
#ifndef SUPPORT_TEMP_STORE_H
#define SUPPORT_TEMP_STORE_H

#include "support/store_fixture.h"

struct temp_store {
    struct store_fixture fixture;
    struct store *store; /* that of the fixture */
    struct store_writer *writer;
};

/* Call CHECK_OK() on it: everything is removed by the release. */
MUST_USE dits_error *temp_store_open(struct temp_store *out);
void temp_store_release(struct temp_store *temp);

/* What was put becomes readable; the writer stays open. */
MUST_USE dits_error *temp_store_publish(struct temp_store *temp);

#endif
