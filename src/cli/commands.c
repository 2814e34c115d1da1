#include "cli/commands.h"

extern const struct cli_command cmd_add;
extern const struct cli_command cmd_archive;
extern const struct cli_command cmd_bisect;
extern const struct cli_command cmd_blame;
extern const struct cli_command cmd_branch;
extern const struct cli_command cmd_cat;
extern const struct cli_command cmd_check_attr;
extern const struct cli_command cmd_check_ignore;
extern const struct cli_command cmd_checkout;
extern const struct cli_command cmd_cherry_pick;
extern const struct cli_command cmd_chunks;
extern const struct cli_command cmd_clean;
extern const struct cli_command cmd_clone;
extern const struct cli_command cmd_commit;
extern const struct cli_command cmd_completion;
extern const struct cli_command cmd_config;
extern const struct cli_command cmd_describe;
extern const struct cli_command cmd_diff;
extern const struct cli_command cmd_drop;
extern const struct cli_command cmd_export;
extern const struct cli_command cmd_fast_export;
extern const struct cli_command cmd_fetch;
extern const struct cli_command cmd_fsck;
extern const struct cli_command cmd_gc;
extern const struct cli_command cmd_get;
extern const struct cli_command cmd_grep;
extern const struct cli_command cmd_help;
extern const struct cli_command cmd_import;
extern const struct cli_command cmd_init;
extern const struct cli_command cmd_log;
extern const struct cli_command cmd_login;
extern const struct cli_command cmd_logout;
extern const struct cli_command cmd_ls;
extern const struct cli_command cmd_ls_remote;
extern const struct cli_command cmd_media;
extern const struct cli_command cmd_merge;
extern const struct cli_command cmd_merge_base;
extern const struct cli_command cmd_mv;
extern const struct cli_command cmd_notes;
extern const struct cli_command cmd_obliterate;
extern const struct cli_command cmd_op;
extern const struct cli_command cmd_prune;
extern const struct cli_command cmd_pull;
extern const struct cli_command cmd_push;
extern const struct cli_command cmd_rebase;
extern const struct cli_command cmd_redo;
extern const struct cli_command cmd_reflog;
extern const struct cli_command cmd_remote;
extern const struct cli_command cmd_repack;
extern const struct cli_command cmd_reset;
extern const struct cli_command cmd_resolve;
extern const struct cli_command cmd_restore;
extern const struct cli_command cmd_revert;
extern const struct cli_command cmd_rm;
extern const struct cli_command cmd_serve;
extern const struct cli_command cmd_shortlog;
extern const struct cli_command cmd_show;
extern const struct cli_command cmd_sparse;
extern const struct cli_command cmd_stash;
extern const struct cli_command cmd_stats;
extern const struct cli_command cmd_status;
extern const struct cli_command cmd_switch;
extern const struct cli_command cmd_tag;
extern const struct cli_command cmd_tier;
extern const struct cli_command cmd_ui;
extern const struct cli_command cmd_undo;
extern const struct cli_command cmd_verify;
extern const struct cli_command cmd_version;
extern const struct cli_command cmd_watch;
extern const struct cli_command cmd_watcher;
extern const struct cli_command cmd_worktree;

/* One row for each line, so that they can be sorted and merged. */
/* clang-format off */
static const struct cli_command *const commands[] = {
    &cmd_add,
    &cmd_archive,
    &cmd_bisect,
    &cmd_blame,
    &cmd_branch,
    &cmd_cat,
    &cmd_check_attr,
    &cmd_check_ignore,
    &cmd_checkout,
    &cmd_cherry_pick,
    &cmd_chunks,
    &cmd_clean,
    &cmd_clone,
    &cmd_commit,
    &cmd_completion,
    &cmd_config,
    &cmd_describe,
    &cmd_diff,
    &cmd_drop,
    &cmd_export,
    &cmd_fast_export,
    &cmd_fetch,
    &cmd_fsck,
    &cmd_gc,
    &cmd_get,
    &cmd_grep,
    &cmd_help,
    &cmd_import,
    &cmd_init,
    &cmd_log,
    &cmd_login,
    &cmd_logout,
    &cmd_ls,
    &cmd_ls_remote,
    &cmd_media,
    &cmd_merge,
    &cmd_merge_base,
    &cmd_mv,
    &cmd_notes,
    &cmd_obliterate,
    &cmd_op,
    &cmd_prune,
    &cmd_pull,
    &cmd_push,
    &cmd_rebase,
    &cmd_redo,
    &cmd_reflog,
    &cmd_remote,
    &cmd_repack,
    &cmd_reset,
    &cmd_resolve,
    &cmd_restore,
    &cmd_revert,
    &cmd_rm,
    &cmd_serve,
    &cmd_shortlog,
    &cmd_show,
    &cmd_sparse,
    &cmd_stash,
    &cmd_stats,
    &cmd_status,
    &cmd_switch,
    &cmd_tag,
    &cmd_tier,
    &cmd_ui,
    &cmd_undo,
    &cmd_verify,
    &cmd_version,
    &cmd_watch,
    &cmd_watcher,
    &cmd_worktree,
    NULL,
};
/* clang-format on */

const struct cli_program dits_program = {
    .name = "dits",
    .summary = "Version control for video and other heavy media.",
    .commands = commands,
};
