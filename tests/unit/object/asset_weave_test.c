#include "object/asset_weave.h"

#include <string.h>

#include "base/mem.h"
#include "object/asset_reader.h"
#include "object/media_summary.h"
#include "support/mem_fault.h"
#include "support/temp_store.h"
#include "support/test.h"

/*
 * A format of the test's own: headers of `gap` bytes, then a picture, then
 * sound, over and over.
 */
struct toy {
    size_t gap;
    size_t picture;
    size_t sound;
    size_t count;
    bool fails; /* the last spans cannot be read */
};

struct media_walk {
    const struct toy *toy;
    size_t next;
};

static size_t toy_step(const struct toy *toy)
{
    return toy->gap + toy->picture + toy->sound;
}

static dits_error *toy_spans(struct media_file *file, struct media_walk **out)
{
    *out = mem_new(struct media_walk);
    if (*out == NULL)
        return error_nomem();
    (*out)->toy = file->state;
    return NULL;
}

static dits_error *toy_next(struct media_walk *walk, struct media_span *out,
                            bool *out_found)
{
    const struct toy *toy = walk->toy;
    size_t number = walk->next / 2;
    bool is_sound = walk->next % 2 == 1;
    *out_found = number < toy->count;
    if (toy->fails && number + 1 >= toy->count)
        return error_new(DITS_E_IO, "the disk is on fire");
    *out = (struct media_span){
        .offset = number * toy_step(toy) + toy->gap +
                  (is_sound ? toy->picture : 0),
        .size = is_sound ? toy->sound : toy->picture,
        .track = is_sound,
        .flags = MEDIA_SPAN_SAMPLE | (number % 10 == 0 ? MEDIA_SPAN_SYNC : 0),
    };
    walk->next++;
    return NULL;
}

static void toy_end(struct media_walk *walk)
{
    mem_free(walk);
}

static void toy_close(struct media_file *file)
{
    file->state = NULL;
}

static const struct media_format toy_format = {
    .name = "toy",
    .close = toy_close,
    .spans = toy_spans,
    .next_span = toy_next,
    .end_walk = toy_end,
};

static dits_error *toy_open(struct toy *toy, struct media_file **out)
{
    CLEANUP(media_closep) struct media_file *file = mem_new(struct media_file);
    struct media_track *track = NULL;
    if (file == NULL)
        return error_nomem();
    file->format = &toy_format;
    file->state = toy;
    memcpy(file->container, "toy", 4);
    TRY(media_add_track(file, &track));
    track->kind = MEDIA_VIDEO;
    track->id = 7;
    memcpy(track->codec, "h264", 5);
    TRY(media_add_track(file, &track));
    track->kind = MEDIA_AUDIO;
    track->framing = MEDIA_PCM;
    track->sample_bytes = 3;
    track->big_endian = true;
    *out = MOVE(file);
    return NULL;
}

struct fixture {
    struct temp_store temp;
    struct fs_file file;
    struct buf bytes;
    struct media_file *media;
};

static void fixture_release(struct fixture *f)
{
    media_close(f->media);
    buf_release(&f->bytes);
    fs_close(&f->file);
    temp_store_release(&f->temp);
}

static dits_error *fixture_make(struct fixture *f, struct toy *toy, size_t more)
{
    CLEANUP(buf_release) struct buf path = {0};
    void *at = NULL;
    size_t size = toy->count * toy_step(toy) + more;
    TRY(temp_store_open(&f->temp));
    TRY(buf_printf(&path, "%s/file", f->temp.fixture.folder));
    TRY(fs_open(buf_text(&path), FS_CREATE_NEW, &f->file));
    TRY(buf_extend(&f->bytes, size, &at));
    fill_random(at, size, 3);
    TRY(fs_write_at(&f->file, 0, at, size));
    return toy_open(toy, &f->media);
}

static dits_error *weave(struct fixture *f, struct dits_oid *id,
                         struct asset_info *info)
{
    struct asset_store_options options = {
        .context = f->temp.fixture.context,
        .writer = f->temp.writer,
        .threads = 2,
    };
    return asset_weave_file(&options, f->media, &f->file, f->bytes.size, id,
                            info);
}

static dits_error *check_comes_back(struct fixture *f,
                                    const struct dits_oid *id)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf got = {0};
    void *at = NULL;
    TRY(temp_store_publish(&f->temp));
    TRY(asset_open(f->temp.store, id, &asset));
    TRY(buf_extend(&got, f->bytes.size, &at));
    TRY(fs_truncate(&f->file, 0));
    TRY(asset_export(asset, f->temp.fixture.context, 2, &f->file, NULL, NULL));
    TRY(fs_read_at(&f->file, 0, f->bytes.size, at));
    if (memcmp(at, f->bytes.data, f->bytes.size) != 0)
        return error_new(DITS_E_CORRUPT, "the export differs");
    for (size_t i = 0; i < 200; i++) {
        size_t offset = f->bytes.size / 200 * i;
        TRY(asset_read_at(asset, offset, 1 + i * 7, at));
        if (memcmp(at, f->bytes.data + offset, 1 + i * 7) != 0)
            return error_new(DITS_E_CORRUPT, "a range differs");
    }
    return NULL;
}

