#include "repo/transport_wire.h"

#include <dits/transfer.h>

#include <string.h>

#include "base/mem.h"
#include "repo/arrival.h"
#include "repo/receiving.h"
#include "repo/wire_serve.h"
#include "support/temp_repo.h"
#include "support/test.h"

/*
 * The other side in this process: requests are answered when they are waited
 * for. The connection breaks after `left` answers, before or behind the work.
 */
struct loop {
    struct wire_service service;
    unsigned each;   /* answers that a connection bears; 0: any number */
    bool is_late;    /* it breaks when the work was done */
    unsigned opened; /* connections, so far */
    unsigned done;   /* requests that were carried out */
};

struct loop_channel {
    struct wire_channel channel;
    struct loop *loop;
    unsigned left;
    struct wire_sent {
        uint64_t number;
        char call[32];
        struct slice body;
    } sent[64];
    size_t count;
};

static dits_error *loop_start(struct wire_channel *channel, uint64_t number,
                              const char *call, struct slice body)
{
    struct loop_channel *self = (struct loop_channel *)channel;
    struct wire_sent *sent = &self->sent[self->count++];
    sent->number = number;
    sent->body = body;
    (void)strncpy(sent->call, call, sizeof(sent->call) - 1);
    return self->count < 64 ? NULL : error_new(DITS_E_INTERNAL, "too many");
}

static dits_error *answer(struct loop *loop, const struct wire_sent *sent,
                          struct wire_reply *out)
{
    CLEANUP(exchange_release) struct exchange exchange = {0};
    exchange_init(&exchange);
    exchange.method = "POST";
    exchange.body = sent->body;
    loop->done++;
    TRY(wire_answer(&loop->service, sent->call, &exchange));
    out->status = exchange.status;
    return buf_put(&out->body, exchange.reply.data, exchange.reply.size);
}

static dits_error *loop_finish(struct wire_channel *channel, uint64_t number,
                               struct wire_reply *out)
{
    struct loop_channel *self = (struct loop_channel *)channel;
    struct loop *loop = self->loop;
    const struct wire_sent sent = self->sent[0];
    bool breaks = loop->each > 0 && self->left-- == 0;
    if (sent.number != number)
        return error_new(DITS_E_INTERNAL, "out of turn");
    if (breaks && !loop->is_late)
        return error_new(DITS_E_NETWORK, "cut off");
    memmove(self->sent, self->sent + 1, --self->count * sizeof(sent));
    TRY(answer(loop, &sent, out));
    return breaks ? error_new(DITS_E_NETWORK, "cut off") : NULL;
}

static void loop_close(struct wire_channel *channel)
{
    mem_free(channel);
}

static const struct wire_channel_ops ops = {
    .start = loop_start, .finish = loop_finish, .close = loop_close};

static dits_error *loop_connect(struct wire_channel **out, void *payload)
{
    struct loop *loop = payload;
    struct loop_channel *self = mem_new(struct loop_channel);
    if (self == NULL)
        return error_nomem();
    self->channel.ops = &ops;
    self->loop = loop;
    self->left = loop->each;
    loop->opened++;
    *out = &self->channel;
    return NULL;
}

static void keep(void *payload)
{
    (void)payload;
}

static dits_error *open(struct temp_repo *temp, struct loop *loop,
                        struct transport **out)
{
    const struct wire_way way = {.where = "there",
                                 .task = "pushing",
                                 .connect = loop_connect,
                                 .release = keep,
                                 .payload = loop};
    loop->service = (struct wire_service){
        .repo = temp->repo, .caller = "ada", .may_write = true};
    return transport_open_wire(temp->context, &way, out);
}

/* --- fetching --- */

static dits_error *bring(struct transport *transport, struct temp_repo *near,
                         uint64_t depth, struct bundle_list *list)
{
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    CLEANUP(receiving_release) struct receiving receiving = {0};
    CLEANUP(buf_release) struct buf haves = {0};
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
                                                      sizeof(struct dits_oid),
                                        .depth = depth};
    const struct transport_sink sink = receiving_sink(&receiving);
    TRY(transport->ops->fetch(transport, &wish, list, &sink));
    return receiving_commit(&receiving);
}

static dits_error *check_whole(struct temp_repo *near,
                               const struct bundle_list *list)
{
    CLEANUP(arrival_release) struct arrival arrival = {0};
    return arrival_check_all(near->repo, list, "it", &arrival);
}

enum { COMMITS = 12 };

static dits_error *make_history(struct temp_repo *out, struct dits_oid *last)
{
    TRY(temp_repo_make(out));
    for (unsigned i = 0; i < COMMITS; i++) {
        CLEANUP(buf_release) struct buf path = {0};
        CLEANUP(buf_release) struct buf text = {0};
        TRY(buf_printf(&path, "folder/%u/file", i % 5));
        TRY(buf_printf(&text, "text %u", i));
        TRY(temp_repo_commit(out, buf_text(&path), buf_text(&text), last));
    }
    return NULL;
}

