/*
 * repo/status_watch.h - a status that looks only at what changed
 *
 * While a watcher runs (repo/watcher.h) the findings of a scan are kept with
 * the moment before it. The next one looks at what the watcher has seen since,
 * at what was staged since, and at what was found: nothing else can have
 * changed. Where anything is in doubt all is looked at.
 */
#ifndef REPO_STATUS_WATCH_H
#define REPO_STATUS_WATCH_H

#include <dits/worktree.h>

#include "repo/scan.h"
#include "repo/status_cache.h"

/* Zero: all is looked at, and nothing is kept. Before the index is read. */
struct status_watch {
    bool is_kept;  /* the findings will be kept */
    bool is_known; /* `paths` and `cache` are all that needs to be looked at */
    bool is_same;  /* nothing changed: the findings are those of `cache` */
    struct watcher_token token;
    struct dits_oid rules;
    struct index_mark index; /* with `is_known`: as it was then */
    struct status_cache cache;
    char **paths; /* that changed */
    size_t path_count;
    size_t path_capacity;

    const char **starts; /* of a scan */
    size_t start_count;
};

void status_watch_release(struct status_watch *watch);

/* What the watcher and the kept findings say. No watcher: zero. */
MUST_USE dits_error *status_watch_ask(dits_repo *repo,
                                      const struct dits_status_options *options,
                                      bool is_whole, struct status_watch *out);

/* With `is_same`: the findings as they were. */
MUST_USE dits_error *status_watch_recall(const struct status_watch *watch,
                                         struct scan_result *out);

/* Narrow a scan of everything to what has to be looked at; all has to be, when
 * `index` is not as it was when the watcher was asked. */
MUST_USE dits_error *status_watch_narrow(struct status_watch *watch,
                                         const struct index *index,
                                         struct scan_options *options);

/* Keep the findings. That it fails is a loss of speed at most. */
void status_watch_keep(const dits_repo *repo, const struct status_watch *watch,
                       const struct index *index,
                       const struct scan_result *found);

/* Leave out what a scan of what is tracked (`index`) does not find. */
void status_watch_hide_untracked(const struct index *index,
                                 struct scan_result *found);

#endif
