#include "cli/ui/file.h"

#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/diff_text.h"
#include "cli/format.h"
#include "cli/media_print.h"
#include "cli/ui/actions.h"
#include "cli/ui/thumbnails.h"

enum { SHOWN_MAX = 1 << 18, CONTEXT_LINES = 3 };

struct file_view {
    struct ui_view view;
    struct ui_file_wish wish; /* its texts are these: */
    char *path;
    char *old_path;
    char *from;
    char *to;
    char *on_disk; /* where it is in the work tree */
};

static void free_view(struct ui_view *view)
{
    struct file_view *file = (struct file_view *)view;
    char *texts[] = {file->path, file->old_path, file->from, file->to,
                     file->on_disk};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        mem_free(texts[i]);
    mem_free(file);
}

static void media_freep(dits_media **media)
{
    dits_media_free(*media);
}

static void diff_freep(dits_diff **diff)
{
    dits_diff_free(*diff);
}

/* `*out` NULL: there is no such version, or it is no media file. */
static dits_error *open_media(const struct cli *cli,
                              const struct file_view *file,
                              const struct dits_diff_side *side,
                              const char *path, dits_media **out)
{
    dits_error *err = NULL;
    *out = NULL;
    switch (side->kind) {
    case DITS_DIFF_REVISION:
        err = dits_media_open_stored(cli->repo, side->revision, path, out);
        break;
    case DITS_DIFF_STAGED:
        err = dits_media_open_stored(cli->repo, ":", path, out);
        break;
    case DITS_DIFF_WORKTREE:
        err = dits_media_open(cli->context, file->on_disk, out);
        break;
    case DITS_DIFF_EMPTY:
        return NULL;
    }
    bool is_absent = err != NULL && (dits_error_code(err) == DITS_E_NOT_FOUND ||
                                     dits_error_code(err) == DITS_E_INVALID);
    if (!is_absent)
        return err;
    dits_error_free(err); /* it was added, deleted, or is a symlink */
    return NULL;
}

static dits_error *put_line(char origin, const char *line, size_t length,
                            void *payload)
{
    const struct cli *cli = payload;
    enum color shade = origin == '+'   ? COLOR_GREEN
                       : origin == '-' ? COLOR_RED
                       : origin == '@' ? COLOR_CYAN
                                       : COLOR_RESET;
    if (length > 0 && line[length - 1] == '\n')
        length--;
    fputs(color(cli, shade), cli->out);
    if (origin != '@' && origin != '\\')
        fputc(origin, cli->out);
    (void)fwrite(line, 1, length, cli->out);
    fprintf(cli->out, "%s\n", color(cli, COLOR_RESET));
    return NULL;
}

static void put_sizes(const struct cli *cli, const struct dits_diff_file *file)
{
    char before[FORMAT_SIZE] = {0};
    char after[FORMAT_SIZE] = {0};
    format_size(file->old_size, before);
    format_size(file->new_size, after);
    if (file->old_path != NULL && file->new_path != NULL)
        fprintf(cli->out, "%s -> %s\n", before, after);
    else
        fprintf(cli->out, "%s, %s\n",
                file->old_path == NULL ? "added" : "deleted",
                file->old_path == NULL ? after : before);
}

static dits_error *put_difference(struct cli *cli, dits_diff *diff,
                                  size_t index)
{
    const struct dits_diff_file *file = dits_diff_file_at(diff, index);
    struct dits_content_change change = {0};
    bool is_media = false;
    if (file->status == 'R')
        fprintf(cli->out, "renamed from %s\n", file->old_path);
    if (file->old_mode != file->new_mode && file->old_mode != 0 &&
        file->new_mode != 0)
        fprintf(cli->out, "mode %s -> %s\n", diff_mode(file->old_mode),
                diff_mode(file->new_mode));
    TRY(dits_diff_content(diff, index, &change));
    if (change.is_text)
        return dits_diff_lines(diff, index, CONTEXT_LINES, put_line, cli);
    put_sizes(cli, file);
    return diff_media_print(cli, diff, index, cli->out, &is_media);
}

static dits_error *compare(struct cli *cli, const struct file_view *file)
{
    CLEANUP(diff_freep) dits_diff *diff = NULL;
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf old_path = {0};
    TRY(ui_put_path(file->path, &path));
    if (file->old_path != NULL)
        TRY(ui_put_path(file->old_path, &old_path));
    const char *paths[] = {buf_text(&path), buf_text(&old_path)};
    const struct dits_diff_options options = {
        .from = file->wish.from,
        .to = file->wish.to,
        .paths = {.items = paths, .count = file->old_path != NULL ? 2 : 1},
    };
    TRY(dits_diff_new(cli->repo, &options, &diff));
    for (size_t i = 0; i < dits_diff_count(diff); i++)
        TRY(put_difference(cli, diff, i));
    if (dits_diff_count(diff) == 0)
        fputs("There is no difference any more.\n", cli->out);
    return NULL;
}

