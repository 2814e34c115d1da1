#include "cli/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "support/mem_fault.h"
#include "support/test.h"

/* A folder with a program `p` in it. */
struct place {
    char folder[32];
    char program[48];
};

static void place_release(struct place *place)
{
    char line[64];
    snprintf(line, sizeof(line), "rm -rf '%s'", place->folder);
    if (system(line) != 0)
        printf("# '%s' is left\n", place->folder);
}

static bool place_make(struct place *place, const char *script)
{
    strcpy(place->folder, "/tmp/dits-process-XXXXXX");
    if (mkdtemp(place->folder) == NULL)
        return false;
    snprintf(place->program, sizeof(place->program), "%s/p", place->folder);
    FILE *file = fopen(place->program, "w");
    if (file == NULL || fputs(script, file) < 0 || fclose(file) != 0)
        return false;
    return chmod(place->program, 0755) == 0;
}

static dits_error *run(const struct place *place, int *out_status)
{
    const char *const arguments[] = {"p", "first", "second", NULL};
    const char *const variables[] = {"DITS_TEST=new", "DITS_OTHER=", NULL};
    const struct process process = {
        .path = place->program,
        .arguments = arguments,
        .variables = variables,
        .folder = place->folder,
    };
    return process_run(&process, out_status);
}

static bool file_is(const struct place *place, const char *name,
                    const char *text)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    char path[64];
    snprintf(path, sizeof(path), "%s/%s", place->folder, name);
    dits_error *err = fs_read_all(path, 4096, &bytes);
    bool same = err == NULL && strcmp(buf_text(&bytes), text) == 0;
    if (!same)
        printf("# '%s'\n", buf_text(&bytes));
    dits_error_free(err);
    return same;
}

TEST(a_program_gets_its_folder_arguments_and_variables)
{
    CLEANUP(place_release) struct place place = {0};
    int status = -1;
    CHECK(place_make(&place, "#!/bin/sh\n"
                             "echo \"$*-$DITS_TEST-$DITS_OTHER-$DITS_KEPT\" "
                             ">out; cat >>out; env | grep -c DITS_TEST= "
                             ">>out\n"));
    CHECK(setenv("DITS_TEST", "old", 1) == 0);
    CHECK(setenv("DITS_KEPT", "kept", 1) == 0);
    CHECK_OK(run(&place, &status));
    CHECK(status == 0);
    CHECK(file_is(&place, "out", "first second-new--kept\n1\n"));
}

TEST(the_status_is_that_of_the_program)
{
    CLEANUP(place_release) struct place place = {0};
    int status = -1;
    CHECK(place_make(&place, "#!/bin/sh\nexit 42\n"));
    CHECK_OK(run(&place, &status));
    CHECK(status == 42);
}

TEST(a_signal_that_ends_it_is_told)
{
    CLEANUP(place_release) struct place place = {0};
    int status = -1;
    CHECK(place_make(&place, "#!/bin/sh\nkill -9 $$\n"));
    CHECK_OK(run(&place, &status));
    CHECK(status == 128 + 9);
}

TEST(a_script_needs_no_first_line)
{
    CLEANUP(place_release) struct place place = {0};
    int status = -1;
    CHECK(place_make(&place, "exit 3\n"));
    CHECK_OK(run(&place, &status));
    CHECK(status == 3);
}

TEST(what_cannot_be_run_fails)
{
    CLEANUP(place_release) struct place place = {0};
    int status = -1;
    CHECK(place_make(&place, "#!/nowhere\n"));
    CHECK_OK(run(&place, &status));
    CHECK(status == 127);
}

TEST(files_that_may_be_run_are_told_from_others)
{
    CLEANUP(place_release) struct place place = {0};
    bool may_run = false;
    CHECK(place_make(&place, ""));
    CHECK(process_is_file(place.program, &may_run) && may_run);
    CHECK(chmod(place.program, 0644) == 0);
    CHECK(process_is_file(place.program, &may_run) && !may_run);
    CHECK(!process_is_file(place.folder, &may_run) && !may_run);
    CHECK(!process_is_file("/nowhere", &may_run) && !may_run);
}

TEST(want_of_memory_is_told)
{
    CLEANUP(place_release) struct place place = {0};
    int status = -1;
    CHECK(place_make(&place, "exit 0\n"));
    mem_fault_arm(1);
    CHECK_FAILS(DITS_E_NOMEM, run(&place, &status));
    (void)mem_fault_disarm();
}
