#include "repo/ignore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* What one ignore file at the top says of one path. */
struct example {
    const char *rules;
    const char *path;
    bool is_folder;
    bool is_ignored;
};

static const struct example examples[] = {
    {"*.tmp\n", "a.tmp", false, true},
    {"*.tmp\n", "x/y/a.tmp", false, true},
    {"*.tmp\n!keep.tmp\n", "x/keep.tmp", false, false},
    {"!keep.tmp\n*.tmp\n", "keep.tmp", false, true},
    {"/a\n", "a", false, true},
    {"/a\n", "x/a", false, false},
    {"a/b\n", "a/b", false, true},
    {"a/b\n", "x/a/b", false, false},
    {"build/\n", "build", true, true},
    {"build/\n", "build", false, false},
    {"build/\n", "x/build", true, true},
    {"/build/\n", "x/build", true, false},
    {"**/a\n", "a", false, true},
    {"**/a\n", "x/y/a", false, true},
    {"a/**\n", "a/b/c", false, true},
    {"a/**\n", "a", true, false},
    {"a/**/b\n", "a/b", false, true},
    {"a/**/b\n", "a/x/y/b", false, true},
    {"a/**/b\n", "a/xb", false, false},
    {"a**b\n", "axxb", false, true},
    {"x/a**b\n", "x/a/b", false, false},
    {"*/b\n", "a/b", false, true},
    {"*/b\n", "a/c/b", false, false},
    {"a?c\n", "abc", false, true},
    {"x/a?c\n", "x/a/c", false, false},
    {"[ab].mov\n", "b.mov", false, true},
    {"[!ab].mov\n", "b.mov", false, false},
    {"[^ab].mov\n", "c.mov", false, true},
    {"[a-c]x\n", "bx", false, true},
    {"[]x]\n", "]", false, true},
    {"[]-]\n", "-", false, true},
    {"[[:digit:]]*\n", "1a", false, true},
    {"[[:digit:]]*\n", "a1", false, false},
    {"[a\n", "[a", false, false},
    {"# x\n", "# x", false, false},
    {"\\#x\n", "#x", false, true},
    {"\\!x\n", "!x", false, true},
    {"a\\*\n", "a*", false, true},
    {"a\\*\n", "ab", false, false},
    {"a  \n", "a", false, true},
    {"a\\ \n", "a ", false, true},
    {"a\r\n", "a", false, true},
    {"\xef\xbb\xbf"
     "a\n",
     "a", false, true},
    {"a", "a", false, true},
    {"\n\n  \n", "  ", false, false},
    {"/\n", "a", true, false},
    {"*\n!*/\n!*.mov\n", "x.mov", false, false},
    {"*\n!*/\n!*.mov\n", "x", true, false},
    {"*\n!*/\n!*.mov\n", "x.txt", false, true},
    {"caf\xc3\xa9*\n", "caf\xc3\xa9.mov", false, true},
    {"A\n", "a", false, false},
    {"***\n", "x", false, true},
    {"a/***/b\n", "a/x/b", false, true},
};

static dits_error *ask(const struct example *e, bool *out)
{
    CLEANUP(ignore_rules_freep) struct ignore_rules *rules = NULL;
    TRY(ignore_rules_parse(e->rules, strlen(e->rules), &rules));
    *out = ignore_rules_match(rules, e->path, e->is_folder) == IGNORE_YES;
    return NULL;
}

TEST(patterns_are_matched_as_git_does)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct example *e = &examples[i];
        bool ignored = false;
        CHECK_OK(ask(e, &ignored));
        if (ignored != e->is_ignored)
            printf("# '%s' and '%s'\n", e->rules, e->path);
        CHECK(ignored == e->is_ignored);
    }
}

static bool run(const char *command)
{
    int status = system(command);
    return status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Put the example into a work tree of git's, and ask it. */
static bool git_agrees(const struct temp_repo *temp, const struct example *e)
{
    char command[512];
    if (!work_write(temp, ".gitignore", e->rules))
        return false;
    (void)snprintf(command, sizeof(command),
                   "cd '%s' && { %s mkdir -p '%s' && printf '%%s\\0' '%s' | "
                   "git check-ignore -q --no-index -z --stdin; }",
                   temp->folder, e->is_folder ? "" : "true ||", e->path,
                   e->path);
    bool agrees = run(command) == e->is_ignored;
    return (!e->is_folder || work_remove(temp, e->path)) && agrees;
}

TEST(git_says_the_same_of_every_example)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    char command[256];
    if (!run("git --version >/dev/null 2>&1"))
        return; /* the table above stands for it */
    CHECK_OK(temp_repo_make(&temp));
    (void)snprintf(command, sizeof(command), "git init -q '%s' 2>/dev/null",
                   temp.folder);
    CHECK(run(command));
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        bool agrees = git_agrees(&temp, &examples[i]);
        if (!agrees)
            printf("# '%s' and '%s'\n", examples[i].rules, examples[i].path);
        CHECK(agrees);
    }
}

TEST(every_folder_has_its_own_rules)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, ".ditsignore", "*.tmp\n/cache/\n"));
    CHECK(work_write(&temp, "a/.ditsignore", "!keep.tmp\n/own\n"));
    CHECK(work_write(&temp, "a/keep.tmp", "x") &&
          work_write(&temp, "a/x.tmp", "x") && work_write(&temp, "a/own", "x"));
    CHECK(work_write(&temp, "b/keep.tmp", "x") && work_write(&temp, "b/c", ""));
    CHECK(work_write(&temp, "cache/keep", "x"));
    CHECK(work_write(&temp, ".dits/info/exclude", "b/c\n"));
    CHECK_OK(work_add(&temp, "a/keep.tmp"));
    CHECK(work_status_is(&temp, "?? .ditsignore\n?? a/.ditsignore\n"
                                "A  a/keep.tmp\n!! a/own\n!! a/x.tmp\n"
                                "!! b/\n!! cache/\n"));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, "a/x.tmp"));
    CHECK_FAILS(DITS_E_INVALID, work_add(&temp, "cache"));
}

TEST(each_failed_allocation_is_told)
{
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct ignore_rules *rules = NULL;
        mem_fault_arm(nth);
        CLEANUP(dits_error_freep)
        dits_error *err = ignore_rules_parse("a\nb/\n", 5, &rules);
        reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        ignore_rules_free(rules);
        CHECK(mem_fault_live() == live);
    }
}
