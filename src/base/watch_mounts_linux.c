#include "base/watch_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

enum { POINT_FIELD = 4, READ_ROOM = 16 * 1024 };

/* As the list writes paths: what would end a field is an octal number. */
static dits_error *escape(const char *path, struct buf *out)
{
    for (const char *at = path; *at != '\0'; at++) {
        if (strchr(" \t\n\\", *at) != NULL)
            TRY(buf_printf(out, "\\%03o", (unsigned)(unsigned char)*at));
        else
            TRY(buf_put_u8(out, (uint8_t)*at));
    }
    return buf_put_u8(out, '/');
}

/* Whether the line is of something mounted below `folder`, which ends in '/'.
 */
static bool is_below(const char *line, const char *folder)
{
    for (unsigned i = 0; i < POINT_FIELD && line != NULL; i++) {
        line = strchr(line, ' ');
        line = line != NULL ? line + 1 : NULL;
    }
    return line != NULL && strncmp(line, folder, strlen(folder)) == 0;
}

static dits_error *read_list(int fd, struct buf *out)
{
    if (lseek(fd, 0, SEEK_SET) < 0)
        return error_errno(errno, "cannot read the list of mounts");
    for (;;) {
        void *at = NULL;
        TRY(buf_extend(out, READ_ROOM, &at));
        ssize_t got = read(fd, at, READ_ROOM);
        if (got < 0)
            return error_errno(errno, "cannot read the list of mounts");
        out->size -= READ_ROOM - (size_t)got;
        out->data[out->size] = '\0';
        if (got == 0)
            return NULL;
    }
}

static dits_error *hash_list(int fd, const char *root, struct dits_oid *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf folder = {0};
    struct hash hash;
    hash_begin(&hash);
    TRY(escape(root, &folder));
    TRY(read_list(fd, &text));
    for (const char *line = buf_text(&text); *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (is_below(line, buf_text(&folder)))
            hash_update(&hash, line, length);
        line += length + (line[length] == '\n');
    }
    hash_finish(&hash, out);
    return NULL;
}

dits_error *watch_mounts_open(const char *root, struct watch_mounts *out)
{
    int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(errno, "cannot read the list of mounts");
    out->fd = fd + 1;
    return hash_list(fd, root, &out->seen);
}

void watch_mounts_release(struct watch_mounts *mounts)
{
    if (mounts->fd != 0)
        (void)close(mounts->fd - 1);
    mounts->fd = 0;
}

dits_error *watch_mounts_changed(const struct watch_mounts *mounts,
                                 const char *root, bool *out)
{
    struct dits_oid now = {0};
    TRY(hash_list(mounts->fd - 1, root, &now));
    *out = !dits_oid_equal(&now, &mounts->seen);
    return NULL;
}
