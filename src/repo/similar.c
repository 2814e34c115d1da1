#include "repo/similar.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/mem.h"
#include "object/asset.h"

enum {
    LINES_MAX_BYTES = 1 << 20, /* larger files are compared by chunks */
    LOOK_BYTES = 8000,         /* where a NUL says that it is no text */
    PIECES_MAX = 8 << 20,
    COMMON_MAX = 64, /* a piece of more files than that says nothing */
};

/* A line or a chunk of a file. */
struct piece {
    uint64_t key;
    uint32_t file;
    uint32_t size;
    uint32_t times; /* that the file has it */
};

struct pieces {
    struct piece *items;
    size_t count;
    size_t capacity;
};

/* One file that was removed or added. */
struct moved {
    struct change *change;
    struct change_side side;
    uint64_t size;
    bool is_text;
    bool is_taken;
};

/* How much two files share. */
struct match {
    uint32_t from;  /* removed */
    uint32_t to;    /* added */
    uint64_t score; /* of 1,000,000 */
};

struct search {
    dits_repo *repo;
    struct moved *removed;
    struct moved *added;
    size_t removed_count;
    size_t added_count;
    struct pieces pieces; /* of the removed files, sorted */
    uint64_t *shared;     /* bytes, for each removed file */
    struct match *matches;
    size_t match_count;
    size_t match_capacity;
};

static void release_search(struct search *search)
{
    mem_free(search->removed);
    mem_free(search->added);
    mem_free(search->pieces.items);
    mem_free(search->shared);
    mem_free(search->matches);
}

static dits_error *add_piece(struct pieces *pieces, uint64_t key, uint32_t file,
                             uint32_t size)
{
    if (pieces->count >= PIECES_MAX)
        return NULL; /* what is known by then must do */
    struct piece *items = array_grown(pieces->items, pieces->count,
                                      &pieces->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    pieces->items = items;
    pieces->items[pieces->count++] =
        (struct piece){.key = key, .file = file, .size = size, .times = 1};
    return NULL;
}

/* The front of an id, which is as good as any other part of it. */
static uint64_t key_of(const struct dits_oid *id)
{
    uint64_t key = 0;
    memcpy(&key, id->hash, sizeof(key));
    return key;
}

struct chunk_walk {
    struct pieces *pieces;
    uint32_t file;
};

static dits_error *on_chunk(uint64_t offset, const struct chunk_ref *chunk,
                            void *payload)
{
    const struct chunk_walk *walk = payload;
    (void)offset;
    return add_piece(walk->pieces, key_of(&chunk->id), walk->file, chunk->size);
}

static dits_error *add_lines(struct pieces *pieces, const struct buf *text,
                             uint32_t file)
{
    const uint8_t *at = text->data;
    const uint8_t *end = text->data + text->size;
    while (at < end) {
        const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
        const uint8_t *next = newline != NULL ? newline + 1 : end;
        size_t length = (size_t)(next - at);
        TRY(add_piece(pieces, hash_checksum(at, length), file,
                      (uint32_t)length));
        at = next;
    }
    return NULL;
}

/* What was obliterated has chunks with names, and no lines. */
static dits_error *read_text(struct asset *asset, uint64_t size,
                             struct buf *out, bool *out_is_text)
{
    void *room = NULL;
    buf_clear(out);
    *out_is_text = false;
    if (size == 0 || size > LINES_MAX_BYTES)
        return NULL;
    TRY(buf_extend(out, (size_t)size, &room));
    dits_error *err = asset_read_at(asset, 0, (size_t)size, room);
    if (dits_error_has(err, DITS_E_GONE)) {
        dits_error_free(err);
        return NULL;
    }
    TRY(err);
    size_t look = size < LOOK_BYTES ? (size_t)size : LOOK_BYTES;
    *out_is_text = memchr(out->data, 0, look) == NULL;
    return NULL;
}

static dits_error *cut(struct search *search, struct moved *file,
                       uint32_t number, struct pieces *out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    struct chunk_walk walk = {.pieces = out, .file = number};
    TRY(context_check(search->repo->context));
    TRY(asset_open(search->repo->store, &file->side.id, &asset));
    file->size = asset_get_info(asset)->size;
    TRY(read_text(asset, file->size, &text, &file->is_text));
    if (file->is_text)
        return add_lines(out, &text, number);
    return asset_each_chunk(asset, on_chunk, &walk);
}

static int compare_pieces(const void *a, const void *b)
{
    const struct piece *left = a;
    const struct piece *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    if (left->file != right->file)
        return left->file < right->file ? -1 : 1;
    return 0;
}

/* Sorted, and each piece of a file once. */
static void sort_pieces(struct pieces *pieces)
{
    size_t kept = 0;
    if (pieces->count > 1)
        qsort(pieces->items, pieces->count, sizeof(*pieces->items),
              compare_pieces);
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];
        if (kept > 0 && compare_pieces(&pieces->items[kept - 1], piece) == 0)
            pieces->items[kept - 1].times++;
        else
            pieces->items[kept++] = *piece;
    }
    pieces->count = kept;
}

