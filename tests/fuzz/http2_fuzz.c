/* Frames of HTTP/2, of any bytes, behind a right beginning. */
#include "http_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char hello[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                                "\0\0\0\4\0\0\0\0";
    return http_fuzz_run(http2_new, slice_of(hello, sizeof(hello)),
                         slice_of(data, size));
}
