package dev.clerkmcp.sandbox.handlers.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Domains, and the checks of proxies before them. */
final class DomainsTest {
  private final SandboxCalls calls = SandboxCalls.empty();

  @Test
  void addsSatellites() {
    JsonNode domain = add("Shop.example.com").body();

    assertThat(domain.path("name").asText()).isEqualTo("shop.example.com");
    assertThat(domain.path("is_satellite").asBoolean()).isTrue();
    assertThat(domain.path("frontend_api_url").asText())
        .isEqualTo("https://clerk.sandbox.invalid/domains/shop.example.com");
    assertThat(domain.path("accounts_portal_url").isNull()).isTrue();
    assertThat(domain.path("proxy_url").isNull()).isTrue();
    assertThat(domain.path("cname_targets").findValuesAsText("host"))
        .containsExactly("clerk.shop.example.com");
    assertThat(calls.ok("GET /domains").path("data").path(0)).isEqualTo(domain);
  }

  @Test
  void localDomainsMayHaveAPortAndHaveNoDnsRecords() {
    JsonNode domain = add("localhost:3000").body();

    assertThat(domain.path("development_origin").asText()).isEqualTo("http://localhost:3000");
    assertThat(domain.path("cname_targets")).isEmpty();
  }

  @Test
  void namesAreUnique() {
    add("shop.example.com");
    JsonNode other = add("blog.example.com").body();

    assertThat(add("SHOP.example.com").error()).isEqualTo("422 form_identifier_exists name");
    assertThat(calls.call("PATCH", path(other), "{'name':'shop.example.com'}").error())
        .isEqualTo("422 form_identifier_exists name");
    assertThat(calls.call("PATCH", path(other), "{'name':'blog.example.com'}").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "https://example.com", "example.com/path", "a b.com", "-a.com", "a..com"})
  void rejectsInvalidNames(String name) {
    assertThat(add(name).error()).isEqualTo("422 form_param_format_invalid name");
  }

  @Test
  void newDomainsMustBeSatellites() {
    assertThat(calls.call("POST", "/domains", "{'name':'a.com','is_satellite':false}").error())
        .isEqualTo("422 form_param_value_invalid is_satellite");
    assertThat(calls.call("POST", "/domains", "{'name':'a.com'}").error())
        .isEqualTo("422 form_param_missing is_satellite");
  }

  @Test
  void newNameChangesDerivedFields() {
    JsonNode primary = primary();

    JsonNode changed = calls.ok("PATCH " + path(primary), "{'name':'new.example.com'}");

    assertThat(changed.path("frontend_api_url").asText()).endsWith("/new.example.com");
    assertThat(changed.path("accounts_portal_url").asText())
        .isEqualTo("https://accounts.sandbox.invalid/domains/new.example.com");
    assertThat(changed.path("cname_targets").findValuesAsText("host"))
        .containsExactly("clerk.new.example.com", "accounts.new.example.com");
    assertThat(calls.call("PATCH", "/domains/dmn_0", "{}").error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void proxyCanBeSetAndRemoved() {
    JsonNode domain = add("shop.example.com").body();

    assertThat(
            calls
                .ok("PATCH " + path(domain), "{'proxy_url':'https://shop.example.com/__clerk'}")
                .path("proxy_url")
                .asText())
        .isEqualTo("https://shop.example.com/__clerk");
    assertThat(calls.ok("PATCH " + path(domain), "{'name':null}").path("proxy_url").isNull())
        .isFalse();
    assertThat(calls.ok("PATCH " + path(domain), "{'proxy_url':null}").path("proxy_url").isNull())
        .isTrue();
    assertThat(
            calls.call("PATCH", path(domain), "{'proxy_url':'http://shop.example.com/'}").error())
        .isEqualTo("422 insecure_url proxy_url");
  }

  @Test
  void onlySatellitesCanBeDeleted() {
    JsonNode domain = add("shop.example.com").body();
    JsonNode primary = primary();

    assertThat(calls.call("DELETE", path(primary)).error())
        .isEqualTo("403 operation_not_allowed_on_primary_domain");
    assertThat(calls.ok("DELETE " + path(domain)).path("object").asText()).isEqualTo("domain");
    assertThat(calls.call("DELETE", path(domain)).error()).isEqualTo("404 resource_not_found");
    assertThat(calls.ok("GET /domains").path("total_count").asInt()).isEqualTo(1);
  }

  @Test
  void proxyMustBeOnTheDomain() {
    JsonNode domain = add("shop.example.com").body();

    JsonNode check = check(domain, "https://api.shop.example.com/__clerk").body();

    assertThat(check.path("object").asText()).isEqualTo("proxy_check");
    assertThat(check.path("domain_id")).isEqualTo(domain.path("id"));
    assertThat(check.path("successful").asBoolean()).isTrue();
    assertThat(check.path("last_run_at").asLong()).isEqualTo(calls.store().now());
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/__clerk, 422 invalid_proxy_configuration proxy_url",
    "https://workshop.example.com/__clerk, 422 invalid_proxy_configuration proxy_url",
    "http://shop.example.com/__clerk, 422 insecure_url proxy_url",
    "shop.example.com, 422 form_param_format_invalid proxy_url"
  })
  void refusesOtherProxies(String url, String error) {
    assertThat(check(add("shop.example.com").body(), url).error()).isEqualTo(error);
  }

  @Test
  void proxyCheckNeedsDomainAndProxy() {
    assertThat(calls.call("POST", "/proxy_checks", "{'proxy_url':'https://a.com'}").error())
        .isEqualTo("422 form_param_missing domain_id");
    assertThat(calls.call("POST", "/proxy_checks", "{'domain_id':'dmn_0'}").error())
        .isEqualTo("422 form_resource_not_found domain_id");
    assertThat(
            calls
                .call(
                    "POST",
                    "/proxy_checks",
                    "{'domain_id':'%s'}".formatted(add("a.com").body().path("id").asText()))
                .error())
        .isEqualTo("422 form_param_missing proxy_url");
  }

  private SandboxCalls.Reply add(String name) {
    return calls.call("POST", "/domains", "{'name':'%s','is_satellite':true}".formatted(name));
  }

  private JsonNode primary() {
    return calls
        .store()
        .table(ObjectKind.DOMAIN)
        .add(
            Json.object()
                .put("object", "domain")
                .put("id", "dmn_1")
                .put("name", "example.com")
                .put("is_satellite", false)
                .put("frontend_api_url", "https://clerk.sandbox.invalid")
                .put("development_origin", ""));
  }

  private SandboxCalls.Reply check(JsonNode domain, String url) {
    return calls.call(
        "POST",
        "/proxy_checks",
        "{'domain_id':'%s','proxy_url':'%s'}".formatted(domain.path("id").asText(), url));
  }

  private static String path(JsonNode domain) {
    return "/domains/" + domain.path("id").asText();
  }
}
