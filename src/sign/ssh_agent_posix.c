#include "sign/ssh_agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sign/ssh_key.h"

enum {
    SIGN_REQUEST = 13,
    SIGN_RESPONSE = 14,
    MAX_ANSWER = 256 * 1024,
    SLICE_MS = 100, /* how often a wait looks whether it was cancelled */
};

/* A connection: descriptor + 1. */
struct agent {
    const dits_context *context;
    int handle;
};

static void agent_close(struct agent *agent)
{
    if (agent->handle > 0)
        (void)close(agent->handle - 1);
    agent->handle = 0;
}

static dits_error *no_agent(const char *socket)
{
    return error_new(DITS_E_NOT_FOUND, "no ssh-agent answers at '%s'", socket);
}

static dits_error *agent_open(const char *path, struct agent *agent)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return no_agent(path);
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return error_errno(errno, "cannot make a socket");
    agent->handle = fd + 1;
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
        return no_agent(path);
    return NULL;
}

static dits_error *wait_for(const struct agent *agent, short events)
{
    struct pollfd at = {.fd = agent->handle - 1, .events = events};
    for (;;) {
        TRY(context_check(agent->context));
        int ready = poll(&at, 1, SLICE_MS);
        if (ready > 0)
            return NULL;
        if (ready < 0 && errno != EINTR)
            return error_errno(errno, "cannot wait for the ssh-agent");
    }
}

static dits_error *send_all(const struct agent *agent, struct slice bytes)
{
    while (bytes.size > 0) {
        TRY(wait_for(agent, POLLOUT));
        ssize_t sent =
            send(agent->handle - 1, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return error_errno(errno, "cannot write to the ssh-agent");
        if (sent > 0)
            bytes = slice_of(bytes.data + sent, bytes.size - (size_t)sent);
    }
    return NULL;
}

static dits_error *receive(const struct agent *agent, size_t size, void *out)
{
    for (size_t done = 0; done < size;) {
        TRY(wait_for(agent, POLLIN));
        ssize_t got = read(agent->handle - 1, (char *)out + done, size - done);
        if (got == 0)
            return error_new(DITS_E_CORRUPT, "the ssh-agent hung up");
        if (got < 0 && errno != EAGAIN && errno != EINTR)
            return error_errno(errno, "cannot read from the ssh-agent");
        done += got > 0 ? (size_t)got : 0;
    }
    return NULL;
}

static dits_error *receive_answer(const struct agent *agent, struct buf *out)
{
    uint8_t length[4] = {0};
    uint32_t size = 0;
    void *at = NULL;
    TRY(receive(agent, sizeof(length), length));
    struct cursor in = cursor_over(length, sizeof(length));
    TRY(cursor_be32(&in, &size));
    if (size > MAX_ANSWER)
        return error_new(DITS_E_CORRUPT, "an answer of %u bytes", size);
    TRY(buf_extend(out, size, &at));
    return receive(agent, size, at);
}

dits_error *ssh_agent_read_answer(struct slice answer, struct buf *out)
{
    struct cursor in = cursor_over(answer.data, answer.size);
    struct slice value = {0};
    uint8_t kind = 0;
    TRY(cursor_u8(&in, &kind));
    if (kind != SIGN_RESPONSE)
        return error_new(DITS_E_DENIED, "the ssh-agent does not sign with it");
    TRY(ssh_string_take(&in, &value));
    return buf_put(out, value.data, value.size);
}

static dits_error *put_request(struct slice key, struct slice to_sign,
                               struct buf *out)
{
    CLEANUP(buf_release) struct buf body = {0};
    TRY(buf_put_u8(&body, SIGN_REQUEST));
    TRY(ssh_string_put(&body, key));
    TRY(ssh_string_put(&body, to_sign));
    TRY(buf_put_be32(&body, 0)); /* flags: none is for Ed25519 */
    return ssh_string_put(out, buf_slice(&body));
}

dits_error *ssh_agent_sign(const dits_context *context, const char *socket,
                           struct slice key, struct slice to_sign,
                           struct buf *out)
{
    CLEANUP(agent_close) struct agent agent = {.context = context};
    CLEANUP(buf_release) struct buf request = {0};
    CLEANUP(buf_release) struct buf answer = {0};
    TRY(put_request(key, to_sign, &request));
    TRY(agent_open(socket, &agent));
    TRY(send_all(&agent, buf_slice(&request)));
    TRY(receive_answer(&agent, &answer));
    return ssh_agent_read_answer(buf_slice(&answer), out);
}
