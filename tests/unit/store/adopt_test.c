#include "store/adopt.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "store/pack_format.h"
#include "support/mem_fault.h"
#include "support/temp_store.h"
#include "support/test.h"

enum { CHUNKS = 2000, SIZE = 100 };

/* A file as others fill it, beside the store. */
struct made {
    struct temp_store temp;
    char path[96];
    struct fs_file file;
    uint64_t end;
    struct dits_oid first;
};

static void made_release(struct made *made)
{
    fs_close(&made->file);
    temp_store_release(&made->temp);
}

static dits_error *append(struct made *made, uint64_t seed)
{
    uint8_t bytes[FRAME_HEADER_SIZE + SIZE];
    struct frame frame = {.plain_size = SIZE, .stored_size = SIZE};
    fill_random(bytes + FRAME_HEADER_SIZE, SIZE, seed);
    chunk_id(CHUNK_DATA, bytes + FRAME_HEADER_SIZE, SIZE, &frame.id);
    frame_encode(&frame, bytes);
    if (seed == 1)
        made->first = frame.id;
    TRY(fs_write_at(&made->file, made->end, bytes, sizeof(bytes)));
    made->end += sizeof(bytes);
    return NULL;
}

static dits_error *make(struct made *out, unsigned chunks)
{
    uint8_t header[PACK_HEADER_SIZE];
    pack_header_encode(header);
    TRY(temp_store_open(&out->temp));
    (void)snprintf(out->path, sizeof(out->path), "%s/upload",
                   out->temp.fixture.folder);
    TRY(fs_open(out->path, FS_CREATE_NEW, &out->file));
    TRY(fs_write_at(&out->file, 0, header, sizeof(header)));
    out->end = sizeof(header);
    for (unsigned i = 1; i <= chunks; i++)
        TRY(append(out, i));
    return NULL;
}

static bool has_first(struct made *made)
{
    bool found = false;
    dits_error_free(store_find(made->temp.store, &made->first, &found, NULL));
    return found;
}

TEST(a_file_of_frames_becomes_a_pack)
{
    CLEANUP(made_release) struct made made = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make(&made, CHUNKS));
    CHECK(!has_first(&made));
    CHECK_OK(adopt_pack(made.temp.store, made.path, &made.file));
    CHECK(has_first(&made) && !fs_exists(made.path));
    CHECK(store_fixture_count(&made.temp.fixture, "packs") == 2);
    CHECK_OK(temp_store_publish(&made.temp));
    CHECK_OK(store_read(made.temp.store, CHUNK_DATA, &made.first, &bytes));
    CHECK(bytes.size == SIZE);
}

TEST(a_small_one_needs_no_index_of_its_own)
{
    CLEANUP(made_release) struct made made = {0};
    CHECK_OK(make(&made, 3));
    CHECK_OK(adopt_pack(made.temp.store, made.path, &made.file));
    CHECK(store_fixture_count(&made.temp.fixture, "packs") == 1);
    CHECK(has_first(&made));
}

TEST(what_is_not_whole_is_no_pack)
{
    CLEANUP(made_release) struct made made = {0};
    uint64_t end = 0;
    CHECK_OK(make(&made, 0));
    CHECK_FAILS(DITS_E_CORRUPT,
                adopt_pack(made.temp.store, made.path, &made.file));
    CHECK_OK(append(&made, 1));
    CHECK_OK(append(&made, 1));
    CHECK_FAILS(DITS_E_CORRUPT,
                adopt_pack(made.temp.store, made.path, &made.file));
    CHECK_OK(fs_truncate(&made.file, made.end - 1));
    CHECK_FAILS(DITS_E_CORRUPT,
                adopt_pack(made.temp.store, made.path, &made.file));
    CHECK_OK(adopt_measure(made.temp.fixture.context, &made.file, 0, &end));
    CHECK(end == PACK_HEADER_SIZE + FRAME_HEADER_SIZE + SIZE);
    CHECK_OK(fs_write_at(&made.file, 0, "x", 1));
    CHECK_FAILS(DITS_E_CORRUPT,
                adopt_pack(made.temp.store, made.path, &made.file));
    CHECK_FAILS(DITS_E_CORRUPT,
                adopt_measure(made.temp.fixture.context, &made.file, 0, &end));
}

TEST(it_is_measured_as_far_as_it_was_checked)
{
    CLEANUP(made_release) struct made made = {0};
    uint64_t span = FRAME_HEADER_SIZE + SIZE;
    uint64_t end = 0;
    CHECK_OK(make(&made, 4));
    CHECK_OK(fs_write_at(&made.file,
                         PACK_HEADER_SIZE + 2 * span + FRAME_HEADER_SIZE + 7,
                         "x", 1));
    CHECK_OK(
        adopt_measure(made.temp.fixture.context, &made.file, made.end, &end));
    CHECK(end == made.end);
    CHECK_OK(adopt_measure(made.temp.fixture.context, &made.file, 0, &end));
    CHECK(end == PACK_HEADER_SIZE + 2 * span);
}

TEST(allocations_may_fail)
{
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(made_release) struct made made = {0};
        CHECK_OK(make(&made, 3));
        mem_fault_arm(nth);
        dits_error *err = adopt_pack(made.temp.store, made.path, &made.file);
        reached = mem_fault_disarm();
        CHECK(reached ? dits_error_has(err, DITS_E_NOMEM) : err == NULL);
        dits_error_free(err);
    }
}
