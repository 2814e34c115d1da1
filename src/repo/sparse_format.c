#include "repo/sparse_format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

#define FIRST_LINE "dits sparse "
#define VERSION "1"

enum { CHECKSUM_DIGITS = 16 };

static const char checksum_word[] = "checksum ";

void sparse_file_release(struct sparse_file *file)
{
    sparse_set_free(file->set);
    sparse_set_free(file->target);
    *file = (struct sparse_file){0};
}

static dits_error *put_set(const char *word, const struct sparse_set *set,
                           const uint64_t *operation, struct buf *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(sparse_set_format(set, &text));
    TRY(buf_printf(out, "%s %zu", word, text.size));
    if (operation != NULL)
        TRY(buf_printf(out, " %" PRIu64, *operation));
    TRY(buf_put_u8(out, '\n'));
    return buf_put(out, text.data, text.size);
}

dits_error *sparse_file_encode(const struct sparse_set *set,
                               const struct sparse_set *target,
                               uint64_t operation, struct buf *out)
{
    buf_clear(out);
    TRY(buf_put_text(out, FIRST_LINE VERSION "\n"));
    TRY(put_set("set", set, NULL, out));
    if (target != NULL)
        TRY(put_set("target", target, &operation, out));
    return buf_printf(out, "%s%016" PRIx64 "\n", checksum_word,
                      hash_checksum(out->data, out->size));
}

static dits_error *malformed(void)
{
    return error_new(DITS_E_CORRUPT, "the file of the sparse set is malformed");
}

/* A line without its newline, cut off the front. */
static dits_error *take_line(struct slice *rest, char **out)
{
    const uint8_t *end = rest->size > 0 ? memchr(rest->data, '\n', rest->size)
                                        : NULL;
    if (end == NULL)
        return malformed();
    size_t length = (size_t)(end - rest->data);
    TRY(text_copy_part((const char *)rest->data, length, out));
    *rest = slice_of(end + 1, rest->size - length - 1);
    return NULL;
}

/* The set whose text has the size that stands in `size`. */
static dits_error *take_set(struct slice *rest, const char *size,
                            struct sparse_set **out)
{
    uint64_t bytes = 0;
    if (!text_to_u64(size, &bytes) || bytes > rest->size)
        return malformed();
    struct slice text = slice_of(rest->data, (size_t)bytes);
    *rest = slice_of(rest->data + bytes, rest->size - (size_t)bytes);
    return sparse_set_parse(text, out);
}

/* Check and cut off the last line. */
static dits_error *check_sum(struct slice *bytes)
{
    char wanted[sizeof(checksum_word) + CHECKSUM_DIGITS + 1] = "";
    size_t length = sizeof(wanted) - 1;
    if (bytes->size < length)
        return malformed();
    size_t left = bytes->size - length;
    (void)snprintf(wanted, sizeof(wanted), "%s%016" PRIx64 "\n", checksum_word,
                   hash_checksum(bytes->data, left));
    if (memcmp(wanted, bytes->data + left, length) != 0)
        return error_new(DITS_E_CORRUPT,
                         "the checksum of the sparse set is wrong");
    *bytes = slice_of(bytes->data, left);
    return NULL;
}

static dits_error *check_version(struct slice *bytes)
{
    CLEANUP(text_free) char *line = NULL;
    TRY(take_line(bytes, &line));
    if (!text_starts_with(line, FIRST_LINE))
        return malformed();
    if (strcmp(line, FIRST_LINE VERSION) == 0)
        return NULL;
    return error_hint(error_new(DITS_E_UNSUPPORTED,
                                "a sparse set of version '%s'",
                                line + strlen(FIRST_LINE)),
                      "It was written by a newer dits. Update dits.");
}

static dits_error *take_current(struct slice *rest, struct sparse_file *file)
{
    CLEANUP(text_free) char *line = NULL;
    TRY(take_line(rest, &line));
    if (!text_starts_with(line, "set "))
        return malformed();
    return take_set(rest, line + strlen("set "), &file->set);
}

static dits_error *take_target(struct slice *rest, struct sparse_file *file)
{
    CLEANUP(text_free) char *line = NULL;
    TRY(take_line(rest, &line));
    char *number = strrchr(line, ' ');
    if (!text_starts_with(line, "target ") ||
        number < line + strlen("target ") ||
        !text_to_u64(number + 1, &file->operation))
        return malformed();
    *number = '\0';
    return take_set(rest, line + strlen("target "), &file->target);
}

dits_error *sparse_file_parse(struct slice bytes, struct sparse_file *out)
{
    CLEANUP(sparse_file_release) struct sparse_file file = {0};
    struct slice rest = bytes;
    TRY(check_version(&rest));
    rest = bytes;
    TRY(check_sum(&rest));
    size_t skipped = strlen(FIRST_LINE VERSION "\n");
    rest = slice_of(rest.data + skipped, rest.size - skipped);
    TRY(take_current(&rest, &file));
    if (rest.size > 0)
        TRY(take_target(&rest, &file));
    if (rest.size > 0)
        return malformed();
    *out = MOVE(file);
    return NULL;
}
