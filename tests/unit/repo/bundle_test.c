#include "repo/bundle.h"

#include <dits/maintenance.h>
#include <dits/operation.h>
#include <dits/refs.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"
#include "object/object.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* Two commits and a tag; another repository; a path for a bundle. */
struct pair {
    struct temp_repo from;
    struct temp_repo to;
    struct dits_oid first;
    struct dits_oid second;
    char path[96];
    char bad[96];
};

static void pair_release(struct pair *pair)
{
    temp_repo_release(&pair->from);
    temp_repo_release(&pair->to);
}

static dits_error *make_pair(struct pair *out)
{
    struct dits_tag_options tag = {.name = "v2", .message = "a message"};
    TRY(temp_repo_make(&out->from));
    TRY(temp_repo_make(&out->to));
    TRY(temp_repo_commit(&out->from, "a", "one", &out->first));
    TRY(temp_repo_commit(&out->from, "b/c", "two", &out->second));
    (void)snprintf(out->path, sizeof(out->path), "%s/x.bundle",
                   out->from.folder);
    (void)snprintf(out->bad, sizeof(out->bad), "%s/bad.bundle",
                   out->from.folder);
    return dits_tag_create(out->from.repo, &tag);
}

static dits_error *export(struct pair *pair, const char *a, const char *b)
{
    const char *revisions[] = {a, b};
    struct dits_bundle_options options = {
        .revisions = revisions,
        .revision_count = (a != NULL ? 1u : 0u) + (b != NULL ? 1u : 0u),
        .all = a == NULL};
    return dits_bundle_export(pair->from.repo, pair->path, &options, NULL);
}

static dits_error *import(struct pair *pair, const char *path)
{
    return dits_bundle_import(pair->to.repo, path, NULL, NULL);
}

static bool has_moved(struct pair *pair, const struct dits_oid *main)
{
    return temp_repo_ref_is(&pair->to, "refs/heads/main", main);
}

TEST(what_was_exported_is_imported)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, NULL, NULL));
    CHECK_OK(import(&pair, pair.path));
    CHECK(has_moved(&pair, &pair.second));
    CHECK(work_is(&pair.to, "a", "one") && work_is(&pair.to, "b/c", "two"));
    CHECK(work_status_is(&pair.to, ""));
    CHECK_OK(dits_undo(pair.to.repo, 0, NULL));
    CHECK(has_moved(&pair, &(struct dits_oid){0}));
    CHECK(!work_exists(&pair.to, "a"));
}

TEST(what_is_new_goes_on_from_what_is_there)
{
    CLEANUP(pair_release) struct pair pair = {0};
    struct dits_bundle_result result = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, "HEAD~1..main", NULL));
    CHECK_FAILS(DITS_E_CONFLICT, import(&pair, pair.path));
    CHECK_FAILS(DITS_E_CONFLICT,
                dits_bundle_verify(pair.to.repo, pair.path, NULL));
    CHECK_OK(dits_branch_create(pair.from.repo, "old", "HEAD~1", false));
    CHECK_OK(export(&pair, "old", NULL));
    CHECK_OK(import(&pair, pair.path));
    CHECK_OK(export(&pair, "main", "^old"));
    CHECK_OK(dits_bundle_verify(pair.to.repo, pair.path, &result));
    CHECK(result.commits == 1 && result.prerequisites == 1);
    CHECK_OK(import(&pair, pair.path));
    CHECK(has_moved(&pair, &pair.second));
    CHECK(work_is(&pair.to, "a", "one") && work_is(&pair.to, "b/c", "two"));
}

/* --- bundles that lie --- */

/* A bundle that is made anew from another. */
typedef void forge_lie(struct frame *frame);

struct forging {
    struct pair *pair;
    const struct bundle *from;
    struct fs_file file;
    struct buf head;
    struct pack_part parts[4];
    size_t part_count;
    uint64_t end;
    struct pack_part_writer writer;
    unsigned left_out;   /* the chunk that is; from 1 */
    unsigned pack_after; /* another pack begins behind this one */
    unsigned seen;
    unsigned lied_about;
    forge_lie *lie;
};

static void forging_release(struct forging *forging)
{
    fs_close(&forging->file);
    buf_release(&forging->head);
    pack_part_release(&forging->writer);
}

