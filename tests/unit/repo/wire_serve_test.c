#include "repo/wire_serve.h"

#include <stdio.h>
#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "object/commit.h"
#include "repo/sending.h"
#include "repo/upload.h"
#include "repo/wire.h"
#include "support/temp_repo.h"
#include "support/test.h"

static const struct dits_oid none = {0};

/* One that has a commit, and one that is pushed to. */
struct pair {
    struct temp_repo from;
    struct temp_repo to;
    struct dits_oid commit;
    struct dits_oid tree;
    struct wire_service service;
};

static void pair_release(struct pair *pair)
{
    temp_repo_release(&pair->from);
    temp_repo_release(&pair->to);
}

static dits_error *make_pair(struct pair *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(temp_repo_make(&out->from));
    TRY(temp_repo_make(&out->to));
    TRY(temp_repo_commit(&out->from, "a", "one", &out->commit));
    TRY(commit_load(out->from.repo->store, &out->commit, &commit));
    out->tree = commit.tree;
    out->service = (struct wire_service){
        .repo = out->to.repo, .caller = "ada", .may_write = true};
    return NULL;
}

/* The answer, or the error that is the answer. */
static dits_error *ask(const struct wire_service *service, const char *call,
                       const struct buf *body, struct buf *reply)
{
    CLEANUP(exchange_release) struct exchange exchange = {0};
    exchange_init(&exchange);
    exchange.method = "POST";
    exchange.body = buf_slice(body);
    TRY(wire_answer(service, call, &exchange));
    if (exchange.status != 200)
        return wire_error_decode(exchange.status, buf_slice(&exchange.reply));
    buf_clear(reply);
    return buf_put(reply, exchange.reply.data, exchange.reply.size);
}

static dits_error *put_frame(dits_repo *repo, enum chunk_kind kind,
                             const struct dits_oid *id, struct buf *out)
{
    CLEANUP(sending_bytes_release) struct sending_bytes bytes = {0};
    struct frame frame = {0};
    const void *stored = NULL;
    uint8_t header[FRAME_HEADER_SIZE];
    TRY(sending_read(repo, kind, id, &bytes, &frame, &stored));
    frame_encode(&frame, header);
    TRY(buf_put(out, header, sizeof(header)));
    return buf_put(out, stored, frame.stored_size);
}

static dits_error *collect(enum chunk_kind kind, const struct dits_oid *id,
                           void *payload)
{
    struct buf *out = payload;
    TRY(buf_put(out, id->hash, OID_SIZE));
    return buf_put_u8(out, (uint8_t)kind);
}

/* All that the commit leads to, as frames. */
static dits_error *frames_of(struct pair *pair, struct buf *out)
{
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(buf_release) struct buf ids = {0};
    const struct id_set gone = {0};
    TRY(bundle_list_add_ref(&list, "refs/heads/x", &pair->commit,
                            CHUNK_COMMIT));
    TRY(sending_each(pair->from.repo, &list, &gone, collect, &ids));
    for (size_t at = 0; at < ids.size; at += OID_SIZE + 1) {
        struct dits_oid id = {0};
        memcpy(id.hash, ids.data + at, OID_SIZE);
        TRY(put_frame(pair->from.repo, (enum chunk_kind)ids.data[at + OID_SIZE],
                      &id, out));
    }
    return NULL;
}

static dits_error *upload(const struct wire_service *service, uint64_t offset,
                          struct slice frames, uint64_t *out_end)
{
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    const struct wire_piece piece = {
        .upload = {{5}}, .offset = offset, .frames = frames};
    TRY(wire_piece_encode(&piece, &body));
    TRY(ask(service, "uploads/put", &body, &reply));
    return wire_number_decode(buf_slice(&reply), out_end);
}

static dits_error *on_upload(const struct wire_service *service,
                             const char *call, uint64_t size, uint64_t *out)
{
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    const struct wire_piece piece = {.upload = {{5}}, .offset = size};
    TRY(wire_piece_encode(&piece, &body));
    TRY(ask(service, call, &body, &reply));
    return wire_number_decode(buf_slice(&reply), out);
}

/* Publish refs/heads/x under key number `key`; `*out_refused` says so. */
static dits_error *publish(struct pair *pair, uint8_t key,
                           const struct dits_oid *before, bool *out_refused)
{
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    struct transport_update update = {.name = "refs/heads/x",
                                      .before = *before,
                                      .after = pair->commit,
                                      .kind = CHUNK_COMMIT};
    TRY(bundle_list_add_ref(&list, "refs/heads/x", &pair->commit,
                            CHUNK_COMMIT));
    const struct wire_publication publication = {
        .key = {{key}}, .list = list, .updates = &update, .count = 1};
    TRY(wire_publication_encode(&publication, &body));
    TRY(ask(&pair->service, "publish", &body, &reply));
    TRY(wire_verdicts_decode(buf_slice(&reply), &update, 1));
    *out_refused = update.refused != NULL;
    mem_free(update.refused);
    return NULL;
}

