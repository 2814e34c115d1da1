/*
 * repo/bundle.h - the file that carries history
 *
 * Public entries: dits/bundle.h. Specified in docs/formats/bundle.md:
 * bundle_format.c knows the bytes, bundle_file.c a whole file, bundle_pick.c
 * what goes into it, bundle_cut.c where that ends, and bundle_gone.c what was
 * obliterated; then bundle_export.c, bundle_import.c and, for the refs of an
 * import, bundle_refs.c.
 */
#ifndef REPO_BUNDLE_H
#define REPO_BUNDLE_H

#include <dits/bundle.h>

#include "base/oid_map.h"
#include "repo/obliteration.h"
#include "repo/repo.h"
#include "repo/shallow_change.h"
#include "store/pack_part.h"

#define BUNDLE_HEADER_SIZE 24u
#define BUNDLE_TRAILER_SIZE 56u
#define BUNDLE_ROW_SIZE 40u
#define BUNDLE_CHECKSUM_SIZE 8u

/* The largest list of refs that anybody writes; readers refuse more. */
#define BUNDLE_LIST_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* Bounds the memory of who reads one: some petabytes have fewer. */
#define BUNDLE_MAX_PACKS (1u << 20)

/* A commit that the receiver must have. */
struct bundle_need {
    struct dits_oid id;
    char *subject; /* for people; UTF-8 */
};

struct bundle_ref {
    char *name; /* full */
    struct dits_oid id;
    enum chunk_kind kind; /* CHUNK_COMMIT or CHUNK_TAG */
};

/* What was obliterated where the bundle was made: it lacks chunks of these. */
struct bundle_gone {
    struct person who; /* its time: when */
    char *reason;
    struct oid_map assets;
};

/* By what its list has, at least. */
enum bundle_version {
    BUNDLE_PLAIN = 1,
    BUNDLE_CUT = 2,  /* with commits at which the history was cut */
    BUNDLE_GONE = 3, /* with those, or none, and with what was obliterated */
};

/* What a bundle says of itself, sorted by id and by name. Owns all. */
struct bundle_list {
    struct bundle_need *needs;
    size_t need_count;
    size_t need_capacity;
    struct bundle_ref *refs;
    size_t ref_count;
    size_t ref_capacity;
    struct oid_map cuts; /* commits whose parents neither it nor a need has */
    struct bundle_gone *gone;
    size_t gone_count;
    size_t gone_capacity;
};

void bundle_list_release(struct bundle_list *list);

/* Texts are copied. */
MUST_USE dits_error *bundle_list_add_need(struct bundle_list *list,
                                          const struct dits_oid *id,
                                          struct slice subject);
MUST_USE dits_error *bundle_list_add_ref(struct bundle_list *list,
                                         const char *name,
                                         const struct dits_oid *id,
                                         enum chunk_kind kind);

/* The same, and the map, which is left empty. */
MUST_USE dits_error *bundle_list_add_gone(struct bundle_list *list,
                                          const struct obliteration *done,
                                          struct oid_map *assets);

/* Into the order that the format wants. */
void bundle_list_sort(struct bundle_list *list);

MUST_USE dits_error *bundle_list_encode(const struct bundle_list *list,
                                        struct buf *out);

/* Errors: CORRUPT (also names that no ref may have, or another order). */
MUST_USE dits_error *bundle_list_decode(struct slice bytes,
                                        enum bundle_version version,
                                        struct bundle_list *out);

/* The same for a transfer, where HEAD and notes may be carried, or no refs. */
MUST_USE dits_error *bundle_list_decode_any(struct slice bytes,
                                            enum bundle_version version,
                                            struct bundle_list *out);

enum bundle_version bundle_list_version(const struct bundle_list *list);

/* How many assets were obliterated. */
uint64_t bundle_list_gone(const struct bundle_list *list);

void bundle_header_encode(size_t list_size, enum bundle_version version,
                          uint8_t out[BUNDLE_HEADER_SIZE]);

/* Errors: CORRUPT, UNSUPPORTED (a later version), INVALID (no bundle). */
MUST_USE dits_error *bundle_header_decode(
    const uint8_t bytes[BUNDLE_HEADER_SIZE], size_t *out_list_size,
    enum bundle_version *out_version);

struct bundle_trailer {
    uint32_t pack_count;
    struct dits_oid hash; /* bundle_hash() */
};

void bundle_trailer_encode(const struct bundle_trailer *trailer,
                           uint8_t out[BUNDLE_TRAILER_SIZE]);
MUST_USE dits_error *bundle_trailer_decode(
    const uint8_t bytes[BUNDLE_TRAILER_SIZE], struct bundle_trailer *out);

