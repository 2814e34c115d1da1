#include "repo/ssh_address.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const char scheme[] = "ssh://";

void ssh_address_release(struct ssh_address *address)
{
    text_free(&address->host);
    text_free(&address->port);
    text_free(&address->path);
}

/* Nothing of it may be an option of ssh, or more than one word. */
static bool is_host(const char *host)
{
    for (const char *at = host; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7f || *at == '/')
            return false;
    return host[0] != '\0' && host[0] != '-' && host[0] != '@' &&
           !text_ends_with(host, "@") && strstr(host, "@-") == NULL;
}

static bool is_port(const char *port)
{
    uint64_t number = 0;
    return text_to_u64(port, &number) && number > 0 && number < 65536;
}

static bool is_path(const char *path)
{
    for (const char *at = path; *at != '\0'; at++)
        if (*at == '\n' || *at == '\r')
            return false;
    return path[0] != '\0' && path[0] != '-';
}

static dits_error *check(const struct ssh_address *address, const char *url)
{
    if (is_host(address->host) && is_path(address->path) &&
        (address->port == NULL || is_port(address->port)))
        return NULL;
    return error_hint(
        error_new(DITS_E_INVALID, "'%s' is no address of a repository", url),
        "Write ssh://[user@]host[:port]/path or [user@]host:path.");
}

/* "[::1]" is a host with colons in it. */
static dits_error *split_host(const char *text, size_t length,
                              struct ssh_address *out)
{
    CLEANUP(text_free) char *host = NULL;
    TRY(text_copy_part(text, length, &host));
    char *bracket = strrchr(host, ']');
    char *colon = strrchr(bracket != NULL ? bracket : host, ':');
    if (colon != NULL) {
        *colon = '\0';
        TRY(text_copy(colon + 1, &out->port));
    }
    char *open = strchr(host, '[');
    if (open != NULL && bracket != NULL && bracket[1] == '\0') {
        *bracket = '\0';
        memmove(open, open + 1, strlen(open));
    }
    out->host = MOVE(host);
    return NULL;
}

static dits_error *parse_url(const char *rest, struct ssh_address *out)
{
    size_t length = strcspn(rest, "/");
    const char *path = rest + length;
    TRY(split_host(rest, length, out));
    if (text_starts_with(path, "/~"))
        path++;
    return text_copy(path, &out->path);
}

static dits_error *parse_short(const char *url, const char *colon,
                               struct ssh_address *out)
{
    TRY(text_copy_part(url, (size_t)(colon - url), &out->host));
    return text_copy(colon + 1, &out->path);
}

dits_error *ssh_address_parse(const char *url, bool *out_is,
                              struct ssh_address *out)
{
    CLEANUP(ssh_address_release) struct ssh_address address = {0};
    const char *colon = strchr(url, ':');
    const char *slash = strchr(url, '/');
    bool is_url = text_starts_with(url, scheme);
    bool is_short = colon != NULL && (slash == NULL || colon < slash) &&
                    strncmp(colon, "://", 3) != 0;
    *out_is = is_url || is_short;
    if (!*out_is)
        return NULL;
    TRY(is_url ? parse_url(url + strlen(scheme), &address)
               : parse_short(url, colon, &address));
    TRY(check(&address, url));
    *out = MOVE(address);
    return NULL;
}

/* Quoted for a shell, but for a home folder at its start, which that knows. */
static dits_error *put_path(const char *path, struct buf *out)
{
    size_t home = path[0] == '~' ? strcspn(path, "/") : 0;
    for (size_t i = 1; i < home; i++)
        if (!text_is_letter(path[i]) &&
            strchr("0123456789_-.", path[i]) == NULL)
            home = 0;
    home += home > 0 && path[home] == '/';
    TRY(buf_put(out, path, home));
    if (path[home] == '\0')
        return NULL;
    TRY(buf_put_u8(out, '\''));
    for (const char *at = path + home; *at != '\0'; at++)
        TRY(*at == '\'' ? buf_put_text(out, "'\\''")
                        : buf_put_u8(out, (uint8_t)*at));
    return buf_put_u8(out, '\'');
}

dits_error *ssh_address_command(const struct ssh_address *address,
                                struct buf *out)
{
    TRY(buf_put_text(out, "dits serve --stdio "));
    return put_path(address->path, out);
}
