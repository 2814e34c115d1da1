#include "support/tier_repo.h"

#include <dits/config.h>
#include <dits/file.h>

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/text.h"
#include "object/asset.h"
#include "repo/index.h"
#include "support/store_fixture.h"

dits_error *tier_repo_set(struct tier_repo *t, const char *key,
                          const char *value)
{
    return dits_config_set(t->temp.context, t->temp.repo, DITS_CONFIG_REPO, key,
                           value);
}

static dits_error *stage_clip(struct tier_repo *t)
{
    CLEANUP(text_free) char *text = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    void *at = NULL;
    TRY(buf_extend(&bytes, TIER_REPO_BYTES, &at));
    fill_random(at, TIER_REPO_BYTES, 7);
    for (size_t i = 0; i < bytes.size; i++)
        bytes.data[i] |= 1; /* a text */
    TRY(buf_take_text(&bytes, &text));
    return temp_repo_stage(&t->temp, "clip", text);
}

static dits_error *on_chunk(const struct dits_chunk_info *chunk, void *payload)
{
    struct tier_repo *t = payload;
    t->data = chunk->id;
    memcpy(t->pack, chunk->pack, sizeof(t->pack));
    return NULL;
}

static dits_error *find_pack(struct tier_repo *t)
{
    dits_file *file = NULL;
    TRY(dits_file_open(t->temp.repo, NULL, "clip", &file));
    dits_error *err = dits_file_each_chunk(file, on_chunk, t);
    dits_file_free(file);
    return err;
}

dits_error *tier_repo_make(struct tier_repo *out)
{
    TRY(temp_repo_make(&out->temp));
    TRY(stage_clip(out));
    TRY(temp_repo_commit(&out->temp, "a", "one", &out->commit));
    TRY(find_pack(out));
    (void)snprintf(out->path, sizeof(out->path), "%s/.dits/cold",
                   out->temp.folder);
    TRY(dits_tier_add(out->temp.repo, "cold", out->path));
    TRY(tier_repo_set(out, "tier.lease", "100"));
    return tier_repo_set(out, "tier.cold.minsize", "1");
}

void tier_repo_release(struct tier_repo *t)
{
    temp_repo_release(&t->temp);
}

dits_error *tier_repo_move(struct tier_repo *t, const char *to)
{
    const char *name = t->pack;
    const struct dits_paths packs = {.items = &name, .count = 1};
    struct dits_tier_result result = {0};
    return dits_tier_move(t->temp.repo, to, &packs, NULL, &result);
}

dits_error *tier_repo_read(struct tier_repo *t)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    return store_read(t->temp.repo->store, CHUNK_DATA, &t->data, &bytes);
}

static bool has(const char *folder, const char *pack)
{
    char path[256] = {0};
    (void)snprintf(path, sizeof(path), "%s/%s.pack", folder, pack);
    return fs_exists(path);
}

bool tier_repo_has_far(const struct tier_repo *t)
{
    return has(t->path, t->pack);
}

bool tier_repo_has_near(const struct tier_repo *t)
{
    char folder[96] = {0};
    (void)snprintf(folder, sizeof(folder), "%s/.dits/packs", t->temp.folder);
    return has(folder, t->pack);
}

static void away_path(const struct tier_repo *t, char out[128])
{
    (void)snprintf(out, 128, "%s-away", t->path);
}

dits_error *tier_repo_unmount(const struct tier_repo *t)
{
    char away[128] = {0};
    away_path(t, away);
    return fs_rename(t->path, away);
}

dits_error *tier_repo_mount(const struct tier_repo *t)
{
    char away[128] = {0};
    away_path(t, away);
    return fs_rename(away, t->path);
}
