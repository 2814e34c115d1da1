/*
 * dits/maintenance.h - checking, cleaning and measuring a repository
 */
#ifndef DITS_MAINTENANCE_H
#define DITS_MAINTENANCE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

enum dits_fsck_level {
    DITS_FSCK_NOTE = 0,     /* garbage, leftovers: harmless */
    DITS_FSCK_DAMAGE = 1,   /* something is damaged or missing */
    DITS_FSCK_REPAIRED = 2, /* was damaged, is whole again */
};

/* Borrowed for the call. */
struct dits_fsck_finding {
    enum dits_fsck_level level;
    const char *what; /* one line: "chunk ab12… of pack cd34… is damaged" */
    const char *object; /* hex id or file, or NULL */
    const char *path;   /* of a file that it touches, or NULL */
    const char *commit; /* hex id of a commit that it touches, or NULL */
};

typedef dits_error *dits_fsck_fn(const struct dits_fsck_finding *finding,
                                 void *payload);

struct dits_fsck_options {
    bool full;   /* read and verify every byte */
    bool repair; /* restore all that can be restored */
    dits_fsck_fn *on_finding;
    void *payload;
};

struct dits_fsck_result {
    uint64_t commits;
    uint64_t files; /* assets */
    uint64_t chunks;
    uint64_t bytes; /* verified */
    uint64_t damaged;
    uint64_t repaired;
    uint64_t garbage_chunks;
    uint64_t garbage_bytes;
    uint64_t offline_packs; /* on disks that are away: not checked */
};

/* Damage is a finding, not an error. */
DITS_API DITS_MUST_USE dits_error *dits_fsck(
    dits_repo *repo, const struct dits_fsck_options *options,
    struct dits_fsck_result *out);

/*
 * Make the database of the repository that `path` lies in anew when it is
 * damaged or gone: branches, tags and HEAD from the copy that is kept beside
 * it, what is staged from the index, and a branch "recovered/…" for each line
 * of commits that is stored but that nothing leads to. The reflog and the log
 * of operations begin anew; the damaged files stay in .dits. Call it before
 * dits_repo_open(), which cannot open such a repository.
 *
 * `out_rescued` (NULL allowed): false when there was nothing to do. `fn` (NULL
 * allowed) is told of each ref. Errors: NOT_FOUND (no repository), LOCKED.
 */
DITS_API DITS_MUST_USE dits_error *dits_repo_rescue(const dits_context *context,
                                                    const char *path,
                                                    dits_fsck_fn *fn,
                                                    void *payload,
                                                    bool *out_rescued);

struct dits_gc_options {
    bool dry_run;
    const char *prune; /* age of garbage to remove: dits_date_parse(), "now";
                          NULL: gc.prune, or two weeks */
};

struct dits_gc_result {
    uint64_t live_chunks;
    uint64_t live_bytes; /* stored */
    uint64_t removed_chunks;
    uint64_t removed_bytes; /* stored */
    uint64_t packs_before;
    uint64_t packs_after;
    bool resumed; /* went on with a run that was cut off */
    uint64_t
        offline_packs; /* with garbage, on disks that are away: they stay */
};

/* Errors: LOCKED while another command writes, CORRUPT, CANCELLED. */
DITS_API DITS_MUST_USE dits_error *dits_gc(
    dits_repo *repo, const struct dits_gc_options *options,
    struct dits_gc_result *out);

/* A chunk that goes. Borrowed for the call. */
struct dits_garbage {
    struct dits_oid id;
    const char *kind; /* "data", "asset", "list", "tree", "commit", "tag" */
    uint32_t size;    /* bytes, unpacked */
};

typedef dits_error *dits_garbage_fn(const struct dits_garbage *garbage,
                                    void *payload);

struct dits_prune_options {
    bool dry_run;
    const char *expire;          /* as `prune` of dits_gc_options */
    dits_garbage_fn *on_garbage; /* or NULL */
    void *payload;
};

/*
 * Like dits_gc(), but the reflog and operations do not expire, and packs are
 * written anew for a single chunk of garbage. Errors: those of dits_gc().
 */
