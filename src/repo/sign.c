#include "repo/sign.h"

#include <string.h>

#include "base/text.h"
#include "repo/config.h"
#include "sign/ssh_agent.h"
#include "sign/ssh_signature.h"

/* A key to sign with. */
struct signer {
    const dits_repo *repo;
    struct ssh_private_key key; /* perhaps its public part alone */
};

static void signer_release(struct signer *signer)
{
    ssh_private_key_release(&signer->key);
}

dits_error *sign_is_wanted(const dits_repo *repo, const struct sign_wish *wish,
                           const char *setting, bool *out)
{
    *out = wish->sign == DITS_SIGN_YES;
    if (wish->sign != DITS_SIGN_AS_SET)
        return NULL;
    return config_bool(repo, setting, false, out);
}

/* A private key, or a public one. */
static dits_error *load_file(const char *path, struct signer *signer)
{
    CLEANUP(crypt_buf_wipe) struct buf text = {0};
    TRY(fs_read_all(path, SSH_KEY_MAX, &text));
    if (!ssh_private_key_is(buf_slice(&text)))
        return ssh_key_read_line(buf_text(&text), &signer->key.blob, NULL);
    return ssh_private_key_parse(buf_slice(&text), &signer->key);
}

/* The private key that lies beside the public one, if it can be used. */
static dits_error *load_beside(const char *path, struct signer *signer)
{
    CLEANUP(text_free) char *beside = NULL;
    CLEANUP(signer_release) struct signer other = {.repo = signer->repo};
    if (!text_ends_with(path, ".pub"))
        return NULL;
    TRY(text_copy_part(path, strlen(path) - strlen(".pub"), &beside));
    if (!fs_exists(beside))
        return NULL;
    TRY_CONTEXT(load_file(beside, &other), "cannot use the key '%s'", beside);
    if (!other.key.has_secret ||
        !slice_equal(buf_slice(&other.key.blob), buf_slice(&signer->key.blob)))
        return NULL;
    signer_release(signer);
    *signer = MOVE(other);
    return NULL;
}

static dits_error *no_key(void)
{
    return error_hint(
        error_new(DITS_E_INVALID, "there is no key to sign with"),
        "Say which: dits config --user user.signingKey ~/.ssh/id_ed25519");
}

/* A literal public key, or the path of a file. */
static dits_error *find_key(const char *set, struct signer *signer)
{
    CLEANUP(text_free) char *path = NULL;
    if (set == NULL || set[0] == '\0')
        return no_key();
    bool is_marked = text_starts_with(set, "key::");
    if (is_marked || text_starts_with(set, "ssh-")) {
        TRY_CONTEXT(ssh_key_read_line(set + (is_marked ? strlen("key::") : 0),
                                      &signer->key.blob, NULL),
                    "cannot use the key '%s'", set);
        return NULL;
    }
    TRY(config_expand_path(signer->repo, set, &path));
    TRY_CONTEXT(load_file(path, signer), "cannot use the key '%s'", path);
    return signer->key.has_secret ? NULL : load_beside(path, signer);
}

static dits_error *cannot_sign(const struct signer *signer, dits_error *cause)
{
    CLEANUP(buf_release) struct buf fingerprint = {0};
    TRY(ssh_key_fingerprint(buf_slice(&signer->key.blob), &fingerprint));
    dits_error *err =
        cause != NULL
            ? error_make(DITS_E_DENIED, cause, __FILE__, __LINE__,
                         "cannot sign with the key %s", buf_text(&fingerprint))
            : error_new(DITS_E_DENIED,
                        "cannot sign with the key %s: %s and there is no "
                        "ssh-agent",
                        buf_text(&fingerprint),
                        signer->key.is_encrypted
                            ? "it is protected by a passphrase"
                            : "its private part is not at hand");
    return error_hint(err, "'ssh-add FILE' gives the key to the agent.");
}

static dits_error *ask_agent(const struct signer *signer, struct slice to_sign,
                             struct buf *out)
{
    const dits_context *context = signer->repo->context;
    const char *socket = context_options(context)->ssh_agent;
    if (socket == NULL)
        return cannot_sign(signer, NULL);
    dits_error *err = ssh_agent_sign(
        context, socket, buf_slice(&signer->key.blob), to_sign, out);
    if (err != NULL && (dits_error_has(err, DITS_E_DENIED) ||
                        dits_error_has(err, DITS_E_NOT_FOUND)))
        return cannot_sign(signer, err);
    return err;
}

/* What the agent gave is not taken on trust. */
static dits_error *check_made(struct slice message, const struct buf *signature)
{
    CLEANUP(ssh_signature_release) struct ssh_signature made = {0};
    bool good = false;
    TRY(ssh_signature_parse(buf_slice(signature), &made));
    TRY(ssh_signature_check(&made, SIGN_NAMESPACE, message, &good));
    return good ? NULL
                : error_new(DITS_E_CORRUPT, "the signature made is not right");
}

static dits_error *sign(const dits_repo *repo, const struct sign_wish *wish,
                        struct slice message, struct buf *out)
{
    CLEANUP(signer_release) struct signer signer = {.repo = repo};
    CLEANUP(buf_release) struct buf to_sign = {0};
    CLEANUP(buf_release) struct buf value = {0};
    TRY(find_key(wish->key != NULL && wish->key[0] != '\0'
                     ? wish->key
                     : config_text(repo, "user.signingkey"),
                 &signer));
    struct slice blob = buf_slice(&signer.key.blob);
    if (ssh_key_ed25519(blob) == NULL)
        return error_hint(error_new(DITS_E_UNSUPPORTED,
                                    "cannot sign with a key of the type %s",
                                    ssh_key_name(blob)),
                          "Only Ed25519 is known: ssh-keygen -t ed25519");
    TRY(ssh_signature_put_signed(slice_of_text(SIGN_NAMESPACE), "sha512",
                                 message, &to_sign));
    TRY(signer.key.has_secret
            ? ssh_signature_make(&signer.key, buf_slice(&to_sign), &value)
            : ask_agent(&signer, buf_slice(&to_sign), &value));
    TRY(ssh_signature_put(blob, SIGN_NAMESPACE, buf_slice(&value), out));
    return check_made(message, out);
}

dits_error *sign_commit(const dits_repo *repo, const struct sign_wish *wish,
                        struct commit *commit)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    bool wanted = false;
    buf_clear(&commit->signature);
    TRY(sign_is_wanted(repo, wish, "commit.gpgsign", &wanted));
    if (!wanted)
        return NULL;
    TRY(commit_encode(commit, &bytes));
    TRY_CONTEXT(sign(repo, wish, buf_slice(&bytes), &commit->signature),
                "cannot sign the commit");
    return NULL;
}

dits_error *sign_tag(const dits_repo *repo, const struct sign_wish *wish,
                     struct tag *tag)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    bool wanted = false;
    buf_clear(&tag->signature);
    TRY(sign_is_wanted(repo, wish, "tag.gpgsign", &wanted));
    if (!wanted)
        return NULL;
    TRY(tag_encode(tag, &bytes));
    TRY_CONTEXT(sign(repo, wish, buf_slice(&bytes), &tag->signature),
                "cannot sign the tag");
    return NULL;
}