static dits_error *want_all(const struct frame *frame, bool *out, void *payload)
{
    (void)frame;
    (void)payload;
    *out = true;
    return NULL;
}

static dits_error *end_pack(struct forging *forging)
{
    struct pack_part *part = &forging->parts[forging->part_count];
    TRY(pack_part_finish(&forging->writer, part));
    pack_part_release(&forging->writer);
    forging->part_count++;
    forging->end += part->size;
    return NULL;
}

static dits_error *forge_chunk(const struct frame *frame, const void *stored,
                               void *payload)
{
    struct forging *forging = payload;
    struct frame copy = *frame;
    if (++forging->seen == forging->left_out)
        return NULL;
    if (forging->seen == forging->lied_about)
        forging->lie(&copy);
    TRY(pack_part_add(&forging->writer, &copy, stored));
    if (forging->seen != forging->pack_after)
        return NULL;
    TRY(end_pack(forging));
    return pack_part_begin(&forging->writer, &forging->file, forging->end);
}

static dits_error *forge_head(struct forging *forging,
                              const struct bundle_list *list)
{
    struct buf *head = &forging->head;
    void *at = NULL;
    TRY(buf_extend(head, BUNDLE_HEADER_SIZE, &at));
    TRY(bundle_list_encode(list, head));
    size_t size = head->size - BUNDLE_HEADER_SIZE;
    bundle_header_encode(size, BUNDLE_PLAIN, head->data);
    TRY(buf_put_le64(head,
                     hash_checksum(head->data + BUNDLE_HEADER_SIZE, size)));
    forging->end = head->size;
    return fs_write_at(&forging->file, 0, head->data, head->size);
}

static dits_error *forge_end(struct forging *forging)
{
    CLEANUP(buf_release) struct buf table = {0};
    struct bundle_trailer trailer = {
        .pack_count = (uint32_t)forging->part_count};
    void *at = NULL;
    TRY(bundle_table_encode(forging->parts, forging->part_count, &table));
    bundle_hash(buf_slice(&forging->head), buf_slice(&table), &trailer.hash);
    TRY(buf_extend(&table, BUNDLE_TRAILER_SIZE, &at));
    bundle_trailer_encode(&trailer, at);
    return fs_write_at(&forging->file, forging->end, table.data, table.size);
}

static dits_error *forge_with(struct forging *forging)
{
    CLEANUP(bundle_release) struct bundle bundle = {0};
    const struct pair *pair = forging->pair;
    struct pack_part_reading reading = {.context = pair->from.context,
                                        .wants = want_all,
                                        .take = forge_chunk,
                                        .payload = forging};
    (void)unlink(pair->bad);
    TRY(bundle_open(pair->path, &bundle));
    TRY(fs_open(pair->bad, FS_CREATE_NEW, &forging->file));
    TRY(forge_head(forging, &bundle.list));
    TRY(pack_part_begin(&forging->writer, &forging->file, forging->end));
    TRY(bundle_read(&bundle, reading));
    TRY(end_pack(forging));
    return forge_end(forging);
}

/* The bundle without a chunk, or with its chunks in two packs. */
static dits_error *forge(struct pair *pair, unsigned left_out,
                         unsigned pack_after, unsigned *out_seen)
{
    CLEANUP(forging_release)
    struct forging forging = {
        .pair = pair, .left_out = left_out, .pack_after = pack_after};
    TRY(forge_with(&forging));
    *out_seen = forging.seen;
    return NULL;
}

TEST(chunks_may_lie_in_several_packs)
{
    CLEANUP(pair_release) struct pair pair = {0};
    unsigned seen = 0;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, NULL, NULL));
    CHECK_OK(forge(&pair, 0, 3, &seen));
    CHECK_OK(import(&pair, pair.bad));
    CHECK(has_moved(&pair, &pair.second) && seen > 6);
}

