#include "repo/credentials.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/text.h"
#include "support/mem_fault.h"
#include "support/test.h"

#define FOLDER "/tmp/dits-credentials-XXXXXX"
#define NAS "https://nas.example:8443"
#define PIN "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

struct home {
    char folder[sizeof(FOLDER)];
    char *config;
    char *path;
    dits_context *context;
};

static dits_error *remove_one(const char *name, void *payload)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(payload, name, &path));
    return fs_remove(path);
}

static void home_release(struct home *home)
{
    dits_context_free(home->context);
    text_free(&home->config);
    text_free(&home->path);
    dits_error_free(fs_list(home->folder, remove_one, home->folder));
    dits_error_free(fs_remove(home->folder)); /* the test has its answer */
}

static dits_error *home_make(struct home *home)
{
    memcpy(home->folder, FOLDER, sizeof(FOLDER));
    if (mkdtemp(home->folder) == NULL)
        return error_new(DITS_E_IO, "no temporary folder");
    TRY(fs_join(home->folder, "config", &home->config));
    TRY(fs_join(home->folder, "credentials", &home->path));
    const struct dits_context_options options = {.user_config = home->config};
    return dits_context_new(&options, &home->context);
}

static bool has(const struct home *home, const char *server, const char *token,
                const char *pin)
{
    CLEANUP(credential_release) struct credential found = {0};
    dits_error *err = credentials_find(home->context, server, &found);
    bool same =
        err == NULL &&
        (token == NULL
             ? found.token == NULL
             : found.token != NULL && strcmp(found.token, token) == 0) &&
        (pin == NULL ? found.pin == NULL
                     : found.pin != NULL && strcmp(found.pin, pin) == 0);
    dits_error_free(err);
    return same;
}

static dits_error *keep(const struct home *home, const char *server,
                        const char *token, const char *pin)
{
    CLEANUP(credential_release) struct credential credential = {0};
    TRY(text_copy_optional(token, &credential.token));
    TRY(text_copy_optional(pin, &credential.pin));
    return credentials_set(home->context, server, &credential);
}

TEST(each_server_has_its_own)
{
    CLEANUP(home_release) struct home home = {0};
    CHECK_OK(home_make(&home));
    CHECK(has(&home, NAS, NULL, NULL));
    CHECK_OK(keep(&home, NAS, "dits_ses_1", PIN));
    CHECK_OK(keep(&home, "https://nas.example:443", "dits_ses_2", NULL));
    CHECK(has(&home, NAS, "dits_ses_1", PIN));
    CHECK(has(&home, "https://nas.example:443", "dits_ses_2", NULL));
}

TEST(what_comes_later_counts_alone)
{
    CLEANUP(home_release) struct home home = {0};
    CHECK_OK(home_make(&home));
    CHECK_OK(keep(&home, NAS, "dits_ses_1", PIN));
    CHECK_OK(keep(&home, NAS, "dits_ses_3", NULL));
    CHECK(has(&home, NAS, "dits_ses_3", NULL));
    CHECK_OK(credentials_set(home.context, NAS, NULL));
    CHECK_OK(credentials_set(home.context, NAS, NULL));
    CHECK(has(&home, NAS, NULL, NULL));
}

TEST(it_is_its_owners_alone)
{
    CLEANUP(home_release) struct home home = {0};
    CLEANUP(credential_release) struct credential found = {0};
    struct stat status;
    CHECK_OK(home_make(&home));
    CHECK_OK(keep(&home, NAS, "dits_ses_1", NULL));
    CHECK(stat(home.path, &status) == 0 && (status.st_mode & 0777) == 0600);
    CHECK(chmod(home.path, 0640) == 0);
    CHECK_FAILS(DITS_E_DENIED, credentials_find(home.context, NAS, &found));
    CHECK_FAILS(DITS_E_DENIED, keep(&home, NAS, "dits_ses_2", NULL));
}

TEST(what_is_no_token_or_pin_is_refused)
{
    CLEANUP(home_release) struct home home = {0};
    CLEANUP(credential_release) struct credential found = {0};
    static const char bad[] = "[server \"" NAS "\"]\n\ttoken = \"a\\nb\"\n";
    CHECK_OK(home_make(&home));
    CHECK_FAILS(DITS_E_CORRUPT, keep(&home, NAS, "a\nb", NULL));
    CHECK_FAILS(DITS_E_CORRUPT, keep(&home, NAS, "a", "x"));
    CHECK_OK(fs_replace_private(home.path, bad, strlen(bad)));
    CHECK_FAILS(DITS_E_CORRUPT, credentials_find(home.context, NAS, &found));
    CHECK_OK(fs_replace_private(home.path, "[", 1));
    CHECK_FAILS(DITS_E_CORRUPT, credentials_find(home.context, NAS, &found));
}

TEST(allocations_may_fail)
{
    CLEANUP(home_release) struct home home = {0};
    bool reached = true;
    CHECK_OK(home_make(&home));
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(credential_release) struct credential found = {0};
        mem_fault_arm(nth);
        dits_error *err = keep(&home, NAS, "dits_ses_1", PIN);
        if (err == NULL)
            err = credentials_find(home.context, NAS, &found);
        reached = mem_fault_disarm();
        CHECK(reached ? dits_error_has(err, DITS_E_NOMEM) : err == NULL);
        dits_error_free(err);
    }
    CHECK(has(&home, NAS, "dits_ses_1", PIN));
}
