#include "repo/link_file.h"

#include <string.h>

#include "base/text.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/test.h"

static dits_error *parse(const char *text, struct link_file *out)
{
    return link_file_parse(slice_of_text(text), out);
}

TEST(the_documented_file_is_one)
{
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf again = {0};
    CLEANUP(link_file_release) struct link_file link = {0};
    CHECK_OK(doc_dump_read("worktree", 1, &shown));
    CHECK_OK(link_file_parse(buf_slice(&shown), &link));
    CHECK(strcmp(link.dits_dir, "/films/harbour/.dits") == 0);
    CHECK(strcmp(link.name, "grade") == 0);
    CHECK_OK(link_file_encode(&link, &again));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&again)));
}

TEST(every_cut_is_noticed)
{
    static const char whole[] =
        "dits work tree 1\nrepository /a b/.dits\nname x\n";
    CLEANUP(link_file_release) struct link_file link = {0};
    CHECK_OK(parse(whole, &link));
    for (size_t size = 0; size + 1 < sizeof(whole); size++) {
        struct link_file cut = {0};
        CHECK_FAILS(DITS_E_CORRUPT,
                    link_file_parse(slice_of(whole, size), &cut));
        CHECK(cut.name == NULL && cut.dits_dir == NULL);
    }
}

TEST(what_is_no_such_file_is_refused)
{
    static const char *const bad[] = {
        "dits work tree 1\nname x\nrepository /a\n",
        "dits work tree 1\nrepository a/.dits\nname x\n",
        "dits work tree 1\nrepository \nname x\n",
        "dits work tree 1\nrepository /a\nname \n",
        "dits work tree 1\nrepository /a\nname ..\n",
        "dits work tree 1\nrepository /a\nname a/b\n",
        "dits work tree 1\nrepository /a\nname a b\n",
        "dits work tree 1\nrepository /a\nname x\nmore\n",
        "dits work tree 1\nrepository /\xff\nname x\n",
        "gitdir: /a/.git/worktrees/x\n",
    };
    struct link_file link = {0};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_FAILS(DITS_E_CORRUPT, parse(bad[i], &link));
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                parse("dits work tree 2\nanything\n", &link));
}

TEST(a_large_file_is_refused)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct link_file link = {0};
    CHECK_OK(buf_put_text(&text, "dits work tree 1\nrepository /"));
    while (text.size <= LINK_FILE_MAX)
        CHECK_OK(buf_put_text(&text, "long/"));
    CHECK_OK(buf_put_text(&text, "\nname x\n"));
    CHECK_FAILS(DITS_E_CORRUPT, link_file_parse(buf_slice(&text), &link));
}

TEST(names_are_one_part_of_a_path)
{
    static const char *const good[] = {"a", "cut-2", "grade.v2", "Schnitt",
                                       "\xc3\xa9"};
    static const char *const bad[] = {"",    ".",   "..",  ".a",  "-a",  "a.",
                                      "a/b", "a b", "a:b", "a\n", "\xff"};
    char longest[102] = "";
    memset(longest, 'x', 101);
    CHECK(!link_file_name_is_valid(longest));
    longest[100] = '\0';
    CHECK(link_file_name_is_valid(longest));
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK(link_file_name_is_valid(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!link_file_name_is_valid(bad[i]));
}

TEST(parsing_survives_each_failed_allocation)
{
    bool reached = true;
    for (unsigned nth = 1; reached && nth < 20; nth++) {
        CLEANUP(link_file_release) struct link_file link = {0};
        mem_fault_arm(nth);
        dits_error *err =
            parse("dits work tree 1\nrepository /a/.dits\nname x\n", &link);
        reached = mem_fault_disarm();
        CHECK(reached ? dits_error_has(err, DITS_E_NOMEM) : err == NULL);
        dits_error_free(err);
    }
    CHECK(!reached);
    CHECK(mem_fault_live() == 0);
}
