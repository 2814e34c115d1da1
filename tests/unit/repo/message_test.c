#include "repo/message.h"

#include <string.h>

#include "base/text.h"
#include "support/test.h"

TEST(messages_are_cleaned_as_git_does)
{
    static const struct {
        const char *text;
        const char *clean;
    } rows[] = {
        {"", ""},
        {" \n\t\n", ""},
        {"one", "one\n"},
        {"\n\none  \n\n\n\n  two\t\n\n", "one\n\n  two\n"},
        {"a\r\nb\r\n", "a\nb\n"},
        {"# kept\n", "# kept\n"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CLEANUP(text_free) char *clean = NULL;
        CHECK_OK(message_clean(rows[i].text, &clean));
        CHECK(strcmp(clean, rows[i].clean) == 0);
    }
}

TEST(messages_are_utf8)
{
    char *clean = NULL;
    CHECK_FAILS(DITS_E_INVALID, message_clean("\xc3(", &clean));
}

TEST(a_subject_is_cut_between_characters)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf subject = {0};
    CHECK_OK(buf_put_text(&text, "x"));
    for (int i = 0; i < 150; i++)
        CHECK_OK(buf_put_text(&text, "ä"));
    CHECK_OK(message_subject(buf_text(&text), &subject));
    CHECK(subject.size == 199);
    CHECK(text_is_utf8(subject.data, subject.size));
}
