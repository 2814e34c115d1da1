#include "repo/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/index_format.h"
#include "repo/index_private.h"
#include "repo/index_version_1.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

static void free_entries(struct index_entry **entries)
{
    mem_free(*entries);
}

/* The example of docs/formats/index.md. */
static const struct index_entry two[] = {
    {.path = "a/clip.mov",
     .mode = TREE_FILE,
     .is_dropped = true,
     .asset = {{0x11}},
     .content = {{0x22}},
     .size = 4096,
     .mtime_ns = 1700000000000000001,
     .ctime_ns = 1700000000000000002,
     .inode = 77},
    {.path = "run",
     .mode = TREE_EXECUTABLE,
     .asset = {{0x33}},
     .content = {{0x44}},
     .size = 5},
};

static bool is_equal(const struct index_entry *a, const struct index_entry *b)
{
    return strcmp(a->path, b->path) == 0 && a->mode == b->mode &&
           a->is_dropped == b->is_dropped &&
           dits_oid_equal(&a->asset, &b->asset) &&
           dits_oid_equal(&a->content, &b->content) && a->size == b->size &&
           a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns &&
           a->inode == b->inode;
}

static dits_error *encode_two(struct buf *out)
{
    struct index_header header = {
        .generation = 3, .operation = 9, .tree = {{0x55}}};
    return index_format_encode(&header, two, 2, out);
}

TEST(the_dump_in_the_format_page_is_an_index)
{
    CLEANUP(buf_release) struct buf dump = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(free_entries) struct index_entry *entries = NULL;
    struct index_header header = {0};
    size_t count = 0;
    CHECK_OK(doc_dump_read("index", 1, &dump));
    CHECK_OK(
        index_format_parse(dump.data, dump.size, &header, &entries, &count));
    CHECK(header.generation == 3 && header.operation == 9);
    CHECK(count == 2 && is_equal(&entries[0], &two[0]) &&
          is_equal(&entries[1], &two[1]));
    CHECK_OK(encode_two(&bytes));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&dump)));
}

/* What the example's journal does: "run" goes, "a/clip.mov" has new times. */
static dits_error *encode_journal(struct buf *out)
{
    CLEANUP(buf_release) struct buf changes = {0};
    struct index_entry fresh = two[0];
    const struct index_entry gone = {.path = "run"};
    struct index_record record = {.operation = 10, .change_count = 2};
    TRY(index_journal_begin(3, out, &record.previous));
    fresh.mtime_ns++;
    TRY(index_change_encode(&fresh, &changes));
    TRY(index_change_encode(&gone, &changes));
    record.changes = buf_slice(&changes);
    uint64_t checksum = 0;
    return index_record_encode(&record, out, &checksum);
}

TEST(the_dump_of_a_journal_is_one)
{
    CLEANUP(buf_release) struct buf dump = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(index_freep) struct index *index = NULL;
    uint64_t generation = 0;
    CHECK_OK(doc_dump_read("index", 2, &dump));
    CHECK_OK(encode_journal(&bytes));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&dump)));
    CHECK_OK(index_new(NULL, &index));
    index->generation = 3;
    CHECK_OK(index_set(index, &two[1]));
    CHECK_OK(index_apply_journal(index, buf_slice(&dump), &generation));
    CHECK(generation == 3 && index_operation(index) == 10);
    CHECK(index_count(index) == 1);
    CHECK(index_at(index, 0)->mtime_ns == two[0].mtime_ns + 1);
}

TEST(the_first_version_is_read_and_written_anew)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(index_freep) struct index *again = NULL;
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(text_free) char *journal = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(fs_join(temp.repo->dits_dir, "index", &path));
    CHECK_OK(fs_join(temp.repo->dits_dir, "index.journal", &journal));
    CHECK_OK(fs_replace(path, version_1_index, sizeof(version_1_index)));
    CHECK_OK(fs_replace(journal, version_1_journal, sizeof(version_1_journal)));
    CHECK_OK(index_open(temp.repo, &index));
    CHECK(index_count(index) == 1 && index_operation(index) == 10);
    struct index_entry entry = *index_at(index, 0);
    CHECK(!entry.is_dropped && entry.mtime_ns == two[0].mtime_ns + 1);

    /* Never behind a journal of the first version. */
    entry.is_dropped = true;
    CHECK_OK(index_set(index, &entry));
    CHECK_OK(index_save(index, 11));
    CHECK_OK(fs_read_all(path, 1000, &bytes));
    CHECK(bytes.data[8] == 2);
    CHECK_OK(index_open(temp.repo, &again));
    CHECK(index_count(again) == 1 && index_at(again, 0)->is_dropped);
    CHECK(index_operation(again) == 11);
}

