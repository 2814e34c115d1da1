/*
 * dits verify - check signatures
 */
#include <dits/refs.h>
#include <dits/signature.h>

#include "cli/command.h"
#include "cli/signature.h"

struct verify_args {
    struct cli_list revisions;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct verify_args, revisions,
                 "the commits and tags to check", .flags = CLI_NEEDED),
    CLI_END,
};

static const char help[] =
    "Checks the signatures of commits and tags, and whose they are: the\n"
    "setting gpg.ssh.allowedSignersFile names a file of those who may sign, "
    "as\n"
    "'ssh-keygen' has it. A tag with a message is checked itself, any other\n"
    "name as the commit that it leads to.\n";

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

static dits_error *run(struct cli *cli, const void *data)
{
    const struct verify_args *args = data;
    for (size_t i = 0; i < args->revisions.count; i++)
        TRY(verify(cli, args->revisions.items[i], args->revisions.count == 1));
    return NULL;
}

const struct cli_command cmd_verify = {
    .name = "verify",
    .summary = "check signatures",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct verify_args),
    .run = run,
};
