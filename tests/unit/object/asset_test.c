#include "object/asset.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "object/list_builder.h"
#include "object/recipe.h"
#include "object/weave_builder.h"
#include "support/mem_fault.h"
#include "support/temp_store.h"
#include "support/test.h"

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

static struct asset_store_options options_of(struct fixture *f)
{
    return (struct asset_store_options){
        .context = f->temp.fixture.context,
        .writer = f->temp.writer,
        .threads = 2,
    };
}

/* Check that the asset's file is `data`, read in several ways. */
static dits_error *check_reads(struct fixture *f, const struct dits_oid *id,
                               const uint8_t *data, size_t size)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf got = {0};
    void *at = NULL;
    TRY(asset_open(f->temp.store, id, &asset));
    TRY(buf_extend(&got, size + 1, &at));
    TRY(asset_read_at(asset, 0, size, at));
    if (asset_get_info(asset)->size != size || memcmp(at, data, size) != 0)
        return error_new(DITS_E_CORRUPT, "the whole differs");
    for (size_t i = 0; i < 100; i++) {
        size_t offset = size / 100 * (i * 37 % 100);
        size_t length = size - offset < 5000 ? size - offset : 5000;
        TRY(asset_read_at(asset, offset, length, at));
        if (memcmp(at, data + offset, length) != 0)
            return error_new(DITS_E_CORRUPT, "a part differs");
    }
    TRY(fs_truncate(&f->file, 0));
    TRY(asset_export(asset, f->temp.fixture.context, 3, &f->file, NULL, NULL));
    TRY(fs_read_at(&f->file, 0, size, at));
    if (memcmp(at, data, size) != 0)
        return error_new(DITS_E_CORRUPT, "the export differs");
    return NULL;
}

static uint8_t *random_data(size_t size, uint64_t seed)
{
    uint8_t *data = mem_new_array(uint8_t, size + 1);
    if (data != NULL)
        fill_random(data, size, seed);
    return data;
}

static void free_bytes(uint8_t **data)
{
    mem_free(*data);
}

TEST(files_of_all_sizes_come_back)
{
    static const size_t sizes[] = {0,     1,      100,     4096,    16384,
                                   16385, 100000, 1000000, 5000000, 20000000};
    CLEANUP(fixture_release) struct fixture f = {0};
    CHECK_OK(fixture_make(&f));
    struct asset_store_options options = options_of(&f);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        CLEANUP(free_bytes) uint8_t *data = random_data(sizes[i], i);
        struct dits_oid from_bytes = {0};
        struct dits_oid from_file = {0};
        struct dits_oid content = {0};
        struct asset_info info = {0};
        CHECK(data != NULL);
        CHECK_OK(
            asset_store_bytes(&options, data, sizes[i], &from_bytes, &info));
        hash_bytes(data, sizes[i], &content);
        CHECK(info.size == sizes[i]);
        CHECK(dits_oid_equal(&info.content, &content));
        CHECK_OK(fs_truncate(&f.file, 0));
        CHECK_OK(fs_write_at(&f.file, 0, data, sizes[i]));
        CHECK_OK(
            asset_store_file(&options, &f.file, sizes[i], &from_file, &info));
        CHECK(dits_oid_equal(&from_bytes, &from_file));
        CHECK_OK(temp_store_publish(&f.temp));
        CHECK_OK(check_reads(&f, &from_file, data, sizes[i]));
    }
}

TEST(the_asset_of_an_empty_file_is_the_known_one)
{
    CLEANUP(temp_store_release) struct temp_store temp = {0};
    struct asset_info info = {0};
    struct dits_oid made = {0};
    struct dits_oid known = {0};
    CHECK_OK(temp_store_open(&temp));
    struct asset_store_options options = {.writer = temp.writer, .threads = 1};
    CHECK_OK(asset_store_bytes(&options, "", 0, &made, &info));
    asset_empty_id(&known);
    CHECK(dits_oid_equal(&made, &known));
}

TEST(the_asset_of_a_small_file_is_small_and_one_chunk)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct dits_oid id = {0};
    struct asset_info info = {0};
    CHECK_OK(fixture_make(&f));
    struct asset_store_options options = options_of(&f);
    CHECK_OK(asset_store_bytes(&options, "../elsewhere", 12, &id, &info));
    CHECK_OK(temp_store_publish(&f.temp));
    CHECK_OK(store_read(f.temp.store, CHUNK_ASSET, &id, &bytes));
    CHECK(bytes.size < 64);
    CHECK_OK(store_read(f.temp.store, CHUNK_DATA, &info.content, &bytes));
    CHECK(bytes.size == 12);
}

TEST(a_file_that_shrinks_meanwhile_is_a_conflict)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    struct dits_oid id = {0};
    struct asset_info info = {0};
    CHECK_OK(fixture_make(&f));
    struct asset_store_options options = options_of(&f);
    CHECK_OK(fs_truncate(&f.file, 99));
    CHECK_FAILS(DITS_E_CONFLICT,
                asset_store_file(&options, &f.file, 100, &id, &info));
    CHECK_OK(fs_truncate(&f.file, 999999));
    CHECK_FAILS(DITS_E_CONFLICT,
                asset_store_file(&options, &f.file, 1000000, &id, &info));
}

