#include <string.h>

#include "base/text.h"
#include "repo/git_commit.h"
#include "repo/git_target.h"
#include "repo/git_text.h"
#include "repo/ref_name.h"

enum { LINE_BYTES = 65536 };

static const char *kind_of(const struct tag *tag)
{
    switch (tag->target_kind) {
    case CHUNK_ASSET:
        return "blob";
    case CHUNK_TAG:
        return "tag";
    case CHUNK_TREE:
        return "tree";
    case CHUNK_COMMIT:
    case CHUNK_DATA: /* no tag leads there */
    case CHUNK_LIST:
    default:
        return "commit";
    }
}

/* The object's text, as git has it. */
static dits_error *put_tag(const struct tag *tag, const char *target,
                           struct buf *out)
{
    TRY(buf_printf(out, "object %s\ntype %s\ntag %s\n", target, kind_of(tag),
                   tag->name));
    TRY(git_tagger_put(tag, out));
    return buf_printf(out, "\n%s", tag->message);
}

/* Let git store it, and say under which id. */
static dits_error *store_tag(const struct git_place *place, struct slice text,
                             struct dits_oid *out)
{
    static const char *const arguments[] = {"hash-object", "-w",      "-t",
                                            "tag",         "--stdin", NULL};
    CLEANUP(process_stop) struct process process = {0};
    CLEANUP(buf_release) struct buf line = {0};
    bool found = false;
    TRY(git_start(place, arguments, &process));
    TRY(process_put(&process, text.data, text.size));
    TRY(process_end_input(&process));
    TRY(process_line(&process, LINE_BYTES, &line, &found));
    TRY(git_finish(&process, "git refuses a tag"));
    if (!git_id_parse(buf_slice(&line), place->id_size, out))
        return error_new(DITS_E_CORRUPT, "git gives a tag no id");
    return NULL;
}

/* A folder was written as a commit of its own (git_stream_folder()). */
static dits_error *find_folder(const struct git_place *place,
                               const struct dits_oid *commit,
                               struct dits_oid *out)
{
    CLEANUP(buf_release) struct buf name = {0};
    CLEANUP(buf_release) struct buf line = {0};
    char hex[OID_HEX_SIZE];
    git_id_hex(commit, place->id_size, hex);
    TRY(buf_printf(&name, "%s^{tree}", hex));
    const char *const arguments[] = {"rev-parse", buf_text(&name), NULL};
    TRY(git_output(place, arguments, LINE_BYTES, &line));
    if (!git_id_parse(slice_of(line.data, line.size > 0 ? line.size - 1 : 0),
                      place->id_size, out))
        return error_new(DITS_E_CORRUPT, "git gives a folder no id");
    return NULL;
}

static dits_error *find_target(const struct git_place *place,
                               const struct git_target *target,
                               const struct tag *tag, struct dits_oid *out)
{
    if (!git_target_find(target, &tag->target, out))
        return error_new(DITS_E_INTERNAL,
                         "what a tag leads to was not written");
    return tag->target_kind == CHUNK_TREE ? find_folder(place, out, out) : NULL;
}

static dits_error *write_tag(const struct git_place *place,
                             const struct git_export *list,
                             const struct dits_oid *id,
                             struct git_target *target)
{
    CLEANUP(tag_release) struct tag tag = {0};
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_oid there = {0};
    char hex[OID_HEX_SIZE];
    if (git_target_find(target, id, &there))
        return NULL;
    TRY(tag_load(list->repo->store, id, &tag));
    if (tag.target_kind == CHUNK_TAG)
        TRY(write_tag(place, list, &tag.target, target));
    TRY(find_target(place, target, &tag, &there));
    git_id_hex(&there, place->id_size, hex);
    TRY(put_tag(&tag, hex, &text));
    TRY(store_tag(place, buf_slice(&text), &there));
    return git_target_add(target, id, &there);
}

dits_error *git_target_write_tags(const struct git_place *place,
                                  const struct git_export *list,
                                  struct git_target *target)
{
    for (size_t i = 0; i < list->ref_count; i++) {
        const struct git_export_ref *ref = &list->refs[i];
        if (ref->is_tag_object)
            TRY_CONTEXT(write_tag(place, list, &ref->id, target),
                        "cannot export the tag '%s'",
                        ref_name_short(ref->name));
    }
    return NULL;
}

/* What moves there. */
struct moving {
    const struct git_place *place;
    const struct git_target *target;
    bool force;
    bool is_bare;
    struct buf there;    /* lines "H ID NAME" */
    struct buf commands; /* of update-ref */
    struct dits_export_result *result;
};

static void moving_release(struct moving *moving)
{
    buf_release(&moving->there);
    buf_release(&moving->commands);
}

