/*
 * object/commit.h - commits and tags as they are stored
 *
 * Specified in docs/formats/commit.md and docs/formats/tag.md. Unknown extra
 * headers and the signature are kept byte for byte.
 */
#ifndef OBJECT_COMMIT_H
#define OBJECT_COMMIT_H

#include "store/store.h"

/* Who and when. Texts are UTF-8 without NUL, newline, '<' or '>'. */
struct person {
    char *name;
    char *email;
    int64_t time;           /* seconds since 1970 UTC */
    int32_t offset_minutes; /* of the zone, east positive */
};

void person_release(struct person *person);
MUST_USE dits_error *person_copy(const struct person *from, struct person *out);

/* Owns all it points to. */
struct commit {
    struct dits_oid tree;
    struct dits_oid *parents;
    size_t parent_count;
    size_t cut_parents; /* behind those counted: not here (repo/shallow.h) */
    struct person author;
    struct person committer;
    char *message;            /* UTF-8, ends in one newline unless empty */
    struct buf extra_headers; /* pairs, encoded; most commits have none */
    struct buf signature;     /* empty: unsigned */
};

void commit_release(struct commit *commit);

/* Whole objects. Errors: INVALID and LIMIT; CORRUPT and UNSUPPORTED. */
MUST_USE dits_error *commit_encode(const struct commit *commit,
                                   struct buf *out);
MUST_USE dits_error *commit_decode(struct slice bytes, struct commit *out);

/* Errors: INVALID (a text that cannot be stored), NOMEM, LIMIT. */
MUST_USE dits_error *commit_store(struct store_writer *writer,
                                  const struct commit *commit,
                                  struct dits_oid *out_id);
MUST_USE dits_error *commit_load(struct store *store, const struct dits_oid *id,
                                 struct commit *out);

struct tag {
    struct dits_oid target;
    enum chunk_kind target_kind;
    char *name;
    struct person tagger;
    char *message;
    struct buf signature;
};

void tag_release(struct tag *tag);

/* Whole objects. Errors: INVALID and LIMIT; CORRUPT and UNSUPPORTED. */
MUST_USE dits_error *tag_encode(const struct tag *tag, struct buf *out);
MUST_USE dits_error *tag_decode(struct slice bytes, struct tag *out);

MUST_USE dits_error *tag_store(struct store_writer *writer,
                               const struct tag *tag, struct dits_oid *out_id);
MUST_USE dits_error *tag_load(struct store *store, const struct dits_oid *id,
                              struct tag *out);

#endif
