#include <dits/bisect.h>

#include <dits/refs.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "repo/bisect_state.h"
#include "repo/history.h"
#include "repo/message.h"
#include "repo/pathspec.h"
#include "repo/ref_name.h"
#include "repo/switch_files.h"
#include "repo/unfinished.h"

/* One step: what was, and what shall be. */
struct step {
    dits_repo *repo;
    struct operation *operation;
    struct bisect_state before;
    struct bisect_state after;
    struct dits_bisect_status status;
};

static void step_release(struct step *step)
{
    operation_free(step->operation);
    bisect_state_release(&step->before);
    bisect_state_release(&step->after);
    dits_bisect_status_release(&step->status);
}

void dits_bisect_status_release(struct dits_bisect_status *status)
{
    mem_free(status->candidates);
    mem_free(status->bad_term);
    mem_free(status->good_term);
    *status = (struct dits_bisect_status){0};
}

static dits_error *not_active(void)
{
    return error_hint(error_new(DITS_E_NOT_FOUND, "no bisection is under way"),
                      "Begin with 'dits bisect start'.");
}

/* The state twice: once to compare with, once to change. */
static dits_error *begin(struct step *step)
{
    TRY(operation_begin(step->repo, "bisect", &step->operation));
    TRY(bisect_state_read(step->repo, &step->before));
    return bisect_state_read(step->repo, &step->after);
}

static const char *term_of(const struct bisect_state *state,
                           enum dits_bisect_mark mark)
{
    return mark == DITS_BISECT_BAD    ? state->bad_term
           : mark == DITS_BISECT_GOOD ? state->good_term
                                      : "skip";
}

/* "# bad: [ID] subject", and the command that says the same. */
static dits_error *log_mark(struct step *step, enum dits_bisect_mark mark,
                            const struct dits_oid *id)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf subject = {0};
    char hex[OID_HEX_SIZE] = "";
    const char *term = term_of(&step->after, mark);
    dits_oid_hex(id, hex);
    TRY(commit_load(step->repo->store, id, &commit));
    TRY(message_subject(commit.message, &subject));
    return buf_printf(&step->after.log, "# %s: [%s] %s\ndits bisect %s %s\n",
                      term, hex, buf_text(&subject), term, hex);
}

static dits_error *mark_id(struct step *step, enum dits_bisect_mark mark,
                           const struct dits_oid *id)
{
    struct bisect_question *question = &step->after.question;
    struct bisect_ids *ids = mark == DITS_BISECT_GOOD ? &question->goods
                                                      : &question->skips;
    if (mark == DITS_BISECT_BAD) {
        step->after.has_bad = true;
        question->bad = *id;
    } else if (!bisect_ids_have(ids, id)) {
        TRY(bisect_ids_add(ids, id));
    }
    return log_mark(step, mark, id);
}

static dits_error *mark_revision(struct step *step, enum dits_bisect_mark mark,
                                 const char *revision)
{
    struct dits_oid id = {0};
    TRY(dits_revision_resolve(step->repo, revision, DITS_REVISION_COMMIT, &id));
    return mark_id(step, mark, &id);
}

/* Where it is not so, what was fixed and what was broken cannot be told. */
static dits_error *check_goods(struct step *step)
{
    const struct bisect_question *question = &step->after.question;
    for (size_t i = 0; i < question->goods.count; i++) {
        char hex[2][OID_HEX_SIZE] = {""};
        bool contains = false;
        TRY(history_contains(step->repo, &question->bad,
                             &question->goods.items[i], &contains));
        if (contains &&
            !dits_oid_equal(&question->bad, &question->goods.items[i]))
            continue;
        dits_oid_hex(&question->goods.items[i], hex[0]);
        dits_oid_hex(&question->bad, hex[1]);
        return error_hint(
            error_new(DITS_E_INVALID,
                      "%.12s, which is %s, does not come before %.12s, which "
                      "is %s",
                      hex[0], step->after.good_term, hex[1],
                      step->after.bad_term),
            "Name a commit that the other one has in its history, or use 'dits "
            "bisect start' with --term-old and --term-new.");
    }
    return NULL;
}

static dits_error *put_first_bad(struct step *step)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf subject = {0};
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(&step->status.commit, hex);
    TRY(commit_load(step->repo->store, &step->status.commit, &commit));
    TRY(message_subject(commit.message, &subject));
    return buf_printf(&step->after.log, "# first %s commit: [%s] %s\n",
                      step->after.bad_term, hex, buf_text(&subject));
}

