#include "repo/clone_record.h"

#include <string.h>

#include "base/hash.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/test.h"

static char url[] = "/nas/film";
static char origin[] = "origin";
static char branch[] = "cut";

static const struct clone_record full = {.url = url,
                                         .origin = origin,
                                         .branch = branch,
                                         .depth = 3,
                                         .is_bare = true,
                                         .made_folder = true};

TEST(a_record_says_what_was_asked_for)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(clone_record_release) struct clone_record back = {0};
    CHECK_OK(clone_record_encode(&full, &bytes));
    CHECK_OK(clone_record_decode(buf_slice(&bytes), &back));
    CHECK(clone_record_equal(&full, &back));
    CHECK(back.is_bare && back.made_folder && back.depth == 3);
    CHECK(!back.is_mirror && !back.no_checkout && !back.no_tags);
    CHECK(strcmp(back.url, url) == 0 && strcmp(back.branch, branch) == 0);
}

TEST(records_differ_by_what_was_asked_for_alone)
{
    struct clone_record other = full;
    other.made_folder = false;
    CHECK(clone_record_equal(&full, &other));
    other.branch = NULL;
    CHECK(!clone_record_equal(&full, &other));
    other = full;
    other.no_tags = true;
    CHECK(!clone_record_equal(&full, &other));
    other = full;
    other.depth = 0;
    CHECK(!clone_record_equal(&full, &other));
    other = full;
    other.url = origin;
    CHECK(!clone_record_equal(&full, &other));
}

/* With a checksum that fits. */
static dits_error *decode_changed(size_t at, uint8_t value, size_t cut)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(clone_record_release) struct clone_record back = {0};
    TRY(clone_record_encode(&full, &bytes));
    bytes.data[at] = value;
    bytes.size -= 8 + cut;
    TRY(buf_put_le64(&bytes, hash_checksum(bytes.data, bytes.size)));
    return clone_record_decode(buf_slice(&bytes), &back);
}

TEST(a_record_that_is_none_is_refused)
{
    CHECK_FAILS(DITS_E_CORRUPT, decode_changed(0, 'x', 0));
    CHECK_FAILS(DITS_E_UNSUPPORTED, decode_changed(8, 2, 0));
    CHECK_FAILS(DITS_E_CORRUPT, decode_changed(16, 0xff, 0));
    CHECK_FAILS(DITS_E_CORRUPT, decode_changed(25, 0, 0));
    CHECK_FAILS(DITS_E_CORRUPT, decode_changed(27, '\0', 0));
    for (size_t cut = 1; cut < 36; cut++)
        CHECK_FAILS(DITS_E_CORRUPT, decode_changed(8, 1, cut));
}

TEST(a_byte_that_was_damaged_is_found)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(clone_record_encode(&full, &bytes));
    for (size_t i = 0; i < bytes.size; i++) {
        CLEANUP(clone_record_release) struct clone_record back = {0};
        bytes.data[i] ^= 1;
        CHECK_FAILS(DITS_E_CORRUPT,
                    clone_record_decode(buf_slice(&bytes), &back));
        bytes.data[i] ^= 1;
    }
}

static dits_error *there_and_back(void)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(clone_record_release) struct clone_record back = {0};
    TRY(clone_record_encode(&full, &bytes));
    return clone_record_decode(buf_slice(&bytes), &back);
}

TEST(a_record_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = there_and_back();
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == live);
    }
}

TEST(the_page_shows_what_is_written)
{
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(doc_dump_read("clone", 1, &shown));
    CHECK_OK(clone_record_encode(&full, &bytes));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&shown)));
}
