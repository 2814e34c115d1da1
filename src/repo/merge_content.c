#include "repo/merge_content.h"

#include <string.h>

#include "object/asset.h"

enum {
    TEXT_MAX_BYTES = 64 << 20,
    LOOK_BYTES = 8000, /* a NUL in there says that it is no text: as in git */
};

/* How the bytes of one file are merged. */
struct way {
    enum attributes_merge how;
    enum lines_favor favor; /* where both changed the same lines */
};

static bool is_symlink(const struct change_side *side)
{
    return side->mode == TREE_SYMLINK;
}

/* The mode of whoever changed it. */
static enum tree_mode merge_mode(const struct change_side sides[STAGE_COUNT])
{
    return sides[STAGE_OURS].mode == sides[STAGE_BASE].mode
               ? sides[STAGE_THEIRS].mode
               : sides[STAGE_OURS].mode;
}

/* Empty for a side that is not there; `*out_text` false: no text at all. */
static dits_error *read_side(const struct merge_rules *rules,
                             const struct change_side *side, struct buf *out,
                             bool *out_text)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    void *room = NULL;
    *out_text = true;
    if (side->mode == 0)
        return NULL;
    TRY(asset_open(rules->repo->store, &side->id, &asset));
    uint64_t size = asset_get_info(asset)->size;
    *out_text = size <= TEXT_MAX_BYTES;
    if (size == 0 || !*out_text)
        return NULL;
    TRY(buf_extend(out, (size_t)size, &room));
    TRY(asset_read_at(asset, 0, (size_t)size, room));
    size_t look = size < LOOK_BYTES ? (size_t)size : LOOK_BYTES;
    *out_text = memchr(room, 0, look) == NULL;
    return NULL;
}

static dits_error *store_text(const struct merge_rules *rules,
                              const struct buf *text, struct dits_oid *out)
{
    struct asset_store_options options = {
        .context = rules->repo->context,
        .writer = rules->writer,
        .threads = 1,
    };
    struct asset_info info = {0};
    return asset_store_bytes(&options, text->data, text->size, out, &info);
}

static enum lines_favor favor_of(enum dits_merge_favor favor)
{
    switch (favor) {
    case DITS_FAVOR_OURS:
        return LINES_FAVOR_OURS;
    case DITS_FAVOR_THEIRS:
        return LINES_FAVOR_THEIRS;
    case DITS_FAVOR_NONE:
        break;
    }
    return LINES_FAVOR_NONE;
}

struct texts {
    struct buf sides[STAGE_COUNT];
    struct buf merged;
};

static void release_texts(struct texts *texts)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        buf_release(&texts->sides[i]);
    buf_release(&texts->merged);
}

static dits_error *read_all(const struct merge_rules *rules,
                            const struct change_side sides[STAGE_COUNT],
                            struct texts *texts, bool *out_text)
{
    *out_text = true;
    for (size_t i = 0; i < STAGE_COUNT && *out_text; i++)
        TRY(read_side(rules, &sides[i], &texts->sides[i], out_text));
    return NULL;
}

static dits_error *merge_texts(const struct merge_rules *rules,
                               const struct way *way, struct texts *texts,
                               struct dits_oid *out,
                               enum merge_verdict *out_verdict)
{
    struct lines_merge merge = {
        .base = buf_slice(&texts->sides[STAGE_BASE]),
        .ours = buf_slice(&texts->sides[STAGE_OURS]),
        .theirs = buf_slice(&texts->sides[STAGE_THEIRS]),
        .base_label = rules->labels[STAGE_BASE],
        .ours_label = rules->labels[STAGE_OURS],
        .theirs_label = rules->labels[STAGE_THEIRS],
        .style = rules->style,
        .favor = way->favor,
        .marker_size = rules->marker_size,
    };
    bool has_conflicts = false;
    TRY(lines_merge(&rules->repo->lines, &merge, &texts->merged,
                    &has_conflicts));
    *out_verdict = has_conflicts ? MERGE_MARKED : MERGE_BY_LINES;
    return store_text(rules, &texts->merged, out);
}

/* Not by lines: one side as a whole, when that is asked for. */
static void choose(const struct way *way,
                   const struct change_side sides[STAGE_COUNT],
                   struct change_side *out, enum merge_verdict *out_verdict)
{
    bool theirs = way->favor == LINES_FAVOR_THEIRS;
    bool is_chosen = theirs || way->favor == LINES_FAVOR_OURS;
    out->id = sides[theirs ? STAGE_THEIRS : STAGE_OURS].id;
    *out_verdict = is_chosen ? MERGE_BY_LINES : MERGE_APART;
}

/*
 * What the attributes of the file say goes before what the command says. Where
 * a symlink leads is no text.
 */
