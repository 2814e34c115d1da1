/*
 * repo/watcher.h - asking the watcher, if there is one
 *
 * T1. What it answers holds for everything done before it was asked.
 * T2. It is not believed when it watches another folder than ours, or is
 *     somebody else's: then there is none.
 */
#ifndef REPO_WATCHER_H
#define REPO_WATCHER_H

#include <dits/watcher.h>

#include "repo/repo.h"
#include "repo/watcher_wire.h"

#define WATCHER_FOLDER "watcher" /* in .dits */
#define WATCHER_SOCKET "socket"
#define WATCHER_LOCK "watcher.lock"

/* The answer, and the paths that come with it. */
struct watcher_reply {
    struct watcher_answer answer;
    struct buf paths; /* for watcher_paths_parse() */
};

void watcher_reply_release(struct watcher_reply *reply);

/* Absence is an answer: none runs, or none that can be believed. */
MUST_USE dits_error *watcher_ask(const dits_repo *repo,
                                 const struct watcher_request *request,
                                 struct watcher_reply *out, bool *out_found);

#endif
