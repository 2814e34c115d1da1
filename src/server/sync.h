/*
 * server/sync.h - the calls on repositories, answered by repo/wire_serve.h
 *
 * Who asks is known and may (server/authorize.h). Uploads and keys belong to
 * the account, by its id; the reflog has its name. Any thread.
 */
#ifndef SERVER_SYNC_H
#define SERVER_SYNC_H

#include <dits/context.h>

#include "server/service.h"

struct server_sync;

/* `context` is borrowed. */
MUST_USE dits_error *server_sync_new(const dits_context *context,
                                     struct server_sync **out);

/* Nobody asks any more. NULL is allowed. */
void server_sync_free(struct server_sync *sync);
void server_sync_freep(struct server_sync **sync);

/* As the service takes it; borrowed from `sync`. */
struct service_sync server_sync_calls(struct server_sync *sync);

#endif
