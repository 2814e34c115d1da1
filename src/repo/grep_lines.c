/*
 * A window moves over the file and holds whole lines, or a piece of one that
 * is longer than the window. Pieces overlap, so that what lies across their
 * border is found unless it is longer than the overlap.
 */
#include "repo/grep_lines.h"

#include <string.h>

#include "base/array.h"
#include "base/context.h"
#include "base/mem.h"

enum {
    PIECE = 4 << 20,       /* bytes of the window */
    BLOCK = 128 << 10,     /* the window at first: most files are small */
    OVERLAP = 4096,        /* of pieces of one line */
    LOOK_BYTES = 8000,     /* of the front: what git looks at, too */
    CONTEXT_MAX = 8 << 20, /* bytes of lines kept for context */
};

/* A line that may become context before a hit. */
struct kept_line {
    uint64_t number;
    size_t offset; /* in `kept` */
    size_t size;
};

struct lines {
    const struct grep_search *search;
    struct grep_source *source;
    struct grep_result result;

    uint8_t *window;
    size_t capacity;
    size_t start; /* of what is not yet done */
    size_t end;
    bool is_last;      /* the file ends with the window */
    bool in_line;      /* the window starts within a line */
    bool line_matched; /* an earlier piece of that line did */

    uint64_t number; /* of the line at `start` */
    uint64_t told;   /* the last line told of */
    uint64_t after;  /* lines of context to come */
    bool is_done;

    struct buf kept;
    struct kept_line *before;
    size_t before_count;
    size_t before_capacity;

    struct dits_grep_span *spans;
    size_t span_capacity;
};

static void lines_release(struct lines *lines)
{
    mem_free(lines->window);
    mem_free(lines->before);
    mem_free(lines->spans);
    buf_release(&lines->kept);
}

static size_t max_window(const struct lines *lines)
{
    return lines->search->piece != 0 ? lines->search->piece : PIECE;
}

static bool tells_lines(const struct lines *lines)
{
    return !lines->search->options->no_lines && !lines->result.is_binary;
}

/* Room for more: what is done is dropped, and a long line gets a larger one. */
static dits_error *make_room(struct lines *lines)
{
    size_t left = lines->end - lines->start;
    size_t max = max_window(lines);
    if (left > 0 && lines->start > 0)
        memmove(lines->window, lines->window + lines->start, left);
    lines->start = 0;
    lines->end = left;
    if (left < lines->capacity || lines->capacity >= max)
        return NULL;
    size_t wanted = lines->capacity == 0 ? BLOCK : lines->capacity * 4;
    if (wanted > max)
        wanted = max;
    uint8_t *window = mem_resize_bytes(lines->window, wanted + 1);
    if (window == NULL)
        return error_nomem();
    lines->window = window;
    lines->capacity = wanted;
    return NULL;
}

static dits_error *fill(struct lines *lines)
{
    TRY(make_room(lines));
    size_t room = lines->capacity - lines->end;
    size_t got = 0;
    TRY(lines->source->read(lines->source, room, lines->window + lines->end,
                            &got));
    lines->end += got;
    lines->window[lines->end] = 0; /* see struct grep_part */
    lines->is_last = got < room;
    return NULL;
}

static dits_error *tell(struct lines *lines, enum dits_grep_kind kind,
                        uint64_t number, struct slice text, size_t span_count)
{
    const struct grep_line line = {
        .kind = kind,
        .number = number,
        .text = text,
        .spans = lines->spans,
        .span_count = span_count,
    };
    if (kind != DITS_GREP_GAP)
        lines->told = number;
    return lines->search->fn(&line, lines->search->payload);
}

static void forget_before(struct lines *lines)
{
    buf_clear(&lines->kept);
    lines->before_count = 0;
}

/* The oldest lines go where there are too many, or too much of them. */
static dits_error *drop_before(struct lines *lines)
{
    CLEANUP(buf_release) struct buf kept = {0};
    uint64_t most = lines->search->options->before;
    size_t first = 0;
    while (lines->before_count - first > most ||
           (first < lines->before_count &&
            lines->kept.size - lines->before[first].offset > CONTEXT_MAX))
        first++;
    /* Moved only when half is dead, so that each byte moves once or so. */
    if (first < most / 2 + 1 && lines->kept.size <= CONTEXT_MAX)
        return NULL;
    size_t offset = first < lines->before_count ? lines->before[first].offset
                                                : lines->kept.size;
    TRY(buf_put(&kept, lines->kept.data + offset, lines->kept.size - offset));
    buf_release(&lines->kept);
    lines->kept = MOVE(kept);
    lines->before_count -= first;
    memmove(lines->before, lines->before + first,
            lines->before_count * sizeof(*lines->before));
    for (size_t i = 0; i < lines->before_count; i++)
        lines->before[i].offset -= offset;
    return NULL;
}

