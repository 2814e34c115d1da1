#include "media/describe.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "media/formats.h"
#include "support/media_bytes.h"
#include "support/mem_fault.h"
#include "support/test.h"

enum { MAX_FILE = 8192 };

/* The small files that fuzzing starts from. */
static const struct seed {
    const char *name;
    const struct media_format *format;
} seeds[] = {
    {"isobmff/progressive", &media_format_isobmff},
    {"isobmff/fragments", &media_format_isobmff},
    {"matroska/all", &media_format_matroska},
    {"mpegts/plain", &media_format_mpegts},
};

enum { SEEDS = sizeof(seeds) / sizeof(seeds[0]) };

static size_t read_seed(const struct seed *seed, uint8_t *out)
{
    char path[512] = "";
    (void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", SOURCE_ROOT,
                   seed->name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    size_t size = fread(out, 1, MAX_FILE, file);
    (void)fclose(file);
    return size;
}

static dits_error *describe(const struct seed *seed, struct slice bytes,
                            struct media_file **out)
{
    struct media_bytes source = media_bytes_over(bytes);
    CLEANUP(media_closep) struct media_file *file = NULL;
    TRY(media_open_as(seed->format, &source.source, &file));
    TRY(media_describe(file));
    if (out != NULL)
        *out = MOVE(file);
    return NULL;
}

TEST(pictures_of_an_indexed_file_are_counted)
{
    CLEANUP(media_closep) struct media_file *file = NULL;
    uint8_t bytes[MAX_FILE] = "";
    size_t size = read_seed(&seeds[0], bytes);
    CHECK(size > 0);
    CHECK_OK(describe(&seeds[0], slice_of(bytes, size), &file));
    const struct fact *count =
        facts_find(&file->tracks[0].facts, "frame_count");
    CHECK(count != NULL && count->number == 4);
}

TEST(what_breaks_off_is_described_as_far_as_it_goes)
{
    for (size_t i = 0; i < SEEDS; i++) {
        uint8_t bytes[MAX_FILE] = "";
        size_t size = read_seed(&seeds[i], bytes);
        CHECK(size > 0);
        for (size_t cut = 1; cut < size; cut++) {
            dits_error *err = describe(&seeds[i], slice_of(bytes, cut), NULL);
            CHECK(err == NULL || dits_error_has(err, DITS_E_UNSUPPORTED));
            dits_error_free(err);
        }
    }
}

TEST(failed_allocations_while_describing_leave_nothing_behind)
{
    for (size_t i = 0; i < SEEDS; i++) {
        uint8_t bytes[MAX_FILE] = "";
        size_t size = read_seed(&seeds[i], bytes);
        size_t live = mem_fault_live();
        bool reached = true;
        for (unsigned nth = 1; reached; nth++) {
            mem_fault_arm(nth);
            dits_error *err = describe(&seeds[i], slice_of(bytes, size), NULL);
            reached = mem_fault_disarm();
            CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
            dits_error_free(err);
            CHECK(mem_fault_live() == live);
        }
    }
}
