#include "repo/git_commit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/object.h"
#include "repo/git_charset.h"

/* As object/person.c has it. */
enum { NAME_MAX_BYTES = 4096 };

/* As much as a name may have, not ending inside a character. */
static dits_error *copy_cut(const struct buf *text, char **out)
{
    size_t length = text->size;
    if (length > NAME_MAX_BYTES) {
        length = NAME_MAX_BYTES;
        while (length > 0 && (text->data[length] & 0xc0) == 0x80)
            length--;
    }
    return text_copy_part(buf_text(text), length, out);
}

/* Without what no name may hold. */
static dits_error *clean_name(struct slice text, struct slice encoding,
                              char **out)
{
    CLEANUP(buf_release) struct buf decoded = {0};
    CLEANUP(buf_release) struct buf clean = {0};
    TRY(git_charset_decode(text, encoding, &decoded));
    for (size_t i = 0; i < decoded.size; i++)
        if (strchr("<>\r\n", decoded.data[i]) == NULL)
            TRY(buf_put_u8(&clean, decoded.data[i]));
    return copy_cut(&clean, out);
}

static dits_error *decode_person(struct slice line, struct slice encoding,
                                 struct person *out)
{
    struct git_person person = {0};
    git_person_parse(line, &person);
    out->time = person.time;
    out->offset_minutes = person.offset_minutes;
    TRY(clean_name(person.name, encoding, &out->name));
    return clean_name(person.email, encoding, &out->email);
}

dits_error *git_person_put(const struct person *person, struct buf *out)
{
    int minutes = abs(person->offset_minutes);
    const char *name = person->name != NULL ? person->name : "";
    return buf_printf(out, "%s%s<%s> %" PRId64 " %c%02d%02d", name,
                      name[0] != '\0' ? " " : "",
                      person->email != NULL ? person->email : "", person->time,
                      person->offset_minutes < 0 ? '-' : '+', minutes / 60,
                      minutes % 60);
}

dits_error *git_tagger_put(const struct tag *tag, struct buf *out)
{
    const struct person *tagger = &tag->tagger;
    if (tagger->name[0] == '\0' && tagger->email[0] == '\0' &&
        tagger->time == 0)
        return NULL;
    TRY(buf_put_text(out, "tagger "));
    TRY(git_person_put(tagger, out));
    return buf_put_u8(out, '\n');
}

static dits_error *put_header(struct commit *commit, const char *name,
                              struct slice value)
{
    struct buf *headers = &commit->extra_headers;
    TRY(object_put_bytes(headers, name, strlen(name)));
    return object_put_bytes(headers, value.data, value.size);
}

bool git_header_find(const struct commit *commit, const char *name,
                     struct slice *out)
{
    struct slice found = {0};
    struct cursor in =
        cursor_over(commit->extra_headers.data, commit->extra_headers.size);
    while (cursor_left(&in) > 0) {
        dits_error *err =
            object_take_bytes(&in, commit->extra_headers.size, &found);
        if (err == NULL)
            err = object_take_bytes(&in, commit->extra_headers.size, out);
        if (err != NULL) {
            dits_error_free(err); /* commit_decode() has checked them */
            return false;
        }
        if (slice_equal(found, slice_of_text(name)))
            return true;
    }
    return false;
}

/* The line itself, where ours would not be the same. */
static dits_error *keep_person(struct commit *commit, const char *header,
                               const struct person *person, struct slice line)
{
    CLEANUP(buf_release) struct buf ours = {0};
    TRY(git_person_put(person, &ours));
    if (slice_equal(buf_slice(&ours), line))
        return NULL;
    return put_header(commit, header, line);
}

/* With a newline at the end. `*out_same`: nothing was changed. */
static dits_error *decode_message(struct slice text, struct slice encoding,
                                  char **out, bool *out_same)
{
    CLEANUP(buf_release) struct buf message = {0};
    TRY(git_charset_decode(text, encoding, &message));
    if (message.size > 0 && message.data[message.size - 1] != '\n')
        TRY(buf_put_u8(&message, '\n'));
    *out_same = slice_equal(buf_slice(&message), text);
    return buf_take_text(&message, out);
}

/* What the fields of ours do not say of git's bytes. */
static dits_error *keep_rest(const struct git_commit *from, bool same_message,
                             struct commit *out)
{
    TRY(keep_person(out, GIT_HEADER_AUTHOR, &out->author, from->author));
    TRY(keep_person(out, GIT_HEADER_COMMITTER, &out->committer,
                    from->committer));
    if (from->encoding.size > 0)
        TRY(put_header(out, GIT_HEADER_ENCODING, from->encoding));
    if (!same_message)
        TRY(put_header(out, GIT_HEADER_MESSAGE, from->message));
    if (from->others.size > 0)
        TRY(put_header(out, GIT_HEADER_OTHERS, from->others));
    return NULL;
}

dits_error *git_commit_decode(const struct git_commit *from, struct commit *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    bool same = false;
    TRY(decode_person(from->author, from->encoding, &commit.author));
    TRY(decode_person(from->committer, from->encoding, &commit.committer));
    TRY(decode_message(from->message, from->encoding, &commit.message, &same));
    TRY(keep_rest(from, same, &commit));
    *out = MOVE(commit);
    return NULL;
}

dits_error *git_tag_decode(const struct git_tag *from, struct tag *out)
{
    CLEANUP(tag_release) struct tag tag = {0};
    CLEANUP(buf_release) struct buf name = {0};
    struct slice unknown = {0};
    bool same = false;
    TRY(git_charset_decode(from->name, unknown, &name));
    if (name.size == 0)
        TRY(buf_put_text(&name, "unnamed"));
    TRY(copy_cut(&name, &tag.name));
    TRY(decode_person(from->tagger, unknown, &tag.tagger));
    TRY(decode_message(from->message, unknown, &tag.message, &same));
    *out = MOVE(tag);
    return NULL;
}
