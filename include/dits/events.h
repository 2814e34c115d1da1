/*
 * dits/events.h - what happens in a repository, in order
 *
 * Each branch, tag or note that is made, moved or removed is an event. Events
 * of a repository are numbered without gaps, in the order in which they
 * happened, and are written in the same step as what they tell of: whoever
 * remembers the place that it has read to misses nothing and sees nothing
 * twice. Old ones are forgotten (events.expire), never the newest.
 */
#ifndef DITS_EVENTS_H
#define DITS_EVENTS_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Borrowed for the call. */
struct dits_event {
    uint64_t number; /* 1, 2, … */
    int64_t time;    /* seconds since 1970 UTC, by the clock of that side */
    const char *ref; /* full name */
    struct dits_oid before; /* zero: it was made */
    struct dits_oid after;  /* zero: it was removed */
    const char *user;       /* "Name <mail>" or the login */
    const char *message;    /* "commit: first cut"; perhaps empty */
};

typedef dits_error *dits_event_fn(const struct dits_event *event,
                                  void *payload);

/* How far somebody has read. Another log has other bytes in `log`: that of a
 * repository whose database was lost and made anew. */
struct dits_event_place {
    uint8_t log[8];
    uint64_t number; /* of the last event that was read; 0: none */
};

/* "8f14e45fceea167a:17", and back. INVALID. */
enum { DITS_EVENT_PLACE_SIZE = 40 };
DITS_API void dits_event_place_text(const struct dits_event_place *place,
                                    char out[DITS_EVENT_PLACE_SIZE]);
DITS_API DITS_MUST_USE dits_error *dits_event_place_parse(
    const char *text, struct dits_event_place *out);

/* The events of one repository. Used by one thread at a time. */
typedef struct dits_events dits_events;

/*
 * `remote` is the name of a remote, or an address; NULL: `repo` itself. `repo`
 * may be NULL for an address, and outlives what is opened.
 *
 * Errors: NOT_FOUND (no repository there), UNSUPPORTED (an address that events
 * do not come from), CORRUPT.
 */
DITS_API DITS_MUST_USE dits_error *dits_events_open(const dits_context *context,
                                                    dits_repo *repo,
                                                    const char *remote,
                                                    dits_events **out);
DITS_API void dits_events_free(dits_events *events); /* NULL is allowed */

/* The oldest place that can be read from, and the newest. NULL is allowed. */
DITS_API DITS_MUST_USE dits_error *dits_events_range(
    dits_events *events, struct dits_event_place *out_oldest,
    struct dits_event_place *out_newest);

/*
 * All events after `place`, which moves along with each. `*out_lost` is true
 * when those that follow it are not known any more, or it is of another log:
 * then none is told, `place` is the newest one, and the caller has to look at
 * everything anew.
 */
DITS_API DITS_MUST_USE dits_error *dits_events_read(
    dits_events *events, struct dits_event_place *place, dits_event_fn *fn,
    void *payload, bool *out_lost);

DITS_END_DECLS

#endif
