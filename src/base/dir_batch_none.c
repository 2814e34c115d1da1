/* For systems without io_uring: file by file is the best there is. */
#include "base/dir_batch.h"

dits_error *dir_batch_new(struct dir_batch **out)
{
    *out = NULL;
    return NULL;
}

void dir_batch_free(struct dir_batch *batch)
{
    (void)batch;
}

dits_error *dir_batch_read(struct dir_batch *batch, const struct dir *dir,
                           struct dir_batch_file *files, size_t count)
{
    (void)batch;
    (void)dir;
    (void)files;
    (void)count;
    return error_new(DITS_E_UNSUPPORTED, "this system has no batches");
}
