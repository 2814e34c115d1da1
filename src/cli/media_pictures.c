#include "cli/media_pictures.h"

#include <inttypes.h>
#include <string.h>

#include <dits/picture.h>

#include "base/fs.h"
#include "base/text.h"
#include "cli/environment.h"
#include "cli/json.h"

/* Whoever asks waits for it, on a machine of their own. */
#define MEMORY_BYTES (UINT64_C(2) << 30)
enum { CPU_SECONDS = 120 };

/* Of a waveform, where no size is given; its width is how many levels. */
enum { WAVE_WIDTH = 1280, WAVE_HEIGHT = 240, LEVELS_MAX = 8192 };

struct pair {
    uint32_t first;
    uint32_t second;
};

static void picture_freep(dits_picture **picture)
{
    dits_picture_free(*picture);
}

static void waveform_freep(dits_waveform **waveform)
{
    dits_waveform_free(*waveform);
}

bool media_wish_is_given(const struct media_wish *wish)
{
    return wish->thumbnail != NULL || wish->sheet != NULL || wish->waveform;
}

/* "640x360": neither is 0, or longer than four digits can say. */
static bool parse_pair(const char *text, struct pair *out)
{
    uint32_t values[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        size_t digits = 0;
        for (; *text >= '0' && *text <= '9' && digits < 5; digits++, text++)
            values[i] = values[i] * 10 + (uint32_t)(*text - '0');
        if (values[i] == 0 || (i == 0 && *text != 'x'))
            return false;
        text += i == 0;
    }
    *out = (struct pair){values[0], values[1]};
    return *text == '\0';
}

/* Bytes on a terminal help nobody. */
static dits_error *check_output(struct cli *cli, const struct media_wish *wish)
{
    if (wish->output != NULL || (cli->json && wish->waveform))
        return NULL;
    if (cli->json)
        return cli_usage(cli, "'--json' with a picture needs '--output'");
    if (cli->is_terminal)
        return error_hint(
            cli_usage(cli, "a picture is not written to a terminal"),
            "Give a file with '--output FILE', or redirect the output.");
    return NULL;
}

dits_error *media_wish_check(struct cli *cli, const struct media_wish *wish,
                             size_t file_count)
{
    struct pair pair = {0};
    int wishes = (wish->thumbnail != NULL) + (wish->sheet != NULL) +
                 wish->waveform;
    if (wishes == 0)
        return wish->size != NULL || wish->output != NULL
                   ? cli_usage(cli, "'--size' and '--output' are for pictures")
                   : NULL;
    if (wishes > 1)
        return cli_usage(cli, "'--thumbnail', '--contact-sheet' and "
                              "'--waveform' exclude each other");
    if (file_count != 1)
        return cli_usage(cli, "a picture is made of one FILE");
    if (wish->size != NULL && !parse_pair(wish->size, &pair))
        return cli_usage(cli, "'%s' is no size, as 640x360 is one", wish->size);
    if (wish->sheet != NULL && !parse_pair(wish->sheet, &pair))
        return cli_usage(cli,
                         "'%s' is no number of columns and rows, as 4x4 "
                         "is one",
                         wish->sheet);
    return check_output(cli, wish);
}

static struct dits_decode_options options_of(const struct cli *cli,
                                             const struct media_wish *wish)
{
    struct pair size = {0};
    if (wish->size != NULL)
        (void)parse_pair(wish->size, &size); /* it was checked */
    return (struct dits_decode_options){
        .decoder = cli->environment->decoder,
        .memory_bytes = MEMORY_BYTES,
        .cpu_seconds = CPU_SECONDS,
        .track = wish->track,
        .width = size.first,
        .height = size.second,
    };
}

static dits_error *put_picture(const struct cli *cli,
                               const struct media_wish *wish,
                               dits_picture *picture)
{
    const void *bytes = NULL;
    size_t size = 0;
    TRY(dits_picture_png(picture, &bytes, &size));
    if (wish->output != NULL)
        return fs_replace(wish->output, bytes, size);
    (void)fwrite(bytes, 1, size, cli->out); /* told when it is finished */
    return NULL;
}

