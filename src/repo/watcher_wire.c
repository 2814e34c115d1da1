#include "repo/watcher_wire.h"

#include <string.h>

#include "base/hash.h"
#include "base/le.h"

static const uint8_t request_magic[8] = "\x89"
                                        "DWQ\r\n\x1a\n";
static const uint8_t answer_magic[8] = "\x89"
                                       "DWA\r\n\x1a\n";

enum { VERSION = 1, ANSWER_SUMMED = WATCHER_ANSWER_SIZE - 8 };

void watcher_request_encode(const struct watcher_request *request,
                            uint8_t out[WATCHER_REQUEST_SIZE])
{
    memcpy(out, request_magic, sizeof(request_magic));
    le32_store(out + 8, VERSION);
    le32_store(out + 12, request->kind);
    memcpy(out + 16, request->since.watcher, WATCHER_ID_SIZE);
    le64_store(out + 32, request->since.number);
}

dits_error *watcher_request_parse(const uint8_t data[WATCHER_REQUEST_SIZE],
                                  struct watcher_request *out)
{
    uint32_t kind = le32_load(data + 12);
    if (memcmp(data, request_magic, sizeof(request_magic)) != 0 ||
        kind < WATCHER_ASK_CHANGES || kind > WATCHER_ASK_END)
        return error_new(DITS_E_CORRUPT, "not a question to a watcher");
    if (le32_load(data + 8) != VERSION)
        return error_new(DITS_E_UNSUPPORTED, "a question of another version");
    out->kind = (enum watcher_request_kind)kind;
    memcpy(out->since.watcher, data + 16, WATCHER_ID_SIZE);
    out->since.number = le64_load(data + 32);
    return NULL;
}

void watcher_answer_encode(const struct watcher_answer *answer,
                           uint8_t out[WATCHER_ANSWER_SIZE])
{
    memcpy(out, answer_magic, sizeof(answer_magic));
    le32_store(out + 8, VERSION);
    le32_store(out + 12, answer->is_known ? 1 : 0);
    memcpy(out + 16, answer->now.watcher, WATCHER_ID_SIZE);
    le64_store(out + 32, answer->now.number);
    le64_store(out + 40, answer->device);
    le64_store(out + 48, answer->inode);
    le64_store(out + 56, answer->process);
    le64_store(out + 64, answer->folders);
    le32_store(out + 72, answer->path_count);
    le32_store(out + 76, answer->path_bytes);
    le64_store(out + 80, 0);
    le64_store(out + ANSWER_SUMMED, hash_checksum(out, ANSWER_SUMMED));
}

dits_error *watcher_answer_parse(const uint8_t data[WATCHER_ANSWER_SIZE],
                                 struct watcher_answer *out)
{
    struct watcher_answer answer = {0};
    if (memcmp(data, answer_magic, sizeof(answer_magic)) != 0)
        return error_new(DITS_E_CORRUPT, "not an answer of a watcher");
    if (le32_load(data + 8) != VERSION)
        return error_new(DITS_E_UNSUPPORTED, "an answer of another version");
    answer.is_known = le32_load(data + 12) == 1;
    memcpy(answer.now.watcher, data + 16, WATCHER_ID_SIZE);
    answer.now.number = le64_load(data + 32);
    answer.device = le64_load(data + 40);
    answer.inode = le64_load(data + 48);
    answer.process = le64_load(data + 56);
    answer.folders = le64_load(data + 64);
    answer.path_count = le32_load(data + 72);
    answer.path_bytes = le32_load(data + 76);
    if (le32_load(data + 12) > 1 || le64_load(data + 80) != 0 ||
        le64_load(data + ANSWER_SUMMED) != hash_checksum(data, ANSWER_SUMMED) ||
        answer.path_bytes > WATCHER_PATHS_MAX ||
        answer.path_count > answer.path_bytes)
        return error_new(DITS_E_CORRUPT, "a malformed answer of a watcher");
    *out = answer;
    return NULL;
}

dits_error *watcher_paths_parse(struct slice bytes, uint32_t count,
                                watcher_path_fn *fn, void *payload)
{
    const uint8_t *at = bytes.data;
    size_t left = bytes.size;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *end = left > 0 ? memchr(at, 0, left) : NULL;
        if (end == NULL)
            return error_new(DITS_E_CORRUPT, "a path is cut off");
        TRY(fn((const char *)at, payload));
        left -= (size_t)(end - at) + 1;
        at = end + 1;
    }
    if (left > 0)
        return error_new(DITS_E_CORRUPT, "%zu bytes too many", left);
    return NULL;
}
