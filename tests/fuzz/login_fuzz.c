/* Answers of servers to a login, and addresses, of any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "repo/http_login.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(text_free) char *found = NULL;
    CLEANUP(http_address_release) struct http_address address = {0};
    CLEANUP(buf_release) struct buf url = {0};
    bool is_https = false;
    dits_error_free(http_login_member(slice_of(data, size), "token", &found));
    if (found != NULL && !text_is_utf8(found, strlen(found)))
        abort();
    if (buf_put(&url, data, size) != NULL || buf_text(&url) == NULL)
        abort();
    dits_error_free(http_address_parse(buf_text(&url), &is_https, &address));
    return 0;
}
