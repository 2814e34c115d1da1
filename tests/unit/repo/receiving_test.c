#include "repo/receiving.h"

#include <string.h>

#include "store/pack_format.h"
#include "support/temp_repo.h"
#include "support/test.h"

static struct frame frame_of(enum chunk_kind kind, const char *text)
{
    struct frame frame = {.kind = (uint8_t)kind,
                          .plain_size = (uint32_t)strlen(text),
                          .stored_size = (uint32_t)strlen(text)};
    chunk_id(kind, text, strlen(text), &frame.id);
    return frame;
}

static bool is_stored(struct temp_repo *temp, const struct dits_oid *id)
{
    bool found = false;
    dits_error *err = store_find(temp->repo->store, id, &found, NULL);
    bool there = err == NULL && found;
    dits_error_free(err);
    return there;
}

TEST(what_is_lacked_is_asked_for_and_taken)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(receiving_release) struct receiving receiving = {0};
    struct frame frames[] = {frame_of(CHUNK_DATA, "one"),
                             frame_of(CHUNK_DATA, "two")};
    const struct dits_oid ids[] = {frames[0].id, frames[1].id};
    bool lacked[2] = {false, false};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(receiving_begin(temp.repo, "receiving", &receiving));
    const struct transport_sink sink = receiving_sink(&receiving);
    CHECK_OK(sink.lacks(ids, 2, lacked, sink.payload));
    CHECK(lacked[0] && lacked[1]);
    CHECK_OK(sink.take(&frames[0], "one", sink.payload));
    CHECK_OK(sink.lacks(ids, 2, lacked, sink.payload));
    CHECK(!lacked[0] && lacked[1]);
    CHECK_OK(receiving_commit(&receiving));
    CHECK(is_stored(&temp, &ids[0]) && !is_stored(&temp, &ids[1]));
    CHECK(receiving.new_chunks == 1 && receiving.new_bytes == 3);
}

TEST(other_bytes_under_an_id_are_refused)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(receiving_release) struct receiving receiving = {0};
    struct frame good = frame_of(CHUNK_DATA, "one");
    struct frame kind = good;
    struct frame packed = good;
    struct frame size = good;
    struct frame flags = good;
    kind.kind = CHUNK_COMMIT;
    packed.codec = FRAME_ZSTD;
    packed.plain_size = 1000;
    size.plain_size = CHUNK_MAX_BYTES + 1;
    flags.flags = FRAME_ENCRYPTED;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(receiving_begin(temp.repo, NULL, &receiving));
    const struct transport_sink sink = receiving_sink(&receiving);
    CHECK_FAILS(DITS_E_CORRUPT, sink.take(&good, "two", sink.payload));
    CHECK_FAILS(DITS_E_CORRUPT, sink.take(&kind, "one", sink.payload));
    CHECK_FAILS(DITS_E_CORRUPT, sink.take(&packed, "one", sink.payload));
    CHECK_FAILS(DITS_E_CORRUPT, sink.take(&size, "one", sink.payload));
    CHECK_FAILS(DITS_E_UNSUPPORTED, sink.take(&flags, "one", sink.payload));
    CHECK_OK(receiving_commit(&receiving));
    CHECK(!is_stored(&temp, &good.id));
}