static dits_error *write_picture(const struct cli *cli,
                                 const struct media_wish *wish,
                                 dits_picture *picture, const char *name)
{
    const struct dits_picture_info *info = dits_picture_get_info(picture);
    TRY(put_picture(cli, wish, picture));
    if (!cli->json)
        return NULL;
    struct json json = json_begin(cli->out);
    json_string(&json, "file", name);
    json_string(&json, "output", wish->output);
    json_u64(&json, "width", info->width);
    json_u64(&json, "height", info->height);
    json_ratio(&json, "time", info->time.num, info->time.den);
    json_end(&json);
    return NULL;
}

static void print_channel(struct json *json, const dits_waveform *waveform,
                          uint32_t channel, const char *name, size_t member)
{
    uint32_t count = dits_waveform_get_info(waveform)->level_count;
    json_list_begin(json, name);
    for (uint32_t i = 0; i < count; i++) {
        struct dits_level level = {0};
        dits_waveform_level_at(waveform, channel, i, &level);
        const double values[] = {level.least, level.most, level.rms};
        json_list_real(json, values[member]);
    }
    json_list_end(json);
}

static void print_waveform(const struct cli *cli, const dits_waveform *waveform,
                           const char *name)
{
    const struct dits_waveform_info *info = dits_waveform_get_info(waveform);
    struct json json = json_begin(cli->out);
    json_string(&json, "file", name);
    json_u64(&json, "sample_rate", info->sample_rate);
    json_u64(&json, "samples", info->sample_count);
    json_ratio(&json, "duration", info->duration.num, info->duration.den);
    json_u64(&json, "levels", info->level_count);
    json_list_begin(&json, "channels");
    for (uint32_t i = 0; i < info->channels; i++) {
        json_list_object_begin(&json);
        print_channel(&json, waveform, i, "min", 0);
        print_channel(&json, waveform, i, "max", 1);
        print_channel(&json, waveform, i, "rms", 2);
        json_object_end(&json);
    }
    json_list_end(&json);
    json_end(&json);
}

static dits_error *grant_waveform(const struct cli *cli,
                                  const struct media_wish *wish,
                                  dits_media *media, const char *name)
{
    CLEANUP(waveform_freep) dits_waveform *waveform = NULL;
    CLEANUP(picture_freep) dits_picture *picture = NULL;
    const struct dits_decode_options options = options_of(cli, wish);
    uint32_t width = options.width > 0 ? options.width : WAVE_WIDTH;
    uint32_t height = options.height > 0 ? options.height : WAVE_HEIGHT;
    TRY(dits_waveform_measure(
        media, &options, width < LEVELS_MAX ? width : LEVELS_MAX, &waveform));
    if (cli->json)
        print_waveform(cli, waveform, name);
    if (cli->json && wish->output == NULL)
        return NULL;
    TRY(dits_waveform_draw(waveform, width, height, &picture));
    return put_picture(cli, wish, picture);
}

dits_error *media_wish_grant(struct cli *cli, const struct media_wish *wish,
                             dits_media *media, const char *name)
{
    CLEANUP(picture_freep) dits_picture *picture = NULL;
    const struct dits_decode_options options = options_of(cli, wish);
    struct dits_rational time = {0, 1};
    struct pair cells = {0};
    if (wish->waveform)
        return grant_waveform(cli, wish, media, name);
    if (wish->thumbnail != NULL) {
        TRY(dits_media_time_parse(media, wish->thumbnail, &time));
        TRY(dits_picture_at(media, &options, time, &picture));
    } else {
        (void)parse_pair(wish->sheet, &cells); /* it was checked */
        TRY(dits_picture_sheet(media, &options, cells.first, cells.second,
                               &picture));
    }
    return write_picture(cli, wish, picture, name);
}
