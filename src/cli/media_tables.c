/* The long tables of `dits media`: a row for each sample, chunk or element. */
#include <inttypes.h>

#include "cli/color.h"
#include "cli/ids.h"
#include "cli/media_print.h"
#include "cli/time_text.h"

struct rows {
    const struct cli *cli;
    const char *name;
    size_t track; /* from 0 */
    struct dits_rational time_base;
    struct dits_rational rate; /* frames a second, for timecodes */
    bool has_header;
    uint64_t count;
};

static const char *const sync_names[] = {"", "key", "partial"};

static struct json begin_row(const struct rows *rows)
{
    struct json json = json_begin(rows->cli->out);
    json_string(&json, "file", rows->name);
    json_u64(&json, "track", rows->track + 1);
    return json;
}

/* Before the first row, so that an empty track has none. */
static void print_header(struct rows *rows, const dits_media *media,
                         const char *columns)
{
    const struct cli *cli = rows->cli;
    if (cli->json || rows->has_header)
        return;
    const struct dits_media_track *track =
        dits_media_track_at(media, rows->track);
    rows->has_header = true;
    fprintf(cli->out, "%strack %zu, %s %s%s\n%s%s%s\n", color(cli, COLOR_BOLD),
            rows->track + 1, dits_media_kind_name(track->kind), track->codec,
            color(cli, COLOR_RESET), color(cli, COLOR_DIM), columns,
            color(cli, COLOR_RESET));
}

enum { OFFSET_SIZE = 24 };

/* In text; "-" is no place. */
static const char *offset_text(uint64_t offset, char text[OFFSET_SIZE])
{
    (void)snprintf(text, OFFSET_SIZE, "%" PRIu64, offset);
    if (offset == DITS_MEDIA_NO_OFFSET)
        (void)snprintf(text, OFFSET_SIZE, "-");
    return text;
}

static void put_offset(struct json *json, uint64_t offset)
{
    if (offset == DITS_MEDIA_NO_OFFSET)
        json_string(json, "offset", NULL);
    else
        json_u64(json, "offset", offset);
}

static dits_error *show_sample(const struct dits_media_sample *sample,
                               void *payload)
{
    struct rows *rows = payload;
    const char *sync = sync_names[sample->sync];
    char at[OFFSET_SIZE] = {0};
    if (!rows->cli->json) {
        fprintf(rows->cli->out,
                "%9" PRIu64 " %14s %10" PRIu32 " %12" PRId64 " %12" PRId64
                " %8" PRId64 "%s%s\n",
                sample->number, offset_text(sample->offset, at), sample->size,
                sample->dts, sample->pts, sample->duration,
                sync[0] != '\0' ? "  " : "", sync);
        return NULL;
    }
    struct json json = begin_row(rows);
    json_u64(&json, "number", sample->number);
    put_offset(&json, sample->offset);
    json_u64(&json, "size", sample->size);
    json_i64(&json, "dts", sample->dts);
    json_i64(&json, "pts", sample->pts);
    json_i64(&json, "duration", sample->duration);
    json_bool(&json, "sync", sample->sync != DITS_SYNC_NO);
    json_bool(&json, "partial", sample->sync == DITS_SYNC_PARTIAL);
    json_end(&json);
    return NULL;
}

static dits_error *show_keyframe(const struct dits_media_keyframe *keyframe,
                                 void *payload)
{
    struct rows *rows = payload;
    char time[TIME_TEXT_ROOM] = {0};
    char at[OFFSET_SIZE] = {0};
    if (!rows->cli->json) {
        time_text(keyframe->time, rows->rate, false, time);
        fprintf(rows->cli->out,
                "%9" PRIu64 " %14s %14s %10" PRIu32 "  %-8s %3u %%%s\n",
                keyframe->number, time, offset_text(keyframe->offset, at),
                keyframe->size, keyframe->source, keyframe->confidence,
                keyframe->is_partial ? "  partial" : "");
        return NULL;
    }
    struct json json = begin_row(rows);
    json_u64(&json, "number", keyframe->number);
    json_i64(&json, "pts", keyframe->pts);
    json_ratio(&json, "time", keyframe->time.num, keyframe->time.den);
    put_offset(&json, keyframe->offset);
    json_u64(&json, "size", keyframe->size);
    json_bool(&json, "partial", keyframe->is_partial);
    json_string(&json, "source", keyframe->source);
    json_u64(&json, "confidence", keyframe->confidence);
    json_end(&json);
    return NULL;
}

