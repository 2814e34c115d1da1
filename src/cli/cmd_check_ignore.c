/*
 * dits check-ignore - what is ignored, and why
 */
#include <dits/ignore.h>

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/paths.h"

struct check_ignore_args {
    bool non_matching;
    bool from_stdin;
    bool nul;
    bool no_index;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATH", struct check_ignore_args, operands,
                 "the files; they need not exist"),
    CLI_PATHS("PATH", struct check_ignore_args, paths, "the same"),
    CLI_SWITCH('n', "non-matching", struct check_ignore_args, non_matching,
               "with '-v': also those that no pattern matches"),
    CLI_SWITCH(0, "stdin", struct check_ignore_args, from_stdin,
               "read the paths from standard input, one to a line"),
    CLI_SWITCH('z', NULL, struct check_ignore_args, nul,
               "with '--stdin': paths end in NUL, and so do fields that are "
               "printed"),
    CLI_SWITCH(0, "no-index", struct check_ignore_args, no_index,
               "also files that are tracked"),
    CLI_END,
};

static const char help[] =
    "Prints those of the files that '.ditsignore' in their folders or above,\n"
    "'.dits/info/exclude' or the file that the setting core.excludesFile "
    "names\n"
    "say are to be ignored. '-v' says which pattern of which file does. What "
    "is\n"
    "tracked is never ignored. With '-q' the exit status alone answers.\n";

/* One run over the paths. */
struct asking {
    struct cli *cli;
    const struct check_ignore_args *args;
    dits_ignore_check *check;
    uint64_t matched;
};

static void release_asking(struct asking *asking)
{
    dits_ignore_check_free(asking->check);
}

static dits_error *print_path(const struct asking *asking, const char *path)
{
    FILE *out = asking->cli->out;
    if (asking->args->nul) {
        (void)fwrite(path, 1, strlen(path) + 1, out);
        return NULL;
    }
    TRY(path_print(out, path));
    putc('\n', out);
    return NULL;
}

static dits_error *print(const struct asking *asking,
                         const struct dits_ignore_answer *answer)
{
    FILE *out = asking->cli->out;
    bool has_source = answer->source != NULL;
    char line[24] = "";
    if (!asking->cli->verbose)
        return print_path(asking, answer->path);
    if (has_source)
        (void)snprintf(line, sizeof(line), "%" PRIu64, answer->line);
    const char *source = has_source ? answer->source : "";
    const char *pattern = has_source ? answer->pattern : "";
    if (asking->args->nul) {
        TRY(print_path(asking, source));
        TRY(print_path(asking, line));
        TRY(print_path(asking, pattern));
    } else {
        TRY(path_print(out, source));
        fprintf(out, ":%s:%s\t", line, pattern);
    }
    return print_path(asking, answer->path);
}

static void print_json(const struct cli *cli,
                       const struct dits_ignore_answer *answer)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "path", answer->path);
    json_bool(&json, "is_ignored", answer->is_ignored);
    json_string(&json, "source", answer->source);
    json_u64(&json, "line", answer->line);
    json_string(&json, "pattern", answer->pattern);
    json_end(&json);
}

/* As in git, with -v a pattern with '!' is an answer, too. */
static dits_error *ask(struct asking *asking, const char *path)
{
    struct dits_ignore_answer answer = {0};
    struct cli *cli = asking->cli;
    if (path[0] == '\0')
        return error_new(DITS_E_INVALID, "an empty text is no path");
    TRY(dits_ignore_ask(asking->check, path, &answer));
    bool is_match = answer.source != NULL &&
                    (answer.is_ignored || cli->verbose);
    asking->matched += is_match;
    if (cli->quiet || !(is_match || asking->args->non_matching))
        return NULL;
    if (!cli->json)
        return print(asking, &answer);
    print_json(cli, &answer);
    return NULL;
}

/* Answers are flushed: who asks may wait for each. */
static dits_error *ask_stdin(struct asking *asking)
{
    CLEANUP(buf_release) struct buf path = {0};
    int end = asking->args->nul ? '\0' : '\n';
    int byte = 0;
    while (byte != EOF) {
        byte = getc(stdin);
        if (byte != EOF && byte != end) {
            TRY(buf_put_u8(&path, (uint8_t)byte));
            continue;
        }
        if (byte == EOF && path.size == 0)
            break;
        TRY(ask(asking, buf_text(&path)));
        (void)fflush(asking->cli->out); /* the end of main() sees errors */
        buf_clear(&path);
    }
    return ferror(stdin) ? error_new(DITS_E_IO, "cannot read standard input")
                         : NULL;
}

static dits_error *check_usage(struct cli *cli,
                               const struct check_ignore_args *args,
                               size_t count)
{
    if (args->from_stdin && count > 0)
        return cli_usage(cli, "'--stdin' and PATH exclude each other");
    if (!args->from_stdin && args->nul)
        return cli_usage(cli, "'-z' needs '--stdin'");
    if (!args->from_stdin && count == 0)
        return cli_usage(cli, "PATH is missing");
    if (args->non_matching && !cli->verbose)
        return cli_usage(cli, "'-n' needs '-v'");
    if (cli->quiet && cli->verbose)
        return cli_usage(cli, "'-q' and '-v' exclude each other");
    if (cli->quiet && count != 1)
        return cli_usage(cli, "'-q' answers for one PATH");
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct check_ignore_args *args = data;
    CLEANUP(release_asking) struct asking asking = {.cli = cli, .args = args};
    TRY(check_usage(cli, args, args->operands.count + args->paths.count));
    TRY(dits_ignore_check_new(cli->repo, args->no_index, &asking.check));
    for (size_t i = 0; i < args->operands.count; i++)
        TRY(ask(&asking, args->operands.items[i]));
    for (size_t i = 0; i < args->paths.count; i++)
        TRY(ask(&asking, args->paths.items[i]));
    if (args->from_stdin)
        TRY(ask_stdin(&asking));
    if (asking.matched == 0)
        cli->status = CLI_FAILED;
    return NULL;
}

const struct cli_command cmd_check_ignore = {
    .name = "check-ignore",
    .summary = "show what is ignored, and why",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct check_ignore_args),
    .run = run,
};
