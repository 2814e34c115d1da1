#include "base/dir.h"

#include <string.h>

#include "base/path.h"

/* Where below the open folder `path` lies; NULL: not below it. */
static const char *rest_of(const struct dir_place *place, const char *path)
{
    const char *here = buf_text(&place->path);
    if (place->dir.handle == 0 || !path_is_within(path, here))
        return NULL;
    const char *rest = path + place->path.size;
    return *rest == '/' ? rest + 1 : rest;
}

static dits_error *move_to(struct dir_place *place, const char *path,
                           size_t length, bool make, bool *out_found)
{
    if (place->dir.handle != 0 && place->path.size == length &&
        memcmp(place->path.data, path, length) == 0) {
        *out_found = true;
        return NULL;
    }
    if (!make && place->absent.size == length + 1 &&
        memcmp(place->absent.data + 1, path, length) == 0) {
        *out_found = false;
        return NULL;
    }
    CLEANUP(buf_release) struct buf wanted = {0};
    CLEANUP(dir_close) struct dir dir = {0};
    TRY(buf_put(&wanted, path, length));

    const char *rest = rest_of(place, buf_text(&wanted));
    const struct dir *from = rest != NULL ? &place->dir : place->root;
    rest = rest != NULL ? rest : buf_text(&wanted);
    *out_found = true;
    if (make)
        TRY_CONTEXT(dir_make_below(from, rest, &dir), "cannot make folder '%s'",
                    buf_text(&wanted));
    else
        TRY_CONTEXT(dir_open_below(from, rest, &dir, out_found),
                    "cannot open folder '%s'", buf_text(&wanted));

    dir_place_leave(place);
    if (!*out_found)
        return buf_printf(&place->absent, "/%s", buf_text(&wanted));
    buf_release(&place->path);
    place->dir = MOVE(dir);
    place->path = MOVE(wanted);
    return NULL;
}

dits_error *dir_place_enter(struct dir_place *place, const char *path,
                            size_t length, bool *out_found)
{
    return move_to(place, path, length, false, out_found);
}

dits_error *dir_place_make(struct dir_place *place, const char *path,
                           size_t length)
{
    bool found = false;
    return move_to(place, path, length, true, &found);
}

void dir_place_leave(struct dir_place *place)
{
    dir_close(&place->dir);
    buf_clear(&place->path);
    buf_clear(&place->absent);
}

void dir_place_release(struct dir_place *place)
{
    dir_close(&place->dir);
    buf_release(&place->path);
    buf_release(&place->absent);
}
