#include "decode/link.h"

/* CORRUPT for any other type. */
static dits_error *receive_head(enum message_type type,
                                struct message_head *out)
{
    uint8_t header[MESSAGE_HEADER] = {0};
    TRY(link_receive(header, sizeof(header)));
    TRY(message_head_parse(header, out));
    if (out->type != type)
        return error_new(DITS_E_CORRUPT, "there came no answer");
    return NULL;
}

dits_error *link_receive_request(struct message_request *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct message_head head = {0};
    void *room = NULL;
    TRY(receive_head(MESSAGE_REQUEST, &head));
    TRY(buf_extend(&bytes, head.size, &room));
    TRY(link_receive(room, head.size));
    return message_request_parse(buf_slice(&bytes), out);
}

dits_error *link_read(struct message_read read, void *out)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct message_head head = {0};
    TRY(message_read_put(&message, read));
    TRY(link_send(&message));
    TRY(receive_head(MESSAGE_BYTES, &head));
    if (head.size != read.size)
        return error_new(DITS_E_CORRUPT, "there came other bytes");
    return link_receive(out, read.size);
}

dits_error *link_send_bytes(enum message_type type, struct slice bytes)
{
    CLEANUP(buf_release) struct buf message = {0};
    while (bytes.size > 0) {
        size_t part = bytes.size < MESSAGE_MAX ? bytes.size : MESSAGE_MAX;
        buf_clear(&message);
        TRY(message_head_put(&message, type, part));
        TRY(buf_put(&message, bytes.data, part));
        TRY(link_send(&message));
        bytes = slice_of(bytes.data + part, bytes.size - part);
    }
    return NULL;
}
