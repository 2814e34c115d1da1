#include "repo/git_map.h"

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/side_file.h"

#define FILE_NAME "git-map"

static const struct side_file frame = {
    .magic = {0x89, 'D', 'T', 'Y', '\r', '\n', 0x1a, '\n'},
    .version = 1,
    .what = "map of git's commits",
};

enum { PAIR_BYTES = 2 * OID_SIZE };

/* More than sixteen million commits. */
static const size_t max_file = (size_t)1 << 30;

void git_map_release(struct git_map *map)
{
    mem_free(map->pairs);
    *map = (struct git_map){0};
}

dits_error *git_map_add(struct git_map *map, const struct git_pair *pair)
{
    struct git_pair *pairs =
        array_grown(map->pairs, map->count, &map->capacity, sizeof(*pairs));
    if (pairs == NULL)
        return error_nomem();
    map->pairs = pairs;
    map->pairs[map->count++] = *pair;
    return NULL;
}

dits_error *git_map_encode(const struct git_map *map, struct buf *out)
{
    TRY(side_file_begin(&frame, out));
    TRY(buf_put_le64(out, map->count));
    for (size_t i = 0; i < map->count; i++) {
        TRY(buf_put(out, map->pairs[i].git.hash, OID_SIZE));
        TRY(buf_put(out, map->pairs[i].ours.hash, OID_SIZE));
    }
    return side_file_end(out);
}

dits_error *git_map_decode(struct slice bytes, struct git_map *out)
{
    CLEANUP(git_map_release) struct git_map map = {0};
    struct cursor in = {0};
    uint64_t count = 0;
    TRY(side_file_open(&frame, bytes, &in));
    TRY(cursor_le64(&in, &count));
    if (cursor_left(&in) % PAIR_BYTES != 0 ||
        count != cursor_left(&in) / PAIR_BYTES)
        return error_new(DITS_E_CORRUPT, "the map is cut off");
    while (map.count < count) {
        struct git_pair pair = {0};
        TRY(cursor_oid(&in, &pair.git));
        TRY(cursor_oid(&in, &pair.ours));
        TRY(git_map_add(&map, &pair));
    }
    *out = MOVE(map);
    return NULL;
}

dits_error *git_map_load(dits_repo *repo, struct git_map *out)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(fs_join(repo->dits_dir, FILE_NAME, &path));
    if (!fs_exists(path))
        return NULL;
    dits_error *err = fs_read_all(path, max_file, &bytes);
    if (err == NULL)
        err = git_map_decode(buf_slice(&bytes), out);
    if (err == NULL || dits_error_code(err) == DITS_E_NOMEM)
        return err;
    log_info(repo->context, "all is taken for new: %s",
             dits_error_message(err));
    dits_error_free(err);
    return NULL;
}

static dits_error *save(dits_repo *repo, const struct git_map *map)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(fs_join(repo->dits_dir, FILE_NAME, &path));
    TRY(git_map_encode(map, &bytes));
    return fs_replace(path, bytes.data, bytes.size);
}

void git_map_save(dits_repo *repo, const struct git_map *map)
{
    dits_error *err = save(repo, map);
    if (err != NULL)
        log_warn(repo->context,
                 "cannot keep in mind which commits are which: %s",
                 dits_error_message(err));
    dits_error_free(err);
}
