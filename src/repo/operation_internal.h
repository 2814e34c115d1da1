/*
 * repo/operation_internal.h - an operation between its begin and its commit
 *
 * For operation.c, which collects, and operation_publish.c, which writes.
 */
#ifndef REPO_OPERATION_INTERNAL_H
#define REPO_OPERATION_INTERNAL_H

#include "repo/index.h"
#include "repo/operation.h"
#include "repo/operation_life.h"
#include "repo/operation_sparse.h"
#include "repo/request.h"

/* Texts are owned. */
struct ref_change {
    char *name;
    struct dits_oid before;
    struct dits_oid after;
    char *message;
};

struct operation {
    dits_repo *repo;
    const char *kind;
    uint64_t id;
    struct fs_file lock;
    struct index *index;
    struct store_writer *writer;
    struct refs_head head; /* as it was */

    struct ref_change *changes;
    size_t change_count;
    size_t change_capacity;

    bool moves_head;
    char *head_branch; /* full name, or NULL: `head_id` */
    struct dits_oid head_id;
    char *head_message;

    char *log_from;
    char *log_to;

    struct operation_sparse sparse; /* empty: not touched */

    struct dits_oid index_before; /* trees */
    struct dits_oid index_after;
    struct dits_oid tree_before;
    struct dits_oid tree_after;

    struct operation_life life; /* empty: the work tree was there, and stays */
    uint64_t owner;             /* the work tree that it was asked for in */
    bool shares_branches;

    uint64_t undoes;
    bool again;                    /* a redo */
    const struct request *request; /* that this answers; NULL: none */
    const char *answer;

    bool is_announced; /* there is a row of this id already */
    bool is_ahead;     /* another operation is to take it over */
    bool is_published; /* and not all was as it had been */
    bool takes_over;   /* what is staged was changed before it began */
};

/* Refuse what the transaction would refuse, before the index is written. */
MUST_USE dits_error *operation_check(struct operation *operation);

/* The one transaction. The index is saved, the ids are durable. */
MUST_USE dits_error *operation_publish(struct operation *operation);

#endif
