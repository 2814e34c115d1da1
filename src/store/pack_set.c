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
    struct buf names; /* of files in the folder: OID_HEX_SIZE bytes each */
    struct locations locations;
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
    buf_release(&listing->names);
    locations_release(&listing->locations);
    list_free(listing->list);
}

struct pack *pack_set_find(const struct pack_set *set, const char *name)
{
    const struct pack_list *list = pack_set_list(set);
    size_t low = 0;
    size_t high = list == NULL ? 0 : list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(list->packs[middle]->name, name);
        if (order == 0)
            return list->packs[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* One that is open already, in that very place. */
static struct pack *find_known(const struct pack_set *set, const char *name,
                               const struct tier *tier)
{
    struct pack *pack = pack_set_find(set, name);
    return pack == NULL || pack->tier != tier || atomic_load(&pack->replaced)
               ? NULL
               : pack;
}

static dits_error *make_room(struct pack_set *set)
{
    struct pack **all = array_grown(set->all, set->all_count,
                                    &set->all_capacity, sizeof(struct pack *));
    if (all == NULL)
        return error_nomem();
    set->all = all;
    return NULL;
}

/* Open a pack that is new to the set; NULL when it is gone already. */
static dits_error *open_new(struct pack_set *set, const char *name,
                            struct pack **out)
{
    TRY(make_room(set));
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
    char name[OID_HEX_SIZE] = {0};
    return pack_name_of(file_name, name)
               ? buf_put(&listing->names, name, sizeof(name))
               : NULL;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

static size_t name_count(const struct listing *listing)
{
    return listing->names.size / OID_HEX_SIZE;
}

static bool is_in_folder(const struct listing *listing, const char *name)
{
    return name_count(listing) > 0 &&
           bsearch(name, listing->names.data, name_count(listing), OID_HEX_SIZE,
                   compare_names) != NULL;
}

/*
 * A file in the folder is the pack, unless the tables say that it is on its
 * way in or out, and where else to read it.
 */
static bool is_read_here(const struct listing *listing, const char *name)
{
    size_t count = 0;
    const struct pack_copy *copies =
        locations_find(&listing->locations, name, &count);
    bool is_moving = false;
    for (size_t i = 0; i < count; i++)
        is_moving = is_moving || copies[i].tier == LOCATION_HOT;
    return !is_moving || copies[0].state != COPY_HERE;
}

static dits_error *add_folder(struct listing *listing)
{
    for (size_t i = 0; i < name_count(listing); i++) {
        const char *name = (const char *)listing->names.data + i * OID_HEX_SIZE;
        if (!is_read_here(listing, name))
            continue;
        struct pack *pack = find_known(listing->set, name, NULL);
        if (pack == NULL)
            TRY(open_new(listing->set, name, &pack));
        if (pack != NULL)
            TRY(append(listing, pack));
    }
    return NULL;
}

static dits_error *add_copy(struct listing *listing,
                            const struct pack_copy *copy)
{
    struct pack_set *set = listing->set;
    const struct tier *tier = NULL;
    for (size_t i = 0; i < set->tier_count && tier == NULL; i++)
        if (tier_equal(set->tiers[i], &listing->locations.tiers[copy->tier]))
            tier = set->tiers[i];
    struct pack *pack = find_known(set, copy->pack, tier);
    if (pack == NULL) {
        TRY(make_room(set));
        TRY(pack_open_copy(set->context, set->folder, tier, copy, &set->kept,
                           &pack));
        set->all[set->all_count++] = pack;
    }
    return append(listing, pack);
}

/* One copy of each pack that is read elsewhere: the first that can be. */
static dits_error *add_copies(struct listing *listing)
{
    const struct locations *locations = &listing->locations;
    for (size_t i = 0; i < locations->copy_count; i++) {
        const struct pack_copy *copy = &locations->copies[i];
        bool is_first = i == 0 || strcmp(copy[-1].pack, copy->pack) != 0;
        if (!is_first || copy->tier == LOCATION_HOT ||
            copy->state == COPY_COMING ||
            (is_in_folder(listing, copy->pack) &&
             is_read_here(listing, copy->pack)))
            continue;
        TRY(add_copy(listing, copy));
    }
    return NULL;
}

static dits_error *add_tier(struct pack_set *set, const struct tier *tier)
{
    for (size_t i = 0; i < set->tier_count; i++)
        if (tier_equal(set->tiers[i], tier))
            return NULL;
    struct tier **tiers = array_grown(set->tiers, set->tier_count,
                                      &set->tier_capacity,
                                      sizeof(struct tier *));
    if (tiers == NULL)
        return error_nomem();
    set->tiers = tiers;
    struct tier *copy = mem_new(struct tier);
    if (copy == NULL)
        return error_nomem();
    dits_error *err = tier_copy(tier, copy);
    if (err != NULL) {
        mem_free(copy);
        return err;
    }
    set->tiers[set->tier_count++] = copy;
    return NULL;
}

static dits_error *load_locations(struct listing *listing)
{
    struct pack_set *set = listing->set;
    struct locations *locations = &listing->locations;
    TRY_CONTEXT(set->locator.load(locations, set->locator.payload),
                "cannot tell where packs are");
    locations_sort(locations);
    set->has_copies = locations->tier_count > 0 || locations->copy_count > 0;
    for (size_t i = 0; i < locations->tier_count; i++)
        TRY(add_tier(set, &locations->tiers[i]));
    return NULL;
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
    if ((x->tier == NULL) != (y->tier == NULL))
        return x->tier == NULL ? -1 : 1; /* a near copy before a far one */
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

/* The files first: what leaves the folder meanwhile is in the tables then. */
static dits_error *look(struct listing *listing, bool ask)
{
    TRY(fs_list(listing->set->folder, visit_name, listing));
    if (name_count(listing) > 0)
        qsort(listing->names.data, name_count(listing), OID_HEX_SIZE,
              compare_names);
    return ask ? load_locations(listing) : NULL;
}

static void publish(struct listing *listing, bool *out_changed)
{
    struct pack_set *set = listing->set;
    struct pack_list *old = atomic_load(&set->list);
    *out_changed = !same_list(old, listing->list);
    if (!*out_changed)
        return;
    listing->list->older = old;
    atomic_store_explicit(&set->list, MOVE(listing->list),
                          memory_order_release);
}

/*
 * List the folder, with the mutex held. What comes into it while the tables are
 * read would be in neither: then all is looked at again.
 */
static dits_error *list_again(struct pack_set *set, bool ask, bool *out_changed)
{
    CLEANUP(listing_release) struct listing listing = {.set = set};
    struct fs_stat before = {0};
    struct fs_stat after = {0};
    TRY(fs_stat_path(set->folder, &before));
    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        buf_clear(&listing.names);
        locations_release(&listing.locations);
        TRY(look(&listing, ask));
        TRY(fs_stat_path(set->folder, &after));
        if (!ask || after.mtime_ns == before.mtime_ns)
            break;
        before = after;
    }
    listing.list = mem_resize(NULL, 0, sizeof(struct pack_list), 1);
    if (listing.list == NULL)
        return error_nomem();
    TRY(add_folder(&listing));
    TRY(add_copies(&listing));
    TRY(sort(listing.list));

    publish(&listing, out_changed);
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
        TRY(list_again(set, set->has_copies, &changed));
        set->mtime_ns = stat.mtime_ns;
        set->listed_ns = now;
    }
    if (out_changed != NULL)
        *out_changed = changed;
    return NULL;
}

dits_error *pack_set_relocate(struct pack_set *set, bool *out_changed)
{
    bool changed = false;
    struct fs_stat stat = {0};
    POOL_LOCKED(&set->mutex);
    TRY(fs_stat_path(set->folder, &stat));
    int64_t now = now_ns();
    TRY(list_again(set, set->locator.load != NULL, &changed));
    set->mtime_ns = stat.mtime_ns;
    set->listed_ns = now;
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
    for (size_t i = 0; i < set->tier_count; i++) {
        tier_release(set->tiers[i]);
        mem_free(set->tiers[i]);
    }
    mem_free(set->tiers);
    text_free(&set->folder);
    (void)pthread_mutex_destroy(&set->mutex);
}

const struct pack_list *pack_set_list(const struct pack_set *set)
{
    return atomic_load_explicit(&set->list, memory_order_acquire);
}

/*
 * `*out_gone`: another process has removed one since the folder was listed. One
 * whose index is away with its tier stays without chunks.
 */
static dits_error *load_all(const struct pack_list *list, bool *out_gone)
{
    *out_gone = false;
    for (size_t i = 0; i < list->count; i++) {
        dits_error *err = pack_load(list->packs[i]);
        if (dits_error_has(err, DITS_E_OFFLINE)) {
            log_warn(list->packs[i]->context, "pack '%s' is passed over: %s",
                     list->packs[i]->name, dits_error_message(err));
            dits_error_free(err); /* told */
            continue;
        }
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
        TRY(pack_set_relocate(set, NULL));
    }
    return error_new(DITS_E_CONFLICT, "packs are removed all the time");
}
