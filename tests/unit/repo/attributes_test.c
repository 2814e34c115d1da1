#include "repo/attributes.h"

#include <dits/attributes.h>
#include <dits/config.h>
#include <dits/refs.h>

#include <stdio.h>
#include <string.h>

#include "repo/attribute_rules.h"
#include "store/chunker.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* What one file at the top says of one path: as `dits check-attr -a` has it. */
struct example {
    const char *rules;
    const char *path;
    const char *said;
};

static const struct example examples[] = {
    {"*.mov text\n", "x/a.mov", "text=+ "},
    {"*.mov -text\n", "a.mov", "text=- "},
    {"*.mov text=auto\n", "a.mov", "text=auto "},
    {"*.mov text=\n", "a.mov", "text= "},
    {"*.mov text\n", "a.wav", ""},
    {"* text\n*.mov !text\n", "a.mov", ""},
    {"*.mov !text\n* text\n", "a.mov", "text=+ "},
    {"*.mov a b -c d=1\n", "a.mov", "a=+ b=+ c=- d=1 "},
    {"* a -a a=2\n", "a.mov", "a=2 "},
    {"*.mov binary\n", "a.mov", "binary=+ diff=- merge=- text=- "},
    {"*.mov binary diff\n", "a.mov", "binary=+ diff=+ merge=- text=- "},
    {"*.mov diff binary\n", "a.mov", "binary=+ diff=- merge=- text=- "},
    {"*.mov -binary\n", "a.mov", "binary=- "},
    {"[attr]clip chunker=large -diff\n*.mov clip\n", "a.mov",
     "chunker=large clip=+ diff=- "},
    {"[attr]a b\n[attr]b a\n*.mov a\n", "a.mov", "a=+ b=+ "},
    {"[attr] a x\n[attr]a y\n* a\n", "a", "a=+ y=+ "},
    {"[attr]binary\n* binary\n", "a", "binary=+ "},
    {"/a text\n", "x/a", ""},
    {"x/a text\n", "x/a", "text=+ "},
    {"x/** text\n", "x/y/a", "text=+ "},
    {"x/ text\n", "x/a", ""},
    {"x/ text\n", "x/", "text=+ "},
    {"\"a b\" text\n", "a b", "text=+ "},
    {"\"a\\tb\\\"\\303\\251\" text\n", "a\tb\"\xc3\xa9", "text=+ "},
    {"\"a text\n* b\n", "a", "b=+ "},
    {"\"\\q\" text\n", "q", ""},
    {"\"\\000\" text\n", "a", ""},
    {"!a text\n", "a", ""},
    {"\\!a text\n", "!a", "text=+ "},
    {"# a text\n", "#", ""},
    {"  a\ttext\r\n", "a", "text=+ "},
    {"\xef\xbb\xbf"
     "a text",
     "a", "text=+ "},
    {"a t\xc3\xa9xt b\n", "a", ""},
    {"a --text\n", "a", ""},
    {"a -text=yes\n", "a", "text=- "},
    {"a\n\n \n[attr]\n[attr]-x y\n", "a", ""},
};

static dits_error *append(const struct attribute *attribute, void *payload)
{
    struct buf *text = payload;
    const char *value = attribute->state == ATTRIBUTE_SET ? "+"
                        : attribute->state == ATTRIBUTE_UNSET
                            ? "-"
                            : attribute->value;
    return buf_printf(text, "%s=%s ", attribute->name, value);
}

static dits_error *all_of(struct temp_repo *temp, const char *path,
                          struct buf *out)
{
    CLEANUP(attributes_freep) struct attributes *attributes = NULL;
    TRY(attributes_of_worktree(temp->repo, &attributes));
    buf_clear(out);
    return attributes_each(attributes, path, append, out);
}

static bool says(struct temp_repo *temp, const char *path, const char *said)
{
    CLEANUP(buf_release) struct buf text = {0};
    dits_error *err = all_of(temp, path, &text);
    bool same = err == NULL && strcmp(buf_text(&text), said) == 0;
    if (!same)
        printf("# of '%s': '%s', not '%s'\n", path, buf_text(&text), said);
    dits_error_free(err);
    return same;
}

TEST(lines_are_read_as_git_does)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct example *e = &examples[i];
        CHECK(work_write(&temp, ATTRIBUTES_FILE_NAME, e->rules));
        CHECK(says(&temp, e->path, e->said));
    }
}

