#include "lib/config/load.hpp"

#include "test/lib/config/loading.hpp"

#include <boost/test/unit_test.hpp>

using namespace cogate;
using namespace cogate::config::testing;
using namespace std::chrono_literals;

namespace {

struct bad_case {
    const char* name;
    const char* yaml;
    const char* says; ///< the whole of the diagnostics
};

} // namespace

BOOST_AUTO_TEST_SUITE(config_load)

BOOST_AUTO_TEST_CASE(nothing_is_the_default)
{
    for (const char* const yaml : {"", "# only a comment\n", "{}", "model_list:\n", "cogate:\n"}) {
        BOOST_TEST_CONTEXT(yaml)
        {
            config::settings const s = good(yaml);
            BOOST_TEST(s.gateway.providers_from_environment);
            BOOST_TEST(s.gateway.deployments.empty());
            BOOST_TEST(s.host == "127.0.0.1");
            BOOST_TEST(s.port == 4000);
            BOOST_TEST(s.master_key.empty());
            BOOST_TEST((s.gateway.deadlines == deadlines{}));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_whole_file)
{
    config::settings const s = good(R"(
model_list:
- model_name: fast
  litellm_params:
    model: openai/gpt-4o-mini
    api_key: os.environ/FAST_KEY
    organization: org-1
    timeout: "30"
    stream_timeout: 2.5
    extra_headers: {x-team: os.environ/TEAM}
  model_info: {id: fast-1, my_own_note: hello}
- model_name: local
  litellm_params:
    model: tiny
    custom_llm_provider: openai
    api_base: http://127.0.0.1:8000/v1
general_settings:
  master_key: sk-1234
litellm_settings: {request_timeout: 700}
environment_variables: {TEAM: blue}
cogate:
  host: 0.0.0.0
  port: 4001
  workers: "2"
  drain_grace: 10m
  access_log: "-"
  ca_file: /tmp/ca.pem
  idle_connections: 5
  deadlines: {connect: 250ms, tls: 4, idle: 1m, total: 2h}
  limits: {body_bytes: 1MiB, head_bytes: 8192, write_stall: 5s, event_bytes: 2MiB}
)",
                                    {{"FAST_KEY", "sk-fast"}, {"TEAM", "red"}});

    BOOST_TEST_REQUIRE(s.gateway.deployments.size() == 2U);
    deployment const& fast = s.gateway.deployments[0];
    BOOST_TEST(fast.model_name == "fast");
    BOOST_TEST(fast.model == "openai/gpt-4o-mini");
    BOOST_TEST(fast.api_key.reveal() == "sk-fast");
    BOOST_TEST(fast.id == "fast-1");
    BOOST_TEST_REQUIRE(fast.headers.size() == 2U);
    BOOST_TEST(fast.headers[0].first == "openai-organization");
    BOOST_TEST(fast.headers[0].second == "org-1");
    BOOST_TEST(fast.headers[1].second == "blue");
    BOOST_TEST_REQUIRE(fast.deadlines.has_value());
    BOOST_TEST((fast.deadlines->first_byte == 30s));
    BOOST_TEST((fast.deadlines->stream_first_byte == 2500ms));
    BOOST_TEST((fast.deadlines->connect == 250ms));

    deployment const& local = s.gateway.deployments[1];
    BOOST_TEST(local.model == "openai/tiny");
    BOOST_TEST(local.api_base == "http://127.0.0.1:8000/v1");
    BOOST_TEST(!local.deadlines.has_value());

    BOOST_TEST(!s.gateway.providers_from_environment);
    BOOST_TEST(s.master_key.reveal() == "sk-1234");
    BOOST_TEST(s.host == "0.0.0.0");
    BOOST_TEST(s.port == 4001);
    BOOST_TEST(s.workers == 2U);
    BOOST_TEST((s.drain_grace == 600s));
    BOOST_TEST(s.access_log == "-");
    BOOST_TEST(s.gateway.ca_file == "/tmp/ca.pem");
    BOOST_TEST(s.gateway.max_idle_connections_per_origin == 5U);
    BOOST_TEST((s.gateway.deadlines.first_byte == 700s));
    BOOST_TEST((s.gateway.deadlines.total == 2h));
    BOOST_TEST((s.gateway.deadlines.idle == 60s));
    BOOST_TEST(s.limits.body_bytes == 1024U * 1024U);
    BOOST_TEST(s.limits.head_bytes == 8192U);
    BOOST_TEST((s.limits.write_stall == 5s));
    BOOST_TEST(s.gateway.max_event_bytes == 2U * 1024U * 1024U);
}

BOOST_AUTO_TEST_CASE(bad_values_name_their_line)
{
    constexpr bad_case cases[] = {
        {"no mapping", "- a\n",
         "c.yaml:1:1: error: the top level must be a mapping (key: value), not a list\n"},
        {"no yaml", "model_list: [\n", nullptr},
        {"list", "model_list: 5\n",
         "c.yaml:1:13: error: model_list must be a list: each entry begins with '- model_name: ...'\n"},
        {"integer", "cogate:\n  port: four\n",
         "c.yaml:2:9: error: port: 'four' is not a whole number from 0 to 65535\n"},
        {"range", "cogate:\n  port: 65536\n",
         "c.yaml:2:9: error: port: '65536' is not a whole number from 0 to 65535\n"},
        {"boolean", "router_settings: {ignore_invalid_deployments: perhaps}\n",
         "c.yaml:1:47: error: ignore_invalid_deployments: 'perhaps' is not true or false\n"},
        {"duration", "\ncogate:\n  drain_grace: 5 weeks\n",
         "c.yaml:3:16: error: drain_grace: '5 weeks' is not seconds or a time such as 250ms, 30s or 10m, "
         "above "
         "zero and at most 30 days\n"},
        {"zero", "litellm_settings: {request_timeout: 0}\n", nullptr},
        {"kind", "cogate:\n  host: [a]\n", "c.yaml:2:9: error: host must be a single value, not a list\n"},
        {"twice", "cogate:\n  port: 1\n  host: a\n  port: 2\n",
         "c.yaml:4:3: error: key 'port' is given twice in cogate, first in line 2\n"},
        {"empty key", "general_settings:\n  master_key: ''\n",
         "c.yaml:2:15: error: master_key is empty: give a key or remove the line\n"},
        {"spaced key", "general_settings:\n  master_key: my secret words\n",
         "c.yaml:2:15: error: master_key must be visible ASCII without spaces, or no client can send it\n"},
        {"unset variable", "general_settings:\n  master_key: os.environ/NOT_THERE\n",
         "c.yaml:2:15: error: master_key: environment variable 'NOT_THERE' is not set; set it or put it "
         "under "
         "environment_variables\n"},
        {"url",
         "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/m\n    api_base: localhost\n",
         nullptr},
        {"no model", "model_list:\n- model_name: m\n",
         "c.yaml:2:3: error: this deployment has no litellm_params.model\n"},
        {"no name", "model_list:\n- litellm_params: {model: openai/m, api_key: k}\n",
         "c.yaml:2:3: error: this deployment has no model_name\n"},
        {"provider", "model_list:\n- model_name: m\n  litellm_params: {model: opnai/m, api_key: k}\n",
         "c.yaml:3:27: error: there is no provider 'opnai'; did you mean openai/...? Write provider/model "
         "(openai/gpt-4o, anthropic/claude-sonnet-4-5, "
         "...; `cogate models --providers` lists them), or set api_base for a service that speaks OpenAI's "
         "dialect\n"},
        {"no provider", "model_list:\n- model_name: m\n  litellm_params: {model: m, api_key: k}\n",
         "c.yaml:3:27: error: cannot tell which provider serves 'm'. Write provider/model (openai/gpt-4o, "
         "anthropic/claude-sonnet-4-5, "
         "...; `cogate models --providers` lists them), or set api_base for a service that speaks OpenAI's "
         "dialect\n"},
        {"pattern", "model_list:\n- model_name: m\n  litellm_params: {model: openai/*, api_key: k}\n",
         "c.yaml:3:27: error: model 'openai/*' stands for many: its model_name must end in '*', too\n"},
        {"no base",
         "model_list:\n- model_name: m\n  litellm_params: {model: openai_compatible/m, api_key: k}\n",
         "c.yaml:3:27: error: openai_compatible needs api_base\n"},
        {"header",
         "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/m\n    api_key: k\n"
         "    extra_headers: {'a b': c}\n",
         "c.yaml:6:21: error: 'a b' is not a header name\n"},
        {"header value",
         "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/m\n    api_key: k\n"
         "    extra_headers: {a: \"b\\r\\nc: d\"}\n",
         "c.yaml:6:24: error: header a must not contain control characters\n"},
        {"same id",
         "model_list:\n- {model_name: m, litellm_params: {model: openai/m, api_key: k}, model_info: {id: "
         "x}}\n"
         "- {model_name: n, litellm_params: {model: openai/n, api_key: k}, model_info: {id: x}}\n",
         "c.yaml:3:83: error: id 'x' is taken by the deployment in line 2\n"},
        {"utf-8", "cogate: {host: \xFF}\n", "c.yaml: error: the file is not UTF-8 text\n"},
    };
    for (bad_case const& c : cases) {
        BOOST_TEST_CONTEXT(c.name)
        {
            config::loaded const got = read(c.yaml);
            BOOST_TEST(!got.value.has_value());
            BOOST_TEST(config::has_error(got.diagnostics));
            if (c.says != nullptr) {
                BOOST_TEST(complaints(got) == c.says);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(all_faults_in_one_run_in_order)
{
    config::loaded const got = read("cogate:\n  port: x\n  workers: y\nmodel_list:\n- model_name: m\n");
    BOOST_TEST_REQUIRE(got.diagnostics.size() == 3U);
    BOOST_TEST(got.diagnostics[0].line == 2U);
    BOOST_TEST(got.diagnostics[1].line == 3U);
    BOOST_TEST(got.diagnostics[2].line == 5U);
}

BOOST_AUTO_TEST_CASE(keys_that_are_not_used_are_warnings)
{
    config::loaded const got = read(R"(
model_list:
- {model_name: a, litellm_params: {model: openai/a, api_key: k, itpm: 5, api_bse: x}}
- {model_name: b, litellm_params: {model: openai/b, api_key: k, itpm: 6, tiered_pricing: []}}
litellm_settings: {master_key: k, set_verbose: true}
genral_settings: {}
cogate: {zzzzzz: 1}
)");
    BOOST_TEST(got.value.has_value());
    BOOST_TEST(
        complaints(got) ==
        "c.yaml:3:65: warning: key 'itpm' in litellm_params is known to LiteLLM, not used by cogate yet "
        "(and 1 more)\n"
        "c.yaml:3:74: warning: unknown key 'api_bse' in litellm_params; did you mean 'api_base'?\n"
        "c.yaml:4:74: warning: key 'tiered_pricing' in litellm_params is known to LiteLLM, not used by "
        "cogate yet\n"
        "c.yaml:5:20: warning: unknown key 'master_key' in litellm_settings; it belongs to "
        "general_settings\n"
        "c.yaml:5:35: warning: key 'set_verbose' in litellm_settings is known to LiteLLM, not used by cogate "
        "yet\n"
        "c.yaml:6:1: warning: unknown key 'genral_settings' in the top level; did you mean "
        "'general_settings'?\n"
        "c.yaml:7:10: warning: unknown key 'zzzzzz' in cogate\n");
}

BOOST_AUTO_TEST_CASE(secrets_are_not_in_messages)
{
    config::loaded const got = read("general_settings:\n  master_key: \"sk-hidden\\x07value\"\n"
                                    "cogate:\n  port: os.environ/PORT\n",
                                    {{"PORT", "from-the-environment"}});
    std::string const all = complaints(got);
    BOOST_TEST(all.find("hidden") == std::string::npos);
    BOOST_TEST(all.find("from-the-environment") == std::string::npos);
    BOOST_TEST(all.find("os.environ/PORT") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_empty_variable_does_not_open_the_gateway)
{
    config::loaded const got = read("general_settings: {master_key: os.environ/K}\n", {{"K", ""}});
    BOOST_TEST(!got.value.has_value());
}

BOOST_AUTO_TEST_CASE(settings_of_providers_and_rules_of_parameters)
{
    config::settings const got = good("model_list:\n"
                                      "- model_name: a\n"
                                      "  litellm_params:\n"
                                      "    model: azure/d\n"
                                      "    api_base: https://r.openai.azure.com\n"
                                      "    api_key: k\n"
                                      "    api_version: 2024-10-21\n"
                                      "    drop_params: true\n"
                                      "    additional_drop_params: [stop, seed]\n"
                                      "    allowed_openai_params: [logprobs]\n"
                                      "litellm_settings: {drop_params: true}\n");
    deployment const& one = got.gateway.deployments.at(0);
    BOOST_REQUIRE_EQUAL(one.settings.size(), 1U);
    BOOST_TEST(one.settings[0].first == "api_version");
    BOOST_TEST(one.settings[0].second.reveal() == "2024-10-21");
    BOOST_TEST(one.parameters.drop_params);
    BOOST_TEST((one.parameters.additional_drop_params == std::vector<std::string>{"stop", "seed"}));
    BOOST_TEST((one.parameters.allowed_openai_params == std::vector<std::string>{"logprobs"}));
    BOOST_TEST(got.gateway.parameters.drop_params);
}

BOOST_AUTO_TEST_CASE(keys_of_providers)
{
    const char* const yaml = "model_list:\n- {model_name: a, litellm_params: {model: gpt-4o}}\n";
    for (variables const& unset : {variables{}, variables{{"OPENAI_API_KEY", ""}}}) {
        BOOST_TEST(complaints(read(yaml, unset)) ==
                   "c.yaml:2:43: error: no key for openai: set api_key or the environment variable "
                   "OPENAI_API_KEY\n");
    }
    BOOST_TEST(complaints(read(yaml, {{"OPENAI_API_KEY", "k"}})) == "");

    config::settings const own = good(std::string(yaml) + "environment_variables: {OPENAI_API_KEY: own}\n");
    BOOST_TEST(own.gateway.deployments.at(0).model == "gpt-4o");
    BOOST_TEST(own.gateway.environment("OPENAI_API_KEY").value() == "own");
}

BOOST_AUTO_TEST_CASE(the_environment_of_the_gateway)
{
    config::settings const s = good("environment_variables: {A: file, B: os.environ/C}\n",
                                    {{"A", "process"}, {"C", "3"}, {"D", "4"}});
    BOOST_TEST(s.gateway.environment("A").value() == "file");
    BOOST_TEST(s.gateway.environment("B").value() == "3");
    BOOST_TEST(s.gateway.environment("D").value() == "4");
    BOOST_TEST(!s.gateway.environment("E").has_value());
}

BOOST_AUTO_TEST_CASE(a_bare_name_behind_a_base_url)
{
    // Not even a name of OpenAI's makes it OpenAI: its key must not go to another service.
    for (std::string const name : {"org/tiny", "gpt-oss"}) {
        config::settings const s = good("model_list:\n- {model_name: a, litellm_params: {model: " + name +
                                        ", api_base: 'http://h/v1'}}\n");
        BOOST_TEST(s.gateway.deployments.at(0).model == name);
    }
}

BOOST_AUTO_TEST_CASE(any_model_of_any_provider)
{
    config::settings const s = good("model_list:\n- {model_name: '*', litellm_params: {model: '*'}}\n");
    BOOST_TEST(s.gateway.providers_from_environment);
    BOOST_TEST(s.gateway.deployments.empty());
}

BOOST_AUTO_TEST_CASE(invalid_deployments_can_be_skipped)
{
    config::loaded const got = read("router_settings: {ignore_invalid_deployments: true}\nmodel_list:\n"
                                    "- {model_name: a, litellm_params: {model: nowhere/a}}\n"
                                    "- {model_name: b, litellm_params: {model: openai/b, api_key: k}}\n");
    BOOST_TEST_REQUIRE(got.value.has_value());
    BOOST_TEST_REQUIRE(got.value->gateway.deployments.size() == 1U);
    BOOST_TEST(got.value->gateway.deployments[0].model_name == "b");
    BOOST_TEST(got.diagnostics.size() == 1U);
}

BOOST_AUTO_TEST_CASE(merge_keys_and_aliases)
{
    config::settings const s = good(R"(
shared: &shared {api_key: k, timeout: 5}
model_list:
- {model_name: a, litellm_params: {<<: *shared, model: openai/a, timeout: 7}}
)");
    deployment const& d = s.gateway.deployments.at(0);
    BOOST_TEST(d.api_key.reveal() == "k");
    BOOST_TEST((d.deadlines->first_byte == 7s));
}

BOOST_AUTO_TEST_CASE(hostile_yaml_ends)
{
    std::string const deep(100'000, '[');
    BOOST_TEST(!read(deep).value.has_value());
    BOOST_TEST(!read("cogate: &a\n  <<: *a\n  port: x\n").value.has_value());
    BOOST_TEST(
        !read("cogate: &a\n  <<: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n  port: x\n").value.has_value());
    std::string laughs = "a0: &a0 [x]\n";
    for (int i = 1; i != 30; ++i) {
        std::string const before = "*a" + std::to_string(i - 1);
        laughs +=
            'a' + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
    }
    BOOST_TEST(read(laughs).value.has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there)
{
    config::loaded const got = config::load_file("/nowhere/config.yaml", {});
    BOOST_TEST(complaints(got) == "/nowhere/config.yaml: error: cannot be read: No such file or directory\n");
    BOOST_TEST(!config::load_file("/", {}).value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