static dits_error *look(struct moving *moving)
{
    static const char *const list[] = {
        "for-each-ref", "--format=%(HEAD) %(objectname) %(refname)",
        "refs/heads", "refs/tags", NULL};
    static const char *const bare[] = {"rev-parse", "--is-bare-repository",
                                       NULL};
    CLEANUP(buf_release) struct buf answer = {0};
    TRY(git_output(moving->place, list, SIZE_MAX, &moving->there));
    TRY(git_output(moving->place, bare, LINE_BYTES, &answer));
    moving->is_bare = strcmp(buf_text(&answer), "true\n") == 0;
    return NULL;
}

/* What the ref is there now. */
static bool find_there(const struct moving *moving, const char *name,
                       struct dits_oid *out, bool *out_is_head)
{
    size_t digits = 2 * moving->place->id_size;
    const char *line = buf_text(&moving->there);
    while (*line != '\0') {
        size_t length = strcspn(line, "\n");
        size_t before = 2 + digits + 1;
        if (length == before + strlen(name) &&
            memcmp(line + before, name, strlen(name)) == 0) {
            *out_is_head = line[0] == '*';
            return git_id_parse(slice_of(line + 2, digits),
                                moving->place->id_size, out);
        }
        line += length + (line[length] == '\n');
    }
    return false;
}

static dits_error *is_forward(const struct moving *moving, const char *from,
                              const char *to, bool *out)
{
    const char *const arguments[] = {"merge-base", "--is-ancestor", from, to,
                                     NULL};
    CLEANUP(process_stop) struct process process = {0};
    int status = 0;
    TRY(git_start(moving->place, arguments, &process));
    TRY(process_finish(&process, &status));
    *out = status == 0;
    return status <= 1 ? NULL
                       : git_failed(&process, DITS_E_CORRUPT,
                                    "cannot compare git's branches");
}

static dits_error *refuse(const char *name, const char *why, const char *advice)
{
    return error_hint(
        error_new(DITS_E_CONFLICT, "'%s' %s", ref_name_short(name), why), "%s",
        advice);
}

static dits_error *check_move(const struct moving *moving, const char *name,
                              const char *from, const char *to)
{
    bool forward = false;
    if (moving->force)
        return NULL;
    if (text_starts_with(name, REF_TAGS))
        return refuse(name, "is a tag of something else there",
                      "Use --force to move it.");
    TRY(is_forward(moving, from, to, &forward));
    return forward ? NULL
                   : refuse(name, "has commits there that are not here",
                            "Import them first, or use --force to drop them.");
}

static dits_error *move_ref(struct moving *moving,
                            const struct git_export_ref *ref)
{
    struct dits_oid before = {0};
    struct dits_oid after = {0};
    char from[OID_HEX_SIZE];
    char to[OID_HEX_SIZE];
    bool is_head = false;
    bool found = find_there(moving, ref->name, &before, &is_head);
    if (!git_target_find(moving->target, &ref->id, &after))
        return error_new(DITS_E_INTERNAL, "'%s' was not written", ref->name);
    if (found && dits_oid_equal(&before, &after))
        return NULL;
    git_id_hex(&before, moving->place->id_size, from);
    git_id_hex(&after, moving->place->id_size, to);
    if (found)
        TRY(check_move(moving, ref->name, from, to));
    if (is_head && !moving->is_bare)
        return refuse(ref->name, "is checked out there",
                      "Go to another branch there first, or leave it with "
                      "'git switch --detach'.");
    if (text_starts_with(ref->name, REF_TAGS))
        moving->result->tags++;
    else
        moving->result->branches++;
    return buf_printf(&moving->commands, "update %s %s %s\n", ref->name, to,
                      from);
}

static dits_error *run_commands(struct moving *moving)
{
    static const char *const arguments[] = {"update-ref", "--stdin", NULL};
    CLEANUP(process_stop) struct process process = {0};
    int status = 0;
    if (moving->commands.size == 0)
        return NULL;
    TRY(git_start(moving->place, arguments, &process));
    TRY(process_put(&process, moving->commands.data, moving->commands.size));
    TRY(process_end_input(&process));
    TRY(process_finish(&process, &status));
    return status == 0 ? NULL
                       : git_failed(&process, DITS_E_CONFLICT,
                                    "git does not move its branches");
}

dits_error *git_target_move_refs(const struct git_place *place,
                                 const struct git_export *list,
                                 const struct git_target *target, bool force,
                                 struct dits_export_result *result)
{
    CLEANUP(moving_release)
    struct moving moving = {
        .place = place, .target = target, .force = force, .result = result};
    TRY(look(&moving));
    for (size_t i = 0; i < list->ref_count; i++)
        TRY(move_ref(&moving, &list->refs[i]));
    return run_commands(&moving);
}
