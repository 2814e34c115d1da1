/*
 * repo/blame_suspect.h - a version of a file, and the lines that may be its own
 */
#ifndef REPO_BLAME_SUSPECT_H
#define REPO_BLAME_SUSPECT_H

#include "base/buf.h"
#include "repo/history.h"

/* A line of the file and where it is in a version; both from 0. */
struct pair {
    size_t final;
    size_t here;
};

struct suspect {
    struct history_node *node; /* NULL: the work tree */
    char *path;
    struct dits_oid asset; /* zero: the work tree's bytes */
    struct buf bytes;      /* empty: not read */
    struct pair *pairs;
    size_t count;
    size_t capacity;
    struct dits_oid previous;
    char *previous_path;

    /* Obliterated: the bytes are of a younger version, whose lines these are
     * where no older one has them. */
    bool is_lent;
    struct history_node *lender; /* NULL: the work tree */
    char *lender_path;
};

/* A version that a parent has. */
struct ancestor {
    struct history_node *node;
    char *path; /* NULL: none */
    struct dits_oid asset;
};

void suspect_release(struct suspect *suspect);

MUST_USE dits_error *suspect_add_pair(struct suspect *suspect,
                                      struct pair pair);

/* The ancestor, with no lines yet. `lender`: as below. */
MUST_USE dits_error *suspect_make(const struct ancestor *ancestor,
                                  const struct suspect *lender,
                                  struct suspect *out);

/*
 * Whether it is that version; with the bytes that belong to those of `lender`,
 * or, with NULL, with its own.
 */
bool suspect_is_for(const struct suspect *suspect,
                    const struct ancestor *ancestor,
                    const struct suspect *lender);

/* Whose lines they are that no older version has. NULL: the work tree's. */
struct history_node *suspect_owner(const struct suspect *suspect);
const char *suspect_owner_path(const struct suspect *suspect);

#endif
