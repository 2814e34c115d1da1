/*
 * dits/file.h - reading what is stored
 */
#ifndef DITS_FILE_H
#define DITS_FILE_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

/* Borrowed for the call. */
struct dits_file_info {
    const char *path; /* from the top */
    char mode;        /* 'f' file, 'x' executable, 'l' symlink, 'd' folder */
    struct dits_oid id;
    uint64_t size;           /* bytes; 0 for folders */
    struct dits_oid content; /* BLAKE3 of the whole file; zero for folders */
    bool dropped; /* of what is staged: its content is not in the work tree */
};

typedef dits_error *dits_file_fn(const struct dits_file_info *info,
                                 void *payload);

struct dits_list_options {
    const char *revision; /* NULL: HEAD; ":" alone: what is staged */
    struct dits_paths paths;
    bool recursive;
    bool folders_only; /* -d */
    bool dropped_only; /* of what is staged: what is dropped */
    bool sizes;        /* fill in size and content: reads every asset */
};

/* Sorted by path. Errors: NOT_FOUND. */
DITS_API DITS_MUST_USE dits_error *dits_list(
    dits_repo *repo, const struct dits_list_options *options, dits_file_fn *fn,
    void *payload);

/* A stored file opened for reading. One thread at a time. */
typedef struct dits_file dits_file;

/*
 * `path` is relative to the prefix; `revision` NULL is HEAD, ":" what is
 * staged. The caller frees `*out`. Errors: NOT_FOUND, INVALID (a folder).
 */
DITS_API DITS_MUST_USE dits_error *dits_file_open(dits_repo *repo,
                                                  const char *revision,
                                                  const char *path,
                                                  dits_file **out);
DITS_API void dits_file_free(dits_file *file);
DITS_API const struct dits_file_info *dits_file_get_info(const dits_file *file);

/* Exactly `size` verified bytes. INVALID past the end; CORRUPT. */
DITS_API DITS_MUST_USE dits_error *dits_file_read_at(dits_file *file,
                                                     uint64_t offset,
                                                     size_t size, void *out);

struct dits_chunk_info {
    uint64_t offset;
    uint32_t size;        /* plain bytes */
    uint32_t stored_size; /* in the pack; 0 when not present */
    bool present;         /* in the local store */
    struct dits_oid id;
    const char *pack; /* name, or NULL */
};

/* An error ends the walk and is what the walk returns. Borrowed. */
typedef dits_error *dits_chunk_fn(const struct dits_chunk_info *chunk,
                                  void *payload);

/* How the file is cut, in file order. */
DITS_API DITS_MUST_USE dits_error *dits_file_each_chunk(dits_file *file,
                                                        dits_chunk_fn *fn,
                                                        void *payload);

/* "small", "media", "large": the profile that cut the file. Borrowed. */
DITS_API const char *dits_file_chunker(const dits_file *file);

DITS_END_DECLS

#endif
