/*
 * repo/attributes.h - what the project says of its files
 *
 * git's rules (docs/formats/attributes.md), read from .ditsattributes in each
 * folder, .dits/info/attributes and core.attributesFile. They say how a file is
 * stored, compared and merged; nothing in them is ever run.
 *
 *     CLEANUP(attributes_freep) struct attributes *attributes = NULL;
 *     enum attributes_merge merge = ATTRIBUTES_MERGE_AUTO;
 *     TRY(attributes_of_tree(repo, &tree, &attributes));
 *     TRY(attributes_merge(attributes, "edit/cut.xml", &merge));
 */
#ifndef REPO_ATTRIBUTES_H
#define REPO_ATTRIBUTES_H

#include "base/error.h"
#include "base/oid.h"
#include "repo/repo.h"

#define ATTRIBUTES_FILE_NAME ".ditsattributes"
#define ATTRIBUTES_FILE_MAX (1u << 20) /* bytes */

/* Of all files that hold in one folder together. */
#define ATTRIBUTES_ALL_MAX (4u << 20)

struct chunker;

enum attribute_state {
    ATTRIBUTE_UNSPECIFIED = 0, /* nothing says anything, or "!text" does */
    ATTRIBUTE_SET = 1,         /* "text" */
    ATTRIBUTE_UNSET = 2,       /* "-text" */
    ATTRIBUTE_VALUE = 3,       /* "text=auto" */
};

struct attribute {
    const char *name;
    enum attribute_state state;
    const char *value; /* of ATTRIBUTE_VALUE */
};

/*
 * What is asked for many paths; those of one folder together cost least. One
 * thread.
 */
struct attributes;

/* As the files of the work tree say it. */
MUST_USE dits_error *attributes_of_worktree(dits_repo *repo,
                                            struct attributes **out);

/* As those of a tree say it. */
MUST_USE dits_error *attributes_of_tree(dits_repo *repo,
                                        const struct dits_oid *tree,
                                        struct attributes **out);
void attributes_free(struct attributes *attributes);
void attributes_freep(struct attributes **attributes);

/*
 * What holds for the attribute `name` of `path`, from the top; a path that ends
 * in '/' is a folder's. `out` borrows from `attributes`, until the next call.
 */
MUST_USE dits_error *attributes_get(struct attributes *attributes,
                                    const char *path, const char *name,
                                    struct attribute *out);

/* An error ends the walk and is what the walk returns. */
typedef dits_error *attribute_fn(const struct attribute *attribute,
                                 void *payload);

/* All that are specified for `path`, by name. */
MUST_USE dits_error *attributes_each(struct attributes *attributes,
                                     const char *path, attribute_fn *fn,
                                     void *payload);

/* How a file is stored: "chunker=large", "-chunker". */
struct attributes_storing {
    const struct chunker *chunker; /* cut by this; NULL: by content */
    bool is_whole;                 /* not taken apart into streams */
};

/* Errors: INVALID, naming the path, when there is no such chunker. */
MUST_USE dits_error *attributes_storing(struct attributes *attributes,
                                        const char *path,
                                        struct attributes_storing *out);

/* How two versions of a file are compared. */
enum attributes_diff {
    ATTRIBUTES_DIFF_AUTO = 0,   /* the content decides */
    ATTRIBUTES_DIFF_LINES = 1,  /* "diff", "diff=text", or else "text" */
    ATTRIBUTES_DIFF_BINARY = 2, /* "-diff", "diff=none", "diff=media", or else
                                   "-text": never by lines */
};

MUST_USE dits_error *attributes_diff(struct attributes *attributes,
                                     const char *path,
                                     enum attributes_diff *out);

/* How changes of both sides are brought together. */
enum attributes_merge {
    ATTRIBUTES_MERGE_AUTO = 0,   /* the content decides */
    ATTRIBUTES_MERGE_TEXT = 1,   /* "merge", "merge=text", or else "text" */
    ATTRIBUTES_MERGE_BINARY = 2, /* "-merge", "merge=binary", or else "-text":
                                    one side, and a conflict */
    ATTRIBUTES_MERGE_UNION = 3,  /* the lines of both */
    ATTRIBUTES_MERGE_OURS = 4,
    ATTRIBUTES_MERGE_THEIRS = 5,
};

MUST_USE dits_error *attributes_merge(struct attributes *attributes,
                                      const char *path,
                                      enum attributes_merge *out);

#endif
