/* Certificates of any bytes, as DER and as PEM; a pin that is made is one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/pin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef dits_error *pin_fn(struct slice certificate, struct buf *out,
                           bool *out_valid);

static void look(pin_fn *pin_of, struct slice bytes)
{
    CLEANUP(buf_release) struct buf pin = {0};
    bool is_valid = false;
    dits_error *err = pin_of(bytes, &pin, &is_valid);
    if (err != NULL || is_valid != (pin.size > 0) ||
        (is_valid && !pin_is_valid(buf_text(&pin))))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_release) struct buf text = {0};
    look(pin_of_der, slice_of(data, size));
    look(pin_of_pem, slice_of(data, size));
    if (buf_put(&text, data, size) != NULL || buf_text(&text) == NULL)
        abort();
    (void)pin_is_valid(buf_text(&text));
    return 0;
}
