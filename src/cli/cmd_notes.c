/*
 * dits notes - texts about commits, written later
 */
#include <string.h>

#include <dits/notes.h>
#include <dits/refs.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/draft.h"
#include "cli/ids.h"
#include "cli/json.h"

struct notes_args {
    const char *ref;
    struct cli_list messages;
    const char *file;
    bool force;
    bool ignore_missing;
    struct cli_list operands;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("ACTION", struct notes_args, operands,
                 "'list', 'add', 'append', 'edit', 'show', 'remove' or 'copy'; "
                 "then REV, the commit, HEAD by default"),
    CLI_STRINGS('m', "message", "TEXT", struct notes_args, messages,
                "the text of the note; repeated: a paragraph each"),
    CLI_STRING('F', "file", "FILE", struct notes_args, file,
               "read the text from FILE; '-' is standard input"),
    CLI_SWITCH('f', "force", struct notes_args, force,
               "replace a note that is there already"),
    CLI_SWITCH(0, "ignore-missing", struct notes_args, ignore_missing,
               "with 'remove': it is no error when there is none"),
    CLI_STRING(0, "ref", "REF", struct notes_args, ref,
               "the notes of this name; default: 'commits'"),
    CLI_END,
};

static const char help[] =
    "Notes say something about a commit without changing it: an approval, a\n"
    "delivery, what a client said. 'dits log' and 'dits show' print them.\n"
    "Without ACTION, all notes are listed.\n"
    "\n"
    "  add [REV]       write a note; with an empty text it is removed\n"
    "  append [REV]    add a paragraph to the note\n"
    "  edit [REV]      change the note in the editor\n"
    "  show [REV]      print the note\n"
    "  remove [REV...] remove notes\n"
    "  copy FROM [TO]  write the note of FROM on TO as well\n"
    "  list [REV]      ids of notes and of their commits\n";

static void notes_freep(dits_notes **notes)
{
    dits_notes_free(*notes);
}

/* The text of the note on a revision; NULL: none. */
static dits_error *read_note(struct cli *cli, const char *ref,
                             const char *revision, char **out)
{
    CLEANUP(notes_freep) dits_notes *notes = NULL;
    struct dits_oid commit = {{0}};
    *out = NULL;
    TRY(dits_revision_resolve(cli->repo, revision, DITS_REVISION_COMMIT,
                              &commit));
    TRY(dits_notes_open(cli->repo, ref, &notes));
    return notes != NULL ? dits_notes_find(notes, &commit, out) : NULL;
}

static dits_error *no_note(const char *revision)
{
    return error_new(DITS_E_NOT_FOUND, "there is no note on '%s'", revision);
}

struct listing {
    struct cli *cli;
    const struct dits_oid *only; /* NULL: all */
    bool found;
};

static dits_error *list_note(const struct dits_oid *note,
                             const struct dits_oid *commit, void *payload)
{
    struct listing *listing = payload;
    FILE *out = listing->cli->out;
    char ids[2][DITS_OID_HEX_SIZE] = {{0}};
    if (listing->only != NULL && !dits_oid_equal(listing->only, commit))
        return NULL;
    listing->found = true;
    if (listing->cli->json) {
        struct json json = json_begin(out);
        json_oid(&json, "note", note);
        json_oid(&json, "commit", commit);
        json_end(&json);
        return NULL;
    }
    dits_oid_hex(note, ids[0]);
    dits_oid_hex(commit, ids[1]);
    if (listing->only != NULL)
        fprintf(out, "%s\n", ids[0]);
    else
        fprintf(out, "%s %s\n", ids[0], ids[1]);
    return NULL;
}

static dits_error *list(struct cli *cli, const struct notes_args *args,
                        const char *revision)
{
    CLEANUP(notes_freep) dits_notes *notes = NULL;
    struct dits_oid commit = {{0}};
    struct listing listing = {.cli = cli};
    if (revision != NULL) {
        TRY(dits_revision_resolve(cli->repo, revision, DITS_REVISION_COMMIT,
                                  &commit));
        listing.only = &commit;
    }
    TRY(dits_notes_open(cli->repo, args->ref, &notes));
    if (notes != NULL)
        TRY(dits_notes_each(notes, list_note, &listing));
    return revision == NULL || listing.found ? NULL : no_note(revision);
}

static dits_error *show(struct cli *cli, const struct notes_args *args,
                        const char *revision)
{
    CLEANUP(text_free) char *text = NULL;
    TRY(read_note(cli, args->ref, revision, &text));
    if (text == NULL)
        return no_note(revision);
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_string(&json, "text", text);
        json_end(&json);
    } else {
        fputs(text, cli->out);
    }
    return NULL;
}