static dits_error *go_to(struct step *step, const char *branch,
                         const struct dits_oid *commit,
                         struct dits_switch_result *out)
{
    CLEANUP(buf_release) struct buf message = {0};
    const struct refs_head *head = operation_head(step->operation);
    char hex[OID_HEX_SIZE] = "";
    struct dits_switch_result result = {.before = head->commit,
                                        .after = *commit};
    const struct switch_files_options how = {.task = "switching"};
    dits_oid_hex(&head->commit, hex);
    TRY(buf_printf(&message, "checkout: moving from %s to ",
                   head->branch != NULL ? ref_name_short(head->branch) : hex));
    dits_oid_hex(commit, hex);
    TRY(buf_put_text(&message, branch != NULL ? ref_name_short(branch) : hex));
    TRY(unfinished_refuse(step->repo, "bisect")); /* as of 'dits switch' */
    TRY(switch_files(step->repo, step->operation, &how, &result));
    TRY(operation_set_head(step->operation, branch, commit,
                           buf_text(&message)));
    if (out != NULL)
        *out = result;
    return NULL;
}

/* Find what comes next, and go there. */
static dits_error *advance(struct step *step)
{
    struct dits_bisect_status *status = &step->status;
    const struct bisect_question *question = &step->after.question;
    status->has_bad = step->after.has_bad;
    status->good_count = question->goods.count;
    TRY(text_copy(step->after.bad_term, &status->bad_term));
    TRY(text_copy(step->after.good_term, &status->good_term));
    status->outcome = DITS_BISECT_WAITING;
    if (!status->has_bad || status->good_count == 0)
        return NULL;
    /* Once that was so, a bad one found later need not have all good ones. */
    if (!step->before.has_bad || step->before.question.goods.count == 0)
        TRY(check_goods(step));
    TRY(bisect_find(step->repo, question, status));
    if (status->outcome == DITS_BISECT_FOUND)
        TRY(put_first_bad(step));
    return status->outcome == DITS_BISECT_TESTING
               ? go_to(step, NULL, &status->commit, NULL)
               : NULL;
}

static dits_error *finish(struct step *step, struct dits_bisect_status *out)
{
    TRY(bisect_state_write(step->repo, step->operation, &step->before,
                           &step->after));
    TRY(operation_commit(step->operation));
    *out = MOVE(step->status);
    return NULL;
}

static bool term_is_valid(const char *term)
{
    static const char *const taken[] = {"start", "skip",  "reset", "log",
                                        "run",   "terms", "replay"};
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        if (strcmp(term, taken[i]) == 0)
            return false;
    }
    return ref_name_is_valid(term);
}

static dits_error *set_terms(struct step *step,
                             const struct dits_bisect_start_options *options)
{
    const char *bad = options->bad_term != NULL ? options->bad_term : "bad";
    const char *good = options->good_term != NULL ? options->good_term : "good";
    if (!term_is_valid(bad) || !term_is_valid(good) || strcmp(bad, good) == 0)
        return error_new(DITS_E_INVALID,
                         "'%s' and '%s' cannot be the terms of a bisection",
                         bad, good);
    TRY(text_copy(bad, &step->after.bad_term));
    return text_copy(good, &step->after.good_term);
}

/* Where it started; of one that is begun anew, where the first did. */
static dits_error *set_start(struct step *step)
{
    const struct refs_head *head = operation_head(step->operation);
    char hex[OID_HEX_SIZE] = "";
    if (step->before.is_active)
        return text_copy(step->before.start, &step->after.start);
    if (dits_oid_is_zero(&head->commit))
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "there is no commit yet"),
            "Make the first one with 'dits add' and 'dits commit'.");
    dits_oid_hex(&head->commit, hex);
    return text_copy(head->branch != NULL ? head->branch : hex,
                     &step->after.start);
}

static dits_error *set_paths(struct step *step, const struct dits_paths *paths)
{
    const dits_repo *repo = step->repo;
    for (size_t i = 0; i < paths->count; i++) {
        CLEANUP(text_free) char *path = NULL;
        TRY(pathspec_plain(repo->work_dir, repo->prefix, paths->items[i],
                           &path));
        TRY(bisect_state_add_path(&step->after, path));
    }
    return bisect_state_set_paths(&step->after);
}

