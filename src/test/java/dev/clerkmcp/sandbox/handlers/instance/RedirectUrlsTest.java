package dev.clerkmcp.sandbox.handlers.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedirectUrlsTest {
  private final SandboxCalls calls = SandboxCalls.empty();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com/callback?a=b",
        "my-app://callback",
        "http://localhost:3000/callback",
        "http://127.0.0.1:8080"
      })
  void acceptsUrls(String url) {
    JsonNode created = create(url).body();

    assertThat(created.path("url").asText()).isEqualTo(url);
    assertThat(calls.ok("GET /redirect_urls/" + created.path("id").asText())).isEqualTo(created);
  }

  @ParameterizedTest
  @CsvSource({
    "app.example.com/callback, 422 form_param_format_invalid url",
    "/callback, 422 form_param_format_invalid url",
    "https://, 422 form_param_format_invalid url",
    "https:///callback, 422 form_param_format_invalid url",
    "javascript:alert(1), 422 form_param_format_invalid url",
    "https://a b, 422 form_param_format_invalid url",
    "http://example.com, 422 insecure_url url",
    "HTTP://localhost.example.com, 422 insecure_url url"
  })
  void rejectsInvalidIdentifiers(String url, String error) {
    assertThat(create(url).error()).isEqualTo(error);
  }

  @Test
  void rejectsDuplicateUrl() {
    create("https://app.example.com");

    assertThat(create(" https://app.example.com ").error())
        .isEqualTo("422 form_already_exists url");
    assertThat(calls.ok("GET /redirect_urls")).hasSize(1);
  }

  @Test
  void listsAndDeletes() {
    String first = create("https://one.example.com").body().path("id").asText();
    create("https://two.example.com");

    assertThat(calls.ok("GET /redirect_urls?paginated=true").path("total_count").asInt())
        .isEqualTo(2);
    assertThat(calls.ok("DELETE /redirect_urls/" + first).path("object").asText())
        .isEqualTo("redirect_url");
    assertThat(calls.call("GET", "/redirect_urls/" + first).error())
        .isEqualTo("404 resource_not_found");
    assertThat(calls.call("DELETE", "/redirect_urls/" + first).error())
        .isEqualTo("404 resource_not_found");
    assertThat(calls.ok("GET /redirect_urls").findValuesAsText("url"))
        .containsExactly("https://two.example.com");
  }

  private SandboxCalls.Reply create(String url) {
    return calls.call("POST", "/redirect_urls", "{'url':'%s'}".formatted(url));
  }
}
