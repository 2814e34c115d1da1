/* Matroska and WebM: all walks of a file. */
#include <stddef.h>
#include <stdint.h>

#include "media/formats.h"
#include "media_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk_media(&media_format_matroska, data, size);
    return 0;
}
