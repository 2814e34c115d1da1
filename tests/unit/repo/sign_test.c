#include "repo/sign.h"

#include <dits/commit.h>
#include <dits/config.h>
#include <dits/refs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/text.h"
#include "support/mem_fault.h"
#include "support/ssh_keys.h"
#include "support/test.h"
#include "support/work_files.h"

/* A repository whose settings name Ada's key, and her as the one who signs. */
static dits_error *make(struct temp_repo *out)
{
    static const char signers[] = "ada@example.com " SSH_TEST_ADA_PUB "\n";
    CLEANUP(buf_release) struct buf path = {0};
    TRY(temp_repo_make(out));
    if (!work_write(out, ".dits/key", ssh_test_ada) ||
        !work_write(out, ".dits/signers", signers))
        return error_new(DITS_E_IO, "cannot write");
    TRY(buf_printf(&path, "%s/key", out->repo->dits_dir));
    TRY(dits_config_set(out->context, out->repo, DITS_CONFIG_REPO,
                        "user.signingKey", buf_text(&path)));
    buf_clear(&path);
    TRY(buf_printf(&path, "%s/signers", out->repo->dits_dir));
    return dits_config_set(out->context, out->repo, DITS_CONFIG_REPO,
                           "gpg.ssh.allowedSignersFile", buf_text(&path));
}

static dits_error *commit(struct temp_repo *temp, enum dits_sign sign,
                          struct dits_oid *out)
{
    const struct dits_commit_options options = {
        .message = "a step", .sign = sign, .allow_empty = true};
    struct dits_commit_result result = {0};
    TRY(dits_commit_create(temp->repo, &options, &result));
    *out = result.id;
    return NULL;
}

static bool state_is(struct temp_repo *temp, const struct dits_oid *id,
                     enum dits_signature_state state)
{
    struct dits_signature signature = {0};
    dits_error *err = dits_signature_check(temp->repo, id, &signature);
    bool is_so = err == NULL && signature.state == state;
    if (!is_so)
        printf("# state %d: %s\n", (int)signature.state,
               err != NULL ? dits_error_message(err) : signature.reason);
    dits_error_free(err);
    dits_signature_release(&signature);
    return is_so;
}

TEST(a_signed_commit_is_good_and_any_other_is_not)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(commit(&temp, DITS_SIGN_AS_SET, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_NONE));
    CHECK_OK(commit(&temp, DITS_SIGN_YES, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_GOOD));
    CHECK_OK(dits_config_set(temp.context, temp.repo, DITS_CONFIG_REPO,
                             "commit.gpgSign", "true"));
    CHECK_OK(commit(&temp, DITS_SIGN_AS_SET, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_GOOD));
    CHECK_OK(commit(&temp, DITS_SIGN_NO, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_NONE));
}

static dits_error *tag(struct temp_repo *temp, struct dits_oid *out)
{
    const struct dits_tag_options options = {
        .name = "v1", .message = "a tag", .sign = DITS_SIGN_YES};
    TRY(dits_tag_create(temp->repo, &options));
    return dits_revision_resolve(temp->repo, "v1", DITS_REVISION_ANY, out);
}

TEST(a_signed_tag_is_good)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(commit(&temp, DITS_SIGN_NO, &id));
    CHECK_OK(tag(&temp, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_GOOD));
}

/* Store a commit anew after a change. */
static dits_error *store(struct temp_repo *temp, const struct commit *changed,
                         struct dits_oid *out)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_oid head = {0};
    TRY(operation_begin(temp->repo, "test", &operation));
    TRY(commit_store(operation_writer(operation), changed, out));
    head = operation_head(operation)->commit;
    TRY(operation_set_ref(operation, "refs/heads/main", &head, out, "test"));
    return operation_commit(operation);
}

TEST(a_tag_without_a_message_cannot_be_signed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_tag_options options = {.name = "v1",
                                             .sign = DITS_SIGN_YES};
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(commit(&temp, DITS_SIGN_NO, &id));
    CHECK_FAILS(DITS_E_INVALID, dits_tag_create(temp.repo, &options));
}

