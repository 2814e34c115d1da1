#include "base/deflate.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"
#include "support/wrap_files.h"

TEST(this_build_has_the_encoder)
{
    enum deflate_encoder encoder = DEFLATE_NO_ENCODER;
    CHECK_OK(deflate_find_encoder(&encoder));
    CHECK(encoder == DEFLATE_ZLIB);
}

TEST(what_is_deflated_comes_back_whatever_the_pieces)
{
    CLEANUP(buf_release) struct buf plain = {0};
    CLEANUP(buf_release) struct buf coded = {0};
    CLEANUP(inflater_freep) struct inflater *inflater = NULL;
    bool ended = false;
    size_t done = 0;
    CHECK_OK(wrap_put_text(&plain, 100000, 1));
    CHECK_OK(wrap_put_deflated(&coded, (struct deflate_params){6, 8},
                               buf_slice(&plain)));
    CHECK(coded.size < plain.size / 2);
    CHECK_OK(inflater_new(&inflater));
    struct deflate_io io = {.in = coded.data};
    while (!ended) {
        uint8_t piece[777];
        size_t left = coded.size - (size_t)(io.in - coded.data);
        io.in_size = left < 99 ? left : 99;
        io.out = piece;
        io.out_size = sizeof(piece);
        CHECK_OK(inflater_run(inflater, &io, &ended));
        size_t made = sizeof(piece) - io.out_size;
        CHECK(done + made <= plain.size);
        CHECK(memcmp(piece, plain.data + done, made) == 0);
        done += made;
    }
    CHECK(done == plain.size && io.in == coded.data + coded.size);
}

TEST(damage_is_corrupt)
{
    CLEANUP(inflater_freep) struct inflater *inflater = NULL;
    uint8_t bad[] = {0xff, 0xff, 0xff, 0xff};
    uint8_t out[16] = {0};
    bool ended = false;
    struct deflate_io io = {bad, sizeof(bad), out, sizeof(out)};
    CHECK_OK(inflater_new(&inflater));
    CHECK_FAILS(DITS_E_CORRUPT, inflater_run(inflater, &io, &ended));
}

TEST(params_have_bounds)
{
    CHECK(deflate_params_valid((struct deflate_params){1, 8}));
    CHECK(deflate_params_valid((struct deflate_params){9, 9}));
    CHECK(!deflate_params_valid((struct deflate_params){0, 8}));
    CHECK(!deflate_params_valid((struct deflate_params){10, 8}));
    CHECK(!deflate_params_valid((struct deflate_params){6, 7}));
}

static dits_error *find_and_free(void)
{
    enum deflate_encoder encoder = DEFLATE_NO_ENCODER;
    return deflate_find_encoder(&encoder);
}

TEST(failed_allocations_leave_nothing_behind)
{
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        mem_fault_arm(nth);
        dits_error *err = find_and_free();
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(mem_fault_live() == live);
    }
}

TEST(checksums_are_those_of_the_standards)
{
    CHECK(deflate_crc32(0, "123456789", 9) == 0xcbf43926);
    CHECK(deflate_adler32(1, "Wikipedia", 9) == 0x11e60398);
    CHECK(deflate_crc32(deflate_crc32(0, "12345", 5), "6789", 4) == 0xcbf43926);
    CHECK(deflate_crc32(5, NULL, 0) == 5 && deflate_adler32(7, NULL, 0) == 7);
}
