/*
 * repo/fsck.h - what the parts of a check share
 *
 * fsck.c runs the phases; fsck_packs.c checks the packs; fsck_graph.c goes
 * from the roots to the chunks, and fsck_shallow.c knows where that ends;
 * fsck_repair.c brings back what it can.
 */
#ifndef REPO_FSCK_H
#define REPO_FSCK_H

#include <dits/maintenance.h>

#include "base/oid_map.h"
#include "base/progress.h"
#include "object/commit.h"
#include "object/tree.h"
#include "repo/id_set.h"
#include "repo/repo.h"

/* A damaged or missing object. */
struct fsck_damage {
    struct dits_oid id;
    enum chunk_kind kind;
    char *pack;    /* owned; NULL: it is in none, as far as we know */
    bool is_found; /* the graph led to it */
};

/* A pack that is damaged where no chunk is: its indexes, its ends. */
struct fsck_pack {
    char *name; /* owned */
    char *what; /* owned */
    uint64_t offset;
};

/* A file that is not whole. */
struct fsck_need {
    struct dits_oid asset;
    char *path; /* owned; one of its paths, or "" */
};

struct fsck {
    dits_repo *repo;
    const struct dits_fsck_options *options;
    struct dits_fsck_result result;
    uint64_t obliterated; /* chunks that were removed on purpose */

    struct id_set seen;    /* objects and chunks that were checked */
    struct id_set bad;     /* of those, what is not whole */
    struct id_set damaged; /* ids in `damages` */
    struct fsck_damage *damages;
    size_t damage_count;
    size_t damage_capacity;
    struct fsck_pack *packs;
    size_t pack_count;
    size_t pack_capacity;
    struct fsck_need *needs;
    size_t need_count;
    size_t need_capacity;

    struct oid_map cuts; /* commits whose parents are not here, as found */
    bool guesses_cuts;   /* the boundary cannot be read */
    bool has_idle_cuts;  /* it names commits that are not stored */

    struct progress progress; /* of the graph */

    /* Where the graph is. */
    struct dits_oid commit; /* zero: not in a commit */
    struct buf path;
};

void fsck_release(struct fsck *fsck);

/* Tell of something. `object` (NULL allowed) is an id. */
MUST_USE dits_error *fsck_report(struct fsck *fsck, enum dits_fsck_level level,
                                 const struct dits_oid *object,
                                 const char *what, ...) PRINTF_LIKE(4, 5);

/* Remember a damage. `pack` (NULL allowed) is copied. */
MUST_USE dits_error *fsck_add_damage(struct fsck *fsck,
                                     const struct dits_oid *id,
                                     enum chunk_kind kind, const char *pack);

/* Remember a damage of a pack; the texts are copied. */
MUST_USE dits_error *fsck_add_pack(struct fsck *fsck, const char *name,
                                   const char *what, uint64_t offset);

/* Remember that the asset, at the path where the graph is, is not whole. */
MUST_USE dits_error *fsck_add_need(struct fsck *fsck,
                                   const struct dits_oid *asset);

/* The first damage with this id, or NULL. */
struct fsck_damage *fsck_find_damage(const struct fsck *fsck,
                                     const struct dits_oid *id);

/*
 * Whether `err` is about stored bytes, so that the check goes on after it.
 * Other errors end the check.
 */
bool fsck_is_damage(const dits_error *err);

/* Check the packs; `full` reads every byte. What is found is remembered. */
MUST_USE dits_error *fsck_packs(struct fsck *fsck, bool full);

/* From the roots to the chunks; reports damage with path and commit. */
MUST_USE dits_error *fsck_graph(struct fsck *fsck);

/* Before the graph: read the boundary, or guess it from what is missing. */
MUST_USE dits_error *fsck_shallow_open(struct fsck *fsck);

/* Whether the commit where the graph is was cut from its parents. */
MUST_USE dits_error *fsck_shallow_commit(struct fsck *fsck,
                                         const struct commit *commit,
                                         bool *out_is_cut);

/* After the graph: report on it; and write it anew. */
MUST_USE dits_error *fsck_shallow_close(struct fsck *fsck);
MUST_USE dits_error *fsck_shallow_repair(struct fsck *fsck);

/* Bring back what can be brought back, and report it. */
MUST_USE dits_error *fsck_repair(struct fsck *fsck);

#endif
