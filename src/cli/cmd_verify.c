/*
 * dits verify - check signatures, or read everything that is stored
 */
#include <dits/refs.h>
#include <dits/signature.h>

#include "cli/command.h"
#include "cli/signature.h"
#include "cli/verify_scrub.h"

struct verify_args {
    struct cli_list revisions;
    struct verify_scrub_args scrub;
};

static const struct cli_option options[] = {
    CLI_STRING(0, "limit-rate", "SIZE", struct verify_args, scrub.limit_rate,
               "read at most SIZE bytes a second: '20m'"),
    CLI_STRING(0, "max-time", "TIME", struct verify_args, scrub.max_time,
               "stop after TIME: '90s', '10m', '2h'; the next run goes on"),
    CLI_SWITCH(
        0, "if-due", struct verify_args, scrub.if_due,
        "do nothing before maintenance.verifyInterval (30 days) is over: "
        "for a daily cron job"),
    CLI_SWITCH(0, "status", struct verify_args, scrub.status,
               "tell how far the reading came and whether it is due"),
    CLI_OPERANDS("REV", struct verify_args, revisions,
                 "the commits and tags whose signatures to check; the options "
                 "for reading packs do not go with it"),
    CLI_END,
};

static const char help[] =
    "With REV, checks the signatures of commits and tags, and whose they are:\n"
    "the setting gpg.ssh.allowedSignersFile names a file of those who may\n"
    "sign, as 'ssh-keygen' has it. A tag with a message is checked itself,\n"
    "any other name as the commit that it leads to.\n"
    "\n"
    "Without REV, reads every byte of every pack and checks it, because disks\n"
    "lose bits in silence. It may be stopped or killed at any moment and goes\n"
    "on from there; after the last pack a new round begins. What is damaged\n"
    "is set aside and restored, if it can be, as by 'dits fsck --repair'.\n"
    "Exits with 1 when something that is needed is lost.\n";

static void signature_release(struct dits_signature *signature)
{
    dits_signature_release(signature);
}

static void print_json(FILE *out, const char *revision,
                       const struct dits_oid *id,
                       const struct dits_signature *signature)
{
    struct json json = json_begin(out);
    json_string(&json, "revision", revision);
    json_oid(&json, "id", id);
    signature_json(&json, signature);
    json_end(&json);
}

/* With several revisions, each line says which one it is of. */
static dits_error *print(const struct cli *cli, const char *revision,
                         const struct dits_signature *signature, bool is_alone)
{
    CLEANUP(buf_release) struct buf text = {0};
    if (!is_alone)
        TRY(buf_printf(&text, "%s: ", revision));
    if (signature->state == DITS_SIGNATURE_NONE)
        TRY(buf_put_text(&text, "No signature\n"));
    TRY(signature_put(signature, &text));
    fputs(buf_text(&text), cli->out);
    return NULL;
}

static dits_error *verify(struct cli *cli, const char *revision, bool is_alone)
{
    CLEANUP(signature_release) struct dits_signature signature = {0};
    struct dits_oid id = {{0}};
    TRY(dits_revision_resolve(cli->repo, revision, DITS_REVISION_ANY, &id));
    TRY_CONTEXT(dits_signature_check(cli->repo, &id, &signature),
                "cannot check '%s'", revision);
    if (signature.state != DITS_SIGNATURE_GOOD)
        cli->status = CLI_FAILED;
    if (!cli->json)
        return print(cli, revision, &signature, is_alone);
    print_json(cli->out, revision, &id, &signature);
    return NULL;
}

static bool is_given(const struct verify_scrub_args *scrub)
{
    return scrub->limit_rate != NULL || scrub->max_time != NULL ||
           scrub->if_due || scrub->status;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct verify_args *args = data;
    if (args->revisions.count == 0)
        return verify_scrub(cli, &args->scrub);
    if (is_given(&args->scrub))
        return cli_usage(cli, "REV is checked alone: --limit-rate, --max-time, "
                              "--if-due and --status are about reading packs");
    for (size_t i = 0; i < args->revisions.count; i++)
        TRY(verify(cli, args->revisions.items[i], args->revisions.count == 1));
    return NULL;
}

const struct cli_command cmd_verify = {
    .name = "verify",
    .summary = "check signatures, or read everything that is stored",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct verify_args),
    .run = run,
};