TEST(no_ref_moves_while_a_chunk_is_missing)
{
    CLEANUP(pair_release) struct pair pair = {0};
    unsigned seen = 2;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, NULL, NULL));
    for (unsigned i = 1; i <= seen; i++) {
        CLEANUP(temp_repo_release) struct temp_repo fresh = {0};
        CHECK_OK(forge(&pair, i, 0, &seen));
        CHECK_OK(temp_repo_make(&fresh));
        CHECK_FAILS(DITS_E_CORRUPT,
                    dits_bundle_import(fresh.repo, pair.bad, NULL, NULL));
        CHECK(
            temp_repo_ref_is(&fresh, "refs/heads/main", &(struct dits_oid){0}));
        CHECK(!work_exists(&fresh, "a"));
    }
    CHECK(seen == 10); /* a tag, two commits, three trees, a, b/c */
}

static void lie_about_id(struct frame *frame)
{
    frame->id.hash[9] ^= 1;
}

static void lie_about_size(struct frame *frame)
{
    frame->plain_size++;
}

static void lie_hugely(struct frame *frame)
{
    frame->plain_size = UINT32_MAX;
}

static void lie_about_kind(struct frame *frame)
{
    frame->kind = frame->kind == CHUNK_TREE ? CHUNK_COMMIT : CHUNK_TREE;
}

/* All checksums are right, and yet a chunk is not what it says. */
TEST(a_chunk_that_lies_about_itself_is_refused)
{
    static forge_lie *const lies[] = {lie_about_id, lie_about_size, lie_hugely,
                                      lie_about_kind};
    CLEANUP(pair_release) struct pair pair = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, NULL, NULL));
    for (unsigned i = 0; i < 4 * 10; i++) {
        CLEANUP(forging_release)
        struct forging forging = {
            .pair = &pair, .lied_about = 1 + i / 4, .lie = lies[i % 4]};
        CHECK_OK(forge_with(&forging));
        CHECK(forging.seen == 10);
        CHECK_FAILS(DITS_E_CORRUPT, import(&pair, pair.bad));
        CHECK(has_moved(&pair, &(struct dits_oid){0}));
    }
}

/* A bundle whose first ref is changed. */
static dits_error *forge_ref(struct pair *pair, const struct bundle_ref *ref)
{
    CLEANUP(bundle_release) struct bundle bundle = {0};
    unsigned seen = 0;
    TRY(bundle_open(pair->path, &bundle));
    mem_free(bundle.list.refs[0].name);
    bundle.list.refs[0] = *ref;
    CLEANUP(forging_release) struct forging forging = {.pair = pair};
    struct pack_part_reading reading = {.context = pair->from.context,
                                        .wants = want_all,
                                        .take = forge_chunk,
                                        .payload = &forging};
    (void)unlink(pair->bad);
    TRY(fs_open(pair->bad, FS_CREATE_NEW, &forging.file));
    dits_error *err = forge_head(&forging, &bundle.list);
    bundle.list.refs[0].name = NULL;
    TRY(err);
    TRY(pack_part_begin(&forging.writer, &forging.file, forging.end));
    TRY(bundle_read(&bundle, reading));
    TRY(end_pack(&forging));
    (void)seen;
    return forge_end(&forging);
}

TEST(names_and_kinds_that_no_ref_may_have_are_refused)
{
    static const struct {
        const char *name;
        enum chunk_kind kind;
    } bad[] = {
        {"refs/heads/../x", CHUNK_COMMIT},
        {"refs/heads/", CHUNK_COMMIT},
        {"HEAD", CHUNK_COMMIT},
        {"refs/heads/a b", CHUNK_COMMIT},
        {"refs/other/x", CHUNK_COMMIT},
        {"refs/heads/-x", CHUNK_COMMIT},
        {"", CHUNK_COMMIT},
        {"refs/heads/a\nb", CHUNK_COMMIT},
        {"refs/heads/x", CHUNK_TAG},
        {"refs/heads/x", CHUNK_TREE},
        {"refs/tags/x", CHUNK_DATA},
        {"refs/tags/x", (enum chunk_kind)9},
        {"refs/heads/\xff", CHUNK_COMMIT},
        {"refs/tags/z", CHUNK_COMMIT},
    };
    CLEANUP(pair_release) struct pair pair = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, NULL, NULL));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct bundle_ref ref = {.name = (char *)(uintptr_t)bad[i].name,
                                 .id = pair.second,
                                 .kind = bad[i].kind};
        CHECK_OK(forge_ref(&pair, &ref));
        CHECK_FAILS(DITS_E_CORRUPT, import(&pair, pair.bad));
    }
    struct bundle_ref good = {.name = (char *)(uintptr_t) "refs/heads/x",
                              .id = pair.first,
                              .kind = CHUNK_COMMIT};
    CHECK_OK(forge_ref(&pair, &good));
    CHECK_OK(import(&pair, pair.bad));
    CHECK(temp_repo_ref_is(&pair.to, "refs/heads/x", &pair.first));
}

