/*
 * repo/wire_serve_chunks.h - answers that carry chunks
 */
#ifndef REPO_WIRE_SERVE_CHUNKS_H
#define REPO_WIRE_SERVE_CHUNKS_H

#include "repo/wire.h"
#include "repo/wire_serve.h"

/* Commits, newest first, from those that are named on, as many as fit. */
MUST_USE dits_error *wire_serve_history(const struct wire_service *service,
                                        struct slice body, struct buf *reply);

/* The chunks that are named, in order, as many as fit. */
MUST_USE dits_error *wire_serve_chunks(const struct wire_service *service,
                                       struct slice body, struct buf *reply);

#endif
