/*
 * repo/watcher_wire.h - what a watcher is asked, and what it answers
 *
 * Specified in docs/formats/watcher.md. Every function here takes hostile
 * bytes and touches no file.
 */
#ifndef REPO_WATCHER_WIRE_H
#define REPO_WATCHER_WIRE_H

#include "base/buf.h"
#include "base/error.h"

enum {
    WATCHER_ID_SIZE = 16,
    WATCHER_REQUEST_SIZE = 40,
    WATCHER_ANSWER_SIZE = 96,     /* without the paths */
    WATCHER_PATHS_MAX = 64 << 20, /* bytes */
};

/* A moment in what one watcher has seen. */
struct watcher_token {
    uint8_t watcher[WATCHER_ID_SIZE]; /* random: a new one after each loss */
    uint64_t number;                  /* of the latest change */
};

enum watcher_request_kind {
    WATCHER_ASK_CHANGES = 1,
    WATCHER_ASK_STATE = 2, /* no paths */
    WATCHER_ASK_END = 3,
};

struct watcher_request {
    enum watcher_request_kind kind;
    struct watcher_token since; /* of WATCHER_ASK_CHANGES */
};

struct watcher_answer {
    bool is_known;            /* else anything may have changed */
    struct watcher_token now; /* after all that `paths` says */
    uint64_t device;          /* of the work tree's folder */
    uint64_t inode;
    uint64_t process;
    uint64_t folders; /* watched */
    uint32_t path_count;
    uint32_t path_bytes;
};

void watcher_request_encode(const struct watcher_request *request,
                            uint8_t out[WATCHER_REQUEST_SIZE]);
MUST_USE dits_error *watcher_request_parse(
    const uint8_t data[WATCHER_REQUEST_SIZE], struct watcher_request *out);

void watcher_answer_encode(const struct watcher_answer *answer,
                           uint8_t out[WATCHER_ANSWER_SIZE]);
MUST_USE dits_error *watcher_answer_parse(
    const uint8_t data[WATCHER_ANSWER_SIZE], struct watcher_answer *out);

/* Borrowed for the call. */
typedef dits_error *watcher_path_fn(const char *path, void *payload);

/* Each ends in a NUL; there are `count` of them. */
MUST_USE dits_error *watcher_paths_parse(struct slice bytes, uint32_t count,
                                         watcher_path_fn *fn, void *payload);

#endif
