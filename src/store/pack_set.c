#include "store/pack_set.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"

/*
 * Time stamps of folders are coarse: a folder that was listed this soon after
 * its last change may have changed again under the same stamp.
 */
#define COARSE_NS 40000000

/* Other processes may merge packs while we load, but not for ever. */
enum { MAX_ROUNDS = 8 };

static int64_t now_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct listing {
    struct pack_set *set;
    struct pack_list *list;
    size_t capacity;
};

/* The packs themselves belong to the set. */
static void list_free(struct pack_list *list)
{
    if (list == NULL)
        return;
    mem_free(list->recent);
    mem_free(list);
}

static void listing_release(struct listing *listing)
{
    list_free(listing->list);
}

static struct pack *find_known(const struct pack_set *set, const char *name)
{
    const struct pack_list *list = pack_set_list(set);
    size_t low = 0;
    size_t high = list == NULL ? 0 : list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(list->packs[middle]->name, name);
        if (order == 0)
            return atomic_load(&list->packs[middle]->replaced)
                       ? NULL
                       : list->packs[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Open a pack that is new to the set; NULL when it is gone already. */
static dits_error *open_new(struct pack_set *set, const char *name,
                            struct pack **out)
{
    struct pack **all = array_grown(set->all, set->all_count,
                                    &set->all_capacity, sizeof(struct pack *));
    if (all == NULL)
        return error_nomem();
    set->all = all;
    dits_error *err =
        pack_open(set->context, set->folder, name, &set->kept, out);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err); /* removed since the folder was listed */
        return NULL;
    }
    TRY(err);
    set->all[set->all_count++] = *out;
    return NULL;
}

static dits_error *append(struct listing *listing, struct pack *pack)
{
    size_t count = listing->list == NULL ? 0 : listing->list->count;
    if (listing->list == NULL || count == listing->capacity) {
        size_t capacity = count == 0 ? 16 : 2 * count;
        size_t old = listing->list == NULL
                         ? 0
                         : sizeof(struct pack_list) + count * sizeof(void *);
        struct pack_list *grown =
            mem_resize(listing->list, old,
                       sizeof(struct pack_list) + capacity * sizeof(void *), 1);
        if (grown == NULL)
            return error_nomem();
        listing->list = grown;
        listing->capacity = capacity;
    }
    listing->list->packs[listing->list->count++] = pack;
    return NULL;
}

static dits_error *visit_name(const char *file_name, void *payload)
{
    struct listing *listing = payload;
    struct dits_oid id = {0};
    char name[OID_HEX_SIZE] = {0};
    size_t digits = OID_HEX_SIZE - 1;
    if (strlen(file_name) != digits + strlen(".pack") ||
        !text_ends_with(file_name, ".pack") ||
        !oid_parse_prefix(file_name, digits, &id))
        return NULL;
    memcpy(name, file_name, digits);

    struct pack *pack = find_known(listing->set, name);
    if (pack == NULL)
        TRY(open_new(listing->set, name, &pack));
    return pack == NULL ? NULL : append(listing, pack);
}

static int compare_packs(const void *a, const void *b)
{
    const struct pack *const *x = a;
    const struct pack *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* What a command asks for was most often written not long ago. */
static int compare_ages(const void *a, const void *b)
{
    const struct pack *x = *(struct pack *const *)a;
    const struct pack *y = *(struct pack *const *)b;
    if (x->mtime_ns != y->mtime_ns)
        return x->mtime_ns > y->mtime_ns ? -1 : 1;
    return strcmp(x->name, y->name);
}

static dits_error *sort(struct pack_list *list)
{
    size_t size = sizeof(struct pack *);
    if (list->count == 0)
        return NULL;
    list->recent = mem_new_array(struct pack *, list->count);
    if (list->recent == NULL)
        return error_nomem();
    memcpy(list->recent, list->packs, list->count * size);
    qsort(list->packs, list->count, size, compare_packs);
    qsort(list->recent, list->count, size, compare_ages);
    return NULL;
}

static bool same_list(const struct pack_list *a, const struct pack_list *b)
{
    if (a == NULL || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->packs[i] != b->packs[i])
            return false;
    return true;
}

/* List the folder, with the mutex held. */
static dits_error *list_again(struct pack_set *set, bool *out_changed)
{
    CLEANUP(listing_release) struct listing listing = {.set = set};
    listing.list = mem_resize(NULL, 0, sizeof(struct pack_list), 1);
    if (listing.list == NULL)
        return error_nomem();
    TRY(fs_list(set->folder, visit_name, &listing));
    TRY(sort(listing.list));

    struct pack_list *before = atomic_load(&set->list);
    *out_changed = !same_list(before, listing.list);
    if (*out_changed) {
        listing.list->older = before;
        atomic_store_explicit(&set->list, MOVE(listing.list),
                              memory_order_release);
    }
    return NULL;
}

dits_error *pack_set_refresh(struct pack_set *set, bool force,
                             bool *out_changed)
{
    bool changed = false;
    struct fs_stat stat = {0};
    POOL_LOCKED(&set->mutex);
    TRY(fs_stat_path(set->folder, &stat));
    if (force || stat.mtime_ns != set->mtime_ns ||
        set->listed_ns < set->mtime_ns + COARSE_NS) {
        int64_t now = now_ns();
        TRY(list_again(set, &changed));
        set->mtime_ns = stat.mtime_ns;
        set->listed_ns = now;
    }
    if (out_changed != NULL)
        *out_changed = changed;
    return NULL;
}

dits_error *pack_set_open(const dits_context *context, const char *folder,
                          struct pack_set *out)
{
    out->context = context;
    (void)pthread_mutex_init(&out->mutex, NULL);
    TRY(text_copy(folder, &out->folder));
    return pack_set_refresh(out, true, NULL);
}

void pack_set_release(struct pack_set *set)
{
    if (set->context == NULL)
        return;
    struct pack_list *list = atomic_load(&set->list);
    while (list != NULL) {
        struct pack_list *older = list->older;
        list_free(list);
        list = older;
    }
    for (size_t i = 0; i < set->all_count; i++)
        pack_close(set->all[i]);
    mem_free(set->all);
    text_free(&set->folder);
    (void)pthread_mutex_destroy(&set->mutex);
}

const struct pack_list *pack_set_list(const struct pack_set *set)
{
    return atomic_load_explicit(&set->list, memory_order_acquire);
}

/* `*out_gone`: another process has removed one since the folder was listed. */
static dits_error *load_all(const struct pack_list *list, bool *out_gone)
{
    *out_gone = false;
    for (size_t i = 0; i < list->count; i++) {
        dits_error *err = pack_load(list->packs[i]);
        *out_gone = dits_error_has(err, DITS_E_NOT_FOUND);
        if (!*out_gone)
            TRY(err);
        dits_error_free(err); /* the list is read again */
        if (*out_gone)
            return NULL;
    }
    return NULL;
}

dits_error *pack_set_load(struct pack_set *set, const struct pack_list **out)
{
    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        const struct pack_list *list = pack_set_list(set);
        bool gone = false;
        TRY(load_all(list, &gone));
        if (!gone) {
            *out = list;
            return NULL;
        }
        TRY(pack_set_refresh(set, true, NULL));
    }
    return error_new(DITS_E_CONFLICT, "packs are removed all the time");
}
