#include "support/grep_text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/context.h"

struct text_source {
    struct grep_source source;
    struct slice left;
};

static dits_error *read_text(struct grep_source *self, size_t size, void *out,
                             size_t *out_size)
{
    struct text_source *source = (struct text_source *)self;
    *out_size = size < source->left.size ? size : source->left.size;
    if (*out_size > 0)
        memcpy(out, source->left.data, *out_size);
    source->left =
        slice_of(source->left.data + *out_size, source->left.size - *out_size);
    return NULL;
}

static dits_error *put_line(const struct grep_line *line, void *payload)
{
    struct buf *out = payload;
    if (line->kind == DITS_GREP_GAP)
        return buf_put_text(out, "--\n");
    TRY(buf_printf(out, "%" PRIu64 "%s", line->number,
                   line->kind == DITS_GREP_HIT ? ":" : "-"));
    TRY(buf_put(out, line->text.data, line->text.size));
    for (size_t i = 0; i < line->span_count; i++) {
        assert(line->spans[i].start + line->spans[i].size <= line->text.size);
        TRY(buf_printf(out, " %zu+%zu", line->spans[i].start,
                       line->spans[i].size));
    }
    return buf_put_text(out, "\n");
}

static void context_freep(dits_context **context)
{
    dits_context_free(*context);
}

dits_error *grep_text(const struct dits_grep_options *options,
                      struct slice text, size_t piece, struct buf *out)
{
    CLEANUP(context_freep) dits_context *context = NULL;
    CLEANUP(grep_pattern_freep) struct grep_pattern *pattern = NULL;
    struct text_source source = {.source = {.read = read_text}, .left = text};
    struct grep_result result = {0};
    TRY(dits_context_new(NULL, &context));
    TRY(grep_pattern_new(options, &pattern));
    const struct grep_search search = {
        .options = options,
        .pattern = pattern,
        .context = context,
        .piece = piece,
        .fn = put_line,
        .payload = out,
    };
    TRY(grep_lines(&search, &source.source, &result));
    return buf_printf(out, "=%" PRIu64 "%s", result.hits,
                      result.is_binary ? " binary" : "");
}
