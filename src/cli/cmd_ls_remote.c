/*
 * dits ls-remote - the refs of another repository
 */
#include <dits/transfer.h>

#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/json.h"

struct ls_remote_args {
    struct cli_list operands;
    bool branches;
    bool tags;
    bool refs;
};

static const struct cli_option options[] = {
    CLI_OPERANDS(
        "REMOTE", struct ls_remote_args, operands,
        "a remote or the address of a repository, and patterns of names"),
    CLI_SWITCH('b', "branches", struct ls_remote_args, branches,
               "only branches"),
    CLI_SWITCH(0, "heads", struct ls_remote_args, branches, "the same",
               .flags = CLI_HIDDEN),
    CLI_SWITCH('t', "tags", struct ls_remote_args, tags, "only tags"),
    CLI_SWITCH(0, "refs", struct ls_remote_args, refs,
               "leave out HEAD and what tags lead to"),
    CLI_END,
};

static const char help[] =
    "Lists what another repository has, with nothing brought or changed. For\n"
    "a tag with a message, a line with '^{}' says what it leads to.\n";

struct listing {
    struct cli *cli;
    const struct ls_remote_args *args;
};

static bool is_kind(const struct ls_remote_args *args, const char *name)
{
    if (!args->branches && !args->tags)
        return true;
    return (args->branches && text_starts_with(name, "refs/heads/")) ||
           (args->tags && text_starts_with(name, "refs/tags/"));
}

/* As git: a pattern fits the end of a name, from a slash on. */
static bool is_wanted(const struct ls_remote_args *args, const char *name)
{
    size_t count = args->operands.count;
    if (!is_kind(args, name))
        return false;
    for (size_t i = 1; i < count; i++) {
        const char *const *pattern = &args->operands.items[i];
        for (const char *at = name; at != NULL; at = strchr(at, '/')) {
            at += *at == '/' ? 1 : 0;
            if (glob_match_any(pattern, 1, at, 0))
                return true;
        }
    }
    return count <= 1;
}

static void print_json(const struct cli *cli, const struct dits_remote_ref *ref)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "name", ref->name);
    json_oid(&json, "id", &ref->id);
    json_oid(&json, "commit", &ref->commit);
    json_string(&json, "target", ref->target);
    json_end(&json);
}

static dits_error *print_ref(const struct dits_remote_ref *ref, void *payload)
{
    const struct listing *listing = payload;
    const struct ls_remote_args *args = listing->args;
    struct cli *cli = listing->cli;
    char hex[DITS_OID_HEX_SIZE] = {0};
    if (!is_wanted(args, ref->name) ||
        (args->refs && strcmp(ref->name, "HEAD") == 0))
        return NULL;
    if (cli->json) {
        print_json(cli, ref);
        return NULL;
    }
    dits_oid_hex(&ref->id, hex);
    fprintf(cli->out, "%s\t%s\n", hex, ref->name);
    if (dits_oid_equal(&ref->id, &ref->commit) || args->refs)
        return NULL;
    dits_oid_hex(&ref->commit, hex);
    fprintf(cli->out, "%s\t%s^{}\n", hex, ref->name);
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct ls_remote_args *args = data;
    const char *remote = args->operands.count > 0 ? args->operands.items[0]
                                                  : NULL;
    struct listing listing = {.cli = cli, .args = args};
    if (remote == NULL && cli->repo == NULL)
        return cli_usage(cli, "REMOTE is missing");
    return dits_remote_list(cli->context, cli->repo, remote, print_ref,
                            &listing, NULL);
}

const struct cli_command cmd_ls_remote = {
    .name = "ls-remote",
    .summary = "list the refs of another repository",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_WANTS_REPO | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct ls_remote_args),
    .run = run,
};
