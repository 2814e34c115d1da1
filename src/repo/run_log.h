/*
 * repo/run_log.h - what maintenance has done, and when
 *
 * A row of meta.db for each run. It is written when the run begins, so that one
 * that was killed is known: it never ended. The newest hundred of each kind
 * stay.
 */
#ifndef REPO_RUN_LOG_H
#define REPO_RUN_LOG_H

#include "repo/repo.h"

/* Zero is empty. */
struct run_record {
    uint64_t id;
    int64_t started;   /* seconds since 1970 */
    int64_t ended;     /* 0: it did not, or goes on */
    int64_t operation; /* the newest one when it began */
    uint64_t items;
    uint64_t bytes;
    char *error; /* owned; NULL: none */
};

void run_record_release(struct run_record *record);

/* `kind` is a constant: "gc" … */
MUST_USE dits_error *run_log_begin(dits_repo *repo, const char *kind,
                                   uint64_t *out_id);

/*
 * Takes `failure` (NULL: it went well) and hands it back once it is noted; else
 * the answer is what went wrong with that.
 */
MUST_USE dits_error *run_log_end(dits_repo *repo, uint64_t id, uint64_t items,
                                 uint64_t bytes, dits_error *failure);

/* The newest one of that kind. Absence is an answer. */
MUST_USE dits_error *run_log_last(dits_repo *repo, const char *kind,
                                  struct run_record *out, bool *out_found);

/* How many operations there were since the newest run that ended well. */
MUST_USE dits_error *run_log_operations_since(dits_repo *repo, const char *kind,
                                              uint64_t *out);

#endif
