#include "repo/portable.h"

#include "support/test.h"

TEST(names_that_windows_refuses_are_known)
{
    static const char *const reserved[] = {
        "con", "a/NUL.txt", "Com1", "lpt9.mov/x", "a.",    "a ",
        "a:b", "what?",     "x|y",  "a\\b",       "tab\t",
    };
    static const char *const fine[] = {
        "a",    "console", "com0", "com10",       "a.b/c",
        ".nul", "lpt",     "a b",  "caf\xc3\xa9", "nulls.mov",
    };
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        CHECK(portable_is_reserved(reserved[i]));
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
        CHECK(!portable_is_reserved(fine[i]));
}

TEST(case_is_folded_in_every_script)
{
    static const struct {
        const char *a;
        const char *b;
        bool same;
    } cases[] = {
        {"A.mov", "a.MOV", true},
        {"a", "b", false},
        {"caf\xc3\xa9", "CAF\xc3\x89", true},
        {"cafe\xcc\x81", "caf\xc3\xa9", true},
        {"\xd0\x90", "\xd0\xb0", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t a = 0;
        uint64_t b = 0;
        CHECK_OK(portable_fold_hash(cases[i].a, &a));
        CHECK_OK(portable_fold_hash(cases[i].b, &b));
        CHECK((a == b) == cases[i].same);
    }
}
