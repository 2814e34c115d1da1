#include "store/pack_part.h"

#include <string.h>
#include <sys/mman.h>

#include "support/store_fixture.h"
#include "support/test.h"

/* A file in memory with one pack of two chunks, the second compressed. */
struct part_file {
    dits_context *context;
    struct fs_file file;
    struct pack_part part;
    unsigned wanted;
    unsigned taken;
    struct buf bytes; /* of the chunks, as they were taken */
};

enum { FAR = 24 };

static void part_file_release(struct part_file *f)
{
    dits_context_free(f->context);
    fs_close(&f->file);
    buf_release(&f->bytes);
}

static dits_error *add(struct pack_part_writer *writer, const char *text,
                       size_t size)
{
    CLEANUP(buf_release) struct buf packed = {0};
    struct frame frame = {.plain_size = (uint32_t)size,
                          .stored_size = (uint32_t)size};
    chunk_id(CHUNK_DATA, text, size, &frame.id);
    TRY(frame_compress(&frame, text, &packed));
    return pack_part_add(writer, &frame,
                         frame.codec == FRAME_PLAIN ? text
                                                    : (char *)packed.data);
}

static dits_error *write_part(struct part_file *f, uint64_t start)
{
    CLEANUP(pack_part_release) struct pack_part_writer writer = {0};
    char text[20000];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "a clip, "[i % 8];
    TRY(pack_part_begin(&writer, &f->file, start));
    TRY(add(&writer, "hello", 5));
    TRY(add(&writer, text, sizeof(text)));
    return pack_part_finish(&writer, &f->part);
}

static dits_error *make(struct part_file *f, uint64_t start)
{
    TRY(dits_context_new(NULL, &f->context));
    f->file.handle = memfd_create("part", 0) + 1;
    return write_part(f, start);
}

static dits_error *wants(const struct frame *frame, bool *out, void *payload)
{
    struct part_file *f = payload;
    f->wanted++;
    *out = frame->plain_size != 0;
    return NULL;
}

static dits_error *take(const struct frame *frame, const void *stored,
                        void *payload)
{
    struct part_file *f = payload;
    f->taken++;
    return buf_put(&f->bytes, stored, frame->stored_size);
}

static dits_error *read_part(struct part_file *f)
{
    const struct pack_part_reading reading = {
        .context = f->context,
        .file = &f->file,
        .wants = wants,
        .take = take,
        .payload = f,
    };
    f->wanted = f->taken = 0;
    buf_clear(&f->bytes);
    return pack_part_read(&reading, &f->part);
}

TEST(a_pack_within_a_file_is_read_as_it_was_written)
{
    CLEANUP(part_file_release) struct part_file f = {0};
    CHECK_OK(make(&f, FAR));
    CHECK(f.part.start == FAR && f.part.size < 1000);
    CHECK_OK(read_part(&f));
    CHECK(f.wanted == 2 && f.taken == 2);
    CHECK(f.bytes.size < 1000 && memcmp(f.bytes.data, "hello", 5) == 0);
}

TEST(it_may_lie_far_into_the_file)
{
    CLEANUP(part_file_release) struct part_file f = {0};
    CHECK_OK(make(&f, (uint64_t)5 << 32));
    CHECK_OK(read_part(&f));
    CHECK(f.taken == 2);
}

TEST(it_is_a_pack_like_any_other)
{
    CLEANUP(part_file_release) struct part_file f = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(store_fixture_release) struct store_fixture store = {0};
    CLEANUP(buf_release) struct buf out = {0};
    char hex[OID_HEX_SIZE];
    struct dits_oid id = {0};
    void *at = NULL;
    CHECK_OK(make(&f, 0));
    CHECK_OK(buf_extend(&bytes, (size_t)f.part.size, &at));
    CHECK_OK(fs_read_at(&f.file, 0, bytes.size, at));
    CHECK_OK(store_fixture_make(&store));
    dits_oid_hex(&f.part.name, hex);
    CHECK_OK(buf_printf(&path, "%s/packs/%s.pack", store.folder, hex));
    CHECK_OK(fs_replace(buf_text(&path), bytes.data, bytes.size));
    CHECK_OK(store_fixture_reopen(&store));
    chunk_id(CHUNK_DATA, "hello", 5, &id);
    CHECK_OK(store_read(store.store, CHUNK_DATA, &id, &out));
    CHECK(out.size == 5 && store.warnings == 0);
}

/* A few bits of what is compressed have no meaning: the chunk is the same. */
static bool is_compressed(size_t size, uint64_t at)
{
    uint64_t first = PACK_HEADER_SIZE + FRAME_HEADER_SIZE + 5;
    uint64_t second = first + FRAME_HEADER_SIZE;
    return at >= second && at < second + size;
}

TEST(a_changed_byte_is_found_wherever_it_is)
{
    CLEANUP(part_file_release) struct part_file f = {0};
    CHECK_OK(make(&f, FAR));
    CHECK_OK(read_part(&f));
    size_t compressed = f.bytes.size - 5;
    for (uint64_t at = 0; at < f.part.size; at++) {
        if (is_compressed(compressed, at))
            continue;
        uint8_t byte = 0;
        CHECK_OK(fs_read_at(&f.file, FAR + at, 1, &byte));
        byte ^= 0x10;
        CHECK_OK(fs_write_at(&f.file, FAR + at, &byte, 1));
        dits_error *err = read_part(&f);
        CHECK(dits_error_has(err, DITS_E_CORRUPT) ||
              dits_error_has(err, DITS_E_UNSUPPORTED));
        dits_error_free(err);
        byte ^= 0x10;
        CHECK_OK(fs_write_at(&f.file, FAR + at, &byte, 1));
    }
    CHECK_OK(read_part(&f));
}

TEST(a_part_that_claims_another_place_is_refused)
{
    CLEANUP(part_file_release) struct part_file f = {0};
    CHECK_OK(make(&f, FAR));
    struct pack_part whole = f.part;
    for (uint64_t size = 0; size < whole.size; size += 7) {
        f.part.size = size;
        CHECK_FAILS(DITS_E_CORRUPT, read_part(&f));
    }
    f.part = whole;
    f.part.start = 0;
    CHECK_FAILS(DITS_E_CORRUPT, read_part(&f));
    f.part = whole;
    f.part.name.hash[3] ^= 1;
    CHECK_FAILS(DITS_E_CORRUPT, read_part(&f));
}