TEST(a_ref_to_something_else_does_not_move)
{
    CLEANUP(pair_release) struct pair pair = {0};
    struct bundle_ref ref = {.name = (char *)(uintptr_t) "refs/heads/x",
                             .kind = CHUNK_COMMIT};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, NULL, NULL));
    CHECK_OK(dits_revision_resolve(pair.from.repo, "main^{tree}",
                                   DITS_REVISION_TREE, &ref.id));
    CHECK_OK(forge_ref(&pair, &ref));
    CHECK_FAILS(DITS_E_CORRUPT, import(&pair, pair.bad));
    ref = (struct bundle_ref){.name = (char *)(uintptr_t) "refs/heads/x",
                              .id = {{7}},
                              .kind = CHUNK_COMMIT};
    CHECK_OK(forge_ref(&pair, &ref));
    CHECK_FAILS(DITS_E_CORRUPT, import(&pair, pair.bad));
    CHECK(temp_repo_ref_is(&pair.to, "refs/heads/x", &(struct dits_oid){0}));
}

TEST(counts_are_not_believed)
{
    static const uint8_t many[] = {0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0x01};
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    uint8_t end[BUNDLE_TRAILER_SIZE];
    struct bundle_trailer trailer = {.pack_count = UINT32_MAX};
    CHECK_FAILS(DITS_E_CORRUPT, bundle_list_decode(slice_of(many, sizeof(many)),
                                                   BUNDLE_PLAIN, &list));
    CHECK_OK(buf_put_u8(&bytes, 0));
    CHECK_OK(buf_put_u8(&bytes, 0));
    CHECK_FAILS(DITS_E_CORRUPT,
                bundle_list_decode(buf_slice(&bytes), BUNDLE_PLAIN, &list));
    CLEANUP(pair_release) struct pair pair = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, NULL, NULL));
    bundle_trailer_encode(&trailer, end);
    CHECK_OK(fs_read_all(pair.path, 1 << 20, &bytes));
    memcpy(bytes.data + bytes.size - sizeof(end), end, sizeof(end));
    CHECK_OK(fs_replace(pair.path, bytes.data, bytes.size));
    CHECK_FAILS(DITS_E_CORRUPT, import(&pair, pair.path));
    le32_store(bytes.data + 12, 0x7fffffff);
    le64_store(bytes.data + 16, hash_checksum(bytes.data, 16));
    CHECK_OK(fs_replace(pair.path, bytes.data, bytes.size));
    CHECK_FAILS(DITS_E_CORRUPT, import(&pair, pair.path));
    le16_store(bytes.data + 8, 4);
    le64_store(bytes.data + 16, hash_checksum(bytes.data, 16));
    CHECK_OK(fs_replace(pair.path, bytes.data, bytes.size));
    CHECK_FAILS(DITS_E_UNSUPPORTED, import(&pair, pair.path));
}

/* Without a sync, for many times. */
static dits_error *check_bytes(struct pair *pair, const void *bytes,
                               size_t size)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(fs_open(pair->bad, FS_WRITE, &file));
    TRY(fs_truncate(&file, 0));
    TRY(fs_write_at(&file, 0, bytes, size));
    return dits_bundle_verify(pair->to.repo, pair->bad, NULL);
}

TEST(a_cut_or_changed_bundle_is_refused)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export(&pair, NULL, NULL));
    CHECK_OK(fs_read_all(pair.path, 1 << 20, &bytes));
    for (size_t at = 0; at < bytes.size; at++) {
        dits_error *err = check_bytes(&pair, bytes.data, at);
        CHECK(err != NULL);
        dits_error_free(err);
        bytes.data[at] ^= 0x20;
        err = check_bytes(&pair, bytes.data, bytes.size);
        CHECK(err != NULL);
        dits_error_free(err);
        bytes.data[at] ^= 0x20;
    }
    CHECK_OK(import(&pair, pair.path));
}

