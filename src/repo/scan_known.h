/*
 * repo/scan_known.h - folders that are as they were are not listed again
 *
 * K1. A folder that was listed is noted with its stat data from before. It was
 *     changed long enough before the scan began that each change since then
 *     shows (as in repo/index_stat.h).
 * K2. Only what is not tracked is noted, and a hash of what is: the index says
 *     which names those are. So a folder whose tracked names are others by now
 *     is listed, and one in which something tracked was missing is not noted.
 * K3. Ignore rules are applied anew each time: nothing depends on them.
 * K4. A folder on a file system that does not tell, or from a time that is
 *     still to come, is listed.
 */
#ifndef REPO_SCAN_KNOWN_H
#define REPO_SCAN_KNOWN_H

#include "base/dir.h"
#include "repo/scan.h"
#include "repo/untracked_cache.h"

struct scan;
struct scan_worker;

/* Zero: every folder is listed, and none noted. */
struct scan_known {
    bool is_used;
    bool is_kept;       /* what is found will be written */
    bool is_automatic;  /* the setting is "auto" */
    uint64_t device;    /* of the work tree's top */
    int64_t begun_ns;   /* fs_now_ns() from before anything was listed */
    size_t worker_room; /* bytes that each worker may note */
    struct untracked_cache cache;
    bool *met; /* for each of the cache's folders: it is as it was */
};

/* What one worker noted, and its room to work in. */
struct scan_notes {
    struct buf folders; /* untracked_folder_put() */
    size_t count;
    size_t names;       /* that were listed in them, and they themselves */
    struct buf tracked; /* names of the folder at hand */
};

/* The names in a folder. */
struct scan_listing {
    struct slice names;  /* each: kind, name, NUL */
    bool is_known;       /* `names` are not tracked; all that is was there */
    bool is_noted;       /* to be given to scan_known_note() */
    struct fs_stat stat; /* from before; of those to be noted */
};

/* The index entries from `low` to `high` lie below the folder at `path`. */
struct scan_folder_at {
    const char *path;
    size_t low;
    size_t high;
};

/* With the root open. Errors: INVALID (the setting), NOMEM. */
MUST_USE dits_error *scan_known_open(struct scan *scan, unsigned workers);
void scan_known_release(struct scan_known *known);
void scan_notes_release(struct scan_notes *notes);

/*
 * The names in the folder, without listing it when they are known; what is
 * listed is put into `room`. The worker is in the folder afterwards. DENIED:
 * it cannot be listed.
 */
MUST_USE dits_error *scan_known_list(struct scan_worker *worker,
                                     const struct scan_folder_at *at,
                                     struct buf *room, struct scan_listing *out,
                                     bool *out_found);

/* All that is tracked there was met; `names` are the others. */
MUST_USE dits_error *scan_known_note(struct scan_worker *worker,
                                     const struct scan_folder_at *at,
                                     const struct scan_listing *listing,
                                     struct slice names);

/* Write it, if that is worth while. That it fails is a loss of speed. */
void scan_known_keep(struct scan *scan, const struct scan_worker *workers,
                     unsigned count);

#endif
