#include "object/wrapped.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "object/asset_reader.h"
#include "object/wrapped_store.h"
#include "support/mem_fault.h"
#include "support/temp_store.h"
#include "support/test.h"
#include "support/wrap_files.h"

/* A store and a file in its folder. */
struct fixture {
    struct temp_store temp;
    struct fs_file file;
};

static void fixture_release(struct fixture *f)
{
    fs_close(&f->file);
    temp_store_release(&f->temp);
}

static dits_error *fixture_make(struct fixture *f)
{
    CLEANUP(buf_release) struct buf path = {0};
    TRY(temp_store_open(&f->temp));
    TRY(buf_printf(&path, "%s/file", f->temp.fixture.folder));
    return fs_open(buf_text(&path), FS_CREATE_NEW, &f->file);
}

static dits_error *store(struct fixture *f, const struct buf *file,
                         struct dits_oid *out_id, struct asset_info *out_info)
{
    struct asset_store_options options = {
        .context = f->temp.fixture.context,
        .writer = f->temp.writer,
        .threads = 2,
    };
    TRY(fs_truncate(&f->file, 0));
    TRY(fs_write_at(&f->file, 0, file->data, file->size));
    TRY(asset_store_file(&options, &f->file, file->size, out_id, out_info));
    return temp_store_publish(&f->temp);
}

/* Gzip of two members, a long one in the middle of other bytes. */
static dits_error *make_file(struct buf *out, uint64_t seed)
{
    CLEANUP(buf_release) struct buf plain = {0};
    TRY(wrap_put_text(&plain, 2000000, seed));
    TRY(wrap_put_gzip(out, (struct deflate_params){6, 9}, buf_slice(&plain)));
    TRY(wrap_put_gzip(out, (struct deflate_params){9, 8},
                      slice_of(plain.data, 300000)));
    return buf_put_text(out, "and a tail");
}

static dits_error *check_reads(struct asset *asset, const struct buf *file)
{
    CLEANUP(buf_release) struct buf got = {0};
    CLEANUP(asset_reader_release) struct asset_reader reader = {0};
    void *at = NULL;
    TRY(buf_extend(&got, file->size, &at));
    TRY(asset_read_at(asset, 0, file->size, at));
    if (memcmp(at, file->data, file->size) != 0)
        return error_new(DITS_E_CORRUPT, "the whole differs");
    TRY(asset_reader_init(&reader, asset));
    for (size_t i = 0; i < 40; i++) {
        size_t offset = file->size / 40 * (i * 17 % 40);
        size_t left = file->size - offset;
        size_t size = left < 5000 ? left : 5000;
        TRY(asset_reader_read(&reader, offset, size, at));
        if (memcmp(at, file->data + offset, size) != 0)
            return error_new(DITS_E_CORRUPT, "a part differs");
    }
    return NULL;
}

TEST(a_packed_file_is_stored_unpacked_and_comes_back)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf file = {0};
    CLEANUP(buf_release) struct buf got = {0};
    struct asset_info info = {0};
    struct dits_oid id = {0};
    struct dits_oid content = {0};
    void *at = NULL;
    CHECK_OK(fixture_make(&f));
    CHECK_OK(make_file(&file, 1));
    CHECK_OK(store(&f, &file, &id, &info));
    hash_bytes(file.data, file.size, &content);
    CHECK(dits_oid_equal(&info.content, &content));
    CHECK_OK(asset_open(f.temp.store, &id, &asset));
    CHECK(asset->recipe.form == RECIPE_WRAPPED);
    CHECK(asset->recipe.wrapped.count == 2);
    CHECK(asset_get_info(asset)->chunk_count == info.chunk_count);
    CHECK_OK(check_reads(asset, &file));
    CHECK_OK(fs_truncate(&f.file, 0));
    CHECK_OK(
        asset_export(asset, f.temp.fixture.context, 3, &f.file, NULL, NULL));
    CHECK_OK(buf_extend(&got, file.size, &at));
    CHECK_OK(fs_read_at(&f.file, 0, file.size, at));
    CHECK(memcmp(at, file.data, file.size) == 0);
}