static size_t find_key(const struct pieces *pieces, uint64_t key)
{
    size_t low = 0;
    size_t high = pieces->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pieces->items[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Count a piece for every removed file that has it, as often as both do. */
static void count_piece(struct search *search, const struct piece *piece)
{
    const struct pieces *all = &search->pieces;
    size_t start = find_key(all, piece->key);
    size_t end = start;
    while (end < all->count && all->items[end].key == piece->key &&
           end - start <= COMMON_MAX)
        end++;
    if (end - start > COMMON_MAX)
        return;
    for (size_t i = start; i < end; i++) {
        uint32_t there = all->items[i].times;
        search->shared[all->items[i].file] +=
            (uint64_t)(there < piece->times ? there : piece->times) *
            piece->size;
    }
}

/* Of 1,000,000; 0: not alike enough. */
static uint64_t score_of(const struct moved *from, const struct moved *to,
                         uint64_t shared)
{
    if (from->is_text != to->is_text || shared == 0)
        return 0;
    uint64_t larger = from->size > to->size ? from->size : to->size;
    uint64_t smaller = from->size > to->size ? to->size : from->size;
    uint64_t whole = from->is_text ? larger : smaller;
    if (shared < whole - whole / 2)
        return 0;
    return (uint64_t)((double)shared / (double)larger * 1000000.0) + 1;
}

static dits_error *note_matches(struct search *search, uint32_t to)
{
    for (size_t i = 0; i < search->removed_count; i++) {
        uint64_t score = score_of(&search->removed[i], &search->added[to],
                                  search->shared[i]);
        search->shared[i] = 0;
        if (score == 0)
            continue;
        struct match *matches =
            array_grown(search->matches, search->match_count,
                        &search->match_capacity, sizeof(*matches));
        if (matches == NULL)
            return error_nomem();
        search->matches = matches;
        search->matches[search->match_count++] =
            (struct match){.from = (uint32_t)i, .to = to, .score = score};
    }
    return NULL;
}

static void release_pieces(struct pieces *pieces)
{
    mem_free(pieces->items);
}

static dits_error *match_added(struct search *search, uint32_t number)
{
    CLEANUP(release_pieces) struct pieces own = {0};
    TRY(cut(search, &search->added[number], number, &own));
    sort_pieces(&own);
    for (size_t i = 0; i < own.count; i++)
        count_piece(search, &own.items[i]);
    return note_matches(search, number);
}

/* Best first; else in the order of the list, so that the answer is stable. */
static int compare_matches(const void *a, const void *b)
{
    const struct match *left = a;
    const struct match *right = b;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    if (left->to != right->to)
        return left->to < right->to ? -1 : 1;
    return left->from < right->from ? -1 : left->from > right->from;
}

static void take_matches(struct search *search)
{
    if (search->match_count > 1)
        qsort(search->matches, search->match_count, sizeof(*search->matches),
              compare_matches);
    for (size_t i = 0; i < search->match_count; i++) {
        struct moved *from = &search->removed[search->matches[i].from];
        struct moved *to = &search->added[search->matches[i].to];
        if (from->is_taken || to->is_taken)
            continue;
        from->is_taken = true;
        to->is_taken = true;
        to->change->old_path = from->change->path;
        from->change->path = NULL;
        to->change->before = from->change->before;
        to->change->similarity = (unsigned)(search->matches[i].score / 10000);
    }
}

static bool is_file(const struct change_side *side)
{
    return (side->mode == TREE_FILE || side->mode == TREE_EXECUTABLE) &&
           !dits_oid_is_zero(&side->id);
}

static dits_error *collect(struct search *search, struct change_list *list)
{
    search->removed = mem_new_array(struct moved, list->count);
    search->added = mem_new_array(struct moved, list->count);
    if (search->removed == NULL || search->added == NULL)
        return error_nomem();
    for (size_t i = 0; i < list->count; i++) {
        struct change *change = &list->items[i];
        if (change->after.mode == 0 && is_file(&change->before))
            search->removed[search->removed_count++] =
                (struct moved){.change = change, .side = change->before};
        if (change->before.mode == 0 && is_file(&change->after))
            search->added[search->added_count++] =
                (struct moved){.change = change, .side = change->after};
    }
    return NULL;
}

static dits_error *match_all(struct search *search)
{
    search->shared = mem_new_array(uint64_t, search->removed_count);
    if (search->shared == NULL)
        return error_nomem();
    for (size_t i = 0; i < search->removed_count; i++)
        TRY(cut(search, &search->removed[i], (uint32_t)i, &search->pieces));
    sort_pieces(&search->pieces);
    for (size_t i = 0; i < search->added_count; i++)
        TRY(match_added(search, (uint32_t)i));
    take_matches(search);
    return NULL;
}

dits_error *similar_find_renames(dits_repo *repo, struct change_list *list,
                                 size_t files_max)
{
    CLEANUP(release_search) struct search search = {.repo = repo};
    if (list->count < 2)
        return NULL;
    TRY(collect(&search, list));
    if (search.removed_count == 0 || search.added_count == 0 ||
        search.removed_count + search.added_count > files_max)
        return NULL;
    TRY(match_all(&search));
    change_list_drop_taken(list);
    return NULL;
}
