#include "repo/watcher_wire.h"

#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "support/doc_dump.h"
#include "support/test.h"

static const struct watcher_request question = {
    .kind = WATCHER_ASK_CHANGES,
    .since = {.watcher = "0123456789abcde", .number = 7},
};

static const struct watcher_answer example = {
    .is_known = true,
    .now = {.watcher = "0123456789abcde", .number = 9},
    .device = 0xfe00,
    .inode = 2,
    .process = 4711,
    .folders = 12,
    .path_count = 2,
    .path_bytes = 13,
};

TEST(a_question_comes_back)
{
    uint8_t bytes[WATCHER_REQUEST_SIZE];
    struct watcher_request back = {0};
    watcher_request_encode(&question, bytes);
    CHECK_OK(watcher_request_parse(bytes, &back));
    CHECK(back.kind == question.kind && back.since.number == 7);
    CHECK(memcmp(back.since.watcher, question.since.watcher, WATCHER_ID_SIZE) ==
          0);
}

TEST(other_questions_are_refused)
{
    uint8_t bytes[WATCHER_REQUEST_SIZE];
    struct watcher_request back = {0};
    watcher_request_encode(&question, bytes);
    bytes[12] = WATCHER_ASK_END + 1;
    CHECK_FAILS(DITS_E_CORRUPT, watcher_request_parse(bytes, &back));
    bytes[12] = WATCHER_ASK_END;
    bytes[8] = 2;
    CHECK_FAILS(DITS_E_UNSUPPORTED, watcher_request_parse(bytes, &back));
    bytes[0] = 0;
    CHECK_FAILS(DITS_E_CORRUPT, watcher_request_parse(bytes, &back));
}

TEST(an_answer_comes_back)
{
    uint8_t bytes[WATCHER_ANSWER_SIZE];
    struct watcher_answer back = {0};
    watcher_answer_encode(&example, bytes);
    CHECK_OK(watcher_answer_parse(bytes, &back));
    CHECK(back.is_known && back.now.number == 9 && back.device == 0xfe00);
    CHECK(back.inode == 2 && back.process == 4711 && back.folders == 12);
    CHECK(back.path_count == 2 && back.path_bytes == 13);
}

TEST(a_changed_answer_is_refused)
{
    uint8_t bytes[WATCHER_ANSWER_SIZE];
    struct watcher_answer back = {0};
    watcher_answer_encode(&example, bytes);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] ^= 1;
        dits_error *err = watcher_answer_parse(bytes, &back);
        CHECK(err != NULL);
        dits_error_free(err);
        bytes[i] ^= 1;
    }
}

/* With a checksum that fits. */
static dits_error *parse_with(size_t at, uint32_t value)
{
    uint8_t bytes[WATCHER_ANSWER_SIZE];
    struct watcher_answer back = {0};
    watcher_answer_encode(&example, bytes);
    le32_store(bytes + at, value);
    le64_store(bytes + 88, hash_checksum(bytes, 88));
    return watcher_answer_parse(bytes, &back);
}

TEST(an_answer_that_makes_no_sense_is_refused)
{
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(12, 2));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(72, 14));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(76, WATCHER_PATHS_MAX + 1));
    CHECK_FAILS(DITS_E_CORRUPT, parse_with(80, 1));
    CHECK_OK(parse_with(72, 13));
}

static dits_error *join(const char *path, void *payload)
{
    struct buf *out = payload;
    return buf_printf(out, "<%s>", path);
}

TEST(paths_are_told_one_by_one)
{
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(watcher_paths_parse(slice_of("a\0\0b/c", 7), 3, join, &out));
    CHECK(strcmp(buf_text(&out), "<a><><b/c>") == 0);
    CHECK_OK(watcher_paths_parse(slice_of(NULL, 0), 0, join, &out));
}

TEST(paths_must_fill_their_bytes)
{
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_FAILS(DITS_E_CORRUPT,
                watcher_paths_parse(slice_of("a\0b", 3), 2, join, &out));
    CHECK_FAILS(DITS_E_CORRUPT,
                watcher_paths_parse(slice_of("a\0b", 4), 1, join, &out));
    CHECK_FAILS(DITS_E_CORRUPT,
                watcher_paths_parse(slice_of(NULL, 0), 1, join, &out));
}

TEST(the_page_shows_what_is_said)
{
    CLEANUP(buf_release) struct buf asked = {0};
    CLEANUP(buf_release) struct buf answered = {0};
    uint8_t bytes[WATCHER_ANSWER_SIZE];
    CHECK_OK(doc_dump_read("watcher", 1, &asked));
    watcher_request_encode(&question, bytes);
    CHECK(
        slice_equal(buf_slice(&asked), slice_of(bytes, WATCHER_REQUEST_SIZE)));
    CHECK_OK(doc_dump_read("watcher", 2, &answered));
    watcher_answer_encode(&example, bytes);
    CHECK(answered.size == WATCHER_ANSWER_SIZE + example.path_bytes);
    CHECK(memcmp(answered.data, bytes, WATCHER_ANSWER_SIZE) == 0);
}
