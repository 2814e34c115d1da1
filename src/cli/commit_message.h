/*
 * cli/commit_message.h - where the message of a commit comes from
 */
#ifndef CLI_COMMIT_MESSAGE_H
#define CLI_COMMIT_MESSAGE_H

#include "base/buf.h"
#include "cli/command.h"

/* What `dits commit` was asked for. */
struct commit_message_wish {
    const struct cli_list *messages; /* of -m */
    const char *file;                /* of -F */
    bool amend;
    bool no_edit;
    bool all;
    bool has_paths;
    bool allow_empty;
    bool allow_empty_message;
    bool no_verify; /* the hook commit-msg is not asked */
};

/*
 * From -m, -F, the commit that is amended or an editor, past the hooks that
 * have a say in it. `*out_keep`: the old one, as it is. INVALID when an editor
 * leaves nothing; DENIED by a hook.
 */
MUST_USE dits_error *commit_message_find(struct cli *cli,
                                         const struct commit_message_wish *wish,
                                         bool *out_keep, struct buf *out);

/*
 * The message that a merge is about to be committed with, `first`, past the
 * same hooks. DENIED when one refuses, or leaves no message.
 */
MUST_USE dits_error *commit_message_of_merge(struct cli *cli, bool no_verify,
                                             const char *first,
                                             struct buf *out);

/* Whether there are hooks that have a say in messages. */
MUST_USE dits_error *commit_message_has_hooks(const struct cli *cli,
                                              bool no_verify, bool *out);

#endif
