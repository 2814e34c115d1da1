#include "base/local_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/pool.h"
#include "support/test.h"

/* A folder whose path is longer than an address has room for. */
struct place {
    char top[40];
    char folder[240];
    struct local_socket door;
};

static void place_release(struct place *place)
{
    char path[300];
    local_socket_close(&place->door);
    (void)snprintf(path, sizeof(path), "%s/socket", place->folder);
    (void)unlink(path);
    (void)rmdir(place->folder);
    (void)rmdir(place->top);
}

static bool place_make(struct place *out)
{
    (void)snprintf(out->top, sizeof(out->top), "/tmp/dits-socket-XXXXXX");
    if (mkdtemp(out->top) == NULL)
        return false;
    (void)snprintf(out->folder, sizeof(out->folder), "%s/%0180d", out->top, 1);
    return true;
}

static dits_error *serve_one(unsigned worker, void *payload)
{
    struct place *place = payload;
    CLEANUP(local_socket_close) struct local_socket line = {0};
    bool found = false;
    char word[4] = {0};
    (void)worker;
    while (!found) {
        fs_pause_ms(1);
        TRY(local_socket_accept(&place->door, 2000, &line, &found));
    }
    TRY(local_socket_receive(&line, 4, word));
    return local_socket_send(&line, strcmp(word, "how") == 0 ? "so!" : "no!",
                             4);
}

TEST(both_sides_hear_each_other_at_a_long_path)
{
    CLEANUP(place_release) struct place place = {0};
    CLEANUP(local_socket_close) struct local_socket line = {0};
    struct pool_set here;
    struct pool *pool = NULL;
    char word[4] = {0};
    bool found = false;
    CHECK(place_make(&place));
    CHECK_OK(local_socket_listen(place.folder, "socket", &place.door));
    pool_here(&here);
    CHECK_OK(pool_start(1, &here, serve_one, &place, &pool));
    dits_error *err =
        local_socket_connect(place.folder, "socket", 2000, &line, &found);
    if (err == NULL && found)
        err = local_socket_send(&line, "how", 4);
    if (err == NULL && found)
        err = local_socket_receive(&line, 4, word);
    CHECK_OK(pool_join(pool));
    CHECK_OK(err);
    CHECK(found && strcmp(word, "so!") == 0);
    CHECK_FAILS(DITS_E_NETWORK, local_socket_receive(&line, 1, word));
}

TEST(nobody_there_is_an_answer)
{
    CLEANUP(place_release) struct place place = {0};
    CLEANUP(local_socket_close) struct local_socket line = {0};
    bool found = true;
    CHECK(place_make(&place));
    CHECK_OK(local_socket_connect(place.folder, "socket", 50, &line, &found));
    CHECK(!found);
    CHECK_OK(local_socket_listen(place.folder, "socket", &place.door));
    local_socket_close(&place.door); /* as a killed process leaves it */
    CHECK_OK(local_socket_connect(place.folder, "socket", 50, &line, &found));
    CHECK(!found);
    CHECK_OK(local_socket_listen(place.folder, "socket", &place.door));
    CHECK_OK(local_socket_accept(&place.door, 50, &line, &found));
    CHECK(!found);
}

TEST(a_folder_that_others_may_enter_is_not_used)
{
    CLEANUP(place_release) struct place place = {0};
    CLEANUP(local_socket_close) struct local_socket line = {0};
    bool found = true;
    CHECK(place_make(&place));
    CHECK_OK(local_socket_listen(place.folder, "socket", &place.door));
    CHECK(chmod(place.folder, 0755) == 0);
    CHECK_OK(local_socket_connect(place.folder, "socket", 50, &line, &found));
    CHECK(!found);
    struct local_socket other = {0};
    CHECK_FAILS(DITS_E_DENIED,
                local_socket_listen(place.folder, "socket", &other));
}

TEST(who_says_nothing_is_not_waited_for)
{
    CLEANUP(place_release) struct place place = {0};
    CLEANUP(local_socket_close) struct local_socket line = {0};
    CLEANUP(local_socket_close) struct local_socket other = {0};
    bool found = false;
    char byte = 0;
    CHECK(place_make(&place));
    CHECK_OK(local_socket_listen(place.folder, "socket", &place.door));
    CHECK_OK(local_socket_connect(place.folder, "socket", 20, &line, &found));
    CHECK(found);
    CHECK_OK(local_socket_accept(&place.door, 20, &other, &found));
    CHECK(found);
    CHECK_FAILS(DITS_E_NETWORK, local_socket_receive(&line, 1, &byte));
    CHECK_FAILS(DITS_E_NETWORK, local_socket_receive(&other, 1, &byte));
}
