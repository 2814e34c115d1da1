#include <dits/commit.h>
#include <dits/file.h>
#include <dits/refs.h>

#include <string.h>

#include "base/mem.h"
#include "base/progress.h"
#include "base/text.h"
#include "object/asset_reader.h"
#include "repo/archive.h"
#include "repo/commit_handle.h"
#include "repo/obliteration.h"
#include "repo/repo.h"

enum {
    READ_BYTES = 1024 * 1024,
    TARGET_MAX = 65536 /* of a symlink */
};

/* An archive on its way. */
struct archiving {
    dits_repo *repo;
    const char *prefix;
    const struct archive_format *format;
    void *self; /* the format's */
    struct archive_out out;
    struct buf name;   /* of the member at hand, with the prefix */
    struct buf folder; /* the last one, with the prefix; "" or ends in '/' */
    struct buf bytes;
    struct id_set gone; /* assets that were obliterated */
    struct progress progress;
};

static void archiving_release(struct archiving *archiving)
{
    progress_end(&archiving->progress);
    if (archiving->format != NULL)
        archiving->format->free(archiving->self);
    archive_out_release(&archiving->out);
    buf_release(&archiving->name);
    buf_release(&archiving->folder);
    buf_release(&archiving->bytes);
    id_set_release(&archiving->gone);
}

static dits_error *put_entry(struct archiving *archiving,
                             const struct archive_entry *entry)
{
    TRY(archiving->format->entry(archiving->self, entry));
    return archiving->format->end(archiving->self);
}

static dits_error *put_folder(struct archiving *archiving, size_t length)
{
    CLEANUP(text_free) char *name = NULL;
    TRY(text_copy_part(buf_text(&archiving->name), length, &name));
    const struct archive_entry entry = {.name = name, .mode = 'd'};
    return put_entry(archiving, &entry);
}

/* The folders that the name lies in and the one before did not. */
static dits_error *put_folders(struct archiving *archiving)
{
    const char *name = buf_text(&archiving->name);
    const char *last = buf_text(&archiving->folder);
    size_t end = 0; /* of the folders of `name` */
    bool is_same = true;
    for (size_t i = 0; name[i] != '\0'; i++) {
        is_same = is_same && last[i] == name[i];
        if (name[i] != '/')
            continue;
        end = i + 1;
        if (!is_same)
            TRY(put_folder(archiving, end));
        /* What lies behind the end of `last` is new, too. */
        is_same = is_same && last[end] != '\0';
    }
    buf_clear(&archiving->folder);
    return buf_put(&archiving->folder, name, end);
}

static dits_error *put_symlink(struct archiving *archiving, struct asset *asset,
                               struct archive_entry *entry)
{
    struct buf *target = &archiving->bytes;
    uint64_t size = asset_get_info(asset)->size;
    void *at = NULL;
    if (size > TARGET_MAX)
        return error_new(DITS_E_LIMIT, "a symlink of %llu bytes",
                         (unsigned long long)size);
    buf_clear(target);
    TRY(buf_extend(target, (size_t)size, &at));
    TRY(asset_read_at(asset, 0, (size_t)size, at));
    entry->target = buf_text(target);
    if (strlen(entry->target) != size)
        return error_new(DITS_E_CORRUPT, "a symlink with a NUL in it");
    return put_entry(archiving, entry);
}

/* In order, each byte verified. */
static dits_error *put_file(struct archiving *archiving, struct asset *asset,
                            struct archive_entry *entry)
{
    CLEANUP(asset_reader_release) struct asset_reader reader = {0};
    void *at = NULL;
    entry->size = asset_get_info(asset)->size;
    TRY(asset_reader_init(&reader, asset));
    buf_clear(&archiving->bytes);
    TRY(buf_extend(&archiving->bytes, READ_BYTES, &at));
    TRY(archiving->format->entry(archiving->self, entry));
    for (uint64_t offset = 0; offset < entry->size;) {
        uint64_t left = entry->size - offset;
        size_t size = left < READ_BYTES ? (size_t)left : READ_BYTES;
        TRY(context_check(archiving->repo->context));
        TRY(asset_reader_read(&reader, offset, size, at));
        TRY(archiving->format->data(archiving->self, at, size));
        progress_add(&archiving->progress, size, 0, NULL);
        offset += size;
    }
    return archiving->format->end(archiving->self);
}