TEST(the_first_version_knows_no_flags)
{
    uint8_t bytes[sizeof(version_1_index)];
    struct index_header header = {0};
    struct index_entry *entries = NULL;
    size_t count = 0;
    struct dits_oid checksum;
    memcpy(bytes, version_1_index, sizeof(bytes));
    bytes[72 + 101] = 1;
    hash_bytes(bytes, sizeof(bytes) - OID_SIZE, &checksum);
    memcpy(bytes + sizeof(bytes) - OID_SIZE, checksum.hash, OID_SIZE);
    CHECK_FAILS(DITS_E_CORRUPT, index_format_parse(bytes, sizeof(bytes),
                                                   &header, &entries, &count));
}

TEST(every_cut_and_every_changed_byte_is_noticed)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct index_header header = {0};
    size_t count = 0;
    CHECK_OK(encode_two(&bytes));
    for (size_t size = 0; size < bytes.size; size++) {
        CLEANUP(free_entries) struct index_entry *entries = NULL;
        CHECK_FAILS(
            DITS_E_CORRUPT,
            index_format_parse(bytes.data, size, &header, &entries, &count));
    }
    for (size_t i = 0; i < bytes.size; i++) {
        CLEANUP(free_entries) struct index_entry *entries = NULL;
        bytes.data[i] ^= 0x41;
        CLEANUP(dits_error_freep)
        dits_error *err = index_format_parse(bytes.data, bytes.size, &header,
                                             &entries, &count);
        bytes.data[i] ^= 0x41;
        CHECK(dits_error_has(err, DITS_E_CORRUPT) ||
              dits_error_has(err, DITS_E_UNSUPPORTED));
    }
}

TEST(entries_out_of_order_are_refused)
{
    static const char *const bad[][2] = {
        {"b", "a"}, {"a", "a"}, {"a", "a/b"}, {"a-b", "a/b"}, {"ab", "a"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CLEANUP(buf_release) struct buf bytes = {0};
        CLEANUP(free_entries) struct index_entry *entries = NULL;
        struct index_header header = {0};
        size_t count = 0;
        const struct index_entry both[] = {
            {.path = bad[i][0], .mode = TREE_FILE},
            {.path = bad[i][1], .mode = TREE_FILE},
        };
        CHECK_OK(index_format_encode(&header, both, 2, &bytes));
        CHECK_FAILS(DITS_E_CORRUPT,
                    index_format_parse(bytes.data, bytes.size, &header,
                                       &entries, &count));
    }
}

TEST(each_failed_allocation_of_the_parser_is_told)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(encode_two(&bytes));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct index_entry *entries = NULL;
        struct index_header header = {0};
        size_t count = 0;
        mem_fault_arm(nth);
        CLEANUP(dits_error_freep)
        dits_error *err = index_format_parse(bytes.data, bytes.size, &header,
                                             &entries, &count);
        reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        mem_free(entries);
        CHECK(mem_fault_live() == live);
    }
}

/* The same changes on a list that is searched and sorted the plain way. */
enum { NAMES = 60, STEPS = 4000 };

static void name_of(unsigned n, char out[16])
{
    (void)snprintf(out, 16, "%c/%c%u", 'a' + (int)(n % 3), 'a' + (int)(n % 5),
                   n);
}

TEST(the_table_holds_what_was_set_last)
{
    CLEANUP(index_freep) struct index *index = NULL;
    uint64_t sizes[NAMES] = {0};
    unsigned state = 1;
    CHECK_OK(index_new(NULL, &index));
    for (unsigned step = 1; step <= STEPS; step++) {
        char path[16];
        state = state * 1103515245u + 12345u;
        unsigned n = (state >> 16) % NAMES;
        name_of(n, path);
        bool removes = (state >> 8) % 3 == 0;
        struct index_entry entry = {
            .path = path, .mode = TREE_FILE, .size = step};
        CHECK_OK(removes ? index_remove(index, path)
                         : index_set(index, &entry));
        sizes[n] = removes ? 0 : step;
        if (step % 7 == 0)
            (void)index_count(index);
    }
    size_t expected = 0;
    for (unsigned n = 0; n < NAMES; n++) {
        char path[16];
        name_of(n, path);
        const struct index_entry *entry = index_find(index, path);
        CHECK((entry != NULL) == (sizes[n] != 0));
        CHECK(entry == NULL || entry->size == sizes[n]);
        expected += sizes[n] != 0;
    }
    CHECK(index_count(index) == expected);
    for (size_t i = 1; i < expected; i++)
        CHECK(path_compare(index_at(index, i - 1)->path,
                           index_at(index, i)->path) < 0);
}

