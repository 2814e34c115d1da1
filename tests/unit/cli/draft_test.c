#include "cli/draft.h"

#include <string.h>

#include "support/test.h"

static bool cleaned_is(const char *text, bool drop_comments, const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = draft_clean(slice_of_text(text), drop_comments, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0;
    dits_error_free(err);
    return same;
}

TEST(spaces_and_empty_lines_are_tidied)
{
    CHECK(cleaned_is("\n\n first cut \t\r\n\n\n\nwith titles\n\n", false,
                     " first cut\n\nwith titles\n"));
    CHECK(cleaned_is("no newline", false, "no newline\n"));
    CHECK(cleaned_is(" \n\t\n", false, ""));
}

TEST(comments_go_only_when_the_editor_showed_some)
{
    CHECK(cleaned_is("#1 wins\n# note\n", false, "#1 wins\n# note\n"));
    CHECK(cleaned_is("cut\n# note\n\n# more\nend\n", true, "cut\n\nend\n"));
    CHECK(cleaned_is("# only\n", true, ""));
}

TEST(what_is_not_text_is_refused)
{
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_FAILS(DITS_E_INVALID,
                draft_clean(slice_of_text("a\xff"), false, &out));
    CHECK_FAILS(DITS_E_INVALID, draft_clean(slice_of("a\0b", 3), false, &out));
}
