#include "media/isobmff/fragment_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/be.h"
#include "base/mem.h"
#include "support/media_bytes.h"
#include "support/mem_fault.h"
#include "support/memory_source.h"
#include "support/test.h"

enum { SEED_HEAD = 3, PLACES = 10000, LARGEST = 2 << 20 };

struct fixture {
    struct buf bytes;
    struct memory_source source;
    struct fragment_index index;
    struct fragment_file file;
    struct buf made;
};

static void release(struct fixture *f)
{
    fragment_file_release(&f->file);
    fragment_index_release(&f->index);
    buf_release(&f->made);
    buf_release(&f->bytes);
}

/* A clip of the fuzz corpus, without the bytes that steer the fuzzer. */
static dits_error *open_seed(struct fixture *f, const char *name)
{
    TRY(media_seed("fragments", name, &f->bytes));
    f->source = memory_source_over(f->bytes.data + SEED_HEAD,
                                   f->bytes.size - SEED_HEAD);
    return fragment_index_build(&f->source.base, &f->index);
}

/* The fragments `first` to `last` - 1, read as a whole. */
static dits_error *make(struct fixture *f, size_t first, size_t last,
                        struct fragment_file_options options)
{
    void *room = NULL;
    fragment_file_release(&f->file);
    buf_clear(&f->made);
    TRY(fragment_file_open(&f->source.base, &f->index, first, last, &options,
                           &f->file));
    TRY(buf_extend(&f->made, (size_t)f->file.size, &room));
    return fragment_file_read(&f->file, 0, f->made.size, room);
}

/* Word `at` behind the first `type` of what was made. */
static uint32_t word(const struct fixture *f, const char *type, size_t at)
{
    const uint8_t *found = memmem(f->made.data, f->made.size, type, 4);
    return found != NULL ? be32_load(found + 4 + 4 * at) : 0xdeadbeef;
}

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 4;
}

/* Any places in any order: what is read there is what is there. */
static bool reads_anywhere(struct fixture *f, unsigned places, unsigned seed)
{
    uint8_t piece[4096] = {0};
    for (unsigned i = 0; i < places; i++) {
        size_t at = next_random(&seed) % f->made.size;
        size_t most = f->made.size - at < sizeof(piece) ? f->made.size - at
                                                        : sizeof(piece);
        size_t size = 1 + next_random(&seed) % most;
        dits_error *err = fragment_file_read(&f->file, at, size, piece);
        bool is_same = err == NULL &&
                       memcmp(piece, f->made.data + at, size) == 0;
        dits_error_free(err);
        if (!is_same)
            return false;
    }
    return true;
}

static const char *const seeds[] = {
    "absolute-base",       "cut",           "dash-boxes", "implicit-base",
    "moof-base",           "own-samples",   "to-end",     "whole",
    "own-samples-dropped", "without-times",
};

TEST(every_range_of_every_kind_reads_the_same_in_any_order)
{
    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        CLEANUP(release) struct fixture f = {0};
        CHECK_OK(open_seed(&f, seeds[i]));
        CHECK(f.index.count == (strcmp(seeds[i], "cut") == 0 ? 2 : 3));
        for (size_t first = 0; first < f.index.count; first++)
            for (size_t last = first + 1; last <= f.index.count; last++) {
                CHECK_OK(
                    make(&f, first, last, (struct fragment_file_options){0}));
                CHECK(reads_anywhere(&f, 200, (unsigned)(first + last)));
            }
    }
}

TEST(with_nothing_to_change_it_is_the_clip_itself)
{
    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        CLEANUP(release) struct fixture f = {0};
        CHECK_OK(open_seed(&f, seeds[i]));
        if (f.index.is_cut)
            continue;
        CHECK_OK(make(&f, 0, f.index.count,
                      (struct fragment_file_options){.keep_times = true}));
        CHECK(slice_equal(buf_slice(&f.made), f.source.bytes));
    }
}

/* The media data of the last fragment is the same bytes in both. */
TEST(media_is_never_touched)
{
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(open_seed(&f, "absolute-base"));
    CHECK_OK(make(&f, 1, 3, (struct fragment_file_options){.no_tables = true}));
    CHECK(memcmp(f.made.data + f.made.size - 18,
                 f.source.bytes.data + f.source.bytes.size - 18, 18) == 0);
}

