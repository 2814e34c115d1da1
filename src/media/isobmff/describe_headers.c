/*
 * Headers of the movie, of tracks and of their media: ISO/IEC 14496-12, 8.2.2,
 * 8.3.2, 8.4.2.
 */
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/isobmff/describe_parts.h"

/* Whole days since 1970-01-01 as year, month, day (proleptic Gregorian). */
static void civil_of_days(int64_t days, int64_t out[3])
{
    enum { DAYS_OF_ERA = 146097, FROM_YEAR_0 = 719468 };
    int64_t shifted = days + FROM_YEAR_0; /* since 0000-03-01 */
    int64_t era = shifted / DAYS_OF_ERA;
    int64_t day = shifted % DAYS_OF_ERA;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    out[2] = of_year - (153 * month + 2) / 5 + 1;
    out[1] = month < 10 ? month + 3 : month - 9;
    out[0] = year + 400 * era + (out[1] <= 2 ? 1 : 0);
}

/*
 * Since 1904; some writers count from 1970, and what lies before then is of
 * one of these.
 */
dits_error *describe_creation(const struct described *to, uint64_t seconds)
{
    const uint64_t epoch = 2082844800, last = 253402300799 + epoch;
    const int64_t day = 86400;
    char text[48] = "";
    if (seconds == 0 || seconds > last)
        return NULL;
    int64_t unix_time = (int64_t)(seconds >= epoch ? seconds - epoch : seconds);
    int64_t date[3] = {0};
    civil_of_days(unix_time / day, date);
    int64_t left = unix_time % day;
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.000000Z",
                   (int)date[0], (int)date[1], (int)date[2], (int)(left / 3600),
                   (int)(left / 60 % 60), (int)(left % 60));
    return facts_add_word(to->facts, "creation_time", text);
}

/* After version and flags: creation and modification, long in version 1. */
static struct slice take_times(struct slice payload, uint64_t *out_creation)
{
    struct slice rest = slice_after(payload, FULL_BOX);
    bool is_long = payload.size > 0 && payload.data[0] == 1;
    size_t times = is_long ? 16 : 8;
    *out_creation = 0;
    if (rest.size < times)
        return (struct slice){0};
    *out_creation = is_long ? be64_load(rest.data) : be32_load(rest.data);
    return slice_after(rest, times);
}

static bool is_long(struct slice payload)
{
    return payload.size > 0 && payload.data[0] == 1;
}

/* a b u c d v x y w: 16.16, the third column 2.30 (14496-12, 6.2.2). */
enum { MATRIX = 9, MATRIX_BYTES = 36, ONE = 1 << 16 };

static const int32_t identity[MATRIX] = {ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30};

static void load_matrix(const uint8_t *at, int32_t out[MATRIX])
{
    for (size_t i = 0; i < MATRIX; i++)
        out[i] = (int32_t)be32_load(at + 4 * i);
}

static dits_error *add_matrix(const struct described *to,
                              const int32_t matrix[MATRIX])
{
    for (size_t i = 0; i < MATRIX; i++)
        TRY(facts_add_integer(to->facts, "matrix", matrix[i]));
    return NULL;
}

/* That of the movie, which is a fact of the file unless it changes nothing. */
static void movie_matrix(const struct media_file *file, int32_t out[MATRIX])
{
    size_t count = 0;
    memcpy(out, identity, sizeof(identity));
    for (size_t i = 0; i < file->facts.count && count < MATRIX; i++)
        if (strcmp(file->facts.list[i].name, "matrix") == 0)
            out[count++] = (int32_t)file->facts.list[i].number;
}

dits_error *describe_mvhd(const struct described *to, struct slice payload)
{
    uint64_t creation = 0;
    int32_t matrix[MATRIX] = {0};
    struct slice rest = take_times(payload, &creation);
    TRY(describe_creation(to, creation));
    /* Time scale, duration, rate, volume, ten reserved bytes. */
    rest = slice_after(rest, (is_long(payload) ? 12u : 8u) + 4 + 2 + 10);
    if (rest.size < MATRIX_BYTES || facts_find(to->facts, "matrix") != NULL)
        return NULL;
    load_matrix(rest.data, matrix);
    return memcmp(matrix, identity, sizeof(matrix)) == 0
               ? NULL
               : add_matrix(to, matrix);
}

static int32_t sign(int64_t value)
{
    return value > 0 ? 1 : value < 0 ? -1 : 0;
}

/*
 * The degrees by which a player turns the picture, with ffprobe's sign
 * (against the clock), of a matrix of quarter turns. Others have no name:
 * the matrix is a fact as well.
 */
static bool quarter_turns(const int64_t matrix[4], int *out)
{
    int32_t a = sign(matrix[0]), b = sign(matrix[1]);
    if ((a != 0) == (b != 0))
        return false;
    *out = a > 0 ? 0 : a < 0 ? -180 : b > 0 ? -90 : 90;
    return true;
}

