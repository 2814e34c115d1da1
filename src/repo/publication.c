#include "repo/publication.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "repo/arrival.h"
#include "repo/config.h"
#include "repo/history.h"
#include "repo/holder.h"
#include "repo/identity.h"
#include "repo/operation.h"
#include "repo/ref_name.h"
#include "repo/switch_files.h"
#include "repo/unfinished.h"

/* What a push to the branch of a work tree does. */
enum current_branch {
    CURRENT_REFUSE,
    CURRENT_IGNORE, /* it moves, the files stay */
    CURRENT_UPDATE, /* and the files go along */
};

struct publishing {
    const struct publication *publication;
    dits_repo *repo;
    struct operation *operation;
    struct arrival arrival;
    struct shallow_change shallow;
    struct id_set commits; /* that refs of the list lead to */
    struct id_set tags;    /* the same */
    struct buf answer;
    enum current_branch current;
    bool deny_backward;
    bool deny_deletes;
};

static void publishing_release(struct publishing *publishing)
{
    arrival_release(&publishing->arrival);
    shallow_change_release(&publishing->shallow);
    operation_freep(&publishing->operation);
    id_set_release(&publishing->commits);
    id_set_release(&publishing->tags);
    buf_release(&publishing->answer);
}

/* --- who may move --- */

static dits_error *refuse(struct transport_update *update, const char *why)
{
    return text_copy(why, &update->refused);
}

static bool is_pushable(const char *name)
{
    return ref_name_is_full(name) && (text_starts_with(name, REF_BRANCHES) ||
                                      text_starts_with(name, REF_TAGS) ||
                                      text_starts_with(name, REF_NOTES));
}

static dits_error *note_came(struct publishing *publishing)
{
    const struct bundle_list *list = publishing->publication->list;
    for (size_t i = 0; i < list->ref_count; i++)
        TRY(id_set_add(list->refs[i].kind == CHUNK_TAG ? &publishing->tags
                                                       : &publishing->commits,
                       &list->refs[i].id, NULL));
    return NULL;
}

/* Only what was gone over may be led to. */
static bool has_come(const struct publishing *publishing,
                     const struct transport_update *update)
{
    return id_set_has(update->kind == CHUNK_TAG ? &publishing->tags
                                                : &publishing->commits,
                      &update->after);
}

static bool is_current(const struct publishing *publishing, const char *name)
{
    const struct refs_head *head = operation_head(publishing->operation);
    return head->branch != NULL && strcmp(head->branch, name) == 0;
}

static dits_error *judge_current(const struct publishing *publishing,
                                 struct transport_update *update)
{
    CLEANUP(text_free) char *other = NULL;
    bool removes = dits_oid_is_zero(&update->after);
    TRY(holder_find(publishing->repo, update->name, &other));
    if (other != NULL)
        return refuse(update, "branch is checked out in a work tree there");
    if (!is_current(publishing, update->name))
        return NULL;
    if (removes)
        return refuse(update, "deletion of the current branch prohibited");
    if (publishing->current == CURRENT_REFUSE && !publishing->repo->is_bare)
        return refuse(update, "branch is currently checked out");
    return NULL;
}

static dits_error *judge_direction(const struct publishing *publishing,
                                   struct transport_update *update)
{
    bool forward = false;
    if (dits_oid_is_zero(&update->after))
        return publishing->deny_deletes ? refuse(update, "deletion prohibited")
                                        : NULL;
    if (!publishing->deny_backward || dits_oid_is_zero(&update->before) ||
        !text_starts_with(update->name, REF_BRANCHES))
        return NULL;
    TRY(history_contains(publishing->repo, &update->after, &update->before,
                         &forward));
    return forward ? NULL : refuse(update, "non-fast-forward");
}

static dits_error *judge(const struct publishing *publishing,
                         struct transport_update *update)
{
    struct dits_oid now = {0};
    bool found = false;
    bool removes = dits_oid_is_zero(&update->after);
    if (!is_pushable(update->name))
        return refuse(update, "funny refname");
    TRY(refs_read(publishing->repo, update->name, &now, &found));
    if (!found)
        now = (struct dits_oid){0};
    if (!dits_oid_equal(&now, &update->before))
        return refuse(update, "moved meanwhile: fetch first");
    if (!removes && !has_come(publishing, update))
        return refuse(update, "missing necessary objects");
    if (!removes && update->kind != CHUNK_COMMIT &&
        !text_starts_with(update->name, REF_TAGS))
        return refuse(update, "not a commit");
    TRY(judge_direction(publishing, update));
    return update->refused == NULL ? judge_current(publishing, update) : NULL;
}

static dits_error *judge_all(const struct publishing *publishing)
{
    const struct publication *publication = publishing->publication;
    bool refused = false;
    for (size_t i = 0; i < publication->count; i++) {
        TRY(judge(publishing, &publication->updates[i]));
        refused = refused || publication->updates[i].refused != NULL;
    }
    for (size_t i = 0; i < publication->count; i++)
        if (refused && publication->atomic &&
            publication->updates[i].refused == NULL)
            TRY(refuse(&publication->updates[i], "atomic push failed"));
    return NULL;
}

/* --- and that they move --- */

