/*
 * repo/database.h - the tables of meta.db
 *
 * Specified in docs/formats/meta-db.md. Who owns which table: refs.c refs and
 * head, reflog.c reflog, operation_row.c operations and operation_refs,
 * run_log.c runs.
 */
#ifndef REPO_DATABASE_H
#define REPO_DATABASE_H

#include "db/db.h"

/*
 * Open meta.db in `folder`, bringing its tables up to date. With DB_CREATE it
 * is made when missing, with empty tables.
 */
MUST_USE dits_error *database_open(const char *folder, enum db_open how,
                                   struct db **out);

#endif
