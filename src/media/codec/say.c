#include "media/codec/say.h"

#include <stdio.h>

#include "media/colour.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool is_known(const struct media_track *track, const char *name)
{
    return facts_find(&track->facts, name) != NULL;
}

dits_error *say_word(struct media_track *track, const char *name,
                     const char *word)
{
    if (word == NULL || word[0] == '\0' || is_known(track, name))
        return NULL;
    return facts_add_word(&track->facts, name, word);
}

dits_error *say_text(struct media_track *track, const char *name,
                     struct slice text)
{
    if (text.size == 0 || is_known(track, name))
        return NULL;
    return facts_add_text(&track->facts, name, text);
}

dits_error *say_integer(struct media_track *track, const char *name,
                        int64_t number)
{
    return is_known(track, name)
               ? NULL
               : facts_add_integer(&track->facts, name, number);
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

dits_error *say_rational(struct media_track *track, const char *name,
                         uint64_t number, uint64_t divisor)
{
    if (divisor == 0 || is_known(track, name))
        return NULL;
    uint64_t common = common_divisor(number, divisor);
    number /= common;
    divisor /= common;
    if (number > INT64_MAX || divisor > INT64_MAX)
        return NULL;
    return facts_add_rational(&track->facts, name, (int64_t)number,
                              (int64_t)divisor);
}

dits_error *say_true(struct media_track *track, const char *name)
{
    return is_known(track, name) ? NULL
                                 : facts_add_truth(&track->facts, name, true);
}

void say_size(struct media_track *track, uint64_t width, uint64_t height)
{
    bool is_sane = width > 0 && height > 0 && width <= 1u << 20 &&
                   height <= 1u << 20;
    if (!is_sane || track->width != 0 || track->height != 0)
        return;
    track->width = (uint32_t)width;
    track->height = (uint32_t)height;
}

void say_sound(struct media_track *track, uint32_t rate, uint32_t channels)
{
    if (track->sample_rate == 0)
        track->sample_rate = rate;
    if (track->channels == 0)
        track->channels = channels;
}

dits_error *say_colour(struct media_track *track, unsigned primaries,
                       unsigned transfer, unsigned matrix)
{
    TRY(say_word(track, "colour.primaries", colour_primaries_name(primaries)));
    TRY(say_word(track, "colour.transfer", colour_transfer_name(transfer)));
    return say_word(track, "colour.matrix", colour_matrix_name(matrix));
}

dits_error *say_range(struct media_track *track, bool is_full)
{
    return say_word(track, "colour.range", is_full ? "pc" : "tv");
}

/* Names as of ffmpeg: "yuv422p10le", "yuvj420p", "gbrp12le", "gray". */
static void name_pixels(struct pixel_layout layout, char *out, size_t size)
{
    static const char *const chroma[] = {"", "420p", "422p", "444p"};
    const char *family = layout.chroma == CHROMA_NONE          ? "gray"
                         : layout.is_rgb                       ? "gbr"
                         : layout.has_alpha                    ? "yuva"
                         : layout.is_jpeg && layout.depth == 8 ? "yuvj"
                                                               : "yuv";
    const char *sampling = layout.is_rgb && layout.chroma != CHROMA_NONE
                               ? (layout.has_alpha ? "ap" : "p")
                               : chroma[layout.chroma];
    if (layout.depth == 8)
        (void)snprintf(out, size, "%s%s", family, sampling);
    else
        (void)snprintf(out, size, "%s%s%ule", family, sampling, layout.depth);
}

dits_error *say_pixels(struct media_track *track, struct pixel_layout layout)
{
    static const char *const names[] = {"4:0:0", "4:2:0", "4:2:2", "4:4:4"};
    char name[24] = "";
    if (layout.chroma > CHROMA_444 || layout.depth < 8 || layout.depth > 16)
        return NULL;
    name_pixels(layout, name, sizeof(name));
    TRY(say_word(track, "pixel_format", name));
    TRY(say_integer(track, "bit_depth", layout.depth));
    return say_word(track, "chroma", names[layout.chroma]);
}

dits_error *say_usual_layout(struct media_track *track)
{
    static const char *const names[] = {"",    "mono", "stereo", "3.0", "4.0",
                                        "5.0", "5.1",  "6.1",    "7.1"};
    if (track->channels >= COUNT(names))
        return NULL;
    return say_word(track, "channel_layout", names[track->channels]);
}