TEST(a_part_starts_at_zero_with_its_tracks_in_step)
{
    CLEANUP(release) struct fixture f = {0};
    CLEANUP(fragment_index_release) struct fragment_index made = {0};
    CHECK_OK(open_seed(&f, "absolute-base"));
    CHECK_OK(make(&f, 1, 3, (struct fragment_file_options){0}));
    struct memory_source source = memory_source_over(f.made.data, f.made.size);
    CHECK_OK(fragment_index_build(&source.base, &made));
    CHECK(made.count == 2 && made.list[0].number == 1);
    CHECK(made.parts[0].time == 0 && made.parts[1].time == 0);
    CHECK(made.parts[2].time == 30 && made.parts[3].time == 300);
    CHECK(made.sidx.entries == 2 && made.sidx.wrong == 0);
    CHECK(made.tfra.entries == 4 && made.tfra.wrong == 0);
    CHECK((made.list[0].flags & (FRAGMENT_BROKEN | FRAGMENT_OUTSIDE)) == 0);
}

TEST(times_and_numbers_can_be_kept)
{
    CLEANUP(release) struct fixture f = {0};
    const struct fragment_file_options options = {
        .keep_times = true, .keep_numbers = true, .no_tables = true};
    CHECK_OK(open_seed(&f, "absolute-base"));
    CHECK_OK(make(&f, 1, 3, options));
    CHECK(word(&f, "mfhd", 1) == 2);
    CHECK(word(&f, "tfdt", 1) == 100);
    CHECK(word(&f, "sidx", 0) == 0xdeadbeef);
    CHECK(word(&f, "mfra", 0) == 0xdeadbeef);
}

TEST(durations_are_those_of_the_part)
{
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(open_seed(&f, "moof-base"));
    CHECK_OK(make(&f, 1, 3, (struct fragment_file_options){0}));
    CHECK(word(&f, "mehd", 1) == 360); /* 600 a second */
    CHECK(word(&f, "mvhd", 4) == 360); /* it was 5000 */
    CHECK(word(&f, "tkhd", 5) == 360);
    CHECK(word(&f, "mdhd", 4) == 0); /* it was 0 */
    CHECK_OK(
        make(&f, 1, 3, (struct fragment_file_options){.keep_times = true}));
    CHECK(word(&f, "mehd", 1) == 960); /* from the start of the clip on */
}

TEST(samples_of_the_movie_go_with_the_first_fragment_only)
{
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(open_seed(&f, "own-samples"));
    CHECK_OK(make(&f, 0, 1, (struct fragment_file_options){0}));
    CHECK(word(&f, "stsz", 2) == 2);
    CHECK(memmem(f.made.data, f.made.size, "ownowned", 8) ==
          f.made.data + word(&f, "stco", 2));
    CHECK_OK(make(&f, 1, 2, (struct fragment_file_options){0}));
    CHECK(word(&f, "stsz", 2) == 0 && word(&f, "stco", 1) == 0);
    CHECK(word(&f, "stss", 0) == 0xdeadbeef);
    CHECK(memmem(f.made.data, f.made.size, "ownowned", 8) == NULL);
}

TEST(times_are_found_from_a_key_picture_on)
{
    CLEANUP(release) struct fixture f = {0};
    size_t first = 9;
    size_t last = 9;
    CHECK_OK(open_seed(&f, "moof-base")); /* 30 ticks each, from 50 on */
    CHECK(fragment_index_find(&f.index, 85, 90, &first, &last));
    CHECK(first == 1 && last == 2);
    CHECK(fragment_index_find(&f.index, 0, 81, &first, &last));
    CHECK(first == 0 && last == 2);
    CHECK(!fragment_index_find(&f.index, 1000, 2000, &first, &last));
    CHECK(!fragment_index_find(&f.index, 0, 50, &first, &last));
}

TEST(ranges_that_are_none_are_refused)
{
    CLEANUP(release) struct fixture f = {0};
    uint8_t byte = 0;
    CHECK_OK(open_seed(&f, "moof-base"));
    CHECK_FAILS(DITS_E_INVALID,
                make(&f, 1, 1, (struct fragment_file_options){0}));
    CHECK_FAILS(DITS_E_INVALID,
                make(&f, 2, 4, (struct fragment_file_options){0}));
    CHECK_OK(make(&f, 1, 2, (struct fragment_file_options){0}));
    CHECK_OK(fragment_file_read(&f.file, f.file.size, 0, &byte));
    CHECK_FAILS(DITS_E_INVALID,
                fragment_file_read(&f.file, f.file.size, 1, &byte));
    CHECK_FAILS(DITS_E_INVALID,
                fragment_file_read(&f.file, UINT64_MAX, 1, &byte));
}

