#include "repo/fsck.h"

#include <inttypes.h>
#include <stdarg.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "repo/event_log.h"
#include "repo/obliteration.h"
#include "repo/shallow.h"

void fsck_release(struct fsck *fsck)
{
    id_set_release(&fsck->seen);
    id_set_release(&fsck->bad);
    id_set_release(&fsck->damaged);
    for (size_t i = 0; i < fsck->damage_count; i++)
        mem_free(fsck->damages[i].pack);
    for (size_t i = 0; i < fsck->pack_count; i++) {
        mem_free(fsck->packs[i].name);
        mem_free(fsck->packs[i].what);
    }
    for (size_t i = 0; i < fsck->need_count; i++)
        mem_free(fsck->needs[i].path);
    mem_free(fsck->damages);
    mem_free(fsck->packs);
    mem_free(fsck->needs);
    oid_map_release(&fsck->cuts);
    buf_release(&fsck->path);
    *fsck = (struct fsck){0};
}

dits_error *fsck_report(struct fsck *fsck, enum dits_fsck_level level,
                        const struct dits_oid *object, const char *what, ...)
{
    CLEANUP(buf_release) struct buf text = {0};
    char hex[DITS_OID_HEX_SIZE] = {0};
    char commit[DITS_OID_HEX_SIZE] = {0};
    va_list args;
    va_start(args, what);
    dits_error *err = buf_vprintf(&text, what, args);
    va_end(args);
    TRY(err);
    if (fsck->options->on_finding == NULL)
        return NULL;
    if (object != NULL)
        dits_oid_hex(object, hex);
    if (!dits_oid_is_zero(&fsck->commit))
        dits_oid_hex(&fsck->commit, commit);
    struct dits_fsck_finding finding = {
        .level = level,
        .what = buf_text(&text),
        .object = object != NULL ? hex : NULL,
        .path = fsck->path.size > 0 ? buf_text(&fsck->path) : NULL,
        .commit = commit[0] != '\0' ? commit : NULL,
    };
    return fsck->options->on_finding(&finding, fsck->options->payload);
}

dits_error *fsck_add_damage(struct fsck *fsck, const struct dits_oid *id,
                            enum chunk_kind kind, const char *pack)
{
    CLEANUP(text_free) char *copy = NULL;
    struct fsck_damage *damages = array_grown(fsck->damages, fsck->damage_count,
                                              &fsck->damage_capacity,
                                              sizeof(*damages));
    if (damages == NULL)
        return error_nomem();
    fsck->damages = damages;
    TRY(text_copy_optional(pack, &copy));
    TRY(id_set_add(&fsck->damaged, id, NULL));
    fsck->damages[fsck->damage_count++] =
        (struct fsck_damage){.id = *id, .kind = kind, .pack = MOVE(copy)};
    return NULL;
}

dits_error *fsck_add_pack(struct fsck *fsck, const char *name, const char *what,
                          uint64_t offset)
{
    CLEANUP(text_free) char *name_copy = NULL;
    CLEANUP(text_free) char *what_copy = NULL;
    struct fsck_pack *packs = array_grown(fsck->packs, fsck->pack_count,
                                          &fsck->pack_capacity, sizeof(*packs));
    if (packs == NULL)
        return error_nomem();
    fsck->packs = packs;
    TRY(text_copy(name, &name_copy));
    TRY(text_copy(what, &what_copy));
    fsck->packs[fsck->pack_count++] = (struct fsck_pack){
        .name = MOVE(name_copy), .what = MOVE(what_copy), .offset = offset};
    return NULL;
}

dits_error *fsck_add_need(struct fsck *fsck, const struct dits_oid *asset)
{
    CLEANUP(text_free) char *path = NULL;
    struct fsck_need *needs = array_grown(fsck->needs, fsck->need_count,
                                          &fsck->need_capacity, sizeof(*needs));
    if (needs == NULL)
        return error_nomem();
    fsck->needs = needs;
    TRY(text_copy(buf_text(&fsck->path), &path));
    fsck->needs[fsck->need_count++] =
        (struct fsck_need){.asset = *asset, .path = MOVE(path)};
    return NULL;
}

struct fsck_damage *fsck_find_damage(const struct fsck *fsck,
                                     const struct dits_oid *id)
{
    if (!id_set_has(&fsck->damaged, id))
        return NULL;
    for (size_t i = 0; i < fsck->damage_count; i++)
        if (dits_oid_equal(&fsck->damages[i].id, id))
            return &fsck->damages[i];
    return NULL;
}

bool fsck_is_damage(const dits_error *err)
{
    return dits_error_has(err, DITS_E_CORRUPT) ||
           dits_error_has(err, DITS_E_NOT_FOUND) ||
           dits_error_has(err, DITS_E_UNSUPPORTED);
}