static dits_error *put_member(const struct dits_file_info *info, void *payload)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct archiving *archiving = payload;
    TRY(context_check(archiving->repo->context));
    if (id_set_has(&archiving->gone, &info->id)) {
        log_warn(archiving->repo->context,
                 "'%s' is left out: its content was obliterated", info->path);
        return NULL;
    }
    buf_clear(&archiving->name);
    TRY(buf_printf(&archiving->name, "%s%s", archiving->prefix, info->path));
    TRY(put_folders(archiving));
    TRY(asset_open(archiving->repo->store, &info->id, &asset));
    progress_add(&archiving->progress, 0, 1, info->path);
    struct archive_entry entry = {.name = buf_text(&archiving->name),
                                  .mode = info->mode};
    TRY_CONTEXT(info->mode == 'l' ? put_symlink(archiving, asset, &entry)
                                  : put_file(archiving, asset, &entry),
                "cannot archive '%s'", info->path);
    return NULL;
}

/* A name that starts at the top or climbs would be unpacked anywhere. */
static dits_error *check_prefix(const char *prefix)
{
    bool is_good = prefix[0] != '/' && text_is_utf8(prefix, strlen(prefix));
    for (const char *part = prefix; is_good && *part != '\0';) {
        size_t length = strcspn(part, "/");
        is_good = length > 0 && !(length == 2 && memcmp(part, "..", 2) == 0) &&
                  !(length == 1 && part[0] == '.');
        part += length + (part[length] == '/' ? 1 : 0);
    }
    return is_good
               ? NULL
               : error_hint(error_new(DITS_E_INVALID,
                                      "'%s' cannot stand before names", prefix),
                            "Use the name of a folder, as in 'film/'.");
}

/* The id that the revision stands for from now on, and what is known of it. */
static dits_error *find_tree(dits_repo *repo, const char *revision,
                             struct archive_head *head, char id[OID_HEX_SIZE])
{
    CLEANUP(commit_handle_freep) dits_commit *commit = NULL;
    CLEANUP(dits_error_freep) dits_error *err = NULL;
    struct dits_oid found = {0};
    if (revision == NULL)
        revision = "HEAD";
    err = dits_revision_resolve(repo, revision, DITS_REVISION_COMMIT, &found);
    head->comment = "";
    if (err == NULL) {
        TRY(dits_commit_load(repo, &found, &commit));
        head->time = dits_commit_committer(commit)->time;
        head->comment = id;
    } else if (dits_error_code(err) == DITS_E_INVALID) {
        TRY(dits_revision_resolve(repo, revision, DITS_REVISION_TREE, &found));
    } else {
        return MOVE(err);
    }
    dits_oid_hex(&found, id);
    return NULL;
}

static enum archive_filter filter_of(enum dits_archive_format format)
{
    switch (format) {
    case DITS_ARCHIVE_TAR_GZ:
        return ARCHIVE_GZIP;
    case DITS_ARCHIVE_TAR_ZST:
        return ARCHIVE_ZSTD;
    case DITS_ARCHIVE_TAR:
    case DITS_ARCHIVE_ZIP:
        break;
    }
    return ARCHIVE_PLAIN;
}

static dits_error *put_all(struct archiving *archiving,
                           const struct dits_archive_options *options)
{
    static const char *const top[] = {":/"};
    struct archive_head head = {0};
    char id[OID_HEX_SIZE] = "";
    struct dits_list_options list = {
        .revision = id, .paths = options->paths, .recursive = true};
    if (list.paths.count == 0)
        list.paths = (struct dits_paths){top, 1};
    TRY(find_tree(archiving->repo, options->revision, &head, id));
    TRY(archiving->format->begin(&head, &archiving->out, &archiving->self));
    progress_begin(&archiving->progress, archiving->repo->context, "archiving",
                   0, 0);
    TRY(dits_list(archiving->repo, &list, put_member, archiving));
    TRY(archiving->format->finish(archiving->self));
    return archive_out_end(&archiving->out);
}

dits_error *dits_archive(dits_repo *repo,
                         const struct dits_archive_options *options,
                         dits_bytes_fn *fn, void *payload)
{
    CLEANUP(archiving_release)
    struct archiving archiving = {
        .repo = repo,
        .prefix = options->prefix != NULL ? options->prefix : "",
        .format = options->format == DITS_ARCHIVE_ZIP ? &archive_zip
                                                      : &archive_tar,
    };
    TRY(check_prefix(archiving.prefix));
    TRY(obliteration_unreadable(repo, &archiving.gone));
    TRY(archive_out_begin(&archiving.out, filter_of(options->format), fn,
                          payload));
    return put_all(&archiving, options);
}
