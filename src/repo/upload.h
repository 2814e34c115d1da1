/*
 * repo/upload.h - chunks on their way into a repository, part by part
 *
 * An upload is a file in .dits/uploads: the start of a pack, to which whole
 * frames are added in order. What was answered for is durable and was checked
 * chunk by chunk; nothing in it can be found, and so nothing can refer to it,
 * before it was finished: then it is a pack. Whoever was cut off asks how far
 * it came, or has all that is left of it finished at once.
 *
 * An upload belongs to a caller: its file is named after both, so that nobody
 * else's id leads to it. No lock of the store is held between two calls: a
 * sweep passes over .dits/uploads, and over packs that are young.
 */
#ifndef REPO_UPLOAD_H
#define REPO_UPLOAD_H

#include "repo/wire.h"

/* An upload of so many bytes is full: its owner finishes it and goes on with
 * another one. */
#define UPLOAD_FULL_BYTES (256u << 20)

/* Whose uploads. Borrowed. */
struct upload_place {
    dits_repo *repo;
    const char *caller;
};

/*
 * `frames` become what it holds from `offset` on, up to its end, durably: sent
 * again, they take the place of what came of them before. The first ones, at
 * PACK_HEADER_SIZE, make it where it is not there.
 *
 * Errors: NOT_FOUND (no such upload of this caller), CONFLICT (it does not hold
 * so much), CORRUPT (a chunk that does not match its id), LIMIT (it is full, or
 * too many are open).
 */
MUST_USE dits_error *upload_put(const struct upload_place *place,
                                const struct wire_piece *piece);

/* How many bytes it holds that are whole; what is behind them is dropped. */
MUST_USE dits_error *upload_size(const struct upload_place *place,
                                 const struct wire_key *id, uint64_t *out);

/*
 * Its first `size` bytes become a pack; without any it is dropped. NOT_FOUND:
 * there is none, or it was finished before.
 */
MUST_USE dits_error *upload_finish(const struct upload_place *place,
                                   const struct wire_key *id, uint64_t size);

/* The same for all that this caller has left, as far as they are whole. */
MUST_USE dits_error *upload_settle(const struct upload_place *place);

/* Remove those that nobody has added to for a week. */
MUST_USE dits_error *upload_expire(dits_repo *repo);

#endif