static dits_error *find_way(const struct merge_rules *rules, const char *path,
                            bool is_link, struct way *out)
{
    *out = (struct way){.how = ATTRIBUTES_MERGE_BINARY,
                        .favor = favor_of(rules->favor)};
    if (is_link)
        return NULL;
    TRY(attributes_merge(rules->attributes, path, &out->how));
    if (out->how == ATTRIBUTES_MERGE_OURS)
        out->favor = LINES_FAVOR_OURS;
    else if (out->how == ATTRIBUTES_MERGE_THEIRS)
        out->favor = LINES_FAVOR_THEIRS;
    else if (out->how == ATTRIBUTES_MERGE_UNION)
        out->favor = LINES_FAVOR_UNION;
    return NULL;
}

static bool is_by_lines(const struct way *way)
{
    return way->how == ATTRIBUTES_MERGE_AUTO ||
           way->how == ATTRIBUTES_MERGE_TEXT ||
           way->how == ATTRIBUTES_MERGE_UNION;
}

/* The same bytes may have been cut in two ways. */
static dits_error *has_same_bytes(const struct merge_rules *rules,
                                  const struct change_side *a,
                                  const struct change_side *b, bool *out)
{
    CLEANUP(asset_closep) struct asset *one = NULL;
    CLEANUP(asset_closep) struct asset *other = NULL;
    TRY(asset_open(rules->repo->store, &a->id, &one));
    TRY(asset_open(rules->repo->store, &b->id, &other));
    *out = dits_oid_equal(&asset_get_info(one)->content,
                          &asset_get_info(other)->content);
    return NULL;
}

/* Both ids differ from the base's and from each other. */
static dits_error *merge_bytes(const struct merge_rules *rules,
                               const char *path,
                               const struct change_side sides[STAGE_COUNT],
                               struct change_side *out,
                               enum merge_verdict *out_verdict)
{
    CLEANUP(release_texts) struct texts texts = {0};
    struct way way = {0};
    bool same = false;
    bool is_text = false;
    TRY(has_same_bytes(rules, &sides[STAGE_OURS], &sides[STAGE_THEIRS], &same));
    if (same) {
        out->id = sides[STAGE_OURS].id;
        *out_verdict = MERGE_TAKEN;
        return NULL;
    }
    TRY(find_way(rules, path, is_symlink(&sides[STAGE_OURS]), &way));
    if (is_by_lines(&way))
        TRY(read_all(rules, sides, &texts, &is_text));
    if (is_text)
        return merge_texts(rules, &way, &texts, &out->id, out_verdict);
    choose(&way, sides, out, out_verdict);
    return NULL;
}

/* Whose bytes it is to have; those of one side where the other left them. */
static dits_error *merge_ids(const struct merge_rules *rules, const char *path,
                             const struct change_side sides[STAGE_COUNT],
                             struct change_side *out,
                             enum merge_verdict *out_verdict)
{
    const struct change_side *base = &sides[STAGE_BASE];
    const struct change_side *ours = &sides[STAGE_OURS];
    const struct change_side *theirs = &sides[STAGE_THEIRS];
    *out = (struct change_side){.mode = merge_mode(sides), .id = ours->id};
    if (dits_oid_equal(&ours->id, &theirs->id) ||
        (base->mode != 0 && dits_oid_equal(&base->id, &theirs->id)))
        return NULL;
    if (base->mode != 0 && dits_oid_equal(&base->id, &ours->id)) {
        out->id = theirs->id;
        return NULL;
    }
    TRY_CONTEXT(merge_bytes(rules, path, sides, out, out_verdict),
                "cannot merge '%s'", path);
    return NULL;
}

/* Each side has another mode, and neither is that of the base. */
static bool has_torn_mode(const struct change_side sides[STAGE_COUNT])
{
    enum tree_mode base = sides[STAGE_BASE].mode;
    enum tree_mode ours = sides[STAGE_OURS].mode;
    enum tree_mode theirs = sides[STAGE_THEIRS].mode;
    return ours != theirs && ours != base && theirs != base;
}

dits_error *merge_content(const struct merge_rules *rules, const char *path,
                          const struct change_side sides[STAGE_COUNT],
                          struct change_side *out,
                          enum merge_verdict *out_verdict)
{
    const struct change_side *base = &sides[STAGE_BASE];
    const struct change_side *ours = &sides[STAGE_OURS];
    const struct change_side *theirs = &sides[STAGE_THEIRS];
    bool stays_ours = change_side_equal(ours, theirs) ||
                      change_side_equal(base, theirs);
    *out_verdict = MERGE_TAKEN;
    if (stays_ours || change_side_equal(base, ours)) {
        *out = stays_ours ? *ours : *theirs;
        return NULL;
    }
    if (is_symlink(ours) != is_symlink(theirs)) {
        *out = *ours;
        *out_verdict = MERGE_APART;
        return NULL;
    }
    TRY(merge_ids(rules, path, sides, out, out_verdict));
    bool is_merged = *out_verdict == MERGE_TAKEN ||
                     *out_verdict == MERGE_BY_LINES;
    if (is_merged && has_torn_mode(sides))
        *out_verdict = MERGE_TORN_MODE;
    return NULL;
}
