/* What an untracked folder holds, when it is shown as one line. */
#include <string.h>
#include <strings.h>

#include "repo/open.h"
#include "repo/scan_private.h"

enum { DEPTH_MAX = 2000 };

bool scan_is_own_name(const char *name)
{
    return strcasecmp(name, OPEN_FOLDER) == 0 || strcmp(name, ".git") == 0;
}

static dits_error *collect_name(const char *name, enum fs_kind kind,
                                void *payload)
{
    struct buf *names = payload;
    TRY(buf_put_u8(names, (uint8_t)kind));
    return buf_put(names, name, strlen(name) + 1);
}

dits_error *scan_list(struct scan_worker *worker, const char *path,
                      struct buf *out, bool *out_found)
{
    buf_clear(out);
    TRY(dir_place_enter(&worker->place, path, strlen(path), out_found));
    if (*out_found)
        TRY_CONTEXT(dir_list(&worker->place.dir, collect_name, out),
                    "cannot list folder '%s'", path);
    return NULL;
}

/* One name inside the folder. */
static dits_error *meet(struct scan_worker *worker, const char *path,
                        enum fs_kind kind, const struct ignore_level *level,
                        struct scan_content *out)
{
    bool ignored = ignore_is_ignored(level, path, kind == FS_FOLDER);
    if (ignored && !worker->scan->options->include_ignored) {
        out->ignored = true;
        return NULL;
    }
    if (kind == FS_FOLDER && out->depth < DEPTH_MAX) {
        out->depth++;
        TRY(scan_probe(worker, path, level, out));
        out->depth--;
        return NULL;
    }
    out->untracked = out->untracked || kind != FS_OTHER;
    return NULL;
}

/* All names, until one settles it. */
static dits_error *meet_all(struct scan_worker *worker, const char *path,
                            struct slice names,
                            const struct ignore_level *level,
                            struct scan_content *out)
{
    CLEANUP(buf_release) struct buf below = {0};
    for (size_t at = 0; at < names.size && !out->untracked;) {
        enum fs_kind kind = (enum fs_kind)names.data[at];
        const char *name = (const char *)names.data + at + 1;
        at += strlen(name) + 2;
        if (scan_is_own_name(name))
            continue;
        buf_clear(&below);
        TRY(buf_printf(&below, "%s/%s", path, name));
        TRY(meet(worker, buf_text(&below), kind, level, out));
    }
    return NULL;
}

dits_error *scan_probe(struct scan_worker *worker, const char *path,
                       const struct ignore_level *level,
                       struct scan_content *out)
{
    CLEANUP(buf_release) struct buf names = {0};
    const struct scan_folder_at at = {.path = path};
    struct scan_listing listing = {0};
    bool found = false;
    TRY(context_check(worker->scan->repo->context));
    dits_error *err = scan_known_list(worker, &at, &names, &listing, &found);
    if (dits_error_has(err, DITS_E_DENIED)) {
        struct scan_entry entry = {.state = SCAN_UNREADABLE, .is_folder = true};
        dits_error_free(err); /* reported instead */
        return scan_report(worker, path, &entry);
    }
    TRY(err);
    if (!found)
        return NULL;
    if (listing.is_noted)
        TRY(scan_known_note(worker, &at, &listing, listing.names));
    TRY(ignore_enter(worker->scan->ignore, level, &worker->place.dir, path,
                     &level));
    return meet_all(worker, path, listing.names, level, out);
}