TEST(a_signature_of_something_else_is_bad)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(commit_release) struct commit changed = {0};
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(commit(&temp, DITS_SIGN_YES, &id));
    CHECK_OK(commit_load(temp.repo->store, &id, &changed));
    changed.message[0] = 'A';
    CHECK_OK(store(&temp, &changed, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_BAD));
    changed.signature.size = 20;
    CHECK_OK(store(&temp, &changed, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_BAD));
    buf_clear(&changed.signature);
    CHECK_OK(buf_put_text(&changed.signature, ssh_test_by_ecdsa));
    CHECK_OK(store(&temp, &changed, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_NOT_CHECKED));
}

TEST(a_tree_is_neither)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_signature signature = {0};
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &id));
    CHECK_OK(dits_revision_resolve(temp.repo, "HEAD", DITS_REVISION_TREE, &id));
    CHECK_FAILS(DITS_E_INVALID,
                dits_signature_check(temp.repo, &id, &signature));
}

/* --- the same with ssh-keygen --- */

static dits_error *write_file(struct temp_repo *temp, const char *name,
                              const struct buf *bytes)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(temp->repo->dits_dir, name, &path));
    return fs_replace(path, bytes->data, bytes->size);
}

/* Take the signature of a commit off; what it signs is left. */
static dits_error *take_apart(struct temp_repo *temp, const struct dits_oid *id,
                              struct commit *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(commit_load(temp->repo->store, id, out));
    if (out->signature.size > 0)
        TRY(write_file(temp, "sig", &out->signature));
    buf_clear(&out->signature);
    TRY(commit_encode(out, &bytes));
    return write_file(temp, "payload", &bytes);
}

static bool run(const struct temp_repo *temp, const char *command)
{
    char line[512];
    snprintf(line, sizeof(line), "cd '%s' && { %s; } >log 2>&1",
             temp->repo->dits_dir, command);
    return system(line) == 0;
}

TEST(ssh_keygen_accepts_what_is_signed_here)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(commit_release) struct commit taken = {0};
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    if (!run(&temp, "command -v ssh-keygen"))
        return;
    CHECK_OK(commit(&temp, DITS_SIGN_YES, &id));
    CHECK_OK(take_apart(&temp, &id, &taken));
    CHECK(run(&temp, "ssh-keygen -Y verify -f signers -I ada@example.com "
                     "-n dits -s sig <payload"));
    CHECK(run(&temp, "! ssh-keygen -Y verify -f signers -I ada@example.com "
                     "-n git -s sig <payload"));
    CHECK(run(&temp, "echo >>payload; ! ssh-keygen -Y verify -f signers "
                     "-I ada@example.com -n dits -s sig <payload"));
}

TEST(what_ssh_keygen_signs_is_accepted_here)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(commit_release) struct commit taken = {0};
    CLEANUP(text_free) char *path = NULL;
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    if (!run(&temp, "command -v ssh-keygen"))
        return;
    CHECK_OK(commit(&temp, DITS_SIGN_NO, &id));
    CHECK_OK(take_apart(&temp, &id, &taken));
    CHECK(
        run(&temp, "chmod 600 key; ssh-keygen -Y sign -n dits -f key payload"));
    CHECK_OK(fs_join(temp.repo->dits_dir, "payload.sig", &path));
    CHECK_OK(fs_read_all(path, 4096, &taken.signature));
    CHECK_OK(store(&temp, &taken, &id));
    CHECK(state_is(&temp, &id, DITS_SIGNATURE_GOOD));
}

TEST(a_commit_that_runs_out_of_memory_changes_nothing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid before = {0};
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(commit(&temp, DITS_SIGN_NO, &before));
    for (unsigned nth = 1; nth < 10000; nth++) {
        mem_fault_arm(nth);
        dits_error *err = commit(&temp, DITS_SIGN_YES, &id);
        (void)mem_fault_disarm();
        if (err == NULL) {
            CHECK(state_is(&temp, &id, DITS_SIGNATURE_GOOD));
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(temp_repo_ref_is(&temp, "refs/heads/main", &before));
    }
    CHECK(false);
}
