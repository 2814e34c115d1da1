#include "media/wrap/wrap.h"

#include <string.h>

#include "base/mem.h"
#include "media/wrap/deflate_match.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/wrap_files.h"

static const struct deflate_params usual = {6, 8};

static dits_error *open_bytes(const void *data, size_t size, struct wrap *out)
{
    struct bytes_source bytes = bytes_source_over(data, size);
    return wrap_open(&bytes.source, out);
}

/* Of `count` members of a file, those with which it was packed by zlib. */
static dits_error *count_matches(const struct buf *file,
                                 const struct wrap *wrap, size_t *out)
{
    struct bytes_source bytes = bytes_source_over(file->data, file->size);
    struct deflate_params params = {0};
    *out = 0;
    for (size_t i = 0; i < wrap->count; i++) {
        bool found = false;
        if (wrap->members[i].method != WRAP_DEFLATE)
            continue;
        TRY(deflate_match(NULL, &bytes.source, &wrap->members[i], &params,
                          &found));
        *out += found;
    }
    return NULL;
}

TEST(gzip_of_several_members_and_more_behind)
{
    CLEANUP(buf_release) struct buf plain = {0};
    CLEANUP(buf_release) struct buf file = {0};
    CLEANUP(wrap_release) struct wrap wrap = {0};
    size_t matches = 0;
    CHECK_OK(wrap_put_text(&plain, 50000, 3));
    CHECK_OK(wrap_put_gzip(&file, usual, buf_slice(&plain)));
    size_t second = file.size;
    CHECK_OK(wrap_put_gzip(&file, (struct deflate_params){9, 9},
                           slice_of(plain.data, 20000)));
    size_t tail = file.size;
    CHECK_OK(buf_put_text(&file, "whatever follows"));
    CHECK_OK(open_bytes(file.data, file.size, &wrap));
    CHECK(wrap.kind == WRAP_GZIP && wrap.count == 2);
    CHECK(strcmp(wrap_kind_name(wrap.kind), "gzip") == 0);
    CHECK(wrap.members[0].offset == 15);
    CHECK(wrap.members[0].coded_size == second - 15 - 8);
    CHECK(wrap.members[0].plain_size == plain.size);
    CHECK(wrap.members[1].offset == second + 15);
    CHECK(wrap.members[1].coded_size == tail - second - 15 - 8);
    CHECK(wrap.plain_size == plain.size + 20000);
    CHECK_OK(count_matches(&file, &wrap, &matches));
    CHECK(matches == 2);
}

TEST(every_level_is_found)
{
    CLEANUP(buf_release) struct buf plain = {0};
    CHECK_OK(wrap_put_text(&plain, 1500000, 4));
    for (uint8_t level = 1; level <= 9; level++) {
        CLEANUP(buf_release) struct buf file = {0};
        CLEANUP(wrap_release) struct wrap wrap = {0};
        struct deflate_params found = {0};
        bool is_found = false;
        struct deflate_params params = {level, level == 9 ? 9 : 8};
        CHECK_OK(wrap_put_gzip(&file, params, buf_slice(&plain)));
        CHECK_OK(open_bytes(file.data, file.size, &wrap));
        struct bytes_source bytes = bytes_source_over(file.data, file.size);
        CHECK_OK(deflate_match(NULL, &bytes.source, &wrap.members[0], &found,
                               &is_found));
        CHECK(is_found && found.memory == params.memory);
    }
}

TEST(a_foreign_stream_is_no_match)
{
    CLEANUP(buf_release) struct buf plain = {0};
    CLEANUP(buf_release) struct buf file = {0};
    CLEANUP(wrap_release) struct wrap wrap = {0};
    size_t matches = 1;
    CHECK_OK(wrap_put_text(&plain, 30000, 5));
    CHECK_OK(buf_put(&file, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10));
    CHECK_OK(wrap_put_foreign(&file, buf_slice(&plain)));
    CHECK_OK(buf_put_le64(&file, 0));
    CHECK_OK(open_bytes(file.data, file.size, &wrap));
    CHECK(wrap.count == 1 && wrap.members[0].plain_size == plain.size);
    CHECK_OK(count_matches(&file, &wrap, &matches));
    CHECK(matches == 0);
}

/* How the zip of a test differs from a plain one. */
struct variant {
    bool wide_end;
    bool wide_members;
    unsigned flags;
    unsigned method;
    int plain_more; /* what the directory says too much */
};

