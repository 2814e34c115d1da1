#include "store/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { SIZE = 9 << 20 };

/* The chunks of a file, as they come. */
struct recipe {
    struct chunk_ref chunks[4096];
    size_t count;
    uint64_t size;
};

static void free_bytes(uint8_t **bytes)
{
    mem_free(*bytes);
}

static void free_recipe(struct recipe **recipe)
{
    mem_free(*recipe);
}

static dits_error *take(const struct chunk_ref *chunk, void *payload)
{
    struct recipe *recipe = payload;
    if (recipe->count == sizeof(recipe->chunks) / sizeof(recipe->chunks[0]))
        return error_new(DITS_E_LIMIT, "too many chunks");
    recipe->chunks[recipe->count++] = *chunk;
    recipe->size += chunk->size;
    return NULL;
}

static dits_error *make_file(const struct store_fixture *f, const void *data,
                             size_t size, struct fs_file *out)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(f->folder, "input", &path));
    TRY(fs_open(path, FS_WRITE, out));
    TRY(fs_truncate(out, 0));
    return fs_write_at(out, 0, data, size);
}

TEST(a_file_is_put_together_from_its_chunks)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(free_bytes) uint8_t *data = mem_new_array(uint8_t, SIZE);
    CLEANUP(free_bytes) uint8_t *back = mem_new_array(uint8_t, SIZE);
    CLEANUP(free_recipe) struct recipe *recipe = mem_new(struct recipe);
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct ingest_result result = {0};
    struct dits_oid id = {0};
    CHECK_OK(store_fixture_make(&f));
    fill_random(data, SIZE, 1);
    CHECK_OK(make_file(&f, data, SIZE, &file));
    CHECK_OK(store_writer_begin(f.store, &writer));
    struct ingest ingest = {.context = f.context,
                            .writer = writer,
                            .chunker = chunker_by_name("media"),
                            .threads = 2,
                            .on_chunk = take,
                            .payload = recipe};
    CHECK_OK(ingest_file(&ingest, &file, SIZE, &result));
    CHECK_OK(store_writer_commit(writer));
    CHECK(recipe->size == SIZE && result.size == SIZE);
    CHECK(recipe->count > 10 && recipe->count < 100);
    hash_bytes(data, SIZE, &id);
    CHECK(dits_oid_equal(&id, &result.content));

    size_t at = 0;
    for (size_t i = 0; i < recipe->count; i++) {
        const struct chunk_ref *chunk = &recipe->chunks[i];
        CHECK_OK(store_read_into(f.store, CHUNK_DATA, &chunk->id, back + at,
                                 chunk->size));
        at += chunk->size;
    }
    CHECK(memcmp(data, back, SIZE) == 0);
    CHECK_OK(ingest_hash(f.context, &file, SIZE, 2, &id));
    CHECK(dits_oid_equal(&id, &result.content));
}
