/*
 * repo/scan_private.h - what scan.c (threads) and scan_folder.c share
 *
 * clean_find.c lists folders with a worker of its own.
 */
#ifndef REPO_SCAN_PRIVATE_H
#define REPO_SCAN_PRIVATE_H

#include <pthread.h>

#include "base/dir.h"
#include "repo/scan.h"
#include "repo/scan_known.h"
#include "repo/sparse.h"

/* A folder to read. */
struct scan_job {
    char *path; /* owned; "" is the top */
    size_t low; /* its part of the index */
    size_t high;
    const struct ignore_level *level; /* of the folder above */
    bool is_ignored;                  /* only what is tracked counts below */
};

struct scan {
    dits_repo *repo;
    const struct scan_options *options;
    struct ignore *ignore;
    struct sparse *sparse; /* NULL: whatever is tracked is wanted */
    struct dir root;
    struct scan_known known;

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* guarded by mutex: */
    struct scan_job *jobs; /* taken from the end: depth first */
    size_t job_count;
    size_t job_capacity;
    unsigned working; /* threads with a job in hand */
    bool stopped;
};

/* One thread's results, and its room to work in. */
struct scan_worker {
    struct scan *scan;
    struct dir_place place;
    struct scan_entry *entries;
    size_t count;
    size_t capacity;
    struct buf names; /* of the folder at hand: kind, name, NUL … */
    struct buf loose; /* those that are not tracked, to be noted */
    struct buf path;
    struct scan_notes notes;
    size_t listed; /* folders */
};

/* Takes over the job's path, also on failure. */
MUST_USE dits_error *scan_push(struct scan *scan, const struct scan_job *job);

/* Append a result; `path` is copied. */
MUST_USE dits_error *scan_report(struct scan_worker *worker, const char *path,
                                 const struct scan_entry *entry);

/* Read one folder (scan_folder.c). */
MUST_USE dits_error *scan_folder(struct scan_worker *worker,
                                 const struct scan_job *job);

/* Look at one path that may be anything, as a start of the scan. */
MUST_USE dits_error *scan_start(struct scan_worker *worker, const char *path);

/* The rules that hold in the folder of `path`, and whether one above it is
 * ignored as a whole. */
MUST_USE dits_error *scan_descend(struct scan_worker *worker, const char *path,
                                  struct scan_job *job, bool *out_found);

/* Report every file in a part of the index as missing, if it is wanted. */
MUST_USE dits_error *scan_missing(struct scan_worker *worker, size_t low,
                                  size_t high);

/* What is never tracked nor told of: ".dits" in any case, ".git". */
bool scan_is_own_name(const char *name);

/*
 * The names in the folder at `path`: for each its kind (a byte), itself and a
 * NUL. The worker is in the folder afterwards.
 */
MUST_USE dits_error *scan_list(struct scan_worker *worker, const char *path,
                               struct buf *out, bool *out_found);

/* What lies below an untracked folder. */
struct scan_content {
    bool untracked;
    bool ignored;
    unsigned depth; /* of the folder at hand */
};

/* Look until something untracked is found (scan_probe.c). */
MUST_USE dits_error *scan_probe(struct scan_worker *worker, const char *path,
                                const struct ignore_level *level,
                                struct scan_content *out);

/* First entry of the index at or after `low` that is not below `folder`. */
size_t scan_end_of(const struct index *index, size_t low, const char *folder);

#endif
