#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/socket.h"

static void set_flag(int socket, int level, int option, int value)
{
    (void)setsockopt(socket, level, option, &value, sizeof(value));
}

/* -1, with errno. */
static int bind_to(const struct sockaddr *address, socklen_t size)
{
    int made = socket(address->sa_family,
                      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0)
        return -1;
    set_flag(made, SOL_SOCKET, SO_REUSEADDR, 1);
    if (address->sa_family == AF_INET6)
        set_flag(made, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (bind(made, address, size) == 0 && listen(made, 1024) == 0)
        return made;
    int reason = errno;
    (void)close(made);
    errno = reason;
    return -1;
}

/* IPv6's takes IPv4's too, where there is IPv6. */
static int bind_to_all(uint16_t port)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6,
                               .sin6_addr = in6addr_any,
                               .sin6_port = htons(port)};
    struct sockaddr_in four = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_ANY),
                               .sin_port = htons(port)};
    int made = bind_to((struct sockaddr *)&six, sizeof(six));
    if (made >= 0 || (errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL))
        return made;
    return bind_to((struct sockaddr *)&four, sizeof(four));
}

static dits_error *bind_to_name(const char *name, uint16_t port, int *out)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char service[8];
    (void)snprintf(service, sizeof(service), "%u", port);
    int result = getaddrinfo(name, service, &hints, &found);
    if (result != 0)
        return error_new(DITS_E_NOT_FOUND, "%s", gai_strerror(result));
    int made = -1;
    int reason = EADDRNOTAVAIL;
    for (const struct addrinfo *at = found; at != NULL && made < 0;
         at = at->ai_next) {
        made = bind_to(at->ai_addr, at->ai_addrlen);
        reason = made < 0 ? errno : 0;
    }
    freeaddrinfo(found);
    *out = made;
    return made >= 0 ? NULL : error_from_errno(reason);
}

static uint16_t port_of(int socket)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof(address);
    if (getsockname(socket, (struct sockaddr *)&address, &size) != 0)
        return 0;
    struct sockaddr_in four = {0};
    struct sockaddr_in6 six = {0};
    memcpy(&four, &address, sizeof(four));
    memcpy(&six, &address, sizeof(six));
    return ntohs(address.ss_family == AF_INET6 ? six.sin6_port : four.sin_port);
}

static dits_error *listen_at(const char *address, uint16_t port, int *out)
{
    if (address != NULL)
        return bind_to_name(address, port, out);
    *out = bind_to_all(port);
    return *out >= 0 ? NULL : error_from_errno(errno);
}

dits_error *socket_listen(const char *address, uint16_t port, int *out_socket,
                          uint16_t *out_port)
{
    TRY_CONTEXT(listen_at(address, port, out_socket),
                "cannot listen on port %u of '%s'", port,
                address == NULL ? "*" : address);
    *out_port = port_of(*out_socket);
    return NULL;
}

/* IPv4 in IPv6 is IPv4; of IPv6 a peer commonly has a whole /64. */
static void describe(const struct sockaddr_storage *address,
                     struct socket_peer *out)
{
    *out = (struct socket_peer){0};
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)address;
        (void)inet_ntop(AF_INET, &four->sin_addr, out->address,
                        sizeof(out->address));
        memcpy(out->key, &four->sin_addr, 4);
        return;
    }
    struct sockaddr_in6 six = {0};
    memcpy(&six, address, sizeof(six));
    const uint8_t *bytes = six.sin6_addr.s6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
        (void)inet_ntop(AF_INET, bytes + 12, out->address,
                        sizeof(out->address));
        memcpy(out->key, bytes + 12, 4);
        return;
    }
    (void)inet_ntop(AF_INET6, bytes, out->address, sizeof(out->address));
    memcpy(out->key, bytes, 8);
    out->key[SOCKET_KEY_SIZE - 1] = 6;
}

static enum socket_answer answer_of(int reason)
{
    if (reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR)
        return SOCKET_LATER;
    return reason == EMFILE || reason == ENFILE || reason == ENOMEM ||
                   reason == ENOBUFS
               ? SOCKET_FULL
               : SOCKET_ENDED;
}

enum socket_answer socket_accept(int listener, int *out_socket,
                                 struct socket_peer *out_peer)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof(address);
    int made = accept4(listener, (struct sockaddr *)&address, &size,
                       SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (made < 0)
        return answer_of(errno);
    set_flag(made, IPPROTO_TCP, TCP_NODELAY, 1);
    describe(&address, out_peer);
    *out_socket = made;
    return SOCKET_OK;
}

enum socket_answer socket_receive(int socket, void *out, size_t room,
                                  size_t *out_size)
{
    ssize_t size = recv(socket, out, room, 0);
    *out_size = size > 0 ? (size_t)size : 0;
    return size > 0 ? SOCKET_OK : size == 0 ? SOCKET_ENDED : answer_of(errno);
}

enum socket_answer socket_send(int socket, const void *bytes, size_t size,
                               size_t *out_size)
{
    ssize_t sent = send(socket, bytes, size, MSG_NOSIGNAL);
    *out_size = sent > 0 ? (size_t)sent : 0;
    return sent >= 0 ? SOCKET_OK : answer_of(errno);
}

void socket_end(int socket)
{
    (void)shutdown(socket, SHUT_WR);
}

void socket_close(int socket)
{
    if (socket >= 0)
        (void)close(socket);
}
