#include "net/json_out.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

static dits_error *write_all(struct buf *out)
{
    struct json_out json = json_out_begin(out);
    json_out_text(&json, "name", "a\"\n\xff");
    json_out_text(&json, "none", NULL);
    json_out_i64(&json, "n", -5);
    json_out_bool(&json, "is", true);
    json_out_object_begin(&json, "o");
    json_out_object_end(&json);
    json_out_list_begin(&json, "l");
    json_out_list_text(&json, "x");
    json_out_list_object_begin(&json);
    json_out_bool(&json, "is", false);
    json_out_object_end(&json);
    json_out_list_end(&json);
    return json_out_end(&json);
}

TEST(all_kinds_are_written)
{
    CLEANUP(buf_release) struct buf out = {0};
    CHECK_OK(write_all(&out));
    CHECK(
        strcmp(buf_text(&out),
               "{\"name\":\"a\\\"\\u000a\xef\xbf\xbd\",\"none\":null,\"n\":-5,"
               "\"is\":true,\"o\":{},\"l\":[\"x\",{\"is\":false}]}\n") == 0);
}

TEST(a_failure_is_kept_until_the_end)
{
    CLEANUP(buf_release) struct buf out = buf_limited(10);
    CHECK_FAILS(DITS_E_LIMIT, write_all(&out));
}

TEST(memory_may_run_out)
{
    CLEANUP(buf_release) struct buf out = {0};
    mem_fault_arm(1);
    dits_error *err = write_all(&out);
    CHECK(mem_fault_disarm());
    CHECK_FAILS(DITS_E_NOMEM, err);
}
