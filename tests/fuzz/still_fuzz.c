/* DPX, Cineon, OpenEXR and TIFF: whichever the first bytes say. */
#include <stddef.h>
#include <stdint.h>

#include "media/formats.h"
#include "media_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct media_format *const formats[] = {
        &media_format_dpx, &media_format_cineon, &media_format_exr,
        &media_format_tiff};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (formats[i]->probe(slice_of(data, size), size))
            walk_media(formats[i], data, size);
    return 0;
}
