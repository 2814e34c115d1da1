/*
 * repo/git_map.h - which commits of git are which of ours
 *
 * .dits/git-map (docs/formats/git-map.md) spares an import and an export what
 * was done before. It is a cache: without it all is done again, with the same
 * result.
 */
#ifndef REPO_GIT_MAP_H
#define REPO_GIT_MAP_H

#include "base/buf.h"
#include "base/oid.h"
#include "repo/repo.h"

struct git_pair {
    struct dits_oid git; /* in the front, zeros behind */
    struct dits_oid ours;
};

/* Empty is the zero value. */
struct git_map {
    struct git_pair *pairs; /* ancestors first */
    size_t count;
    size_t capacity;
};

void git_map_release(struct git_map *map);
MUST_USE dits_error *git_map_add(struct git_map *map,
                                 const struct git_pair *pair);

MUST_USE dits_error *git_map_encode(const struct git_map *map, struct buf *out);

/* Errors: CORRUPT, UNSUPPORTED. */
MUST_USE dits_error *git_map_decode(struct slice bytes, struct git_map *out);

/* Empty when there is none, or one that cannot be read. */
MUST_USE dits_error *git_map_load(dits_repo *repo, struct git_map *out);

/* Without it the next time takes longer: a failure is but a warning. */
void git_map_save(dits_repo *repo, const struct git_map *map);

#endif