/* --- the page on the format --- */

static dits_error *forget_chunk(const struct frame *frame, const void *stored,
                                void *payload)
{
    unsigned *kinds = payload;
    (void)stored;
    *kinds |= 1u << frame->kind;
    return NULL;
}

TEST(the_page_on_bundles_shows_what_is_read)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(bundle_release) struct bundle bundle = {0};
    unsigned kinds = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(doc_dump_read("bundle", 1, &shown));
    CHECK_OK(buf_printf(&path, "%s/page.bundle", temp.folder));
    CHECK_OK(fs_replace(buf_text(&path), shown.data, shown.size));
    CHECK_OK(bundle_open(buf_text(&path), &bundle));
    CHECK(bundle.list.need_count == 0 && bundle.list.ref_count == 1);
    CHECK(strcmp(bundle.list.refs[0].name, "refs/heads/main") == 0);
    CHECK(bundle.pack_count == 1);
    struct pack_part_reading reading = {.context = temp.context,
                                        .wants = want_all,
                                        .take = forget_chunk,
                                        .payload = &kinds};
    CHECK_OK(bundle_read(&bundle, reading));
    CHECK(kinds == 0x1b); /* data, an asset, a tree, a commit */
    CHECK_OK(dits_bundle_import(temp.repo, buf_text(&path), NULL, NULL));
    CHECK(work_is(&temp, "a", "one"));
}

/* --- a history that is cut --- */

static dits_error *export_depth(struct pair *pair, uint64_t depth)
{
    const struct dits_bundle_options options = {.all = true, .depth = depth};
    return dits_bundle_export(pair->from.repo, pair->path, &options, NULL);
}

TEST(a_cut_history_is_deepened_by_a_whole_one)
{
    CLEANUP(pair_release) struct pair pair = {0};
    struct dits_bundle_import_result result = {0};
    struct dits_oid id = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export_depth(&pair, 1));
    CHECK_OK(dits_bundle_import(pair.to.repo, pair.path, NULL, &result));
    CHECK(result.cuts == 1 && result.cuts_before == 0);
    CHECK(has_moved(&pair, &pair.second));
    CHECK(work_is(&pair.to, "a", "one") && work_is(&pair.to, "b/c", "two"));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_revision_resolve(pair.to.repo, "HEAD~1",
                                      DITS_REVISION_COMMIT, &id));
    CHECK_OK(export_depth(&pair, 2));
    CHECK_OK(dits_bundle_import(pair.to.repo, pair.path, NULL, &result));
    CHECK(result.cuts == 0 && result.cuts_before == 1 && result.refs == 0);
    CHECK_OK(dits_revision_resolve(pair.to.repo, "HEAD~1", DITS_REVISION_COMMIT,
                                   &id));
    CHECK(dits_oid_equal(&id, &pair.first));
}

/* One that leaves out a parent must say so. */
TEST(a_parent_that_is_missing_must_be_cut_off)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(bundle_release) struct bundle bundle = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf head = {0};
    CLEANUP(buf_release) struct buf table = {0};
    struct bundle_trailer end = {0};
    void *at = NULL;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(export_depth(&pair, 1));
    CHECK_OK(bundle_open(pair.path, &bundle));
    CHECK(bundle.list.cuts.count == 1 && bundle.pack_count == 1);
    CHECK_OK(fs_read_all(pair.path, 1 << 20, &bytes));
    oid_map_release(&bundle.list.cuts);
    CHECK_OK(buf_extend(&head, BUNDLE_HEADER_SIZE, &at));
    CHECK_OK(bundle_list_encode(&bundle.list, &head));
    size_t list = head.size - BUNDLE_HEADER_SIZE;
    bundle_header_encode(list, BUNDLE_PLAIN, head.data);
    CHECK_OK(buf_put_le64(&head,
                          hash_checksum(head.data + BUNDLE_HEADER_SIZE, list)));
    end.pack_count = 1;
    CHECK_OK(bundle_table_encode(bundle.packs, 1, &table));
    bundle_hash(buf_slice(&head), buf_slice(&table), &end.hash);
    CHECK_OK(buf_put(&head, bytes.data + bundle.packs[0].start,
                     (size_t)bundle.packs[0].size));
    CHECK_OK(buf_put(&head, table.data, table.size));
    CHECK_OK(buf_extend(&head, BUNDLE_TRAILER_SIZE, &at));
    bundle_trailer_encode(&end, at);
    CHECK_OK(fs_replace(pair.bad, head.data, head.size));
    CHECK_FAILS(DITS_E_CORRUPT, import(&pair, pair.bad));
    CHECK(has_moved(&pair, &(struct dits_oid){0}));
}