static dits_error *on_database(const char *finding, void *payload)
{
    struct fsck *fsck = payload;
    fsck->result.damaged++;
    return fsck_report(fsck, DITS_FSCK_DAMAGE, NULL, "meta.db: %s", finding);
}

/* Chunks that nothing leads to. */
static dits_error *count_garbage(const struct dits_oid *id,
                                 const struct chunk_place *place, void *payload)
{
    struct fsck *fsck = payload;
    fsck->result.chunks++;
    if (id_set_has(&fsck->seen, id))
        return NULL;
    fsck->result.garbage_chunks++;
    fsck->result.garbage_bytes += place->stored_size;
    return NULL;
}

/* A damaged copy that the graph did not meet. */
static dits_error *report_copy(struct fsck *fsck,
                               const struct fsck_damage *damage)
{
    char hex[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(&damage->id, hex);
    if (!id_set_has(&fsck->seen, &damage->id))
        return fsck_report(fsck, DITS_FSCK_NOTE, &damage->id,
                           "garbage %.12s in pack %.12s is damaged", hex,
                           damage->pack);
    fsck->result.damaged++;
    return fsck_report(fsck, DITS_FSCK_DAMAGE, &damage->id,
                       "a copy of %s %.12s in pack %.12s is damaged; "
                       "another one is whole",
                       chunk_kind_name(damage->kind), hex, damage->pack);
}

/* What the packs told and the graph did not meet. */
static dits_error *report_packs(struct fsck *fsck)
{
    for (size_t i = 0; i < fsck->damage_count; i++)
        if (!fsck->damages[i].is_found)
            TRY(report_copy(fsck, &fsck->damages[i]));
    for (size_t i = 0; i < fsck->pack_count; i++) {
        const struct fsck_pack *pack = &fsck->packs[i];
        fsck->result.damaged++;
        TRY(fsck_report(fsck, DITS_FSCK_DAMAGE, NULL,
                        "pack %.12s is damaged at %" PRIu64 ": %s", pack->name,
                        pack->offset, pack->what));
    }
    return NULL;
}

/* What cannot be seen is neither whole nor damaged. */
static dits_error *report_offline(struct fsck *fsck)
{
    if (fsck->result.offline_packs == 0)
        return NULL;
    return fsck_report(fsck, DITS_FSCK_NOTE, NULL,
                       "%" PRIu64 " packs are in tiers that are offline: they "
                       "were not checked",
                       fsck->result.offline_packs);
}

static dits_error *report_garbage(struct fsck *fsck)
{
    TRY(store_each(fsck->repo->store, count_garbage, fsck));
    if (fsck->result.garbage_chunks == 0)
        return NULL;
    return fsck_report(fsck, DITS_FSCK_NOTE, NULL,
                       "%" PRIu64 " chunks (%" PRIu64
                       " bytes) are needed by nothing",
                       fsck->result.garbage_chunks, fsck->result.garbage_bytes);
}

static dits_error *report_obliterated(struct fsck *fsck)
{
    uint64_t id = 0;
    bool pending = false;
    if (fsck->obliterated > 0)
        TRY(fsck_report(fsck, DITS_FSCK_NOTE, NULL,
                        "%" PRIu64 " chunks were obliterated on purpose",
                        fsck->obliterated));
    TRY(obliteration_pending(fsck->repo, &id, &pending));
    if (!pending)
        return NULL;
    return fsck_report(fsck, DITS_FSCK_NOTE, NULL,
                       "an obliteration was cut off; 'dits obliterate "
                       "--continue' goes on with it");
}

/* Where history ends on purpose nothing is missing. */
static dits_error *look_at_graph(struct fsck *fsck)
{
    TRY(fsck_shallow_open(fsck));
    TRY(fsck_graph(fsck));
    return fsck_shallow_close(fsck);
}

static dits_error *run(struct fsck *fsck)
{
    TRY(db_check(fsck->repo->db, on_database, fsck));
    TRY(event_log_check(fsck->repo, on_database, fsck));
    TRY(fsck_packs(fsck, fsck->options->full));
    TRY(look_at_graph(fsck));
    TRY(report_packs(fsck));
    TRY(report_offline(fsck));
    TRY(report_garbage(fsck));
    TRY(report_obliterated(fsck));
    if (!fsck->options->repair)
        return NULL;
    TRY(fsck_shallow_repair(fsck));
    return fsck_repair(fsck);
}

dits_error *dits_fsck(dits_repo *repo, const struct dits_fsck_options *options,
                      struct dits_fsck_result *out)
{
    static const struct dits_fsck_options defaults = {0};
    CLEANUP(fsck_release)
    struct fsck fsck = {
        .repo = repo,
        .options = options != NULL ? options : &defaults,
    };
    store_note_reads(repo->store, false);
    dits_error *err = run(&fsck);
    store_note_reads(repo->store, true);
    dits_error_free(shallow_pin(repo, NULL)); /* needs no memory by now */
    TRY(err);
    *out = fsck.result;
    return NULL;
}
