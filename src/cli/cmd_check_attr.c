/*
 * dits check-attr - what attributes files have
 */
#include <dits/attributes.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/paths.h"

struct check_attr_args {
    bool all;
    const char *source;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("ATTR", struct check_attr_args, operands,
                 "the attributes that are asked for; without '--', the first "
                 "operand alone, and the others are paths"),
    CLI_PATHS("PATH", struct check_attr_args, paths,
              "the files; they need not exist"),
    CLI_SWITCH('a', "all", struct check_attr_args, all,
               "show all attributes that are specified; all operands are "
               "paths"),
    CLI_STRING(0, "source", "REV", struct check_attr_args, source,
               "as the files of REV say it, not those of the work tree"),
    CLI_END,
};

static const char help[] =
    "Shows what '.ditsattributes', '.dits/info/attributes' and the file that\n"
    "the setting core.attributesFile names say of files: 'set', 'unset',\n"
    "'unspecified' or a value.\n";

static const char *text_of(const struct dits_attribute *attribute)
{
    switch (attribute->state) {
    case DITS_ATTRIBUTE_SET:
        return "set";
    case DITS_ATTRIBUTE_UNSET:
        return "unset";
    case DITS_ATTRIBUTE_VALUE:
        return attribute->value;
    case DITS_ATTRIBUTE_UNSPECIFIED:
        break;
    }
    return "unspecified";
}

static dits_error *show(const struct dits_attribute *attribute, void *payload)
{
    const struct cli *cli = payload;
    if (!cli->json) {
        TRY(path_print_here(cli, attribute->path));
        fprintf(cli->out, ": %s: %s\n", attribute->name, text_of(attribute));
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_string(&json, "path", attribute->path);
    json_string(&json, "attribute", attribute->name);
    json_string(&json, "value", text_of(attribute));
    json_end(&json);
    return NULL;
}

/* Which of the operands are attributes: 0 with -a. */
static dits_error *count_names(struct cli *cli,
                               const struct check_attr_args *args, size_t *out)
{
    *out = args->paths.is_given ? args->operands.count : 1;
    if (args->all && args->paths.is_given && args->operands.count > 0)
        return cli_usage(cli, "'-a' and '%s' exclude each other",
                         args->operands.items[0]);
    if (args->all)
        *out = 0;
    else if (args->operands.count == 0)
        return cli_usage(cli, "ATTR is missing");
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct check_attr_args *args = data;
    size_t names = 0;
    TRY(count_names(cli, args, &names));
    struct dits_paths paths = cli_paths(&args->paths);
    if (!args->paths.is_given)
        paths = (struct dits_paths){.items = args->operands.items + names,
                                    .count = args->operands.count - names};
    if (paths.count == 0)
        return cli_usage(cli, "PATH is missing");
    const struct dits_attributes_options wanted = {
        .source = args->source,
        .names = args->operands.items,
        .name_count = names,
    };
    return dits_attributes_each(cli->repo, &paths, &wanted, show, cli);
}

const struct cli_command cmd_check_attr = {
    .name = "check-attr",
    .summary = "show what attributes files have",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct check_attr_args),
    .run = run,
};
