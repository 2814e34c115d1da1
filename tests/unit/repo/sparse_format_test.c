#include "repo/sparse_format.h"

#include <string.h>

#include "support/doc_dump.h"
#include "support/test.h"

static dits_error *parse_set(const char *text, struct sparse_set **out)
{
    return sparse_set_parse(slice_of_text(text), out);
}

TEST(the_documented_file_is_one)
{
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf again = {0};
    CLEANUP(sparse_file_release) struct sparse_file file = {0};
    CHECK_OK(doc_dump_read("sparse", 1, &shown));
    CHECK_OK(sparse_file_parse(buf_slice(&shown), &file));
    CHECK(sparse_set_mode(file.set) == DITS_SPARSE_CONE);
    CHECK(sparse_set_patterns(file.set).count == 2);
    CHECK(sparse_set_mode(file.target) == DITS_SPARSE_ALL);
    CHECK(file.operation == 7);
    CHECK_OK(sparse_file_encode(file.set, file.target, 7, &again));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&again)));
}

TEST(every_cut_and_every_changed_byte_is_noticed)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
    CLEANUP(sparse_set_freep) struct sparse_set *target = NULL;
    CHECK_OK(parse_set("patterns\n*.mov\n", &set));
    CHECK_OK(parse_set("cone\na\n", &target));
    CHECK_OK(sparse_file_encode(set, target, 3, &bytes));
    for (size_t i = 0; i < bytes.size; i++) {
        struct sparse_file file = {0};
        dits_error *err = sparse_file_parse(slice_of(bytes.data, i), &file);
        CHECK(dits_error_has(err, DITS_E_CORRUPT));
        dits_error_free(err);
        bytes.data[i] ^= 1;
        err = sparse_file_parse(buf_slice(&bytes), &file);
        CHECK(dits_error_has(err, DITS_E_CORRUPT) ||
              dits_error_has(err, DITS_E_UNSUPPORTED));
        dits_error_free(err);
        bytes.data[i] ^= 1;
    }
}

TEST(a_newer_version_is_refused)
{
    struct sparse_file file = {0};
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                sparse_file_parse(slice_of_text("dits sparse 2\nx\n"), &file));
}
