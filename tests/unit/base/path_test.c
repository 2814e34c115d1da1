#include "base/path.h"

#include <string.h>

#include "support/test.h"

TEST(paths_sort_as_a_walk_through_folders_meets_them)
{
    static const char *const sorted[] = {"",    "a",   "a/b", "a/b/c",
                                         "a-b", "a.b", "ab",  "b"};
    for (size_t i = 0; i < sizeof(sorted) / sizeof(sorted[0]); i++)
        for (size_t k = 0; k < sizeof(sorted) / sizeof(sorted[0]); k++) {
            int wanted = i < k ? -1 : i > k;
            CHECK(path_compare(sorted[i], sorted[k]) == wanted);
        }
}

TEST(a_path_is_within_itself_and_its_folders)
{
    CHECK(path_is_within("a/b", ""));
    CHECK(path_is_within("a/b", "a"));
    CHECK(path_is_within("a/b", "a/b"));
    CHECK(!path_is_within("a/bc", "a/b"));
    CHECK(!path_is_within("a", "a/b"));
}

TEST(the_base_name_is_the_last_part)
{
    CHECK(strcmp(path_base_name("a/b/c.mov"), "c.mov") == 0);
    CHECK(strcmp(path_base_name("c.mov"), "c.mov") == 0);
}
