/* No bytes that are taken for a file of this format make trouble. */
#include "media/formats.h"
#include "media_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return media_fuzz(&media_format_mxf, data, size);
}
