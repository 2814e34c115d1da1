/*
 * dits/tier.h - hot, warm and cold places for what is stored
 *
 * A tier is a folder on another disk that holds packs of a repository. Packs
 * move by policy or by hand, whole, and are read wherever they are. History,
 * folders and the lists of chunks always stay in the repository itself, so all
 * but content works while a disk is away.
 */
#ifndef DITS_TIER_H
#define DITS_TIER_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

#define DITS_TIER_HOT "hot" /* the repository itself */

/*
 * Make `path`, an empty or new folder, a tier behind those that there are.
 * Errors: INVALID (the name), EXISTS (that name; the folder is not empty), IO.
 */
DITS_API DITS_MUST_USE dits_error *dits_tier_add(dits_repo *repo,
                                                 const char *name,
                                                 const char *path);

/*
 * Give a tier up. Its packs must have been moved away: else CONFLICT. Errors:
 * NOT_FOUND, OFFLINE, LOCKED.
 */
DITS_API DITS_MUST_USE dits_error *dits_tier_remove(dits_repo *repo,
                                                    const char *name);

/* Borrowed for the call. */
struct dits_tier_info {
    const char *name; /* "hot" comes first */
    const char *path;
    const char *offline; /* why it is not there, or NULL */
    uint64_t order;
    bool has_policy;
    bool recall; /* what is read from it comes back */
    uint64_t packs;
    uint64_t bytes;
    uint64_t leaving_packs; /* copies that are still to be deleted there */
    uint64_t leaving_bytes;
    uint64_t due_packs; /* that a run would move there now */
    uint64_t due_bytes;
};

typedef dits_error *dits_tier_fn(const struct dits_tier_info *info,
                                 void *payload);

DITS_API DITS_MUST_USE dits_error *dits_tier_each(dits_repo *repo,
                                                  dits_tier_fn *fn,
                                                  void *payload);

/* A pack; when told of a move, `to` is where it goes. Borrowed for the call. */
struct dits_tier_pack {
    const char *name; /* hex */
    const char *tier;
    const char *to; /* NULL: it stays */
    uint64_t bytes;
    int64_t made; /* seconds since 1970 */
    int64_t read; /* its data, as far as is known; else 0 */
};

typedef dits_error *dits_tier_pack_fn(const struct dits_tier_pack *pack,
                                      void *payload);

/* Every pack, by name, with where a run would move it. */
DITS_API DITS_MUST_USE dits_error *dits_tier_pack_each(dits_repo *repo,
                                                       dits_tier_pack_fn *fn,
                                                       void *payload);

struct dits_tier_options {
    bool dry_run;
    uint64_t bytes_per_second;  /* at most; 0: as fast as it goes */
    dits_tier_pack_fn *on_move; /* before a pack is moved; or NULL */
    void *payload;
};

struct dits_tier_result {
    uint64_t packs; /* moved, or to be moved */
    uint64_t bytes;
    uint64_t deleted_packs; /* old copies whose time was over */
    uint64_t deleted_bytes;
    uint64_t damaged; /* packs that stay: 'dits fsck --full --repair' */
    uint64_t offline; /* packs that stay: a disk is away */
};

/*
 * Move what the policies say, delete old copies that nobody reads any more, and
 * clear away what a killed run has left. Readers and writers go on. `options`
 * may be NULL in these three.
 *
 * Errors: LOCKED (a gc or another run is at work), LIMIT (no room), CANCELLED.
 * What was moved stays moved.
 */
DITS_API DITS_MUST_USE dits_error *dits_tier_run(
    dits_repo *repo, const struct dits_tier_options *options,
    struct dits_tier_result *out);

/*
 * Move packs, named by the start of their names (four digits or more), or all
 * that have data, to a tier or to "hot". Errors: also NOT_FOUND, INVALID,
 * OFFLINE, CORRUPT.
 */
DITS_API DITS_MUST_USE dits_error *dits_tier_move(
    dits_repo *repo, const char *to, const struct dits_paths *packs,
    const struct dits_tier_options *options, struct dits_tier_result *out);

/* The same for the packs of a tier alone. */
DITS_API DITS_MUST_USE dits_error *dits_tier_empty(
    dits_repo *repo, const char *name, const struct dits_tier_options *options,
    struct dits_tier_result *out);

/*
 * Bring the content of files back: of the commit, and of `paths` as they are
 * there, or of all its files.
 */
DITS_API DITS_MUST_USE dits_error *dits_tier_recall(
    dits_repo *repo, const struct dits_oid *commit,
    const struct dits_paths *paths, const struct dits_tier_options *options,
    struct dits_tier_result *out);

DITS_END_DECLS

#endif
