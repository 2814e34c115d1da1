#include "media/codec/say.h"
#include "media/codec/units.h"

enum { EXTENDED_ASPECT = 255 };

static void read_aspect(struct bits *bits, struct vui_start *vui)
{
    unsigned code = bits_take(bits, 8);
    if (code == EXTENDED_ASPECT) {
        vui->aspect_width = bits_take(bits, 16);
        vui->aspect_height = bits_take(bits, 16);
    } else {
        (void)sample_aspect(code, &vui->aspect_width, &vui->aspect_height);
    }
}

struct vui_start vui_read_start(struct bits *bits)
{
    struct vui_start vui = {0};
    if (bits_flag(bits))
        read_aspect(bits, &vui);
    if (bits_flag(bits)) /* overscan_info_present */
        bits_skip(bits, 1);
    vui.has_signal = bits_flag(bits);
    if (vui.has_signal) {
        bits_skip(bits, 3); /* video_format */
        vui.is_full_range = bits_flag(bits);
        vui.has_colour = bits_flag(bits);
    }
    if (vui.has_colour) {
        vui.primaries = (uint8_t)bits_take(bits, 8);
        vui.transfer = (uint8_t)bits_take(bits, 8);
        vui.matrix = (uint8_t)bits_take(bits, 8);
    }
    vui.has_chroma_location = bits_flag(bits);
    if (vui.has_chroma_location) {
        vui.chroma_location = bits_ue(bits);
        (void)bits_ue(bits); /* of the bottom field */
    }
    return vui;
}

dits_error *vui_say_start(struct media_track *track,
                          const struct vui_start *vui)
{
    static const char *const locations[] = {"left", "center",     "topleft",
                                            "top",  "bottomleft", "bottom"};
    if (vui->aspect_width != 0)
        TRY(say_rational(track, "sample_aspect_ratio", vui->aspect_width,
                         vui->aspect_height));
    if (vui->has_signal)
        TRY(say_range(track, vui->is_full_range));
    if (vui->has_colour)
        TRY(say_colour(track, vui->primaries, vui->transfer, vui->matrix));
    if (vui->has_chroma_location && vui->chroma_location < 6)
        TRY(say_word(track, "chroma_location",
                     locations[vui->chroma_location]));
    return NULL;
}
