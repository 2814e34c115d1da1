#include "repo/watcher.h"

#include "base/local_socket.h"
#include "base/text.h"
#include "repo/config.h"

enum {
    PATIENCE_MS = 1000,
    STOP_WAIT_MS = 5000, /* it may be listing folders */
};

void watcher_reply_release(struct watcher_reply *reply)
{
    buf_release(&reply->paths);
}

static dits_error *is_of_ours(const dits_repo *repo,
                              const struct watcher_answer *answer, bool *out)
{
    struct fs_stat stat = {0};
    TRY(fs_stat_path(repo->work_dir, &stat));
    *out = stat.device == answer->device && stat.inode == answer->inode;
    return NULL;
}

static dits_error *receive(const struct local_socket *line,
                           struct watcher_reply *out)
{
    uint8_t bytes[WATCHER_ANSWER_SIZE];
    void *at = NULL;
    TRY(local_socket_receive(line, sizeof(bytes), bytes));
    TRY(watcher_answer_parse(bytes, &out->answer));
    if (out->answer.path_bytes == 0)
        return NULL;
    TRY(buf_extend(&out->paths, out->answer.path_bytes, &at));
    return local_socket_receive(line, out->answer.path_bytes, at);
}

static dits_error *talk(const dits_repo *repo,
                        const struct watcher_request *request,
                        struct watcher_reply *out, bool *out_found)
{
    CLEANUP(local_socket_close) struct local_socket line = {0};
    CLEANUP(text_free) char *folder = NULL;
    uint8_t bytes[WATCHER_REQUEST_SIZE];
    TRY(fs_join(repo->private_dir, WATCHER_FOLDER, &folder));
    TRY(local_socket_connect(folder, WATCHER_SOCKET, PATIENCE_MS, &line,
                             out_found));
    if (!*out_found)
        return NULL;
    watcher_request_encode(request, bytes);
    TRY(local_socket_send(&line, bytes, sizeof(bytes)));
    TRY(receive(&line, out));
    return is_of_ours(repo, &out->answer, out_found);
}

dits_error *watcher_ask(const dits_repo *repo,
                        const struct watcher_request *request,
                        struct watcher_reply *out, bool *out_found)
{
    dits_error *err = talk(repo, request, out, out_found);
    if (err == NULL || dits_error_has(err, DITS_E_NOMEM))
        return err;
    *out_found = false;
    dits_error_free(err); /* one that does not answer is none */
    return NULL;
}

dits_error *dits_watcher_state_get(dits_repo *repo,
                                   struct dits_watcher_state *out)
{
    CLEANUP(watcher_reply_release) struct watcher_reply reply = {0};
    const struct watcher_request request = {.kind = WATCHER_ASK_STATE};
    struct dits_watcher_state state = {0};
    TRY(watcher_ask(repo, &request, &reply, &state.runs));
    if (state.runs) {
        state.process = reply.answer.process;
        state.folders = reply.answer.folders;
        state.changes = reply.answer.now.number;
    }
    *out = state;
    return NULL;
}

dits_error *dits_watcher_is_wanted(dits_repo *repo, bool *out)
{
    return config_bool(repo, "status.watcher", false, out);
}

dits_error *dits_watcher_stop(dits_repo *repo, bool *out_ran)
{
    CLEANUP(watcher_reply_release) struct watcher_reply reply = {0};
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(text_free) char *path = NULL;
    const struct watcher_request request = {.kind = WATCHER_ASK_END};
    TRY(watcher_ask(repo, &request, &reply, out_ran));
    if (!*out_ran)
        return NULL;
    TRY(fs_join(repo->private_dir, WATCHER_LOCK, &path));
    TRY_CONTEXT(fs_lock(path, FS_LOCK_EXCLUSIVE, STOP_WAIT_MS, &lock),
                "the watcher does not end");
    return NULL;
}
