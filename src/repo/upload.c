#include "repo/upload.h"

#include <inttypes.h>
#include <string.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/adopt.h"

#define FOLDER "uploads"
#define OWNER_CONTEXT "dits 2026-12 upload v1 owner"

enum {
    OWNER_DIGITS = 32,
    KEY_DIGITS = 2 * WIRE_KEY_SIZE,
    NAME_LENGTH = OWNER_DIGITS + 1 + KEY_DIGITS,
    MAX_OPEN = 64, /* of one caller */
    LOCK_WAIT_MS = 10000,
    KEEP_S = 7 * 24 * 3600,
};

/* --- names --- */

/* Who it belongs to, in the digits of a hash: any text makes a name of a file.
 */
static void owner_digits(const char *caller, char out[OID_HEX_SIZE])
{
    struct hash hash;
    struct dits_oid id = {0};
    hash_begin_derived(&hash, OWNER_CONTEXT);
    hash_update(&hash, caller, strlen(caller));
    hash_finish(&hash, &id);
    dits_oid_hex(&id, out);
    out[OWNER_DIGITS] = '\0';
}

static dits_error *folder_of(const dits_repo *repo, char **out)
{
    return fs_join(repo->dits_dir, FOLDER, out);
}

static dits_error *path_of(const struct upload_place *place,
                           const struct wire_key *id, char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    char owner[OID_HEX_SIZE];
    owner_digits(place->caller, owner);
    TRY(buf_printf(&path, "%s/" FOLDER "/%s-", place->repo->dits_dir, owner));
    for (size_t i = 0; i < WIRE_KEY_SIZE; i++)
        TRY(buf_printf(&path, "%02x", id->bytes[i]));
    return buf_take_text(&path, out);
}

/* --- one of them, open --- */

struct upload {
    char *path;
    struct fs_file file; /* locked: one request at a time */
    uint64_t size;
};

static void upload_release(struct upload *upload)
{
    fs_close(&upload->file);
    text_free(&upload->path);
}

static dits_error *no_upload(void)
{
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "there is no such upload"),
        "It was finished, or nobody has added to it for a week: begin again.");
}

/* The lock is on the file that has the name still, or it counts for nothing. */
static dits_error *open_path(struct upload *upload)
{
    struct fs_stat named = {0};
    struct fs_stat stat = {0};
    if (!fs_exists(upload->path))
        return no_upload();
    TRY(fs_lock(upload->path, FS_LOCK_EXCLUSIVE, LOCK_WAIT_MS, &upload->file));
    TRY(fs_stat_file(&upload->file, &stat));
    if (!fs_exists(upload->path))
        return no_upload();
    TRY(fs_stat_path(upload->path, &named));
    if (named.inode != stat.inode)
        return no_upload();
    upload->size = stat.size;
    if (stat.size >= PACK_HEADER_SIZE)
        return NULL;
    TRY(fs_remove(upload->path)); /* made by the lock: it was gone by then */
    return no_upload();
}

static dits_error *open_upload(const struct upload_place *place,
                               const struct wire_key *id, struct upload *out)
{
    TRY(path_of(place, id, &out->path));
    return open_path(out);
}

/* --- those that are there --- */

typedef dits_error *upload_fn(const char *path, void *payload);

struct walk {
    const char *folder;
    const char *owner; /* NULL: of anybody */
    struct buf names;
};

static bool is_upload(const char *name)
{
    return strlen(name) == NAME_LENGTH && name[OWNER_DIGITS] == '-';
}

static dits_error *collect(const char *name, void *payload)
{
    struct walk *walk = payload;
    if (!is_upload(name) ||
        (walk->owner != NULL && strncmp(name, walk->owner, OWNER_DIGITS) != 0))
        return NULL;
    return buf_put(&walk->names, name, NAME_LENGTH + 1);
}

static void walk_release(struct walk *walk)
{
    buf_release(&walk->names);
}

