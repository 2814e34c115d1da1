/*
 * store/pack.h - one pack, open for reading
 *
 * A pack never changes. Its index comes from its .idx file, or from the end of
 * the pack itself (small packs have no .idx), or is made anew from the frames;
 * whichever of them is whole.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/context.h"
#include "base/fs.h"
#include "store/locations.h"
#include "store/pack_index.h"

/* An index of more bytes than this gets a file of its own. */
#define PACK_INLINE_INDEX_BYTES 65536u

/* An index and what holds its bytes. */
struct pack_table {
    struct pack_index index;
    struct buf bytes;   /* or: */
    const uint8_t *map; /* map_size bytes of the .idx file */
    size_t map_size;
    struct pack_table *older; /* replaced, perhaps still in use */
};

/*
 * Any thread. The index is read when a chunk is first looked for: a command
 * needs few of a repository's packs, or none.
 */
struct pack {
    const dits_context *context;
    char name[OID_HEX_SIZE];
    const struct tier *tier; /* NULL: .dits/packs */
    char *path;              /* NULL: nobody knows where its tier is */
    char *index_path;        /* always in .dits/packs */
    int64_t mtime_ns;        /* when it was found */
    uint64_t size;           /* of one in a tier */
    atomic_bool used;        /* data was read from it, for a caller */
    atomic_bool loaded;      /* `table` is what there is */
    atomic_bool replaced;    /* the file of that name is another */
    atomic_uint *kept;       /* files kept open, of all packs */
    _Atomic(struct pack_table *) table; /* NULL: no chunk in it was found */
    atomic_int handle;                  /* of the open file; 0: not yet */
    pthread_mutex_t loading;            /* held first, to read the index */
    pthread_mutex_t mutex;              /* guards making these two */
};

/*
 * Find `<folder>/<name>.pack`; `context` is borrowed, and so is `kept`, which
 * all packs of a store share.
 *
 * Errors: NOT_FOUND, IO, NOMEM.
 */
MUST_USE dits_error *pack_open(const dits_context *context, const char *folder,
                               const char *name, atomic_uint *kept,
                               struct pack **out);

/*
 * The same for a pack in `tier`, which is borrowed: nothing is looked at, for
 * that disk may be away. Its index is in `folder`. Whatever reads from it says
 * OFFLINE then.
 */
MUST_USE dits_error *pack_open_copy(const dits_context *context,
                                    const char *folder, const struct tier *tier,
                                    const struct pack_copy *copy,
                                    atomic_uint *kept, struct pack **out);
void pack_close(struct pack *pack);
void pack_closep(struct pack **pack);

/*
 * Read the index, unless that is done; lookups do so by themselves.
 *
 * Errors: NOT_FOUND (the pack is gone), IO, UNSUPPORTED, NOMEM.
 */
MUST_USE dits_error *pack_load(struct pack *pack);

/* Loads the index, and repairs it when it is damaged. Errors: of pack_load. */
MUST_USE dits_error *pack_find(struct pack *pack, const struct dits_oid *id,
                               bool *out_found, struct frame *out);

/* Size and time of the file; of one in a tier as they are known. */
MUST_USE dits_error *pack_stat(const struct pack *pack, struct fs_stat *out);

/* Whether `file_name` is that of a pack; `out` has OID_HEX_SIZE bytes. */
bool pack_name_of(const char *file_name, char *out);

/* See to it that .dits/packs has the index as a file of its own, durably. */
MUST_USE dits_error *pack_keep_index(struct pack *pack);

/* How many rows the index has, once it is loaded. */
uint32_t pack_count(const struct pack *pack);

/* Row `i` in the order of ids. */
MUST_USE dits_error *pack_at(struct pack *pack, uint32_t i, struct frame *out);

/* Rows that grow as they are found. Empty is the zero value. */
struct frame_list {
    struct frame *rows;
    uint32_t count;
    size_t capacity;
};

/* Errors: NOMEM, LIMIT (more than a pack may hold). */
MUST_USE dits_error *frame_list_add(struct frame_list *list,
                                    const struct frame *frame);
void frame_list_release(struct frame_list *list);

/* All rows, in the order of their offsets, into the empty `out`. */
MUST_USE dits_error *pack_frames(struct pack *pack, struct frame_list *out);

/* The first row whose id is not below `id`. */
MUST_USE dits_error *pack_lower_bound(struct pack *pack,
                                      const struct dits_oid *id, uint32_t *out);

/*
 * The chunk's plain bytes, checked. Errors: CORRUPT, NOT_FOUND (the pack is
 * gone), IO, NOMEM.
 */
MUST_USE dits_error *pack_read(struct pack *pack, const struct frame *frame,
                               void *out);

/* The same without the check of the id. */
MUST_USE dits_error *pack_read_unchecked(struct pack *pack,
                                         const struct frame *frame, void *out);

/* The pack's file while somebody reads it. Released is the zero value. */
struct pack_use {
    struct fs_file file;
    bool ours; /* the pack itself does not keep it open */
};

/*
 * Open the file, or take the one that is open: packs keep theirs, up to a
 * number of them. Errors: NOT_FOUND (the pack is gone), IO.
 */
MUST_USE dits_error *pack_use(struct pack *pack, struct pack_use *out);
void pack_use_end(struct pack_use *use); /* for CLEANUP() */

/* Make the index anew from the frames, in memory and on disk. */
MUST_USE dits_error *pack_rebuild_index(struct pack *pack);

#endif