TEST(the_same_text_packed_in_another_way_costs_nothing)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(buf_release) struct buf plain = {0};
    CLEANUP(buf_release) struct buf first = {0};
    CLEANUP(buf_release) struct buf second = {0};
    struct asset_info info = {0};
    struct dits_oid ids[2] = {0};
    CHECK_OK(fixture_make(&f));
    CHECK_OK(wrap_put_text(&plain, 3000000, 2));
    CHECK_OK(wrap_put_gzip(&first, (struct deflate_params){6, 8},
                           buf_slice(&plain)));
    CHECK_OK(wrap_put_gzip(&second, (struct deflate_params){9, 8},
                           buf_slice(&plain)));
    CHECK_OK(store(&f, &first, &ids[0], &info));
    uint64_t before = store_writer_totals(f.temp.writer).bytes;
    CHECK_OK(store(&f, &second, &ids[1], &info));
    CHECK(store_writer_totals(f.temp.writer).bytes - before < 4096);
    CHECK(!dits_oid_equal(&ids[0], &ids[1]));
}

TEST(a_foreign_file_is_stored_as_it_is)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf plain = {0};
    CLEANUP(buf_release) struct buf file = {0};
    struct asset_info info = {0};
    struct dits_oid id = {0};
    CHECK_OK(fixture_make(&f));
    CHECK_OK(wrap_put_text(&plain, 60000, 3));
    CHECK_OK(buf_put(&file, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10));
    CHECK_OK(wrap_put_foreign(&file, buf_slice(&plain)));
    CHECK_OK(buf_put_le64(&file, 0));
    CHECK_OK(store(&f, &file, &id, &info));
    CHECK_OK(asset_open(f.temp.store, &id, &asset));
    CHECK(asset->recipe.form != RECIPE_WRAPPED);
    CHECK_OK(check_reads(asset, &file));
}

/* The asset of a file, with one byte of its table changed: put anew. */
static dits_error *open_changed(struct fixture *f, const struct dits_oid *id,
                                bool encoder, struct asset **out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(recipe_release) struct recipe recipe = {0};
    struct dits_oid changed = {0};
    TRY(store_read(f->temp.store, CHUNK_ASSET, id, &bytes));
    TRY(recipe_parse(buf_slice(&bytes), &recipe));
    if (encoder)
        recipe.wrapped.encoder = 9;
    else
        recipe.wrapped.members[0].params.level = 4;
    buf_clear(&bytes);
    TRY(recipe_encode(&recipe, &bytes));
    TRY(store_writer_put(f->temp.writer, CHUNK_ASSET, bytes.data, bytes.size,
                         &changed));
    TRY(temp_store_publish(&f->temp));
    return asset_open(f->temp.store, &changed, out);
}

TEST(an_encoder_that_is_not_here_is_unsupported_but_can_be_marked)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf file = {0};
    struct asset_info info = {0};
    struct dits_oid id = {0};
    uint8_t byte = 0;
    CHECK_OK(fixture_make(&f));
    CHECK_OK(make_file(&file, 4));
    CHECK_OK(store(&f, &file, &id, &info));
    CHECK_OK(open_changed(&f, &id, true, &asset));
    CHECK(asset_get_info(asset)->chunk_count == info.chunk_count);
    CHECK_FAILS(DITS_E_UNSUPPORTED, asset_read_at(asset, 0, 1, &byte));
}

TEST(a_table_that_gives_other_bytes_is_corrupt)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf file = {0};
    struct asset_info info = {0};
    struct dits_oid id = {0};
    CHECK_OK(fixture_make(&f));
    CHECK_OK(make_file(&file, 5));
    CHECK_OK(store(&f, &file, &id, &info));
    CHECK_OK(open_changed(&f, &id, false, &asset));
    CHECK_OK(fs_truncate(&f.file, 0));
    CHECK_FAILS(DITS_E_CORRUPT, asset_export(asset, f.temp.fixture.context, 1,
                                             &f.file, NULL, NULL));
}

