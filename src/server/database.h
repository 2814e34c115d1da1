/*
 * server/database.h - the tables of ditsd.db
 *
 * Specified in docs/formats/ditsd-db.md. One file in the served folder, one
 * for each site: what belongs to another tenant is in another file. Who owns
 * which table: account.c accounts, password.c passwords, tokens.c tokens,
 * token_versions and token_repositories, repository.c repositories and roles,
 * rule.c rules, audit.c audit,
 * setup.c setup.
 */
#ifndef SERVER_DATABASE_H
#define SERVER_DATABASE_H

#include "db/db.h"

/*
 * Open ditsd.db in `folder`, bringing its tables up to date. With DB_CREATE it
 * is made when missing, for its owner's eyes alone.
 */
MUST_USE dits_error *server_database_open(const char *folder, enum db_open how,
                                          struct db **out);

#endif
