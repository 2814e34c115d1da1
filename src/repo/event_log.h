/*
 * repo/event_log.h - the table of events
 *
 * Public entry: dits/events.h; events.c finds the repository that is meant.
 *
 * An event is written by the transaction that publishes what it tells of, so
 * that neither is ever without the other, and numbers have no gap.
 */
#ifndef REPO_EVENT_LOG_H
#define REPO_EVENT_LOG_H

#include <dits/events.h>

#include "db/db.h"
#include "repo/repo.h"

/* Within the caller's transaction. The number is given here. */
MUST_USE dits_error *event_log_put(dits_repo *repo,
                                   const struct dits_event *event);

/* As dits_events_range(). */
MUST_USE dits_error *event_log_range(dits_repo *repo,
                                     struct dits_event_place *out_oldest,
                                     struct dits_event_place *out_newest);

/* As dits_events_read(), at most `limit` of them. */
MUST_USE dits_error *event_log_read(dits_repo *repo,
                                    struct dits_event_place *place,
                                    uint64_t limit, dits_event_fn *fn,
                                    void *payload, bool *out_lost);

/* Forget those from before that time, but for the newest. */
MUST_USE dits_error *event_log_expire(dits_repo *repo, int64_t before);

/* That it has no gap, and leads to where the refs are. */
MUST_USE dits_error *event_log_check(dits_repo *repo, db_check_fn *fn,
                                     void *payload);

#endif
