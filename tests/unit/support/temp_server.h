/*
 * tests/unit/support/temp_server.h - the database of a server, in a folder of
 * its own
 */
#ifndef SUPPORT_TEMP_SERVER_H
#define SUPPORT_TEMP_SERVER_H

#include "server/account.h"

#define TEMP_SERVER_NOW 1800000000

struct temp_server {
    char folder[64];
    struct db *db;
};

/* Call CHECK_OK() on it: everything is removed by the release. */
MUST_USE dits_error *temp_server_make(struct temp_server *out);
void temp_server_release(struct temp_server *temp);

/* An account of a person. */
MUST_USE dits_error *temp_server_account(struct temp_server *temp,
                                         const char *name, struct account *out);

#endif
