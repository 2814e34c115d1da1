#include "media/window.h"

#include <string.h>

#include "base/mem.h"
#include "media/limits.h"
#include "support/mem_fault.h"
#include "support/memory_source.h"
#include "support/test.h"

enum { BYTES = 3 * WINDOW_BYTES };

struct bytes {
    uint8_t *data;
};

static void bytes_release(struct bytes *bytes)
{
    mem_free(bytes->data);
}

static struct bytes counted(void)
{
    struct bytes bytes = {mem_new_array(uint8_t, BYTES)};
    for (size_t i = 0; bytes.data != NULL && i < BYTES; i++)
        bytes.data[i] = (uint8_t)(i * 31 >> 3);
    return bytes;
}

TEST(many_peeks_are_one_read)
{
    CLEANUP(bytes_release) struct bytes bytes = counted();
    struct memory_source source = memory_source_over(bytes.data, BYTES);
    CLEANUP(window_release) struct window window = {.source = &source.base};
    for (size_t at = 0; at + 8 <= WINDOW_BYTES; at += 8) {
        struct slice got = {0};
        CHECK_OK(window_peek(&window, at, 8, &got));
        CHECK(got.size == 8 && memcmp(got.data, bytes.data + at, 8) == 0);
    }
    CHECK(source.reads == 1);
}

TEST(a_peek_ends_with_the_source)
{
    CLEANUP(bytes_release) struct bytes bytes = counted();
    struct memory_source source = memory_source_over(bytes.data, BYTES);
    CLEANUP(window_release) struct window window = {.source = &source.base};
    struct slice got = {0};
    CHECK_OK(window_peek(&window, BYTES - 3, 8, &got));
    CHECK(got.size == 3 && got.data[2] == bytes.data[BYTES - 1]);
    CHECK_OK(window_peek(&window, BYTES, 8, &got));
    CHECK(got.size == 0);
    CHECK_OK(window_peek(&window, UINT64_MAX, 8, &got));
    CHECK(got.size == 0);
    CHECK_OK(window_peek(&window, 5, BYTES, &got));
    CHECK(got.size == WINDOW_BYTES);
    CHECK(memcmp(got.data, bytes.data + 5, WINDOW_BYTES) == 0);
}

TEST(a_read_is_whole_or_fails)
{
    CLEANUP(bytes_release) struct bytes bytes = counted();
    struct memory_source source = memory_source_over(bytes.data, BYTES);
    CLEANUP(window_release) struct window window = {.source = &source.base};
    uint8_t out[16] = {0};
    CHECK_OK(window_read(&window, WINDOW_BYTES - 8, 16, out));
    CHECK(memcmp(out, bytes.data + WINDOW_BYTES - 8, 16) == 0);
    CHECK_OK(window_read(&window, BYTES, 0, out));
    CHECK_FAILS(DITS_E_CORRUPT, window_read(&window, BYTES - 15, 16, out));
    CHECK_FAILS(DITS_E_CORRUPT, window_read(&window, UINT64_MAX, 16, out));
}

TEST(a_payload_is_loaded_within_its_limit)
{
    CLEANUP(bytes_release) struct bytes bytes = counted();
    CLEANUP(buf_release) struct buf out = {0};
    struct memory_source source = memory_source_over(bytes.data, BYTES);
    CLEANUP(window_release) struct window window = {.source = &source.base};
    CHECK_OK(window_load(&window, 7, BYTES - 7, &out));
    CHECK(out.size == BYTES - 7);
    CHECK(memcmp(out.data, bytes.data + 7, out.size) == 0);
    CHECK_OK(window_load(&window, 7, 2, &out));
    CHECK(out.size == 2);
    CHECK_FAILS(DITS_E_CORRUPT, window_load(&window, 8, BYTES - 7, &out));
    source.base.size = UINT64_MAX; /* as a sparse file may say */
    CHECK_FAILS(DITS_E_LIMIT, window_load(&window, 0, LIMIT_PAYLOAD + 1, &out));
}

TEST(after_a_failed_read_nothing_stale_is_shown)
{
    CLEANUP(bytes_release) struct bytes bytes = counted();
    struct memory_source source = memory_source_over(bytes.data, BYTES);
    CLEANUP(window_release) struct window window = {.source = &source.base};
    struct slice got = {0};
    CHECK_OK(window_peek(&window, 0, 8, &got));
    source.fail_at = 2;
    CHECK_FAILS(DITS_E_IO, window_peek(&window, 2 * WINDOW_BYTES, 8, &got));
    CHECK_OK(window_peek(&window, 2 * WINDOW_BYTES, 8, &got));
    CHECK(memcmp(got.data, bytes.data + 2 * WINDOW_BYTES, 8) == 0);
}

TEST(a_window_survives_every_failed_allocation)
{
    CLEANUP(bytes_release) struct bytes bytes = counted();
    for (unsigned nth = 1;; nth++) {
        struct memory_source source = memory_source_over(bytes.data, BYTES);
        struct window window = {.source = &source.base};
        struct slice got = {0};
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = window_peek(&window, 0, 8, &got);
        bool reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        if (err != NULL)
            CHECK_FAILS(DITS_E_NOMEM, err);
        window_release(&window);
        CHECK(mem_fault_live() == live);
        if (!reached)
            return;
    }
}
