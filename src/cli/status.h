/*
 * cli/status.h - the state of the work tree, collected and printed
 *
 * `dits status` shows it; `dits commit` puts it into the editor.
 */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include <dits/merge.h>
#include <dits/refs.h>
#include <dits/remote.h>
#include <dits/worktree.h>

#include "base/buf.h"
#include "cli/cli.h"

/* One path, its names owned. */
struct status_item {
    char *path;
    char *old_path;
    enum dits_change staged;
    enum dits_change worktree;
    enum dits_conflict_state conflict;
};

struct status {
    struct dits_head head;
    struct dits_upstream upstream; /* what the branch follows; or zero */
    struct dits_work work;         /* what is unfinished */
    struct status_item *items;     /* sorted by path */
    size_t count;
    size_t capacity;
};

MUST_USE dits_error *status_read(dits_repo *repo,
                                 const struct dits_status_options *options,
                                 struct status *out);
void status_release(struct status *status);

/* The change in the short form: 'M'; ' ' for none. */
char status_letter(enum dits_change change);

/* Both columns of the short form: " M", "UU", "??". */
struct status_letters {
    char staged;
    char worktree;
};
struct status_letters status_letters(const struct status_item *item);

/* How the long form differs between a screen and the editor. */
struct status_style {
    const char *prefix;   /* "# " before each line in the editor, else "" */
    bool hints;           /* the lines that say which command does what */
    bool hides_untracked; /* -uno was given, and should be mentioned */
};

MUST_USE dits_error *status_print_long(const struct cli *cli,
                                       const struct status *status,
                                       const struct status_style *style,
                                       FILE *out);

/* What is unfinished and how to end it; the paths with conflicts. */
MUST_USE dits_error *status_print_work(const struct cli *cli,
                                       const struct status *status,
                                       const struct status_style *style,
                                       FILE *out);
MUST_USE dits_error *status_print_conflicts(const struct cli *cli,
                                            const struct status *status,
                                            const struct status_style *style,
                                            FILE *out);

/* `path` as it is printed: from where the user is, quoted. Appended. */
MUST_USE dits_error *status_put_path(const struct cli *cli, const char *path,
                                     struct buf *out);

#endif
