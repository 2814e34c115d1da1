/*
 * dits archive - the files of a commit as a tar or zip file
 */
#include <dits/archive.h>

#include <errno.h>
#include <string.h>

#include "base/new_file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/revisions.h"
#include "cli/terminal.h"

struct archive_args {
    const char *format;
    const char *prefix;
    const char *output;
    struct cli_list operands;
    struct cli_list paths;
};

static const char *const format_names[] = {
    [DITS_ARCHIVE_TAR] = "tar",         [DITS_ARCHIVE_TAR_GZ] = "tar.gz",
    [DITS_ARCHIVE_TAR_ZST] = "tar.zst", [DITS_ARCHIVE_ZIP] = "zip",
    [DITS_ARCHIVE_ZIP + 1] = NULL,
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct archive_args, operands,
                 "the commit, tag or tree; default: HEAD"),
    CLI_PATHS("PATH", struct archive_args, paths, "archive only these"),
    CLI_STRING(0, "format", "FORMAT", struct archive_args, format,
               "'tar', 'tar.gz', 'tar.zst' or 'zip'; default: what FILE ends "
               "in, else 'tar'",
               .choices = format_names),
    CLI_STRING(0, "prefix", "DIR/", struct archive_args, prefix,
               "put DIR/ before the name of each file"),
    CLI_STRING('o', "output", "FILE", struct archive_args, output,
               "write FILE instead of standard output"),
    CLI_END,
};

static const char help[] =
    "Writes the files of REV, as they are in it, into an archive that any\n"
    "system can unpack. The same REV gives the same bytes: all files have the\n"
    "time of the commit. Names are those from the top, also with PATH.\n";

/* "tgz" is another word for it. */
static enum dits_archive_format find_format(const struct archive_args *args)
{
    static const char *const endings[] = {".tar", ".tar.gz", ".tar.zst",
                                          ".zip"};
    for (unsigned i = 0; i < 4; i++) {
        if (args->format != NULL ? strcmp(args->format, format_names[i]) == 0
                                 : args->output != NULL &&
                                       text_ends_with(args->output, endings[i]))
            return (enum dits_archive_format)i;
    }
    if (args->format == NULL && args->output != NULL &&
        text_ends_with(args->output, ".tgz"))
        return DITS_ARCHIVE_TAR_GZ;
    return DITS_ARCHIVE_TAR;
}

static dits_error *write_out(const void *data, size_t size, void *payload)
{
    FILE *out = payload;
    if (fwrite(data, 1, size, out) != size)
        return error_errno(errno, "cannot write to standard output");
    return NULL;
}

struct writing {
    struct new_file file;
    uint64_t offset;
};

static void writing_release(struct writing *writing)
{
    new_file_release(&writing->file);
}

static dits_error *write_file(const void *data, size_t size, void *payload)
{
    struct writing *writing = payload;
    TRY(fs_write_at(&writing->file.file.file, writing->offset, data, size));
    writing->offset += size;
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct archive_args *args = data;
    struct revision_args revisions = {0};
    TRY(revisions_split(cli, &args->operands, &args->paths, &revisions));
    if (revisions.count > 1)
        return cli_usage(cli, "more than one revision");
    const struct dits_archive_options wanted = {
        .revision = revisions.count > 0 ? revisions.revisions[0] : NULL,
        .paths = revisions.paths,
        .format = find_format(args),
        .prefix = args->prefix,
    };
    if (args->output == NULL && cli->is_terminal)
        return error_hint(
            error_new(DITS_E_INVALID, "an archive is nothing for a terminal"),
            "Name a file with '-o FILE', or pipe it on.");
    if (args->output == NULL)
        return dits_archive(cli->repo, &wanted, write_out, cli->out);
    CLEANUP(writing_release) struct writing writing = {0};
    TRY(new_file_begin(args->output, &writing.file));
    TRY(dits_archive(cli->repo, &wanted, write_file, &writing));
    return new_file_publish(&writing.file);
}

const struct cli_command cmd_archive = {
    .name = "archive",
    .summary = "write the files of a commit as tar or zip",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES,
    .options = options,
    .args_size = sizeof(struct archive_args),
    .run = run,
};
