/*
 * dits media - show what is in a video or sound file
 */
#include <string.h>

#include <dits/fragments.h>
#include <dits/media.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/content.h"
#include "cli/media_pictures.h"
#include "cli/media_print.h"
#include "cli/terminal.h"

struct media_args {
    bool with_location;
    bool keyframes;
    bool samples;
    bool map;
    bool tree;
    bool fragments;
    struct cli_number track;
    const char *thumbnail;
    const char *sheet;
    bool waveform;
    const char *size;
    const char *output;
    struct cli_list files;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("FILE", struct media_args, files,
                 "a file of the disk; FILE@REV or REV:FILE for a stored "
                 "version, :FILE for what is staged",
                 .flags = CLI_NEEDED),
    CLI_NUMBER('t', "track", "NUM", struct media_args, track,
               "show only this track, counted from 1"),
    CLI_SWITCH(0, "with-location", struct media_args, with_location,
               "show also where it was filmed"),
    CLI_SWITCH('k', "keyframes", struct media_args, keyframes,
               "list where decoding can start, and how sure that is"),
    CLI_SWITCH(0, "samples", struct media_args, samples,
               "list the samples of each track: place, size and times"),
    CLI_SWITCH(0, "map", struct media_args, map,
               "list which chunks of a stored version hold which time"),
    CLI_SWITCH(0, "tree", struct media_args, tree,
               "show the structure of the file, damage marked"),
    CLI_SWITCH(0, "fragments", struct media_args, fragments,
               "list the fragments of a fragmented MP4 or CMAF file"),
    CLI_STRING(0, "thumbnail", "TIME", struct media_args, thumbnail,
               "make a PNG of the picture at TIME: 90.5, 00:01:30.500, 50%, "
               "or a timecode"),
    CLI_OPTIONAL(0, "contact-sheet", "COLSxROWS", struct media_args, sheet,
                 "make a PNG of pictures from start to end (default: 4x4)",
                 .implied = "4x4"),
    CLI_SWITCH(0, "waveform", struct media_args, waveform,
               "make a PNG of the sound; with '--json' its levels"),
    CLI_STRING(0, "size", "WxH", struct media_args, size,
               "what a picture has to fit into"),
    CLI_STRING('o', "output", "FILE", struct media_args, output,
               "write the picture there, not to standard output"),
    CLI_END,
};

static const char help[] =
    "Shows what is in a media file: container, tracks, timecode, chapters,\n"
    "metadata, and what is wrong with it. It works without a repository, too.\n"
    "\n"
    "Where something was filmed is left out unless it is asked for.\n"
    "\n"
    "Pictures are decoded by a program of its own, 'dits-decode', which is\n"
    "locked in: it can read nothing but that file. It may not be installed.\n";

/* Where the revision of "FILE@REV" begins, or NULL: "a.mov@HEAD@{1}", too. */
static const char *find_revision(const char *operand)
{
    const char *at = strrchr(operand, '@');
    while (at != NULL && at > operand && at[1] == '{') {
        const char *before = at - 1;
        while (before > operand && *before != '@')
            before--;
        at = *before == '@' ? before : NULL;
    }
    return at != NULL && at > operand && at[1] != '\0' ? at + 1 : NULL;
}

static dits_error *split(struct cli *cli, const char *operand, char **out_rev,
                         char **out_path)
{
    const char *revision = find_revision(operand);
    if (strchr(operand, ':') != NULL || revision == NULL)
        return content_split(cli, operand, out_rev, out_path);
    TRY(text_copy(revision, out_rev));
    return text_copy_part(operand, (size_t)(revision - 1 - operand), out_path);
}

/*
 * A file of that name is meant before anything else: `err` is what came of
 * opening it. Whether a stored version is to be opened instead.
 */
static bool is_version(const struct cli *cli, const char *operand,
                       const dits_error *err)
{
    bool names_version = strchr(operand, ':') != NULL ||
                         find_revision(operand) != NULL;
    return err != NULL && names_version && cli->repo != NULL &&
           dits_error_code(err) == DITS_E_NOT_FOUND;
}

