#include "cli/media_track.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cli/color.h"
#include "cli/format.h"
#include "cli/time_text.h"
#include "screen/width.h"

enum { DETAIL_INDENT = 16 };

/* A line in the making. */
struct line {
    const struct dits_media_track *track;
    struct media_fact_list *facts;
    struct buf text;
};

static dits_error *put(struct line *line, const char *text)
{
    if (text[0] == '\0')
        return NULL;
    if (line->text.size > 0)
        TRY(buf_put_text(&line->text, ", "));
    return buf_put_text(&line->text, text);
}

/* A fact by itself, with words around it. */
static dits_error *put_fact(struct line *line, const char *before,
                            const char *name, const char *after)
{
    CLEANUP(buf_release) struct buf value = {0};
    CLEANUP(buf_release) struct buf text = {0};
    TRY(media_facts_take(line->facts, name, &value));
    if (value.size == 0)
        return NULL;
    TRY(buf_printf(&text, "%s%s%s", before, buf_text(&value), after));
    return put(line, buf_text(&text));
}

/* "h264 High 4.0" */
static dits_error *put_codec(struct line *line)
{
    CLEANUP(buf_release) struct buf value = {0};
    const struct dits_media_track *track = line->track;
    const char *codec = track->codec[0] != '\0' ? track->codec : track->tag;
    TRY(put(line, codec[0] != '\0' ? codec : "unknown codec"));
    TRY(media_facts_take(line->facts, "profile", &value));
    if (value.size > 0)
        TRY(buf_printf(&line->text, " %s", buf_text(&value)));
    TRY(media_facts_take(line->facts, "level", &value));
    if (value.size > 0 && track->kind == DITS_MEDIA_VIDEO)
        TRY(buf_printf(&line->text, " @ %s", buf_text(&value)));
    return NULL;
}

/* "bt2020 smpte2084", or once where all are the same. */
static dits_error *put_colour(struct line *line)
{
    static const char *const names[] = {"colour.primaries", "colour.transfer",
                                        "colour.matrix", "colour.range"};
    CLEANUP(buf_release) struct buf colour = {0};
    CLEANUP(buf_release) struct buf value = {0};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        TRY(media_facts_take(line->facts, names[i], &value));
        if (value.size == 0 || strcmp(buf_text(&value), "unknown") == 0 ||
            (colour.size > 0 &&
             strstr(buf_text(&colour), buf_text(&value)) != NULL))
            continue;
        TRY(buf_printf(&colour, "%s%s", colour.size > 0 ? " " : "",
                       buf_text(&value)));
    }
    return put(line, buf_text(&colour));
}

static dits_error *put_picture(struct line *line)
{
    const struct dits_media_track *track = line->track;
    char text[64] = {0};
    char rate[TIME_TEXT_ROOM] = {0};
    CLEANUP(buf_release) struct buf ignored = {0};
    struct dits_rational frames = media_facts_ratio(line->facts, "frame_rate");
    if (track->width > 0) {
        (void)snprintf(text, sizeof(text), "%" PRIu32 "x%" PRIu32, track->width,
                       track->height);
        TRY(put(line, text));
    }
    if (frames.den != 0 && frames.num > 0) {
        (void)snprintf(text, sizeof(text), "%s fps",
                       time_text_rate(frames, rate));
        TRY(put(line, text));
        TRY(media_facts_take(line->facts, "frame_rate", &ignored));
    }
    TRY(put_fact(line, "", "pixel_format", ""));
    return put_colour(line);
}

static dits_error *put_hdr(struct line *line)
{
    const struct dits_media_fact *fact = NULL;
    TRY(put_fact(line, "Dolby Vision ", "dolby_vision.profile", ""));
    if (media_facts_find(line->facts, "hdr10plus", &fact) > 0)
        TRY(put(line, "HDR10+"));
    else if (media_facts_find(line->facts, "hdr.mastering.max_luminance",
                              &fact) > 0)
        TRY(put(line, "HDR10"));
    return put_fact(line, "rotated ", "rotation", "°");
}

static dits_error *put_sound(struct line *line)
{
    const struct dits_media_track *track = line->track;
    const struct dits_media_fact *atmos = NULL;
    char text[64] = {0};
    if (track->sample_rate > 0) {
        char rate[TIME_TEXT_ROOM] = {0};
        struct dits_rational kilohertz = {track->sample_rate, 1000};
        (void)snprintf(text, sizeof(text), "%s kHz",
                       time_text_rate(kilohertz, rate));
        TRY(put(line, text));
    }
    size_t before = line->text.size;
    TRY(put_fact(line, "", "channel_layout", ""));
    if (line->text.size == before && track->channels > 0) {
        (void)snprintf(text, sizeof(text), "%" PRIu32 " channel%s",
                       track->channels, plural(track->channels));
        TRY(put(line, text));
    }
    return media_facts_find(line->facts, "atmos", &atmos) > 0
               ? put(line, "Atmos")
               : NULL;
}

