#include "cli/ui/page.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

TEST(text_becomes_lines)
{
    CLEANUP(page_release) struct page page = {0};
    CHECK_OK(page_add(&page, "one\n\nthree\n", 7));
    CHECK_OK(page_add(&page, "", PAGE_NONE));
    CHECK(page.count == 4);
    CHECK(strcmp(page.lines[0].text, "one") == 0 && page.lines[0].tag == 7);
    CHECK(strcmp(page.lines[1].text, "") == 0);
    CHECK(strcmp(page.lines[2].text, "three") == 0);
    CHECK(page.lines[3].tag == PAGE_NONE);
}

TEST(headings_stand_apart)
{
    CLEANUP(page_release) struct page page = {0};
    CHECK_OK(page_add_heading(&page, "First"));
    CHECK_OK(page_add_heading(&page, "Second"));
    CHECK(page.count == 3);
    CHECK(strcmp(page.lines[1].text, "") == 0);
    CHECK(strcmp(page.lines[2].text, "\033[1mSecond") == 0);
}

TEST(a_page_is_bounded)
{
    CLEANUP(page_release) struct page page = {0};
    for (size_t i = 0; i < PAGE_LINES_MAX + 10; i++)
        CHECK_OK(page_add(&page, "x", 1));
    CHECK(page.count == PAGE_LINES_MAX + 1);
    CHECK(strstr(page.lines[PAGE_LINES_MAX].text, "there is more") != NULL);
    CHECK(page.lines[PAGE_LINES_MAX].tag == PAGE_NONE);
}

TEST(a_stream_keeps_what_is_printed)
{
    CLEANUP(page_stream_release) struct page_stream stream = {0};
    CHECK_OK(page_stream_open(&stream));
    fputs("hello", stream.out);
    CHECK_OK(page_stream_close(&stream));
    CHECK(stream.size == 5 && strcmp(stream.text, "hello") == 0);
}

TEST(memory_for_lines_may_run_out)
{
    for (unsigned n = 1;; n++) {
        CLEANUP(page_release) struct page page = {0};
        mem_fault_arm(n);
        dits_error *err = page_add(&page, "one\ntwo", 0);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