static dits_error *add_orientation(const struct described *to,
                                   const int32_t track[MATRIX],
                                   const int32_t movie[MATRIX])
{
    /* Only the four numbers that turn and scale; halved: no overflow. */
    int64_t t[4] = {track[0], track[1], track[3], track[4]};
    int64_t m[4] = {movie[0], movie[1], movie[3], movie[4]};
    int64_t matrix[4] = {
        t[0] / 2 * m[0] + t[1] / 2 * m[2], t[0] / 2 * m[1] + t[1] / 2 * m[3],
        t[2] / 2 * m[0] + t[3] / 2 * m[2], t[2] / 2 * m[1] + t[3] / 2 * m[3]};
    int degrees = 0;
    int32_t turn = sign(matrix[0]) * sign(matrix[3]) -
                   sign(matrix[1]) * sign(matrix[2]);
    if (quarter_turns(matrix, &degrees))
        TRY(facts_add_integer(to->facts, "rotation", degrees));
    return turn < 0 ? facts_add_truth(to->facts, "flipped", true) : NULL;
}

static dits_error *add_track_matrix(const struct described *to,
                                    const uint8_t *at)
{
    int32_t matrix[MATRIX] = {0};
    int32_t movie[MATRIX] = {0};
    load_matrix(at, matrix);
    movie_matrix(to->file, movie);
    bool is_plain = memcmp(matrix, identity, sizeof(identity)) == 0;
    if (is_plain && memcmp(movie, identity, sizeof(identity)) == 0)
        return NULL;
    if (!is_plain)
        TRY(add_matrix(to, matrix));
    return add_orientation(to, matrix, movie);
}

/* Layer, alternate group, volume, matrix, width, height. */
static dits_error *add_layout(const struct described *to, struct slice rest)
{
    enum { AT_MATRIX = 16, AT_WIDTH = AT_MATRIX + MATRIX_BYTES };
    const uint8_t *at = rest.data;
    if (rest.size < AT_WIDTH + 8)
        return NULL;
    int16_t layer = (int16_t)be16_load(at + 8);
    if (layer != 0)
        TRY(facts_add_integer(to->facts, "layer", layer));
    if (be16_load(at + 10) != 0)
        TRY(facts_add_integer(to->facts, "alternate_group",
                              be16_load(at + 10)));
    TRY(add_track_matrix(to, at + AT_MATRIX));
    if (be32_load(at + AT_WIDTH) == 0 || be32_load(at + AT_WIDTH + 4) == 0)
        return NULL;
    TRY(facts_add_rational(to->facts, "display.width", be32_load(at + AT_WIDTH),
                           ONE));
    return facts_add_rational(to->facts, "display.height",
                              be32_load(at + AT_WIDTH + 4), ONE);
}

dits_error *describe_tkhd(const struct described *to, struct slice payload)
{
    enum { ENABLED = 1, IN_MOVIE = 2 };
    uint64_t creation = 0;
    struct slice rest = take_times(payload, &creation);
    if (payload.size < FULL_BOX || to->track == NULL)
        return NULL;
    unsigned flags = payload.data[3];
    TRY(facts_add_truth(to->facts, "disposition.default",
                        (flags & ENABLED) != 0));
    if ((flags & IN_MOVIE) == 0)
        TRY(facts_add_truth(to->facts, "in_movie", false));
    /* Track id, a reserved word, duration. */
    return add_layout(to, slice_after(rest, is_long(payload) ? 16 : 12));
}

/* The numbers of QuickTime, the first of them. */
static const char numbered[][4] = {
    "eng", "fre", "ger", "ita", "dut", "swe", "spa", "dan", "por", "nor", "heb",
    "jpn", "ara", "fin", "gre", "ice", "mlt", "tur", "hrv", "chi", "urd", "hin",
    "tha", "kor", "lit", "pol", "hun", "est", "lav", "smi", "fao", "per", "rus",
    "chi", "dut", "gle", "alb", "rum", "cze", "slo", "slv",
};

void language_text(unsigned code, char out[4])
{
    enum { FIRST_PACKED = 0x400, UNSPECIFIED = 0x7fff, BEFORE_A = 0x60 };
    (void)snprintf(out, 4, "und");
    if (code < sizeof(numbered) / sizeof(numbered[0]))
        memcpy(out, numbered[code], 4);
    if (code < FIRST_PACKED || code == UNSPECIFIED)
        return;
    for (unsigned i = 0; i < 3; i++) {
        unsigned letter = code >> (10 - 5 * i) & 0x1f;
        if (letter < 1 || letter > 26) {
            (void)snprintf(out, 4, "und");
            return;
        }
        out[i] = (char)(BEFORE_A + letter);
    }
}

dits_error *describe_mdhd(const struct described *to, struct slice payload)
{
    uint64_t creation = 0;
    struct slice rest = take_times(payload, &creation);
    if (to->track == NULL)
        return NULL;
    TRY(describe_creation(to, creation));
    rest = slice_after(rest, is_long(payload) ? 12 : 8);
    if (rest.size < 2 || to->track->language[0] != '\0')
        return NULL;
    char language[4] = "";
    language_text(be16_load(rest.data), language);
    (void)snprintf(to->track->language, sizeof(to->track->language), "%s",
                   language);
    return NULL;
}
