#include "repo/transport_ssh.h"

#include "base/mem.h"
#include "base/process.h"
#include "base/text.h"
#include "repo/transport_wire.h"
#include "repo/wire_pipe.h"

#define SHELL "/bin/sh"
#define DEFAULT_COMMAND "ssh"

/* How to get there, as often as it takes. */
struct ssh_way {
    const dits_context *context;
    struct ssh_address address;
    char *script; /* "ssh \"$@\"" */
    char *remote; /* what is run there */
};

/* One connection. */
struct ssh_channel {
    struct wire_channel channel;
    struct process process;
    bool is_up; /* it has greeted, and nothing went wrong since */
    uint64_t asked;
    uint64_t answered;
};

static struct ssh_channel *ssh_of(struct wire_channel *channel)
{
    return (struct ssh_channel *)channel;
}

/* What went well ends well: the other side puts its things in order. */
static void ssh_close(struct wire_channel *channel)
{
    struct ssh_channel *ssh = ssh_of(channel);
    int status = 0;
    if (ssh->is_up && ssh->asked == ssh->answered)
        dits_error_free(process_finish(&ssh->process, &status));
    process_stop(&ssh->process);
    mem_free(ssh);
}

static void ssh_closep(struct ssh_channel **ssh)
{
    if (*ssh != NULL)
        ssh_close(&(*ssh)->channel);
}

/* --- frames --- */

/* What ssh or the other side said before it ended is what is wrong. */
static dits_error *explain(struct ssh_channel *ssh, dits_error *err)
{
    const char *said = NULL;
    if (dits_error_code(err) != DITS_E_NETWORK)
        return err;
    dits_error *unknown = process_said(&ssh->process, &said);
    if (unknown == NULL && said[0] != '\0') {
        dits_error_free(err);
        return error_new(DITS_E_NETWORK, "%s", said);
    }
    dits_error_free(unknown); /* then without it */
    return error_wrap(err, "the other side hung up");
}

static dits_error *put_frame(struct ssh_channel *ssh, enum wire_pipe_kind kind,
                             struct slice start, struct slice body)
{
    const struct wire_pipe_head head = {(uint32_t)(start.size + body.size),
                                        kind};
    uint8_t bytes[WIRE_PIPE_HEAD_SIZE];
    wire_pipe_head_encode(&head, bytes);
    TRY(process_put(&ssh->process, bytes, sizeof(bytes)));
    TRY(process_put(&ssh->process, start.data, start.size));
    TRY(process_put(&ssh->process, body.data, body.size));
    return process_pump(&ssh->process);
}

static dits_error *read_frame(struct ssh_channel *ssh,
                              enum wire_pipe_kind *out_kind, struct buf *out)
{
    uint8_t bytes[WIRE_PIPE_HEAD_SIZE];
    struct wire_pipe_head head = {0};
    void *at = NULL;
    TRY(process_read_all(&ssh->process, sizeof(bytes), bytes));
    TRY(wire_pipe_head_decode(bytes, &head));
    buf_clear(out);
    TRY(buf_extend(out, head.size, &at));
    *out_kind = head.kind;
    return process_read_all(&ssh->process, head.size, at);
}

static dits_error *take_frame(struct ssh_channel *ssh,
                              enum wire_pipe_kind wanted, struct buf *out)
{
    enum wire_pipe_kind kind = WIRE_PIPE_ERROR;
    dits_error *err = read_frame(ssh, &kind, out);
    ssh->is_up = err == NULL && kind == wanted;
    if (err != NULL)
        return explain(ssh, err);
    if (kind == WIRE_PIPE_ERROR)
        return wire_error_decode(0, buf_slice(out));
    return kind == wanted ? NULL
                          : error_new(DITS_E_CORRUPT, "a frame out of turn");
}

/* --- exchanges --- */

static dits_error *ssh_start(struct wire_channel *channel, uint64_t number,
                             const char *call, struct slice body)
{
    CLEANUP(buf_release) struct buf start = {0};
    TRY(wire_pipe_request_encode(number, call, &start));
    ssh_of(channel)->asked++;
    return put_frame(ssh_of(channel), WIRE_PIPE_REQUEST, buf_slice(&start),
                     body);
}