/* A zip of a deflated member, a stored one, and a deflated one. */
static dits_error *make_zip(const struct variant *variant, struct buf *out)
{
    CLEANUP(buf_release) struct buf plain = {0};
    CLEANUP(buf_release) struct buf coded = {0};
    CLEANUP(zip_maker_release) struct zip_maker zip = {.file = out};
    TRY(wrap_put_text(&plain, 3000, 6));
    TRY(wrap_put_deflated(&coded, usual, buf_slice(&plain)));
    struct zip_member member = {
        .name = "project.xml",
        .method = variant->method,
        .flags = variant->flags,
        .wide = variant->wide_members,
        .coded = buf_slice(&coded),
        .plain_size = plain.size + (size_t)variant->plain_more,
    };
    struct zip_member stored = {.name = "thumbnail",
                                .coded = slice_of_text("PK\3\4 as it is"),
                                .plain_size = 13};
    stored.plain_size = stored.coded.size;
    TRY(zip_maker_add(&zip, &member));
    TRY(zip_maker_add(&zip, &stored));
    TRY(zip_maker_add(&zip, &member));
    return zip_maker_finish(&zip, variant->wide_end);
}

TEST(zips_of_all_kinds_are_understood)
{
    static const struct variant variants[] = {
        {false, false, 0, 8, 0}, {false, false, 8, 8, 0},
        {true, false, 0, 8, 0},  {true, true, 0, 8, 0},
        {true, true, 8, 8, 0},
    };
    for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
        CLEANUP(buf_release) struct buf file = {0};
        CLEANUP(wrap_release) struct wrap wrap = {0};
        size_t matches = 0;
        CHECK_OK(make_zip(&variants[i], &file));
        CHECK_OK(open_bytes(file.data, file.size, &wrap));
        CHECK(wrap.kind == WRAP_ZIP && wrap.count == 3);
        CHECK(wrap.members[0].method == WRAP_DEFLATE);
        CHECK(wrap.members[1].method == WRAP_STORED);
        CHECK_OK(count_matches(&file, &wrap, &matches));
        CHECK(matches == 2);
    }
}

TEST(encrypted_and_unknown_members_are_opaque)
{
    static const struct variant variants[] = {{false, false, 1, 8, 0},
                                              {false, false, 0, 93, 0}};
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(buf_release) struct buf file = {0};
        CLEANUP(wrap_release) struct wrap wrap = {0};
        CHECK_OK(make_zip(&variants[i], &file));
        CHECK_OK(open_bytes(file.data, file.size, &wrap));
        CHECK(wrap.count == 3 && wrap.members[0].method == WRAP_OPAQUE);
        CHECK(wrap.plain_size == 0);
    }
}

TEST(a_member_of_another_size_is_no_match)
{
    static const struct variant lies[] = {{.method = 8, .plain_more = 1},
                                          {.method = 8, .plain_more = -1}};
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(buf_release) struct buf file = {0};
        CLEANUP(wrap_release) struct wrap wrap = {0};
        size_t matches = 1;
        CHECK_OK(make_zip(&lies[i], &file));
        CHECK_OK(open_bytes(file.data, file.size, &wrap));
        CHECK_OK(count_matches(&file, &wrap, &matches));
        CHECK(matches == 0);
    }
}

/* Set bytes of the nth record with this signature, and open the file. */
static dits_error *open_patched(const char *signature, size_t at, uint8_t value,
                                enum wrap_kind *out)
{
    CLEANUP(buf_release) struct buf file = {0};
    CLEANUP(wrap_release) struct wrap wrap = {0};
    struct variant plain = {.method = 8};
    TRY(make_zip(&plain, &file));
    uint8_t *record = memmem(file.data, file.size, signature, 4);
    if (record == NULL)
        return error_new(DITS_E_NOT_FOUND, "no such record");
    record[at] = (uint8_t)(record[at] + value);
    TRY(open_bytes(file.data, file.size, &wrap));
    *out = wrap.kind;
    return NULL;
}

TEST(zips_that_contradict_themselves_are_refused)
{
    static const struct {
        const char *signature;
        size_t at;
    } lies[] = {
        {"PK\1\2", 8},  {"PK\1\2", 10}, {"PK\1\2", 16}, {"PK\1\2", 20},
        {"PK\1\2", 24}, {"PK\1\2", 28}, {"PK\1\2", 34}, {"PK\1\2", 42},
        {"PK\1\2", 46}, {"PK\3\4", 6},  {"PK\3\4", 8},  {"PK\3\4", 14},
        {"PK\3\4", 18}, {"PK\3\4", 22}, {"PK\3\4", 26}, {"PK\3\4", 30},
        {"PK\5\6", 4},  {"PK\5\6", 8},  {"PK\5\6", 10}, {"PK\5\6", 12},
        {"PK\5\6", 16}, {"PK\5\6", 20},
    };
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        enum wrap_kind kind = WRAP_ZIP;
        CHECK_OK(open_patched(lies[i].signature, lies[i].at, 8, &kind));
        CHECK(kind == WRAP_NONE);
    }
}

