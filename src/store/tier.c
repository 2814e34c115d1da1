#include "store/tier.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/pack.h"

#define MARKER "dits-tier"
#define TEMPORARY "tmp"
#define LOST_AND_FOUND "lost+found" /* of a file system that was just made */

enum { MARKER_MAX_BYTES = 256 };

static dits_error *copy_texts(const struct tier *tier, struct tier *out)
{
    TRY(text_copy(tier->name, &out->name));
    TRY(text_copy_optional(tier->path, &out->path));
    return text_copy_optional(tier->id, &out->id);
}

dits_error *tier_copy(const struct tier *tier, struct tier *out)
{
    *out = (struct tier){0};
    dits_error *err = copy_texts(tier, out);
    if (err != NULL)
        tier_release(out);
    return err;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool tier_equal(const struct tier *a, const struct tier *b)
{
    return same_text(a->name, b->name) && same_text(a->path, b->path) &&
           same_text(a->id, b->id);
}

void tier_release(struct tier *tier)
{
    text_free(&tier->name);
    text_free(&tier->path);
    text_free(&tier->id);
}

static dits_error *marker_text(const struct tier *tier, struct buf *out)
{
    return buf_printf(out, "dits tier 1\nid %s\n", tier->id);
}

struct listing {
    const struct tier *tier;
    tier_pack_fn *fn;
    void *payload;
};

static dits_error *refuse_full(const char *name, void *payload)
{
    const struct tier *tier = ((const struct listing *)payload)->tier;
    if (strcmp(name, LOST_AND_FOUND) == 0 || strcmp(name, TEMPORARY) == 0)
        return NULL;
    return error_hint(error_new(DITS_E_EXISTS,
                                "'%s' is not empty: '%s' is in it", tier->path,
                                name),
                      "A tier needs a folder of its own.");
}

dits_error *tier_make(const struct tier *tier)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(text_free) char *marker = NULL;
    CLEANUP(text_free) char *temporary = NULL;
    struct listing listing = {.tier = tier};
    TRY(fs_make_dirs(tier->path));
    TRY(fs_list(tier->path, refuse_full, &listing));
    TRY(tier_temporary(tier, &temporary));
    TRY(fs_make_dirs(temporary));
    TRY(fs_join(tier->path, MARKER, &marker));
    TRY(marker_text(tier, &text));
    return fs_replace(marker, text.data, text.size);
}

static dits_error *offline(const struct tier *tier, const char *why)
{
    return error_hint(
        error_new(DITS_E_OFFLINE, "tier '%s' is offline: '%s' %s", tier->name,
                  tier->path, why),
        "Connect or mount that disk. If it is mounted elsewhere now: 'dits "
        "config tier.%s.path FOLDER'.",
        tier->name);
}

dits_error *tier_check(const struct tier *tier)
{
    CLEANUP(buf_release) struct buf wanted = {0};
    CLEANUP(buf_release) struct buf seen = {0};
    CLEANUP(text_free) char *marker = NULL;
    if (tier->path == NULL || tier->id == NULL)
        return error_hint(
            error_new(DITS_E_OFFLINE,
                      "tier '%s' is offline: no setting says where it is",
                      tier->name),
            "Set tier.%s.path and tier.%s.id in '.dits/config'; the id is in "
            "the file '" MARKER "' of its folder.",
            tier->name, tier->name);
    TRY(marker_text(tier, &wanted));
    TRY(fs_join(tier->path, MARKER, &marker));
    dits_error *err = fs_read_all(marker, MARKER_MAX_BYTES, &seen);
    if (dits_error_has(err, DITS_E_NOMEM))
        return err;
    if (err != NULL) {
        dits_error_free(err); /* whatever it is, the disk is not there */
        return offline(tier, fs_exists(tier->path) ? "has no marker of a tier"
                                                   : "is not there");
    }
    if (!slice_equal(buf_slice(&wanted), buf_slice(&seen)))
        return offline(tier, "is another tier's disk");
    return NULL;
}

static dits_error *pack_file(const char *folder, const char *pack, char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s/%s.pack", folder, pack));
    return buf_take_text(&path, out);
}

dits_error *tier_pack_path(const struct tier *tier, const char *pack,
                           char **out)
{
    return pack_file(tier->path, pack, out);
}

dits_error *tier_temporary(const struct tier *tier, char **out)
{
    return fs_join(tier->path, TEMPORARY, out);
}

static dits_error *remove_if_there(const char *path)
{
    dits_error *err = fs_remove(path);
    if (!dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err); /* that is what was wanted */
    return NULL;
}

dits_error *tier_remove_pack(const struct tier *tier, const char *pack)
{
    CLEANUP(text_free) char *temporary = NULL;
    CLEANUP(text_free) char *unfinished = NULL;
    CLEANUP(text_free) char *path = NULL;
    TRY(tier_check(tier));
    TRY(tier_temporary(tier, &temporary));
    TRY(pack_file(temporary, pack, &unfinished));
    TRY(tier_pack_path(tier, pack, &path));
    TRY(remove_if_there(unfinished));
    TRY(remove_if_there(path));
    return fs_sync_dir(tier->path);
}

dits_error *tier_set_aside(const struct tier *tier, const char *pack)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf aside = {0};
    TRY(tier_check(tier));
    TRY(tier_pack_path(tier, pack, &path));
    TRY(buf_printf(&aside, "%s/damaged-%s.pack", tier->path, pack));
    if (!fs_exists(path))
        return NULL; /* that is the damage */
    TRY(fs_rename(path, buf_text(&aside)));
    return fs_sync_dir(tier->path);
}

static dits_error *on_name(const char *file_name, void *payload)
{
    const struct listing *listing = payload;
    CLEANUP(text_free) char *path = NULL;
    char name[OID_HEX_SIZE] = {0};
    struct fs_stat stat = {0};
    if (!pack_name_of(file_name, name))
        return NULL;
    TRY(fs_join(listing->tier->path, file_name, &path));
    TRY(fs_stat_path(path, &stat));
    return listing->fn(name, &stat, listing->payload);
}

dits_error *tier_each_pack(const struct tier *tier, tier_pack_fn *fn,
                           void *payload)
{
    struct listing listing = {tier, fn, payload};
    TRY(tier_check(tier));
    return fs_list(tier->path, on_name, &listing);
}

dits_error *tier_unmake(const struct tier *tier)
{
    CLEANUP(text_free) char *marker = NULL;
    TRY(tier_check(tier));
    TRY(fs_join(tier->path, MARKER, &marker));
    TRY(fs_remove(marker));
    return fs_sync_dir(tier->path);
}
