/* The worked examples of docs/formats are what this code reads and writes. */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/le.h"
#include "base/mem.h"
#include "store/chunker.h"
#include "store/pack_index.h"
#include "support/doc_dump.h"
#include "support/store_fixture.h"
#include "support/test.h"

enum { TEXT_BYTES = 800 };

static void fill_text(char text[TEXT_BYTES])
{
    for (size_t i = 0; i < TEXT_BYTES; i++)
        text[i] = "a clip, "[i % 8];
}

/* The one pack of the store. */
static dits_error *take_name(const char *name, void *payload)
{
    return buf_printf(payload, "/packs/%s", name);
}

static dits_error *read_pack(const struct store_fixture *f, struct buf *out)
{
    CLEANUP(buf_release) struct buf folder = {0};
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&folder, "%s/packs", f->folder));
    TRY(buf_put_text(&path, f->folder));
    TRY(fs_list(buf_text(&folder), take_name, &path));
    return fs_read_all(buf_text(&path), 1 << 20, out);
}

TEST(the_page_on_packs_shows_what_is_written)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf written = {0};
    char text[TEXT_BYTES];
    struct dits_oid id = {0};
    fill_text(text);
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(store_writer_begin(f.store, &writer));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, "hello", 5, &id));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, text, TEXT_BYTES, &id));
    CHECK_OK(store_writer_commit(writer));
    CHECK_OK(read_pack(&f, &written));
    CHECK_OK(doc_dump_read("pack", 1, &shown));
    /* The compressed bytes are the library's: another version's may differ. */
    CHECK(shown.size > 200 && written.size > 200);
    CHECK(memcmp(shown.data, written.data, 90) == 0);
}

TEST(the_page_on_packs_shows_what_is_read)
{
    CLEANUP(store_fixture_release) struct store_fixture f = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf out = {0};
    struct pack_trailer trailer = {0};
    char name[OID_HEX_SIZE];
    char text[TEXT_BYTES];
    struct dits_oid id = {0};
    fill_text(text);
    CHECK_OK(doc_dump_read("pack", 1, &shown));
    CHECK_OK(pack_trailer_decode(shown.data + shown.size - PACK_TRAILER_SIZE,
                                 shown.size, &trailer));
    dits_oid_hex(&trailer.name, name);
    CHECK_OK(store_fixture_make(&f));
    CHECK_OK(buf_printf(&path, "%s/packs/%s.pack", f.folder, name));
    CHECK_OK(fs_replace(buf_text(&path), shown.data, shown.size));
    CHECK_OK(store_fixture_reopen(&f));
    chunk_id(CHUNK_DATA, "hello", 5, &id);
    CHECK_OK(store_read(f.store, CHUNK_DATA, &id, &out));
    CHECK(out.size == 5 && memcmp(out.data, "hello", 5) == 0);
    chunk_id(CHUNK_DATA, text, TEXT_BYTES, &id);
    CHECK_OK(store_read(f.store, CHUNK_DATA, &id, &out));
    CHECK(out.size == TEXT_BYTES && memcmp(out.data, text, TEXT_BYTES) == 0);
    CHECK(f.warnings == 0);
}

TEST(the_page_on_indexes_shows_that_of_the_pack)
{
    CLEANUP(buf_release) struct buf pack = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(pack_index_release) struct pack_index index = {0};
    struct pack_trailer trailer = {0};
    struct frame frame = {0};
    struct dits_oid id = {0};
    bool found = false;
    CHECK_OK(doc_dump_read("pack", 1, &pack));
    CHECK_OK(doc_dump_read("pack-index", 1, &shown));
    CHECK_OK(pack_trailer_decode(pack.data + pack.size - PACK_TRAILER_SIZE,
                                 pack.size, &trailer));
    CHECK(trailer.index_size == shown.size);
    CHECK(memcmp(pack.data + trailer.frames_end, shown.data, shown.size) == 0);
    CHECK_OK(pack_index_verify(shown.data, shown.size));
    CHECK_OK(pack_index_parse(shown.data, shown.size, &index));
    CHECK(index.count == 2 && index.fanout_bits == 0);
    chunk_id(CHUNK_DATA, "hello", 5, &id);
    CHECK_OK(pack_index_find(&index, &id, &found, &frame));
    CHECK(found && frame.offset == 24 && frame.plain_size == 5);
}

enum { INPUT = 16 << 20 };

static void fill_input(uint8_t *out)
{
    uint64_t x = 0;
    for (size_t i = 0; i < INPUT; i += 8) {
        x += 0x9e3779b97f4a7c15u;
        uint64_t z = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        le64_store(out + i, z ^ (z >> 31));
    }
    memset(out + 5242880, 0, 8388608 - 5242880);
}

/* The same lines as on the page, for one profile. */
static dits_error *print_cuts(const char *name, const uint8_t *data,
                              size_t size, struct candidates *found,
                              struct buf *out)
{
    const struct chunker *chunker = chunker_by_name(name);
    size_t start = 0;
    size_t next = 0;
    found->count = 0;
    if (chunker_scan(chunker, data, 63, size, found) != size)
        return error_new(DITS_E_LIMIT, "too many candidates");
    for (;;) {
        start = chunker_cut(chunker, found, &next, (int64_t)start, size);
        if (start == 0)
            return NULL;
        TRY(buf_printf(out, "%s %zu %zu\n", name, size, start));
    }
}

/* Each number of a line becomes a line of its own. */
static dits_error *read_cuts(struct buf *out)
{
    CLEANUP(buf_release) struct buf page = {0};
    char *line = NULL;
    char *rest = NULL;
    TRY(fs_read_all(SOURCE_ROOT "/docs/formats/chunker.md", 1 << 20, &page));
    char *at = strstr((char *)page.data, "```cuts\n");
    char *end = at == NULL ? NULL : strstr(at + 8, "```");
    if (end == NULL)
        return error_new(DITS_E_NOT_FOUND, "no vectors on the page");
    *end = '\0';
    for (line = strtok_r(at + 8, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *words = NULL;
        const char *name = strtok_r(line, " ", &words);
        const char *size = strtok_r(NULL, " ", &words);
        const char *cut = NULL;
        while ((cut = strtok_r(NULL, " ", &words)) != NULL)
            TRY(buf_printf(out, "%s %s %s\n", name, size, cut));
    }
    return NULL;
}

TEST(the_page_on_chunkers_shows_where_cuts_are)
{
    CLEANUP(buf_release) struct buf wanted = {0};
    CLEANUP(buf_release) struct buf got = {0};
    uint8_t *data = mem_new_array(uint8_t, INPUT);
    struct candidates *found = mem_new(struct candidates);
    fill_input(data);
    CHECK_OK(read_cuts(&wanted));
    CHECK_OK(print_cuts("small", data, 1 << 20, found, &got));
    CHECK_OK(print_cuts("media", data, 8 << 20, found, &got));
    CHECK_OK(print_cuts("large", data, 16 << 20, found, &got));
    CHECK(got.size > 0 && strcmp(buf_text(&got), buf_text(&wanted)) == 0);
    mem_free(data);
    mem_free(found);
}
