#include <dits/signature.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/sign.h"
#include "repo/signers.h"
#include "sign/ssh_signature.h"

/* An object that may be signed. */
struct signed_object {
    struct buf bytes;     /* that were signed */
    struct buf signature; /* empty: it is not signed */
    int64_t time;         /* when, as it says itself */
};

static void signed_object_release(struct signed_object *object)
{
    buf_release(&object->bytes);
    buf_release(&object->signature);
}

void dits_signature_release(struct dits_signature *signature)
{
    mem_free(signature->signer);
    mem_free(signature->key_type);
    mem_free(signature->fingerprint);
    mem_free(signature->reason);
    *signature = (struct dits_signature){0};
}

static dits_error *load_commit(struct store *store, const struct dits_oid *id,
                               struct signed_object *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(commit_load(store, id, &commit));
    out->time = commit.committer.time;
    out->signature = MOVE(commit.signature);
    return commit_encode(&commit, &out->bytes);
}

static dits_error *load_tag(struct store *store, const struct dits_oid *id,
                            struct signed_object *out)
{
    CLEANUP(tag_release) struct tag tag = {0};
    TRY(tag_load(store, id, &tag));
    out->time = tag.tagger.time;
    out->signature = MOVE(tag.signature);
    return tag_encode(&tag, &out->bytes);
}

static dits_error *load(const dits_repo *repo, const struct dits_oid *id,
                        struct signed_object *out)
{
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_find(repo->store, id, &found, &place));
    if (found && place.kind == CHUNK_TAG)
        return load_tag(repo->store, id, out);
    if (found && place.kind != CHUNK_COMMIT)
        return error_new(DITS_E_INVALID, "it is neither a commit nor a tag");
    return load_commit(repo->store, id, out);
}

/* Whose key it is: state NOT_KNOWN becomes GOOD, or has a reason. */
static dits_error *find_signer(const dits_repo *repo, struct slice key,
                               int64_t time, struct dits_signature *signature)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf answer = {0};
    CLEANUP(text_free) char *path = NULL;
    const struct signers_question question = {
        .key = key,
        .name_space = SIGN_NAMESPACE,
        .time = time,
        .offset_minutes = context_options(repo->context)->utc_offset_minutes,
    };
    bool found = false;
    const char *set = config_text(repo, "gpg.ssh.allowedsignersfile");
    if (set == NULL)
        return text_copy("gpg.ssh.allowedSignersFile is not set",
                         &signature->reason);
    TRY(config_expand_path(repo, set, &path));
    TRY_CONTEXT(fs_read_all(path, SIGNERS_FILE_MAX, &text),
                "cannot read who may sign");
    TRY_CONTEXT(signers_find(buf_slice(&text), &question, &found, &answer),
                "cannot read who may sign from '%s'", path);
    if (found)
        signature->state = DITS_SIGNATURE_GOOD;
    return buf_take_text(&answer,
                         found ? &signature->signer : &signature->reason);
}

static dits_error *set_reason(struct dits_signature *signature,
                              enum dits_signature_state state,
                              const char *reason)
{
    signature->state = state;
    return text_copy(reason, &signature->reason);
}

/* The reason is what the error says; it is no error to the caller. */
static dits_error *take_reason(struct dits_signature *signature,
                               dits_error *err, enum dits_code code,
                               enum dits_signature_state state)
{
    if (dits_error_code(err) != code)
        return err;
    dits_error *failed = set_reason(signature, state, dits_error_message(err));
    dits_error_free(err);
    return failed;
}

static dits_error *describe_key(struct slice key,
                                struct dits_signature *signature)
{
    CLEANUP(buf_release) struct buf fingerprint = {0};
    TRY(text_copy(ssh_key_name(key), &signature->key_type));
    TRY(ssh_key_fingerprint(key, &fingerprint));
    return buf_take_text(&fingerprint, &signature->fingerprint);
}

static dits_error *check(const dits_repo *repo,
                         const struct signed_object *object,
                         struct dits_signature *out)
{
    CLEANUP(ssh_signature_release) struct ssh_signature parts = {0};
    bool good = false;
    if (object->signature.size == 0)
        return NULL;
    dits_error *err =
        ssh_signature_parse(buf_slice(&object->signature), &parts);
    if (err != NULL)
        return take_reason(out, err, DITS_E_CORRUPT, DITS_SIGNATURE_BAD);
    TRY(describe_key(parts.key, out));
    err = ssh_signature_check(&parts, SIGN_NAMESPACE, buf_slice(&object->bytes),
                              &good);
    if (err != NULL)
        return take_reason(out, err, DITS_E_UNSUPPORTED,
                           DITS_SIGNATURE_NOT_CHECKED);
    if (!good)
        return set_reason(out, DITS_SIGNATURE_BAD,
                          "it is not that of what it stands in");
    out->state = DITS_SIGNATURE_NOT_KNOWN;
    return find_signer(repo, parts.key, object->time, out);
}

dits_error *dits_signature_check(dits_repo *repo, const struct dits_oid *id,
                                 struct dits_signature *out)
{
    CLEANUP(signed_object_release) struct signed_object object = {0};
    CLEANUP(dits_signature_release) struct dits_signature signature = {0};
    TRY(load(repo, id, &object));
    TRY(check(repo, &object, &signature));
    *out = MOVE(signature);
    return NULL;
}
