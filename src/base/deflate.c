#include "base/deflate.h"

#include <limits.h>
#include <string.h>
#define ZLIB_CONST /* what is read stays const */
#include <zlib.h>

#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"

struct inflater {
    z_stream stream;
};

struct deflater {
    z_stream stream;
};

/* zlib's memory comes from where all memory comes from. */
static voidpf take_memory(voidpf opaque, uInt items, uInt size)
{
    (void)opaque;
    return items == 0 || size == 0 ? NULL : mem_resize(NULL, 0, items, size);
}

static void give_memory(voidpf opaque, voidpf address)
{
    (void)opaque;
    mem_free(address);
}

/* Only memory and a wrong library make the start of a stream fail. */
static dits_error *start_error(int status)
{
    if (status == Z_OK)
        return NULL;
    if (status == Z_MEM_ERROR)
        return error_nomem();
    return error_new(DITS_E_UNSUPPORTED,
                     "zlib %s is not what Dits was made "
                     "with",
                     zlibVersion());
}

static uInt at_most(size_t size)
{
    return size < INT_MAX ? (uInt)size : (uInt)INT_MAX;
}

static void enter(z_stream *stream, const struct deflate_io *io)
{
    stream->next_in = io->in;
    stream->avail_in = at_most(io->in_size);
    stream->next_out = io->out;
    stream->avail_out = at_most(io->out_size);
}

static void leave(const z_stream *stream, struct deflate_io *io)
{
    io->in_size -= (size_t)(stream->next_in - io->in);
    io->in = stream->next_in;
    io->out_size -= (size_t)(stream->next_out - io->out);
    io->out = stream->next_out;
}

uint32_t deflate_crc32(uint32_t sum, const void *data, size_t size)
{
    return size == 0 ? sum : (uint32_t)crc32_z(sum, data, size);
}

uint32_t deflate_adler32(uint32_t sum, const void *data, size_t size)
{
    return size == 0 ? sum : (uint32_t)adler32_z(sum, data, size);
}

static dits_error *inflater_begin(struct inflater *inflater)
{
    inflater->stream.zalloc = take_memory;
    inflater->stream.zfree = give_memory;
    return start_error(inflateInit2(&inflater->stream, -MAX_WBITS));
}

dits_error *inflater_new(struct inflater **out)
{
    struct inflater *inflater = mem_new(struct inflater);
    if (inflater == NULL)
        return error_nomem();
    dits_error *err = inflater_begin(inflater);
    if (err != NULL)
        mem_free(inflater);
    else
        *out = inflater;
    return err;
}

void inflater_free(struct inflater *inflater)
{
    if (inflater != NULL)
        (void)inflateEnd(&inflater->stream);
    mem_free(inflater);
}

void inflater_freep(struct inflater **inflater)
{
    inflater_free(*inflater);
}

dits_error *inflater_run(struct inflater *inflater, struct deflate_io *io,
                         bool *out_ended)
{
    enter(&inflater->stream, io);
    int status = inflate(&inflater->stream, Z_NO_FLUSH);
    leave(&inflater->stream, io);
    *out_ended = status == Z_STREAM_END;
    switch (status) {
    case Z_OK:
    case Z_STREAM_END:
    case Z_BUF_ERROR: /* nothing could be done: the caller sees it */
        return NULL;
    case Z_MEM_ERROR:
        return error_nomem();
    default:
        return error_new(DITS_E_CORRUPT, "a deflate stream is damaged");
    }
}

bool deflate_params_valid(struct deflate_params params)
{
    return params.level >= 1 && params.level <= 9 &&
           (params.memory == 8 || params.memory == 9);
}

static dits_error *deflater_begin(struct deflater *deflater,
                                  struct deflate_params params)
{
    deflater->stream.zalloc = take_memory;
    deflater->stream.zfree = give_memory;
    return start_error(deflateInit2(&deflater->stream, params.level, Z_DEFLATED,
                                    -MAX_WBITS, params.memory,
                                    Z_DEFAULT_STRATEGY));
}

