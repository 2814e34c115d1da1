#include "repo/stand_in.h"

#include <inttypes.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"

static const char first_line[] =
    "# This file was dropped by dits: its content is in the repository "
    "alone.\n";
static const char name_word[] = "\n# name   ";
static const char size_word[] = "\n# size   ";
static const char asset_word[] = "\n# asset  ";

/* Control characters would break the lines. */
static dits_error *put_name(const char *name, struct buf *out)
{
    for (; *name != '\0'; name++) {
        bool is_control = (unsigned char)*name < ' ' || *name == '\x7f';
        TRY(buf_put_u8(out, is_control ? '?' : (uint8_t)*name));
    }
    return NULL;
}

/* As a shell reads it. */
static dits_error *put_quoted(const char *name, struct buf *out)
{
    TRY(buf_put_u8(out, '\''));
    for (; *name != '\0'; name++)
        TRY(*name == '\'' ? buf_put_text(out, "'\\''")
                          : buf_put_u8(out, (uint8_t)*name));
    return buf_put_u8(out, '\'');
}

dits_error *stand_in_format(const char *path, const struct stand_in *what,
                            struct buf *out)
{
    CLEANUP(buf_release) struct buf name = {0};
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(&what->asset, hex);
    TRY(put_name(path_base_name(path), &name));
    buf_clear(out);
    TRY(buf_printf(out, "%s# To bring it back: dits get ", first_line));
    TRY(put_quoted(buf_text(&name), out));
    TRY(buf_printf(out, "\n#%s%s%s%" PRIu64 " bytes%s%s\n", name_word,
                   buf_text(&name), size_word, what->size, asset_word, hex));
    return NULL;
}

/* The text between `word` and the end of its line, where `*at` begins with it;
 * then `*at` is that end. */
static dits_error *take_field(const char **at, const char *word, char **out)
{
    const char *start = *at + strlen(word);
    if (!text_starts_with(*at, word))
        return text_copy("", out);
    *at = start + strcspn(start, "\n");
    return text_copy_part(start, (size_t)(*at - start), out);
}

/* What the fields say. False: they are none. */
static dits_error *read_fields(const char *text, char **out_name,
                               struct stand_in *out, bool *out_read)
{
    CLEANUP(text_free) char *size = NULL;
    CLEANUP(text_free) char *asset = NULL;
    const char *at = strstr(text, name_word);
    *out_read = false;
    if (at == NULL)
        return NULL;
    TRY(take_field(&at, name_word, out_name));
    TRY(take_field(&at, size_word, &size));
    TRY(take_field(&at, asset_word, &asset));
    char *unit = strstr(size, " bytes");
    if (unit == NULL)
        return NULL;
    *unit = '\0';
    *out_read = text_to_u64(size, &out->size) && oid_parse(asset, &out->asset);
    return NULL;
}

dits_error *stand_in_parse(struct slice bytes, struct stand_in *out,
                           enum stand_in_verdict *out_verdict)
{
    CLEANUP(text_free) char *text = NULL;
    CLEANUP(text_free) char *name = NULL;
    CLEANUP(buf_release) struct buf again = {0};
    struct stand_in what = {0};
    size_t start = sizeof(first_line) - 1;
    bool is_read = false;
    *out_verdict = STAND_IN_NONE;
    if (bytes.size < start || memcmp(bytes.data, first_line, start) != 0)
        return NULL;
    *out_verdict = STAND_IN_CHANGED;
    if (bytes.size > STAND_IN_MAX || memchr(bytes.data, 0, bytes.size) != NULL)
        return NULL;
    TRY(text_copy_part((const char *)bytes.data, bytes.size, &text));
    TRY(read_fields(text, &name, &what, &is_read));
    if (!is_read || what.size < STAND_IN_FILE_MIN)
        return NULL;

    /* There is one form of each: what was written in is found by it. */
    TRY(stand_in_format(name, &what, &again));
    if (!slice_equal(buf_slice(&again), bytes))
        return NULL;
    *out = what;
    *out_verdict = STAND_IN_WHOLE;
    return NULL;
}

dits_error *stand_in_read(const struct dir *dir, const char *name,
                          struct fs_stat *stat, struct stand_in *out,
                          enum stand_in_verdict *out_verdict)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    uint8_t bytes[STAND_IN_MAX];
    *out_verdict = STAND_IN_NONE;
    if (stat->kind != FS_REGULAR || stat->size > STAND_IN_MAX ||
        stat->size < sizeof(first_line))
        return NULL;
    TRY(dir_open_file(dir, name, &file, stat));
    if (stat->size > sizeof(bytes))
        return NULL;
    TRY(fs_read_at(&file, 0, (size_t)stat->size, bytes));
    return stand_in_parse(slice_of(bytes, (size_t)stat->size), out,
                          out_verdict);
}
