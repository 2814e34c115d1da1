#include "repo/clone_record.h"

#include <string.h>

#include "base/cursor.h"
#include "base/mem.h"
#include "base/text.h"
#include "object/object.h"
#include "repo/side_file.h"

enum {
    TEXT_MAX = 65536,
    BARE = 1 << 0,
    MIRROR = 1 << 1,
    NO_CHECKOUT = 1 << 2,
    NO_TAGS = 1 << 3,
    MADE_FOLDER = 1 << 4,
    ALL_FLAGS = (1 << 5) - 1,
};

static const struct side_file format = {
    .magic = {0x89, 'D', 'C', 'L', '\r', '\n', 0x1a, '\n'},
    .version = 1,
    .what = "record of the clone",
};

void clone_record_release(struct clone_record *record)
{
    mem_free(record->url);
    mem_free(record->origin);
    mem_free(record->branch);
    *record = (struct clone_record){0};
}

static uint8_t flags_of(const struct clone_record *record)
{
    return (uint8_t)((record->is_bare ? BARE : 0) |
                     (record->is_mirror ? MIRROR : 0) |
                     (record->no_checkout ? NO_CHECKOUT : 0) |
                     (record->no_tags ? NO_TAGS : 0) |
                     (record->made_folder ? MADE_FOLDER : 0));
}

static dits_error *put_text(struct buf *out, const char *text)
{
    return object_put_bytes(out, text, strlen(text));
}

dits_error *clone_record_encode(const struct clone_record *record,
                                struct buf *out)
{
    TRY(side_file_begin(&format, out));
    TRY(buf_put_u8(out, flags_of(record)));
    TRY(buf_put_le64(out, record->depth));
    TRY(put_text(out, record->url));
    TRY(put_text(out, record->origin));
    TRY(put_text(out, record->branch != NULL ? record->branch : ""));
    return side_file_end(out);
}

static dits_error *damaged(void)
{
    return error_new(DITS_E_CORRUPT, "the record of the clone is damaged");
}

static dits_error *take_text(struct cursor *in, char **out)
{
    struct slice text = {0};
    TRY(object_take_bytes(in, TEXT_MAX, &text));
    if (text.size > 0 && memchr(text.data, '\0', text.size) != NULL)
        return damaged();
    return text_copy_part((const char *)text.data, text.size, out);
}

static dits_error *take_all(struct cursor *in, struct clone_record *record)
{
    uint8_t flags = 0;
    CLEANUP(text_free) char *branch = NULL;
    TRY(cursor_u8(in, &flags));
    TRY(cursor_le64(in, &record->depth));
    TRY(take_text(in, &record->url));
    TRY(take_text(in, &record->origin));
    TRY(take_text(in, &branch));
    record->is_bare = (flags & BARE) != 0;
    record->is_mirror = (flags & MIRROR) != 0;
    record->no_checkout = (flags & NO_CHECKOUT) != 0;
    record->no_tags = (flags & NO_TAGS) != 0;
    record->made_folder = (flags & MADE_FOLDER) != 0;
    if (branch[0] != '\0')
        record->branch = MOVE(branch);
    bool is_sound = (flags & ~ALL_FLAGS) == 0 && cursor_left(in) == 0 &&
                    record->url[0] != '\0' && record->origin[0] != '\0';
    return is_sound ? NULL : damaged();
}

dits_error *clone_record_decode(struct slice bytes, struct clone_record *out)
{
    CLEANUP(clone_record_release) struct clone_record record = {0};
    struct cursor in = {0};
    TRY(side_file_open(&format, bytes, &in));
    TRY(take_all(&in, &record));
    *out = MOVE(record);
    return NULL;
}

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool clone_record_equal(const struct clone_record *a,
                        const struct clone_record *b)
{
    return is_same(a->url, b->url) && is_same(a->origin, b->origin) &&
           is_same(a->branch, b->branch) && a->depth == b->depth &&
           (flags_of(a) | MADE_FOLDER) == (flags_of(b) | MADE_FOLDER);
}
