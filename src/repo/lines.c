/*
 * Text compared and merged by lines: the one file that knows libgit2.
 *
 * The library brings a dozen others with it, for networks and keys. Linked
 * with the program, they took two thirds of the start of every command; so it
 * is loaded here, by the commands that compare lines.
 */
#include <git2.h>

#include <string.h>

#include "base/library.h"
#include "base/mem.h"
#include "repo/lines.h"

#define LIBRARY_NAME "libgit2.so." LIBGIT2_SOVERSION

/* What is used of libgit2. */
struct git {
    struct library library;
    bool is_started;
    __typeof__(git_libgit2_init) *init;
    __typeof__(git_libgit2_shutdown) *shutdown;
    __typeof__(git_diff_options_init) *options_init;
    __typeof__(git_diff_buffers) *diff_buffers;
    __typeof__(git_merge_file_options_init) *merge_options_init;
    __typeof__(git_merge_file) *merge_file;
    __typeof__(git_merge_file_result_free) *merge_result_free;
    __typeof__(git_error_last) *error_last;
};

struct lines_differ {
    struct git git;
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
    TRY(library_find(library, "git_merge_file_options_init",
                     &git->merge_options_init));
    TRY(library_find(library, "git_merge_file", &git->merge_file));
    TRY(library_find(library, "git_merge_file_result_free",
                     &git->merge_result_free));
    return library_find(library, "git_error_last", &git->error_last);
}

static void git_close(struct git *git)
{
    if (git->is_started)
        (void)git->shutdown();
    library_close(&git->library);
}

/* `what` it is needed for; `instead` is a sentence of what does without. */
static dits_error *git_open(struct git *git, const char *what,
                            const char *instead)
{
    dits_error *err = find_functions(git);
    if (err != NULL)
        return error_hint(error_wrap(err, "cannot %s by lines", what),
                          "Install libgit2 " LIBGIT2_SOVERSION ". %s", instead);
    if (git->init() < 0)
        return error_new(DITS_E_INTERNAL, "libgit2 does not start");
    git->is_started = true;
    return NULL;
}

void lines_differ_closep(struct lines_differ **differ)
{
    if (*differ == NULL)
        return;
    git_close(&(*differ)->git);
    mem_free(*differ);
    *differ = NULL;
}

static dits_error *make_ready(struct lines_differ **differ, const char *what,
                              const char *instead)
{
    if (*differ != NULL)
        return NULL;
    CLEANUP(lines_differ_closep)
    struct lines_differ *made = mem_new(struct lines_differ);
    if (made == NULL)
        return error_nomem();
    TRY(git_open(&made->git, what, instead));
    *differ = MOVE(made);
    return NULL;
}

static dits_error *failed(const struct git *git, const char *what)
{
    const git_error *reason = git->error_last();
    return error_new(DITS_E_INTERNAL, "cannot %s by lines: %s", what,
                     reason != NULL ? reason->message : "no reason given");
}

dits_error *lines_compare(struct lines_differ **differ, struct slice before,
                          struct slice after, unsigned context_lines,
                          dits_diff_line_fn *fn, void *payload)
{
    struct lines lines = {.fn = fn, .payload = payload};
    git_diff_options options;
    TRY(make_ready(differ, "compare",
                   "'dits diff --name-status' does without it."));
    const struct git *git = &(*differ)->git;
    int status = git->options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags |= GIT_DIFF_FORCE_TEXT;
    options.context_lines = context_lines;
    if (status == 0)
        status = git->diff_buffers(before.data, before.size, NULL, after.data,
                                   after.size, NULL, &options, NULL, NULL,
                                   on_hunk, on_line, &lines);
    if (status == 0 || lines.err != NULL)
        return lines.err;
    return failed(git, "compare");
}

struct hunks {
    lines_hunk_fn *fn;
    void *payload;
    dits_error *err; /* of `fn` */
};

