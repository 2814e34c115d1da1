/*
 * dits/attributes.h - what a project says of its files
 *
 * By git's rules, from the files .ditsattributes of the folders,
 * .dits/info/attributes and the one that core.attributesFile names.
 */
#ifndef DITS_ATTRIBUTES_H
#define DITS_ATTRIBUTES_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

enum dits_attribute_state {
    DITS_ATTRIBUTE_UNSPECIFIED = 0,
    DITS_ATTRIBUTE_SET = 1,   /* "text" */
    DITS_ATTRIBUTE_UNSET = 2, /* "-text" */
    DITS_ATTRIBUTE_VALUE = 3, /* "text=auto" */
};

/* Borrowed for the call. */
struct dits_attribute {
    const char *path; /* from the top */
    const char *name;
    enum dits_attribute_state state;
    const char *value; /* of DITS_ATTRIBUTE_VALUE, else NULL */
};

/* An error ends the walk and is what the walk returns. */
typedef dits_error *dits_attribute_fn(const struct dits_attribute *attribute,
                                      void *payload);

/* Zero means the default for each field. */
struct dits_attributes_options {
    const char *source;       /* a revision; NULL: the work tree */
    const char *const *names; /* of attributes; none: all that are specified */
    size_t name_count;
};

/*
 * For each path, each attribute, in the order given; or all, by name. Paths are
 * plain, and need not exist; a final '/' says that one is a folder.
 *
 * Errors: INVALID (a path outside, a name that none can have), LIMIT (a file
 * that is too large).
 */
DITS_API DITS_MUST_USE dits_error *dits_attributes_each(
    dits_repo *repo, const struct dits_paths *paths,
    const struct dits_attributes_options *options, dits_attribute_fn *fn,
    void *payload);

DITS_END_DECLS

#endif
