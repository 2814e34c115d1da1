/*
 * dits chunks - show how a stored file is cut into chunks
 */
#include <inttypes.h>

#include <dits/file.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/content.h"
#include "cli/format.h"
#include "cli/json.h"

struct chunks_args {
    const char *revision;
    bool missing;
    const char *file;
};

static const struct cli_option options[] = {
    CLI_OPERAND("FILE", struct chunks_args, file,
                "PATH, or REV:PATH, or :PATH for what is staged"),
    CLI_STRING('r', "revision", "REV", struct chunks_args, revision,
               "take PATH from REV instead of HEAD"),
    CLI_SWITCH('m', "missing", struct chunks_args, missing,
               "show only chunks that are not in the local store"),
    CLI_END,
};

static const char help[] =
    "Lists the chunks of a file in its order: where each begins, its size, "
    "what\n"
    "it takes in the store, its id and the pack that holds it. The last lines\n"
    "count what was shown.\n";

/* What one walk over the chunks carries along. */
struct listing {
    struct cli *cli;
    const struct chunks_args *args;
    uint64_t chunks;
    uint64_t bytes;
    uint64_t stored;
};

static void print_json(FILE *out, const struct dits_chunk_info *chunk)
{
    struct json json = json_begin(out);
    json_u64(&json, "offset", chunk->offset);
    json_u64(&json, "size", chunk->size);
    json_u64(&json, "stored_size", chunk->stored_size);
    json_oid(&json, "id", &chunk->id);
    json_bool(&json, "present", chunk->present);
    json_string(&json, "pack", chunk->pack);
    json_end(&json);
}

static dits_error *show_chunk(const struct dits_chunk_info *chunk,
                              void *payload)
{
    struct listing *listing = payload;
    FILE *out = listing->cli->out;
    if (listing->args->missing && chunk->present)
        return NULL;

    listing->chunks++;
    listing->bytes += chunk->size;
    listing->stored += chunk->stored_size;
    if (listing->cli->json) {
        print_json(out, chunk);
        return NULL;
    }
    char id[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(&chunk->id, id);
    fprintf(out, "%14" PRIu64 " %9" PRIu32 " %9" PRIu32 "  %.16s  %.12s\n",
            chunk->offset, chunk->size, chunk->stored_size, id,
            chunk->pack != NULL ? chunk->pack : "missing");
    return NULL;
}

static void file_freep(dits_file **file)
{
    dits_file_free(*file);
}

static dits_error *list(struct listing *listing, const char *revision,
                        const char *path)
{
    struct cli *cli = listing->cli;
    CLEANUP(file_freep) dits_file *file = NULL;
    char sizes[2][FORMAT_SIZE] = {{0}};
    char count[FORMAT_SIZE] = {0};
    TRY(dits_file_open(cli->repo, revision, path, &file));
    if (!cli->json)
        fprintf(cli->out, "%14s %9s %9s  %-16s  %s\n", "offset", "size",
                "stored", "id", "pack");
    TRY(dits_file_each_chunk(file, show_chunk, listing));
    if (cli->json)
        return NULL;
    fprintf(cli->out, "%s chunk%s, %s, stored as %s, cut as '%s'\n",
            format_count(listing->chunks, count), plural(listing->chunks),
            format_size(listing->bytes, sizes[0]),
            format_size(listing->stored, sizes[1]), dits_file_chunker(file));
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct chunks_args *args = data;
    struct listing listing = {.cli = cli, .args = args};
    CLEANUP(text_free) char *revision = NULL;
    CLEANUP(text_free) char *path = NULL;
    if (args->revision != NULL) {
        TRY(text_copy(args->revision, &revision));
        TRY(text_copy(args->file, &path));
    } else {
        TRY(content_split(cli, args->file, &revision, &path));
    }
    TRY_CONTEXT(list(&listing, revision, path),
                "cannot list the chunks of '%s'", args->file);
    return NULL;
}

const struct cli_command cmd_chunks = {
    .name = "chunks",
    .summary = "show how a stored file is cut into chunks",
    .help = help,
    .group = CLI_GROUP_ADMIN,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct chunks_args),
    .run = run,
};
