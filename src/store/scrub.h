/*
 * store/scrub.h - reading all packs little by little
 *
 * Disks lose bits in silence. A scrub reads every chunk and checks it, pack
 * after pack in the order of their names, from where the last one stopped. It
 * takes no lock: a pack that is merged meanwhile is read under its new name,
 * perhaps in the next round.
 */
#ifndef STORE_SCRUB_H
#define STORE_SCRUB_H

#include "store/verify.h"

/* Up to here all is read. Zero: nothing. */
struct store_scrub_place {
    char pack[OID_HEX_SIZE]; /* "": before the first */
    uint64_t offset;         /* of the next chunk in it; UINT64_MAX: its end */
};

struct store_scrub_totals {
    uint64_t packs; /* finished */
    uint64_t chunks;
    uint64_t bytes;
    uint64_t damages;
    uint64_t offline; /* packs on disks that are away: passed over */
};

struct store_scrub_options {
    uint64_t bytes_per_second; /* 0: as fast as it goes */
    /* May be NULL. */
    dits_error *(*on_damage)(const struct store_damage *damage, void *payload);
    /* After each chunk; `*stop` ends the scrub there. May be NULL. */
    dits_error *(*on_pause)(const struct store_scrub_place *place,
                            const struct store_scrub_totals *totals, bool *stop,
                            void *payload);
    void *payload;
};

/*
 * Go on from `place` to the end of the last pack. Damaged chunks go to
 * quarantine. `*out_ended`: nothing is left. Errors: CANCELLED, IO, NOMEM.
 */
MUST_USE dits_error *store_scrub(struct store *store,
                                 const struct store_scrub_options *options,
                                 struct store_scrub_place *place,
                                 struct store_scrub_totals *totals,
                                 bool *out_ended);

/* How many bytes there are to read up to `place`, and in all. */
MUST_USE dits_error *store_scrub_measure(struct store *store,
                                         const struct store_scrub_place *place,
                                         uint64_t *out_done,
                                         uint64_t *out_total);

#endif
