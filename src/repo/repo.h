/*
 * repo/repo.h - an opened repository inside the library
 *
 * The type itself: dits/repo.h. Fields are set by repo/open.c and do not
 * change, but for what each owner keeps in its own part.
 */
#ifndef REPO_REPO_H
#define REPO_REPO_H

#include <dits/repo.h>

#include "base/context.h"
#include "base/error.h"
#include "base/fs.h"
#include "store/store.h"

struct db;
struct config;
struct shallow;

struct dits_repo {
    const dits_context *context; /* borrowed */
    char *work_dir;              /* absolute, no final slash */
    bool is_bare;                /* there are no files to work on */
    char *dits_dir;              /* of the main work tree, its ".dits" */
    char *private_dir;           /* what is this work tree's own */
    char *prefix;                /* "" or "a/b" */
    char *command_line;          /* for operations; never NULL */
    char *actor_name;            /* who operations are of; NULL: as ever */
    char *actor_email;
    struct config *config; /* repo/config_file.h */
    struct db *db;         /* repo/database.h: refs, operations, gc */
    struct store *store;
    struct shallow *shallow;    /* repo/shallow.h; NULL: not asked for yet */
    struct lines_differ *lines; /* repo/lines.h; the same */

    /* Of a linked work tree (repo/linked.h); 0 and NULL: this is the main one.
     */
    uint64_t linked;
    char *linked_name;
    bool linked_is_new; /* no operation has made it yet */
};

/*
 * Take .dits/work.lock: whoever changes what is staged, refs or the work tree
 * holds it. Waits some seconds, then LOCKED with a hint.
 */
MUST_USE dits_error *repo_lock_work(dits_repo *repo, struct fs_file *out);

/* The same without waiting; `*out_locked` false: somebody else has it. */
MUST_USE dits_error *repo_try_lock_work(dits_repo *repo, struct fs_file *out,
                                        bool *out_locked);

#endif
