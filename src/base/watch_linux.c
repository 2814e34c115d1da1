/* inotify: one watch for each folder, which tells of the names in it. */
#include "base/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/array.h"
#include "base/dir.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "base/watch_mounts.h"

enum {
    EVENT_ROOM = 64 * 1024,
    WATCHES_MAX = 1 << 26, /* numbers of watches: they only rise */
    WANTED = IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE |
             IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_ONLYDIR,
};

struct watch {
    char *root;
    watch_skip_fn *skip;
    struct fs_stat identity; /* of the root */
    struct watch_mounts mounts;
    int fd; /* of inotify, + 1 */

    /* The path of each watched folder, by the number of its watch. */
    char **folders;
    size_t folder_room;
    size_t folder_count;

    /* Folders that are still to be watched. */
    char **waiting;
    size_t waiting_count;
    size_t waiting_room;
    bool is_twice;  /* one folder was met under two paths */
    bool is_begun;  /* what is met now is new */
    bool is_linked; /* a new file was met that has another name */
};

static void forget_waiting(struct watch *watch)
{
    for (size_t i = 0; i < watch->waiting_count; i++)
        mem_free(watch->waiting[i]);
    watch->waiting_count = 0;
}

void watch_free(struct watch *watch)
{
    if (watch == NULL)
        return;
    if (watch->fd != 0)
        (void)close(watch->fd - 1);
    for (size_t i = 0; i < watch->folder_room; i++)
        mem_free(watch->folders[i]);
    mem_free(watch->folders);
    forget_waiting(watch);
    mem_free(watch->waiting);
    watch_mounts_release(&watch->mounts);
    mem_free(watch->root);
    mem_free(watch);
}

void watch_freep(struct watch **watch)
{
    watch_free(*watch);
}

size_t watch_count(const struct watch *watch)
{
    return watch->folder_count;
}

static dits_error *await_folder(struct watch *watch, const char *path)
{
    char **waiting = array_grown(watch->waiting, watch->waiting_count,
                                 &watch->waiting_room, sizeof(*waiting));
    if (waiting == NULL)
        return error_nomem();
    watch->waiting = waiting;
    TRY(text_copy(path, &watch->waiting[watch->waiting_count]));
    watch->waiting_count++;
    return NULL;
}

/* NULL: no watch of ours has that number. */
static char **folder_of(const struct watch *watch, int number)
{
    bool is_known = number >= 0 && (size_t)number < watch->folder_room &&
                    watch->folders[number] != NULL;
    return is_known ? &watch->folders[number] : NULL;
}

static dits_error *make_room(struct watch *watch, size_t number)
{
    size_t room = watch->folder_room > 0 ? watch->folder_room : 1024;
    if (number < watch->folder_room)
        return NULL;
    if (number >= WATCHES_MAX)
        return error_new(DITS_E_LIMIT, "too many folders came and went");
    while (room <= number)
        room *= 2;
    char **folders =
        mem_resize(watch->folders, watch->folder_room, room, sizeof(*folders));
    if (folders == NULL)
        return error_nomem();
    watch->folders = folders;
    watch->folder_room = room;
    return NULL;
}

static dits_error *note_folder(struct watch *watch, int number,
                               const char *path)
{
    char **known = folder_of(watch, number);
    if (known != NULL) {
        watch->is_twice = watch->is_twice || strcmp(*known, path) != 0;
        return NULL;
    }
    TRY(make_room(watch, (size_t)number));
    TRY(text_copy(path, &watch->folders[number]));
    watch->folder_count++;
    return NULL;
}

static void forget_folder(struct watch *watch, char **folder)
{
    mem_free(*folder);
    *folder = NULL;
    watch->folder_count--;
}

static dits_error *cannot_watch(int errnum, const char *path)
{
    if (errnum == ENOSPC)
        return error_hint(
            error_new(DITS_E_LIMIT, "the system watches no more folders"),
            "Raise fs.inotify.max_user_watches with sysctl.");
    return error_errno(errnum, "cannot watch the folder '%s'", path);
}

/* The open folder itself, whatever has its name by now. */
static dits_error *add_watch(struct watch *watch, const struct dir *dir,
                             const char *path)
{
    char way[32];
    (void)snprintf(way, sizeof(way), "/proc/self/fd/%d", dir->handle - 1);
    if (!dir_is_local(dir))
        return error_new(DITS_E_UNSUPPORTED,
                         "the file system of '%s' does not tell of changes",
                         *path != '\0' ? path : watch->root);
    int number = inotify_add_watch(
        watch->fd - 1, way, *path != '\0' ? WANTED : WANTED | IN_MOVE_SELF);
    return number >= 0 ? note_folder(watch, number, path)
                       : cannot_watch(errno, path);
}