dits_error *deflater_new(struct deflate_params params, struct deflater **out)
{
    struct deflater *deflater = mem_new(struct deflater);
    if (deflater == NULL)
        return error_nomem();
    dits_error *err = deflater_begin(deflater, params);
    if (err != NULL)
        mem_free(deflater);
    else
        *out = deflater;
    return err;
}

void deflater_free(struct deflater *deflater)
{
    if (deflater != NULL)
        (void)deflateEnd(&deflater->stream);
    mem_free(deflater);
}

void deflater_freep(struct deflater **deflater)
{
    deflater_free(*deflater);
}

dits_error *deflater_run(struct deflater *deflater, struct deflate_io *io,
                         bool finish, bool *out_ended)
{
    enter(&deflater->stream, io);
    bool all = deflater->stream.avail_in == io->in_size;
    int status =
        deflate(&deflater->stream, finish && all ? Z_FINISH : Z_NO_FLUSH);
    leave(&deflater->stream, io);
    *out_ended = status == Z_STREAM_END;
    if (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR)
        return NULL;
    return error_new(DITS_E_INVALID, "a deflate stream was used wrongly");
}

/*
 * What an encoder is asked to make: text of 24 words drawn at random, with
 * numbers between, which tells apart how encoders search, choose and block.
 */
enum { SAMPLE_BYTES = 24000, SAMPLE_MAX = 32768 };

static size_t make_sample(uint8_t *out)
{
    uint64_t state = 1;
    size_t size = 0;
    while (size < SAMPLE_BYTES) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        uint64_t word = (state >> 33) % 24 * 2654435761u;
        size_t length = 2 + (word >> 7) % 9;
        for (size_t i = 0; i < length; i++)
            out[size++] = (uint8_t)('a' + (word >> (3 * i)) % 23);
        out[size++] = (state >> 60) < 3 ? '\n' : ' ';
        if ((state >> 50 & 7) == 0)
            out[size++] = (uint8_t)('0' + (state >> 40) % 10);
    }
    return size;
}

/* The checksum of the sample, coded; 0: it does not even fit. */
static dits_error *code_sample(struct deflate_params params,
                               const uint8_t *sample, size_t size, uint8_t *out,
                               uint64_t *out_checksum)
{
    CLEANUP(deflater_freep) struct deflater *deflater = NULL;
    struct deflate_io io = {sample, size, out, SAMPLE_MAX};
    bool ended = false;
    TRY(deflater_new(params, &deflater));
    TRY(deflater_run(deflater, &io, true, &ended));
    *out_checksum = ended ? hash_checksum(out, (size_t)(io.out - out)) : 0;
    return NULL;
}

static bool is_known_version(void)
{
    static const char *const known[] = {"1.2.13", "1.3", "1.3.1"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(zlibVersion(), known[i]) == 0)
            return true;
    return false;
}

static void free_bytes(uint8_t **bytes)
{
    mem_free(*bytes);
}

dits_error *deflate_find_encoder(enum deflate_encoder *out)
{
    static const struct {
        struct deflate_params params;
        uint64_t checksum;
    } tests[] = {
        {{6, 8}, 0x60ea877a2ccc2887},
        {{9, 9}, 0xba72e078e4513045},
        {{1, 8}, 0xe512609c2ee10539},
    };
    *out = DEFLATE_NO_ENCODER;
    if (!is_known_version())
        return NULL;
    CLEANUP(free_bytes)
    uint8_t *memory = mem_new_array(uint8_t, (size_t)2 * SAMPLE_MAX);
    if (memory == NULL)
        return error_nomem();
    size_t size = make_sample(memory);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        uint64_t checksum = 0;
        TRY(code_sample(tests[i].params, memory, size, memory + SAMPLE_MAX,
                        &checksum));
        if (checksum != tests[i].checksum)
            return NULL;
    }
    *out = DEFLATE_ZLIB;
    return NULL;
}