static bool is_there(struct pair *pair)
{
    bool found = false;
    dits_error_free(
        store_find(pair->to.repo->store, &pair->commit, &found, NULL));
    return found;
}

TEST(what_was_uploaded_is_led_to_once)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf frames = {0};
    uint64_t end = 0;
    bool refused = true;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(frames_of(&pair, &frames));
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE, buf_slice(&frames), &end));
    CHECK(end == PACK_HEADER_SIZE + frames.size && !is_there(&pair));
    CHECK_FAILS(DITS_E_CORRUPT, publish(&pair, 1, &none, &refused));
    CHECK_OK(on_upload(&pair.service, "uploads/finish", end, &end));
    CHECK(is_there(&pair));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                on_upload(&pair.service, "uploads/finish", end, &end));
    CHECK_OK(publish(&pair, 2, &none, &refused));
    CHECK(!refused);
    CHECK(temp_repo_ref_is(&pair.to, "refs/heads/x", &pair.commit));
    CHECK_OK(temp_repo_reopen(&pair.to));
    pair.service.repo = pair.to.repo;
    /* The same request once more; another one; and another caller's key. */
    CHECK_OK(publish(&pair, 2, &none, &refused));
    CHECK(!refused);
    CHECK_FAILS(DITS_E_INVALID, publish(&pair, 2, &pair.commit, &refused));
    pair.service.caller = "bob";
    CHECK_OK(publish(&pair, 2, &none, &refused));
    CHECK(refused);
    /* A refusal is an answer like others. */
    CHECK_OK(publish(&pair, 2, &none, &refused));
    CHECK(refused);
    CHECK(temp_repo_ref_is(&pair.to, "refs/heads/x", &pair.commit));
}

TEST(a_key_is_forgotten_after_a_week)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf frames = {0};
    uint64_t end = 0;
    bool refused = true;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(frames_of(&pair, &frames));
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE, buf_slice(&frames), &end));
    CHECK_OK(on_upload(&pair.service, "uploads/finish", end, &end));
    CHECK_OK(publish(&pair, 1, &none, &refused));
    CHECK(!refused);
    pair.to.now += 8 * 24 * 3600;
    CHECK_OK(publish(&pair, 2, &none, &refused));
    CHECK(refused);
    CHECK_OK(publish(&pair, 1, &none, &refused));
    CHECK(refused);
}

TEST(an_upload_goes_on_where_it_was_cut_off)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf frames = {0};
    uint64_t end = 0;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(frames_of(&pair, &frames));
    size_t first = FRAME_HEADER_SIZE + le32_load(frames.data + 12);
    const struct slice rest = {frames.data + first, frames.size - first};
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE,
                    slice_of(frames.data, first), &end));
    CHECK_OK(on_upload(&pair.service, "uploads/size", 0, &end));
    CHECK(end == PACK_HEADER_SIZE + first);
    CHECK_FAILS(DITS_E_CONFLICT, upload(&pair.service, end + 1, rest, &end));
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE + first, rest, &end));
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE + first, rest, &end));
    CHECK(end == PACK_HEADER_SIZE + frames.size);
    CHECK_FAILS(DITS_E_CONFLICT,
                on_upload(&pair.service, "uploads/finish", end + 1, &end));
    CHECK_OK(on_upload(&pair.service, "uploads/finish", end, &end));
    CHECK(is_there(&pair));
}

TEST(what_was_left_behind_is_made_use_of_or_goes)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf frames = {0};
    CLEANUP(buf_release) struct buf nothing = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    uint64_t end = 0;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(frames_of(&pair, &frames));
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE, buf_slice(&frames), &end));
    struct wire_service other = pair.service;
    other.caller = "bob";
    CHECK_OK(ask(&other, "uploads/settle", &nothing, &reply));
    CHECK(!is_there(&pair));
    CHECK_OK(ask(&pair.service, "uploads/settle", &nothing, &reply));
    CHECK(is_there(&pair));
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE, buf_slice(&frames), &end));
    CHECK_OK(upload_expire(pair.to.repo));
    CHECK_OK(on_upload(&pair.service, "uploads/size", 0, &end));
    pair.to.now = INT32_MAX; /* a file has its time from the system */
    CHECK_OK(upload_expire(pair.to.repo));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                on_upload(&pair.service, "uploads/size", 0, &end));
}

