/*
 * cli/ui/page.h - lines of text, some of which stand for something
 */
#ifndef CLI_UI_PAGE_H
#define CLI_UI_PAGE_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"

/* A line that stands for nothing. */
#define PAGE_NONE ((size_t)-1)

enum { PAGE_LINES_MAX = 200000 };

struct page_line {
    char *text; /* with colours: see ink.h */
    size_t tag; /* what it stands for, or PAGE_NONE */
};

struct page {
    struct page_line *lines;
    size_t count;
    size_t capacity;
};

void page_release(struct page *page);

/* Add the lines of `text`, each with the tag. Past the bound they are left out,
 * and the last line says so. */
MUST_USE dits_error *page_add(struct page *page, const char *text, size_t tag);

/* A heading after an empty line: bold. */
MUST_USE dits_error *page_add_heading(struct page *page, const char *text);

/* What is printed to a stream becomes lines of a page. */
struct page_stream {
    FILE *out;
    char *text;
    size_t size;
};
MUST_USE dits_error *page_stream_open(struct page_stream *stream);
MUST_USE dits_error *page_stream_close(struct page_stream *stream);
void page_stream_release(struct page_stream *stream);

#endif