/* What is in a file that nothing is known of: its text, the start of it. */
static dits_error *put_content(const struct cli *cli,
                               const struct file_view *file)
{
    CLEANUP(buf_release) struct buf content = {0};
    dits_error *err = fs_read_all(file->on_disk, SHOWN_MAX, &content);
    if (err != NULL && dits_error_code(err) == DITS_E_LIMIT) {
        dits_error_free(err); /* too large to be read by anybody */
        fputs("A large file.\n", cli->out);
        return NULL;
    }
    TRY(err);
    if (!text_is_utf8(content.data, content.size))
        fputs("Not a text.\n", cli->out);
    else
        (void)fwrite(content.data, 1, content.size, cli->out);
    return NULL;
}

static dits_error *put_media(const struct cli *cli, struct file_view *file,
                             dits_media *media)
{
    const struct media_style style = {.columns = 80};
    fputc('\n', cli->out);
    return media_text_print(cli, media, &style, file->path);
}

/* Both sides as pictures, and the details of the one that is left. */
static dits_error *put_sides(const struct cli *cli, struct file_view *file,
                             bool *out_media)
{
    CLEANUP(media_freep) dits_media *before = NULL;
    CLEANUP(media_freep) dits_media *after = NULL;
    const char *old = file->old_path != NULL ? file->old_path : file->path;
    struct thumbnails *pictures = file->view.thumbnails;
    if (!file->wish.is_untracked)
        TRY(open_media(cli, file, &file->wish.from, old, &before));
    TRY(open_media(cli, file, &file->wish.to, file->path, &after));
    *out_media = before != NULL || after != NULL;
    if (before != NULL)
        TRY(thumbnails_add(cli, before, "before", pictures));
    if (after != NULL)
        TRY(thumbnails_add(cli, after, "after", pictures));
    if (!*out_media)
        return NULL;
    return put_media(cli, file, after != NULL ? after : before);
}

static dits_error *put_all(struct cli *cli, struct file_view *file)
{
    bool is_media = false;
    if (!file->wish.is_untracked)
        TRY(compare(cli, file));
    TRY(put_sides(cli, file, &is_media));
    return file->wish.is_untracked && !is_media ? put_content(cli, file) : NULL;
}

static dits_error *load(struct cli *cli, struct ui_view *view)
{
    struct file_view *file = (struct file_view *)view;
    CLEANUP(page_stream_release) struct page_stream stream = {0};
    struct cli own = *cli;
    page_release(&view->page);
    thumbnails_free(MOVE(view->thumbnails));
    view->thumbnails = mem_new(struct thumbnails);
    if (view->thumbnails == NULL)
        return error_nomem();
    TRY(page_stream_open(&stream));
    own.out = stream.out;
    dits_error *err = put_all(&own, file);
    dits_error *closed = page_stream_close(&stream);
    if (closed == NULL) /* what was found is shown, also after a failure */
        closed = page_add(&view->page, stream.text, PAGE_NONE);
    if (err == NULL)
        return closed;
    dits_error_free(closed);
    return err;
}

static const struct ui_view_class class = {
    .keys = " j k scroll  / search  q back  ? help",
    .load = load,
    .free = free_view,
};

static dits_error *copy_wish(struct ui *ui, const struct ui_file_wish *wish,
                             struct file_view *file)
{
    file->wish = *wish;
    TRY(text_copy(wish->path, &file->path));
    TRY(text_copy_optional(wish->old_path, &file->old_path));
    TRY(text_copy_optional(wish->from.revision, &file->from));
    TRY(text_copy_optional(wish->to.revision, &file->to));
    TRY(fs_join(ui->top, wish->path, &file->on_disk));
    file->wish.from.revision = file->from;
    file->wish.to.revision = file->to;
    return buf_put_text(&file->view.title, wish->path);
}

dits_error *ui_file_open(struct ui *ui, const struct ui_file_wish *wish)
{
    struct file_view *file = mem_new(struct file_view);
    if (file == NULL)
        return error_nomem();
    file->view.class = &class;
    dits_error *err = copy_wish(ui, wish, file);
    if (err == NULL)
        return ui_open(ui, &file->view);
    buf_release(&file->view.title);
    free_view(&file->view);
    return err;
}
