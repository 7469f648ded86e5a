#include "lib/engine/billed.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(lib_engine_billed)

using namespace cogate;

BOOST_AUTO_TEST_CASE(images_are_counted_and_measured)
{
    image_request asked;
    asked.n = 3;
    asked.size = "1024x1536";
    billing_facts const planned = engine::planned_for(asked);
    BOOST_TEST(planned.images_out == 3);
    BOOST_TEST(planned.pixels_out == 3 * 1024 * 1536);

    image_response made;
    made.data.resize(2);
    BOOST_TEST(engine::billed_for(asked, made).images_out == 2);
    BOOST_TEST(engine::billed_for(asked, made).pixels_out == 2 * 1024 * 1536);
}

BOOST_AUTO_TEST_CASE(sizes_that_are_no_numbers_have_no_pixels)
{
    for (char const* const size : {"", "auto", "x", "10x", "-1x5", "99999999x99999999"}) {
        image_request asked;
        asked.size = size;
        BOOST_TEST(engine::planned_for(asked).pixels_out == 0, size);
        BOOST_TEST(engine::planned_for(asked).images_out == 1, size);
    }
}

BOOST_AUTO_TEST_CASE(speech_counts_characters_not_bytes)
{
    speech_request asked;
    asked.input = "na\xC3\xAFve";
    BOOST_TEST(engine::planned_for(asked).characters_in == 5);
}

BOOST_AUTO_TEST_CASE(transcriptions_count_milliseconds)
{
    transcription_response heard;
    heard.duration = 2.5;
    BOOST_TEST(engine::billed_for(transcription_request{}, heard).input_ms == 2500);
    heard.duration = -1;
    BOOST_TEST(engine::billed_for(transcription_request{}, heard).input_ms == 0);
}

BOOST_AUTO_TEST_CASE(reranks_count_search_units)
{
    rerank_request asked;
    asked.documents.resize(101);
    BOOST_TEST(engine::planned_for(asked).queries == 2);
    rerank_response answer;
    BOOST_TEST(engine::billed_for(asked, answer).queries == 2);
    answer.search_units = 7;
    BOOST_TEST(engine::billed_for(asked, answer).queries == 7);
    BOOST_TEST(engine::planned_for(rerank_request{}).queries == 1);
}

BOOST_AUTO_TEST_SUITE_END()
