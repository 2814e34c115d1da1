#include "repo/archive.h"

#include <dits/refs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/le.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *collect(const void *data, size_t size, void *payload)
{
    return buf_put(payload, data, size);
}

/* A format that writes into memory. */
struct making {
    const struct archive_format *format;
    struct archive_out out;
    struct buf bytes;
    void *self;
};

static void making_release(struct making *making)
{
    if (making->format != NULL)
        making->format->free(making->self);
    archive_out_release(&making->out);
    buf_release(&making->bytes);
}

static dits_error *begin(struct making *making,
                         const struct archive_format *format, int64_t time)
{
    const struct archive_head head = {.time = time, .comment = ""};
    making->format = format;
    TRY(archive_out_begin(&making->out, ARCHIVE_PLAIN, collect,
                          &making->bytes));
    return format->begin(&head, &making->out, &making->self);
}

static dits_error *add_file(struct making *making, const char *name,
                            uint64_t size, const char *text)
{
    const struct archive_entry entry = {
        .name = name, .mode = 'f', .size = size};
    TRY(making->format->entry(making->self, &entry));
    TRY(making->format->data(making->self, text, strlen(text)));
    return making->format->end(making->self);
}

static dits_error *finish(struct making *making)
{
    TRY(making->format->finish(making->self));
    return archive_out_end(&making->out);
}

static bool has_text(const struct making *making, size_t at, const char *text)
{
    return making->bytes.size >= at + strlen(text) &&
           memcmp(making->bytes.data + at, text, strlen(text)) == 0;
}

TEST(a_tar_header_has_the_fields_of_posix)
{
    CLEANUP(making_release) struct making tar = {0};
    CHECK_OK(begin(&tar, &archive_tar, 1700000001));
    CHECK_OK(add_file(&tar, "a/clip.mov", 5, "hello"));
    CHECK_OK(finish(&tar));
    CHECK(tar.bytes.size == 10240);
    CHECK(has_text(&tar, 0, "a/clip.mov"));
    CHECK(has_text(&tar, 100, "0000644"));
    CHECK(has_text(&tar, 124, "00000000005"));
    CHECK(has_text(&tar, 136, "14524770401"));
    CHECK(has_text(&tar, 257, "ustar"));
    CHECK(tar.bytes.data[262] == 0 && has_text(&tar, 263, "00root"));
    CHECK(has_text(&tar, 512, "hello"));
    unsigned sum = 8 * ' ';
    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? 0 : tar.bytes.data[i];
    CHECK((unsigned)strtoul((char *)tar.bytes.data + 148, NULL, 8) == sum);
}

TEST(what_a_tar_header_cannot_hold_is_in_records)
{
    static const char large[] = "19 size=8589934592\n";
    static const char early[] = "12 mtime=-9\n";
    CLEANUP(making_release) struct making tar = {0};
    CHECK_OK(begin(&tar, &archive_tar, -9));
    CHECK_OK(add_file(&tar, "f", UINT64_C(8589934592), ""));
    CHECK_OK(archive_out_end(&tar.out));
    CHECK(tar.bytes.data[156] == 'x');
    CHECK(has_text(&tar, 512, large));
    CHECK(has_text(&tar, 512 + strlen(large), early));
    CHECK(has_text(&tar, 1024, "f"));
    CHECK(has_text(&tar, 1024 + 124, "00000000000"));
}

/* Names of each length up to 300, in one part and in many. */
TEST(no_name_is_cut)
{
    for (size_t length = 1; length < 300; length++) {
        CLEANUP(making_release) struct making tar = {0};
        char name[301];
        memset(name, 'n', length);
        for (size_t i = 60; i < length - 1; i += 61)
            name[i] = length % 2 == 0 ? '/' : 'n';
        name[length] = '\0';
        CHECK_OK(begin(&tar, &archive_tar, 0));
        CHECK_OK(add_file(&tar, name, 0, ""));
        CHECK_OK(archive_out_end(&tar.out));
        char *bytes = (char *)tar.bytes.data;
        if (bytes[156] == 'x') {
            CHECK(strstr(bytes + 512, name) != NULL);
            continue;
        }
        char whole[301];
        (void)snprintf(whole, sizeof(whole), "%.155s%s%.100s", bytes + 345,
                       bytes[345] != '\0' ? "/" : "", bytes);
        CHECK(strcmp(whole, name) == 0);
    }
}

static size_t find_sign(const struct making *zip, uint32_t sign)
{
    for (size_t i = zip->bytes.size - 4;; i--)
        if (i == 0 || le32_load(zip->bytes.data + i) == sign)
            return i;
}