TEST(deeper_files_go_before_those_above)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, ".ditsattributes",
                     "* a=top b=top\nx/*.mov c=top\n[attr]m in\n"));
    CHECK(work_write(&temp, "x/.ditsattributes",
                     "* a=x\n/y/z.mov d=x\n[attr]n in\n*.n n m\n"));
    CHECK(work_write(&temp, "x/y/.ditsattributes", "*.mov b=y\n"));
    CHECK(says(&temp, "a.mov", "a=top b=top "));
    CHECK(says(&temp, "x/a.mov", "a=x b=top c=top "));
    CHECK(says(&temp, "x/y/z.mov", "a=x b=y d=x "));
    CHECK(says(&temp, "xy/a.mov", "a=top b=top "));
    CHECK(says(&temp, "x/a.n", "a=x b=top in=+ m=+ n=+ "));
    CHECK(says(&temp, "x/nowhere/at/all", "a=x b=top "));
}

TEST(one_lookup_goes_from_folder_to_folder)
{
    static const char *const paths[] = {"x/y/a", "x/a",    "z/a",  "a",
                                        "x/y/a", "x/yy/a", "x/y/b"};
    static const char *const values[] = {"y", "x", "top", "top", "y", "x", "y"};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(attributes_freep) struct attributes *attributes = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, ".ditsattributes", "* a=top\n") &&
          work_write(&temp, "x/.ditsattributes", "* a=x\n") &&
          work_write(&temp, "x/y/.ditsattributes", "* a=y\n"));
    CHECK_OK(attributes_of_worktree(temp.repo, &attributes));
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct attribute found = {0};
        CHECK_OK(attributes_get(attributes, paths[i], "a", &found));
        CHECK(found.state == ATTRIBUTE_VALUE);
        CHECK(strcmp(found.value, values[i]) == 0);
        CHECK_OK(attributes_get(attributes, paths[i], "b", &found));
        CHECK(found.state == ATTRIBUTE_UNSPECIFIED);
    }
}

TEST(the_repository_goes_before_folders_and_the_user_after_them)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf users = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "users",
                     "* a=user b=user c=user\n*.m mine\n"
                     "[attr]mine d\n"));
    CHECK_OK(buf_printf(&users, "%s/users", temp.repo->work_dir));
    CHECK_OK(dits_config_set(temp.context, temp.repo, DITS_CONFIG_REPO,
                             "core.attributesFile", buf_text(&users)));
    CHECK(work_write(&temp, ".ditsattributes", "* a=top b=top\n"));
    CHECK(work_write(&temp, ".dits/info/attributes", "* a=info\n"));
    CHECK(says(&temp, "x/y", "a=info b=top c=user "));
    CHECK(says(&temp, "y.m", "a=info b=top c=user d=+ mine=+ "));
}

TEST(a_tree_has_attributes_of_its_own)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(attributes_freep) struct attributes *attributes = NULL;
    struct attribute found = {0};
    struct dits_oid id = {0};
    struct dits_oid tree = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, ".ditsattributes", "* a=top\n"));
    CHECK_OK(temp_repo_stage(&temp, "e/.ditsattributes", ""));
    CHECK_OK(temp_repo_commit(&temp, "x/.ditsattributes", "* a=x\n", &id));
    CHECK_OK(
        dits_revision_resolve(temp.repo, "HEAD", DITS_REVISION_TREE, &tree));
    CHECK(work_write(&temp, ".ditsattributes", "* a=disk\n"));
    CHECK_OK(attributes_of_tree(temp.repo, &tree, &attributes));
    CHECK_OK(attributes_get(attributes, "x/y/clip", "a", &found));
    CHECK(found.state == ATTRIBUTE_VALUE && strcmp(found.value, "x") == 0);
    CHECK_OK(attributes_get(attributes, "e/clip", "a", &found));
    CHECK(strcmp(found.value, "top") == 0);
}

TEST(a_symlink_is_not_read)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "rules", "* a\n") &&
          work_link(&temp, ".ditsattributes", "rules"));
    CHECK(says(&temp, "a", ""));
}

TEST(what_is_too_large_is_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf rules = {0};
    CLEANUP(buf_release) struct buf said = {0};
    CHECK_OK(temp_repo_make(&temp));
    for (unsigned i = 0; i <= ATTRIBUTE_NAMES_MAX; i++)
        CHECK_OK(buf_printf(&rules, "*.x a%u\n", i));
    CHECK(work_write(&temp, ".ditsattributes", buf_text(&rules)));
    CHECK_FAILS(DITS_E_LIMIT, all_of(&temp, "a", &said));
    buf_clear(&rules);
    while (rules.size <= ATTRIBUTES_FILE_MAX)
        CHECK_OK(buf_put_text(&rules, "# this line says nothing at all\n"));
    CHECK(work_write(&temp, ".ditsattributes", buf_text(&rules)));
    CHECK_FAILS(DITS_E_LIMIT, all_of(&temp, "a", &said));
}

