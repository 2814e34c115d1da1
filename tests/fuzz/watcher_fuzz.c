/*
 * Both sides of the talk with a watcher, of any bytes: a question; an answer,
 * with the checksum put right, and the paths behind it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "repo/watcher_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_question(const uint8_t *data)
{
    struct watcher_request request = {0};
    uint8_t again[WATCHER_REQUEST_SIZE];
    dits_error *err = watcher_request_parse(data, &request);
    if (err == NULL) {
        watcher_request_encode(&request, again);
        if (memcmp(again, data, sizeof(again)) != 0)
            abort();
    }
    dits_error_free(err);
}

static dits_error *count(const char *path, void *payload)
{
    *(size_t *)payload += strlen(path) + 1;
    return NULL;
}

static void check_answer(const uint8_t *data, size_t size)
{
    enum { SUMMED = WATCHER_ANSWER_SIZE - 8 };
    struct watcher_answer answer = {0};
    uint8_t bytes[WATCHER_ANSWER_SIZE];
    uint8_t again[WATCHER_ANSWER_SIZE];
    size_t told = 0;
    size_t left = size - WATCHER_ANSWER_SIZE;
    memcpy(bytes, data, sizeof(bytes));
    le64_store(bytes + SUMMED, hash_checksum(bytes, SUMMED));
    dits_error *err = watcher_answer_parse(bytes, &answer);
    if (err == NULL) {
        watcher_answer_encode(&answer, again);
        if (memcmp(again, bytes, sizeof(bytes)) != 0)
            abort();
        err = watcher_paths_parse(slice_of(data + WATCHER_ANSWER_SIZE, left),
                                  answer.path_count, count, &told);
        if (err == NULL && told != left)
            abort();
    }
    dits_error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= WATCHER_REQUEST_SIZE)
        check_question(data);
    if (size >= WATCHER_ANSWER_SIZE)
        check_answer(data, size);
    return 0;
}