/* What asset_each_chunk() and asset_mark() met. */
struct met {
    uint64_t next; /* offset */
    size_t chunks;
    size_t segments;
    bool gap;
};

static dits_error *on_chunk(uint64_t offset, const struct chunk_ref *chunk,
                            void *payload)
{
    struct met *met = payload;
    met->gap |= offset != met->next;
    met->next = offset + chunk->size;
    met->chunks++;
    return NULL;
}

static dits_error *on_mark_chunk(const struct chunk_ref *chunk, void *payload)
{
    struct met *met = payload;
    (void)chunk;
    met->chunks++;
    return NULL;
}

static dits_error *on_segment(const struct dits_oid *segment, bool *descend,
                              void *payload)
{
    struct met *met = payload;
    (void)segment;
    (void)descend;
    met->segments++;
    return NULL;
}

TEST(a_sparse_file_comes_back_sparse)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct dits_oid id = {0};
    struct asset_info info = {0};
    struct met met = {0};
    const uint64_t size = UINT64_C(600) << 20;
    char got[5] = {0};
    CHECK_OK(fixture_make(&f));
    struct asset_store_options options = options_of(&f);
    CHECK_OK(fs_truncate(&f.file, size));
    CHECK_OK(fs_write_at(&f.file, size / 2, "hello", 5));
    CHECK_OK(asset_store_file(&options, &f.file, size, &id, &info));
    CHECK_OK(temp_store_publish(&f.temp));
    CHECK(store_writer_totals(f.temp.writer).chunks < 10);
    CHECK_OK(asset_open(f.temp.store, &id, &asset));
    CHECK_OK(asset_each_chunk(asset, on_chunk, &met));
    CHECK(!met.gap && met.next == size && met.chunks == info.chunk_count);

    CHECK_OK(fs_truncate(&f.file, 0));
    CHECK_OK(
        asset_export(asset, f.temp.fixture.context, 2, &f.file, NULL, NULL));
    struct fs_stat stat = {0};
    CHECK_OK(fs_stat_file(&f.file, &stat));
    CHECK(stat.size == size);
    CHECK(lseek(f.file.handle - 1, 0, SEEK_DATA) > 256 << 20);
    CHECK_OK(fs_read_at(&f.file, size / 2, 5, got));
    CHECK(memcmp(got, "hello", 5) == 0);
}

/* A stream of `data` in chunks of `step` bytes. */
static dits_error *put_stream(struct fixture *f, const uint8_t *data,
                              size_t size, size_t step, struct recipe *recipe)
{
    CLEANUP(list_builder_release)
    struct list_builder builder = {.writer = f->temp.writer};
    CLEANUP(list_node_release) struct list_node list = {0};
    for (size_t at = 0; at < size; at += step) {
        struct chunk_ref chunk = {0};
        chunk.size = (uint32_t)(size - at < step ? size - at : step);
        TRY(store_writer_put(f->temp.writer, CHUNK_DATA, data + at, chunk.size,
                             &chunk.id));
        TRY(list_builder_add(&builder, &chunk));
    }
    TRY(list_builder_finish(&builder, &list));
    return recipe_add_stream(recipe, &list);
}

enum { STREAMS = 3, RUNS = 60000, STREAM_SIZE = 40 * RUNS };

/* A file woven of three streams, and the asset for it. */
static dits_error *weave_file(struct fixture *f, struct buf *file,
                              struct dits_oid *out)
{
    CLEANUP(recipe_release) struct recipe recipe = {.form = RECIPE_WOVEN};
    CLEANUP(weave_builder_release)
    struct weave_builder builder = {.writer = f->temp.writer,
                                    .weave = {.streams = STREAMS}};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(free_bytes) uint8_t *data = random_data(STREAMS * STREAM_SIZE, 7);
    size_t used[STREAMS] = {0};
    uint64_t state = 1;
    for (size_t i = 0; i < RUNS; i++) {
        state = state * UINT64_C(6364136223846793005) + 11;
        uint8_t stream = (uint8_t)(state >> 40 & 1 ? 0 : 1 + i % 2);
        struct weave_run run = {.stream = stream, .size = 1 + (state >> 58)};
        TRY(weave_builder_add(&builder, run));
        TRY(buf_put(file, data + stream * STREAM_SIZE + used[stream],
                    (size_t)run.size));
        used[stream] += (size_t)run.size;
    }
    for (size_t i = 0; i < STREAMS; i++)
        TRY(put_stream(f, data + i * STREAM_SIZE, used[i], 3000 + 1000 * i,
                       &recipe));
    TRY(weave_builder_finish(&builder, &recipe.weave));
    recipe.info.size = file->size;
    recipe.info.chunker = 1;
    hash_bytes(file->data, file->size, &recipe.info.content);
    TRY(recipe_encode(&recipe, &bytes));
    TRY(store_writer_put(f->temp.writer, CHUNK_ASSET, bytes.data, bytes.size,
                         out));
    return temp_store_publish(&f->temp);
}

