#include "store/exclusive.h"

#include "store/store_internal.h"

enum {
    PATIENCE_MS = 10000,
    BREAK_MS = 20, /* long enough for whoever asks for the lock */
};

dits_error *exclusive_take(struct store *store, struct fs_file *out)
{
    dits_error *err =
        fs_lock(store->lock_path, FS_LOCK_EXCLUSIVE, PATIENCE_MS, out);
    if (dits_error_has(err, DITS_E_LOCKED))
        return error_hint(error_wrap(err, "the store is in use"),
                          "Try again when no other command is running.");
    TRY(err);
    return pack_set_relocate(&store->set, NULL);
}

dits_error *exclusive_yield(struct store *store, struct fs_file *lock)
{
    fs_close(lock);
    fs_pause_ms(BREAK_MS);
    return exclusive_take(store, lock);
}