/* Which way each kind of lookup goes, for one line of attributes. */
struct meaning {
    const char *said;
    enum attributes_diff diff;
    enum attributes_merge merge;
};

static const struct meaning meanings[] = {
    {"x", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_AUTO},
    {"text", ATTRIBUTES_DIFF_LINES, ATTRIBUTES_MERGE_TEXT},
    {"-text", ATTRIBUTES_DIFF_BINARY, ATTRIBUTES_MERGE_BINARY},
    {"text=auto", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_AUTO},
    {"text=union", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_AUTO},
    {"binary", ATTRIBUTES_DIFF_BINARY, ATTRIBUTES_MERGE_BINARY},
    {"diff -text", ATTRIBUTES_DIFF_LINES, ATTRIBUTES_MERGE_BINARY},
    {"-diff text", ATTRIBUTES_DIFF_BINARY, ATTRIBUTES_MERGE_TEXT},
    {"diff=none", ATTRIBUTES_DIFF_BINARY, ATTRIBUTES_MERGE_AUTO},
    {"diff=media", ATTRIBUTES_DIFF_BINARY, ATTRIBUTES_MERGE_AUTO},
    {"diff=text", ATTRIBUTES_DIFF_LINES, ATTRIBUTES_MERGE_AUTO},
    {"diff=python", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_AUTO},
    {"merge", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_TEXT},
    {"-merge", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_BINARY},
    {"merge=text", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_TEXT},
    {"merge=binary", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_BINARY},
    {"merge=union", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_UNION},
    {"merge=ours", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_OURS},
    {"merge=theirs", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_THEIRS},
    {"merge=mine", ATTRIBUTES_DIFF_AUTO, ATTRIBUTES_MERGE_AUTO},
};

TEST(attributes_say_how_to_compare_and_merge)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        CLEANUP(attributes_freep) struct attributes *attributes = NULL;
        char line[64] = {0};
        enum attributes_diff diff = ATTRIBUTES_DIFF_AUTO;
        enum attributes_merge merge = ATTRIBUTES_MERGE_AUTO;
        snprintf(line, sizeof(line), "* %s\n", meanings[i].said);
        CHECK(work_write(&temp, ".ditsattributes", line));
        CHECK_OK(attributes_of_worktree(temp.repo, &attributes));
        CHECK_OK(attributes_diff(attributes, "a", &diff));
        CHECK_OK(attributes_merge(attributes, "a", &merge));
        CHECK(diff == meanings[i].diff);
        CHECK(merge == meanings[i].merge);
    }
}

TEST(attributes_say_how_to_store)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(attributes_freep) struct attributes *attributes = NULL;
    struct attributes_storing storing = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(
        work_write(&temp, ".ditsattributes",
                   "l chunker=large\nn -chunker\nc chunker\nh chunker=huge\n"));
    CHECK_OK(attributes_of_worktree(temp.repo, &attributes));
    CHECK_OK(attributes_storing(attributes, "l", &storing));
    CHECK(storing.is_whole && storing.chunker == chunker_by_name("large"));
    CHECK_OK(attributes_storing(attributes, "n", &storing));
    CHECK(storing.is_whole && storing.chunker == NULL);
    CHECK_OK(attributes_storing(attributes, "c", &storing));
    CHECK(!storing.is_whole && storing.chunker == NULL);
    CHECK_OK(attributes_storing(attributes, "other", &storing));
    CHECK(!storing.is_whole && storing.chunker == NULL);
    CHECK_FAILS(DITS_E_INVALID, attributes_storing(attributes, "h", &storing));
}

static dits_error *look(struct temp_repo *temp, const char *path,
                        const char *name)
{
    const struct dits_paths paths = {.items = &path, .count = 1};
    const struct dits_attributes_options options = {.names = &name,
                                                    .name_count = 1};
    return dits_attributes_each(temp->repo, &paths, &options, NULL, NULL);
}

TEST(what_cannot_be_asked_for_is_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_INVALID, look(&temp, "a", "-text"));
    CHECK_FAILS(DITS_E_INVALID, look(&temp, "a", ""));
    CHECK_FAILS(DITS_E_INVALID, look(&temp, "../a", "text"));
}

TEST(each_failed_allocation_is_told)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, ".ditsattributes", "[attr]m a b c\n* m d\n") &&
          work_write(&temp, "x/.ditsattributes", "*.mov e=1 -a\n"));
    for (unsigned nth = 1; nth < 1000; nth++) {
        CLEANUP(buf_release) struct buf text = {0};
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = all_of(&temp, "x/a.mov", &text);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            CHECK(strcmp(buf_text(&text), "a=- b=+ c=+ d=+ e=1 m=+ ") == 0);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        buf_release(&text);
        CHECK(mem_fault_live() == live);
    }
    CHECK(false);
}
