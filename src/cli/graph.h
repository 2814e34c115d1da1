/*
 * cli/graph.h - the shape of the history in ASCII
 *
 *     *   merge
 *     |\
 *     | * their work
 *     * | our work
 *     |/
 *     * where both began
 *
 * Commits come in with graph_next(), children before parents. Each then takes
 * one line or more from graph_line(): first the one with the star, then those
 * that lead the lines to where its parents will be, then plain ones.
 */
#ifndef CLI_GRAPH_H
#define CLI_GRAPH_H

#include <stdbool.h>

#include <dits/oid.h>

#include "base/buf.h"

struct graph;

MUST_USE dits_error *graph_new(bool colors, struct graph **out);
void graph_free(struct graph *graph);
void graph_freep(struct graph **graph);

/* Lines of the commit before that were not taken are lost: see below. */
MUST_USE dits_error *graph_next(struct graph *graph, const struct dits_oid *id,
                                const struct dits_oid *parents,
                                size_t parent_count);

/* Append what stands before the next line of text, with a space at its end. */
MUST_USE dits_error *graph_line(struct graph *graph, struct buf *out);

/* Whether lines must still be drawn before the next commit. */
bool graph_is_open(const struct graph *graph);

#endif