static dits_error *keep_before(struct lines *lines, struct slice text)
{
    struct kept_line *before = array_grown(lines->before, lines->before_count,
                                           &lines->before_capacity,
                                           sizeof(*before));
    if (before == NULL)
        return error_nomem();
    lines->before = before;
    lines->before[lines->before_count++] = (struct kept_line){
        .number = lines->number, .offset = lines->kept.size, .size = text.size};
    TRY(buf_put(&lines->kept, text.data, text.size));
    return drop_before(lines);
}

/* A line without a hit. */
static dits_error *pass_line(struct lines *lines, struct slice text)
{
    if (!tells_lines(lines))
        return NULL;
    if (lines->after > 0) {
        lines->after--;
        return tell(lines, DITS_GREP_CONTEXT, lines->number, text, 0);
    }
    return lines->search->options->before > 0 ? keep_before(lines, text) : NULL;
}

static dits_error *tell_before(struct lines *lines)
{
    const struct dits_grep_options *options = lines->search->options;
    static const struct slice nothing = {0};
    size_t count = lines->before_count;
    size_t first = count > options->before ? count - options->before : 0;
    uint64_t next = count > first ? lines->before[first].number : lines->number;
    bool has_context = options->before > 0 || options->after > 0;
    if (has_context && lines->told > 0 && next > lines->told + 1)
        TRY(tell(lines, DITS_GREP_GAP, next, nothing, 0));
    for (size_t i = first; i < count; i++) {
        const struct kept_line *line = &lines->before[i];
        TRY(tell(lines, DITS_GREP_CONTEXT, line->number,
                 slice_of(buf_text(&lines->kept) + line->offset, line->size),
                 0));
    }
    forget_before(lines);
    return NULL;
}

/* All places in the line; one that is empty is passed over. */
static dits_error *find_spans(struct lines *lines, const struct grep_part *part,
                              size_t *out_count)
{
    const struct grep_search *search = lines->search;
    size_t count = 0;
    bool found = search->options->spans && !search->options->invert;
    for (size_t from = 0; found && from <= part->bytes.size;) {
        struct dits_grep_span span = {0};
        TRY(grep_pattern_find(search->pattern, part, from, &span, &found));
        if (!found)
            break;
        from = span.start + (span.size > 0 ? span.size : 1);
        if (span.size == 0)
            continue;
        struct dits_grep_span *spans = array_grown(
            lines->spans, count, &lines->span_capacity, sizeof(*spans));
        if (spans == NULL)
            return error_nomem();
        lines->spans = spans;
        lines->spans[count++] = span;
    }
    *out_count = count;
    return NULL;
}

static dits_error *hit_line(struct lines *lines, const struct grep_part *part)
{
    const struct dits_grep_options *options = lines->search->options;
    size_t span_count = 0;
    lines->result.hits++;
    lines->is_done = options->files_only ||
                     (lines->result.is_binary && !options->no_lines);
    if (!tells_lines(lines))
        return NULL;
    TRY(tell_before(lines));
    TRY(find_spans(lines, part, &span_count));
    lines->after = options->after;
    return tell(lines, DITS_GREP_HIT, lines->number, part->bytes, span_count);
}

static dits_error *take_line(struct lines *lines, const struct grep_part *part)
{
    struct dits_grep_span span = {0};
    bool found = lines->line_matched;
    if (!found)
        TRY(grep_pattern_find(lines->search->pattern, part, 0, &span, &found));
    return found != lines->search->options->invert
               ? hit_line(lines, part)
               : pass_line(lines, part->bytes);
}

/* Nothing but the number is needed of lines that are passed in a run. */
static uint64_t count_newlines(struct slice bytes)
{
    uint64_t count = 0;
    const uint8_t *at = bytes.data;
    const uint8_t *end = bytes.data + bytes.size;
    while (at < end) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL)
            break;
        count++;
        at++;
    }
    return count;
}

