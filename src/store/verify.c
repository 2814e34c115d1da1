#include "store/verify.h"

#include "base/pool.h"
#include "store/verify_pack.h"

/* Packs are checked side by side. */
struct verify {
    struct store *store;
    const struct store_verify_options *options;
    const struct pack_list *list;
    atomic_size_t next;    /* pack to be checked */
    pthread_mutex_t mutex; /* also for the caller's functions */
    /* guarded by mutex: */
    struct store_verify_result result;
};

static void on_damage(const struct store_damage *damage, void *payload)
{
    struct verify *verify = payload;
    POOL_LOCKED(&verify->mutex);
    verify->result.damages++;
    if (verify->options->on_damage != NULL)
        verify->options->on_damage(damage, verify->options->payload);
}

static void on_progress(uint64_t bytes, void *payload)
{
    struct verify *verify = payload;
    POOL_LOCKED(&verify->mutex);
    if (verify->options->on_progress != NULL)
        verify->options->on_progress(bytes, verify->options->payload);
}

static dits_error *verify_pack(struct verify *verify, struct pack *pack)
{
    uint64_t chunks = 0;
    uint64_t bytes = 0;
    struct pack_check check = {
        .store = verify->store,
        .pack = pack,
        .read_all = verify->options->read_all,
        .on_damage = on_damage,
        .on_progress = on_progress,
        .payload = verify,
    };
    dits_error *err = pack_check(&check, &chunks, &bytes);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        bool is_lost = false;
        dits_error_free(err); /* merged into another meanwhile, perhaps */
        return pack_check_lost(&check, &is_lost);
    }
    if (dits_error_has(err, DITS_E_OFFLINE)) {
        dits_error_free(err); /* it is counted */
        POOL_LOCKED(&verify->mutex);
        verify->result.offline++;
        return NULL;
    }
    TRY_CONTEXT(err, "cannot check pack '%s'", pack->name);
    POOL_LOCKED(&verify->mutex);
    verify->result.packs++;
    verify->result.chunks += chunks;
    verify->result.bytes += bytes;
    return NULL;
}

static dits_error *run_worker(unsigned worker, void *payload)
{
    struct verify *verify = payload;
    (void)worker;
    for (;;) {
        size_t i = atomic_fetch_add(&verify->next, 1);
        if (i >= verify->list->count)
            return NULL;
        dits_error *err = verify_pack(verify, verify->list->packs[i]);
        if (err != NULL) {
            atomic_store(&verify->next, verify->list->count);
            return err;
        }
    }
}

static void verify_release(struct verify *verify)
{
    (void)pthread_mutex_destroy(&verify->mutex);
}

dits_error *store_verify(struct store *store,
                         const struct store_verify_options *options,
                         struct store_verify_result *out)
{
    const struct pack_list *list = NULL;
    TRY(pack_set_refresh(&store->set, true, NULL));
    TRY(pack_set_load(&store->set, &list));
    CLEANUP(verify_release)
    struct verify verify = {.store = store, .options = options, .list = list};
    (void)pthread_mutex_init(&verify.mutex, NULL);
    TRY(pool_run(context_threads(store->context), run_worker, &verify));
    *out = verify.result;
    return NULL;
}