static dits_error *show_part(const struct dits_media_part *part, void *payload)
{
    struct rows *rows = payload;
    char from[TIME_TEXT_ROOM] = {0};
    char to[TIME_TEXT_ROOM] = {0};
    char id[DITS_OID_HEX_SIZE] = {0};
    if (!rows->cli->json) {
        dits_oid_hex(&part->id, id);
        time_text(part->from, rows->rate, false, from);
        time_text(part->to, rows->rate, false, to);
        fprintf(rows->cli->out,
                "%7" PRIu64 "  %.16s %9" PRIu32 "  %14s  %14s %8" PRIu64
                " %6" PRIu64 "\n",
                part->chunk, id, part->size, from, to, part->samples,
                part->syncs);
        return NULL;
    }
    struct json json = begin_row(rows);
    json_u64(&json, "chunk", part->chunk);
    json_oid(&json, "id", &part->id);
    json_u64(&json, "size", part->size);
    json_ratio(&json, "from", part->from.num, part->from.den);
    json_ratio(&json, "to", part->to.num, part->to.den);
    json_u64(&json, "samples", part->samples);
    json_u64(&json, "keyframes", part->syncs);
    json_end(&json);
    return NULL;
}

typedef dits_error *track_fn(dits_media *media, struct rows *rows);

/* `each` for every track that is wanted. */
static dits_error *print_tracks(const struct cli *cli, dits_media *media,
                                const struct media_style *style,
                                const char *name, track_fn *each)
{
    size_t count = dits_media_get_info(media)->track_count;
    struct rows rows = {.cli = cli, .name = name};
    bool is_first = true;
    TRY(media_frame_rate(media, &rows.rate));
    for (size_t i = 0; i < count; i++) {
        if (!media_style_has(style, i))
            continue;
        if (!is_first && !cli->json)
            fputc('\n', cli->out);
        is_first = false;
        rows.track = i;
        rows.has_header = false;
        TRY(each(media, &rows));
    }
    return NULL;
}

static dits_error *samples_of(dits_media *media, struct rows *rows)
{
    print_header(rows, media,
                 "   number         offset       size          dts          "
                 "pts duration");
    return dits_media_each_sample(media, rows->track, show_sample, rows);
}

dits_error *media_print_samples(const struct cli *cli, dits_media *media,
                                const struct media_style *style,
                                const char *name)
{
    return print_tracks(cli, media, style, name, samples_of);
}

/* Of sound every sample is one: of interest only when asked for. */
static dits_error *keyframes_of(dits_media *media, struct rows *rows)
{
    print_header(rows, media,
                 "   sample           time         offset       size  source  "
                 " sure");
    return dits_media_each_keyframe(media, rows->track, show_keyframe, rows);
}

static dits_error *video_keyframes_of(dits_media *media, struct rows *rows)
{
    enum dits_media_kind kind = dits_media_track_at(media, rows->track)->kind;
    return kind == DITS_MEDIA_VIDEO ? keyframes_of(media, rows) : NULL;
}

dits_error *media_print_keyframes(const struct cli *cli, dits_media *media,
                                  const struct media_style *style,
                                  const char *name)
{
    return print_tracks(cli, media, style, name,
                        style->has_track ? keyframes_of : video_keyframes_of);
}

static dits_error *parts_of(dits_media *media, struct rows *rows)
{
    print_header(rows, media,
                 "  chunk  id                    size            from"
                 "              to  samples   keys");
    return dits_media_each_part(media, rows->track, show_part, rows);
}

dits_error *media_print_map(const struct cli *cli, dits_media *media,
                            const struct media_style *style, const char *name)
{
    return print_tracks(cli, media, style, name, parts_of);
}

static dits_error *show_node(const struct dits_media_node *node, void *payload)
{
    const struct rows *rows = payload;
    const struct cli *cli = rows->cli;
    if (!cli->json) {
        fprintf(cli->out, "%14" PRIu64 " %14" PRIu64 "  %*s%s%s%s\n",
                node->offset, node->size, (int)(node->depth * 2), "",
                color(cli, node->is_damaged ? COLOR_RED : COLOR_RESET),
                node->name, node->is_damaged ? "  (damaged)" : "");
        fputs(color(cli, COLOR_RESET), cli->out);
        return NULL;
    }
    struct json json = json_begin(cli->out);
    json_string(&json, "file", rows->name);
    json_u64(&json, "depth", node->depth);
    json_string(&json, "name", node->name);
    json_u64(&json, "offset", node->offset);
    json_u64(&json, "size", node->size);
    json_u64(&json, "header", node->header_size);
    json_bool(&json, "damaged", node->is_damaged);
    json_end(&json);
    return NULL;
}

dits_error *media_print_tree(const struct cli *cli, dits_media *media,
                             const char *name)
{
    struct rows rows = {.cli = cli, .name = name};
    if (!cli->json)
        fprintf(cli->out, "%s        offset           size  element%s\n",
                color(cli, COLOR_DIM), color(cli, COLOR_RESET));
    return dits_media_each_node(media, show_node, &rows);
}
