#include "repo/picture_clock.h"

#include <dits/picture.h>

#include <string.h>

#include "base/clock.h"
#include "repo/media_private.h"
#include "repo/media_time.h"

/* No rate beyond it is one of pictures. */
enum { HIGHEST_RATE = 1000 };

static const char *find_timecode(const struct media_file *file)
{
    const struct fact *fact = NULL;
    for (size_t i = 0; i < file->track_count && fact == NULL; i++)
        fact = facts_find(&file->tracks[i].facts, "timecode");
    if (fact == NULL)
        fact = facts_find(&file->facts, "timecode");
    return fact != NULL && fact->type == FACT_TEXT ? fact->text : NULL;
}

static struct dits_rational find_rate(const struct media_file *file)
{
    for (size_t i = 0; i < file->track_count; i++) {
        if (file->tracks[i].kind != MEDIA_VIDEO)
            continue;
        const struct fact *fact =
            facts_find(&file->tracks[i].facts, "frame_rate");
        if (fact != NULL && fact->type == FACT_RATIONAL)
            return media_rational(fact->number, fact->divisor);
        if (fact != NULL && fact->type == FACT_INTEGER)
            return media_rational(fact->number, 1);
    }
    return (struct dits_rational){0, 0};
}

struct picture_clock picture_clock_of(const dits_media *media)
{
    const char *timecode = find_timecode(media->file);
    struct picture_clock clock = {
        .frame_rate = find_rate(media->file),
        .duration = media->info.duration,
    };
    struct dits_rational rate = clock.frame_rate;
    if (rate.den <= 0 || rate.num <= 0 || rate.num / rate.den > HIGHEST_RATE ||
        rate.num < rate.den || rate.num > INT32_MAX)
        return clock;
    clock.rate.frames = (uint32_t)((rate.num + rate.den / 2) / rate.den);
    if (timecode == NULL)
        return clock;
    clock.rate.is_drop = strchr(timecode, ';') != NULL;
    if (!timecode_number(timecode, clock.rate, &clock.first))
        clock.first = 0;
    return clock;
}

void picture_clock_text(const struct picture_clock *clock,
                        struct dits_rational time, char out[PICTURE_CLOCK_ROOM])
{
    double seconds = time.den != 0 ? (double)time.num / (double)time.den : 0;
    struct dits_rational rate = clock->frame_rate;
    out[0] = '\0';
    if (seconds < 0 || seconds > 1e9)
        return;
    if (clock->rate.frames > 0) {
        double frames = seconds * (double)rate.num / (double)rate.den;
        int64_t number = clock->first + (int64_t)(frames + 0.5);
        timecode_text(timecode_in_day(number, clock->rate), clock->rate, out);
        return;
    }
    clock_text((uint64_t)(seconds * 1000 + 0.5), out);
}

static dits_error *no_time(const char *text)
{
    return error_hint(error_new(DITS_E_INVALID, "'%s' is no time", text),
                      "Write 90.5, 00:01:30.500, 50%%, or a timecode, "
                      "01:00:10:12.");
}

/* "50%" of what the file lasts. */
static dits_error *parse_percent(const struct picture_clock *clock,
                                 const char *text, struct dits_rational *out)
{
    size_t length = strlen(text) - 1;
    int64_t part = 0;
    struct dits_rational whole = clock->duration;
    if (text[length] != '%' || strchr(text, ':') != NULL ||
        !clock_parse(text, length, &part) || part > INT64_C(100) * CLOCK_MICRO)
        return no_time(text);
    if (whole.den == 0)
        return error_new(DITS_E_NOT_FOUND, "it is not known how long it lasts");
    double seconds = (double)whole.num / (double)whole.den;
    if (seconds > 1e9)
        return error_new(DITS_E_LIMIT, "it lasts too long");
    double micros = seconds * (double)part / 100;
    *out = media_rational((int64_t)micros, CLOCK_MICRO);
    return NULL;
}

static dits_error *parse_timecode(const struct picture_clock *clock,
                                  const char *text, struct dits_rational *out)
{
    struct timecode_rate rate = clock->rate;
    int64_t frame = 0;
    char first[PICTURE_CLOCK_ROOM] = {0};
    if (rate.frames == 0)
        return error_new(DITS_E_NOT_FOUND,
                         "it has no pictures that '%s' could count", text);
    rate.is_drop = strchr(text, ';') != NULL;
    if (!timecode_number(text, rate, &frame))
        return no_time(text);
    frame -= clock->first;
    if (frame < 0)
        frame += (int64_t)timecode_day(clock->rate); /* past midnight */
    struct dits_rational time =
        media_rational(frame * clock->frame_rate.den, clock->frame_rate.num);
    if (clock->duration.den == 0 || media_is_before(time, clock->duration)) {
        *out = time;
        return NULL;
    }
    picture_clock_text(clock, (struct dits_rational){0, 1}, first);
    return error_new(DITS_E_NOT_FOUND,
                     "'%s' is not in it: its timecode starts at %s", text,
                     first);
}

dits_error *picture_clock_parse(const struct picture_clock *clock,
                                const char *text, struct dits_rational *out)
{
    size_t colons = 0;
    for (const char *at = text; *at != '\0'; at++)
        colons += *at == ':' || *at == ';';
    if (strchr(text, '%') != NULL)
        return parse_percent(clock, text, out);
    if (colons == 3)
        return parse_timecode(clock, text, out);
    int64_t micros = 0;
    if (!clock_parse(text, strlen(text), &micros))
        return no_time(text);
    *out = media_rational(micros, CLOCK_MICRO);
    return NULL;
}

dits_error *dits_media_time_parse(const dits_media *media, const char *text,
                                  struct dits_rational *out)
{
    struct picture_clock clock = picture_clock_of(media);
    return picture_clock_parse(&clock, text, out);
}
