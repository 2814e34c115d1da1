/*
 * repo/wire_fetch.h - all that a list leads to, from the other side
 *
 * The receiver finds out by itself what it lacks: an object that has come, or
 * was here, says what it leads to. So the other side walks nothing and keeps
 * nothing, and what came before a transfer was cut off is not asked for again.
 * Commits come first, a page of history at a time, then trees, assets and data,
 * the deepest first, so that little waits in memory.
 */
#ifndef REPO_WIRE_FETCH_H
#define REPO_WIRE_FETCH_H

#include "repo/wire_client.h"

/*
 * Errors: CORRUPT (something else came than was asked for), CONFLICT (what is
 * asked for was removed there), those of the sink and of the other side.
 */
MUST_USE dits_error *wire_fetch(struct wire_client *client,
                                const struct bundle_list *list,
                                const struct transport_sink *sink);

#endif