TEST(the_page_on_bundles_shows_a_list_with_a_boundary)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf again = {0};
    CHECK_OK(doc_dump_read("bundle", 2, &shown));
    CHECK_OK(bundle_list_decode(buf_slice(&shown), BUNDLE_CUT, &list));
    CHECK(list.ref_count == 1 && list.cuts.count == 1);
    CHECK_OK(bundle_list_encode(&list, &again));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&again)));
    bundle_list_release(&list);
    for (size_t size = 0; size < shown.size; size++)
        CHECK_FAILS(
            DITS_E_CORRUPT,
            bundle_list_decode(slice_of(shown.data, size), BUNDLE_CUT, &list));
    CHECK_FAILS(DITS_E_CORRUPT,
                bundle_list_decode(buf_slice(&shown), BUNDLE_PLAIN, &list));
}

/* --- what was obliterated --- */

static dits_error *obliterate(struct temp_repo *temp, const char *path)
{
    const struct dits_obliterate_options options = {
        .paths = {.items = &path, .count = 1}, .reason = "consent withdrawn"};
    struct dits_obliterate_result result = {0};
    return dits_obliterate(temp->repo, &options, &result);
}

/* What is said of the chunk of "a" where the bundle came to. */
static bool is_explained(struct pair *pair, const char *text)
{
    CLEANUP(dits_error_freep) dits_error *err = NULL;
    struct dits_oid id = {0};
    chunk_id(CHUNK_DATA, "one", 3, &id);
    err = obliteration_explain(&id, pair->to.repo->dits_dir);
    return text == NULL
               ? err == NULL
               : err != NULL && strcmp(dits_error_message(err), text) == 0;
}

static dits_error *count_record(const struct obliteration *done, void *payload)
{
    (void)done;
    ++*(unsigned *)payload;
    return NULL;
}

TEST(the_record_of_what_was_obliterated_is_carried)
{
    CLEANUP(pair_release) struct pair pair = {0};
    const struct dits_fsck_options full = {.full = true};
    struct dits_fsck_result checked = {0};
    struct dits_bundle_import_result result = {0};
    unsigned records = 0;
    CHECK_OK(make_pair(&pair));
    pair.from.now = 1700000000;
    CHECK_OK(obliterate(&pair.from, "a"));
    CHECK_OK(export(&pair, NULL, NULL));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(dits_bundle_import(pair.to.repo, pair.path, NULL, &result));
        CHECK(result.obliterated == 1);
        CHECK(has_moved(&pair, &pair.second));
    }
    CHECK(is_explained(&pair, "it was obliterated on 2023-11-14 by Ada: "
                              "consent withdrawn"));
    CHECK(work_is(&pair.to, "b/c", "two") && !work_exists(&pair.to, "a"));
    CHECK_OK(obliteration_each(pair.to.repo, count_record, &records));
    CHECK(records == 1);
    CHECK_OK(dits_fsck(pair.to.repo, &full, &checked));
    CHECK(checked.damaged == 0);
    CHECK_OK(dits_bundle_export(pair.to.repo, pair.bad, NULL, NULL));
}

TEST(what_is_here_was_not_obliterated_here)
{
    CLEANUP(pair_release) struct pair pair = {0};
    struct dits_bundle_import_result result = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(temp_repo_stage(&pair.to, "mine", "one"));
    CHECK_OK(obliterate(&pair.from, "a"));
    CHECK_OK(export(&pair, NULL, NULL));
    CHECK_OK(dits_bundle_import(pair.to.repo, pair.path, NULL, &result));
    CHECK(is_explained(&pair, NULL));
    CHECK(work_is(&pair.to, "a", "one"));
}

