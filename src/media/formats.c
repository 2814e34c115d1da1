#include "media/formats.h"

#include "media/media.h"

/*
 * Whose first bytes say most comes first; what is known only by a pattern of
 * packets comes last.
 */
static const struct media_format *const formats[] = {
    &media_format_isobmff,
    &media_format_matroska,
    &media_format_mxf,
    &media_format_wav,
    &media_format_avi,
    &media_format_aiff,
    &media_format_dpx,
    &media_format_cineon,
    &media_format_exr,
    &media_format_tiff,
    &media_format_mpegts,
    &media_format_es,
    NULL, /* the end */
};

const struct media_format *const *media_formats(size_t *out_count)
{
    *out_count = sizeof(formats) / sizeof(formats[0]) - 1;
    return formats;
}