TEST(large_files_are_zip64)
{
    CLEANUP(making_release) struct making zip = {0};
    CHECK_OK(begin(&zip, &archive_zip, 0));
    CHECK_OK(add_file(&zip, "f", UINT64_C(5) << 30, "some"));
    CHECK_OK(finish(&zip));
    CHECK(le16_load(zip.bytes.data + 4) == 45);
    CHECK(le32_load(zip.bytes.data + 18) == UINT32_MAX);
    size_t sum = find_sign(&zip, 0x08074b50);
    CHECK(le64_load(zip.bytes.data + sum + 8) == 4 + 5 + 5);
    CHECK(le64_load(zip.bytes.data + sum + 16) == UINT64_C(5) << 30);
    size_t row = find_sign(&zip, 0x02014b50);
    const uint8_t *extra = zip.bytes.data + row + 46 + 1 + 9;
    CHECK(le32_load(zip.bytes.data + row + 24) == UINT32_MAX);
    CHECK(le16_load(extra) == 1 && le16_load(extra + 2) == 16);
    CHECK(le64_load(extra + 4) == UINT64_C(5) << 30);
}

TEST(far_places_are_zip64)
{
    CLEANUP(making_release) struct making zip = {0};
    CHECK_OK(begin(&zip, &archive_zip, 0));
    zip.out.offset = UINT64_C(6) << 30;
    CHECK_OK(add_file(&zip, "f", 4, "some"));
    CHECK_OK(finish(&zip));
    size_t row = find_sign(&zip, 0x02014b50);
    const uint8_t *extra = zip.bytes.data + row + 46 + 1 + 9;
    CHECK(le32_load(zip.bytes.data + row + 24) == 4);
    CHECK(le32_load(zip.bytes.data + row + 42) == UINT32_MAX);
    CHECK(le16_load(extra) == 1 && le16_load(extra + 2) == 8);
    CHECK(le64_load(extra + 4) == UINT64_C(6) << 30);
    CHECK(find_sign(&zip, 0x06064b50) > 0);
}

TEST(zip_times_are_those_that_it_can_hold)
{
    static const struct {
        int64_t time;
        uint32_t dos;
    } times[] = {
        {0, 1u << 21 | 1u << 16},
        {INT64_C(1700000001),
         43u << 25 | 11u << 21 | 14u << 16 | 22u << 11 | 13u << 5 | 10u},
        {INT64_C(99999999999), 127u << 25 | 12u << 21 | 31u << 16},
    };
    for (size_t i = 0; i < 3; i++) {
        CLEANUP(making_release) struct making zip = {0};
        CHECK_OK(begin(&zip, &archive_zip, times[i].time));
        CHECK_OK(add_file(&zip, "f", 0, ""));
        CHECK_OK(finish(&zip));
        CHECK(le32_load(zip.bytes.data + 10) == times[i].dos);
    }
}

static dits_error *archive(struct temp_repo *temp,
                           enum dits_archive_format format, struct buf *out)
{
    const struct dits_archive_options options = {.format = format};
    buf_clear(out);
    return dits_archive(temp->repo, &options, collect, out);
}

TEST(an_archive_that_runs_out_of_memory_says_so)
{
    static const enum dits_archive_format formats[] = {
        DITS_ARCHIVE_TAR, DITS_ARCHIVE_TAR_ZST, DITS_ARCHIVE_ZIP};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf out = {0};
    struct dits_oid id = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a/b", "text", &id));
    for (size_t i = 0; i < 3; i++) {
        unsigned nth = 0;
        dits_error *err = NULL;
        do {
            mem_fault_arm(++nth);
            err = archive(&temp, formats[i], &out);
            (void)mem_fault_disarm();
            CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
            dits_error_free(err);
        } while (err != NULL && nth < 5000);
        CHECK(err == NULL && nth > 5 && out.size > 20);
    }
}

static dits_error *refuse(const void *data, size_t size, void *payload)
{
    (void)data;
    (void)size;
    (void)payload;
    return error_new(DITS_E_LIMIT, "no room");
}

TEST(who_takes_the_bytes_can_end_it)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_archive_options options = {0};
    struct dits_oid id = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_archive(temp.repo, &options, refuse, NULL));
    CHECK_OK(temp_repo_commit(&temp, "a", "text", &id));
    CHECK_FAILS(DITS_E_LIMIT, dits_archive(temp.repo, &options, refuse, NULL));
}
