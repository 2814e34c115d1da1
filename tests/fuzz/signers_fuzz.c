/* A file of allowed signers of any bytes, asked for a key. */
#include <assert.h>
#include <stdint.h>

#include "repo/signers.h"
#include "sign/ssh_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char line[] =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhISZKgIkYH"
        "B4CZN7+E1fUCat4muFD2CDRCzH4AQTGM";
    CLEANUP(buf_release) struct buf key = {0};
    CLEANUP(buf_release) struct buf said = {0};
    bool found = false;
    dits_error *err = ssh_key_read_line(line, &key, NULL);
    const struct signers_question question = {
        .key = buf_slice(&key), .name_space = "dits", .time = 1781524800};
    if (err == NULL)
        err = signers_find(slice_of(data, size), &question, &found, &said);
    assert(err == NULL || !found);
    dits_error_free(err);
    return 0;
}
