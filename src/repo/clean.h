/*
 * repo/clean.h - what `dits clean` finds
 *
 * Public entry: dits_clean() in dits/worktree.h. clean_find.c lists what shall
 * go, clean.c keeps it for undo and removes it.
 */
#ifndef REPO_CLEAN_H
#define REPO_CLEAN_H

#include "repo/changes.h"

#define CLEAN_NO_FOLDER SIZE_MAX

/* An untracked file that shall go, or an untracked folder that was entered. */
struct clean_item {
    char *path;   /* owned */
    size_t above; /* the item of its folder, or CLEAN_NO_FOLDER */
    size_t end;   /* of a folder: the first item that is not below it */
    bool is_folder;
    bool goes;                /* a folder: with all that lies in it */
    dits_error *error;        /* owned: why it stays, though it shall go */
    struct fs_stat stat;      /* of a file */
    struct change_side found; /* what the file holds, once it is stored */
};

/* Sorted by path; a folder comes before what lies in it. Empty is zero. */
struct clean_list {
    struct clean_item *items;
    size_t count;
    size_t capacity;
};

void clean_list_release(struct clean_list *list);

/* This item stays, and so do the folders above it. */
void clean_list_keep(struct clean_list *list, size_t item);

/* NOT_FOUND: a path named matches nothing. */
MUST_USE dits_error *clean_find(dits_repo *repo, const struct index *index,
                                const struct dits_paths *paths,
                                const struct dits_clean_options *options,
                                struct clean_list *out);

#endif
