/* The process that watches, from its beginning to its end. */
#include <string.h>
#include <unistd.h>

#include "base/local_socket.h"
#include "base/random.h"
#include "base/text.h"
#include "base/watch.h"
#include "repo/scan_private.h"
#include "repo/watcher.h"
#include "repo/watcher_log.h"

enum {
    TURN_MS = 1000,     /* how often it looks whether it is still wanted */
    PATIENCE_MS = 1000, /* with a caller, and with one that is about to end */
};

struct serving {
    dits_repo *repo;
    char *folder; /* of the socket */
    char *socket;
    struct local_socket door;
    struct watch *watch;
    struct watcher_log log;
    uint8_t id[WATCHER_ID_SIZE];
    struct fs_stat root;
    bool is_over;
};

static void release_serving(struct serving *serving)
{
    local_socket_close(&serving->door);
    watch_free(serving->watch);
    watcher_log_release(&serving->log);
    text_free(&serving->socket);
    text_free(&serving->folder);
}

/* Nothing of before is known: whoever asks has to look at everything. */
static dits_error *begin_anew(struct serving *serving)
{
    watch_free(serving->watch);
    serving->watch = NULL;
    watcher_log_release(&serving->log);
    random_bytes(serving->id, sizeof(serving->id));
    TRY(fs_stat_path(serving->repo->work_dir, &serving->root));
    return watch_new(serving->repo->work_dir, scan_is_own_name,
                     &serving->watch);
}

static dits_error *note_change(const char *path, void *payload)
{
    struct serving *serving = payload;
    return watcher_log_add(&serving->log, path);
}

/* Everything that was done up to now is in the log, or the log is a new one. */
static dits_error *catch_up(struct serving *serving)
{
    enum watch_state state = WATCH_LOST;
    TRY(watch_drain(serving->watch, note_change, serving, &state));
    while (state == WATCH_LOST) {
        TRY(context_check(serving->repo->context));
        TRY(begin_anew(serving));
        TRY(watch_drain(serving->watch, note_change, serving, &state));
    }
    serving->is_over = serving->is_over || state == WATCH_OVER;
    return NULL;
}

/* `*out_known` false: more than there is room for. */
static dits_error *list_changes(const struct serving *serving, size_t from,
                                struct watcher_answer *answer, struct buf *out,
                                bool *out_known)
{
    const struct watcher_log *log = &serving->log;
    *out_known = true;
    for (size_t i = from; i < log->count && *out_known; i++) {
        const char *path = log->changes[i].path;
        if (path == NULL)
            continue;
        TRY(buf_put(out, path, strlen(path) + 1));
        answer->path_count++;
        *out_known = out->size <= WATCHER_PATHS_MAX;
    }
    return NULL;
}

static dits_error *answer_changes(const struct serving *serving,
                                  const struct watcher_token *since,
                                  struct watcher_answer *answer,
                                  struct buf *out)
{
    size_t from = 0;
    bool known = memcmp(since->watcher, serving->id, sizeof(serving->id)) ==
                     0 &&
                 watcher_log_find(&serving->log, since->number, &from);
    if (known)
        TRY(list_changes(serving, from, answer, out, &known));
    if (!known) {
        buf_clear(out);
        answer->path_count = 0;
    }
    answer->is_known = known;
    answer->path_bytes = (uint32_t)out->size;
    return NULL;
}

static dits_error *hear(const struct local_socket *line,
                        struct watcher_request *out)
{
    uint8_t bytes[WATCHER_REQUEST_SIZE];
    TRY(local_socket_receive(line, sizeof(bytes), bytes));
    return watcher_request_parse(bytes, out);
}

static dits_error *reply(struct serving *serving,
                         const struct watcher_request *request,
                         const struct local_socket *line)
{
    CLEANUP(buf_release) struct buf paths = {0};
    uint8_t bytes[WATCHER_ANSWER_SIZE];
    struct watcher_answer answer = {
        .now.number = serving->log.number,
        .device = serving->root.device,
        .inode = serving->root.inode,
        .process = (uint64_t)getpid(),
        .folders = watch_count(serving->watch),
    };
    memcpy(answer.now.watcher, serving->id, sizeof(serving->id));
    if (request->kind == WATCHER_ASK_CHANGES && !serving->is_over)
        TRY(answer_changes(serving, &request->since, &answer, &paths));
    serving->is_over = serving->is_over || request->kind == WATCHER_ASK_END;
    watcher_answer_encode(&answer, bytes);
    TRY(local_socket_send(line, bytes, sizeof(bytes)));
    return local_socket_send(line, paths.data, paths.size);
}

/* A caller that goes away or talks nonsense is no matter. */
static dits_error *unless_callers(dits_error *err)
{
    if (!dits_error_has(err, DITS_E_NETWORK) &&
        !dits_error_has(err, DITS_E_CORRUPT) &&
        !dits_error_has(err, DITS_E_UNSUPPORTED))
        return err;
    dits_error_free(err);
    return NULL;
}

static dits_error *let_in(struct serving *serving)
{
    CLEANUP(local_socket_close) struct local_socket line = {0};
    struct watcher_request request = {0};
    bool found = false;
    TRY(local_socket_accept(&serving->door, PATIENCE_MS, &line, &found));
    if (!found)
        return NULL;
    dits_error *err = hear(&line, &request);
    if (err != NULL)
        return unless_callers(err);
    TRY(catch_up(serving)); /* what is lost here is lost to all */
    return unless_callers(reply(serving, &request, &line));
}

static dits_error *loop(struct serving *serving)
{
    while (!serving->is_over) {
        bool called = false;
        TRY(context_check(serving->repo->context));
        TRY(watch_wait(serving->watch, &serving->door, TURN_MS, &called));
        if (called)
            TRY(let_in(serving));
        else
            TRY(catch_up(serving));
        /* Without its socket nobody can ask: the repository was removed. */
        serving->is_over = serving->is_over || !fs_exists(serving->socket);
    }
    return NULL;
}

static dits_error *take_lock(const dits_repo *repo, struct fs_file *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->private_dir, WATCHER_LOCK, &path));
    dits_error *err = fs_lock(path, FS_LOCK_EXCLUSIVE, PATIENCE_MS, out);
    return dits_error_has(err, DITS_E_LOCKED)
               ? error_hint(error_wrap(err, "another watcher is at work"),
                            "See 'dits watcher status'.")
               : err;
}

/* The socket is there when it is ready to answer, and no longer. */
dits_error *dits_watcher_run(dits_repo *repo)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(release_serving) struct serving serving = {.repo = repo};
    TRY(take_lock(repo, &lock));
    TRY(fs_join(repo->private_dir, WATCHER_FOLDER, &serving.folder));
    TRY(fs_join(serving.folder, WATCHER_SOCKET, &serving.socket));
    TRY_CONTEXT(begin_anew(&serving), "cannot watch '%s'", repo->work_dir);
    TRY(local_socket_listen(serving.folder, WATCHER_SOCKET, &serving.door));
    dits_error *err = loop(&serving);
    if (fs_exists(serving.socket))
        dits_error_free(fs_remove(serving.socket)); /* left behind is no harm */
    return err;
}
