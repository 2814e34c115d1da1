#include "cli/draft.h"

#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/environment.h"
#include "cli/signals.h"
#include "cli/terminal.h"

dits_error *draft_join(const struct cli_list *parts, struct buf *out)
{
    for (size_t i = 0; i < parts->count; i++)
        TRY(buf_printf(out, "%s%s", i > 0 ? "\n\n" : "", parts->items[i]));
    return NULL;
}

static dits_error *read_standard_input(struct buf *out)
{
    char block[4096] = {0};
    CLEANUP(buf_release) struct buf text = buf_limited(DRAFT_MAX);
    size_t size = 0;
    while ((size = fread(block, 1, sizeof(block), stdin)) > 0)
        TRY(buf_put(&text, block, size));
    if (ferror(stdin))
        return error_new(DITS_E_IO, "cannot read standard input");
    return buf_put(out, text.data, text.size);
}

dits_error *draft_read(const char *path, struct buf *out)
{
    if (strcmp(path, "-") == 0)
        return read_standard_input(out);
    TRY_CONTEXT(fs_read_all(path, DRAFT_MAX, out),
                "cannot read the message from '%s'", path);
    return NULL;
}

/* The line that starts at `at`, without spaces at its end. */
static size_t line_length(struct slice text, size_t at, size_t *out_next)
{
    const uint8_t *newline = memchr(text.data + at, '\n', text.size - at);
    size_t end = newline != NULL ? (size_t)(newline - text.data) : text.size;
    *out_next = newline != NULL ? end + 1 : end;
    while (end > at &&
           (text.data[end - 1] == ' ' || text.data[end - 1] == '\t' ||
            text.data[end - 1] == '\r'))
        end--;
    return end - at;
}

dits_error *draft_clean(struct slice text, bool drop_comments, struct buf *out)
{
    bool wants_gap = false;
    size_t next = 0;
    if (!text_is_utf8(text.data, text.size))
        return error_new(DITS_E_INVALID, "the message is not UTF-8 text");
    for (size_t at = 0; at < text.size; at = next) {
        size_t length = line_length(text, at, &next);
        if (drop_comments && text.data[at] == '#')
            continue;
        if (length == 0) {
            wants_gap = out->size > 0;
            continue;
        }
        TRY(buf_put_text(out, wants_gap ? "\n" : ""));
        TRY(buf_put(out, text.data + at, length));
        TRY(buf_put_u8(out, '\n'));
        wants_gap = false;
    }
    return NULL;
}

dits_error *draft_edit_file(struct cli *cli, const char *path)
{
    signals_pause(cli->signals);
    dits_error *err = editor_run(cli->environment->editor, path);
    signals_resume(cli->signals);
    return err;
}

dits_error *draft_edit(struct cli *cli, const char *name, const char *draft,
                       struct buf *out)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf edited = {0};
    TRY(fs_join(dits_repo_private_dir(cli->repo), name, &path));
    TRY_CONTEXT(fs_replace(path, draft, strlen(draft)),
                "cannot prepare the message");
    TRY(draft_edit_file(cli, path));
    TRY(draft_read(path, &edited));
    return draft_clean(buf_slice(&edited), true, out);
}