TEST(a_woven_file_comes_back)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf file = {0};
    struct dits_oid id = {0};
    struct met met = {0};
    CHECK_OK(fixture_make(&f));
    CHECK_OK(weave_file(&f, &file, &id));
    CHECK_OK(check_reads(&f, &id, file.data, file.size));
    CHECK_OK(asset_open(f.temp.store, &id, &asset));
    CHECK(asset_get_info(asset)->is_woven);
    CHECK_OK(asset_each_chunk(asset, on_chunk, &met));
    CHECK(met.chunks == asset_get_info(asset)->chunk_count);

    struct met marked = {0};
    struct asset_mark mark = {on_segment, on_mark_chunk, &marked};
    CHECK_OK(asset_mark(asset, &mark));
    CHECK(marked.chunks == met.chunks && marked.segments > 3);
}

/* A recipe of every form, encoded. */
static dits_error *encode(enum recipe_form form, struct buf *out)
{
    CLEANUP(recipe_release) struct recipe recipe = {.form = form};
    recipe.info = (struct asset_info){.size = 10, .chunker = 2};
    for (int i = 0; i < 2 && form != RECIPE_WHOLE; i++) {
        CLEANUP(list_node_release) struct list_node list = {0};
        list.entries = mem_new_array(struct list_entry, 1);
        if (list.entries == NULL)
            return error_nomem();
        list.entries[0] = (struct list_entry){
            .size = 5, .count = form == RECIPE_FLAT ? 2 : 1};
        list.count = 1;
        list.bytes = 5 * list.entries[0].count;
        list.chunks = list.entries[0].count;
        TRY(recipe_add_stream(&recipe, &list));
    }
    if (form == RECIPE_WOVEN) {
        recipe.weave = (struct weave){.streams = 2, .count = 1};
        recipe.weave.parts = mem_new_array(struct weave_part, 1);
        recipe.weave.starts = mem_new_array(uint64_t, 2);
        if (recipe.weave.parts == NULL || recipe.weave.starts == NULL)
            return error_nomem();
        recipe.weave.parts[0].runs = 4;
    }
    TRY(buf_put_text(&recipe.summary, "media"));
    return recipe_encode(&recipe, out);
}

/* Parse with the length in the header set to fit. */
static dits_error *parse(const struct buf *bytes, size_t size)
{
    CLEANUP(buf_release) struct buf cut = {0};
    CLEANUP(recipe_release) struct recipe recipe = {0};
    TRY(buf_put(&cut, bytes->data, size));
    for (size_t i = 0; i < 4; i++)
        cut.data[12 + i] = (uint8_t)((size - 16) >> (8 * i));
    return recipe_parse(buf_slice(&cut), &recipe);
}

TEST(every_truncation_and_false_size_of_an_asset_is_refused)
{
    for (int form = RECIPE_WHOLE; form <= RECIPE_WOVEN; form++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CHECK_OK(encode((enum recipe_form)form, &bytes));
        CHECK_OK(parse(&bytes, bytes.size));
        for (size_t size = 16; size < bytes.size; size++)
            CHECK_FAILS(DITS_E_CORRUPT, parse(&bytes, size));
        bytes.data[48] = 11; /* the size of the file */
        if (form != RECIPE_WHOLE)
            CHECK_FAILS(DITS_E_CORRUPT, parse(&bytes, bytes.size));
        bytes.data[48] = 10;
        bytes.data[50] = 4;
        CHECK_FAILS(DITS_E_UNSUPPORTED, parse(&bytes, bytes.size));
    }
}

TEST(an_asset_that_claims_exabytes_is_refused)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct dits_oid id = {0};
    CHECK_OK(buf_put(&bytes,
                     "\x89"
                     "DTS\r\n\x1a\n\x01\x01\0\0\0\0\0\0",
                     16));
    CHECK_OK(buf_put(&bytes, id.hash, OID_SIZE));
    CHECK_OK(buf_put_varint(&bytes, UINT64_C(1) << 60));
    CHECK_OK(buf_put_le16(&bytes, 1));
    CHECK_OK(buf_put_u8(&bytes, 0));
    CHECK_FAILS(DITS_E_CORRUPT, parse(&bytes, bytes.size));
}

TEST(failed_allocations_while_parsing_leave_nothing_behind)
{
    for (int form = RECIPE_WHOLE; form <= RECIPE_WOVEN; form++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CHECK_OK(encode((enum recipe_form)form, &bytes));
        size_t live = mem_fault_live();
        bool reached = true;
        for (unsigned nth = 1; reached; nth++) {
            mem_fault_arm(nth);
            dits_error *err = parse(&bytes, bytes.size);
            reached = mem_fault_disarm();
            CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
            dits_error_free(err);
            CHECK(mem_fault_live() == live);
        }
    }
}
