/*
 * Text compared by lines: the one file that knows libgit2.
 *
 * The library brings a dozen others with it, for networks and keys. Linked
 * with the program, they took two thirds of the start of every command; so it
 * is loaded here, by the commands that compare lines.
 */
#include <git2.h>

#include <string.h>

#include "base/library.h"
#include "repo/diff_private.h"

#define LIBRARY_NAME "libgit2.so." LIBGIT2_SOVERSION

/* What is used of libgit2. */
struct git {
    struct library library;
    __typeof__(git_libgit2_init) *init;
    __typeof__(git_libgit2_shutdown) *shutdown;
    __typeof__(git_diff_options_init) *options_init;
    __typeof__(git_diff_buffers) *diff_buffers;
    __typeof__(git_error_last) *error_last;
};

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

static dits_error *find_functions(struct git *git)
{
    const struct library *library = &git->library;
    TRY(library_open(LIBRARY_NAME, &git->library));
    TRY(library_find(library, "git_libgit2_init", &git->init));
    TRY(library_find(library, "git_libgit2_shutdown", &git->shutdown));
    TRY(library_find(library, "git_diff_options_init", &git->options_init));
    TRY(library_find(library, "git_diff_buffers", &git->diff_buffers));
    return library_find(library, "git_error_last", &git->error_last);
}

static void git_close(struct git *git)
{
    library_close(&git->library);
}

static dits_error *compare(const struct git *git, struct slice before,
                           struct slice after, unsigned context_lines,
                           struct lines *lines)
{
    git_diff_options options;
    int status = git->options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags |= GIT_DIFF_FORCE_TEXT;
    options.context_lines = context_lines;
    if (status == 0)
        status = git->diff_buffers(before.data, before.size, NULL, after.data,
                                   after.size, NULL, &options, NULL, NULL,
                                   on_hunk, on_line, lines);
    if (status == 0 || lines->err != NULL)
        return lines->err;
    const git_error *reason = git->error_last();
    return error_new(DITS_E_INTERNAL, "cannot compare by lines: %s",
                     reason != NULL ? reason->message : "no reason given");
}

dits_error *diff_lines(struct slice before, struct slice after,
                       unsigned context_lines, dits_diff_line_fn *fn,
                       void *payload)
{
    CLEANUP(git_close) struct git git = {0};
    struct lines lines = {.fn = fn, .payload = payload};
    dits_error *err = find_functions(&git);
    if (err != NULL)
        return error_hint(error_wrap(err, "cannot compare by lines"),
                          "Install libgit2 " LIBGIT2_SOVERSION
                          ". 'dits diff --name-status' does without it.");
    if (git.init() < 0)
        return error_new(DITS_E_INTERNAL, "libgit2 does not start");
    err = compare(&git, before, after, context_lines, &lines);
    (void)git.shutdown();
    return err;
}
