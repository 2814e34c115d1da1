#include "media/mpegts/ts_tables.h"

#include "base/be.h"
#include "base/mem.h"
#include "media/limits.h"
#include "media/mpegts/ts_section.h"
#include "media/mpegts/ts_text.h"

enum {
    PID_ASSOCIATION = 0x0000,
    PID_SERVICES = 0x0011,
    TABLE_ASSOCIATION = 0x00,
    TABLE_MAP = 0x02,
    TABLE_SERVICES = 0x42,
    LONG_HEADER = 8, /* of sections of the long form */
    CHECKSUM = 4,
    SERVICE_DESCRIPTOR = 0x48,
};

/* The PIDs that carry tables, and the sections they are in the middle of. */
struct tables {
    struct media_file *file;
    struct ts_state *state;
    bool any_checksum;
    uint16_t slot_of[TS_PIDS]; /* index + 1; 0: not listened to */
    size_t count;
    struct ts_section sections[LIMIT_TS_PROGRAMS + 2];
};

static void tables_freep(struct tables **tables)
{
    if (*tables == NULL)
        return;
    for (size_t i = 0; i < (*tables)->count; i++)
        ts_section_release(&(*tables)->sections[i]);
    mem_free(*tables);
}

static void listen(struct tables *tables, uint16_t pid)
{
    size_t max = sizeof(tables->sections) / sizeof(tables->sections[0]);
    if (tables->slot_of[pid] == 0 && tables->count < max)
        tables->slot_of[pid] = (uint16_t)++tables->count;
}

static struct ts_program *find_program(struct ts_state *state, uint16_t number)
{
    for (size_t i = 0; i < state->program_count; i++)
        if (state->programs[i].number == number)
            return &state->programs[i];
    return NULL;
}

static dits_error *add_program(struct ts_state *state, uint16_t number,
                               uint16_t map_pid)
{
    size_t count = state->program_count;
    struct ts_program *known = find_program(state, number);
    if (known != NULL) {
        known->map_pid = map_pid;
        return NULL;
    }
    if (count >= LIMIT_TS_PROGRAMS)
        return NULL;
    struct ts_program *programs =
        mem_resize(state->programs, count, count + 1, sizeof(*programs));
    if (programs == NULL)
        return error_nomem();
    programs[count].number = number;
    programs[count].map_pid = map_pid;
    programs[count].clock_pid = TS_PID_NULL;
    state->programs = programs;
    state->program_count = count + 1;
    return NULL;
}

/* 2.4.4.4; program 0 is the network's. */
static dits_error *read_association(struct tables *tables, struct slice body)
{
    for (; body.size >= 4; body = slice_of(body.data + 4, body.size - 4)) {
        uint16_t number = be16_load(body.data);
        uint16_t pid = be16_load(body.data + 2) & 0x1fffu;
        if (number == 0)
            continue;
        TRY(add_program(tables->state, number, pid));
        listen(tables, pid);
    }
    return NULL;
}

/* The part of `body` behind a length of 12 bits, no longer than there is. */
static struct slice take_counted(struct slice *body)
{
    size_t length = be16_load(body->data) & 0xfffu;
    size_t left = body->size - 2;
    size_t size = length < left ? length : left;
    struct slice part = slice_of(body->data + 2, size);
    *body = slice_of(body->data + 2 + size, left - size);
    return part;
}

static dits_error *add_stream(struct tables *tables,
                              const struct ts_program *program, uint16_t pid,
                              uint8_t type, struct slice descriptors)
{
    struct media_track *track = NULL;
    TRY(ts_state_add_track(tables->file, pid, ts_stream_form(type), &track));
    if (track != NULL)
        TRY(ts_stream_describe(track, type, program->registration,
                               descriptors));
    size_t index = tables->state->track_of[pid];
    tables->state->clock_of[pid] = program->clock_pid;
    if (index == 0)
        return NULL;
    return facts_add_integer(&tables->file->tracks[index - 1].facts, "program",
                             program->number);
}

/* 2.4.4.8. A map that comes again with the same version tells nothing new. */
static dits_error *read_map(struct tables *tables, uint16_t number,
                            uint8_t version, struct slice body)
{
    struct ts_program *program = find_program(tables->state, number);
    if (program == NULL || body.size < 4 ||
        (program->is_mapped && program->version == version))
        return NULL;
    program->is_mapped = true;
    program->version = version;
    program->clock_pid = be16_load(body.data) & 0x1fffu;
    body = slice_of(body.data + 2, body.size - 2);
    struct slice info = take_counted(&body);
    program->registration = ts_registration(info);
    while (body.size >= 5) {
        uint8_t type = body.data[0];
        uint16_t pid = be16_load(body.data + 1) & 0x1fffu;
        body = slice_of(body.data + 3, body.size - 3);
        struct slice descriptors = take_counted(&body);
        TRY(add_stream(tables, program, pid, type, descriptors));
    }
    return NULL;
}

