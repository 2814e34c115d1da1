/*
 * dits push - bring what is here to another repository
 */
#include <dits/transfer.h>

#include <errno.h>
#include <string.h>

#include "cli/command.h"
#include "cli/hooks.h"
#include "cli/transfer.h"

struct push_args {
    struct cli_list operands;
    bool all;
    bool tags;
    bool remove;
    bool force;
    const char *lease;
    bool atomic;
    bool dry_run;
    bool set_upstream;
    bool no_verify;
};

static const struct cli_option options[] = {
    CLI_OPERANDS(
        "REMOTE", struct push_args, operands,
        "a remote or the address of a repository, and refspecs: 'main', "
        "'main:copy', ':gone'"),
    CLI_SWITCH('u', "set-upstream", struct push_args, set_upstream,
               "let the branches follow what they are pushed to"),
    CLI_SWITCH('f', "force", struct push_args, force,
               "also move refs to where they do not lead forward"),
    CLI_OPTIONAL(0, "force-with-lease", "NAME[:REV]", struct push_args, lease,
                 "the same, if they are there where they were last seen, or at "
                 "REV; of NAME alone, or all",
                 .implied = ""),
    CLI_SWITCH(0, "all", struct push_args, all, "push all branches"),
    CLI_SWITCH(0, "tags", struct push_args, tags, "push all tags"),
    CLI_SWITCH('d', "delete", struct push_args, remove,
               "delete what is named there"),
    CLI_SWITCH(0, "atomic", struct push_args, atomic, "move all refs, or none"),
    CLI_SWITCH('n', "dry-run", struct push_args, dry_run,
               "show what would be done, and send nothing"),
    CLI_SWITCH(0, "no-verify", struct push_args, no_verify,
               "do not ask the hook pre-push"),
    CLI_END,
};

static const char help[] =
    "Brings commits of this repository to another one, and moves refs there.\n"
    "Without refspecs the current branch goes to the one that it follows.\n"
    "What goes is checked there to the last byte before a ref leads to it; "
    "what\n"
    "is there already does not travel, so a push that was cut off goes on.\n"
    "\n"
    "A ref moves only from where it was seen, so nobody's work is lost: what\n"
    "others have pushed meanwhile is fetched first, or given up by '--force'.\n"
    "The branch of a work tree is refused there; a repository made by 'dits\n"
    "init --bare' has none. With receive.denyCurrentBranch=updateInstead "
    "there,\n"
    "its files go along.\n";

/* One push, as it is told of. */
struct push_talk {
    struct transfer_print print; /* first: both get the same payload */
    const struct push_args *args;
    bool is_behind;  /* a branch did not go forward */
    bool is_unknown; /* and what is there is not here */
};

static dits_error *on_ref(const struct dits_ref_result *result, void *payload)
{
    struct push_talk *talk = payload;
    const char *reason = result->reason != NULL ? result->reason : "";
    talk->is_behind |= strcmp(reason, "non-fast-forward") == 0;
    talk->is_unknown |= strstr(reason, "fetch first") != NULL;
    return transfer_print_ref(result, &talk->print);
}

static dits_error *write_refs(FILE *file, const struct dits_push_ref *refs,
                              size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char before[DITS_OID_HEX_SIZE] = {0};
        char after[DITS_OID_HEX_SIZE] = {0};
        dits_oid_hex(&refs[i].before, before);
        dits_oid_hex(&refs[i].after, after);
        fprintf(file, "%s %s %s %s\n", refs[i].source, after, refs[i].target,
                before);
    }
    if (fflush(file) != 0)
        return error_errno(errno, "cannot write for the hook 'pre-push'");
    rewind(file);
    return NULL;
}

static dits_error *ask_hook(const char *remote, const char *url,
                            const struct dits_push_ref *refs, size_t count,
                            void *payload)
{
    const struct push_talk *talk = payload;
    const struct hook_arguments arguments = {.items = {remote, url}};
    bool is_there = false;
    TRY(hook_is_there(talk->print.cli, "pre-push", &is_there));
    if (!is_there)
        return NULL;
    FILE *file = tmpfile();
    if (file == NULL)
        return error_errno(errno, "cannot write for the hook 'pre-push'");
    dits_error *err = write_refs(file, refs, count);
    if (err == NULL)
        err = hook_ask_about(talk->print.cli, "pre-push", &arguments, file);
    (void)fclose(file);
    return err;
}

static dits_error *failed(const struct push_talk *talk, const char *remote)
{
    dits_error *err = error_new(DITS_E_CONFLICT, "failed to push some refs%s%s",
                                remote != NULL ? " to " : "",
                                remote != NULL ? remote : "");
    if (talk->is_unknown)
        return error_hint(err, "Updates were rejected because the remote "
                               "contains work that you do not have here. Use "
                               "'dits pull' to integrate it, then push again.");
    if (talk->is_behind)
        return error_hint(err, "Updates were rejected because a branch is "
                               "behind what is there. Use 'dits pull' to "
                               "integrate it, then push again.");
    return err;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct push_args *args = data;
    const struct cli_list *operands = &args->operands;
    size_t taken = operands->count > 0 ? 1 : 0;
    bool has_lease = args->lease != NULL && args->lease[0] != '\0';
    struct push_talk talk = {.print = {.cli = cli, .title = "To"},
                             .args = args};
    const struct dits_push_options wanted = {
        .remote = taken > 0 ? operands->items[0] : NULL,
        .refspecs = operands->items + taken,
        .refspec_count = operands->count - taken,
        .all_branches = args->all,
        .all_tags = args->tags,
        .remove = args->remove,
        .force = args->force,
        .lease = args->lease != NULL && !has_lease,
        .leases = &args->lease,
        .lease_count = has_lease ? 1 : 0,
        .atomic = args->atomic,
        .dry_run = args->dry_run,
        .set_upstream = args->set_upstream,
        .ask = args->no_verify ? NULL : ask_hook,
        .on_ref = on_ref,
        .payload = &talk,
    };
    struct dits_transfer_result result = {0};
    if (args->remove && wanted.refspec_count == 0)
        return cli_usage(cli, "'--delete' needs names");
    if (args->remove && (args->all || args->tags))
        return cli_usage(cli, "'--delete' excludes '--all' and '--tags'");
    TRY(dits_push(cli->repo, &wanted, &result));
    transfer_note(cli, "sent", &result);
    if (result.rejected > 0)
        return failed(&talk, wanted.remote);
    if (result.refs == 0 && !cli->json)
        cli_note(cli, "Everything up-to-date");
    return NULL;
}

const struct cli_command cmd_push = {
    .name = "push",
    .summary = "bring what is here to another repository",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct push_args),
    .run = run,
};
