/*
 * dits cat - print the content of stored files
 */
#include "base/text.h"
#include "cli/command.h"
#include "cli/content.h"

struct cat_args {
    const char *revision;
    const char *bytes;
    const char *fragments;
    const char *time;
    bool keep_times;
    bool keep_numbers;
    bool no_tables;
    struct cli_list files;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("FILE", struct cat_args, files,
                 "PATH, or REV:PATH, or :PATH for what is staged",
                 .flags = CLI_NEEDED),
    CLI_STRING('r', "revision", "REV", struct cat_args, revision,
               "take each PATH from REV instead of HEAD"),
    CLI_STRING('b', "bytes", "RANGE", struct cat_args, bytes,
               "only these: 0-499, 500-, or -500 for the last 500"),
    CLI_STRING(0, "fragments", "RANGE", struct cat_args, fragments,
               "a file of these fragments of a clip: 3..8, 3.., ..8 or 5"),
    CLI_STRING(0, "time", "RANGE", struct cat_args, time,
               "a file of the fragments that show this: 1:30..2:00, 90.5.."),
    CLI_SWITCH(0, "keep-times", struct cat_args, keep_times,
               "leave the times of fragments as they are in the clip"),
    CLI_SWITCH(0, "keep-numbers", struct cat_args, keep_numbers,
               "leave their sequence numbers as they are"),
    CLI_SWITCH(0, "no-tables", struct cat_args, no_tables,
               "add no tables of fragments (sidx, mfra)"),
    CLI_END,
};

static const char help[] =
    "Writes the bytes of files, as a commit has them, to standard output.\n"
    "Every byte is verified against its id while it is read. A PATH alone is\n"
    "relative to the current folder, one after a colon to the top.\n"
    "\n"
    "Of a fragmented MP4 or CMAF clip a part can be written as a file in its\n"
    "own right: nothing is encoded anew, and the media is the same to the\n"
    "byte. It starts where decoding can, at time 0 unless --keep-times says\n"
    "otherwise. 'dits media --fragments' lists what there is.\n";

static dits_error *parse_part(const struct cat_args *args,
                              struct content_part *out)
{
    out->has_bytes = args->bytes != NULL;
    out->has_fragments = args->fragments != NULL;
    out->has_times = args->time != NULL;
    out->options = (struct dits_fragment_file_options){
        .keep_times = args->keep_times,
        .keep_numbers = args->keep_numbers,
        .no_tables = args->no_tables,
    };
    if (out->has_fragments && out->has_times)
        return error_new(DITS_E_INVALID,
                         "fragments are chosen by number or by time");
    if (out->has_bytes)
        TRY(range_parse_bytes(args->bytes, &out->bytes));
    if (out->has_times)
        TRY(range_parse_times(args->time, &out->times));
    if (out->has_fragments)
        TRY(range_parse_numbers(args->fragments, &out->fragments));
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct cat_args *args = data;
    struct content_part part = {0};
    TRY(parse_part(args, &part));
    for (size_t i = 0; i < args->files.count; i++) {
        CLEANUP(text_free) char *revision = NULL;
        CLEANUP(text_free) char *path = NULL;
        const char *file = args->files.items[i];
        if (args->revision != NULL) {
            TRY_CONTEXT(content_copy_part(cli, args->revision, file, &part),
                        "cannot print '%s' of '%s'", file, args->revision);
            continue;
        }
        TRY(content_split(cli, file, &revision, &path));
        TRY_CONTEXT(content_copy_part(cli, revision, path, &part),
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