/* A table of two members, for streams of 30 and 300 bytes. */
static dits_error *encode_table(uint64_t before, uint64_t plain, uint64_t coded,
                                unsigned level, struct buf *out)
{
    TRY(buf_put_u8(out, 1));
    TRY(buf_put_varint(out, 2));
    TRY(buf_put(out, "\x0a\x64\x32\x06\x08", 5)); /* 10, 100, 50 */
    TRY(buf_put_varint(out, before));
    TRY(buf_put_varint(out, plain));
    TRY(buf_put_varint(out, coded));
    TRY(buf_put_u8(out, (uint8_t)level));
    return buf_put_u8(out, 9);
}

static dits_error *parse_table(const struct buf *bytes, size_t size,
                               struct wrapped *out)
{
    struct cursor in = cursor_over(bytes->data, size);
    TRY(wrapped_parse(&in, 30, 300, out));
    return cursor_end(&in);
}

TEST(a_table_is_checked_against_the_streams)
{
    static const struct {
        uint64_t before, plain, coded;
        unsigned level;
        bool valid;
    } cases[] = {
        {20, 200, 70, 6, true},  {21, 200, 70, 6, false},
        {20, 201, 70, 6, false}, {20, 199, 70, 6, false},
        {0, 200, 70, 1, true},   {20, 200, 0, 6, false},
        {20, 200, 70, 0, false}, {20, 200, UINT64_MAX, 6, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CLEANUP(wrapped_release) struct wrapped wrapped = {0};
        CHECK_OK(encode_table(cases[i].before, cases[i].plain, cases[i].coded,
                              cases[i].level, &bytes));
        dits_error *err = parse_table(&bytes, bytes.size, &wrapped);
        CHECK(cases[i].valid ? err == NULL
                             : dits_error_has(err, DITS_E_CORRUPT));
        dits_error_free(err);
        for (size_t size = 0; size < bytes.size; size++) {
            CLEANUP(wrapped_release) struct wrapped none = {0};
            CHECK_FAILS(DITS_E_CORRUPT, parse_table(&bytes, size, &none));
        }
    }
}

TEST(members_are_found_by_offset)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf again = {0};
    CLEANUP(wrapped_release) struct wrapped wrapped = {0};
    CHECK_OK(encode_table(15, 200, 70, 6, &bytes));
    CHECK_OK(parse_table(&bytes, bytes.size, &wrapped));
    CHECK(wrapped.members[1].offset == 10 + 50 + 15);
    CHECK(wrapped.members[1].plain_offset == 100);
    CHECK(wrapped_find(&wrapped, 9) == 0 && wrapped_find(&wrapped, 10) == 1);
    CHECK(wrapped_find(&wrapped, 74) == 1 && wrapped_find(&wrapped, 75) == 2);
    CHECK_OK(wrapped_encode(&wrapped, &again));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&again)));
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(buf_release) struct buf plain = {0};
    CLEANUP(buf_release) struct buf file = {0};
    bool reached = true;
    CHECK_OK(fixture_make(&f));
    CHECK_OK(wrap_put_text(&plain, 90000, 6));
    CHECK_OK(
        wrap_put_gzip(&file, (struct deflate_params){6, 8}, buf_slice(&plain)));
    for (unsigned nth = 1; reached; nth++) {
        struct bytes_source bytes = bytes_source_over(file.data, file.size);
        struct asset_store_options options = {.writer = f.temp.writer};
        struct asset_info info = {0};
        struct dits_oid id = {0};
        bool stored = false;
        mem_fault_arm(nth);
        dits_error *err =
            wrapped_store(&options, &bytes.source, &stored, &id, &info);
        reached = mem_fault_disarm();
        CHECK(err == NULL ? stored : dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
    }
}
