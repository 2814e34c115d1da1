#include "repo/git_known.h"

#include "base/array.h"
#include "base/mem.h"

void git_known_release(struct git_known *known)
{
    oid_map_release(&known->numbers);
    mem_free(known->outcomes);
    *known = (struct git_known){0};
}

struct git_outcome *git_known_find(const struct git_known *known,
                                   const struct dits_oid *git_id)
{
    size_t number = 0;
    if (!oid_map_find(&known->numbers, git_id, &number))
        return NULL;
    return &known->outcomes[number];
}

dits_error *git_known_want(struct git_known *known,
                           const struct dits_oid *git_id, bool *out_new)
{
    size_t number = 0;
    bool is_new = false;
    struct git_outcome *outcomes =
        array_grown(known->outcomes, known->numbers.count, &known->capacity,
                    sizeof(*outcomes));
    if (outcomes == NULL)
        return error_nomem();
    known->outcomes = outcomes;
    TRY(oid_map_add(&known->numbers, git_id, &number, &is_new));
    if (out_new != NULL)
        *out_new = is_new;
    return NULL;
}

dits_error *git_known_set(struct git_known *known,
                          const struct dits_oid *git_id, enum git_fate fate,
                          const struct dits_oid *id)
{
    TRY(git_known_want(known, git_id, NULL));
    struct git_outcome *outcome = git_known_find(known, git_id);
    outcome->fate = fate;
    outcome->id = *id;
    return NULL;
}
