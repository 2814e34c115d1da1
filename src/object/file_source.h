/*
 * object/file_source.h - an open file, for those who read a source
 */
#ifndef OBJECT_FILE_SOURCE_H
#define OBJECT_FILE_SOURCE_H

#include "base/fs.h"
#include "base/source.h"

struct file_source {
    struct source source;
    const struct fs_file *file; /* borrowed */
};

/*
 * The first `size` bytes of `file`. A file that turns out shorter gives
 * CONFLICT: it changed while it was read.
 */
struct file_source file_source_over(const struct fs_file *file, uint64_t size);

#endif
