#include "support/tree_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/path_tree.h"
#include "support/work_files.h"

/* One word of the text. */
struct word {
    const char *path;
    const char *text;
    enum tree_mode mode;
};

/* The words of a copy of the text, in which they lie. */
struct words {
    char *copy;
    struct word *items;
    size_t count;
    size_t capacity;
};

static void release_words(struct words *words)
{
    mem_free(words->copy);
    mem_free(words->items);
}

static dits_error *add_word(struct words *words, char *text)
{
    struct word word = {.path = text, .mode = TREE_FILE};
    char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        return error_new(DITS_E_INVALID, "no file in '%s'", text);
    *equals = '\0';
    word.text = equals + 1;
    if (equals[-1] == '*')
        word.mode = TREE_EXECUTABLE;
    if (equals[-1] == '@')
        word.mode = TREE_SYMLINK;
    if (word.mode != TREE_FILE)
        equals[-1] = '\0';
    struct word *items = array_grown(words->items, words->count,
                                     &words->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    words->items = items;
    words->items[words->count++] = word;
    return NULL;
}

static int compare_words(const void *a, const void *b)
{
    const struct word *left = a;
    const struct word *right = b;
    return path_compare(left->path, right->path);
}

static dits_error *split(const char *text, struct words *out)
{
    char *rest = NULL;
    TRY(text_copy(text, &out->copy));
    for (char *at = strtok_r(out->copy, " ", &rest); at != NULL;
         at = strtok_r(NULL, " ", &rest))
        TRY(add_word(out, at));
    if (out->count > 1)
        qsort(out->items, out->count, sizeof(*out->items), compare_words);
    return NULL;
}

static dits_error *put_content(const char *text, struct buf *out)
{
    for (const char *at = text; *at != '\0'; at++) {
        uint8_t byte = *at == '|' ? '\n' : *at == '^' ? 0 : (uint8_t)*at;
        TRY(buf_put_u8(out, byte));
    }
    return NULL;
}

static dits_error *store_word(struct store_writer *writer,
                              const struct word *word, struct dits_oid *out)
{
    CLEANUP(buf_release) struct buf content = {0};
    struct asset_store_options options = {.writer = writer, .threads = 1};
    struct asset_info info = {0};
    TRY(put_content(word->text, &content));
    return asset_store_bytes(&options, content.data, content.size, out, &info);
}

dits_error *tree_text_store(struct store_writer *writer, const char *text,
                            struct dits_oid *out)
{
    CLEANUP(release_words) struct words words = {0};
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(split(text, &words));
    TRY(path_tree_builder_new(writer, &builder));
    for (size_t i = 0; i < words.count; i++) {
        const struct word *word = &words.items[i];
        struct dits_oid id = {0};
        TRY(store_word(writer, word, &id));
        TRY(path_tree_builder_add(builder, word->path, word->mode, &id));
    }
    TRY(path_tree_builder_finish(builder, out));
    return store_writer_commit(writer);
}

dits_error *tree_text_show_side(dits_repo *repo, const struct change_side *side,
                                struct buf *out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    void *room = NULL;
    if (side->mode == 0)
        return buf_put_text(out, "-");
    TRY(buf_put_text(out, side->mode == TREE_EXECUTABLE ? "*="
                          : side->mode == TREE_SYMLINK  ? "@="
                                                        : "="));
    TRY(asset_open(repo->store, &side->id, &asset));
    size_t size = (size_t)asset_get_info(asset)->size;
    size_t start = out->size;
    if (size == 0)
        return NULL;
    TRY(buf_extend(out, size, &room));
    TRY(asset_read_at(asset, 0, size, room));
    for (size_t i = start; i < out->size; i++) {
        uint8_t byte = out->data[i];
        out->data[i] = byte == '\n' ? '|' : byte == 0 ? '^' : byte;
    }
    return NULL;
}

struct showing {
    dits_repo *repo;
    struct buf *out;
};

static dits_error *show_entry(const char *path, const struct tree_entry *entry,
                              void *payload)
{
    const struct showing *showing = payload;
    struct change_side side = {.mode = entry->mode, .id = entry->id};
    TRY(buf_printf(showing->out, "%s%s", showing->out->size > 0 ? " " : "",
                   path));
    return tree_text_show_side(showing->repo, &side, showing->out);
}

dits_error *tree_text_show(dits_repo *repo, const struct dits_oid *tree,
                           struct buf *out)
{
    struct showing showing = {.repo = repo, .out = out};
    return tree_walk(repo->store, tree, show_entry, &showing);
}

static dits_error *write_word(const struct temp_repo *temp,
                              const struct word *word)
{
    CLEANUP(buf_release) struct buf content = {0};
    TRY(put_content(word->text, &content));
    bool is_link = word->mode == TREE_SYMLINK;
    bool done = is_link
                    ? work_link(temp, word->path, word->text)
                    : work_write_bytes(temp, word->path, buf_slice(&content));
    if (done && word->mode == TREE_EXECUTABLE)
        done = work_chmod(temp, word->path, 0777);
    return done ? NULL : error_new(DITS_E_IO, "cannot write '%s'", word->path);
}

dits_error *tree_text_write(const struct temp_repo *temp, const char *text)
{
    CLEANUP(release_words) struct words words = {0};
    TRY(split(text, &words));
    if (!work_empty(temp))
        return error_new(DITS_E_IO, "cannot empty the work tree");
    for (size_t i = 0; i < words.count; i++)
        TRY(write_word(temp, &words.items[i]));
    return NULL;
}