/* Listed first, for what is called may remove them. */
static dits_error *each_upload(const dits_repo *repo, const char *owner,
                               upload_fn *fn, void *payload)
{
    CLEANUP(text_free) char *folder = NULL;
    CLEANUP(walk_release) struct walk walk = {.owner = owner};
    TRY(folder_of(repo, &folder));
    if (!fs_exists(folder))
        return NULL;
    TRY(fs_list(folder, collect, &walk));
    for (size_t at = 0; at < walk.names.size; at += NAME_LENGTH + 1) {
        CLEANUP(text_free) char *path = NULL;
        TRY(fs_join(folder, (const char *)walk.names.data + at, &path));
        TRY(fn(path, payload));
    }
    return NULL;
}

static dits_error *count_one(const char *path, void *payload)
{
    size_t *count = payload;
    (void)path;
    (*count)++;
    return NULL;
}

/* --- begin --- */

static dits_error *make_file(const char *folder, const char *path)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(buf_release) struct buf temporary = {0};
    uint8_t header[PACK_HEADER_SIZE];
    pack_header_encode(header);
    TRY(buf_printf(&temporary, "%s.new", path));
    dits_error_free(fs_remove(buf_text(&temporary))); /* of a killed one */
    TRY(fs_open(buf_text(&temporary), FS_CREATE_NEW, &file));
    TRY(fs_write_at(&file, 0, header, sizeof(header)));
    TRY(fs_sync(&file));
    TRY(fs_rename(buf_text(&temporary), path));
    return fs_sync_dir(folder);
}

static dits_error *begin(const struct upload_place *place,
                         const struct wire_key *id)
{
    CLEANUP(text_free) char *folder = NULL;
    CLEANUP(text_free) char *path = NULL;
    char owner[OID_HEX_SIZE];
    size_t count = 0;
    TRY(folder_of(place->repo, &folder));
    TRY(path_of(place, id, &path));
    if (fs_exists(path))
        return NULL;
    TRY(fs_make_dirs(folder));
    owner_digits(place->caller, owner);
    TRY(each_upload(place->repo, owner, count_one, &count));
    if (count >= MAX_OPEN)
        return error_hint(
            error_new(DITS_E_LIMIT, "there are %d uploads already", MAX_OPEN),
            "Another push goes on, or many were cut off: they are finished "
            "when the next one begins.");
    return make_file(folder, path);
}

/* --- put --- */

/* Each chunk on its own: what does not match its id is not written at all. */
static dits_error *check_frames(struct slice frames)
{
    CLEANUP(buf_release) struct buf plain = {0};
    struct cursor in = cursor_over(frames.data, frames.size);
    while (cursor_left(&in) > 0) {
        struct frame frame = {0};
        struct slice stored = {0};
        TRY(wire_take_frame(&in, &frame, &stored));
        TRY(frame_verify(&frame, stored.data, &plain));
    }
    return NULL;
}

static dits_error *check_room(const struct upload *upload,
                              const struct wire_piece *piece)
{
    if (piece->offset < PACK_HEADER_SIZE || piece->offset > upload->size)
        return error_hint(error_new(DITS_E_CONFLICT,
                                    "the upload holds %" PRIu64
                                    " bytes, not %" PRIu64,
                                    upload->size, piece->offset),
                          "Ask how far it came, and go on from there.");
    if (piece->offset > UPLOAD_FULL_BYTES)
        return error_new(DITS_E_LIMIT, "the upload is full: finish it");
    return NULL;
}

dits_error *upload_put(const struct upload_place *place,
                       const struct wire_piece *piece)
{
    CLEANUP(upload_release) struct upload upload = {0};
    uint64_t end = piece->offset + piece->frames.size;
    TRY(check_frames(piece->frames));
    if (piece->offset == PACK_HEADER_SIZE)
        TRY(begin(place, &piece->upload));
    TRY(open_upload(place, &piece->upload, &upload));
    TRY(check_room(&upload, piece));
    if (upload.size > end)
        TRY(fs_truncate(&upload.file, end));
    TRY(fs_write_at(&upload.file, piece->offset, piece->frames.data,
                    piece->frames.size));
    return fs_sync(&upload.file);
}