/* All of it, or an error: any truncation, any read and allocation failing. */
static dits_error *try_all(struct slice bytes, unsigned fail_at)
{
    CLEANUP(fragment_index_release) struct fragment_index index = {0};
    CLEANUP(fragment_file_release) struct fragment_file file = {0};
    uint8_t out[2048] = {0};
    struct memory_source source = memory_source_over(bytes.data, bytes.size);
    struct fragment_file_options options = {0};
    source.fail_at = fail_at;
    TRY(fragment_index_build(&source.base, &index));
    TRY(fragment_file_open(&source.base, &index, 0, 1, &options, &file));
    return fragment_file_read(
        &file, 0, file.size < sizeof(out) ? (size_t)file.size : sizeof(out),
        out);
}

TEST(every_truncation_is_survived)
{
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(open_seed(&f, "dash-boxes"));
    for (size_t size = 0; size < f.source.bytes.size; size++) {
        dits_error *err = try_all(slice_of(f.source.bytes.data, size), 0);
        CHECK(size < 1200 || err == NULL);
        dits_error_free(err);
    }
}

TEST(every_failure_of_a_read_or_of_memory_is_told)
{
    CLEANUP(release) struct fixture f = {0};
    CHECK_OK(open_seed(&f, "own-samples-dropped"));
    size_t live = mem_fault_live();
    for (unsigned i = 1; i < 100; i++) {
        mem_fault_arm(i);
        dits_error *err = try_all(f.source.bytes, 0);
        bool is_reached = mem_fault_disarm();
        bool is_told = (err != NULL) == is_reached;
        dits_error_free(err);
        CHECK(is_told && mem_fault_live() == live);
    }
    for (unsigned i = 1; i < 5; i++)
        CHECK_FAILS(DITS_E_IO, try_all(f.source.bytes, i));
}

/* --- real clips: DITS_CORPUS names a folder of them --- */

static bool load(const char *path, struct buf *out)
{
    char block[65536] = "";
    FILE *stream = fopen(path, "rb");
    size_t size = 1;
    while (stream != NULL && size > 0 && out->size <= LARGEST) {
        size = fread(block, 1, sizeof(block), stream);
        dits_error_free(buf_put(out, block, size)); /* seen by its size */
    }
    if (stream != NULL)
        (void)fclose(stream);
    return out->size > 0 && out->size <= LARGEST;
}

/* What cannot be served in parts says so, and is passed over. */
static bool reads_clip(const char *path, unsigned *count)
{
    CLEANUP(release) struct fixture f = {0};
    unsigned seed = 7;
    if (!load(path, &f.bytes))
        return true;
    f.source = memory_source_over(f.bytes.data, f.bytes.size);
    dits_error *err = fragment_index_build(&f.source.base, &f.index);
    if (err != NULL)
        return dits_error_free(err), true;
    for (unsigned i = 0; i < 4; i++) {
        size_t first = next_random(&seed) % f.index.count;
        size_t last = first + 1 + next_random(&seed) % (f.index.count - first);
        err = make(&f, first, last, (struct fragment_file_options){0});
        if (err != NULL)
            return dits_error_free(err), true;
        if (!reads_anywhere(&f, PLACES / 4, seed))
            return false;
    }
    ++*count;
    return true;
}

TEST(real_clips_read_the_same_at_ten_thousand_places)
{
    const char *corpus = getenv("DITS_CORPUS");
    char folder[1024] = "";
    unsigned count = 0;
    (void)snprintf(folder, sizeof(folder), "%s/found/fmp4",
                   corpus != NULL ? corpus : "");
    DIR *dir = corpus != NULL ? opendir(folder) : NULL;
    bool is_good = true;
    for (struct dirent *entry = NULL;
         dir != NULL && is_good && (entry = readdir(dir)) != NULL;) {
        char path[2048] = "";
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        is_good = entry->d_name[0] == '.' || reads_clip(path, &count);
    }
    if (dir != NULL)
        (void)closedir(dir);
    CHECK(is_good);
    CHECK(dir == NULL || count >= 10);
}
