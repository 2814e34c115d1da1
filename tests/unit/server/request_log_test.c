#include "server/request_log.h"

#include <string.h>

#include "base/buf.h"
#include "support/test.h"

struct lines {
    struct buf last;
    unsigned count;
};

static void keep(const char *line, size_t size, void *payload)
{
    struct lines *lines = payload;
    buf_clear(&lines->last);
    dits_error_free(buf_put(&lines->last, line, size));
    lines->count++;
}

static void lines_release(struct lines *lines)
{
    buf_release(&lines->last);
}

static const struct request_log_entry usual = {
    .time = 1800000000123456,
    .microseconds = 42,
    .request = "0011223344556677",
    .method = "GET",
    .route = "/v1/hello",
    .status = 200,
    .bytes_in = 1,
    .bytes_out = 2,
};

TEST(a_line_is_json)
{
    CLEANUP(lines_release) struct lines lines = {.count = 0};
    CLEANUP(request_log_freep) struct request_log *log = NULL;
    const struct request_log_sink sink = {keep, &lines};
    CHECK_OK(request_log_new(&sink, &log));
    request_log_add(log, &usual);
    CHECK(strcmp(buf_text(&lines.last),
                 "{\"time\":\"2027-01-15T08:00:00.123Z\",\"level\":\"info\","
                 "\"request\":\"0011223344556677\",\"method\":\"GET\","
                 "\"route\":\"/v1/hello\",\"status\":200,\"microseconds\":42,"
                 "\"bytes_in\":1,\"bytes_out\":2}\n") == 0);
}

TEST(of_very_many_some_are_left_out_but_no_failure)
{
    CLEANUP(lines_release) struct lines lines = {.count = 0};
    CLEANUP(request_log_freep) struct request_log *log = NULL;
    const struct request_log_sink sink = {keep, &lines};
    struct request_log_entry entry = usual;
    CHECK_OK(request_log_new(&sink, &log));
    for (int i = 0; i < REQUEST_LOG_RATE + 50; i++)
        request_log_add(log, &entry);
    CHECK(lines.count == REQUEST_LOG_RATE);
    entry.error = "it broke";
    entry.status = 500;
    request_log_add(log, &entry);
    CHECK(lines.count == REQUEST_LOG_RATE + 1);
    CHECK(strstr(buf_text(&lines.last),
                 "\"error\":\"it broke\",\"left_out\":50"));
    entry = usual;
    entry.time += 1000000;
    request_log_add(log, &entry);
    CHECK(lines.count == REQUEST_LOG_RATE + 2);
    CHECK(strstr(buf_text(&lines.last), "left_out") == NULL);
}

TEST(nobody_has_to_listen)
{
    CLEANUP(request_log_freep) struct request_log *log = NULL;
    const struct request_log_sink sink = {.put = NULL};
    CHECK_OK(request_log_new(&sink, &log));
    request_log_add(log, &usual);
}