DITS_API DITS_MUST_USE dits_error *dits_prune(
    dits_repo *repo, const struct dits_prune_options *options,
    struct dits_gc_result *out);

struct dits_repack_options {
    bool all; /* also packs that are large */
    bool dry_run;
    uint64_t max_size; /* of a pack, about; 0: as large as can be */
};

struct dits_repack_result {
    uint64_t packs_before;
    uint64_t packs_after;
    uint64_t bytes_before; /* of all packs */
    uint64_t bytes_after;
    uint64_t merged; /* packs that were, or would be, written anew */
    uint64_t merged_bytes;
    uint64_t damaged; /* packs that stay: 'dits fsck --repair' */
};

/*
 * Write many packs anew as few. Killed, it leaves at worst some chunks twice.
 * Errors: LOCKED, CANCELLED, LIMIT (no room for a pack more).
 */
DITS_API DITS_MUST_USE dits_error *dits_repack(
    dits_repo *repo, const struct dits_repack_options *options,
    struct dits_repack_result *out);

enum dits_run_state {
    DITS_RUN_NEVER = 0,
    DITS_RUN_GOES_ON = 1,
    DITS_RUN_DONE = 2,
    DITS_RUN_FAILED = 3,
    DITS_RUN_CUT_OFF = 4, /* its process died */
};

/* The newest gc. Release with dits_gc_status_release(). */
struct dits_gc_status {
    enum dits_run_state state;
    int64_t started; /* seconds since 1970 */
    int64_t ended;   /* 0: not yet, or never */
    uint64_t removed_chunks;
    uint64_t removed_bytes;
    char *error;              /* why it failed, or NULL */
    uint64_t operations;      /* since the newest gc that ended well */
    uint64_t auto_operations; /* gc.auto: it is due after so many; 0: never */
};

DITS_API DITS_MUST_USE dits_error *dits_gc_status_get(
    dits_repo *repo, struct dits_gc_status *out);
DITS_API void dits_gc_status_release(struct dits_gc_status *status);

struct dits_scrub_options {
    uint64_t bytes_per_second; /* at most; 0: as fast as it goes */
    uint64_t max_seconds;      /* then stop; 0: at the end of the round */
    bool if_due; /* do nothing before maintenance.verifyInterval is over */
    dits_fsck_fn *on_finding; /* or NULL */
    void *payload;
};

struct dits_scrub_result {
    bool was_due;
    bool ended;     /* the round over all packs is complete */
    uint64_t packs; /* of this run */
    uint64_t chunks;
    uint64_t bytes;
    uint64_t damages;
    uint64_t lost;    /* of what is needed, not mended */
    uint64_t offline; /* packs on disks that are away: not read */
};

/*
 * Read every byte of every pack, from where the last scrub stopped to the end
 * of the round; the next one begins anew. Damaged chunks go to quarantine and
 * are mended as by dits_fsck() with `repair`. Writers and readers go on.
 *
 * Errors: LOCKED (another one is at work), CANCELLED. What was read is kept.
 */
DITS_API DITS_MUST_USE dits_error *dits_scrub(
    dits_repo *repo, const struct dits_scrub_options *options,
    struct dits_scrub_result *out);

struct dits_scrub_status {
    bool at_work;
    bool is_due;
    uint64_t rounds;     /* that have ended */
    int64_t started;     /* of the round that goes on; 0: none does */
    int64_t ended;       /* of the last round; 0: none has */
    uint64_t done_bytes; /* of the round that goes on */
    uint64_t total_bytes;
    uint64_t damages;
    uint64_t last_damages; /* of the last round */
};

DITS_API DITS_MUST_USE dits_error *dits_scrub_status_get(
    dits_repo *repo, struct dits_scrub_status *out);

#define DITS_STATS_BUCKETS 25 /* by power of two: 1 byte to 16 MiB */