static dits_error *open_media(struct cli *cli, const char *operand,
                              dits_media **out)
{
    CLEANUP(text_free) char *revision = NULL;
    CLEANUP(text_free) char *path = NULL;
    dits_error *err = dits_media_open(cli->context, operand, out);
    if (!is_version(cli, operand, err))
        return err;
    dits_error_free(err); /* it is a version */
    TRY(split(cli, operand, &revision, &path));
    return dits_media_open_stored(cli->repo, revision, path, out);
}

static void fragments_freep(dits_fragments **fragments)
{
    dits_fragments_free(*fragments);
}

static dits_error *show_fragments(struct cli *cli, const char *operand)
{
    CLEANUP(fragments_freep) dits_fragments *fragments = NULL;
    CLEANUP(text_free) char *revision = NULL;
    CLEANUP(text_free) char *path = NULL;
    dits_error *err = dits_fragments_open(operand, &fragments);
    if (is_version(cli, operand, err)) {
        dits_error_free(err); /* it is a version */
        TRY(split(cli, operand, &revision, &path));
        err = dits_fragments_open_stored(cli->repo, revision, path, &fragments);
    }
    TRY(err);
    return media_print_fragments(cli, fragments, operand);
}

static void media_freep(dits_media **media)
{
    dits_media_free(*media);
}

static dits_error *print_tables(struct cli *cli, const struct media_args *args,
                                dits_media *media,
                                const struct media_style *style,
                                const char *name)
{
    if (args->tree)
        TRY(media_print_tree(cli, media, name));
    if (args->keyframes)
        TRY(media_print_keyframes(cli, media, style, name));
    if (args->samples)
        TRY(media_print_samples(cli, media, style, name));
    if (args->map)
        TRY(media_print_map(cli, media, style, name));
    if (args->fragments)
        TRY(show_fragments(cli, name));
    return NULL;
}

static struct media_wish wish_of(const struct media_args *args)
{
    return (struct media_wish){
        .thumbnail = args->thumbnail,
        .sheet = args->sheet,
        .waveform = args->waveform,
        .size = args->size,
        .output = args->output,
        .track = args->track.is_given ? (size_t)args->track.value : 0,
    };
}

/* `*out_known` false: no format that is known. */
static dits_error *show(struct cli *cli, const struct media_args *args,
                        const char *operand, bool *out_known)
{
    CLEANUP(media_freep) dits_media *media = NULL;
    struct media_style style = {
        .with_location = args->with_location,
        .has_track = args->track.is_given,
        .columns = cli->is_terminal ? terminal_width(stdout) : 80,
    };
    TRY(open_media(cli, operand, &media));
    *out_known = media != NULL;
    if (media == NULL)
        return NULL;
    size_t count = dits_media_get_info(media)->track_count;
    if (style.has_track && (args->track.value < 1 || args->track.value > count))
        return error_new(DITS_E_NOT_FOUND, "it has %zu track%s", count,
                         count == 1 ? "" : "s");
    style.track = style.has_track ? (size_t)args->track.value - 1 : 0;
    const struct media_wish wish = wish_of(args);
    if (media_wish_is_given(&wish))
        return media_wish_grant(cli, &wish, media, operand);
    if (args->keyframes || args->samples || args->map || args->tree ||
        args->fragments)
        return print_tables(cli, args, media, &style, operand);
    return cli->json ? media_json_print(cli, media, &style, operand)
                     : media_text_print(cli, media, &style, operand);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct media_args *args = data;
    const struct media_wish wish = wish_of(args);
    TRY(media_wish_check(cli, &wish, args->files.count));
    for (size_t i = 0; i < args->files.count; i++) {
        const char *operand = args->files.items[i];
        bool is_known = false;
        if (i > 0 && !cli->json)
            fputc('\n', cli->out);
        TRY_CONTEXT(show(cli, args, operand, &is_known), "cannot show '%s'",
                    operand);
        if (is_known)
            continue;
        if (args->files.count == 1)
            return error_new(DITS_E_UNSUPPORTED,
                             "'%s' is of no media format that dits knows",
                             operand);
        cli_note(cli, "'%s' is of no media format that dits knows", operand);
        cli->status = CLI_FAILED;
    }
    return NULL;
}

const struct cli_command cmd_media = {
    .name = "media",
    .summary = "show what is in a video or sound file",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_WANTS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct media_args),
    .run = run,
};
