#include "base/dir_batch.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"
#include "support/work_files.h"

/* A folder, and a batch: NULL, and nothing to test, where there are none. */
struct place {
    struct temp_repo temp;
    struct dir top;
    struct dir_batch *batch;
};

static void place_release(struct place *place)
{
    dir_batch_free(place->batch);
    dir_close(&place->top);
    temp_repo_release(&place->temp);
}

static dits_error *place_make(struct place *place)
{
    TRY(temp_repo_make(&place->temp));
    TRY(dir_open(place->temp.folder, &place->top));
    return dir_batch_new(&place->batch);
}

static bool holds(const struct dir_batch_file *file, const char *text)
{
    return file->bytes != NULL && file->size == strlen(text) &&
           memcmp(file->bytes, text, file->size) == 0;
}

TEST(many_files_are_read_at_once_and_again)
{
    CLEANUP(place_release) struct place place = {0};
    char names[DIR_BATCH_FILES][8];
    struct dir_batch_file files[DIR_BATCH_FILES];
    CHECK_OK(place_make(&place));
    if (place.batch == NULL)
        return;
    for (int i = 0; i < DIR_BATCH_FILES; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "f%d", i);
        CHECK(work_write(&place.temp, names[i], names[i]));
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < DIR_BATCH_FILES; i++)
            files[i] = (struct dir_batch_file){.name = names[i],
                                               .size = strlen(names[i])};
        CHECK_OK(
            dir_batch_read(place.batch, &place.top, files, DIR_BATCH_FILES));
        for (int i = 0; i < DIR_BATCH_FILES; i++)
            CHECK(holds(&files[i], names[i]));
    }
}

TEST(what_cannot_be_read_does_not_stop_the_others)
{
    CLEANUP(place_release) struct place place = {0};
    CHECK_OK(place_make(&place));
    if (place.batch == NULL)
        return;
    CHECK(work_write(&place.temp, "a", "one"));
    CHECK(work_write(&place.temp, "folder/x", "x"));
    CHECK(work_write(&place.temp, "z", "last"));
    CHECK(work_link(&place.temp, "link", "a"));
    struct dir_batch_file files[] = {
        {.name = "a", .size = 3},    {.name = "absent", .size = 3},
        {.name = "link", .size = 3}, {.name = "folder", .size = 3},
        {.name = "a", .size = 4},    {.name = "z", .size = 2},
    };
    CHECK_OK(dir_batch_read(place.batch, &place.top, files, 6));
    CHECK(holds(&files[0], "one"));
    CHECK(files[1].bytes == NULL); /* not there */
    CHECK(files[2].bytes == NULL); /* would lead elsewhere */
    CHECK(files[3].bytes == NULL);
    CHECK(files[4].bytes == NULL); /* has become shorter */
    CHECK(holds(&files[5], "la")); /* only its start was asked for */
}

TEST(a_pipe_is_given_up)
{
    CLEANUP(place_release) struct place place = {0};
    char path[128];
    CHECK_OK(place_make(&place));
    if (place.batch == NULL)
        return;
    (void)snprintf(path, sizeof(path), "%s/pipe", place.temp.folder);
    CHECK(mkfifo(path, 0666) == 0);
    CHECK(work_write(&place.temp, "a", "one"));
    int writer = open(path, O_RDWR | O_CLOEXEC); /* never at an end */
    CHECK(writer >= 0);
    struct dir_batch_file files[] = {
        {.name = "pipe", .size = 3},
        {.name = "a", .size = 3},
    };
    dits_error *err = dir_batch_read(place.batch, &place.top, files, 2);
    (void)close(writer);
    CHECK_OK(err);
    CHECK(files[0].bytes == NULL && holds(&files[1], "one"));
}

TEST(a_batch_has_bounds)
{
    CLEANUP(place_release) struct place place = {0};
    struct dir_batch_file files[DIR_BATCH_FILES + 1] = {{0}};
    CHECK_OK(place_make(&place));
    if (place.batch == NULL)
        return;
    CHECK_FAILS(DITS_E_INVALID, dir_batch_read(place.batch, &place.top, files,
                                               DIR_BATCH_FILES + 1));
    files[0] = (struct dir_batch_file){.name = "a", .size = 0};
    CHECK_FAILS(DITS_E_INVALID,
                dir_batch_read(place.batch, &place.top, files, 1));
    files[0].size = DIR_BATCH_BYTES;
    files[1] = (struct dir_batch_file){.name = "b", .size = 1};
    CHECK_FAILS(DITS_E_INVALID,
                dir_batch_read(place.batch, &place.top, files, 2));
}
