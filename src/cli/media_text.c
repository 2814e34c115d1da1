/* The overview of `dits media`, for an editor. */
#include <inttypes.h>
#include <string.h>

#include "cli/color.h"
#include "cli/format.h"
#include "cli/media_print.h"
#include "cli/media_track.h"
#include "cli/paths.h"
#include "cli/table.h"
#include "cli/time_text.h"

dits_error *media_frame_rate(const dits_media *media, struct dits_rational *out)
{
    const struct dits_media_info *info = dits_media_get_info(media);
    *out = (struct dits_rational){0, 0};
    for (size_t i = 0; i < info->track_count && out->den == 0; i++) {
        CLEANUP(media_facts_release) struct media_fact_list facts = {0};
        if (dits_media_track_at(media, i)->kind != DITS_MEDIA_VIDEO)
            continue;
        TRY(media_facts_read(media, i, false, &facts));
        *out = media_facts_ratio(&facts, "frame_rate");
    }
    return NULL;
}

/* What an editor calls it. */
static const char *container_title(const char *container)
{
    static const struct {
        const char *name;
        const char *title;
    } titles[] = {
        {"mov", "QuickTime"}, {"mp4", "MP4"}, {"matroska", "Matroska"},
        {"webm", "WebM"},     {"mxf", "MXF"}, {"mpegts", "MPEG-TS"},
        {"avi", "AVI"},       {"wav", "WAV"}, {"aiff", "AIFF"},
        {"heif", "HEIF"},
    };
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (strcmp(titles[i].name, container) == 0)
            return titles[i].title;
    return container;
}

/* "2.2 Mb/s" on average, or "" */
static const char *format_bit_rate(const struct dits_media_info *info,
                                   char out[FORMAT_SIZE])
{
    double seconds = info->duration.den != 0 ? (double)info->duration.num /
                                                   (double)info->duration.den
                                             : 0;
    double rate = seconds > 0 ? (double)info->size * 8 / seconds : 0;
    out[0] = '\0';
    if (rate >= 1e6)
        (void)snprintf(out, FORMAT_SIZE, ", %.1f Mb/s", rate / 1e6);
    else if (rate > 0)
        (void)snprintf(out, FORMAT_SIZE, ", %.0f kb/s", rate / 1e3);
    return out;
}

static dits_error *print_head(const struct cli *cli, const dits_media *media,
                              struct dits_rational rate, const char *name)
{
    const struct dits_media_info *info = dits_media_get_info(media);
    char timecode[TIME_TEXT_ROOM] = {0};
    char seconds[TIME_TEXT_ROOM] = {0};
    char size[FORMAT_SIZE] = {0};
    char bits[FORMAT_SIZE] = {0};
    fputs(color(cli, COLOR_BOLD), cli->out);
    TRY(path_print(cli->out, name));
    fprintf(cli->out, "%s\n  %s", color(cli, COLOR_RESET),
            container_title(info->container));
    if (info->duration.den != 0 && info->duration.num > 0)
        fprintf(cli->out, ", %s (%s)",
                time_text(info->duration, rate, false, timecode),
                time_text_seconds(info->duration, seconds));
    fprintf(cli->out, ", %s%s\n", format_size(info->size, size),
            format_bit_rate(info, bits));
    return NULL;
}

static dits_error *print_facts(const struct cli *cli,
                               const struct media_style *style,
                               const struct media_fact_list *facts)
{
    CLEANUP(table_release)
    struct table table = {
        .columns = "ll", .indent = "  ", .wrap = style->columns};
    CLEANUP(buf_release) struct buf value = {0};
    for (size_t i = 0; i < facts->count;) {
        const struct dits_media_fact *first = NULL;
        size_t count = media_facts_find(facts, facts->items[i].name, &first);
        i += count;
        if (!cli->verbose && media_facts_is_quiet(first->name))
            continue;
        buf_clear(&value);
        for (size_t k = 0; k < count; k++) {
            TRY(buf_put_text(&value, k > 0 ? ", " : ""));
            TRY(media_fact_put(&first[k], &value));
        }
        if (value.size > 0)
            TRY(table_add(&table, "%s\t%s", first->name, buf_text(&value)));
    }
    if (table.rows.size > 0)
        fputc('\n', cli->out);
    table_print(&table, cli->out);
    return NULL;
}

