#include "repo/git_stream.h"

#include <inttypes.h>
#include <string.h>

#include "repo/git_commit.h"
#include "repo/git_text.h"
#include "repo/obliteration.h"
#include "repo/shallow.h"

enum { FLUSH_BYTES = 1 << 16 };

void git_stream_release(struct git_stream *stream)
{
    digest_free(stream->sha256);
    id_set_release(&stream->gone);
    oid_map_release(&stream->marks);
    buf_release(&stream->out);
    *stream = (struct git_stream){0};
}

dits_error *git_stream_flush(struct git_stream *stream, size_t over)
{
    if (stream->out.size <= over)
        return NULL;
    TRY(stream->write(stream->out.data, stream->out.size, stream->payload));
    buf_clear(&stream->out);
    return NULL;
}

dits_error *git_stream_begin(struct git_stream *stream)
{
    TRY(obliteration_unreadable(stream->repo, &stream->gone));
    return buf_put_text(&stream->out, "feature done\n"
                                      "feature date-format=raw-permissive\n");
}

dits_error *git_stream_end(struct git_stream *stream)
{
    if (stream->obliterated > 0)
        log_warn(stream->repo->context,
                 "%" PRIu64 " version%s of files %s obliterated: in the place "
                 "of each is a text that says so",
                 stream->obliterated, stream->obliterated == 1 ? "" : "s",
                 stream->obliterated == 1 ? "was" : "were");
    TRY(buf_put_text(&stream->out, "done\n"));
    return git_stream_flush(stream, 0);
}

dits_error *git_stream_put_data(struct git_stream *stream, struct slice data)
{
    TRY(buf_printf(&stream->out, "data %zu\n", data.size));
    TRY(buf_put(&stream->out, data.data, data.size));
    return buf_put_u8(&stream->out, '\n');
}

dits_error *git_stream_put_mark(struct git_stream *stream,
                                const struct dits_oid *id)
{
    size_t number = 0;
    bool is_new = false;
    TRY(oid_map_add(&stream->marks, id, &number, &is_new));
    return buf_printf(&stream->out, "mark :%zu\n", number + 1);
}

dits_error *git_stream_put_name(struct git_stream *stream, const char *word,
                                const struct dits_oid *id)
{
    size_t number = 0;
    char hex[OID_HEX_SIZE];
    if (oid_map_find(&stream->marks, id, &number))
        return buf_printf(&stream->out, "%s :%zu\n", word, number + 1);
    if (stream->target == NULL ||
        !oid_map_find(&stream->target->ours, id, &number))
        return error_new(DITS_E_INTERNAL, "a commit before its parent");
    git_id_hex(&stream->target->git[number], stream->target->id_size, hex);
    return buf_printf(&stream->out, "%s %s\n", word, hex);
}

/* A path is quoted where it could be taken for something else. */
static dits_error *put_path(struct buf *out, const char *path)
{
    if (path[0] != '"' && strchr(path, '\n') == NULL)
        return buf_put_text(out, path);
    TRY(buf_put_u8(out, '"'));
    for (; *path != '\0'; path++) {
        if (*path == '\n')
            TRY(buf_put_text(out, "\\n"));
        else if (*path == '"' || *path == '\\')
            TRY(buf_printf(out, "\\%c", *path));
        else
            TRY(buf_put_u8(out, (uint8_t)*path));
    }
    return buf_put_u8(out, '"');
}

static const char *mode_text(enum tree_mode mode)
{
    switch (mode) {
    case TREE_EXECUTABLE:
        return "100755";
    case TREE_SYMLINK:
        return "120000";
    case TREE_FILE:
    case TREE_FOLDER: /* not among the changes */
    default:
        return "100644";
    }
}

/*
 * What a commit changes. What goes is told first: a folder may come in the
 * place of a file, and the other way round.
 */
struct changes {
    struct git_stream *stream;
    struct buf removed;
    struct buf set;
};

static void changes_release(struct changes *changes)
{
    buf_release(&changes->removed);
    buf_release(&changes->set);
}

static dits_error *add_change(const char *path, const struct tree_entry *before,
                              const struct tree_entry *after, void *payload)
{
    struct changes *changes = payload;
    struct buf *out = after == NULL ? &changes->removed : &changes->set;
    size_t number = 0;
    (void)before;
    if (after == NULL) {
        TRY(buf_put_text(out, "D "));
    } else {
        TRY(git_stream_put_file(changes->stream, &after->id, after->mode));
        (void)oid_map_find(&changes->stream->marks, &after->id, &number);
        TRY(buf_printf(out, "M %s :%zu ", mode_text(after->mode), number + 1));
    }
    TRY(put_path(out, path));
    return buf_put_u8(out, '\n');
}