struct listing {
    struct watch *watch;
    const struct dir *dir;
    const char *path;
    bool is_new; /* nothing in it was told of */
};

/* It may have changed by its other name, and which that is nobody tells. */
static void note_links(struct watch *watch, const struct fs_stat *stat)
{
    watch->is_linked = watch->is_linked ||
                       (stat->kind == FS_REGULAR && stat->links > 1);
}

static dits_error *meet_name(const char *name, enum fs_kind kind, void *payload)
{
    const struct listing *listing = payload;
    CLEANUP(buf_release) struct buf path = {0};
    struct fs_stat stat = {.kind = kind};
    bool found = true;
    if (kind == FS_REGULAR && listing->is_new)
        TRY(dir_stat(listing->dir, name, &stat, &found));
    if (listing->is_new && found)
        note_links(listing->watch, &stat);
    if (!found || stat.kind != FS_FOLDER || listing->watch->skip(name))
        return NULL;
    TRY(buf_printf(&path, "%s%s%s", listing->path,
                   *listing->path != '\0' ? "/" : "", name));
    return await_folder(listing->watch, buf_text(&path));
}

/* Watched before it is listed: what comes later is told. */
static dits_error *enter(struct watch *watch, const struct dir *root,
                         const char *path)
{
    CLEANUP(dir_close) struct dir dir = {0};
    bool found = false;
    dits_error *err = dir_open_below(root, path, &dir, &found);
    if (dits_error_has(err, DITS_E_DENIED)) {
        dits_error_free(err); /* nor can it be read: whoever looks will see */
        return NULL;
    }
    TRY(err);
    if (!found)
        return NULL;
    size_t count = watch->folder_count;
    TRY(add_watch(watch, &dir, path));
    struct listing listing = {
        .watch = watch,
        .dir = &dir,
        .path = path,
        .is_new = watch->is_begun && watch->folder_count > count,
    };
    return dir_list(&dir, meet_name, &listing);
}

static dits_error *watch_below(struct watch *watch, const char *path)
{
    CLEANUP(dir_close) struct dir root = {0};
    TRY(dir_open(watch->root, &root));
    TRY(await_folder(watch, path));
    while (watch->waiting_count > 0) {
        CLEANUP(text_free) char *next = NULL;
        watch->waiting_count--;
        next = MOVE(watch->waiting[watch->waiting_count]);
        TRY(enter(watch, &root, next));
    }
    return NULL;
}

/* A folder has left its path: what is below it is somewhere else now. */
static void forget_below(struct watch *watch, const char *path)
{
    for (size_t i = 0; i < watch->folder_room; i++) {
        char **folder = &watch->folders[i];
        if (*folder == NULL || !path_is_within(*folder, path))
            continue;
        (void)inotify_rm_watch(watch->fd - 1, (int)i);
        forget_folder(watch, folder);
    }
}

dits_error *watch_new(const char *root, watch_skip_fn *skip, struct watch **out)
{
    CLEANUP(watch_freep) struct watch *watch = mem_new(struct watch);
    if (watch == NULL)
        return error_nomem();
    watch->skip = skip;
    TRY(text_copy(root, &watch->root));
    TRY(fs_stat_path(root, &watch->identity));
    TRY(watch_mounts_open(root, &watch->mounts));
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0)
        return error_errno(errno, "cannot watch folders");
    watch->fd = fd + 1;
    TRY(watch_below(watch, ""));
    if (watch->is_twice)
        return error_new(DITS_E_UNSUPPORTED, "a folder is there twice");
    watch->is_begun = true;
    *out = MOVE(watch);
    return NULL;
}

static dits_error *look_at_links(struct watch *watch, const char *path)
{
    CLEANUP(text_free) char *full = NULL;
    struct fs_stat stat = {0};
    TRY(fs_join(watch->root, path, &full));
    dits_error *err = fs_stat_path(full, &stat);
    if (err == NULL)
        note_links(watch, &stat);
    dits_error_free(err); /* then it is gone again */
    return NULL;
}