TEST(a_media_file_comes_back_from_its_streams)
{
    static struct toy toys[] = {
        {8, 30000, 1921, 400, false},
        {1, 3000001, 7, 4, false},
        {4, 184, 91, 20000, false},
        {0, 5000, 3, 900, false},
    };
    for (size_t i = 0; i < sizeof(toys) / sizeof(toys[0]); i++) {
        CLEANUP(fixture_release) struct fixture f = {0};
        struct dits_oid id = {0};
        struct asset_info info = {0};
        CHECK_OK(fixture_make(&f, &toys[i], 2000 + 301 * i));
        CHECK_OK(weave(&f, &id, &info));
        CHECK(info.is_woven && info.size == f.bytes.size);
        CHECK_OK(check_comes_back(&f, &id));
    }
}

/* Zeros, ones and little else: start codes everywhere, also cut in two. */
TEST(bytes_that_a_splitter_holds_back_keep_their_place)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    struct toy toy = {4, 184, 91, 20000, false};
    struct dits_oid id = {0};
    struct asset_info info = {0};
    CHECK_OK(fixture_make(&f, &toy, 50));
    f.media->tracks[0].framing = MEDIA_NAL_START_CODE;
    f.media->tracks[1].framing = MEDIA_NAL_START_CODE;
    memcpy(f.media->tracks[1].codec, "hevc", 5);
    for (size_t i = 0; i < f.bytes.size; i++)
        f.bytes.data[i] = f.bytes.data[i] < 200 ? 0 : f.bytes.data[i] & 3;
    memset(f.bytes.data + 1000000, 0, 400000);
    CHECK_OK(fs_write_at(&f.file, 0, f.bytes.data, f.bytes.size));
    CHECK_OK(weave(&f, &id, &info));
    CHECK_OK(check_comes_back(&f, &id));
}

TEST(other_headers_around_the_same_samples_cost_little)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    struct toy toy = {8, 30000, 1920, 400, false};
    struct dits_oid id = {0};
    struct asset_info info = {0};
    CHECK_OK(fixture_make(&f, &toy, 1000));
    CHECK_OK(weave(&f, &id, &info));
    uint64_t before = store_writer_totals(f.temp.writer).bytes;
    for (size_t i = 0; i < toy.count; i++)
        memset(f.bytes.data + i * toy_step(&toy), 0xee, toy.gap);
    CHECK_OK(fs_write_at(&f.file, 0, f.bytes.data, f.bytes.size));
    CHECK_OK(weave(&f, &id, &info));
    uint64_t fresh = store_writer_totals(f.temp.writer).bytes - before;
    CHECK(fresh > toy.gap && fresh < 16000);
    CHECK_OK(check_comes_back(&f, &id));
}

TEST(the_summary_says_what_each_stream_holds)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct toy toy = {8, 30000, 1920, 20, false};
    struct media_summary summary = {0};
    struct dits_oid id = {0};
    struct asset_info info = {0};
    CHECK_OK(fixture_make(&f, &toy, 0));
    CHECK_OK(weave(&f, &id, &info));
    CHECK_OK(temp_store_publish(&f.temp));
    CHECK_OK(asset_open(f.temp.store, &id, &asset));
    CHECK_OK(media_summary_parse(buf_slice(&asset->recipe.summary), &summary));
    CHECK(strcmp(summary.container, "toy") == 0);
    CHECK(summary.stream_count == 3);
    CHECK(summary.streams[0].part == WEAVE_SKELETON);
    CHECK(summary.streams[1].part == WEAVE_SAMPLES);
    CHECK(summary.streams[1].track == 7);
    CHECK(strcmp(summary.streams[1].codec, "h264") == 0);
}

TEST(a_reader_that_fails_fails_the_file)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    struct toy toy = {8, 30000, 1920, 20, true};
    struct dits_oid id = {0};
    struct asset_info info = {0};
    CHECK_OK(fixture_make(&f, &toy, 0));
    CHECK_FAILS(DITS_E_IO, weave(&f, &id, &info));
}

TEST(a_woven_file_that_shrinks_is_a_conflict)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    struct toy toy = {8, 30000, 1920, 200, false};
    struct dits_oid id = {0};
    struct asset_info info = {0};
    CHECK_OK(fixture_make(&f, &toy, 0));
    CHECK_OK(fs_truncate(&f.file, f.bytes.size - 1));
    CHECK_FAILS(DITS_E_CONFLICT, weave(&f, &id, &info));
}

TEST(failed_allocations_while_weaving_leave_nothing_behind)
{
    CLEANUP(fixture_release) struct fixture f = {0};
    struct toy toy = {8, 30000, 1920, 30, false};
    struct dits_oid id = {0};
    struct asset_info info = {0};
    CHECK_OK(fixture_make(&f, &toy, 0));
    CHECK_OK(weave(&f, &id, &info));
    bool reached = true;
    for (unsigned nth = 1; reached && nth < 500; nth++) {
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = weave(&f, &id, &info);
        reached = mem_fault_disarm();
        CHECK(!reached || dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(!reached || mem_fault_live() == live);
    }
    CHECK(!reached);
}
