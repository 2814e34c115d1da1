/*
 * repo/pattern.h - the patterns of ignore and attributes files
 *
 * git's form: '/' at the end for folders alone, any other '/' for a path from
 * the folder of the file, wildcards (base/glob.h).
 */
#ifndef REPO_PATTERN_H
#define REPO_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct pattern {
    const char *text; /* without '!', leading '/' and final '/' */
    size_t length;
    size_t literal; /* length of its front without wildcards */
    bool is_negated;
    bool is_folder_only;
    bool is_rooted;   /* began with a '/' */
    size_t line;      /* in its file, from 1; for whoever reads files */
    bool is_anchored; /* holds a '/': matched against the path, not the name */
};

/*
 * Cuts `text` as needed and borrows it. False: nothing could ever match.
 */
bool pattern_parse(char *text, struct pattern *out);

/* `path` is relative to the folder of the file, `name` its last part. */
bool pattern_matches(const struct pattern *pattern, const char *path,
                     const char *name, bool is_folder);

#endif
