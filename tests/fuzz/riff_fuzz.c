/* WAV, AIFF and AVI: whichever the first bytes say. */
#include <stddef.h>
#include <stdint.h>

#include "media/formats.h"
#include "media_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct media_format *const formats[] = {
        &media_format_wav, &media_format_aiff, &media_format_avi};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (formats[i]->probe(slice_of(data, size), size))
            walk_media(formats[i], data, size);
    return 0;
}
