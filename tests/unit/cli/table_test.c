#include "cli/table.h"

#include <string.h>

#include "support/test.h"

TEST(columns_line_up)
{
    CLEANUP(table_release)
    struct table table = {.columns = "lrl", .indent = "> "};
    char text[256] = {0};
    FILE *out = fmemopen(text, sizeof(text), "w");
    CHECK(out != NULL);
    CHECK_OK(table_add(&table, "main\t%d\tfirst", 5));
    CHECK_OK(table_add(&table, "\xc3\xa9t\xc3\xa9\t100\t"));
    CHECK_OK(table_add(&table, "rough-cut\t\tx"));
    table_print(&table, out);
    fclose(out);
    CHECK(strcmp(text, "> main         5  first\n"
                       "> \xc3\xa9t\xc3\xa9        100\n"
                       "> rough-cut       x\n") == 0);
}

TEST(cells_that_are_not_given_are_empty)
{
    CLEANUP(table_release) struct table table = {.columns = "ll", .gap = "|"};
    char text[64] = {0};
    FILE *out = fmemopen(text, sizeof(text), "w");
    CHECK(out != NULL);
    CHECK_OK(table_add(&table, "only"));
    CHECK_OK(table_add(&table, "a\tb"));
    table_print(&table, out);
    fclose(out);
    CHECK(strcmp(text, "only\na   |b\n") == 0);
}

TEST(long_text_goes_on_below_itself)
{
    CLEANUP(table_release)
    struct table table = {.columns = "ll", .indent = " ", .wrap = 16};
    char text[128] = {0};
    FILE *out = fmemopen(text, sizeof(text), "w");
    CHECK(out != NULL);
    CHECK_OK(table_add(&table, "-a\tone two three four"));
    CHECK_OK(table_add(&table, "-bc\tunbreakably-long"));
    table_print(&table, out);
    fclose(out);
    CHECK(strcmp(text, " -a   one two\n"
                       "      three four\n"
                       " -bc  unbreakably-long\n") == 0);
}
