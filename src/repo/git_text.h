/*
 * repo/git_text.h - git's objects, taken apart
 *
 * As git's documentation of its formats has them; all bytes come from outside.
 * What is parsed borrows from the bytes. Ids of git are kept in the front of a
 * struct dits_oid, with zeros behind, so that both of git's kinds fit.
 */
#ifndef REPO_GIT_TEXT_H
#define REPO_GIT_TEXT_H

#include "base/buf.h"
#include "base/oid.h"

enum { GIT_SHA1_BYTES = 20, GIT_SHA256_BYTES = 32 };

/* Reads hex digits of exactly `size` bytes; false for anything else. */
bool git_id_parse(struct slice text, size_t size, struct dits_oid *out);

/* As git writes it: `size` bytes in hex. */
void git_id_hex(const struct dits_oid *id, size_t size, char out[OID_HEX_SIZE]);

/* "NAME <MAIL> TIME ZONE". What is missing in it is empty or 0. */
struct git_person {
    struct slice name;
    struct slice email;
    int64_t time;
    int32_t offset_minutes;
};
void git_person_parse(struct slice line, struct git_person *out);

/* The value of a line, without name, blank and newline. */
struct git_commit {
    struct dits_oid tree;
    struct slice parents; /* hex lines of equal length: git_commit_parent() */
    size_t parent_count;
    struct slice author;
    struct slice committer;
    struct slice encoding; /* empty: none */
    struct slice others;   /* from the first line that is none of these */
    struct slice message;
};

/* Errors: CORRUPT. */
MUST_USE dits_error *git_commit_parse(struct slice bytes, size_t id_size,
                                      struct git_commit *out);
struct dits_oid git_commit_parent(const struct git_commit *commit,
                                  size_t id_size, size_t index);

struct git_tag {
    struct dits_oid target;
    struct slice type; /* "commit", "tree", "blob", "tag" */
    struct slice name;
    struct slice tagger; /* empty: none */
    struct slice message;
};
MUST_USE dits_error *git_tag_parse(struct slice bytes, size_t id_size,
                                   struct git_tag *out);

enum git_mode {
    GIT_FILE,
    GIT_EXECUTABLE,
    GIT_SYMLINK,
    GIT_FOLDER,
    GIT_SUBMODULE,
};

struct git_entry {
    struct slice name;
    enum git_mode mode;
    struct dits_oid id;
};

/* The next entry of a tree. CORRUPT. `bytes` moves on; empty at the end. */
MUST_USE dits_error *git_entry_next(struct slice *bytes, size_t id_size,
                                    struct git_entry *out);

#endif