TEST(a_history_comes_whole)
{
    CLEANUP(temp_repo_release) struct temp_repo far = {0};
    CLEANUP(temp_repo_release) struct temp_repo near = {0};
    CLEANUP(transport_closep) struct transport *transport = NULL;
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    struct loop loop = {0};
    struct dits_oid last = {{0}};
    CHECK_OK(make_history(&far, &last));
    CHECK_OK(temp_repo_make(&near));
    CHECK_OK(open(&far, &loop, &transport));
    CHECK_OK(bring(transport, &near, 0, &list));
    CHECK(list.need_count == 0 && loop.opened == 1);
    CHECK_OK(check_whole(&near, &list));
}

TEST(a_history_is_cut_where_it_was_asked_for)
{
    CLEANUP(temp_repo_release) struct temp_repo far = {0};
    CLEANUP(temp_repo_release) struct temp_repo near = {0};
    CLEANUP(transport_closep) struct transport *transport = NULL;
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    struct loop loop = {0};
    struct dits_oid last = {{0}};
    uint64_t commits = 0;
    CHECK_OK(make_history(&far, &last));
    CHECK_OK(temp_repo_make(&near));
    CHECK_OK(open(&far, &loop, &transport));
    CHECK_OK(bring(transport, &near, 3, &list));
    CHECK(list.cuts.count == 1);
    CHECK_OK(check_whole(&near, &list));
    struct dits_oid ids[8] = {{{0}}};
    size_t found = 0;
    for (unsigned digit = 0; digit < 16; digit++) {
        const struct dits_oid prefix = {{(uint8_t)(digit << 4)}};
        CHECK_OK(
            store_find_prefix(near.repo->store, &prefix, 1, ids, 8, &found));
        for (size_t i = 0; i < found; i++) {
            struct chunk_place place = {0};
            bool is_there = false;
            CHECK_OK(store_find(near.repo->store, &ids[i], &is_there, &place));
            commits += place.kind == CHUNK_COMMIT;
        }
    }
    CHECK(commits == 3);
}

/* Whatever number of answers a connection bears, and whenever it breaks. */
TEST(a_transfer_that_breaks_goes_on)
{
    for (unsigned each = 1; each < 7; each++) {
        CLEANUP(temp_repo_release) struct temp_repo far = {0};
        CLEANUP(temp_repo_release) struct temp_repo near = {0};
        CLEANUP(transport_closep) struct transport *transport = NULL;
        CLEANUP(bundle_list_release) struct bundle_list list = {0};
        struct loop loop = {.each = each, .is_late = each % 2 == 0};
        struct dits_oid last = {{0}};
        CHECK_OK(make_history(&far, &last));
        CHECK_OK(temp_repo_make(&near));
        CHECK_OK(open(&far, &loop, &transport));
        CHECK_OK(bring(transport, &near, 0, &list));
        CHECK(loop.opened > 1);
        CHECK_OK(check_whole(&near, &list));
    }
}

/* --- pushing --- */

static dits_error *push(struct temp_repo *near, struct transport *transport,
                        struct transport_update *update)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    struct bundle_ref ref = {.name = (char[]){"refs/heads/x"},
                             .id = update->after,
                             .kind = CHUNK_COMMIT};
    const struct bundle_wish wish = {.refs = &ref, .ref_count = 1};
    struct transport_sink sink = {0};
    uint64_t commits = 0;
    TRY(bundle_pick_wish(near->repo, &wish, &list, &commits));
    TRY(transport->ops->sink(transport, &sink));
    TRY(transport_send(near->repo, &list, &sink, NULL));
    return transport->ops->publish(transport, &list, update, 1, false);
}

TEST(a_push_that_breaks_is_done_once)
{
    for (unsigned each = 1; each < 8; each++) {
        CLEANUP(temp_repo_release) struct temp_repo far = {0};
        CLEANUP(temp_repo_release) struct temp_repo near = {0};
        CLEANUP(transport_closep) struct transport *transport = NULL;
        struct loop loop = {.each = each, .is_late = each % 2 == 0};
        struct transport_update update = {.name = "refs/heads/x",
                                          .kind = CHUNK_COMMIT};
        CHECK_OK(make_history(&near, &update.after));
        CHECK_OK(temp_repo_make(&far));
        CHECK_OK(open(&far, &loop, &transport));
        CHECK_OK(push(&near, transport, &update));
        CHECK(update.refused == NULL);
        CHECK(temp_repo_ref_is(&far, "refs/heads/x", &update.after));
    }
}