static int tell_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk,
                     void *payload)
{
    struct hunks *hunks = payload;
    (void)delta;
    const struct lines_hunk told = {
        .old_start = (size_t)hunk->old_start,
        .old_count = (size_t)hunk->old_lines,
        .new_start = (size_t)hunk->new_start,
        .new_count = (size_t)hunk->new_lines,
    };
    hunks->err = hunks->fn(&told, hunks->payload);
    return hunks->err != NULL ? GIT_EUSER : 0;
}

dits_error *lines_hunks(struct lines_differ **differ, struct slice before,
                        struct slice after, bool ignore_space,
                        lines_hunk_fn *fn, void *payload)
{
    struct hunks hunks = {.fn = fn, .payload = payload};
    git_diff_options options;
    TRY(make_ready(differ, "compare", "'dits log -- PATH' does without it."));
    const struct git *git = &(*differ)->git;
    int status = git->options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags |= GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
    if (ignore_space)
        options.flags |= GIT_DIFF_IGNORE_WHITESPACE;
    options.context_lines = 0;
    if (status == 0)
        status = git->diff_buffers(before.data, before.size, NULL, after.data,
                                   after.size, NULL, &options, NULL, NULL,
                                   tell_hunk, NULL, &hunks);
    if (status == 0 || hunks.err != NULL)
        return hunks.err;
    return failed(git, "compare");
}

static uint32_t style_flags(enum lines_style style)
{
    switch (style) {
    case LINES_DIFF3:
        return GIT_MERGE_FILE_STYLE_DIFF3;
    case LINES_ZDIFF3:
        return GIT_MERGE_FILE_STYLE_ZDIFF3;
    case LINES_MERGE:
        break;
    }
    return GIT_MERGE_FILE_STYLE_MERGE;
}

static git_merge_file_favor_t favor_of(enum lines_favor favor)
{
    switch (favor) {
    case LINES_FAVOR_OURS:
        return GIT_MERGE_FILE_FAVOR_OURS;
    case LINES_FAVOR_THEIRS:
        return GIT_MERGE_FILE_FAVOR_THEIRS;
    case LINES_FAVOR_UNION:
        return GIT_MERGE_FILE_FAVOR_UNION;
    case LINES_FAVOR_NONE:
        break;
    }
    return GIT_MERGE_FILE_FAVOR_NORMAL;
}

static git_merge_file_input input_of(struct slice text)
{
    git_merge_file_input input = {.version = GIT_MERGE_FILE_INPUT_VERSION};
    input.ptr = text.size > 0 ? (const char *)text.data : "";
    input.size = text.size;
    return input;
}

static dits_error *merge_with(const struct git *git,
                              const struct lines_merge *merge,
                              git_merge_file_result *result)
{
    git_merge_file_options options;
    git_merge_file_input base = input_of(merge->base);
    git_merge_file_input ours = input_of(merge->ours);
    git_merge_file_input theirs = input_of(merge->theirs);
    int status =
        git->merge_options_init(&options, GIT_MERGE_FILE_OPTIONS_VERSION);
    options.ancestor_label = merge->base_label;
    options.our_label = merge->ours_label;
    options.their_label = merge->theirs_label;
    options.favor = favor_of(merge->favor);
    options.flags |= style_flags(merge->style);
    if (merge->marker_size > 0)
        options.marker_size = (unsigned short)merge->marker_size;
    if (status == 0)
        status = git->merge_file(result, &base, &ours, &theirs, &options);
    return status == 0 ? NULL : failed(git, "merge");
}

dits_error *lines_merge(struct lines_differ **differ,
                        const struct lines_merge *merge, struct buf *out,
                        bool *out_has_conflicts)
{
    git_merge_file_result result = {0};
    TRY(make_ready(differ, "merge",
                   "Files marked 'merge=binary' are merged without it."));
    TRY(merge_with(&(*differ)->git, merge, &result));
    *out_has_conflicts = !result.automergeable;
    buf_clear(out);
    dits_error *err = result.len > 0 ? buf_put(out, result.ptr, result.len)
                                     : NULL;
    (*differ)->git.merge_result_free(&result);
    return err;
}
