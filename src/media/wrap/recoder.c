#include "media/wrap/recoder.h"

#include "base/mem.h"

/*
 * Part of what encoder 1 means (docs/formats/asset.md): another size could cut
 * blocks elsewhere, if only in rare cases.
 */
enum { PIECE_BYTES = 64 * 1024 };

dits_error *recoder_init(struct recoder *recoder, struct deflate_params params,
                         uint64_t plain_size, recoder_fill_fn *fill,
                         void *payload)
{
    *recoder = (struct recoder){
        .fill = fill, .payload = payload, .plain_left = plain_size};
    recoder->piece = mem_new_array(uint8_t, PIECE_BYTES);
    if (recoder->piece == NULL)
        return error_nomem();
    recoder->at = recoder->piece;
    return deflater_new(params, &recoder->deflater);
}

void recoder_release(struct recoder *recoder)
{
    deflater_free(recoder->deflater);
    mem_free(recoder->piece);
    *recoder = (struct recoder){0};
}

bool recoder_is_open(const struct recoder *recoder)
{
    return recoder->deflater != NULL;
}

static dits_error *next_piece(struct recoder *recoder)
{
    size_t size = recoder->plain_left < PIECE_BYTES
                      ? (size_t)recoder->plain_left
                      : PIECE_BYTES;
    TRY(recoder->fill(recoder->payload, size, recoder->piece));
    recoder->plain_left -= size;
    recoder->at = recoder->piece;
    recoder->piece_left = size;
    return NULL;
}

dits_error *recoder_read(struct recoder *recoder, size_t size, uint8_t *out,
                         size_t *out_size)
{
    struct deflate_io io = {0};
    io.out = out;
    io.out_size = size;
    while (io.out_size > 0 && !recoder->ended) {
        if (recoder->piece_left == 0 && recoder->plain_left > 0)
            TRY(next_piece(recoder));
        /* The end is told apart from the last piece, whatever its size. */
        bool finish = recoder->piece_left == 0;
        io.in = recoder->at;
        io.in_size = recoder->piece_left;
        TRY(deflater_run(recoder->deflater, &io, finish, &recoder->ended));
        recoder->at = io.in;
        recoder->piece_left = io.in_size;
    }
    *out_size = size - io.out_size;
    return NULL;
}
