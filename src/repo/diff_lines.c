/* Text compared by lines: the one file that knows libgit2. */
#include <git2.h>

#include <string.h>

#include "repo/diff_private.h"

/* What libgit2 calls back with. */
struct lines {
    dits_diff_line_fn *fn;
    void *payload;
    dits_error *err; /* of `fn` */
};

static int tell(struct lines *lines, char origin, const char *text,
                size_t length)
{
    lines->err = lines->fn(origin, text, length, lines->payload);
    return lines->err != NULL ? GIT_EUSER : 0;
}

static int on_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk,
                   void *payload)
{
    (void)delta;
    return tell(payload, '@', hunk->header, hunk->header_len);
}

static int on_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
                   const git_diff_line *line, void *payload)
{
    const char *text = line->content;
    size_t length = line->content_len;
    (void)delta;
    (void)hunk;
    switch (line->origin) {
    case GIT_DIFF_LINE_CONTEXT:
    case GIT_DIFF_LINE_ADDITION:
    case GIT_DIFF_LINE_DELETION:
        return tell(payload, line->origin, text, length);
    case GIT_DIFF_LINE_CONTEXT_EOFNL:
    case GIT_DIFF_LINE_ADD_EOFNL:
    case GIT_DIFF_LINE_DEL_EOFNL:
        /* It comes with the newline that the text lacks before it. */
        if (length > 0 && *text == '\n') {
            text++;
            length--;
        }
        return tell(payload, '\\', text, length);
    default:
        return 0;
    }
}

dits_error *diff_lines(struct slice before, struct slice after,
                       unsigned context_lines, dits_diff_line_fn *fn,
                       void *payload)
{
    struct lines lines = {.fn = fn, .payload = payload};
    git_diff_options options;
    if (git_libgit2_init() < 0)
        return error_new(DITS_E_INTERNAL, "libgit2 does not start");
    int status = git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags |= GIT_DIFF_FORCE_TEXT;
    options.context_lines = context_lines;
    if (status == 0)
        status = git_diff_buffers(before.data, before.size, NULL, after.data,
                                  after.size, NULL, &options, NULL, NULL,
                                  on_hunk, on_line, &lines);
    const git_error *reason = git_error_last();
    dits_error *err = lines.err;
    if (status != 0 && err == NULL)
        err = error_new(DITS_E_INTERNAL, "cannot compare by lines: %s",
                        reason != NULL ? reason->message : "no reason given");
    (void)git_libgit2_shutdown();
    return err;
}