/* --- how far it came --- */

/* All but the last request was answered for, and so is durable and checked. */
static dits_error *measure(const dits_repo *repo, struct upload *upload)
{
    uint64_t checked =
        upload->size > EXCHANGE_MAX_BODY ? upload->size - EXCHANGE_MAX_BODY : 0;
    uint64_t end = 0;
    TRY(adopt_measure(repo->context, &upload->file, checked, &end));
    if (end == upload->size)
        return NULL;
    TRY(fs_truncate(&upload->file, end));
    upload->size = end;
    return fs_sync(&upload->file);
}

dits_error *upload_size(const struct upload_place *place,
                        const struct wire_key *id, uint64_t *out)
{
    CLEANUP(upload_release) struct upload upload = {0};
    TRY(open_upload(place, id, &upload));
    TRY(measure(place->repo, &upload));
    *out = upload.size;
    return NULL;
}

/* --- finish --- */

static dits_error *finish(dits_repo *repo, const struct upload *upload)
{
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    if (upload->size <= PACK_HEADER_SIZE)
        return fs_remove(upload->path);
    TRY(store_writer_begin(repo->store, &writer));
    return adopt_pack(repo->store, upload->path, &upload->file);
}

dits_error *upload_finish(const struct upload_place *place,
                          const struct wire_key *id, uint64_t size)
{
    CLEANUP(upload_release) struct upload upload = {0};
    TRY(open_upload(place, id, &upload));
    if (size < PACK_HEADER_SIZE || size > upload.size)
        return error_new(DITS_E_CONFLICT,
                         "the upload holds %" PRIu64 " bytes, not %" PRIu64,
                         upload.size, size);
    if (size < upload.size)
        TRY(fs_truncate(&upload.file, size));
    upload.size = size;
    return finish(place->repo, &upload);
}

/* What cannot be used is worth nothing to anybody. */
static dits_error *settle_one(const char *path, void *payload)
{
    dits_repo *repo = payload;
    CLEANUP(upload_release) struct upload upload = {0};
    TRY(text_copy(path, &upload.path));
    dits_error *err = open_path(&upload);
    if (err == NULL)
        err = measure(repo, &upload);
    if (err == NULL)
        err = finish(repo, &upload);
    if (dits_error_has(err, DITS_E_CORRUPT)) {
        dits_error_free(err);
        return fs_remove(path);
    }
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err); /* somebody else was faster */
        return NULL;
    }
    return err;
}

dits_error *upload_settle(const struct upload_place *place)
{
    char owner[OID_HEX_SIZE];
    owner_digits(place->caller, owner);
    return each_upload(place->repo, owner, settle_one, place->repo);
}

/* --- what was left behind --- */

static dits_error *expire_one(const char *path, void *payload)
{
    const dits_repo *repo = payload;
    CLEANUP(upload_release) struct upload upload = {0};
    struct fs_stat stat = {0};
    TRY(text_copy(path, &upload.path));
    dits_error *err = open_path(&upload);
    if (dits_error_has(err, DITS_E_NOT_FOUND) ||
        dits_error_has(err, DITS_E_LOCKED)) {
        dits_error_free(err); /* it is in use, or gone */
        return NULL;
    }
    TRY(err);
    TRY(fs_stat_file(&upload.file, &stat));
    if (stat.mtime_ns / 1000000000 + KEEP_S > context_now(repo->context))
        return NULL;
    return fs_remove(path);
}

dits_error *upload_expire(dits_repo *repo)
{
    return each_upload(repo, NULL, expire_one, repo);
}
