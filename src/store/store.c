#include "store/store.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/store_internal.h"

/* Other processes may merge packs while we read, but not for ever. */
enum { MAX_ROUNDS = 4 };

static dits_error *make_folder(const char *folder, const char *name)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(folder, name, &path));
    return fs_make_dirs(path);
}

dits_error *store_create(const dits_context *context, const char *folder)
{
    TRY(context_check(context));
    TRY(make_folder(folder, "packs"));
    TRY(make_folder(folder, "quarantine"));
    TRY(make_folder(folder, "tmp"));
    return fs_sync_dir(folder);
}

dits_error *store_open(const dits_context *context, const char *folder,
                       struct store **out)
{
    CLEANUP(store_closep) struct store *store = mem_new(struct store);
    CLEANUP(text_free) char *quarantine = NULL;
    if (store == NULL)
        return error_nomem();
    store->context = context;
    TRY(fs_join(folder, "packs", &store->packs));
    TRY(fs_join(folder, "tmp", &store->temporary));
    TRY(fs_join(folder, "tmp/tier", &store->incoming));
    TRY(fs_join(folder, "store.lock", &store->lock_path));
    TRY(fs_join(folder, "quarantine", &quarantine));
    TRY_CONTEXT(quarantine_open(context, quarantine, &store->quarantine),
                "cannot open the store in '%s'", folder);
    TRY_CONTEXT(pack_set_open(context, store->packs, &store->set),
                "cannot open the store in '%s'", folder);
    *out = MOVE(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    pack_set_release(&store->set);
    quarantine_release(&store->quarantine);
    text_free(&store->packs);
    text_free(&store->temporary);
    text_free(&store->incoming);
    text_free(&store->lock_path);
    mem_free(store);
}

void store_closep(struct store **store)
{
    store_close(*store);
}

void store_set_explain(struct store *store, store_explain_fn *fn, void *payload)
{
    store->explain = fn;
    store->explain_payload = payload;
}

void store_set_locator(struct store *store, const struct store_locator *locator)
{
    store->set.locator = *locator;
}

dits_error *store_relocate(struct store *store)
{
    return pack_set_relocate(&store->set, NULL);
}

void store_note_reads(struct store *store, bool note)
{
    atomic_store(&store->is_checking, !note);
}

void store_place(const struct pack *pack, const struct frame *frame,
                 struct chunk_place *out)
{
    out->kind = (enum chunk_kind)frame->kind;
    out->size = frame->plain_size;
    out->stored_size = frame->stored_size;
    memcpy(out->pack, pack->name, OID_HEX_SIZE);
    out->offset = frame->offset;
}

/*
 * A copy in this pack that is not known to be damaged. A pack that has vanished
 * before its index was read holds none: it was merged into another.
 */
static dits_error *look_into(struct store *store, struct pack *pack,
                             const struct dits_oid *id, bool *out_found,
                             struct found_copy *out)
{
    dits_error *err = pack_find(pack, id, out_found, &out->frame);
    if (dits_error_has(err, DITS_E_NOT_FOUND) ||
        dits_error_has(err, DITS_E_OFFLINE)) {
        dits_error_free(err); /* what was offline comes up when it is missed */
        *out_found = false;
        return NULL;
    }
    TRY_CONTEXT(err, "cannot use pack '%s'", pack->name);
    if (*out_found)
        *out_found =
            !quarantine_has(&store->quarantine, pack->name, out->frame.offset);
    out->pack = pack;
    return NULL;
}

/* The copies of a chunk among the packs that were known when it began. */
struct lookup {
    const struct pack_list *list;
    size_t first; /* of the last hit, in `recent` */
    size_t next;
};

static struct lookup lookup_begin(struct store *store)
{
    return (struct lookup){
        .list = pack_set_list(&store->set),
        .first =
            atomic_load_explicit(&store->set.last_hit, memory_order_relaxed),
    };
}

/* After the last hit in order, so that near packs come before far ones. */
static size_t lookup_turn(const struct lookup *lookup)
{
    size_t first = lookup->first;
    if (first >= lookup->list->count || lookup->next > first)
        return lookup->next;
    return lookup->next == 0 ? first : lookup->next - 1;
}

static dits_error *lookup_next(struct store *store, struct lookup *lookup,
                               const struct dits_oid *id, bool *out_found,
                               struct found_copy *out)
{
    *out_found = false;
    for (; lookup->next < lookup->list->count && !*out_found; lookup->next++) {
        size_t k = lookup_turn(lookup);
        TRY(look_into(store, lookup->list->recent[k], id, out_found, out));
        if (*out_found && k != lookup->first && out->pack->tier == NULL)
            atomic_store_explicit(&store->set.last_hit, k,
                                  memory_order_relaxed);
    }
    return NULL;
}

dits_error *store_locate(struct store *store, const struct dits_oid *id,
                         bool *out_found, struct found_copy *out)
{
    struct lookup lookup = lookup_begin(store);
    return lookup_next(store, &lookup, id, out_found, out);
}

dits_error *store_find(struct store *store, const struct dits_oid *id,
                       bool *out_found, struct chunk_place *out_place)
{
    struct found_copy copy = {0};
    bool found = false;
    TRY(store_locate(store, id, &found, &copy));
    if (!found) {
        bool changed = false;
        TRY(pack_set_refresh(&store->set, false, &changed));
        if (changed)
            TRY(store_locate(store, id, &found, &copy));
    }
    if (found && out_place != NULL)
        store_place(copy.pack, &copy.frame, out_place);
    *out_found = found;
    return NULL;
}

/* Where the bytes of a chunk go. */
struct sink {
    struct buf *buf; /* or: */
    void *bytes;
    size_t size;
    bool unchecked;
};

static dits_error *read_copy(const struct found_copy *copy,
                             enum chunk_kind kind, struct sink *sink)
{
    const struct frame *frame = &copy->frame;
    if (frame->kind != kind)
        return error_new(DITS_E_INVALID, "it is a %s, not a %s",
                         chunk_kind_name(frame->kind), chunk_kind_name(kind));
    if (sink->buf == NULL) {
        if (frame->plain_size != sink->size)
            return error_new(DITS_E_INVALID, "it has %u bytes, not %zu",
                             frame->plain_size, sink->size);
        return sink->unchecked
                   ? pack_read_unchecked(copy->pack, frame, sink->bytes)
                   : pack_read(copy->pack, frame, sink->bytes);
    }
    void *at = NULL;
    buf_clear(sink->buf);
    TRY(buf_extend(sink->buf, frame->plain_size, &at));
    return pack_read(copy->pack, frame, at);
}

static dits_error *not_what_was_asked(dits_error *err, const char *hex)
{
    dits_error *corrupt = error_new(DITS_E_CORRUPT,
                                    "chunk %s is not usable: "
                                    "%s",
                                    hex, dits_error_message(err));
    dits_error_free(err);
    return corrupt;
}

/* What was met on the way to a chunk: why there is none to be had. */
struct trouble {
    dits_error *damage;
    dits_error *offline;
};

static void trouble_release(struct trouble *trouble)
{
    dits_error_free(trouble->damage);
    dits_error_free(trouble->offline);
}

/* A copy cannot be had: it is noted, and the next one will be looked for. */
static dits_error *set_aside(struct store *store, const struct found_copy *copy,
                             dits_error *err, struct trouble *trouble)
{
    if (dits_error_has(err, DITS_E_OFFLINE)) {
        dits_error_free(trouble->offline);
        trouble->offline = err;
        return NULL;
    }
    if (!dits_error_has(err, DITS_E_CORRUPT))
        return err;
    quarantine_add(&store->quarantine, copy->pack->name, &copy->frame,
                   dits_error_message(err));
    dits_error_free(trouble->damage);
    trouble->damage = error_wrap(err, "pack '%s' is damaged", copy->pack->name);
    return NULL;
}

static void note_use(const struct store *store, struct pack *pack,
                     enum chunk_kind kind)
{
    if (kind == CHUNK_DATA && !atomic_load(&store->is_checking) &&
        !atomic_load_explicit(&pack->used, memory_order_relaxed))
        atomic_store_explicit(&pack->used, true, memory_order_relaxed);
}

/*
 * One round over the copies known now. A damaged copy goes to quarantine and
 * the next one is tried; a pack that has vanished was merged into another.
 */
static dits_error *read_any(struct store *store, enum chunk_kind kind,
                            const struct dits_oid *id, struct sink *sink,
                            struct trouble *trouble)
{
    struct lookup lookup = lookup_begin(store);
    for (;;) {
        struct found_copy copy = {0};
        bool found = false;
        TRY(lookup_next(store, &lookup, id, &found, &copy));
        if (!found)
            return error_new(DITS_E_NOT_FOUND, "no such chunk");
        dits_error *err = read_copy(&copy, kind, sink);
        if (err == NULL) {
            note_use(store, copy.pack, kind);
            return NULL;
        }
        TRY(set_aside(store, &copy, err, trouble));
    }
}

/* A pack whose very index is away with its tier may hold it. */
static dits_error *find_unknown(const struct store *store)
{
    const struct pack_list *list = pack_set_list(&store->set);
    for (size_t i = 0; i < list->count; i++) {
        dits_error *err =
            list->packs[i]->tier != NULL ? pack_load(list->packs[i]) : NULL;
        if (dits_error_has(err, DITS_E_OFFLINE))
            return err;
        dits_error_free(err); /* not what is asked here */
    }
    return NULL;
}

/* It is nowhere to be had: say why. */
static dits_error *explain(const struct store *store, enum chunk_kind kind,
                           const struct dits_oid *id, struct trouble *trouble)
{
    char hex[OID_HEX_SIZE];
    dits_oid_hex(id, hex);
    if (trouble->offline != NULL)
        return error_wrap(MOVE(trouble->offline), "cannot read %s %s",
                          chunk_kind_name(kind), hex);
    if (trouble->damage != NULL)
        return error_hint(
            error_wrap(MOVE(trouble->damage), "no whole copy of %s %s",
                       chunk_kind_name(kind), hex),
            "Run 'dits fsck' to see what it touches. Adding the file "
            "that it came from again restores it.");
    if (store->explain != NULL)
        TRY(store->explain(id, store->explain_payload));
    TRY(find_unknown(store));
    return error_new(DITS_E_NOT_FOUND, "no %s %s in the store",
                     chunk_kind_name(kind), hex);
}

static dits_error *read_chunk(struct store *store, enum chunk_kind kind,
                              const struct dits_oid *id, struct sink *sink)
{
    CLEANUP(trouble_release) struct trouble trouble = {0};
    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        dits_error *err = read_any(store, kind, id, sink, &trouble);
        if (dits_error_has(err, DITS_E_INVALID)) {
            char hex[OID_HEX_SIZE];
            dits_oid_hex(id, hex);
            return not_what_was_asked(err, hex);
        }
        if (!dits_error_has(err, DITS_E_NOT_FOUND))
            return err;
        dits_error_free(err); /* perhaps another process moved it */
        bool changed = false;
        TRY(pack_set_relocate(&store->set, &changed));
        if (!changed)
            break;
    }
    return explain(store, kind, id, &trouble);
}

dits_error *store_read(struct store *store, enum chunk_kind kind,
                       const struct dits_oid *id, struct buf *out)
{
    struct sink sink = {.buf = out};
    return read_chunk(store, kind, id, &sink);
}

dits_error *store_read_into(struct store *store, enum chunk_kind kind,
                            const struct dits_oid *id, void *out, size_t size)
{
    struct sink sink = {.bytes = out, .size = size};
    return read_chunk(store, kind, id, &sink);
}

dits_error *store_read_unchecked(struct store *store, const struct dits_oid *id,
                                 void *out, size_t size)
{
    struct sink sink = {.bytes = out, .size = size, .unchecked = true};
    return read_chunk(store, CHUNK_DATA, id, &sink);
}