TEST(a_file_and_a_folder_of_one_name_exclude_each_other)
{
    CLEANUP(index_freep) struct index *index = NULL;
    const struct index_entry file = {.path = "a", .mode = TREE_FILE};
    const struct index_entry deep = {.path = "a/b/c", .mode = TREE_FILE};
    const struct index_entry beside = {.path = "a/d", .mode = TREE_FILE};
    const struct index_entry near = {.path = "a-b", .mode = TREE_FILE};
    CHECK_OK(index_new(NULL, &index));
    CHECK_OK(index_set(index, &near));
    CHECK_OK(index_set(index, &file));
    CHECK_OK(index_set(index, &deep));
    CHECK_OK(index_set(index, &beside));
    CHECK(index_find(index, "a") == NULL && index_count(index) == 3);
    CHECK_OK(index_set(index, &file));
    CHECK(index_count(index) == 2 && index_find(index, "a-b") != NULL);
}

/* Flip a byte in the middle of a file of .dits. */
static bool damage(const struct temp_repo *temp, const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/.dits/%s", temp->folder, name);
    FILE *file = fopen(path, "r+");
    if (file == NULL)
        return false;
    bool done = fseek(file, 90, SEEK_SET) == 0 && fputc(0xee, file) != EOF;
    return fclose(file) == 0 && done;
}

TEST(a_damaged_or_lost_index_is_made_anew)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "one") && work_write(&temp, "b/c", "two"));
    CHECK_OK(work_add(&temp, "."));
    CHECK(damage(&temp, "index"));
    CHECK(work_status_is(&temp, "A  a\nA  b/c\n"));
    CHECK(temp.warnings > 0);
    CHECK_OK(work_add(&temp, "."));
    CHECK(work_remove(&temp, ".dits/index"));
    CHECK(work_status_is(&temp, "A  a\nA  b/c\n"));
}

TEST(a_torn_end_of_the_journal_is_left_out)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    char path[128];
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "one") && work_write(&temp, "b", "two") &&
          work_write(&temp, "c", "three"));
    CHECK_OK(work_add(&temp, "a"));
    CHECK_OK(work_add(&temp, "b"));
    (void)snprintf(path, sizeof(path), "%s/.dits/index.journal", temp.folder);
    FILE *file = fopen(path, "a");
    CHECK(file != NULL && fputs("torn torn torn torn", file) >= 0 &&
          fclose(file) == 0);
    CHECK(work_status_is(&temp, "A  a\nA  b\n?? c\n"));
    CHECK_OK(work_add(&temp, "c"));
    CHECK(work_status_is(&temp, "A  a\nA  b\nA  c\n"));
    CHECK(temp.warnings == 0);
}

TEST(a_large_journal_is_folded_into_the_index)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *path = NULL;
    struct fs_stat stat = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(fs_join(temp.folder, ".dits/index.journal", &path));
    CHECK_OK(temp_repo_stage(&temp, "first", "x"));
    for (int round = 0; round < 6; round++) {
        CLEANUP(operation_freep) struct operation *operation = NULL;
        CHECK_OK(operation_begin(temp.repo, "add", &operation));
        for (int i = 0; i < 600; i++) {
            char name[32];
            (void)snprintf(name, sizeof(name), "%d/%d", i, round);
            CHECK_OK(temp_repo_set(operation, name, "x"));
        }
        CHECK_OK(operation_commit(operation));
    }
    CLEANUP(index_freep) struct index *index = NULL;
    CHECK_OK(index_open(temp.repo, &index));
    CHECK(index_count(index) == 3601 && index->generation > 1);
    CHECK_OK(fs_stat_path(path, &stat));
    CHECK(stat.size < 512 * 1024);
}

TEST(the_generation_before_stands_in_only_while_it_is_current)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *index = NULL;
    CLEANUP(text_free) char *old = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(fs_join(temp.folder, ".dits/index", &index));
    CHECK_OK(fs_join(temp.folder, ".dits/index.old", &old));
    CHECK(work_write(&temp, "a", "one") && work_write(&temp, "b", "two"));
    CHECK_OK(work_add(&temp, "a"));
    CHECK_OK(fs_rename(index, old));
    CHECK(work_status_is(&temp, "A  a\n?? b\n"));
    CHECK(temp.warnings == 0);

    CHECK_OK(fs_rename(old, index));
    CHECK_OK(work_add(&temp, "b"));
    CHECK_OK(fs_rename(index, old));
    CHECK(work_remove(&temp, ".dits/index.journal"));
    CHECK(work_status_is(&temp, "A  a\nA  b\n"));
    CHECK(temp.warnings > 0);
}
