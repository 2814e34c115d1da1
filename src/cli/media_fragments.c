/* The fragments of a clip, a row or a JSON object for each. */
#include <inttypes.h>

#include "cli/color.h"
#include "cli/media_print.h"
#include "cli/time_text.h"

static const char *sync_text(const struct dits_fragment *fragment)
{
    return !fragment->is_usable ? "damaged" : fragment->is_sync ? "key" : "";
}

static void print_row(const struct cli *cli, size_t index,
                      const struct dits_fragment *fragment)
{
    char start[TIME_TEXT_ROOM] = "";
    char duration[TIME_TEXT_ROOM] = "";
    const char *sync = sync_text(fragment);
    time_text(fragment->start, (struct dits_rational){0, 0}, false, start);
    time_text_seconds(fragment->duration, duration);
    fprintf(cli->out, "%8zu %14s %14s %14" PRIu64 " %10" PRIu64 " %6zu%s%s\n",
            index + 1, start, duration, fragment->offset, fragment->size,
            fragment->part_count, sync[0] != '\0' ? "  " : "", sync);
}

static void print_json(const struct cli *cli, const char *name, size_t index,
                       const struct dits_fragment *fragment)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "file", name);
    json_u64(&json, "fragment", index + 1);
    json_u64(&json, "offset", fragment->offset);
    json_u64(&json, "size", fragment->size);
    json_u64(&json, "sequence_number", fragment->sequence_number);
    json_u64(&json, "tracks", fragment->part_count);
    json_ratio(&json, "start", fragment->start.num, fragment->start.den);
    json_ratio(&json, "duration", fragment->duration.num,
               fragment->duration.den);
    json_bool(&json, "sync", fragment->is_sync);
    json_bool(&json, "damaged", !fragment->is_usable);
    json_end(&json);
}

/* What the file's own tables are worth, and how it ends. */
static void print_notes(const struct cli *cli,
                        const struct dits_fragments_info *info)
{
    if (info->sidx_entries > 0)
        fprintf(cli->out,
                "sidx: %" PRIu32 " references, %" PRIu32 " of them wrong\n",
                info->sidx_entries, info->sidx_wrong);
    if (info->tfra_entries > 0)
        fprintf(cli->out,
                "mfra: %" PRIu32 " entries, %" PRIu32 " of them wrong\n",
                info->tfra_entries, info->tfra_wrong);
    if (info->has_own_samples)
        fputs("the movie box has samples of its own, before all fragments\n",
              cli->out);
    if (info->is_cut)
        fputs("what is behind the last fragment is damaged or cut off\n",
              cli->out);
}

dits_error *media_print_fragments(const struct cli *cli,
                                  const dits_fragments *fragments,
                                  const char *name)
{
    const struct dits_fragments_info *info = dits_fragments_get_info(fragments);
    if (!cli->json)
        fprintf(cli->out, "%s%8s %14s %14s %14s %10s %6s%s\n",
                color(cli, COLOR_DIM), "fragment", "start", "duration",
                "offset", "size", "tracks", color(cli, COLOR_RESET));
    for (size_t i = 0; i < info->count; i++) {
        struct dits_fragment fragment = {0};
        dits_fragments_at(fragments, i, &fragment);
        if (cli->json)
            print_json(cli, name, i, &fragment);
        else
            print_row(cli, i, &fragment);
    }
    if (!cli->json)
        print_notes(cli, info);
    return NULL;
}
