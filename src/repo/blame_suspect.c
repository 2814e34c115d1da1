#include "repo/blame_suspect.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

void suspect_release(struct suspect *suspect)
{
    mem_free(suspect->path);
    mem_free(suspect->previous_path);
    mem_free(suspect->lender_path);
    mem_free(suspect->pairs);
    buf_release(&suspect->bytes);
}

dits_error *suspect_add_pair(struct suspect *suspect, struct pair pair)
{
    struct pair *pairs = array_grown(suspect->pairs, suspect->count,
                                     &suspect->capacity, sizeof(*pairs));
    if (pairs == NULL)
        return error_nomem();
    suspect->pairs = pairs;
    suspect->pairs[suspect->count++] = pair;
    return NULL;
}

struct history_node *suspect_owner(const struct suspect *suspect)
{
    return suspect->is_lent ? suspect->lender : suspect->node;
}

const char *suspect_owner_path(const struct suspect *suspect)
{
    return suspect->is_lent ? suspect->lender_path : suspect->path;
}

bool suspect_is_for(const struct suspect *suspect,
                    const struct ancestor *ancestor,
                    const struct suspect *lender)
{
    if (suspect->node != ancestor->node ||
        suspect->is_lent != (lender != NULL) ||
        strcmp(suspect->path, ancestor->path) != 0)
        return false;
    return lender == NULL ||
           (suspect->lender == suspect_owner(lender) &&
            strcmp(suspect->lender_path, suspect_owner_path(lender)) == 0);
}

static dits_error *lend(const struct suspect *lender, struct suspect *out)
{
    if (lender == NULL)
        return NULL;
    out->is_lent = true;
    out->lender = suspect_owner(lender);
    out->previous = lender->previous;
    if (lender->previous_path != NULL)
        TRY(text_copy(lender->previous_path, &out->previous_path));
    return text_copy(suspect_owner_path(lender), &out->lender_path);
}

dits_error *suspect_make(const struct ancestor *ancestor,
                         const struct suspect *lender, struct suspect *out)
{
    CLEANUP(suspect_release)
    struct suspect made = {.node = ancestor->node, .asset = ancestor->asset};
    TRY(text_copy(ancestor->path, &made.path));
    TRY(lend(lender, &made));
    *out = MOVE(made);
    return NULL;
}
