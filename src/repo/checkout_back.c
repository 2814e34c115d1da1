/* A checkout that could not finish: back to what was there before. */
#include "base/mem.h"
#include "repo/checkout_private.h"

static void free_contextp(dits_context **context)
{
    dits_context_free(*context);
}

static void release_back(struct checkout *back)
{
    progress_end(&back->progress);
    change_list_release(&back->changes);
    mem_free(back->steps);
    checkout_forget_written(back);
}

/* The way back of each step that is done. */
static dits_error *plan_back(const struct checkout *checkout,
                             struct checkout *back)
{
    back->steps = mem_new_array(struct checkout_step, checkout->changes.count);
    if (back->steps == NULL)
        return error_nomem();
    for (size_t i = 0; i < checkout->changes.count; i++) {
        const struct change *change = &checkout->changes.items[i];
        const struct checkout_step *step = &checkout->steps[i];
        if (!step->is_done)
            continue;
        back->steps[back->changes.count] = (struct checkout_step){
            .act = step->found.mode != 0 ? CHECKOUT_WRITE : CHECKOUT_REMOVE,
            .is_there = step->act == CHECKOUT_WRITE,
            .is_dropped = step->is_dropped,
            .stat = step->stat,
        };
        TRY(change_list_add(&back->changes, change->path, change->after,
                            step->found));
    }
    return NULL;
}

static dits_error *take_back(const struct checkout *checkout)
{
    /* The user has cancelled; what follows must not be. */
    CLEANUP(free_contextp) dits_context *calm = NULL;
    CLEANUP(release_back)
    struct checkout back = {
        .options = {.task = "taking back"},
        .mutex = PTHREAD_MUTEX_INITIALIZER,
    };
    struct dits_repo repo = *checkout->repo;
    TRY(dits_context_new(context_options(repo.context), &calm));
    repo.context = calm;
    back.repo = &repo;
    TRY(plan_back(checkout, &back));
    if (back.changes.count > 0)
        TRY(checkout_do_steps(&back));
    return operation_withdraw(checkout->operation);
}

void checkout_take_back(const struct checkout *checkout)
{
    dits_error *err = take_back(checkout);
    if (err != NULL)
        log_warn(checkout->repo->context,
                 "some files are already as they were to be: %s",
                 dits_error_message(err));
    dits_error_free(err); /* what stopped the checkout matters more */
}