TEST(lies_change_nothing)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf frames = {0};
    struct wire_service other = {0};
    uint64_t end = 0;
    bool refused = false;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(frames_of(&pair, &frames));
    other = pair.service;
    other.caller = "bob";
    /* Somebody else's upload, one that is not there, and read-only. */
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE, buf_slice(&frames), &end));
    CHECK_FAILS(DITS_E_NOT_FOUND, upload(&other, end, (struct slice){0}, &end));
    CHECK_FAILS(DITS_E_NOT_FOUND, on_upload(&other, "uploads/size", 0, &end));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                on_upload(&other, "uploads/finish", end, &end));
    other.may_write = false;
    CHECK_FAILS(DITS_E_DENIED, on_upload(&other, "uploads/size", 0, &end));
    /* A chunk that is not what its id says, and one that ends too early. */
    frames.data[frames.size - 1] ^= 1;
    CHECK_FAILS(DITS_E_CORRUPT,
                upload(&pair.service, end, buf_slice(&frames), &end));
    CHECK_FAILS(DITS_E_CORRUPT,
                upload(&pair.service, PACK_HEADER_SIZE,
                       slice_of(frames.data, frames.size - 1), &end));
    CHECK_OK(on_upload(&pair.service, "uploads/size", 0, &end));
    CHECK(end == PACK_HEADER_SIZE + frames.size);
    /* Into the header of the pack; and a ref to what is not there. */
    CHECK_FAILS(DITS_E_CONFLICT,
                upload(&pair.service, 0, (struct slice){0}, &end));
    CHECK_FAILS(DITS_E_CORRUPT, publish(&pair, 1, &none, &refused));
    CHECK(temp_repo_ref_is(&pair.to, "refs/heads/x", &none));
}

TEST(a_chunk_that_came_twice_in_one_upload_is_refused_at_its_end)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf frames = {0};
    uint64_t end = 0;
    CHECK_OK(make_pair(&pair));
    CHECK_OK(put_frame(pair.from.repo, CHUNK_COMMIT, &pair.commit, &frames));
    CHECK_OK(upload(&pair.service, PACK_HEADER_SIZE, buf_slice(&frames), &end));
    CHECK_OK(upload(&pair.service, end, buf_slice(&frames), &end));
    CHECK_FAILS(DITS_E_CORRUPT,
                on_upload(&pair.service, "uploads/finish", end, &end));
    CHECK(!is_there(&pair));
}

/* --- questions --- */

TEST(what_is_missing_is_said_and_what_is_there_is_sent)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    struct wire_chunk chunk = {0};
    CHECK_OK(make_pair(&pair));
    pair.service.repo = pair.from.repo;
    const struct dits_oid ids[] = {{{9}}, pair.commit, pair.tree};
    const struct wire_question question = {.room = 1, .ids = {ids, 3}};
    CHECK_OK(wire_question_encode(&question, &body));
    CHECK_OK(ask(&pair.service, "chunks", &body, &reply));
    struct cursor in = cursor_over(reply.data, reply.size);
    CHECK_OK(wire_take_chunk(&in, &chunk));
    CHECK(chunk.is_missing && dits_oid_equal(&chunk.frame.id, &ids[0]));
    CHECK(cursor_left(&in) == 0); /* there was no more room */
}

TEST(only_what_a_ref_leads_to_can_be_wished_for)
{
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    CHECK_OK(make_pair(&pair));
    pair.service.repo = pair.from.repo;
    struct bundle_ref ref = {.name = (char[]){"refs/heads/main"},
                             .id = pair.commit,
                             .kind = CHUNK_COMMIT};
    const struct transport_wish wish = {.refs = &ref, .ref_count = 1};
    CHECK_OK(wire_wish_encode(&wish, &body));
    CHECK_OK(ask(&pair.service, "plan", &body, &reply));
    ref.id = pair.tree;
    buf_clear(&body);
    CHECK_OK(wire_wish_encode(&wish, &body));
    CHECK_FAILS(DITS_E_CONFLICT, ask(&pair.service, "plan", &body, &reply));
}

TEST(nonsense_is_refused)
{
    static const char *const calls[] = {
        "refs",           "has",           "plan",
        "history",        "chunks",        "lacks",
        "uploads/put",    "uploads/size",  "publish",
        "uploads/finish", "uploads/settle"};
    CLEANUP(pair_release) struct pair pair = {0};
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    CHECK_OK(make_pair(&pair));
    CHECK_OK(
        buf_put(&body, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11));
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        CHECK_FAILS(DITS_E_CORRUPT,
                    ask(&pair.service, calls[i], &body, &reply));
    CHECK_FAILS(DITS_E_NOT_FOUND, ask(&pair.service, "x", &body, &reply));
    CHECK(wire_call_writes("publish") && !wire_call_writes("chunks"));
}