/* What the user wants to say: options, or the editor with `old` in it. */
static dits_error *find_text(struct cli *cli, const struct notes_args *args,
                             const char *old, struct buf *out)
{
    CLEANUP(buf_release) struct buf draft = {0};
    if (args->messages.count > 0 && args->file != NULL)
        return cli_usage(cli, "'-m' and '-F' exclude each other");
    if (args->messages.count > 0)
        return draft_join(&args->messages, out);
    if (args->file != NULL)
        return draft_read(args->file, out);
    TRY(buf_printf(&draft,
                   "%s\n"
                   "# Write the note. Lines starting with '#' will be ignored, "
                   "and an empty\n"
                   "# text removes the note.\n",
                   old != NULL ? old : ""));
    return draft_edit(cli, "NOTES_EDITMSG", buf_text(&draft), out);
}

static dits_error *write_note(struct cli *cli,
                              const struct dits_note_options *wanted)
{
    struct dits_note_result result = {0};
    char id[DITS_OID_HEX_SIZE] = {0};
    TRY(dits_note_set(cli->repo, wanted, &result));
    TRY(id_short(cli, &result.commit, id));
    if (result.is_removed)
        cli_note(cli, "Removing note for object %s", id);
    else if (result.is_replaced)
        cli_note(cli, "Overwriting existing notes for object %s", id);
    return NULL;
}

static dits_error *change(struct cli *cli, const struct notes_args *args,
                          const char *action, const char *revision)
{
    CLEANUP(text_free) char *old = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    bool appends = strcmp(action, "append") == 0;
    bool edits = strcmp(action, "edit") == 0;
    bool has_text = args->messages.count > 0 || args->file != NULL;
    TRY(read_note(cli, args->ref, revision, &old));
    /* As git: without a text, 'add' lets a note that is there be changed. */
    edits |= !has_text && !appends && !args->force;
    TRY(find_text(cli, args, edits ? old : NULL, &text));
    const struct dits_note_options wanted = {
        .ref = args->ref,
        .commit = revision,
        .text = buf_text(&text),
        .mode = appends                ? DITS_NOTE_APPEND
                : edits || args->force ? DITS_NOTE_REPLACE
                                       : DITS_NOTE_ADD,
        .action = action,
    };
    return write_note(cli, &wanted);
}

static dits_error *copy(struct cli *cli, const struct notes_args *args,
                        const char *from, const char *to)
{
    CLEANUP(text_free) char *text = NULL;
    TRY(read_note(cli, args->ref, from, &text));
    if (text == NULL)
        return no_note(from);
    const struct dits_note_options wanted = {
        .ref = args->ref,
        .commit = to,
        .text = text,
        .mode = args->force ? DITS_NOTE_REPLACE : DITS_NOTE_ADD,
        .action = "copy",
    };
    return write_note(cli, &wanted);
}

static dits_error *remove_notes(struct cli *cli, const struct notes_args *args,
                                const char *const *revisions, size_t count)
{
    static const char *const head[] = {"HEAD"};
    if (count == 0) {
        revisions = head;
        count = 1;
    }
    TRY(dits_notes_remove(cli->repo, args->ref, revisions, count,
                          args->ignore_missing));
    for (size_t i = 0; i < count; i++)
        cli_note(cli, "Removing note for object %s", revisions[i]);
    return NULL;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0)
            return true;
    }
    return false;
}

static dits_error *run(struct cli *cli, const void *data)
{
    static const char *const changes[] = {"add", "append", "edit", NULL};
    const struct notes_args *args = data;
    size_t count = args->operands.count;
    const char *const *rest = args->operands.items;
    const char *action = count > 0 ? rest[0] : "list";
    rest += count > 0;
    count -= count > 0;
    if (strcmp(action, "remove") == 0)
        return remove_notes(cli, args, rest, count);
    bool copies = strcmp(action, "copy") == 0;
    if (count > (copies ? 2u : 1u))
        return cli_usage(cli, "unexpected '%s'", rest[count - 1]);
    if (copies && count == 0)
        return cli_usage(cli, "'copy' needs FROM");
    if (copies)
        return copy(cli, args, rest[0], count > 1 ? rest[1] : "HEAD");
    const char *revision = count > 0 ? rest[0] : "HEAD";
    if (strcmp(action, "list") == 0)
        return list(cli, args, count > 0 ? revision : NULL);
    if (strcmp(action, "show") == 0)
        return show(cli, args, revision);
    if (is_one_of(action, changes))
        return change(cli, args, action, revision);
    return error_hint(
        cli_usage(cli, "'%s' is nothing to do with notes", action),
        "See 'dits notes --help'.");
}

const struct cli_command cmd_notes = {
    .name = "notes",
    .summary = "write texts about commits",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct notes_args),
    .run = run,
};
