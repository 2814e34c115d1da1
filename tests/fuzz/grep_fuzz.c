/*
 * Files of any bytes can be searched, and how much of one is looked at at once
 * changes nothing, as long as its lines fit.
 *
 * The first byte chooses the pattern, the second the options.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/context.h"
#include "repo/grep_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes_source {
    struct grep_source source;
    struct slice left;
};

static dits_error *read_bytes(struct grep_source *self, size_t size, void *out,
                              size_t *out_size)
{
    struct bytes_source *source = (struct bytes_source *)self;
    *out_size = size < source->left.size ? size : source->left.size;
    if (*out_size > 0)
        memcpy(out, source->left.data, *out_size);
    source->left =
        slice_of(source->left.data + *out_size, source->left.size - *out_size);
    return NULL;
}

static dits_error *put_line(const struct grep_line *line, void *payload)
{
    TRY(buf_put_le64(payload, line->number));
    TRY(buf_put_u8(payload, (uint8_t)line->kind));
    for (size_t i = 0; i < line->span_count; i++)
        assert(line->spans[i].start + line->spans[i].size <= line->text.size);
    return buf_put(payload, line->text.data, line->text.size);
}

static dits_error *search(const struct dits_grep_options *options,
                          struct slice bytes, size_t piece, struct buf *out)
{
    CLEANUP(grep_pattern_freep) struct grep_pattern *pattern = NULL;
    dits_context *context = NULL;
    struct bytes_source source = {.source = {.read = read_bytes},
                                  .left = bytes};
    struct grep_result result = {0};
    TRY(dits_context_new(NULL, &context));
    dits_error *err = grep_pattern_new(options, &pattern);
    const struct grep_search wanted = {
        .options = options,
        .pattern = pattern,
        .context = context,
        .piece = piece,
        .fn = put_line,
        .payload = out,
    };
    if (err == NULL)
        err = grep_lines(&wanted, &source.source, &result);
    dits_context_free(context);
    return err != NULL ? err : buf_put_le64(out, result.hits);
}

static size_t longest_line(struct slice bytes)
{
    size_t longest = 0;
    size_t length = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        length = bytes.data[i] == '\n' ? 0 : length + 1;
        longest = length > longest ? length : longest;
    }
    return longest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const patterns[] = {
        "a",    "^a",   "b$",           "^$",
        "a.*b", "[^a]", "[[:space:]]x", "\\(a\\)\\1",
        "",     "x\ny", "\\<a\\>",      "\xc3\xbc"};
    CLEANUP(buf_release) struct buf whole = {0};
    CLEANUP(buf_release) struct buf pieces = {0};
    if (size < 2)
        return 0;
    const struct dits_grep_options options = {
        .patterns = &patterns[data[0] % (sizeof(patterns) / sizeof(*patterns))],
        .pattern_count = 1,
        .ignore_case = data[1] & 1,
        .words = data[1] & 2,
        .invert = data[1] & 4,
        .as_text = true,
        .spans = data[1] & 8,
        .before = data[1] >> 4 & 3,
        .after = data[1] >> 6,
    };
    const struct slice bytes = slice_of(data + 2, size - 2);
    size_t piece = 8 + data[0];
    dits_error *err = search(&options, bytes, 0, &whole);
    if (err == NULL)
        err = search(&options, bytes, piece, &pieces);
    if (err == NULL && longest_line(bytes) < piece)
        assert(slice_equal(buf_slice(&whole), buf_slice(&pieces)));
    dits_error_free(err);
    return 0;
}
