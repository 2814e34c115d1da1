/*
 * cli/committing.h - a commit, with all who have a say in it
 */
#ifndef CLI_COMMITTING_H
#define CLI_COMMITTING_H

#include <dits/commit.h>

#include "cli/commit_message.h"

/*
 * The hooks are asked, the message is found, the commit is made, and it is told
 * of. Whoever is asked sees what is staged for it; when the answer is no, that
 * is as it was. `options->message` is not read: it is found by `wish`.
 */
MUST_USE dits_error *commit_past_hooks(
    struct cli *cli, const struct commit_message_wish *wish,
    const struct dits_commit_options *options, struct dits_commit_result *out);

#endif
