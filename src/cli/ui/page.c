#include "cli/ui/page.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

void page_release(struct page *page)
{
    for (size_t i = 0; i < page->count; i++)
        mem_free(page->lines[i].text);
    mem_free(page->lines);
    *page = (struct page){0};
}

static dits_error *add_line(struct page *page, const char *text, size_t length,
                            size_t tag)
{
    static const char more[] = "\033[2m(there is more)";
    if (page->count > PAGE_LINES_MAX)
        return NULL;
    struct page_line *lines =
        array_grown(page->lines, page->count, &page->capacity, sizeof(*lines));
    if (lines == NULL)
        return error_nomem();
    page->lines = lines;
    struct page_line *line = &page->lines[page->count];
    bool is_full = page->count == PAGE_LINES_MAX;
    TRY(text_copy_part(is_full ? more : text,
                       is_full ? sizeof(more) - 1 : length, &line->text));
    line->tag = is_full ? PAGE_NONE : tag;
    page->count++;
    return NULL;
}

dits_error *page_add(struct page *page, const char *text, size_t tag)
{
    do {
        size_t length = strcspn(text, "\n");
        TRY(add_line(page, text, length, tag));
        text += length + (text[length] == '\n');
    } while (*text != '\0');
    return NULL;
}

dits_error *page_add_heading(struct page *page, const char *text)
{
    CLEANUP(buf_release) struct buf line = {0};
    if (page->count > 0)
        TRY(page_add(page, "", PAGE_NONE));
    TRY(buf_printf(&line, "\033[1m%s", text));
    return page_add(page, buf_text(&line), PAGE_NONE);
}

dits_error *page_stream_open(struct page_stream *stream)
{
    stream->out = open_memstream(&stream->text, &stream->size);
    return stream->out != NULL ? NULL : error_nomem();
}

dits_error *page_stream_close(struct page_stream *stream)
{
    FILE *out = MOVE(stream->out);
    if (fclose(out) != 0)
        return error_nomem();
    return NULL;
}

void page_stream_release(struct page_stream *stream)
{
    if (stream->out != NULL)
        (void)fclose(stream->out);
    mem_free(stream->text);
    *stream = (struct page_stream){0};
}
