#include <dits/refs.h>

#include <string.h>

#include "base/buf.h"
#include "support/temp_repo.h"
#include "support/test.h"

static dits_error *describe(const struct dits_ref *ref, void *payload)
{
    return buf_printf(payload, "%s:%s;", ref->name,
                      ref->tag_message != NULL ? ref->tag_message : "-");
}

TEST(tags_are_plain_or_carry_a_message)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf found = {0};
    struct dits_oid first = {0};
    struct dits_oid was = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    struct dits_tag_options light = {.name = "light"};
    struct dits_tag_options full = {.name = "full", .message = "  hello \n\n"};
    CHECK_OK(dits_tag_create(temp.repo, &light));
    CHECK_OK(dits_tag_create(temp.repo, &full));
    CHECK_OK(dits_tag_each(temp.repo, describe, &found));
    CHECK(strcmp(buf_text(&found), "full:  hello\n;light:-;") == 0);
    CHECK_FAILS(DITS_E_EXISTS, dits_tag_create(temp.repo, &full));
    full.force = true;
    full.target = "light";
    CHECK_OK(dits_tag_create(temp.repo, &full));
    CHECK_OK(dits_tag_delete(temp.repo, "light", &was));
    CHECK(dits_oid_equal(&was, &first));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_tag_delete(temp.repo, "light", NULL));
}

TEST(tags_need_something_to_stand_for)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid first = {0};
    struct dits_tag_options tag = {.name = "v"};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_tag_create(temp.repo, &tag));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    tag.message = " \n";
    CHECK_FAILS(DITS_E_INVALID, dits_tag_create(temp.repo, &tag));
    tag.name = "a..b";
    CHECK_FAILS(DITS_E_INVALID, dits_tag_create(temp.repo, &tag));
}