struct dits_stats {
    uint64_t commits;
    uint64_t files;          /* versions of files, over all history */
    uint64_t distinct_files; /* assets */
    uint64_t logical_bytes;  /* of all file versions, as if kept whole */
    uint64_t distinct_bytes; /* of all assets, once each */
    uint64_t chunk_bytes;    /* plain bytes of all data chunks, once each */
    uint64_t stored_bytes;   /* of all packs and indexes on disk */
    uint64_t packs;
    uint64_t tier_packs; /* and those in tiers (dits/tier.h) */
    uint64_t tier_bytes;
    uint64_t chunks[6]; /* by kind: data, asset, list, tree, commit, tag */
    uint64_t chunk_kind_bytes[6];           /* stored */
    uint64_t histogram[DITS_STATS_BUCKETS]; /* data chunks by size */
};

DITS_API DITS_MUST_USE dits_error *dits_stats_get(dits_repo *repo,
                                                  struct dits_stats *out);

/* What was stored, and how much room the disk had, at a time. */
struct dits_sample {
    int64_t time;          /* seconds since 1970 */
    uint64_t stored_bytes; /* of all packs and indexes */
    uint64_t free_bytes;   /* on their disk */
    uint64_t total_bytes;  /* of the disk: in use and free */
};

typedef dits_error *dits_sample_fn(const struct dits_sample *sample,
                                   void *payload);

/* Oldest first: one an hour at most for a week, one a day for three years. */
DITS_API DITS_MUST_USE dits_error *dits_sample_each(dits_repo *repo,
                                                    dits_sample_fn *fn,
                                                    void *payload);

/* Bytes a day, by least squares and by the median of all pairs. */
struct dits_growth {
    uint32_t days;    /* of the window that ends now */
    uint64_t samples; /* in it; the figures are 0 for fewer than two */
    double stored_linear;
    double stored_robust;
    double used_linear; /* of the disk: by whomever */
    double used_robust;
    double days_left; /* until the disk is full, robust; negative: never */
};

#define DITS_GROWTH_WINDOWS 4 /* 1, 7, 30 and 365 days */
#define DITS_FORECAST_WARN_DAYS 7

struct dits_forecast {
    struct dits_sample now;
    struct dits_growth growth[DITS_GROWTH_WINDOWS];
    double days_left; /* of the window that says most; negative: never */
    uint32_t days;    /* that window; 0: there are too few samples */
    bool is_short;    /* DITS_FORECAST_WARN_DAYS or less */
};

/* Takes a sample, too. */
DITS_API DITS_MUST_USE dits_error *dits_forecast_get(dits_repo *repo,
                                                     struct dits_forecast *out);

/* Content that goes. Borrowed for the call. */
struct dits_obliterated {
    struct dits_oid asset;
    struct dits_oid content; /* BLAKE3 of the file */
    uint64_t size;
};

typedef dits_error *dits_obliterated_fn(
    const struct dits_obliterated *obliterated, void *payload);

struct dits_obliterate_options {
    struct dits_paths paths; /* every version of these files; not patterns */
    const char *asset;       /* the start of an id, or NULL */
    const char *content;     /* 64 hex digits, or NULL */
    const char *reason;      /* kept for ever, or NULL */
    bool dry_run;
    dits_obliterated_fn *on_asset; /* or NULL */
    void *payload;
};

struct dits_obliterate_result {
    uint64_t assets;
    uint64_t chunks; /* that go */
    uint64_t bytes;
    uint64_t kept_chunks; /* that other files need, too */
    uint64_t kept_bytes;
};

/*
 * Remove content from all history, for ever: commits keep their ids, and who
 * reads it is told DITS_E_GONE, with time, name and reason. What is known of
 * the files stays: names, sizes, hashes, media facts. Files of the work tree
 * are left alone. Nothing takes it back.
 *
 * Errors: NOT_FOUND, LOCKED, CONFLICT (one that was cut off comes first),
 * CORRUPT (a damaged pack holds what is to go: it is not done).
 */
DITS_API DITS_MUST_USE dits_error *dits_obliterate(
    dits_repo *repo, const struct dits_obliterate_options *options,
    struct dits_obliterate_result *out);

/* Go on with what was cut off; nothing, if nothing was. */
DITS_API DITS_MUST_USE dits_error *dits_obliterate_continue(
    dits_repo *repo, struct dits_obliterate_result *out);

DITS_END_DECLS

#endif