TEST(a_bundle_tells_only_of_what_its_refs_lead_to)
{
    CLEANUP(pair_release) struct pair pair = {0};
    struct dits_bundle_result result = {0};
    static const char *const after[] = {"HEAD~1..main"};
    const struct dits_bundle_options options = {.revisions = after,
                                                .revision_count = 1};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(obliterate(&pair.from, "a"));
    CHECK_OK(dits_bundle_export(pair.from.repo, pair.path, &options, &result));
    CHECK(result.obliterated == 0 && result.prerequisites == 1);
}

TEST(the_page_on_bundles_shows_a_list_with_an_obliteration)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf again = {0};
    CHECK_OK(doc_dump_read("bundle", 3, &shown));
    CHECK_OK(bundle_list_decode(buf_slice(&shown), BUNDLE_GONE, &list));
    CHECK(list.cuts.count == 0 && list.gone_count == 1);
    CHECK(list.gone[0].assets.count == 1);
    CHECK(list.gone[0].who.time == 1700000000);
    CHECK(strcmp(list.gone[0].who.name, "Ada") == 0);
    CHECK(strcmp(list.gone[0].who.email, "ada@example.com") == 0);
    CHECK(strcmp(list.gone[0].reason, "consent withdrawn") == 0);
    CHECK(bundle_list_version(&list) == BUNDLE_GONE);
    CHECK_OK(bundle_list_encode(&list, &again));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&again)));
    bundle_list_release(&list);
    for (size_t size = 0; size < shown.size; size++)
        CHECK_FAILS(
            DITS_E_CORRUPT,
            bundle_list_decode(slice_of(shown.data, size), BUNDLE_GONE, &list));
    CHECK_FAILS(DITS_E_CORRUPT,
                bundle_list_decode(buf_slice(&shown), BUNDLE_PLAIN, &list));
    CHECK_FAILS(DITS_E_CORRUPT,
                bundle_list_decode(buf_slice(&shown), BUNDLE_CUT, &list));
}

TEST(what_is_no_record_of_an_obliteration_is_refused)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CHECK_OK(doc_dump_read("bundle", 3, &bytes));
    size_t assets = bytes.size - 33; /* their number */
    size_t name = bytes.size - 33 - 18 - 16 - 3;
    CHECK(bytes.data[assets] == 1 && bytes.data[name] == 'A');
    bytes.data[name] = 0;
    CHECK_FAILS(DITS_E_CORRUPT,
                bundle_list_decode(buf_slice(&bytes), BUNDLE_GONE, &list));
    bytes.data[name] = 0xff;
    CHECK_FAILS(DITS_E_CORRUPT,
                bundle_list_decode(buf_slice(&bytes), BUNDLE_GONE, &list));
    bytes.data[name] = 'A';
    bytes.data[assets] = 0;
    CHECK_FAILS(DITS_E_CORRUPT,
                bundle_list_decode(slice_of(bytes.data, assets + 1),
                                   BUNDLE_GONE, &list));
    size_t records = name - 1 - 8 - 1;
    CHECK(bytes.data[records] == 1);
    bytes.data[records] = 0;
    CHECK_FAILS(DITS_E_CORRUPT,
                bundle_list_decode(slice_of(bytes.data, records + 1),
                                   BUNDLE_GONE, &list));
}

TEST(an_import_that_runs_out_of_memory_moves_nothing)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(obliterate(&pair.from, "a"));
    CHECK_OK(export(&pair, NULL, NULL));
    for (unsigned nth = 1; nth < 20000; nth++) {
        mem_fault_arm(nth);
        dits_error *err = import(&pair, pair.path);
        (void)mem_fault_disarm();
        if (err == NULL) {
            CHECK(has_moved(&pair, &pair.second));
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(has_moved(&pair, &(struct dits_oid){0}));
        CHECK_OK(temp_repo_reopen(&pair.to));
    }
    CHECK(false);
}

TEST(an_export_that_runs_out_of_memory_leaves_nothing)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(obliterate(&pair.from, "b/c"));
    for (unsigned nth = 1; nth < 20000; nth++) {
        mem_fault_arm(nth);
        dits_error *err = export(&pair, "HEAD~1..main", "v2");
        (void)mem_fault_disarm();
        if (err == NULL) {
            CHECK(fs_exists(pair.path));
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(!fs_exists(pair.path));
        CHECK_OK(temp_repo_reopen(&pair.from));
    }
    CHECK(false);
}
