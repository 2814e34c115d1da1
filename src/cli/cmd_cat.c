/*
 * dits cat - print the content of stored files
 */
#include "base/text.h"
#include "cli/command.h"
#include "cli/content.h"

struct cat_args {
    const char *revision;
    struct cli_list files;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("FILE", struct cat_args, files,
                 "PATH, or REV:PATH, or :PATH for what is staged",
                 .flags = CLI_NEEDED),
    CLI_STRING('r', "revision", "REV", struct cat_args, revision,
               "take each PATH from REV instead of HEAD"),
    CLI_END,
};

static const char help[] =
    "Writes the bytes of files, as a commit has them, to standard output.\n"
    "Every byte is verified against its id while it is read. A PATH alone is\n"
    "relative to the current folder, one after a colon to the top.\n";

static dits_error *run(struct cli *cli, const void *data)
{
    const struct cat_args *args = data;
    for (size_t i = 0; i < args->files.count; i++) {
        CLEANUP(text_free) char *revision = NULL;
        CLEANUP(text_free) char *path = NULL;
        const char *file = args->files.items[i];
        if (args->revision != NULL) {
            TRY_CONTEXT(content_copy(cli, args->revision, file, NULL),
                        "cannot print '%s' of '%s'", file, args->revision);
            continue;
        }
        TRY(content_split(cli, file, &revision, &path));
        TRY_CONTEXT(content_copy(cli, revision, path, NULL),
                    "cannot print '%s'", file);
    }
    return NULL;
}

const struct cli_command cmd_cat = {
    .name = "cat",
    .summary = "print the content of stored files",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO,
    .options = options,
    .args_size = sizeof(struct cat_args),
    .run = run,
};
