/*
 * repo/revision.h - the syntax of revisions
 *
 * Parsing only: what a text asks for. What that leads to in a repository is
 * revision_resolve.c's part, behind dits_revision_resolve().
 */
#ifndef REPO_REVISION_H
#define REPO_REVISION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/store.h"

enum revision_step_kind {
    REVISION_ANCESTOR, /* ~N: the N-th first parent */
    REVISION_PARENT,   /* ^N; 0: the commit itself */
    REVISION_PEEL,     /* ^{kind}; "" follows tags */
    REVISION_LOG_NTH,  /* @{N} */
    REVISION_LOG_DATE, /* @{date} */
    REVISION_PREVIOUS, /* @{-N}: the branch before */
    REVISION_UPSTREAM, /* @{upstream}, @{u}: what the branch follows */
    REVISION_PATH,     /* :path */
    REVISION_SEARCH,   /* ^{/text}; ":/text" where it is the first step */
};

struct revision_step {
    enum revision_step_kind kind;
    uint64_t number;
    char *text; /* NULL where there is none */
};

/* Empty is the zero value. */
struct revision {
    char *base; /* "": the current branch, or what is staged for ":path" */
    struct revision_step *steps;
    size_t count;
    size_t capacity;
};

void revision_release(struct revision *revision);

/* INVALID when it is not written as revisions are. */
MUST_USE dits_error *revision_parse(const char *text, struct revision *out);

#endif
