/* The events of a repository, wherever it is. */
#include <dits/events.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/event_log.h"
#include "repo/linked.h"
#include "repo/open.h"
#include "repo/remote.h"
#include "repo/transport.h"

enum { AT_ONCE = 1000, LOG_DIGITS = 16 };

struct dits_events {
    dits_repo *repo;
    dits_repo *owned; /* the same, or NULL: it is the caller's */
};

void dits_event_place_text(const struct dits_event_place *place,
                           char out[DITS_EVENT_PLACE_SIZE])
{
    for (size_t i = 0; i < sizeof(place->log); i++)
        (void)snprintf(out + 2 * i, 3, "%02x", place->log[i]);
    (void)snprintf(out + LOG_DIGITS, (size_t)DITS_EVENT_PLACE_SIZE - LOG_DIGITS,
                   ":%" PRIu64, place->number);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_log(const char *text, uint8_t *out)
{
    for (size_t i = 0; i < LOG_DIGITS; i++) {
        int digit = digit_of(text[i]);
        if (digit < 0)
            return false;
        out[i / 2] = (uint8_t)(out[i / 2] << 4 | digit);
    }
    return text[LOG_DIGITS] == ':';
}

dits_error *dits_event_place_parse(const char *text,
                                   struct dits_event_place *out)
{
    struct dits_event_place place = {{0}, 0};
    if (!parse_log(text, place.log) ||
        !text_to_u64(text + LOG_DIGITS + 1, &place.number) ||
        place.number > INT64_MAX)
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is no place in a log of events",
                      text),
            "It looks like '8f14e45fceea167a:17'; 'dits watch' prints one with "
            "each event.");
    *out = place;
    return NULL;
}

static dits_error *open_far(const dits_context *context, dits_repo *repo,
                            const char *name, dits_repo **out)
{
    CLEANUP(remote_release) struct remote remote = {0};
    CLEANUP(text_free) char *base = NULL;
    CLEANUP(text_free) char *path = NULL;
    TRY(remote_meant(repo, name, &remote));
    if (remote.name != NULL)
        TRY(linked_main_path(repo, &base));
    TRY(transport_local_path(base, remote.url, &path));
    if (path == NULL)
        return error_new(DITS_E_UNSUPPORTED,
                         "cannot watch '%s': it is not in a folder",
                         remote.url);
    return open_exactly(context, path, out);
}

dits_error *dits_events_open(const dits_context *context, dits_repo *repo,
                             const char *remote, dits_events **out)
{
    dits_events *events = mem_new(dits_events);
    if (events == NULL)
        return error_nomem();
    dits_error *err =
        remote != NULL ? open_far(context, repo, remote, &events->owned) : NULL;
    if (err != NULL) {
        dits_events_free(events);
        return err;
    }
    events->repo = remote != NULL ? events->owned : repo;
    *out = events;
    return NULL;
}

void dits_events_free(dits_events *events)
{
    if (events != NULL)
        dits_repo_free(events->owned);
    mem_free(events);
}

dits_error *dits_events_range(dits_events *events,
                              struct dits_event_place *out_oldest,
                              struct dits_event_place *out_newest)
{
    return event_log_range(events->repo, out_oldest, out_newest);
}

dits_error *dits_events_read(dits_events *events,
                             struct dits_event_place *place, dits_event_fn *fn,
                             void *payload, bool *out_lost)
{
    uint64_t before = 0;
    *out_lost = false;
    do {
        before = place->number;
        TRY(context_check(events->repo->context));
        TRY(event_log_read(events->repo, place, AT_ONCE, fn, payload,
                           out_lost));
    } while (!*out_lost && place->number - before == AT_ONCE);
    return NULL;
}
