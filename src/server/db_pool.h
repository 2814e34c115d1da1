/*
 * server/db_pool.h - open handles of ditsd.db
 *
 * A handle is used by one thread at a time, and opening one costs more than
 * most requests. Any thread; there are as many as were ever used at once.
 */
#ifndef SERVER_DB_POOL_H
#define SERVER_DB_POOL_H

#include "db/db.h"

struct db_pool;

/* `folder` has its ditsd.db already. */
MUST_USE dits_error *db_pool_new(const char *folder, struct db_pool **out);

/* All handles were given back. */
void db_pool_free(struct db_pool *pool);

MUST_USE dits_error *db_pool_take(struct db_pool *pool, struct db **out);

/* NULL is allowed. */
void db_pool_give(struct db_pool *pool, struct db *db);

#endif
