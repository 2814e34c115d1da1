/*
 * dits tag - list, make and delete tags
 */
#include <string.h>

#include <dits/refs.h>

#include "base/glob.h"
#include "cli/command.h"
#include "cli/commit_text.h"
#include "cli/draft.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/table.h"

struct tag_args {
    bool annotate;
    bool sign;
    bool no_sign;
    const char *key;
    struct cli_list messages;
    const char *file;
    bool remove;
    bool force;
    bool list;
    struct cli_number lines;
    struct cli_list names;
};

static const struct cli_option options[] = {
    CLI_OPERANDS(
        "TAG", struct tag_args, names,
        "the new tag, and what it marks; what to delete; or, with '-l' or "
        "'-n', patterns of names"),
    CLI_SWITCH('a', "annotate", struct tag_args, annotate,
               "make a tag with a message, a date and a name"),
    CLI_SWITCH('s', "sign", struct tag_args, sign,
               "make a tag as with '-a', and sign it with an SSH key"),
    CLI_STRING('u', "local-user", "FILE", struct tag_args, key,
               "the same with this key; default: the setting user.signingKey"),
    CLI_SWITCH(0, "no-sign", struct tag_args, no_sign,
               "do not sign, also where tag.gpgSign says so"),
    CLI_STRINGS('m', "message", "TEXT", struct tag_args, messages,
                "the message; repeated: a paragraph each"),
    CLI_STRING('F', "file", "FILE", struct tag_args, file,
               "read the message from FILE; '-' is standard input"),
    CLI_SWITCH('d', "delete", struct tag_args, remove, "delete tags"),
    CLI_SWITCH('f', "force", struct tag_args, force,
               "replace a tag that is there already"),
    CLI_SWITCH('l', "list", struct tag_args, list,
               "list the tags, or those whose names match"),
    CLI_NUMBER('n', NULL, "NUM", struct tag_args, lines,
               "list the first line of each message too, if NUM is not 0"),
    CLI_END,
};

static const char help[] =
    "Without names, lists the tags. 'dits tag NAME [REV]' marks REV, or HEAD.\n"
    "With '-m' or '-a' the tag is an object of its own with a message. 'dits\n"
    "tag -l 'v1*'' lists those whose names match.\n";

/* What one walk over the tags carries along. */
struct listing {
    struct cli *cli;
    const struct cli_list *patterns;
    struct table table;
    bool has_messages;
};

static void listing_release(struct listing *listing)
{
    table_release(&listing->table);
}

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

static void print_json(FILE *out, const struct dits_ref *ref)
{
    struct json json = json_begin(out);
    json_string(&json, "name", ref->name);
    json_oid(&json, "commit", &ref->commit);
    json_oid(&json, "tag", &ref->tag);
    json_string(&json, "message", ref->tag_message);
    json_end(&json);
}

/* A plain tag has no message; its commit's says what it marks. */
static dits_error *add_with_message(struct listing *listing,
                                    const struct dits_ref *ref)
{
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(buf_release) struct buf subject = {0};
    const char *message = ref->tag_message;
    if (message == NULL) {
        TRY(dits_commit_load(listing->cli->repo, &ref->commit, &commit));
        message = dits_commit_message(commit);
    }
    TRY(commit_subject(message, &subject));
    return table_add(&listing->table, "%s\t%s", ref->name, buf_text(&subject));
}

static dits_error *show_tag(const struct dits_ref *ref, void *payload)
{
    struct listing *listing = payload;
    if (!glob_match_any(listing->patterns->items, listing->patterns->count,
                        ref->name, 0))
        return NULL;
    if (listing->cli->json)
        print_json(listing->cli->out, ref);
    else if (listing->has_messages)
        return add_with_message(listing, ref);
    else
        fprintf(listing->cli->out, "%s\n", ref->name);
    return NULL;
}

static dits_error *list(struct cli *cli, const struct tag_args *args)
{
    CLEANUP(listing_release)
    struct listing listing = {.cli = cli,
                              .patterns = &args->names,
                              .table = {.columns = "ll"},
                              .has_messages = args->lines.value > 0};
    TRY(dits_tag_each(cli->repo, show_tag, &listing));
    table_print(&listing.table, cli->out);
    return NULL;
}

static dits_error *remove_all(struct cli *cli, const struct cli_list *names)
{
    if (names->count == 0)
        return cli_usage(cli, "TAG is missing");
    for (size_t i = 0; i < names->count; i++) {
        struct dits_oid was = {{0}};
        char id[DITS_OID_HEX_SIZE] = {0};
        TRY_CONTEXT(dits_tag_delete(cli->repo, names->items[i], &was),
                    "cannot delete the tag '%s'", names->items[i]);
        TRY(id_short(cli, &was, id));
        if (!cli->quiet)
            fprintf(cli->out, "Deleted tag '%s' (was %s)\n", names->items[i],
                    id);
    }
    return NULL;
}

static dits_error *find_message(struct cli *cli, const struct tag_args *args,
                                struct buf *out)
{
    static const char draft[] =
        "\n"
        "# Please enter the message of the tag. Lines starting with '#' will\n"
        "# be ignored, and an empty message aborts.\n";
    CLEANUP(buf_release) struct buf text = {0};
    if (args->messages.count > 0 && args->file != NULL)
        return cli_usage(cli, "'-m' and '-F' exclude each other");
    if (args->messages.count > 0) {
        TRY(draft_join(&args->messages, &text));
        TRY(draft_clean(buf_slice(&text), false, out));
    } else if (args->file != NULL) {
        TRY(draft_read(args->file, &text));
        TRY(draft_clean(buf_slice(&text), false, out));
    } else {
        TRY(draft_edit(cli, "TAG_EDITMSG", draft, out));
    }
    if (out->size == 0)
        return error_new(DITS_E_INVALID, "the message of the tag is empty");
    return NULL;
}

static dits_error *create(struct cli *cli, const struct tag_args *args)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct cli_list *names = &args->names;
    bool signs = args->sign || args->key != NULL;
    bool has_message = args->annotate || signs || args->messages.count > 0 ||
                       args->file != NULL;
    if (names->count > 2)
        return cli_usage(cli, "unexpected '%s'", names->items[2]);
    if (signs && args->no_sign)
        return cli_usage(cli, "'-s' and '--no-sign' exclude each other");
    if (has_message)
        TRY(find_message(cli, args, &message));
    const struct dits_tag_options wanted = {
        .name = names->items[0],
        .target = names->count == 2 ? names->items[1] : NULL,
        .message = has_message ? buf_text(&message) : NULL,
        .force = args->force,
        .sign = signs           ? DITS_SIGN_YES
                : args->no_sign ? DITS_SIGN_NO
                                : DITS_SIGN_AS_SET,
        .signing_key = args->key,
    };
    return dits_tag_create(cli->repo, &wanted);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct tag_args *args = data;
    if (args->remove)
        return remove_all(cli, &args->names);
    bool lists = args->list || args->lines.is_given;
    if (args->names.count > 0 && !lists)
        return create(cli, args);
    if (args->annotate || args->sign || args->key != NULL ||
        args->messages.count > 0 || args->file != NULL)
        return cli_usage(cli, "TAG is missing");
    return list(cli, args);
}

const struct cli_command cmd_tag = {
    .name = "tag",
    .summary = "list, make and delete tags",
    .help = help,
    .group = CLI_GROUP_GROW,
    .flags = CLI_NEEDS_REPO | CLI_CHANGES | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct tag_args),
    .run = run,
};