/* Of header and list, as they are in the file, and the table of packs. */
void bundle_hash(struct slice head, struct slice table, struct dits_oid *out);

MUST_USE dits_error *bundle_table_encode(const struct pack_part *packs,
                                         size_t count, struct buf *out);

/*
 * `packs` are `count` of them, which lie one behind the other from `start` to
 * `end`. CORRUPT when they do not.
 */
MUST_USE dits_error *bundle_table_decode(struct slice bytes, uint64_t start,
                                         uint64_t end, struct pack_part *packs);

/* A bundle that is open for reading. */
struct bundle {
    struct fs_file file;
    uint64_t size;
    struct bundle_list list;
    struct pack_part *packs;
    size_t pack_count;
};

/* Errors: NOT_FOUND, INVALID (no bundle), CORRUPT, UNSUPPORTED, NOMEM. */
MUST_USE dits_error *bundle_open(const char *path, struct bundle *out);

/* The same for a file that is open already and taken over. */
MUST_USE dits_error *bundle_open_file(struct fs_file *file, struct bundle *out);
void bundle_release(struct bundle *bundle);

/*
 * Go over all chunks. `reading` has the calls; its file is filled in. Errors:
 * those of pack_part_read().
 */
MUST_USE dits_error *bundle_read(const struct bundle *bundle,
                                 struct pack_part_reading reading);

/* CONFLICT, naming the first few, when a prerequisite is not in our history. */
MUST_USE dits_error *bundle_check_needs(dits_repo *repo,
                                        const struct bundle *bundle);

/*
 * What the options name: refs and prerequisites into `out`, whose commits, as
 * many as are counted, are those that the bundle adds.
 */
MUST_USE dits_error *bundle_pick(dits_repo *repo,
                                 const struct dits_bundle_options *options,
                                 struct bundle_list *out,
                                 uint64_t *out_commits);

/* What is asked for by ids: a transfer to another repository. */
struct bundle_wish {
    const struct bundle_ref *refs; /* with the names that they shall have */
    size_t ref_count;
    const struct dits_oid
        *haves; /* commits that the receiver has, and we too */
    size_t have_count;
    uint64_t depth;                  /* so many commits from each ref; 0: all */
    const struct bundle_ref *follow; /* tags that come along with what they
                                        lead to */
    size_t follow_count;
};

/* The same for these. Nothing new is no error. */
MUST_USE dits_error *bundle_pick_wish(dits_repo *repo,
                                      const struct bundle_wish *wish,
                                      struct bundle_list *out,
                                      uint64_t *out_commits);

/* Whether the options cut the history: INVALID when they exclude each other. */
MUST_USE dits_error *bundle_cuts(const struct dits_bundle_options *options,
                                 bool *out);

/*
 * The commits that `tips` lead to within the limits of the options, and those
 * of them whose parents go beyond.
 */
MUST_USE dits_error *bundle_cut(dits_repo *repo,
                                const struct dits_bundle_options *options,
                                const struct oid_map *tips,
                                struct oid_map *out_commits,
                                struct oid_map *out_cuts);

/* Assets: all that a bundle has, and those that lack chunks here. */
struct bundle_carried {
    const struct id_set *all;
    const struct id_set *unreadable;
};

/*
 * Put into the list what was obliterated of `carried`. `out_chunks` gets the
 * chunks that are not here any more.
 */
MUST_USE dits_error *bundle_gone_list(dits_repo *repo,
                                      const struct bundle_carried *carried,
                                      struct bundle_list *list,
                                      struct id_set *out_chunks);

/* What an import may lack, and what of that it was found to lack. */
struct bundle_lack {
    struct id_set chunks;
    struct id_set assets; /* of the list */
    struct id_list met_chunks;
    struct id_list met_assets;
};

void bundle_lack_release(struct bundle_lack *lack);

/* By what the list says; all chunks that came are stored. */
MUST_USE dits_error *bundle_lack_find(dits_repo *repo,
                                      const struct bundle_list *list,
                                      struct bundle_lack *out);

/* Of what was met, note what is not known here yet. */
MUST_USE dits_error *bundle_lack_note(dits_repo *repo,
                                      const struct bundle_list *list,
                                      const struct bundle_lack *lack);

struct operation;

/* The refs of an import whose chunks are stored. */
struct bundle_moves {
    dits_repo *repo;
    struct operation *operation;
    const struct bundle *bundle;
    const struct dits_bundle_import_options *options;
    struct dits_bundle_import_result *result;
};

/*
 * Check that all they lead to is there, put the moves into the operation, with
 * the files of HEAD's branch, and tell the caller. `*out` is what becomes of
 * the boundary.
 */
MUST_USE dits_error *bundle_move_refs(const struct bundle_moves *moves,
                                      struct shallow_change *out);

#endif
