#include "base/local_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAITING_MAX = 16 };

static int fd_of(const struct local_socket *socket)
{
    return socket->handle - 1;
}

void local_socket_close(struct local_socket *socket)
{
    if (socket->handle != 0)
        (void)close(fd_of(socket));
    socket->handle = 0;
}

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* -1, with errno, when it is not a folder that is ours alone. */
static int open_folder(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
        (st.st_mode & 077) == 0)
        return fd;
    (void)close(fd);
    errno = EACCES;
    return -1;
}

/* By way of the open folder: an address has room for 107 bytes. */
static bool address_of(int folder, const char *name, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(out->sun_path, sizeof(out->sun_path),
                          "/proc/self/fd/%d/%s", folder, name);
    return length > 0 && (size_t)length < sizeof(out->sun_path);
}

static dits_error *new_socket(struct local_socket *out)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return error_errno(errno, "cannot make a socket");
    out->handle = fd + 1;
    return NULL;
}

static bool set_patience(int fd, unsigned ms)
{
    const struct timeval time = {.tv_sec = ms / 1000,
                                 .tv_usec = (suseconds_t)(ms % 1000) * 1000};
    return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) == 0 &&
           setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time)) == 0;
}

static bool is_ours(int fd)
{
    struct ucred who = {0};
    socklen_t size = sizeof(who);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
           size == sizeof(who) && who.uid == geteuid();
}

dits_error *local_socket_listen(const char *folder, const char *name,
                                struct local_socket *out)
{
    CLEANUP(local_socket_close) struct local_socket door = {0};
    struct sockaddr_un address;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return error_errno(errno, "cannot make folder '%s'", folder);
    CLEANUP(close_fd) int fd = open_folder(folder);
    if (fd < 0)
        return error_errno(errno, "cannot use folder '%s'", folder);
    if (!address_of(fd, name, &address))
        return error_new(DITS_E_LIMIT, "the name '%s' is too long", name);
    TRY(new_socket(&door));
    (void)unlinkat(fd, name, 0);
    if (bind(fd_of(&door), (const struct sockaddr *)&address,
             sizeof(address)) != 0 ||
        listen(fd_of(&door), WAITING_MAX) != 0 ||
        fcntl(fd_of(&door), F_SETFL, O_NONBLOCK) != 0)
        return error_errno(errno, "cannot listen in '%s'", folder);
    *out = MOVE(door);
    return NULL;
}

dits_error *local_socket_accept(const struct local_socket *door,
                                unsigned patience_ms, struct local_socket *out,
                                bool *out_found)
{
    CLEANUP(local_socket_close) struct local_socket line = {0};
    int fd = accept4(fd_of(door), NULL, NULL, SOCK_CLOEXEC);
    *out_found = false;
    if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
        return NULL;
    if (fd < 0)
        return error_errno(errno, "cannot let a caller in");
    line.handle = fd + 1;
    *out_found = is_ours(fd) && set_patience(fd, patience_ms);
    if (*out_found)
        *out = MOVE(line);
    return NULL;
}

dits_error *local_socket_connect(const char *folder, const char *name,
                                 unsigned patience_ms, struct local_socket *out,
                                 bool *out_found)
{
    CLEANUP(local_socket_close) struct local_socket line = {0};
    struct sockaddr_un address;
    *out_found = false;
    CLEANUP(close_fd) int fd = open_folder(folder);
    if (fd < 0 || !address_of(fd, name, &address))
        return NULL;
    TRY(new_socket(&line));
    *out_found = set_patience(fd_of(&line), patience_ms) &&
                 connect(fd_of(&line), (const struct sockaddr *)&address,
                         sizeof(address)) == 0 &&
                 is_ours(fd_of(&line));
    if (*out_found)
        *out = MOVE(line);
    return NULL;
}

static dits_error *gone(void)
{
    return error_new(DITS_E_NETWORK, "the other side does not answer");
}

dits_error *local_socket_send(const struct local_socket *socket,
                              const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t put = send(fd_of(socket), at, size, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return gone();
        at += put;
        size -= (size_t)put;
    }
    return NULL;
}

dits_error *local_socket_receive(const struct local_socket *socket, size_t size,
                                 void *out)
{
    char *at = out;
    while (size > 0) {
        ssize_t got = recv(fd_of(socket), at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return gone();
        at += got;
        size -= (size_t)got;
    }
    return NULL;
}
