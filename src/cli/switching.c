#include "cli/switching.h"

#include <string.h>

#include <dits/commit.h>
#include <dits/refs.h>

#include "base/text.h"
#include "cli/commit_text.h"
#include "cli/hooks.h"
#include "cli/ids.h"
#include "cli/json.h"

struct branch_search {
    const char *name;
    bool is_found;
};

static dits_error *compare_branch(const struct dits_ref *ref, void *payload)
{
    struct branch_search *search = payload;
    search->is_found |= strcmp(ref->name, search->name) == 0;
    return NULL;
}

dits_error *switching_is_branch(struct cli *cli, const char *name, bool *out)
{
    struct branch_search search = {.name = name};
    size_t length = strlen(name);
    *out = text_starts_with(name, "@{-") && name[length - 1] == '}';
    if (*out) /* the branch before, or the one before that */
        return NULL;
    TRY(dits_branch_each(cli->repo, compare_branch, &search));
    *out = search.is_found;
    return NULL;
}

static void head_release(struct dits_head *head)
{
    dits_head_release(head);
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

/* The newest move between branches tells where we came from. */
static dits_error *find_move(const struct dits_reflog_entry *entry,
                             void *payload)
{
    static const char *const starts[] = {"switch: moving from ",
                                         "checkout: moving from "};
    char **name = payload;
    for (size_t i = 0; i < 2 && *name == NULL; i++) {
        if (!text_starts_with(entry->message, starts[i]))
            continue;
        const char *from = entry->message + strlen(starts[i]);
        const char *end = strstr(from, " to ");
        if (end != NULL)
            return text_copy_part(from, (size_t)(end - from), name);
    }
    return NULL;
}

static dits_error *previous_target(struct cli *cli, char **out)
{
    TRY(dits_reflog_each(cli->repo, "HEAD", find_move, out));
    if (*out == NULL)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "there is no branch before this one"),
            "See 'dits branch'.");
    return NULL;
}

dits_error *switching_read_dash(struct cli *cli, const char **text,
                                char **owned)
{
    if (*text == NULL || strcmp(*text, "-") != 0)
        return NULL;
    TRY(previous_target(cli, owned));
    *text = *owned;
    return NULL;
}

dits_error *switching_put_commit(const struct cli *cli,
                                 const struct dits_oid *id, struct buf *out)
{
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    char text[DITS_OID_HEX_SIZE] = {0};
    TRY(dits_commit_load(cli->repo, id, &commit));
    TRY(id_short(cli, id, text));
    TRY(buf_printf(out, "%s ", text));
    return commit_subject(dits_commit_message(commit), out);
}

dits_error *switching_tell_restored(struct cli *cli)
{
    CLEANUP(head_release) struct dits_head head = {0};
    TRY(dits_head_get(cli->repo, &head));
    return hooks_post_checkout(cli, &head.commit, &head.commit, false);
}

static dits_error *note_commit(struct cli *cli, const char *what,
                               const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf line = {0};
    if (cli->quiet || dits_oid_is_zero(id))
        return NULL;
    TRY(switching_put_commit(cli, id, &line));
    cli_note(cli, "%s %s", what, buf_text(&line));
    return NULL;
}

static void print_json(struct cli *cli, const struct dits_head *head,
                       const struct dits_switch_result *result)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "branch", head->branch);
    json_oid(&json, "before", &result->before);
    json_oid(&json, "after", &result->after);
    json_u64(&json, "files_written", result->files_written);
    json_u64(&json, "files_removed", result->files_removed);
    json_end(&json);
}

static dits_error *tell(struct cli *cli,
                        const struct dits_switch_options *wanted,
                        const struct dits_head *before,
                        const struct dits_switch_result *result)
{
    CLEANUP(head_release) struct dits_head head = {0};
    TRY(dits_head_get(cli->repo, &head));
    if (cli->json) {
        print_json(cli, &head, result);
        return NULL;
    }
    if (before->branch == NULL &&
        !dits_oid_equal(&before->commit, &head.commit))
        TRY(note_commit(cli, "Previous HEAD position was", &before->commit));
    if (head.branch == NULL)
        return note_commit(cli, "HEAD is now at", &head.commit);
    if (wanted->create != NULL)
        cli_note(cli, "Switched to %s branch '%s'",
                 wanted->force_create ? "and reset" : "a new", head.branch);
    else if (before->branch != NULL && strcmp(before->branch, head.branch) == 0)
        cli_note(cli, "Already on '%s'", head.branch);
    else
        cli_note(cli, "Switched to branch '%s'", head.branch);
    return NULL;
}

dits_error *switching_run(struct cli *cli,
                          const struct dits_switch_options *options)
{
    CLEANUP(text_free) char *previous = NULL;
    CLEANUP(head_release) struct dits_head before = {0};
    struct dits_switch_options wanted = *options;
    struct dits_switch_result result = {0};
    TRY(dits_head_get(cli->repo, &before));
    TRY(switching_read_dash(cli, &wanted.target, &previous));
    if (previous != NULL) {
        bool is_branch = false;
        TRY(switching_is_branch(cli, previous, &is_branch));
        wanted.detach = wanted.detach || !is_branch;
    }
    TRY(dits_switch(cli->repo, &wanted, &result));
    TRY(tell(cli, &wanted, &before, &result));
    return hooks_post_checkout(cli, &result.before, &result.after, true);
}
