#include "cli/commit_message.h"

#include <string.h>

#include <dits/commit.h>
#include <dits/refs.h>

#include "base/fs.h"
#include "base/text.h"
#include "cli/draft.h"
#include "cli/hooks.h"
#include "cli/status.h"

#define FILE_NAME "COMMIT_EDITMSG"

static bool is_given(const struct commit_message_wish *wish)
{
    return wish->messages->count > 0 || wish->file != NULL;
}

static bool edits(const struct commit_message_wish *wish)
{
    return !is_given(wish) && !wish->no_edit;
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

/* The message of the commit that is amended, or the one of a merge. */
static dits_error *put_known(struct cli *cli,
                             const struct commit_message_wish *wish,
                             const struct status *status, struct buf *out)
{
    CLEANUP(commit_freep) dits_commit *old = NULL;
    if (!wish->amend)
        return status->work.message != NULL
                   ? buf_put_text(out, status->work.message)
                   : NULL;
    if (dits_oid_is_zero(&status->head.commit))
        return NULL;
    TRY(dits_commit_load(cli->repo, &status->head.commit, &old));
    return buf_put_text(out, dits_commit_message(old));
}

/* What the editor starts with: the old message, then the state as comments. */
static dits_error *put_draft(struct cli *cli,
                             const struct commit_message_wish *wish,
                             const struct status *status, struct buf *out)
{
    static const char note[] =
        "# Please enter the commit message for your changes. Lines starting\n"
        "# with '#' will be ignored, and an empty message aborts the commit.\n"
        "#\n";
    TRY(put_known(cli, wish, status, out));
    TRY(buf_printf(out, "\n%s", note));

    struct cli plain = *cli;
    plain.colors = false;
    const struct status_style style = {.prefix = "# "};
    CLEANUP(text_free) char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return error_nomem();
    dits_error *err = status_print_long(&plain, status, &style, stream);
    if (fclose(stream) != 0 && err == NULL)
        err = error_nomem();
    TRY(err);
    return buf_put(out, text, size);
}

/* Before a user writes a message for it, there must be something to record. */
static dits_error *check_staged(struct cli *cli,
                                const struct commit_message_wish *wish,
                                const struct status *status)
{
    if (wish->amend || wish->allow_empty || wish->has_paths ||
        status->work.kind == DITS_WORK_MERGE)
        return NULL;
    for (size_t i = 0; i < status->count; i++) {
        const struct status_item *item = &status->items[i];
        bool is_tracked = item->worktree != DITS_UNTRACKED &&
                          item->worktree != DITS_IGNORED;
        if (item->staged != DITS_UNCHANGED && is_tracked)
            return NULL;
        if (wish->all && is_tracked && item->worktree != DITS_UNCHANGED)
            return NULL;
    }
    const struct status_style style = {.prefix = "", .hints = true};
    TRY(status_print_long(cli, status, &style, cli->out));
    return error_new(DITS_E_CONFLICT, "there is nothing to commit");
}

/* Where the text to begin with is from, as prepare-commit-msg is told. */
static const char *source_of(const struct commit_message_wish *wish,
                             const struct status *status)
{
    if (is_given(wish))
        return "message";
    if (wish->amend)
        return "commit";
    if (status->work.message == NULL)
        return NULL;
    return status->work.kind == DITS_WORK_SQUASH ? "squash" : "merge";
}

/* The text as it is given. */
static dits_error *put_given(const struct commit_message_wish *wish,
                             struct buf *out)
{
    return wish->messages->count > 0 ? draft_join(wish->messages, out)
                                     : draft_read(wish->file, out);
}

static dits_error *write_first(struct cli *cli,
                               const struct commit_message_wish *wish,
                               const struct status *status, const char *path)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf first = {0};
    if (is_given(wish))
        TRY(put_given(wish, &text));
    else if (wish->no_edit)
        TRY(put_known(cli, wish, status, &text));
    else
        TRY(put_draft(cli, wish, status, &first));
    TRY(draft_clean(buf_slice(&text), false, &first));
    TRY_CONTEXT(fs_replace(path, first.data, first.size),
                "cannot prepare the message");
    return NULL;
}

/* Hooks run at the top of the work tree; that of another one is not in it. */
static const char *name_for_hooks(const struct cli *cli, const char *path)
{
    bool is_below =
        strcmp(dits_repo_private_dir(cli->repo), dits_repo_dir(cli->repo)) == 0;
    return is_below ? ".dits/" FILE_NAME : path;
}

/* The message that is in the file when the hooks and the editor had it. */
static dits_error *pass_by_hooks(struct cli *cli,
                                 const struct commit_message_wish *wish,
                                 const char *source, const char *path,
                                 struct buf *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    const char *name = name_for_hooks(cli, path);
    bool has_commit = source != NULL && strcmp(source, "commit") == 0;
    const struct hook_arguments before = {
        .items = {name, source, has_commit ? "HEAD" : NULL}};
    const struct hook_arguments after = {.items = {name}};
    TRY(hook_ask(cli, "prepare-commit-msg", &before));
    if (edits(wish))
        TRY(draft_edit_file(cli, path));
    if (!wish->no_verify)
        TRY(hook_ask(cli, "commit-msg", &after));
    TRY(draft_read(path, &text));
    return draft_clean(buf_slice(&text), edits(wish), out);
}

static dits_error *pass_by_file(struct cli *cli,
                                const struct commit_message_wish *wish,
                                struct buf *out)
{
    CLEANUP(status_release) struct status status = {0};
    CLEANUP(text_free) char *path = NULL;
    const struct dits_status_options wanted = {0};
    TRY(status_read(cli->repo, &wanted, &status));
    TRY(check_staged(cli, wish, &status));
    TRY(fs_join(dits_repo_private_dir(cli->repo), FILE_NAME, &path));
    TRY(write_first(cli, wish, &status, path));
    TRY(pass_by_hooks(cli, wish, source_of(wish, &status), path, out));
    if (edits(wish) && out->size == 0 && !wish->allow_empty_message)
        return error_new(DITS_E_INVALID,
                         "the message is empty; nothing was committed");
    return NULL;
}

dits_error *commit_message_has_hooks(const struct cli *cli, bool no_verify,
                                     bool *out)
{
    TRY(hook_is_there(cli, "prepare-commit-msg", out));
    return *out || no_verify ? NULL : hook_is_there(cli, "commit-msg", out);
}

dits_error *commit_message_of_merge(struct cli *cli, bool no_verify,
                                    const char *first, struct buf *out)
{
    const struct cli_list none = {0};
    const struct commit_message_wish wish = {
        .messages = &none, .no_edit = true, .no_verify = no_verify};
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(dits_repo_private_dir(cli->repo), FILE_NAME, &path));
    TRY_CONTEXT(fs_replace(path, first, strlen(first)),
                "cannot prepare the message");
    TRY(pass_by_hooks(cli, &wish, "merge", path, out));
    return out->size > 0
               ? NULL
               : error_new(DITS_E_DENIED, "a hook has emptied the message");
}

dits_error *commit_message_find(struct cli *cli,
                                const struct commit_message_wish *wish,
                                bool *out_keep, struct buf *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    bool is_asked = false;
    *out_keep = false;
    TRY(commit_message_has_hooks(cli, wish->no_verify, &is_asked));
    if (edits(wish) || is_asked)
        return pass_by_file(cli, wish, out);
    *out_keep = !is_given(wish);
    if (*out_keep)
        return NULL;
    TRY(put_given(wish, &text));
    return draft_clean(buf_slice(&text), false, out);
}
