#include "object/object.h"

#include <string.h>

#include "support/test.h"

/* An object of kind TREE with the payload "hello". */
static dits_error *make(struct buf *out)
{
    TRY(object_begin(out, CHUNK_TREE));
    TRY(buf_put_text(out, "hello"));
    return object_end(out);
}

TEST(the_payload_comes_back)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct cursor in = {0};
    CHECK_OK(make(&bytes));
    CHECK(bytes.size == OBJECT_HEADER_SIZE + 5);
    CHECK_OK(object_open(CHUNK_TREE, buf_slice(&bytes), &in));
    CHECK(cursor_left(&in) == 5 && memcmp(in.at, "hello", 5) == 0);
}

TEST(every_truncation_and_every_flipped_bit_of_a_header_is_refused)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct cursor in = {0};
    CHECK_OK(make(&bytes));
    for (size_t size = 0; size < bytes.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT,
                    object_open(CHUNK_TREE, slice_of(bytes.data, size), &in));
    for (size_t bit = 0; bit < OBJECT_HEADER_SIZE * 8; bit++) {
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        dits_error *err = object_open(CHUNK_TREE, buf_slice(&bytes), &in);
        CHECK(err != NULL);
        dits_error_free(err);
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

TEST(an_object_is_not_read_as_another_kind)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct cursor in = {0};
    struct dits_oid tree = {0};
    struct dits_oid data = {0};
    CHECK_OK(make(&bytes));
    CHECK_FAILS(DITS_E_CORRUPT,
                object_open(CHUNK_COMMIT, buf_slice(&bytes), &in));
    chunk_id(CHUNK_TREE, bytes.data, bytes.size, &tree);
    chunk_id(CHUNK_DATA, bytes.data, bytes.size, &data);
    CHECK(!dits_oid_equal(&tree, &data));
}

TEST(a_newer_version_gives_a_hint)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep) dits_error *err = NULL;
    struct cursor in = {0};
    CHECK_OK(make(&bytes));
    bytes.data[9] = 2;
    err = object_open(CHUNK_TREE, buf_slice(&bytes), &in);
    CHECK(dits_error_has(err, DITS_E_UNSUPPORTED));
    CHECK(strstr(dits_error_hint(err), "Update Dits") != NULL);
}

TEST(what_text_tools_do_to_an_object_is_recognised)
{
    static const struct {
        const char *bytes;
        const char *says;
    } cases[] = {
        {"\x89"
         "DTS\n\x1a\n\x03\x01\0\0\5\0\0\0hello",
         "line ends"},
        {"\x89"
         "DTS\r\r\n\x1a\r\n\x03\x01\0\0\5\0\0\0",
         "line ends"},
        {"\x09"
         "DTS\r\n\x1a\n\x03\x01\0\0\5\0\0\0hello",
         "7 bits"},
        {"\xc2\x89"
         "DTS\r\n\x1a\n\x03\x01\0\0\5\0\0\0hello",
         "UTF-8"},
        {"\xef\xbf\xbd"
         "DTS\r\n\x1a\n\x03\x01\0\0\5\0\0\0hello",
         "UTF-8"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cursor in = {0};
        CLEANUP(dits_error_freep)
        dits_error *err =
            object_open(CHUNK_TREE, slice_of(cases[i].bytes, 18), &in);
        CHECK(dits_error_has(err, DITS_E_CORRUPT));
        CHECK(strstr(dits_error_message(err), cases[i].says) != NULL);
        CHECK(dits_error_hint(err) != NULL);
    }
}

TEST(an_object_larger_than_a_chunk_is_refused)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    void *at = NULL;
    CHECK_OK(object_begin(&bytes, CHUNK_TREE));
    CHECK_OK(buf_extend(&bytes, CHUNK_MAX_BYTES, &at));
    CHECK_FAILS(DITS_E_LIMIT, object_end(&bytes));
}
