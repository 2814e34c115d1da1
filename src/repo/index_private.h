/*
 * repo/index_private.h - what the parts of the index share
 *
 * index.c keeps the entries, index_load.c and index_save.c the files. Nobody
 * else includes this.
 */
#ifndef REPO_INDEX_PRIVATE_H
#define REPO_INDEX_PRIVATE_H

#include "repo/index.h"
#include "repo/index_table.h"

#define INDEX_NAME "index"
#define INDEX_OLD_NAME "index.old"
#define INDEX_JOURNAL_NAME "index.journal"

struct index {
    dits_repo *repo;           /* borrowed; NULL in tests of memory alone */
    struct index_table *table; /* settles itself, also for readers */
    struct dits_oid tree;
    uint64_t generation; /* of the file read; 0: there was none */
    uint64_t operation;

    const uint8_t *map; /* the file; paths point into it */
    size_t map_size;
    struct fs_stat stat; /* of the file */

    /* The part of the journal that belongs to the file: 0 when none does. */
    uint64_t journal_size;
    uint64_t journal_checksum;

    /* Paths changed since, unsorted, perhaps twice; owned by the table. */
    const char **changed;
    size_t changed_count;
    size_t changed_capacity;
    bool is_changed;
    bool is_old;       /* read from a former version of the format */
    bool is_whole_new; /* too much changed to list, or nothing to build on */
};

MUST_USE dits_error *index_new(dits_repo *repo, struct index **out);

/* Read the files, or put together what damage has left (index_recover.c). */
MUST_USE dits_error *index_load(struct index *index);

/* Fill from what is known otherwise, after `damage`, which is taken over. */
MUST_USE dits_error *index_recover(struct index *index, dits_error *damage);

/* Whether the entries are what the newest operation has left. */
MUST_USE dits_error *index_is_current(const struct index *index, bool *out);

/* Apply a journal's bytes; stops at what a crash has torn. */
MUST_USE dits_error *index_apply_journal(struct index *index, struct slice data,
                                         uint64_t *out_generation);

/* Whether both would give the same tree. */
bool index_is_same_content(const struct index_entry *a,
                           const struct index_entry *b);

/* Back to nothing read. */
void index_reset(struct index *index);

/* The path of one of the files above; free with mem_free(). */
MUST_USE dits_error *index_file_path(const struct index *index,
                                     const char *name, char **out);

#endif