static dits_error *ssh_finish(struct wire_channel *channel, uint64_t number,
                              struct wire_reply *out)
{
    struct wire_pipe_message answer = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(take_frame(ssh_of(channel), WIRE_PIPE_ANSWER, &bytes));
    TRY(wire_pipe_answer_decode(buf_slice(&bytes), &answer));
    if (answer.number != number)
        return error_new(DITS_E_CORRUPT, "an answer out of turn");
    ssh_of(channel)->answered++;
    out->status = answer.status;
    return buf_put(&out->body, answer.body.data, answer.body.size);
}

static const struct wire_channel_ops ops = {
    .start = ssh_start,
    .finish = ssh_finish,
    .close = ssh_close,
};

/* --- connecting --- */

static dits_error *run(const struct ssh_way *way, struct ssh_channel *ssh)
{
    static const char *const none[] = {NULL};
    const struct dits_context_options *options = context_options(way->context);
    const char *const plain[] = {
        "sh", "-c", way->script, "ssh", way->address.host, way->remote, NULL};
    const char *const with_port[] = {"sh",
                                     "-c",
                                     way->script,
                                     "ssh",
                                     "-p",
                                     way->address.port,
                                     way->address.host,
                                     way->remote,
                                     NULL};
    return process_start_beside(
        way->context, SHELL, way->address.port != NULL ? with_port : plain,
        options->environment != NULL ? options->environment : none,
        &ssh->process);
}

static dits_error *greet(struct ssh_channel *ssh)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct wire_hello ours = {.lowest = WIRE_PIPE_VERSION,
                                    .highest = WIRE_PIPE_VERSION,
                                    .may_write = true};
    struct wire_hello theirs = {0};
    uint16_t version = 0;
    TRY(wire_hello_encode(&ours, &bytes));
    TRY(put_frame(ssh, WIRE_PIPE_HELLO, buf_slice(&bytes), (struct slice){0}));
    TRY(take_frame(ssh, WIRE_PIPE_HELLO, &bytes));
    TRY(wire_hello_decode(buf_slice(&bytes), &theirs));
    return wire_hello_choose(&theirs, &version);
}

static dits_error *ssh_connect(struct wire_channel **out, void *payload)
{
    const struct ssh_way *way = payload;
    CLEANUP(ssh_closep) struct ssh_channel *ssh = mem_new(struct ssh_channel);
    if (ssh == NULL)
        return error_nomem();
    ssh->channel.ops = &ops;
    TRY(run(way, ssh));
    TRY(greet(ssh));
    struct ssh_channel *made = MOVE(ssh);
    *out = &made->channel;
    return NULL;
}

static void way_free(void *payload)
{
    struct ssh_way *way = payload;
    ssh_address_release(&way->address);
    text_free(&way->script);
    text_free(&way->remote);
    mem_free(way);
}

static void way_freep(struct ssh_way **way)
{
    if (*way != NULL)
        way_free(*way);
}

dits_error *transport_open_ssh(const dits_context *context,
                               struct ssh_address *address,
                               const struct ssh_target *target,
                               struct transport **out)
{
    CLEANUP(way_freep) struct ssh_way *way = mem_new(struct ssh_way);
    CLEANUP(buf_release) struct buf script = {0};
    CLEANUP(buf_release) struct buf remote = {0};
    const char *command = target->command != NULL ? target->command
                                                  : DEFAULT_COMMAND;
    if (way == NULL)
        return error_nomem();
    way->context = context;
    way->address = MOVE(*address);
    TRY(buf_printf(&script, "%s \"$@\"", command));
    TRY(ssh_address_command(&way->address, &remote));
    TRY(buf_take_text(&script, &way->script));
    TRY(buf_take_text(&remote, &way->remote));
    const struct wire_way wire = {.where = target->url,
                                  .task = target->task,
                                  .connect = ssh_connect,
                                  .release = way_free,
                                  .payload = way};
    way = NULL; /* the transport's, whatever comes */
    return transport_open_wire(context, &wire, out);
}
