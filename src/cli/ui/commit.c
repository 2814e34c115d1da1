/*
 * A commit: who, when, why, and the files that it changed.
 */
#include <inttypes.h>
#include <string.h>

#include <dits/commit.h>
#include <dits/diff.h>
#include <dits/notes.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/commit_text.h"
#include "cli/diff_text.h"
#include "cli/environment.h"
#include "cli/format.h"
#include "cli/ids.h"
#include "cli/paths.h"
#include "cli/ui/file.h"

struct changed_file {
    char *path;
    char *old_path; /* NULL unless renamed */
};

struct commit_view {
    struct ui_view view;
    struct dits_oid id;
    char from[DITS_OID_HEX_SIZE]; /* its first parent, or "" */
    char to[DITS_OID_HEX_SIZE];
    struct changed_file *files;
    size_t count;
    size_t capacity;
};

static void clear(struct commit_view *commit)
{
    for (size_t i = 0; i < commit->count; i++) {
        mem_free(commit->files[i].path);
        mem_free(commit->files[i].old_path);
    }
    commit->count = 0;
    page_release(&commit->view.page);
}

static void free_view(struct ui_view *view)
{
    struct commit_view *commit = (struct commit_view *)view;
    clear(commit);
    mem_free(commit->files);
    mem_free(commit);
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

static void diff_freep(dits_diff **diff)
{
    dits_diff_free(*diff);
}

static dits_error *add_file(struct commit_view *commit,
                            const struct dits_diff_file *file)
{
    struct changed_file *files = array_grown(commit->files, commit->count,
                                             &commit->capacity, sizeof(*files));
    if (files == NULL)
        return error_nomem();
    commit->files = files;
    struct changed_file *added = &commit->files[commit->count];
    const char *path = file->new_path != NULL ? file->new_path : file->old_path;
    TRY(text_copy(path, &added->path));
    added->old_path = NULL;
    commit->count++;
    return file->status == 'R' ? text_copy(file->old_path, &added->old_path)
                               : NULL;
}

static dits_error *put_name(const struct cli *cli,
                            const struct dits_diff_file *file, struct buf *out)
{
    enum color shade = file->status == 'A'   ? COLOR_GREEN
                       : file->status == 'D' ? COLOR_RED
                       : file->status == 'R' ? COLOR_CYAN
                                             : COLOR_YELLOW;
    TRY(buf_printf(out, "  %s%c%s  ", color(cli, shade), file->status,
                   color(cli, COLOR_RESET)));
    if (file->status == 'R') {
        TRY(path_quote(file->old_path, false, out));
        TRY(buf_put_text(out, " -> "));
    }
    return path_quote(file->new_path != NULL ? file->new_path : file->old_path,
                      false, out);
}

static dits_error *put_amount(const struct cli *cli,
                              const struct dits_diff_file *file,
                              const struct dits_content_change *change,
                              struct buf *out)
{
    char before[FORMAT_SIZE] = {0};
    char after[FORMAT_SIZE] = {0};
    format_size(file->old_size, before);
    format_size(file->new_size, after);
    if (change->is_text)
        return buf_printf(out, "  %s+%" PRIu64 "%s %s-%" PRIu64 "%s",
                          color(cli, COLOR_GREEN), change->lines_added,
                          color(cli, COLOR_RESET), color(cli, COLOR_RED),
                          change->lines_deleted, color(cli, COLOR_RESET));
    bool is_same = file->old_size == file->new_size;
    TRY(buf_printf(out, "  %s", color(cli, COLOR_DIM)));
    if (file->old_path != NULL && file->new_path != NULL && !is_same)
        TRY(buf_printf(out, "%s -> %s", before, after));
    else
        TRY(buf_put_text(out, file->new_path != NULL ? after : before));
    return buf_put_text(out, color(cli, COLOR_RESET));
}

/* In an editor's words, below the name: trimmed, sound replaced, and so on. */
static dits_error *put_media(const struct cli *cli, dits_diff *diff,
                             size_t index, struct page *page)
{
    CLEANUP(page_stream_release) struct page_stream stream = {0};
    bool is_media = false;
    TRY(page_stream_open(&stream));
    dits_error *err = diff_media_print(cli, diff, index, stream.out, &is_media);
    dits_error *closed = page_stream_close(&stream);
    dits_error_free(err != NULL ? closed : NULL);
    TRY(err != NULL ? err : closed);
    for (const char *at = stream.text; *at != '\0';) {
        CLEANUP(buf_release) struct buf line = {0};
        size_t length = strcspn(at, "\n");
        TRY(buf_printf(&line, "       %.*s", (int)length, at));
        TRY(page_add(page, buf_text(&line), PAGE_NONE));
        at += length + (at[length] == '\n');
    }
    return NULL;
}

static dits_error *put_file(const struct cli *cli, struct commit_view *commit,
                            dits_diff *diff, size_t index, bool is_brief)
{
    const struct dits_diff_file *file = dits_diff_file_at(diff, index);
    struct dits_content_change change = {0};
    CLEANUP(buf_release) struct buf line = {0};
    TRY(add_file(commit, file));
    TRY(put_name(cli, file, &line));
    dits_error *err = is_brief ? NULL : dits_diff_content(diff, index, &change);
    if (err == NULL)
        err = put_amount(cli, file, &change, &line);
    TRY(page_add(&commit->view.page, buf_text(&line), index));
    TRY(err);
    return is_brief || change.is_text
               ? NULL
               : put_media(cli, diff, index, &commit->view.page);
}

/* To look into files takes time: when it is stopped, names are left. */
static dits_error *put_files(const struct cli *cli, struct commit_view *commit,
                             dits_diff *diff, bool is_merge)
{
    CLEANUP(buf_release) struct buf heading = {0};
    char count[FORMAT_SIZE] = {0};
    bool is_brief = false;
    size_t files = dits_diff_count(diff);
    TRY(buf_printf(&heading, "%s file%s changed%s", format_count(files, count),
                   plural(files), is_merge ? " against its first parent" : ""));
    TRY(page_add_heading(&commit->view.page, buf_text(&heading)));
    for (size_t i = 0; i < files; i++) {
        dits_error *err = put_file(cli, commit, diff, i, is_brief);
        if (err != NULL && !dits_error_has(err, DITS_E_CANCELLED))
            return err;
        is_brief = is_brief || err != NULL;
        dits_error_free(err);
    }
    return NULL;
}

static dits_error *put_text(const struct cli *cli, const dits_commit *commit,
                            struct page *page)
{
    CLEANUP(commit_style_release)
    struct commit_style style = {
        .abbreviates = true,
        .dates = {.now = cli->now,
                  .local_minutes = cli->environment->utc_offset_minutes}};
    CLEANUP(buf_release) struct buf text = {0};
    TRY(decorations_read(cli->repo, &style.decorations));
    TRY(dits_notes_open(cli->repo, NULL, &style.notes));
    TRY(commit_text_put(cli, &style, commit, &text));
    return page_add(page, buf_text(&text), PAGE_NONE);
}

static dits_error *load(struct cli *cli, struct ui_view *view)
{
    struct commit_view *self = (struct commit_view *)view;
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(diff_freep) dits_diff *diff = NULL;
    char id[DITS_OID_HEX_SIZE] = {0};
    clear(self);
    buf_clear(&view->title);
    TRY(id_short(cli, &self->id, id));
    TRY(buf_printf(&view->title, "Commit %s", id));
    TRY(dits_commit_load(cli->repo, &self->id, &commit));
    TRY(put_text(cli, commit, &view->page));
    struct dits_diff_options wanted = {
        .from = {.kind = DITS_DIFF_EMPTY},
        .to = {.kind = DITS_DIFF_REVISION, .revision = self->to},
    };
    dits_oid_hex(&self->id, self->to);
    if (dits_commit_parent_count(commit) > 0) {
        dits_oid_hex(dits_commit_parent(commit, 0), self->from);
        wanted.from = (struct dits_diff_side){.kind = DITS_DIFF_REVISION,
                                              .revision = self->from};
    }
    TRY(dits_diff_new(cli->repo, &wanted, &diff));
    return put_files(cli, self, diff, dits_commit_parent_count(commit) > 1);
}

static dits_error *open(struct ui *ui, struct ui_view *view, size_t line)
{
    const struct commit_view *commit = (const struct commit_view *)view;
    const struct changed_file *file =
        &commit->files[view->page.lines[line].tag];
    struct ui_file_wish wish = {
        .from = {.kind = DITS_DIFF_EMPTY},
        .to = {.kind = DITS_DIFF_REVISION, .revision = commit->to},
        .path = file->path,
        .old_path = file->old_path,
    };
    if (commit->from[0] != '\0')
        wish.from = (struct dits_diff_side){.kind = DITS_DIFF_REVISION,
                                            .revision = commit->from};
    return ui_file_open(ui, &wish);
}

static const struct ui_view_class class = {
    .keys = " Enter open  j k move  / search  q back  ? help",
    .load = load,
    .open = open,
    .free = free_view,
};

dits_error *ui_commit_new(const struct dits_oid *id, struct ui_view **out)
{
    struct commit_view *commit = mem_new(struct commit_view);
    if (commit == NULL)
        return error_nomem();
    commit->view.class = &class;
    commit->id = *id;
    *out = &commit->view;
    return NULL;
}