/* What is in place of `path` by now. */
static dits_error *meet_again(struct watch *watch, const char *path,
                              uint32_t mask)
{
    if ((mask & IN_ISDIR) == 0)
        return (mask & (IN_CREATE | IN_MOVED_TO)) != 0
                   ? look_at_links(watch, path)
                   : NULL;
    /* Where two folders change places another one is there already. */
    if ((mask & IN_MOVED_FROM) != 0)
        forget_below(watch, path);
    return watch_below(watch, path);
}

/* What happened to a name in `folder`. */
static dits_error *on_name(struct watch *watch, const char *folder,
                           const struct inotify_event *event, watch_fn *fn,
                           void *payload)
{
    CLEANUP(buf_release) struct buf path = {0};
    if (watch->skip(event->name))
        return *folder != '\0' ? fn(folder, payload) : NULL;
    TRY(buf_printf(&path, "%s%s%s", folder, *folder != '\0' ? "/" : "",
                   event->name));
    TRY(fn(buf_text(&path), payload));
    TRY(meet_again(watch, buf_text(&path), event->mask));
    if (!watch->is_linked)
        return NULL;
    watch->is_linked = false;
    return fn("", payload);
}

static dits_error *on_event(struct watch *watch,
                            const struct inotify_event *event, watch_fn *fn,
                            void *payload, enum watch_state *state)
{
    if ((event->mask & (IN_Q_OVERFLOW | IN_UNMOUNT)) != 0)
        *state = WATCH_LOST;
    char **folder = folder_of(watch, event->wd);
    if (folder == NULL || *state != WATCH_GOOD)
        return NULL;
    if ((event->mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0 &&
        **folder == '\0')
        *state = WATCH_OVER;
    else if ((event->mask & IN_IGNORED) != 0)
        forget_folder(watch, folder);
    else if (event->len > 0) {
        /* Its own path: the table may move while it is worked on. */
        CLEANUP(text_free) char *own = NULL;
        TRY(text_copy(*folder, &own));
        TRY(on_name(watch, own, event, fn, payload));
        if (watch->is_twice)
            *state = WATCH_LOST;
    } else if (**folder == '\0' && (event->mask & IN_ATTRIB) != 0) {
        return fn("", payload);
    }
    return NULL;
}

static dits_error *on_events(struct watch *watch, const char *bytes,
                             size_t size, watch_fn *fn, void *payload,
                             enum watch_state *state)
{
    for (size_t at = 0; at < size && *state == WATCH_GOOD;) {
        const struct inotify_event *event = (const void *)(bytes + at);
        at += sizeof(*event) + event->len;
        TRY(on_event(watch, event, fn, payload, state));
    }
    return NULL;
}

/* Whether the path still leads to the folder that is watched. */
static bool is_in_place(const struct watch *watch)
{
    struct fs_stat now = {0};
    dits_error *err = fs_stat_path(watch->root, &now);
    bool same = err == NULL && now.inode == watch->identity.inode &&
                now.device == watch->identity.device;
    dits_error_free(err); /* then it is not */
    return same;
}

dits_error *watch_drain(struct watch *watch, watch_fn *fn, void *payload,
                        enum watch_state *out)
{
    _Alignas(struct inotify_event) char bytes[EVENT_ROOM];
    *out = is_in_place(watch) ? WATCH_GOOD : WATCH_OVER;
    while (*out == WATCH_GOOD) {
        ssize_t size = read(watch->fd - 1, bytes, sizeof(bytes));
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno != EAGAIN)
            return error_errno(errno, "cannot read what changed");
        if (size <= 0)
            break;
        TRY(on_events(watch, bytes, (size_t)size, fn, payload, out));
    }
    bool changed = false;
    if (*out == WATCH_GOOD)
        TRY(watch_mounts_changed(&watch->mounts, watch->root, &changed));
    if (changed)
        *out = WATCH_LOST;
    return NULL;
}

dits_error *watch_wait(const struct watch *watch,
                       const struct local_socket *door, unsigned ms,
                       bool *out_is_called)
{
    struct pollfd ends[2] = {{.fd = watch->fd - 1, .events = POLLIN},
                             {.fd = door->handle - 1, .events = POLLIN}};
    int ready = poll(ends, 2, (int)ms);
    if (ready < 0 && errno != EINTR)
        return error_errno(errno, "cannot wait for changes");
    *out_is_called = ready > 0 && ends[1].revents != 0;
    return NULL;
}
