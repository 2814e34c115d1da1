#include "media/matroska/ids.h"
#include "media/matroska/tracks.h"
#include "media/matroska/values.h"

/* StereoMode (RFC 9559, 5.1.4.1.28.3), by ffmpeg's names. */
static const char *const stereo_modes[] = {
    "mono",
    "left_right",
    "bottom_top",
    "top_bottom",
    "checkerboard_rl",
    "checkerboard_lr",
    "row_interleaved_rl",
    "row_interleaved_lr",
    "col_interleaved_rl",
    "col_interleaved_lr",
    "anaglyph_cyan_red",
    "right_left",
    "anaglyph_green_magenta",
    "block_lr",
    "block_rl",
};

static const char *const projections[] = {"rectangular", "equirectangular",
                                          "cubemap", "mesh"};

/* Size and fields of a picture, each as the element says it. */
struct video {
    uint64_t interlaced; /* 1 yes, 2 no */
    uint64_t field_order;
    uint64_t width, height;
    uint64_t display_width, display_height, display_unit;
    uint64_t stereo_mode;
};

static uint64_t *number_of(struct video *video, uint32_t id)
{
    switch (id) {
    case ID_FLAG_INTERLACED:
        return &video->interlaced;
    case ID_FIELD_ORDER:
        return &video->field_order;
    case ID_PIXEL_WIDTH:
        return &video->width;
    case ID_PIXEL_HEIGHT:
        return &video->height;
    case ID_DISPLAY_WIDTH:
        return &video->display_width;
    case ID_DISPLAY_HEIGHT:
        return &video->display_height;
    case ID_DISPLAY_UNIT:
        return &video->display_unit;
    case ID_STEREO_MODE:
        return &video->stereo_mode;
    default:
        return NULL;
    }
}

static const struct {
    uint32_t id;
    const char *name;
} integers[] = {
    {ID_ALPHA_MODE, "alpha_mode"},         {ID_PIXEL_CROP_TOP, "crop.top"},
    {ID_PIXEL_CROP_BOTTOM, "crop.bottom"}, {ID_PIXEL_CROP_LEFT, "crop.left"},
    {ID_PIXEL_CROP_RIGHT, "crop.right"},
};

static dits_error *add_integer(struct window *window,
                               const struct ebml_element *child,
                               struct media_track *track)
{
    for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++)
        if (integers[i].id == child->id)
            return value_integer(window, child, &track->facts,
                                 integers[i].name);
    return NULL;
}

static dits_error *read_projection(struct window *window,
                                   const struct ebml_element *projection,
                                   struct media_track *track)
{
    struct ebml_list list = ebml_children(window, projection);
    struct ebml_element child = {0};
    struct media_facts *facts = &track->facts;
    uint64_t type = 0;
    double pose[3] = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_PROJECTION_TYPE)
            TRY(ebml_uint(window, &child, &type));
        else if (child.id >= ID_POSE_YAW && child.id <= ID_POSE_ROLL)
            TRY(ebml_float(window, &child, &pose[child.id - ID_POSE_YAW]));
        TRY(ebml_next(&list, &child, &found));
    }
    if (type < sizeof(projections) / sizeof(projections[0]))
        TRY(facts_add_word(facts, "projection", projections[type]));
    TRY(value_float(facts, "projection.yaw", pose[0]));
    TRY(value_float(facts, "projection.pitch", pose[1]));
    return value_float(facts, "projection.roll", pose[2]);
}

/* FieldOrder (RFC 9559, 5.1.4.1.28.2): which field is shown, which stored. */
static const char *field_order(const struct video *video)
{
    if (video->interlaced == 2)
        return "progressive";
    if (video->interlaced != 1)
        return NULL;
    switch (video->field_order) {
    case 0:
        return "progressive";
    case 1:
        return "tt";
    case 6:
        return "bb";
    case 9:
        return "bt";
    case 14:
        return "tb";
    default:
        return NULL;
    }
}

/* How many pictures of two eyes are side by side, or one upon the other. */
static void count_views(uint64_t mode, unsigned *out_across, unsigned *out_down)
{
    bool is_across = mode == 1 || mode == 8 || mode == 9 || mode == 11;
    bool is_down = mode == 2 || mode == 3 || mode == 6 || mode == 7;
    *out_across = is_across ? 2 : 1;
    *out_down = is_down ? 2 : 1;
}

/* Pixels, centimetres, inches or a ratio: all give the shape of a picture. */
static dits_error *add_aspect(const struct video *video,
                              struct media_track *track)
{
    uint64_t width = video->display_width;
    uint64_t height = video->display_height;
    if (video->display_unit > 3)
        return NULL;
    if (video->display_unit == 0) {
        width = width == 0 ? video->width : width;
        height = height == 0 ? video->height : height;
    }
    uint64_t num = 0;
    uint64_t den = 0;
    unsigned across = 1;
    unsigned down = 1;
    count_views(video->stereo_mode, &across, &down);
    if (width > UINT32_MAX || height > UINT32_MAX)
        return NULL;
    width *= across;
    height *= down;
    if (__builtin_mul_overflow(video->height, width, &num) ||
        __builtin_mul_overflow(video->width, height, &den) || num == 0)
        return NULL;
    value_nearest(num, den, INT32_MAX, &num, &den);
    return value_ratio(&track->facts, "sample_aspect_ratio", num, den);
}

static dits_error *add_video(const struct video *video,
                             struct media_track *track)
{
    const char *order = field_order(video);
    size_t modes = sizeof(stereo_modes) / sizeof(stereo_modes[0]);
    track->width = video->width > UINT32_MAX ? 0 : (uint32_t)video->width;
    track->height = video->height > UINT32_MAX ? 0 : (uint32_t)video->height;
    if (order != NULL)
        TRY(facts_add_word(&track->facts, "field_order", order));
    if (video->stereo_mode > 0 && video->stereo_mode < modes)
        TRY(facts_add_word(&track->facts, "stereo_mode",
                           stereo_modes[video->stereo_mode]));
    return add_aspect(video, track);
}

dits_error *track_video_read(struct window *window,
                             const struct ebml_element *element,
                             struct media_track *track)
{
    struct ebml_list list = ebml_children(window, element);
    struct ebml_element child = {0};
    struct video video = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        uint64_t *number = number_of(&video, child.id);
        if (number != NULL)
            TRY(ebml_uint(window, &child, number));
        else if (child.id == ID_COLOUR)
            TRY(track_colour_read(window, &child, track));
        else if (child.id == ID_PROJECTION)
            TRY(read_projection(window, &child, track));
        else if (child.id == ID_UNCOMPRESSED_FOURCC)
            TRY(value_text(window, &child, &track->facts, "fourcc"));
        else
            TRY(add_integer(window, &child, track));
        TRY(ebml_next(&list, &child, &found));
    }
    return add_video(&video, track);
}