static dits_error *move_files(const struct publishing *publishing,
                              const struct transport_update *update)
{
    const struct switch_files_options how = {.task = "checking out"};
    struct dits_switch_result done = {.before = update->before,
                                      .after = update->after};
    if (publishing->current != CURRENT_UPDATE || publishing->repo->is_bare ||
        !is_current(publishing, update->name))
        return NULL;
    TRY(unfinished_refuse(publishing->repo, "push"));
    return switch_files(publishing->repo, publishing->operation, &how, &done);
}

static dits_error *move_all(const struct publishing *publishing)
{
    const struct publication *publication = publishing->publication;
    for (size_t i = 0; i < publication->count; i++) {
        const struct transport_update *update = &publication->updates[i];
        if (update->refused != NULL)
            continue;
        TRY(operation_set_ref(publishing->operation, update->name,
                              &update->before, &update->after, "push"));
        TRY(move_files(publishing, update));
    }
    return NULL;
}

static dits_error *read_settings(struct publishing *publishing)
{
    static const char key[] = "receive.denycurrentbranch";
    const char *current = config_text(publishing->repo, key);
    bool denies = true;
    if (current != NULL && strcasecmp(current, "ignore") == 0)
        publishing->current = CURRENT_IGNORE;
    else if (current != NULL && strcasecmp(current, "updateInstead") == 0)
        publishing->current = CURRENT_UPDATE;
    else if (current != NULL && strcasecmp(current, "refuse") != 0)
        TRY(config_bool(publishing->repo, key, true, &denies));
    if (!denies)
        publishing->current = CURRENT_IGNORE;
    TRY(config_bool(publishing->repo, "receive.denynonfastforwards", false,
                    &publishing->deny_backward));
    return config_bool(publishing->repo, "receive.denydeletes", false,
                       &publishing->deny_deletes);
}

/* Nobody's whole history becomes shallow by what others push. */
static dits_error *check_cuts(const struct publishing *publishing)
{
    if (!publishing->shallow.adds)
        return NULL;
    return error_hint(error_new(DITS_E_CONFLICT,
                                "what was pushed comes from a shallow history, "
                                "and goes on from what is not there"),
                      "Deepen it first: 'dits fetch --depth NUM'.");
}

/* --- what was answered before --- */

/* A line for each update: why it was refused, or nothing. */
static dits_error *write_answer(struct publishing *publishing)
{
    const struct publication *publication = publishing->publication;
    for (size_t i = 0; i < publication->count; i++) {
        const char *refused = publication->updates[i].refused;
        TRY(buf_printf(&publishing->answer, "%s\n",
                       refused != NULL ? refused : ""));
    }
    return NULL;
}

static dits_error *read_answer(const struct publishing *publishing)
{
    const struct publication *publication = publishing->publication;
    const char *line = buf_text(&publishing->answer);
    for (size_t i = 0; i < publication->count; i++) {
        struct transport_update *update = &publication->updates[i];
        size_t length = strcspn(line, "\n");
        text_free(&update->refused);
        if (length > 0)
            TRY(text_copy_part(line, length, &update->refused));
        line += length + (line[length] == '\n');
    }
    return NULL;
}

static dits_error *look_up(struct publishing *publishing, bool *out_found)
{
    const struct request *request = publishing->publication->request;
    *out_found = false;
    if (request == NULL)
        return NULL;
    TRY(request_find(publishing->repo, request, &publishing->answer,
                     out_found));
    return *out_found ? read_answer(publishing) : NULL;
}

static dits_error *commit(struct publishing *publishing)
{
    const struct request *request = publishing->publication->request;
    if (request != NULL) {
        TRY(write_answer(publishing));
        operation_set_request(publishing->operation, request,
                              buf_text(&publishing->answer));
    }
    TRY(operation_commit(publishing->operation));
    if (request != NULL && !operation_is_published(publishing->operation))
        TRY(request_keep(publishing->repo, request,
                         buf_text(&publishing->answer)));
    return shallow_change_finish(&publishing->shallow);
}

/* The same request may have come twice, at once. */
static dits_error *publish(struct publishing *publishing)
{
    bool is_known = false;
    TRY(operation_begin(publishing->repo, "push", &publishing->operation));
    TRY(look_up(publishing, &is_known));
    if (is_known)
        return NULL;
    TRY(arrival_plan(&publishing->arrival, &publishing->shallow));
    TRY(check_cuts(publishing));
    TRY(note_came(publishing));
    TRY(judge_all(publishing));
    TRY(arrival_note(&publishing->arrival));
    TRY(move_all(publishing));
    return commit(publishing);
}

dits_error *publication_make(const struct publication *publication)
{
    CLEANUP(publishing_release)
    struct publishing publishing = {.publication = publication,
                                    .repo = publication->repo};
    bool is_known = false;
    TRY(look_up(&publishing, &is_known));
    if (is_known)
        return NULL;
    TRY(dits_repo_set_command(publication->repo, "push, from elsewhere"));
    TRY(identity_act_as(publication->repo, publication->name,
                        publication->email));
    TRY(read_settings(&publishing));
    TRY(arrival_check_all(publishing.repo, publication->list, "what was pushed",
                          &publishing.arrival));
    return publish(&publishing);
}