/* Extra headers may hold anything: they must not add lines to the stream. */
static bool is_one_line(struct slice text)
{
    return text.size > 0 && memchr(text.data, '\n', text.size) == NULL &&
           memchr(text.data, '\0', text.size) == NULL;
}

/* Whether git will take the line: "NAME <MAIL> TIME ZONE", and once each. */
static bool is_proper_line(struct slice line)
{
    struct git_person person = {0};
    const uint8_t *open = memchr(line.data, '<', line.size);
    const uint8_t *close = memchr(line.data, '>', line.size);
    if (open == NULL || close == NULL || close < open || !is_one_line(line))
        return false;
    size_t rest = line.size - (size_t)(close + 1 - line.data);
    if ((open > line.data && open[-1] != ' ') ||
        memchr(open + 1, '<', (size_t)(line.data + line.size - open - 1)) !=
            NULL ||
        memchr(close + 1, '>', rest) != NULL || rest < 3 || close[1] != ' ' ||
        close[2] < '0' || close[2] > '9')
        return false;
    git_person_parse(line, &person);
    const uint8_t *blank = memchr(close + 2, ' ', rest - 1);
    if (blank == NULL)
        return false;
    size_t zone = (size_t)(line.data + line.size - blank - 1);
    return zone == 5 && (blank[1] == '+' || blank[1] == '-');
}

static dits_error *put_person(struct git_stream *stream, const char *word,
                              const struct commit *commit, const char *header,
                              const struct person *person)
{
    struct slice line = {0};
    TRY(buf_printf(&stream->out, "%s ", word));
    if (git_header_find(commit, header, &line) && is_proper_line(line))
        TRY(buf_put(&stream->out, line.data, line.size));
    else
        TRY(git_person_put(person, &stream->out));
    return buf_put_u8(&stream->out, '\n');
}

static dits_error *put_message(struct git_stream *stream,
                               const struct commit *commit)
{
    struct slice encoding = {0};
    struct slice message = {0};
    if (git_header_find(commit, GIT_HEADER_ENCODING, &encoding) &&
        is_one_line(encoding)) {
        TRY(buf_put_text(&stream->out, "encoding "));
        TRY(buf_put(&stream->out, encoding.data, encoding.size));
        TRY(buf_put_u8(&stream->out, '\n'));
    }
    if (!git_header_find(commit, GIT_HEADER_MESSAGE, &message))
        message = slice_of_text(commit->message);
    return git_stream_put_data(stream, message);
}

static dits_error *put_parents(struct git_stream *stream,
                               const struct commit *commit)
{
    for (size_t i = 0; i < commit->parent_count; i++)
        TRY(git_stream_put_name(stream, i == 0 ? "from" : "merge",
                                &commit->parents[i]));
    return NULL;
}

static dits_error *put_commit(struct git_stream *stream,
                              const struct dits_oid *id,
                              const struct commit *commit)
{
    /* Without a parent it would go on from what the branch has. */
    if (commit->parent_count == 0)
        TRY(buf_printf(&stream->out, "reset %s\n", stream->ref));
    TRY(buf_printf(&stream->out, "commit %s\n", stream->ref));
    TRY(git_stream_put_mark(stream, id));
    TRY(put_person(stream, "author", commit, GIT_HEADER_AUTHOR,
                   &commit->author));
    TRY(put_person(stream, "committer", commit, GIT_HEADER_COMMITTER,
                   &commit->committer));
    TRY(put_message(stream, commit));
    return put_parents(stream, commit);
}

/* The commit, under the mark of `id`, and what differs from `before`. */
static dits_error *write_commit(struct git_stream *stream,
                                const struct dits_oid *id,
                                const struct commit *commit,
                                const struct dits_oid *before)
{
    CLEANUP(changes_release) struct changes changes = {.stream = stream};
    TRY(tree_diff(stream->repo->store, before, &commit->tree, add_change,
                  &changes));
    TRY(put_commit(stream, id, commit));
    TRY(buf_put(&stream->out, changes.removed.data, changes.removed.size));
    TRY(buf_put(&stream->out, changes.set.data, changes.set.size));
    TRY(buf_put_u8(&stream->out, '\n'));
    return git_stream_flush(stream, FLUSH_BYTES);
}

dits_error *git_stream_commit(struct git_stream *stream,
                              const struct dits_oid *id)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(commit_release) struct commit parent = {0};
    TRY(shallow_load(stream->repo, id, &commit));
    if (commit.parent_count > 0)
        TRY(commit_load(stream->repo->store, &commit.parents[0], &parent));
    return write_commit(stream, id, &commit, &parent.tree);
}

dits_error *git_stream_folder(struct git_stream *stream,
                              const struct dits_oid *tree)
{
    const struct commit commit = {.tree = *tree, .message = (char[]){""}};
    const struct dits_oid nothing = {0};
    return write_commit(stream, tree, &commit, &nothing);
}
