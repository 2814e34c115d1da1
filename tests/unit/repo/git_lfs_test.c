#include "repo/git_lfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context.h"
#include "base/text.h"
#include "support/test.h"

/* The SHA-256 of "abc". */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define VERSION "version https://git-lfs.github.com/spec/v1\n"

static bool parses(const char *text)
{
    struct git_lfs_pointer pointer = {0};
    return git_lfs_parse(slice_of_text(text), &pointer);
}

TEST(a_pointer_is_read_and_written)
{
    static const char text[] = VERSION "oid sha256:" ABC "\nsize 12345\n";
    CLEANUP(buf_release) struct buf again = {0};
    struct git_lfs_pointer pointer = {0};
    CHECK(git_lfs_parse(slice_of_text(text), &pointer));
    CHECK(pointer.size == 12345 && strcmp(pointer.hex, ABC) == 0);
    CHECK_OK(git_lfs_encode(&pointer, &again));
    CHECK(strcmp(buf_text(&again), text) == 0);
    CHECK(parses(VERSION "oid sha256:" ABC "\nsize 1"));
}

TEST(other_texts_are_no_pointers)
{
    CHECK(!parses(""));
    CHECK(!parses(VERSION));
    CHECK(!parses("version 2\noid sha256:" ABC "\nsize 1\n"));
    CHECK(!parses(VERSION "oid md5:" ABC "\nsize 1\n"));
    CHECK(!parses(VERSION "oid sha256:" ABC "0\nsize 1\n"));
    CHECK(!parses(VERSION "oid sha256:zz7816bf\nsize 1\n"));
    CHECK(!parses(VERSION "oid sha256:" ABC "\nsize \n"));
    CHECK(!parses(VERSION "oid sha256:" ABC "\nsize -1\n"));
    CHECK(!parses(VERSION "oid sha256:" ABC
                          "\nsize 99999999999999999999999999\n"));
    CHECK(!parses(VERSION "oid sha256:" ABC "\nsize 1\nmore\n"));
    CHECK(!parses(VERSION "ext-0-x sha256:" ABC "\noid sha256:" ABC
                          "\nsize 1\n"));
}

/* A store with one file in it. */
struct lfs_store {
    char folder[64];
    dits_context *context;
    struct digest *sha256;
    struct git_lfs_pointer pointer;
    struct buf path;
};

static void store_release(struct lfs_store *at)
{
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", at->folder);
    if (at->folder[0] != '\0' && system(command) != 0)
        (void)fputs("cannot clean up\n", stderr);
    digest_free(at->sha256);
    buf_release(&at->path);
    dits_context_free(at->context);
}

static dits_error *make_store(const char *text, struct lfs_store *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(text_free) char *parent = NULL;
    TRY(dits_context_new(NULL, &out->context));
    TRY(digest_new(DIGEST_SHA256, &out->sha256));
    (void)snprintf(out->folder, sizeof(out->folder), "/tmp/dits-lfs-XXXXXX");
    if (mkdtemp(out->folder) == NULL)
        return error_new(DITS_E_IO, "no folder");
    memcpy(out->pointer.hex, ABC, sizeof(ABC));
    out->pointer.size = 3;
    TRY(git_lfs_path(out->folder, &out->pointer, &out->path));
    size_t length = strlen(buf_text(&out->path)) - sizeof(ABC);
    TRY(text_copy_part(buf_text(&out->path), length, &parent));
    TRY(fs_make_dirs(parent));
    if (text == NULL)
        return NULL;
    TRY(fs_open(buf_text(&out->path), FS_CREATE_NEW, &file));
    return fs_write_at(&file, 0, text, strlen(text));
}

static dits_error *open_stored(struct lfs_store *at, enum git_lfs_state *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(git_lfs_open(at->context, at->sha256, at->folder, &at->pointer, &file,
                     out));
    return (*out == GIT_LFS_GOOD) == (file.handle != 0)
               ? NULL
               : error_new(DITS_E_INTERNAL, "open or not");
}

TEST(a_stored_file_is_compared)
{
    static const struct {
        const char *text;
        enum git_lfs_state state;
    } rows[] = {{"abc", GIT_LFS_GOOD},
                {"abd", GIT_LFS_DAMAGED},
                {"abcd", GIT_LFS_DAMAGED},
                {NULL, GIT_LFS_MISSING}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CLEANUP(store_release) struct lfs_store at = {0};
        enum git_lfs_state state = GIT_LFS_MISSING;
        CHECK_OK(make_store(rows[i].text, &at));
        CHECK_OK(open_stored(&at, &state));
        CHECK(state == rows[i].state);
    }
}

TEST(a_comparison_can_be_cancelled)
{
    CLEANUP(store_release) struct lfs_store at = {0};
    enum git_lfs_state state = GIT_LFS_MISSING;
    CHECK_OK(make_store("abc", &at));
    dits_context_cancel(at.context);
    CHECK_FAILS(DITS_E_CANCELLED, open_stored(&at, &state));
}