static dits_error *print_chapters(const struct cli *cli,
                                  const struct media_fact_list *facts,
                                  struct dits_rational rate)
{
    const struct dits_media_fact *starts = NULL;
    const struct dits_media_fact *titles = NULL;
    size_t count = media_facts_find(facts, "chapter.start", &starts);
    bool has_titles = media_facts_find(facts, "chapter.title", &titles) ==
                      count;
    if (count > 0)
        fputs("\n  chapters\n", cli->out);
    for (size_t i = 0; i < count; i++) {
        CLEANUP(buf_release) struct buf title = {0};
        char time[TIME_TEXT_ROOM] = {0};
        struct dits_rational start = {starts[i].number, starts[i].divisor};
        if (has_titles)
            TRY(media_fact_put(&titles[i], &title));
        fprintf(cli->out, "    %s  %s\n", time_text(start, rate, false, time),
                buf_text(&title));
    }
    return NULL;
}

static void print_problems(const struct cli *cli, const dits_media *media)
{
    const struct dits_media_info *info = dits_media_get_info(media);
    char at[FORMAT_SIZE] = {0};
    if (info->problems_met == 0)
        return;
    fprintf(cli->out, "\n  %s%" PRIu64 " problem%s%s\n",
            color(cli, COLOR_YELLOW), info->problems_met,
            plural(info->problems_met), color(cli, COLOR_RESET));
    for (size_t i = 0; i < info->problem_count; i++) {
        struct dits_media_problem problem = {0};
        dits_media_problem_at(media, i, &problem);
        fprintf(cli->out, "    at byte %s, in %s: %s\n",
                format_count(problem.offset, at), problem.where, problem.text);
    }
    if (info->problems_met > info->problem_count)
        fputs("    and more\n", cli->out);
}

static void print_storage(const struct cli *cli, const dits_media *media)
{
    const struct dits_media_storage *storage = dits_media_get_storage(media);
    char count[FORMAT_SIZE] = {0};
    if (!storage->is_stored)
        return;
    fprintf(cli->out, "\n  stored %s, %s chunk%s", storage->form,
            format_count(storage->chunk_count, count),
            plural(storage->chunk_count));
    if (storage->stream_count > 1)
        fprintf(cli->out, " in %zu streams", storage->stream_count);
    fprintf(cli->out, ", cut as '%s'\n", storage->chunker);
    if (storage->reason != NULL)
        fprintf(cli->out, "  not woven: %s\n", storage->reason);
}

static dits_error *print_tracks(const struct cli *cli, const dits_media *media,
                                const struct media_style *style,
                                size_t *out_left_out)
{
    size_t count = dits_media_get_info(media)->track_count;
    if (count > 0)
        fputc('\n', cli->out);
    for (size_t i = 0; i < count; i++)
        if (media_style_has(style, i))
            TRY(media_track_print(cli, media, i, style, out_left_out));
    return NULL;
}

dits_error *media_text_print(const struct cli *cli, const dits_media *media,
                             const struct media_style *style, const char *name)
{
    CLEANUP(media_facts_release) struct media_fact_list facts = {0};
    struct dits_rational rate = {0, 0};
    size_t left_out = 0;
    TRY(media_frame_rate(media, &rate));
    TRY(media_facts_read(media, FACTS_OF_FILE, style->with_location, &facts));
    left_out = facts.left_out;
    TRY(print_head(cli, media, rate, name));
    TRY(print_tracks(cli, media, style, &left_out));
    if (!style->has_track) {
        TRY(print_chapters(cli, &facts, rate));
        TRY(print_facts(cli, style, &facts));
    }
    if (left_out > 0)
        fputs("\n  where it was filmed is left out: '--with-location' shows "
              "it\n",
              cli->out);
    print_problems(cli, media);
    print_storage(cli, media);
    return NULL;
}
