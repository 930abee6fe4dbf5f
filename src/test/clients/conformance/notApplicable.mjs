// The scenarios that say nothing about our server, by version of the protocol, each with the reason
// and the only problem that it may find. The test fails when another one fails, when one of these
// finds something else, and when one of these passes.
export const NOT_APPLICABLE = {
  "2025-11-25": [
    {
      reason: "it calls a tool of a fixed name, and all of ours are Clerk's operations",
      problem: /Unknown tool: test_|Tool 'json_schema_2020_12_tool' not found/,
      scenarios: [
        "elicitation-sep1034-defaults",
        "elicitation-sep1330-enums",
        "json-schema-2020-12",
        "tools-call-audio",
        "tools-call-elicitation",
        "tools-call-embedded-resource",
        "tools-call-error",
        "tools-call-image",
        "tools-call-mixed-content",
        "tools-call-sampling",
        "tools-call-simple-text",
        "tools-call-with-progress",
      ],
    },
    {
      reason: "it names a fixed prompt, and all of ours are about Clerk",
      problem: /Unknown prompt: test_/,
      scenarios: [
        "completion-complete",
        "prompts-get-embedded-resource",
        "prompts-get-simple",
        "prompts-get-with-args",
        "prompts-get-with-image",
      ],
    },
    {
      reason: "it reads a fixed resource, and all of ours are Clerk's",
      problem: /Unknown resource test:/,
      scenarios: ["resources-read-binary", "resources-read-text", "resources-templates-read"],
    },
    {
      reason: "the server offers no subscriptions to a session",
      problem: /There is no method resources\/subscribe/,
      scenarios: ["resources-subscribe", "resources-unsubscribe"],
    },
    {
      reason: "the server offers no logs to a session",
      problem: /There is no method logging\/setLevel/,
      scenarios: ["logging-set-level", "tools-call-with-logging"],
    },
    {
      reason: "it is about HTTP, where the bridge is under test and not the server",
      problem: /localhost-host-rebinding-rejected|Nothing was checked/,
      scenarios: ["dns-rebinding-protection", "server-sse-polling"],
    },
  ],
  "2026-07-28": [
    {
      reason: "it calls a tool of a fixed name, and all of ours are Clerk's operations",
      problem:
        /Unknown tool: test_|Tool 'json_schema_2020_12_tool' not found|Prerequisite failed|Expected InputRequiredResult|instead of re-requesting/,
      scenarios: [
        "input-required-result-basic-elicitation",
        "input-required-result-basic-list-roots",
        "input-required-result-basic-sampling",
        "input-required-result-capability-check",
        "input-required-result-ignore-extra-params",
        "input-required-result-missing-input-response",
        "input-required-result-multi-round",
        "input-required-result-multiple-input-requests",
        "input-required-result-request-state",
        "input-required-result-result-type",
        "input-required-result-tampered-state",
        "json-schema-2020-12",
        "tools-call-audio",
        "tools-call-embedded-resource",
        "tools-call-error",
        "tools-call-image",
        "tools-call-mixed-content",
        "tools-call-simple-text",
        "tools-call-with-progress",
      ],
    },
    {
      reason: "it names a fixed prompt, and all of ours are about Clerk",
      problem: /Unknown prompt: test_/,
      scenarios: [
        "completion-complete",
        "input-required-result-non-tool-request",
        "prompts-get-embedded-resource",
        "prompts-get-simple",
        "prompts-get-with-args",
        "prompts-get-with-image",
      ],
    },
    {
      reason: "it reads a fixed resource, and all of ours are Clerk's",
      problem: /Unknown resource test:/,
      scenarios: ["resources-read-binary", "resources-read-text", "resources-templates-read"],
    },
    {
      reason: "it is about HTTP headers, where the bridge is under test and not the server",
      problem: /localhost-host-rebinding-rejected|sep-2243-server-/,
      scenarios: [
        "dns-rebinding-protection",
        "http-custom-header-server-validation",
        "http-header-validation",
      ],
    },
    {
      reason: "in part: four of its checks call tools of fixed names, and one is about an HTTP header",
      problem: /does not list the diagnostic tool 'test_|sep-2575-http-server-header-mismatch-400/,
      scenarios: ["server-stateless"],
    },
  ],
};
