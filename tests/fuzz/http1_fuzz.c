/* Requests of HTTP/1.1, of any bytes. */
#include "http_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return http_fuzz_run(http1_new, (struct slice){0}, slice_of(data, size));
}
