#include "media/facts.h"

#include <stdio.h>
#include <string.h>

#include "media/limits.h"
#include "support/mem_fault.h"
#include "support/test.h"

static bool text_is(const struct media_facts *facts, const char *name,
                    const char *text)
{
    const struct fact *fact = facts_find(facts, name);
    return fact != NULL && fact->type == FACT_TEXT &&
           strcmp(fact->text, text) == 0;
}

static dits_error *add_one_of_each(struct media_facts *facts)
{
    TRY(facts_add_word(facts, "profile", "High"));
    TRY(facts_add_integer(facts, "level", 41));
    TRY(facts_add_rational(facts, "frame_rate", 30000, 1001));
    return facts_add_truth(facts, "hdr10plus", true);
}

TEST(facts_are_found_by_name_in_the_order_of_adding)
{
    CLEANUP(facts_release) struct media_facts facts = {0};
    CHECK_OK(add_one_of_each(&facts));
    CHECK_OK(facts_add_word(&facts, "profile", "Baseline"));
    CHECK(facts.count == 5);
    CHECK(text_is(&facts, "profile", "High"));
    CHECK(facts_find(&facts, "level")->number == 41);
    CHECK(facts_find(&facts, "frame_rate")->divisor == 1001);
    CHECK(facts_find(&facts, "hdr10plus")->number == 1);
    CHECK(facts_find(&facts, "lev") == NULL);
}

TEST(text_is_made_valid_utf8)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *text;
    } cases[] = {
        {"plain", 5, "plain"},
        {"", 0, ""},
        {"ends\0here", 9, "ends"},
        {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xac", 14,
         "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xac"},
        {"a\xff"
         "b",
         3,
         "a\xef\xbf\xbd"
         "b"},
        {"\xc3", 1, "\xef\xbf\xbd"},                 /* cut off */
        {"\xc0\xaf", 2, "\xef\xbf\xbd\xef\xbf\xbd"}, /* overlong */
        {"\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(facts_release) struct media_facts facts = {0};
        CHECK_OK(facts_add_text(&facts, "title",
                                slice_of(cases[i].bytes, cases[i].size)));
        CHECK(text_is(&facts, "title", cases[i].text));
    }
}

TEST(text_and_number_of_facts_are_bounded)
{
    static uint8_t letters[LIMIT_TEXT + 9];
    memset(letters, 'x', sizeof(letters));
    CLEANUP(facts_release) struct media_facts facts = {0};
    CHECK_OK(facts_add_text(&facts, "tag.COMMENT",
                            slice_of(letters, sizeof(letters))));
    CHECK(strlen(facts.list[0].text) == LIMIT_TEXT);
    for (unsigned i = 1; i < LIMIT_FACTS; i++)
        CHECK_OK(facts_add_integer(&facts, "n", i));
    CHECK(facts.count == LIMIT_FACTS);
    CHECK_OK(facts_add_integer(&facts, "late", 1));
    CHECK_OK(facts_add_word(&facts, "late", "x"));
    CHECK(facts.count == LIMIT_FACTS && facts_find(&facts, "late") == NULL);
}

TEST(a_rational_without_a_divisor_is_no_fact)
{
    CLEANUP(facts_release) struct media_facts facts = {0};
    CHECK_OK(facts_add_rational(&facts, "sample_aspect_ratio", 1, 0));
    CHECK(facts.count == 0);
}

TEST(a_location_is_marked)
{
    CLEANUP(facts_release) struct media_facts facts = {0};
    facts_mark_location(&facts); /* nothing to mark */
    CHECK_OK(facts_add_word(&facts, "title", "Pier"));
    CHECK_OK(facts_add_word(&facts, "location", "+51.5-000.1/"));
    facts_mark_location(&facts);
    CHECK(!facts.list[0].is_location && facts.list[1].is_location);
}

TEST(facts_survive_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        size_t live = mem_fault_live();
        struct media_facts facts = {0};
        mem_fault_arm(nth);
        dits_error *err = NULL;
        for (int i = 0; i < 4 && err == NULL; i++)
            err = add_one_of_each(&facts);
        bool reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        if (err != NULL)
            CHECK_FAILS(DITS_E_NOMEM, err);
        facts_release(&facts);
        CHECK(mem_fault_live() == live);
        if (!reached)
            return;
    }
}
