#include "repo/side_file.h"

#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

static const struct side_file frame = {
    .magic = {0x89, 'T', 'E', 'S', '\r', '\n', 0x1a, '\n'},
    .version = 3,
    .what = "test",
};

static dits_error *make(struct buf *out)
{
    TRY(side_file_begin(&frame, out));
    TRY(buf_put_text(out, "content"));
    return side_file_end(out);
}

TEST(content_comes_back)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct cursor in = {0};
    char content[8] = {0};
    CHECK_OK(make(&bytes));
    CHECK_OK(side_file_open(&frame, buf_slice(&bytes), &in));
    CHECK(cursor_left(&in) == 7);
    CHECK_OK(cursor_bytes(&in, 7, content));
    CHECK(strcmp(content, "content") == 0);
}

TEST(damage_is_found_wherever_it_is)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct cursor in = {0};
    CHECK_OK(make(&bytes));
    for (size_t size = 0; size < bytes.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT,
                    side_file_open(&frame, slice_of(bytes.data, size), &in));
    for (size_t i = 0; i < bytes.size; i++) {
        bytes.data[i] ^= 1;
        CHECK_FAILS(DITS_E_CORRUPT,
                    side_file_open(&frame, buf_slice(&bytes), &in));
        bytes.data[i] ^= 1;
    }
}

TEST(another_version_is_told_apart_from_damage)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct side_file later = frame;
    struct cursor in = {0};
    later.version = 4;
    CHECK_OK(make(&bytes));
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                side_file_open(&later, buf_slice(&bytes), &in));
    bytes.data[12] = 1; /* what is reserved */
    le64_store(bytes.data + bytes.size - 8,
               hash_checksum(bytes.data, bytes.size - 8));
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                side_file_open(&frame, buf_slice(&bytes), &in));
}

TEST(one_takes_the_place_of_another_at_once)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "side.new", "of one that was killed"));
    CHECK_OK(side_file_swap(temp.folder, "side", slice_of_text("one")));
    CHECK(work_is(&temp, "side", "one") && !work_exists(&temp, "side.new"));
    CHECK_OK(side_file_swap(temp.folder, "side", slice_of_text("two")));
    CHECK(work_is(&temp, "side", "two") && !work_exists(&temp, "side.new"));
    CHECK(work_write(&temp, "taken/x", ""));
    dits_error *err = side_file_swap(temp.folder, "taken", slice_of_text("1"));
    CHECK(err != NULL && work_exists(&temp, "taken/x"));
    dits_error_free(err);
}
