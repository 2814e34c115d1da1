/* From the name of a remote to the repository that it means. */
#include <dits/transfer.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/linked.h"
#include "repo/ref_name.h"
#include "repo/remote.h"
#include "repo/transport.h"

dits_error *remote_meant(dits_repo *repo, const char *text, struct remote *out)
{
    CLEANUP(text_free) char *name = NULL;
    CLEANUP(remote_release) struct remote remote = {0};
    bool found = false;
    if (text != NULL)
        TRY(text_copy(text, &name));
    else
        TRY(remote_default(repo, &name));
    if (repo != NULL)
        TRY(remote_find(repo, name, &remote, &found));
    if (found && remote.url == NULL)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "the remote '%s' has no url", name),
            "Set one with 'dits remote set-url %s URL'.", name);
    if (!found && text == NULL)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "no remote repository specified"),
            "Name one with 'dits remote add NAME URL', or give "
            "its path.");
    if (!found) {
        remote_release(&remote);
        remote.url = MOVE(name);
    }
    *out = MOVE(remote);
    return NULL;
}

/* Settings count from the top of the main work tree, people from where they
 * are. */
dits_error *remote_connect(const dits_context *context, const dits_repo *repo,
                           const struct remote *remote, const char *task,
                           struct transport **out)
{
    CLEANUP(text_free) char *base = NULL;
    if (remote->name != NULL)
        TRY(linked_main_path(repo, &base));
    const struct transport_target target = {
        .repo = repo, .base = base, .url = remote->url, .task = task};
    return transport_connect(context, &target, out);
}

/* --- what is there --- */

static dits_error *tell(const struct transport_refs *refs,
                        dits_remote_ref_fn *fn, void *payload)
{
    const struct dits_remote_ref head = {.name = REF_HEAD,
                                         .id = refs->head_id,
                                         .commit = refs->head_id,
                                         .target = refs->head};
    if (!dits_oid_is_zero(&refs->head_id))
        TRY(fn(&head, payload));
    for (size_t i = 0; i < refs->count; i++) {
        const struct transport_ref *ref = &refs->items[i];
        const struct dits_remote_ref told = {
            .name = ref->name, .id = ref->id, .commit = ref->commit};
        TRY(fn(&told, payload));
    }
    return NULL;
}

dits_error *dits_remote_list(const dits_context *context, dits_repo *repo,
                             const char *remote_name, dits_remote_ref_fn *fn,
                             void *payload, char **out_url)
{
    CLEANUP(remote_release) struct remote remote = {0};
    CLEANUP(transport_closep) struct transport *transport = NULL;
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    TRY(remote_meant(repo, remote_name, &remote));
    TRY(remote_connect(context, repo, &remote, NULL, &transport));
    TRY_CONTEXT(transport->ops->list(transport, &refs), "cannot read '%s'",
                transport->where);
    if (out_url != NULL)
        *out_url = MOVE(remote.url);
    return tell(&refs, fn, payload);
}
