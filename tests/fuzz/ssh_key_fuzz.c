/* A private key, a public one on a line, and an agent's answer. */
#include <assert.h>
#include <stdint.h>

#include "base/text.h"
#include "sign/ssh_agent.h"
#include "sign/ssh_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_private(struct slice text)
{
    CLEANUP(ssh_private_key_release) struct ssh_private_key key = {0};
    dits_error *err = ssh_private_key_parse(text, &key);
    assert(!key.has_secret || ssh_key_ed25519(buf_slice(&key.blob)) != NULL);
    dits_error_free(err);
}

static void read_line(struct slice text)
{
    CLEANUP(text_free) char *line = NULL;
    CLEANUP(buf_release) struct buf blob = {0};
    CLEANUP(buf_release) struct buf print = {0};
    size_t length = 0;
    dits_error *err = text_copy_part((const char *)text.data, text.size, &line);
    if (err == NULL)
        err = ssh_key_read_line(line, &blob, &length);
    if (err == NULL)
        err = ssh_key_fingerprint(buf_slice(&blob), &print);
    assert(length <= text.size);
    (void)ssh_key_name(buf_slice(&blob));
    (void)ssh_key_ed25519(buf_slice(&blob));
    dits_error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_release) struct buf value = {0};
    struct slice text = slice_of(data, size);
    read_private(text);
    read_line(text);
    dits_error_free(ssh_agent_read_answer(text, &value));
    return 0;
}
