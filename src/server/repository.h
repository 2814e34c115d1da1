/*
 * server/repository.h - the repositories of a server, and roles in them
 *
 * Each lies in the folder "repos/NAME" of the served folder. As in
 * server/account.h, changes are made inside a transaction.
 */
#ifndef SERVER_REPOSITORY_H
#define SERVER_REPOSITORY_H

#include "server/access.h"
#include "server/name.h"

struct repository {
    struct server_id id;
    char name[SERVER_NAME_SIZE];
    int64_t made;
};

/* Make its row; what it names is made by the caller. INVALID, EXISTS. */
MUST_USE dits_error *repository_create(struct db *db, const char *name,
                                       int64_t now, struct repository *out);

/* Names differ in more than capital letters. */
MUST_USE dits_error *repository_find(struct db *db, const char *name,
                                     struct repository *out, bool *out_found);

/* The same; NOT_FOUND with a hint. */
MUST_USE dits_error *repository_need(struct db *db, const char *name,
                                     struct repository *out);

/* Forget it, with all roles and rules; the folder stays. */
MUST_USE dits_error *repository_remove(struct db *db,
                                       const struct server_id *id);

/* By name, in order. */
typedef dits_error *repository_fn(const struct repository *repository,
                                  void *payload);
MUST_USE dits_error *repository_each(struct db *db, repository_fn *fn,
                                     void *payload);

/*
 * Its folder; free with mem_free(). INVALID where a symlink stands in its
 * place: what is served lies inside the served folder.
 */
MUST_USE dits_error *repository_folder(const char *root, const char *name,
                                       char **out);

/* ROLE_NONE takes it away. */
MUST_USE dits_error *role_set(struct db *db, const struct server_id *repository,
                              const struct server_id *account,
                              enum access_role role);
MUST_USE dits_error *role_get(struct db *db, const struct server_id *repository,
                              const struct server_id *account,
                              enum access_role *out);

/* The roles of an account, by the names of repositories. */
typedef dits_error *role_fn(const char *repository, enum access_role role,
                            void *payload);
MUST_USE dits_error *role_each(struct db *db, const struct server_id *account,
                               role_fn *fn, void *payload);

#endif