/* The paths are kept apart; here they are for people. */
static dits_error *log_start(struct step *step)
{
    const struct dits_paths *paths = &step->after.question.paths;
    struct buf *log = &step->after.log;
    TRY(buf_put_text(log, "dits bisect start"));
    if (strcmp(step->after.bad_term, "bad") != 0 ||
        strcmp(step->after.good_term, "good") != 0)
        TRY(buf_printf(log, " --term-new=%s --term-old=%s",
                       step->after.bad_term, step->after.good_term));
    for (size_t i = 0; i < paths->count; i++)
        TRY(buf_printf(log, "%s'%s'", i == 0 ? " -- " : " ", paths->items[i]));
    return buf_put_u8(log, '\n');
}

static dits_error *mark_all(struct step *step,
                            const struct dits_bisect_start_options *options)
{
    if (options->bad != NULL)
        TRY(mark_revision(step, DITS_BISECT_BAD, options->bad));
    for (size_t i = 0; i < options->good_count; i++)
        TRY(mark_revision(step, DITS_BISECT_GOOD, options->goods[i]));
    return NULL;
}

dits_error *dits_bisect_start(dits_repo *repo,
                              const struct dits_bisect_start_options *options,
                              struct dits_bisect_status *out)
{
    CLEANUP(step_release) struct step step = {.repo = repo};
    TRY(operation_begin(repo, "bisect", &step.operation));
    TRY(bisect_state_read(repo, &step.before));
    step.after.is_active = true;
    TRY(set_terms(&step, options));
    TRY(set_start(&step));
    TRY(set_paths(&step, &options->paths));
    TRY(log_start(&step));
    TRY(mark_all(&step, options));
    TRY(advance(&step));
    return finish(&step, out);
}

dits_error *dits_bisect_mark(dits_repo *repo, enum dits_bisect_mark mark,
                             const char *const *revisions, size_t count,
                             struct dits_bisect_status *out)
{
    CLEANUP(step_release) struct step step = {.repo = repo};
    TRY(begin(&step));
    if (!step.before.is_active)
        return not_active();
    if (count == 0)
        TRY(mark_revision(&step, mark, REF_HEAD));
    for (size_t i = 0; i < count; i++)
        TRY(mark_revision(&step, mark, revisions[i]));
    TRY(advance(&step));
    return finish(&step, out);
}

dits_error *dits_bisect_log(dits_repo *repo, char **out)
{
    CLEANUP(bisect_state_release) struct bisect_state state = {0};
    TRY(bisect_state_read(repo, &state));
    return state.is_active ? buf_take_text(&state.log, out) : not_active();
}

dits_error *dits_bisect_terms(dits_repo *repo, char **out_bad, char **out_good)
{
    CLEANUP(bisect_state_release) struct bisect_state state = {0};
    TRY(bisect_state_read(repo, &state));
    if (!state.is_active)
        return not_active();
    *out_bad = MOVE(state.bad_term);
    *out_good = MOVE(state.good_term);
    return NULL;
}

/* Back to a branch, if it is still there, or to a commit. */
static dits_error *go_back(struct step *step, const char *revision,
                           struct dits_switch_result *out)
{
    CLEANUP(buf_release) struct buf branch = {0};
    struct dits_oid commit = {0};
    bool found = false;
    const char *target = revision != NULL ? revision : step->before.start;
    TRY(buf_printf(&branch, "%s%s",
                   text_starts_with(target, REF_BRANCHES) ? "" : REF_BRANCHES,
                   target));
    if (ref_name_is_full(buf_text(&branch)))
        TRY(refs_read(step->repo, buf_text(&branch), &commit, &found));
    if (!found)
        TRY(dits_revision_resolve(step->repo, target, DITS_REVISION_COMMIT,
                                  &commit));
    return go_to(step, found ? buf_text(&branch) : NULL, &commit, out);
}

dits_error *dits_bisect_reset(dits_repo *repo, const char *revision,
                              struct dits_switch_result *out, bool *out_active)
{
    CLEANUP(step_release) struct step step = {.repo = repo};
    TRY(operation_begin(repo, "bisect", &step.operation));
    TRY(bisect_state_read(repo, &step.before));
    *out_active = step.before.is_active;
    if (!step.before.is_active)
        return NULL;
    TRY(go_back(&step, revision, out));
    TRY(bisect_state_write(repo, step.operation, &step.before, &step.after));
    return operation_commit(step.operation);
}
