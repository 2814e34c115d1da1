#include "repo/transport.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/arrival.h"
#include "repo/receiving.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

static bool path_is(const char *base, const char *url, const char *wanted)
{
    CLEANUP(text_free) char *path = NULL;
    dits_error *err = transport_local_path(base, url, &path);
    bool same = err == NULL &&
                (wanted == NULL ? path == NULL
                                : path != NULL && strcmp(path, wanted) == 0);
    dits_error_free(err);
    return same;
}

TEST(paths_are_told_from_other_addresses)
{
    CHECK(path_is(NULL, "/nas/film", "/nas/film"));
    CHECK(path_is(NULL, "../film", "../film"));
    CHECK(path_is("/work", "../film", "/work/../film"));
    CHECK(path_is("/work", "/nas", "/nas"));
    CHECK(path_is(NULL, "file:///nas/film", "/nas/film"));
    CHECK(path_is(NULL, "./a:b", "./a:b"));
    CHECK(path_is(NULL, "host:film", NULL));
    CHECK(path_is(NULL, "ssh://host/film", NULL));
    CHECK(path_is(NULL, "https://host/film", NULL));
}

static dits_error *connect(struct temp_repo *far, struct transport **out)
{
    return transport_open(far->context, NULL, far->folder, "receiving", out);
}

/* All that `far` has, into the store of `near`. */
static dits_error *bring(struct temp_repo *far, struct temp_repo *near,
                         struct bundle_list *list)
{
    CLEANUP(transport_closep) struct transport *transport = NULL;
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    CLEANUP(receiving_release) struct receiving receiving = {0};
    CLEANUP(buf_release) struct buf haves = {0};
    TRY(connect(far, &transport));
    TRY(transport->ops->list(transport, &refs));
    TRY(receiving_begin(near->repo, "receiving", &receiving));
    TRY(transport_negotiate(transport, near->repo, &haves));
    struct bundle_ref ref = {.name = refs.items[0].owned_name,
                             .id = refs.items[0].id,
                             .kind = refs.items[0].kind};
    const struct transport_wish wish = {.refs = &ref,
                                        .ref_count = 1,
                                        .haves = (const void *)haves.data,
                                        .have_count = haves.size /
                                                      sizeof(struct dits_oid)};
    const struct transport_sink sink = receiving_sink(&receiving);
    TRY(transport->ops->fetch(transport, &wish, list, &sink));
    return receiving_commit(&receiving);
}

TEST(what_both_have_is_found_and_does_not_travel)
{
    CLEANUP(temp_repo_release) struct temp_repo far = {0};
    CLEANUP(transport_closep) struct transport *transport = NULL;
    CLEANUP(buf_release) struct buf haves = {0};
    struct dits_oid ids[3] = {{{0}}, {{0}}, {{1}}};
    bool found[3] = {false, false, false};
    CHECK_OK(temp_repo_make(&far));
    CHECK_OK(temp_repo_commit(&far, "a", "one", &ids[0]));
    CHECK_OK(temp_repo_commit(&far, "a", "two", &ids[1]));
    CHECK_OK(connect(&far, &transport));
    CHECK_OK(transport->ops->has(transport, ids, 3, found));
    CHECK(found[0] && found[1] && !found[2]);
    CHECK_OK(transport_negotiate(transport, far.repo, &haves));
    CHECK(haves.size == sizeof(struct dits_oid));
    CHECK(memcmp(haves.data, &ids[1], sizeof(ids[1])) == 0);
}

TEST(what_came_is_whole)
{
    CLEANUP(temp_repo_release) struct temp_repo far = {0};
    CLEANUP(temp_repo_release) struct temp_repo near = {0};
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(arrival_release) struct arrival arrival = {0};
    struct dits_oid id = {{0}};
    CHECK_OK(temp_repo_make(&far));
    CHECK_OK(temp_repo_make(&near));
    CHECK_OK(temp_repo_commit(&far, "a", "one", &id));
    CHECK_OK(temp_repo_commit(&far, "b", "two", &id));
    CHECK_OK(bring(&far, &near, &list));
    CHECK(list.ref_count == 1 && list.need_count == 0);
    CHECK_OK(arrival_begin(near.repo, &list, "it", &arrival));
    CHECK_OK(arrival_check(&arrival, &list.refs[0]));
}

TEST(what_is_not_whole_is_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo far = {0};
    CLEANUP(temp_repo_release) struct temp_repo near = {0};
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(arrival_release) struct arrival arrival = {0};
    struct dits_oid id = {{0}};
    bool found = true;
    CHECK_OK(temp_repo_make(&far));
    CHECK_OK(temp_repo_make(&near));
    CHECK_OK(temp_repo_commit(&far, "a", "one", &id));
    CHECK_OK(bundle_list_add_ref(&list, "refs/heads/main", &id, CHUNK_COMMIT));
    CHECK_OK(bundle_list_add_need(&list, &id, slice_of_text("one")));
    CHECK_OK(arrival_find_needs(near.repo, &list, &found));
    CHECK(!found);
    list.need_count = 0;
    CHECK_OK(arrival_begin(near.repo, &list, "it", &arrival));
    CHECK_FAILS(DITS_E_CORRUPT, arrival_check(&arrival, &list.refs[0]));
    list.need_count = 1;
}

TEST(another_folder_is_no_repository)
{
    CLEANUP(temp_repo_release) struct temp_repo far = {0};
    CLEANUP(transport_closep) struct transport *transport = NULL;
    CLEANUP(buf_release) struct buf below = {0};
    CHECK_OK(temp_repo_make(&far));
    CHECK_OK(buf_printf(&below, "%s/.dits", far.folder));
    CHECK_FAILS(
        DITS_E_NOT_FOUND,
        transport_open(far.context, NULL, buf_text(&below), NULL, &transport));
    CHECK_FAILS(DITS_E_NOT_FOUND, transport_open(far.context, NULL, "/nowhere",
                                                 NULL, &transport));
    CHECK_FAILS(
        DITS_E_UNSUPPORTED,
        transport_open(far.context, NULL, "ftp://host/film", NULL, &transport));
}

TEST(bringing_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth += 1 + nth / 16) {
        CLEANUP(temp_repo_release) struct temp_repo far = {0};
        CLEANUP(temp_repo_release) struct temp_repo near = {0};
        CLEANUP(bundle_list_release) struct bundle_list list = {0};
        struct dits_oid id = {{0}};
        CHECK_OK(temp_repo_make(&far));
        CHECK_OK(temp_repo_make(&near));
        CHECK_OK(temp_repo_commit(&far, "a", "one", &id));
        mem_fault_arm(nth);
        dits_error *err = bring(&far, &near, &list);
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        dits_error_free(err); /* some are made good where they happen */
    }
}
