/*
 * repo/known.h - which commits of another repository are ours, too
 */
#ifndef REPO_KNOWN_H
#define REPO_KNOWN_H

#include "repo/transport.h"

/* What its refs and its HEAD lead to, and whether a history of ours has that.
 */
struct known {
    struct dits_oid *ids; /* rising */
    bool *found;
    size_t count;
};

MUST_USE dits_error *known_find(dits_repo *repo,
                                const struct transport_refs *refs,
                                struct known *out);
void known_release(struct known *known);

bool known_has(const struct known *known, const struct dits_oid *commit);

#endif
