/*
 * repo/pack_copies.h - where packs are, as meta.db says
 *
 * A row for each copy of a pack that is in a tier, on its way to one, or on its
 * way back; and when data of a pack was last read. A pack without rows is in
 * .dits/packs. Who changes rows holds gc.lock. docs/formats/meta-db.md.
 */
#ifndef REPO_PACK_COPIES_H
#define REPO_PACK_COPIES_H

#include "db/db.h"
#include "store/locations.h"

/* As the name of a tier: .dits/packs. */
#define PACK_COPIES_HERE ""

struct copy_row {
    char pack[OID_HEX_SIZE];
    const char *tier; /* borrowed for the call */
    enum copy_state state;
    int64_t incarnation; /* another one with each change of state */
    int64_t since;       /* of the state: seconds since 1970 */
    uint64_t size;
    int64_t mtime_ns;
};

/* Of a pack that was given up: nobody reads it, and no other copy is needed. */
bool copy_row_is_retired(const struct copy_row *row);

typedef dits_error *copy_row_fn(const struct copy_row *row, void *payload);

/* Rows that make no sense are passed over. `fn` must not change rows. */
MUST_USE dits_error *pack_copies_each(struct db *db, copy_row_fn *fn,
                                      void *payload);
MUST_USE dits_error *pack_copies_any(struct db *db, bool *out);

/* The copy of `pack` that is read; absence is an answer: .dits/packs. */
MUST_USE dits_error *pack_copies_current(struct db *db, const char *pack,
                                         int64_t *out_incarnation);

/* A copy is about to be written: from now on, nothing of it is left unknown. */
MUST_USE dits_error *pack_copies_begin(struct db *db,
                                       const struct copy_row *row,
                                       int64_t *out_incarnation);

/* One copy takes the place of another. */
struct copy_change {
    const char *pack;
    const char *from;
    int64_t from_incarnation; /* of its row; 0: it has none */
    const char *to;
    int64_t to_incarnation;
    uint64_t size;
    int64_t now;
};

/* In one transaction, if both are as they were: else CONFLICT. */
MUST_USE dits_error *pack_copies_publish(struct db *db,
                                         const struct copy_change *change);

/* Insert a copy that was found to be there. */
MUST_USE dits_error *pack_copies_adopt(struct db *db,
                                       const struct copy_row *row);

/* The row of one copy, whose file is gone. */
MUST_USE dits_error *pack_copies_remove(struct db *db, const char *pack,
                                        const char *tier);

/* Nothing needs the pack: all its copies are leaving, and none is read. */
MUST_USE dits_error *pack_copies_retire(struct db *db, const char *pack);

/* Note that data of the pack was read. */
MUST_USE dits_error *pack_access_note(struct db *db, const char *pack,
                                      int64_t now);

/* When it was, as far as is known; else 0. */
MUST_USE dits_error *pack_access_get(struct db *db, const char *pack,
                                     int64_t *out);

typedef dits_error *pack_access_fn(const char *pack, void *payload);
MUST_USE dits_error *pack_access_each(struct db *db, pack_access_fn *fn,
                                      void *payload);
MUST_USE dits_error *pack_access_remove(struct db *db, const char *pack);

#endif