/* Pass the lines before the next that may have a hit, within `end`. */
static dits_error *skip_ahead(struct lines *lines, size_t end)
{
    size_t ahead = 0;
    struct slice rest =
        slice_of(lines->window + lines->start, end - lines->start);
    TRY(grep_pattern_ahead(lines->search->pattern, rest, &ahead));
    while (ahead > 0 && ahead < rest.size && rest.data[ahead - 1] != '\n')
        ahead--;
    rest.size = ahead;
    if (!tells_lines(lines) ||
        (lines->after == 0 && lines->search->options->before == 0)) {
        lines->number += count_newlines(rest);
        lines->start += ahead;
        return NULL;
    }
    for (size_t stop = lines->start + ahead; lines->start < stop;) {
        uint8_t *line = lines->window + lines->start;
        uint8_t *newline = memchr(line, '\n', stop - lines->start);
        size_t size = newline != NULL ? (size_t)(newline - line)
                                      : stop - lines->start;
        TRY(pass_line(lines, slice_of(line, size)));
        lines->number++;
        lines->start += size + (newline != NULL);
    }
    return NULL;
}

/* The whole lines of the window, up to `end`. */
static dits_error *take_lines(struct lines *lines, size_t end)
{
    while (lines->start < end && !lines->is_done) {
        bool can_skip = !lines->in_line && !lines->search->options->invert;
        if (can_skip)
            TRY(skip_ahead(lines, end));
        if (lines->start >= end)
            return NULL;
        uint8_t *line = lines->window + lines->start;
        uint8_t *newline = memchr(line, '\n', end - lines->start);
        size_t size = newline != NULL ? (size_t)(newline - line)
                                      : end - lines->start;
        const struct grep_part part = {.bytes = slice_of(line, size),
                                       .starts_line = !lines->in_line,
                                       .ends_line = true};
        TRY(take_line(lines, &part));
        lines->in_line = false;
        lines->line_matched = false;
        lines->number++;
        lines->start += size + (newline != NULL);
    }
    return NULL;
}

/* The window is full of one line: what is in it is remembered, and dropped. */
static dits_error *take_piece(struct lines *lines)
{
    struct dits_grep_span span = {0};
    const struct grep_part part = {
        .bytes =
            slice_of(lines->window + lines->start, lines->end - lines->start),
        .starts_line = !lines->in_line,
    };
    if (!lines->line_matched)
        TRY(grep_pattern_find(lines->search->pattern, &part, 0, &span,
                              &lines->line_matched));
    size_t overlap = part.bytes.size / 2 < OVERLAP ? part.bytes.size / 2
                                                   : OVERLAP;
    lines->in_line = true;
    lines->start = lines->end - overlap;
    return NULL;
}

static size_t end_of_lines(const struct lines *lines)
{
    if (lines->is_last)
        return lines->end;
    const uint8_t *newline =
        memrchr(lines->window + lines->start, '\n', lines->end - lines->start);
    return newline != NULL ? (size_t)(newline - lines->window) + 1
                           : lines->start;
}

static bool is_binary(const struct lines *lines)
{
    size_t size = lines->end < LOOK_BYTES ? lines->end : LOOK_BYTES;
    return !lines->search->options->as_text && size > 0 &&
           memchr(lines->window, 0, size) != NULL;
}

static dits_error *search_all(struct lines *lines)
{
    TRY(fill(lines));
    lines->result.is_binary = is_binary(lines);
    if (lines->result.is_binary && lines->search->options->skip_binary)
        return NULL;
    for (;;) {
        TRY(context_check(lines->search->context));
        size_t end = end_of_lines(lines);
        if (end == lines->start &&
            lines->end - lines->start >= max_window(lines))
            TRY(take_piece(lines));
        else
            TRY(take_lines(lines, end));
        if (lines->is_done || lines->is_last)
            return NULL;
        TRY(fill(lines));
    }
}

dits_error *grep_lines(const struct grep_search *search,
                       struct grep_source *source, struct grep_result *out)
{
    CLEANUP(lines_release)
    struct lines lines = {.search = search, .source = source, .number = 1};
    TRY(search_all(&lines));
    *out = lines.result;
    return NULL;
}
