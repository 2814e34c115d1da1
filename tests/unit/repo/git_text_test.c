#include "repo/git_text.h"

#include <string.h>

#include "support/test.h"

#define ID "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
#define OTHER "0123456789abcdef0123456789abcdef01234567"

static bool is(struct slice slice, const char *text)
{
    return slice_equal(slice, slice_of_text(text));
}

static bool has_id(struct dits_oid id, const char *hex)
{
    char seen[OID_HEX_SIZE];
    git_id_hex(&id, GIT_SHA1_BYTES, seen);
    return strcmp(seen, hex) == 0;
}

static dits_error *parse(const char *text, struct git_commit *out)
{
    return git_commit_parse(slice_of_text(text), GIT_SHA1_BYTES, out);
}

TEST(a_commit_is_taken_apart)
{
    struct git_commit commit = {0};
    CHECK_OK(parse("tree " ID "\nparent " OTHER "\nparent " ID
                   "\nauthor A <a@b> 5 +0100\ncommitter C <c@d> 6 -0130\n"
                   "encoding ISO-8859-1\ngpgsig one\n two\nother x\n\nwords\n",
                   &commit));
    CHECK(has_id(commit.tree, ID) && commit.parent_count == 2);
    CHECK(has_id(git_commit_parent(&commit, GIT_SHA1_BYTES, 0), OTHER));
    CHECK(has_id(git_commit_parent(&commit, GIT_SHA1_BYTES, 1), ID));
    CHECK(is(commit.author, "A <a@b> 5 +0100"));
    CHECK(is(commit.committer, "C <c@d> 6 -0130"));
    CHECK(is(commit.encoding, "ISO-8859-1"));
    CHECK(is(commit.others, "gpgsig one\n two\nother x\n"));
    CHECK(is(commit.message, "words\n"));
}

TEST(a_commit_may_have_no_message)
{
    struct git_commit commit = {0};
    CHECK_OK(parse("tree " ID "\nauthor A <a> 5 +0\ncommitter C <c> 6 +0\n\n",
                   &commit));
    CHECK(commit.message.size == 0 && commit.others.size == 0);
    CHECK_OK(parse("tree " ID "\nauthor A <a> 5 +0\ncommitter C <c> 6 +0\n",
                   &commit));
    CHECK(commit.message.size == 0 && commit.parent_count == 0);
}

TEST(commits_that_are_cut_off_are_refused)
{
    static const char whole[] = "tree " ID "\nparent " OTHER
                                "\nauthor A <a> 5 +0\ncommitter C <c> 6 +0\n";
    struct git_commit commit = {0};
    for (size_t size = 0; size < sizeof(whole) - 1; size++)
        CHECK_FAILS(DITS_E_CORRUPT, git_commit_parse(slice_of(whole, size),
                                                     GIT_SHA1_BYTES, &commit));
    CHECK_FAILS(DITS_E_CORRUPT,
                parse("tree " ID "\nauthor A\ncommitter C\nx", &commit));
    CHECK_FAILS(DITS_E_CORRUPT,
                parse("tree 12\nauthor A\ncommitter C\n\n", &commit));
}

static bool person_is(const char *line, const char *name, const char *email,
                      int64_t time, int32_t minutes)
{
    struct git_person person = {0};
    git_person_parse(slice_of_text(line), &person);
    return is(person.name, name) && is(person.email, email) &&
           person.time == time && person.offset_minutes == minutes;
}

TEST(people_are_read_as_well_as_can_be)
{
    CHECK(person_is("A U Thor <a@b> 1700000000 +0530", "A U Thor", "a@b",
                    1700000000, 330));
    CHECK(person_is("A <a@b> 7 -0800", "A", "a@b", 7, -480));
    CHECK(person_is("A <a@b> -7 +0000", "A", "a@b", -7, 0));
    CHECK(person_is(" <> 0 +0000", "", "", 0, 0));
    CHECK(person_is("A <a@b>", "A", "a@b", 0, 0));
    CHECK(person_is("only a name", "only a name", "", 0, 0));
    CHECK(person_is("A <open", "A", "open", 0, 0));
    CHECK(person_is("A <a <b> c> 7 +0100", "A", "a <b", 7, 60));
    CHECK(person_is("", "", "", 0, 0));
    CHECK(person_is("A <a> 99999999999999999999999 +9999", "A", "a",
                    INT64_C(253402300799), 0));
    CHECK(person_is("A <a> -99999999999999999999999 +0000", "A", "a",
                    INT64_C(-62135596800), 0));
}

TEST(a_tag_is_taken_apart)
{
    struct git_tag tag = {0};
    CHECK_OK(git_tag_parse(slice_of_text("object " ID "\ntype tree\ntag v1\n"
                                         "tagger A <a> 5 +0\n\nwords\n"),
                           GIT_SHA1_BYTES, &tag));
    CHECK(has_id(tag.target, ID) && is(tag.type, "tree") && is(tag.name, "v1"));
    CHECK(is(tag.tagger, "A <a> 5 +0") && is(tag.message, "words\n"));
    CHECK_OK(git_tag_parse(slice_of_text("object " ID "\ntype tree\ntag v1\n"
                                         "\nold\n"),
                           GIT_SHA1_BYTES, &tag));
    CHECK(tag.tagger.size == 0 && is(tag.message, "old\n"));
    CHECK_FAILS(DITS_E_CORRUPT,
                git_tag_parse(slice_of_text("object " ID "\ntype tree\n"),
                              GIT_SHA1_BYTES, &tag));
    CHECK_FAILS(
        DITS_E_CORRUPT,
        git_tag_parse(slice_of_text("object " ID "\ntype tree\ntag a\nx"),
                      GIT_SHA1_BYTES, &tag));
}

TEST(a_tree_gives_its_entries)
{
    static const char bytes[] = "100644 a b\0"
                                "11111111111111111111"
                                "100775 x\0"
                                "22222222222222222222"
                                "120000 l\0"
                                "33333333333333333333"
                                "160000 s\0"
                                "44444444444444444444"
                                "40000 d\0"
                                "55555555555555555555";
    static const enum git_mode modes[] = {GIT_FILE, GIT_EXECUTABLE, GIT_SYMLINK,
                                          GIT_SUBMODULE, GIT_FOLDER};
    struct slice left = slice_of(bytes, sizeof(bytes) - 1);
    struct git_entry entry = {0};
    for (size_t i = 0; i < 5; i++) {
        CHECK_OK(git_entry_next(&left, GIT_SHA1_BYTES, &entry));
        CHECK(entry.mode == modes[i]);
        CHECK(entry.id.hash[0] == '1' + i && entry.id.hash[20] == 0);
        CHECK(i > 0 || is(entry.name, "a b"));
    }
    CHECK(left.size == 0);
}

TEST(a_damaged_tree_is_refused)
{
    static const char *const bad[] = {"100644", "1x0644 a", "777777777 a",
                                      "10000 a", " a"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        char bytes[64] = {0};
        struct git_entry entry = {0};
        memcpy(bytes, bad[i], strlen(bad[i]));
        struct slice left = slice_of(bytes, strlen(bad[i]) + 21);
        CHECK_FAILS(DITS_E_CORRUPT,
                    git_entry_next(&left, GIT_SHA1_BYTES, &entry));
    }
    struct slice cut = slice_of("100644 a\0"
                                "123",
                                12);
    struct git_entry entry = {0};
    CHECK_FAILS(DITS_E_CORRUPT, git_entry_next(&cut, GIT_SHA1_BYTES, &entry));
}