/* EN 300 468, 6.2.33: type, provider and name, each after its length. */
static dits_error *read_service(struct ts_program *program, struct slice body)
{
    struct buf *texts[] = {&program->provider, &program->name};
    struct slice rest = body.size > 1 ? slice_of(body.data + 1, body.size - 1)
                                      : (struct slice){0};
    for (size_t i = 0; i < 2 && rest.size > 0; i++) {
        size_t left = rest.size - 1;
        size_t size = rest.data[0] < left ? rest.data[0] : left;
        TRY(ts_text_decode(slice_of(rest.data + 1, size), texts[i]));
        rest = slice_of(rest.data + 1 + size, left - size);
    }
    return NULL;
}

static dits_error *read_services(struct tables *tables, struct slice body)
{
    if (body.size < 3)
        return NULL;
    body = slice_of(body.data + 3, body.size - 3);
    while (body.size >= 5) {
        uint16_t number = be16_load(body.data);
        body = slice_of(body.data + 3, body.size - 3);
        struct slice list = take_counted(&body);
        struct ts_program *program = find_program(tables->state, number);
        struct ts_descriptor descriptor = {0};
        while (program != NULL && ts_descriptor_next(&list, &descriptor))
            if (descriptor.tag == SERVICE_DESCRIPTOR)
                TRY(read_service(program, descriptor.body));
    }
    return NULL;
}

/* A section of the long form that is in force now (2.4.4.11). */
static dits_error *read_section(struct tables *tables, uint16_t pid,
                                uint64_t offset, struct slice section)
{
    uint8_t table = section.data[0];
    if (section.size < LONG_HEADER + CHECKSUM || !(section.data[1] & 0x80) ||
        !(section.data[5] & 1))
        return NULL;
    if (!tables->any_checksum && !ts_section_is_intact(section)) {
        media_add_problem(tables->file, offset, "table",
                          "checksum of table 0x%02x on PID 0x%x is wrong",
                          table, pid);
        return NULL;
    }
    uint16_t number = be16_load(section.data + 3);
    uint8_t version = section.data[5] >> 1 & 0x1f;
    struct slice body = slice_of(section.data + LONG_HEADER,
                                 section.size - LONG_HEADER - CHECKSUM);
    if (pid == PID_ASSOCIATION && table == TABLE_ASSOCIATION)
        return read_association(tables, body);
    if (pid == PID_SERVICES && table == TABLE_SERVICES)
        return read_services(tables, body);
    if (table == TABLE_MAP)
        return read_map(tables, number, version, body);
    return NULL;
}

static dits_error *feed(struct tables *tables, const struct ts_packet *packet,
                        struct slice payload)
{
    uint16_t pid = packet->pid;
    struct ts_section *section = &tables->sections[tables->slot_of[pid] - 1];
    while (payload.size > 0) {
        struct slice whole = {0};
        TRY(ts_section_feed(section, &payload, &whole));
        if (whole.size == 0)
            continue;
        TRY(read_section(tables, pid, packet->offset, whole));
        ts_section_begin(section);
    }
    return NULL;
}

static dits_error *take_packet(struct tables *tables,
                               const struct ts_packet *packet)
{
    size_t slot = tables->slot_of[packet->pid];
    struct slice older = {0};
    struct slice newer = {0};
    if (slot == 0 || packet->is_scrambled)
        return NULL;
    ts_section_split(packet->payload, packet->is_start, &older, &newer);
    TRY(feed(tables, packet, older));
    if (!packet->is_start)
        return NULL;
    ts_section_begin(&tables->sections[slot - 1]);
    return feed(tables, packet, newer);
}

static void reader_releasep(struct ts_reader *reader)
{
    ts_reader_release(reader);
}

dits_error *ts_tables_read(struct media_file *file, uint64_t from, uint64_t end,
                           bool any_checksum)
{
    struct ts_state *state = file->state;
    CLEANUP(reader_releasep) struct ts_reader reader = {0};
    CLEANUP(tables_freep) struct tables *tables = mem_new(struct tables);
    if (tables == NULL)
        return error_nomem();
    tables->file = file;
    tables->state = state;
    tables->any_checksum = any_checksum;
    listen(tables, PID_ASSOCIATION);
    listen(tables, PID_SERVICES);
    for (size_t i = 0; i < state->program_count; i++)
        listen(tables, state->programs[i].map_pid);
    ts_reader_init(&reader, file->source, state->grid);
    ts_reader_seek(&reader, from, end);
    bool found = true;
    while (found) {
        struct ts_packet packet = {0};
        TRY(ts_reader_next(&reader, &packet, &found));
        if (found)
            TRY(take_packet(tables, &packet));
    }
    return NULL;
}

static dits_error *add_program_facts(struct media_facts *facts,
                                     const struct ts_program *program)
{
    TRY(facts_add_integer(facts, "program.number", program->number));
    TRY(facts_add_text(facts, "program.name", buf_slice(&program->name)));
    TRY(facts_add_text(facts, "program.provider",
                       buf_slice(&program->provider)));
    TRY(facts_add_integer(facts, "program.map_pid", program->map_pid));
    return facts_add_integer(facts, "program.pcr_pid", program->clock_pid);
}

dits_error *ts_tables_add_facts(struct media_file *file)
{
    const struct ts_state *state = file->state;
    for (size_t i = 0; i < state->program_count; i++)
        TRY(add_program_facts(&file->facts, &state->programs[i]));
    return NULL;
}
