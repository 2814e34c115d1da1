#include "object/file_source.h"

static dits_error *read_at(struct source *self, uint64_t offset, size_t size,
                           void *out)
{
    const struct file_source *source = (const struct file_source *)self;
    size_t got = 0;
    TRY(fs_read_some(source->file, offset, size, out, &got));
    if (got == size)
        return NULL;
    return error_hint(
        error_new(DITS_E_CONFLICT, "the file became shorter while it was read"),
        "Try again when nothing writes to it any more.");
}

struct file_source file_source_over(const struct fs_file *file, uint64_t size)
{
    return (struct file_source){
        .source = {.size = size, .read_at = read_at},
        .file = file,
    };
}
