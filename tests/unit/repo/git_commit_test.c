#include "repo/git_commit.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

#define TREE "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"

static dits_error *decode(const char *text, struct commit *out)
{
    struct git_commit parsed = {0};
    TRY(git_commit_parse(slice_of_text(text), GIT_SHA1_BYTES, &parsed));
    return git_commit_decode(&parsed, out);
}

static bool header_is(const struct commit *commit, const char *name,
                      const char *wanted)
{
    struct slice value = {0};
    if (!git_header_find(commit, name, &value))
        return wanted == NULL;
    return wanted != NULL && slice_equal(value, slice_of_text(wanted));
}

TEST(a_plain_commit_needs_no_extra_headers)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf line = {0};
    CHECK_OK(decode(TREE "author A <a@b> 1700000000 +0530\n"
                         "committer C <c@d> 1700000001 -0130\n\nwords\n",
                    &commit));
    CHECK(strcmp(commit.author.name, "A") == 0);
    CHECK(strcmp(commit.committer.email, "c@d") == 0);
    CHECK(commit.author.offset_minutes == 330);
    CHECK(strcmp(commit.message, "words\n") == 0);
    CHECK(commit.extra_headers.size == 0);
    CHECK_OK(git_person_put(&commit.committer, &line));
    CHECK(strcmp(buf_text(&line), "C <c@d> 1700000001 -0130") == 0);
}

TEST(what_would_be_lost_is_kept)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CHECK_OK(decode(TREE "author Zo\xeb <a@b> 1 +0000\n"
                         "committer  <c@d> 1 +0100\nencoding ISO-8859-1\n"
                         "gpgsig x\n y\n\ncaf\xe9",
                    &commit));
    CHECK(strcmp(commit.author.name, "Zo\u00eb") == 0);
    CHECK(strcmp(commit.message, "caf\u00e9\n") == 0);
    CHECK(header_is(&commit, GIT_HEADER_AUTHOR, "Zo\xeb <a@b> 1 +0000"));
    CHECK(header_is(&commit, GIT_HEADER_COMMITTER, " <c@d> 1 +0100"));
    CHECK(header_is(&commit, GIT_HEADER_ENCODING, "ISO-8859-1"));
    CHECK(header_is(&commit, GIT_HEADER_MESSAGE, "caf\xe9"));
    CHECK(header_is(&commit, GIT_HEADER_OTHERS, "gpgsig x\n y\n"));
}

TEST(a_missing_newline_alone_is_kept)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CHECK_OK(decode(TREE "author A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nx",
                    &commit));
    CHECK(strcmp(commit.message, "x\n") == 0);
    CHECK(header_is(&commit, GIT_HEADER_MESSAGE, "x"));
    CHECK(header_is(&commit, GIT_HEADER_AUTHOR, NULL));
}

TEST(every_name_can_be_stored)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(buf_put_text(&text, TREE "author "));
    for (int i = 0; i < 3000; i++)
        CHECK_OK(buf_put_text(&text, "\u00e9"));
    CHECK_OK(buf_put_text(&text, " <a\rb <c> d> 99999999999999 +9959\n"
                                 "committer\t<x> 1 +0000\n"));
    CHECK_FAILS(DITS_E_CORRUPT, decode(buf_text(&text), &commit));
    text.size -= strlen("committer\t<x> 1 +0000\n");
    CHECK_OK(buf_put_text(&text, "committer x\n\n"));
    CHECK_OK(decode(buf_text(&text), &commit));
    CHECK(strlen(commit.author.name) == 4096);
    CHECK_OK(commit_encode(&commit, &bytes));
}

TEST(a_tag_may_have_no_tagger)
{
    CLEANUP(tag_release) struct tag tag = {0};
    CLEANUP(buf_release) struct buf line = {0};
    struct git_tag parsed = {.name = slice_of_text("v\xe9"),
                             .message = slice_of_text("words")};
    CHECK_OK(git_tag_decode(&parsed, &tag));
    CHECK(strcmp(tag.name, "v\u00e9") == 0);
    CHECK(strcmp(tag.message, "words\n") == 0);
    CHECK_OK(git_tagger_put(&tag, &line));
    CHECK(line.size == 0);
    tag.tagger.time = 5;
    CHECK_OK(git_tagger_put(&tag, &line));
    CHECK(strcmp(buf_text(&line), "tagger <> 5 +0000\n") == 0);
}

TEST(every_tag_has_a_name)
{
    CLEANUP(tag_release) struct tag tag = {0};
    struct git_tag parsed = {0};
    CHECK_OK(git_tag_decode(&parsed, &tag));
    CHECK(strcmp(tag.name, "unnamed") == 0 && tag.message[0] == '\0');
}

TEST(failed_allocations_leave_nothing_behind)
{
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct commit commit = {0};
        mem_fault_arm(nth);
        dits_error *err = decode(TREE "author Zo\xeb <a> 1 +0000\n"
                                      "committer A <a> 1 +0\n"
                                      "encoding latin1\nx y\n\nz",
                                 &commit);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        commit_release(&commit);
        CHECK(mem_fault_live() == live);
    }
}