/* Two entries of the directory for one local header. */
TEST(entries_that_share_bytes_are_refused)
{
    CLEANUP(buf_release) struct buf file = {0};
    CLEANUP(wrap_release) struct wrap wrap = {0};
    CLEANUP(zip_maker_release) struct zip_maker zip = {.file = &file};
    struct zip_member member = {
        .name = "a", .coded = slice_of_text("hello"), .plain_size = 5};
    CHECK_OK(zip_maker_add(&zip, &member));
    CHECK_OK(buf_reserve(&zip.directory, 47)); /* it does not move now */
    CHECK_OK(buf_put(&zip.directory, zip.directory.data, 47));
    zip.count = 2;
    CHECK_OK(zip_maker_finish(&zip, false));
    CHECK_OK(open_bytes(file.data, file.size, &wrap));
    CHECK(wrap.kind == WRAP_NONE);
}

TEST(a_bomb_is_left_packed)
{
    CLEANUP(buf_release) struct buf zeros = {0};
    CLEANUP(buf_release) struct buf file = {0};
    CLEANUP(wrap_release) struct wrap wrap = {0};
    void *at = NULL;
    CHECK_OK(buf_extend(&zeros, 4 << 20, &at));
    memset(at, 0, 4 << 20);
    CHECK_OK(wrap_put_gzip(&file, usual, buf_slice(&zeros)));
    CHECK_OK(open_bytes(file.data, file.size, &wrap));
    CHECK(wrap.kind == WRAP_NONE);
    CHECK(!wrap_allows(1000, 1 << 20) && wrap_allows(1000, 200000));
}

/* Each truncation, each byte changed: what comes out stays inside. */
static dits_error *check_damage(const struct buf *file)
{
    for (size_t i = 0; i < 2 * file->size; i++) {
        CLEANUP(wrap_release) struct wrap wrap = {0};
        CLEANUP(buf_release) struct buf copy = {0};
        bool cut = i >= file->size;
        size_t matches = 0;
        TRY(buf_put(&copy, file->data, cut ? i - file->size : file->size));
        if (!cut)
            copy.data[i] ^= 0x11;
        TRY(open_bytes(copy.data, copy.size, &wrap));
        for (size_t m = 0; m < wrap.count; m++)
            if (wrap.members[m].offset > copy.size ||
                wrap.members[m].coded_size > copy.size - wrap.members[m].offset)
                return error_new(DITS_E_CORRUPT, "a member outside");
        if (i % 16 == 0)
            TRY(count_matches(&copy, &wrap, &matches));
    }
    return NULL;
}

TEST(damage_never_leads_outside)
{
    CLEANUP(buf_release) struct buf gzip = {0};
    CLEANUP(buf_release) struct buf zip = {0};
    CLEANUP(buf_release) struct buf wide = {0};
    struct variant plain = {.method = 8};
    struct variant all_wide = {true, true, 8, 8, 0};
    CHECK_OK(wrap_put_gzip(&gzip, usual, slice_of_text("hello, hello, hello")));
    CHECK_OK(check_damage(&gzip));
    CHECK_OK(make_zip(&plain, &zip));
    CHECK_OK(check_damage(&zip));
    CHECK_OK(make_zip(&all_wide, &wide));
    CHECK_OK(check_damage(&wide));
}

static dits_error *open_and_match(const struct buf *file)
{
    CLEANUP(wrap_release) struct wrap wrap = {0};
    size_t matches = 0;
    TRY(open_bytes(file->data, file->size, &wrap));
    return count_matches(file, &wrap, &matches);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(buf_release) struct buf zip = {0};
    CLEANUP(buf_release) struct buf gzip = {0};
    const struct buf *files[] = {&zip, &gzip};
    struct variant plain = {.method = 8};
    CHECK_OK(make_zip(&plain, &zip));
    CHECK_OK(wrap_put_gzip(&gzip, usual, slice_of_text("hello, hello, hello")));
    for (size_t i = 0; i < 2; i++) {
        size_t live = mem_fault_live();
        bool reached = true;
        for (unsigned nth = 1; reached; nth++) {
            mem_fault_arm(nth);
            dits_error *err = open_and_match(files[i]);
            reached = mem_fault_disarm();
            CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
            dits_error_free(err);
            CHECK(mem_fault_live() == live);
        }
    }
}
