#include "repo/http_address.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define SCHEME "https://"
#define PLAIN "http://"
#define DEFAULT_PORT "443"

enum { MAX_PORT = 65535 };

void http_address_release(struct http_address *address)
{
    mem_free(address->server);
    mem_free(address->name);
    *address = (struct http_address){0};
}

static dits_error *wrong(const char *what)
{
    return error_hint(error_new(DITS_E_INVALID, "%s", what),
                      "An address is https://host[:port]/NAME.");
}

/* All bytes are letters, digits or among `others`, and there is one. */
static bool is_made_of(const char *text, size_t length, const char *others)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0' ||
            (!text_is_letter(text[i]) && (text[i] < '0' || text[i] > '9') &&
             strchr(others, text[i]) == NULL))
            return false;
    return length > 0;
}

/* Where the host ends: one of IPv6 stands in brackets. */
static bool split_host(const char *host, size_t length, size_t *out)
{
    const char *end = host[0] == '[' ? memchr(host, ']', length) : NULL;
    if (host[0] == '[') {
        *out = end != NULL ? (size_t)(end - host) + 1 : 0;
        return end != NULL &&
               is_made_of(host + 1, (size_t)(end - host) - 1, ":.");
    }
    const char *colon = memchr(host, ':', length);
    *out = colon != NULL ? (size_t)(colon - host) : length;
    return host[0] != '-' && is_made_of(host, *out, ".-_");
}

static bool is_port(const char *port)
{
    uint64_t number = 0;
    return text_to_u64(port, &number) && number > 0 && number <= MAX_PORT;
}

static dits_error *take_server(const char *host, size_t length,
                               struct http_address *out)
{
    CLEANUP(buf_release) struct buf server = {0};
    CLEANUP(text_free) char *port = NULL;
    size_t end = 0;
    if (memchr(host, '@', length) != NULL)
        return error_hint(
            error_new(DITS_E_INVALID, "a name or a password in an address"),
            "Say 'dits login https://host[:port]'.");
    if (length == 0 || !split_host(host, length, &end))
        return wrong("there is no such host");
    if (end < length && host[end] != ':')
        return wrong("there is no such port");
    TRY(end < length ? text_copy_part(host + end + 1, length - end - 1, &port)
                     : text_copy(DEFAULT_PORT, &port));
    if (!is_port(port))
        return wrong("there is no such port");
    TRY(buf_put_text(&server, SCHEME));
    for (size_t i = 0; i < end; i++)
        TRY(buf_put_u8(&server, (uint8_t)text_lower(host[i])));
    TRY(buf_printf(&server, ":%s", port));
    return buf_take_text(&server, &out->server);
}

dits_error *http_address_parse(const char *url, bool *out_is,
                               struct http_address *out)
{
    CLEANUP(http_address_release) struct http_address address = {0};
    *out_is = text_starts_with(url, SCHEME);
    if (text_starts_with(url, PLAIN))
        return error_hint(error_new(DITS_E_UNSUPPORTED,
                                    "without TLS others can read what is sent"),
                          "Write 'https://' in place of 'http://'.");
    if (!*out_is)
        return NULL;
    const char *host = url + strlen(SCHEME);
    size_t length = strcspn(host, "/");
    const char *name = host + length + (host[length] == '/');
    TRY(take_server(host, length, &address));
    if (name[0] != '\0' && !is_made_of(name, strlen(name), "._-"))
        return wrong("there is no such name of a repository");
    if (name[0] != '\0')
        TRY(text_copy(name, &address.name));
    *out = MOVE(address);
    return NULL;
}
