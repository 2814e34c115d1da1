#include "repo/stand_in.h"

#include <string.h>

#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/test.h"

static const struct stand_in example = {.asset = {{0x12, 0xab}},
                                        .size = 123456};

static enum stand_in_verdict verdict_of(struct slice bytes,
                                        struct stand_in *out)
{
    enum stand_in_verdict verdict = STAND_IN_NONE;
    dits_error_free(stand_in_parse(bytes, out, &verdict));
    return verdict;
}

TEST(the_documented_one_is_one)
{
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf again = {0};
    struct stand_in what = {0};
    CHECK_OK(doc_dump_read("stand-in", 1, &shown));
    CHECK(verdict_of(buf_slice(&shown), &what) == STAND_IN_WHOLE);
    CHECK(what.size == 9000 && what.asset.hash[0] == 0x3e);
    CHECK_OK(stand_in_format("d/it's.mov", &what, &again));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&again)));
}

TEST(every_name_is_found_again)
{
    static const char *const names[] = {"a",
                                        "it's",
                                        "''",
                                        "a\nb",
                                        "\n# name   x",
                                        "# size   5 bytes",
                                        "sp ace",
                                        "\xc3\xa4",
                                        "\x7f",
                                        "x\n# asset  0"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        CLEANUP(buf_release) struct buf text = {0};
        struct stand_in what = {0};
        CHECK_OK(stand_in_format(names[i], &example, &text));
        CHECK(verdict_of(buf_slice(&text), &what) == STAND_IN_WHOLE);
        CHECK(what.size == example.size &&
              dits_oid_equal(&what.asset, &example.asset));
    }
}

TEST(the_longest_name_fits)
{
    CLEANUP(buf_release) struct buf text = {0};
    char name[256] = "";
    memset(name, '\'', sizeof(name) - 1);
    CHECK_OK(stand_in_format(name, &example, &text));
    CHECK(text.size <= STAND_IN_MAX);
}

TEST(every_changed_byte_is_noticed)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct stand_in what = {0};
    CHECK_OK(stand_in_format("shots/clip.mov", &example, &text));
    size_t first = (size_t)(strchr(buf_text(&text), '\n') - buf_text(&text)) +
                   1;
    for (size_t i = 0; i < text.size; i++) {
        struct slice cut = slice_of(text.data, i);
        CHECK(verdict_of(cut, &what) ==
              (i < first ? STAND_IN_NONE : STAND_IN_CHANGED));
    }
    for (size_t i = 0; i < text.size; i++) {
        text.data[i] ^= 0x80;
        CHECK(verdict_of(buf_slice(&text), &what) ==
              (i < first ? STAND_IN_NONE : STAND_IN_CHANGED));
        text.data[i] ^= 0x80;
    }
    CHECK_OK(buf_put_u8(&text, '\n'));
    CHECK(verdict_of(buf_slice(&text), &what) == STAND_IN_CHANGED);
}

TEST(nothing_stands_for_a_small_file)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct stand_in what = {.size = STAND_IN_FILE_MIN - 1};
    CHECK_OK(stand_in_format("a", &what, &text));
    CHECK(verdict_of(buf_slice(&text), &what) == STAND_IN_CHANGED);
}

static dits_error *format_and_parse(void)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct stand_in what = {0};
    enum stand_in_verdict verdict = STAND_IN_NONE;
    TRY(stand_in_format("a'b", &example, &text));
    TRY(stand_in_parse(buf_slice(&text), &what, &verdict));
    return verdict == STAND_IN_WHOLE ? NULL
                                     : error_new(DITS_E_INTERNAL, "none");
}

TEST(each_failed_allocation_is_told)
{
    size_t before = mem_fault_live();
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        dits_error *err = format_and_parse();
        bool reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(mem_fault_live() == before);
        if (!reached)
            return;
    }
}
