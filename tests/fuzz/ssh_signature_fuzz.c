/* A signature of any bytes, checked against a message. */
#include <stdint.h>

#include "sign/ssh_signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(ssh_signature_release) struct ssh_signature signature = {0};
    bool good = false;
    dits_error *err = ssh_signature_parse(slice_of(data, size), &signature);
    if (err == NULL)
        err = ssh_signature_check(&signature, "dits", slice_of_text("hello"),
                                  &good);
    dits_error_free(err);
    return 0;
}