static dits_error *put_rest(struct line *line)
{
    const struct dits_media_track *track = line->track;
    if (strcmp(track->language, "und") != 0)
        TRY(put(line, track->language));
    TRY(put_fact(line, "", "timecode", ""));
    TRY(put_fact(line, "\"", "title", "\""));
    if (track->is_encrypted)
        TRY(put(line, "encrypted"));
    return track->is_external ? put(line, "in another file") : NULL;
}

static dits_error *put_line(struct line *line)
{
    enum dits_media_kind kind = line->track->kind;
    TRY(put_codec(line));
    if (kind == DITS_MEDIA_VIDEO || kind == DITS_MEDIA_IMAGE) {
        TRY(put_picture(line));
        TRY(put_hdr(line));
    }
    if (kind == DITS_MEDIA_AUDIO)
        TRY(put_sound(line));
    return put_rest(line);
}

/* Words that go on in the next line where they do not fit. */
static void print_word(const struct cli *cli, const char *word, size_t columns,
                       size_t *column)
{
    size_t width = width_of(word);
    if (*column > DETAIL_INDENT && *column + 3 + width > columns) {
        fputc('\n', cli->out);
        *column = 0;
    }
    if (*column == 0) {
        fprintf(cli->out, "%*s", DETAIL_INDENT, "");
        *column = DETAIL_INDENT;
    } else {
        fputs(" · ", cli->out);
        *column += 3;
    }
    fputs(word, cli->out);
    *column += width;
}

static dits_error *print_samples(const struct cli *cli, const struct line *line,
                                 size_t columns, size_t *column)
{
    CLEANUP(buf_release) struct buf word = {0};
    char count[FORMAT_SIZE] = {0};
    char seconds[TIME_TEXT_ROOM] = {0};
    const struct dits_media_track *track = line->track;
    TRY(buf_printf(&word, "%s sample%s",
                   format_count(track->sample_count, count),
                   plural(track->sample_count)));
    print_word(cli, buf_text(&word), columns, column);
    if (track->start.den == 0 || track->start.num == 0)
        return NULL;
    buf_clear(&word);
    TRY(buf_printf(&word, "starts at %s",
                   time_text_seconds(track->start, seconds)));
    print_word(cli, buf_text(&word), columns, column);
    return NULL;
}

/* All that is not in the line: "name value · name value". */
static dits_error *print_details(const struct cli *cli, struct line *line,
                                 size_t columns)
{
    struct media_fact_list *facts = line->facts;
    size_t column = 0;
    fputs(color(cli, COLOR_DIM), cli->out);
    TRY(print_samples(cli, line, columns, &column));
    for (size_t i = 0; i < facts->count; i++) {
        CLEANUP(buf_release) struct buf word = {0};
        CLEANUP(buf_release) struct buf value = {0};
        const struct dits_media_fact *fact = &facts->items[i];
        if (facts->is_shown[i] ||
            (!cli->verbose && media_facts_is_quiet(fact->name)))
            continue;
        TRY(media_facts_take(facts, fact->name, &value));
        if (value.size == 0)
            continue;
        TRY(buf_printf(&word, "%s %s", fact->name, buf_text(&value)));
        print_word(cli, buf_text(&word), columns, &column);
    }
    fprintf(cli->out, "%s\n", color(cli, COLOR_RESET));
    return NULL;
}

dits_error *media_track_print(const struct cli *cli, const dits_media *media,
                              size_t index, const struct media_style *style,
                              size_t *out_left_out)
{
    CLEANUP(media_facts_release) struct media_fact_list facts = {0};
    CLEANUP(buf_release) struct buf text = {0};
    struct line line = {.track = dits_media_track_at(media, index),
                        .facts = &facts};
    TRY(media_facts_read(media, index, style->with_location, &facts));
    *out_left_out += facts.left_out;
    dits_error *err = put_line(&line);
    text = MOVE(line.text);
    TRY(err);
    fprintf(cli->out, "  %s%2zu  %-10s%s  %s\n", color(cli, COLOR_BOLD_CYAN),
            index + 1, dits_media_kind_name(line.track->kind),
            color(cli, COLOR_RESET), buf_text(&text));
    return print_details(cli, &line, style->columns);
}
