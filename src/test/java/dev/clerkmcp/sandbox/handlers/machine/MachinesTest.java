package dev.clerkmcp.sandbox.handlers.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.store.ObjectKind;
import org.junit.jupiter.api.Test;

/** Machines, their keys and their scopes. */
final class MachinesTest {
  private final SandboxCalls clerk = SandboxCalls.empty();

  @Test
  void createReturnsTheSecretKeyOnce() {
    String other = machine("Billing");
    JsonNode created =
        clerk.ok("POST /machines", "{'name':'API','scoped_machines':['" + other + "']}");
    String id = created.path("id").asText();
    String secret = created.path("secret_key").asText();
    assertThat(secret).startsWith("ak_sandbox_machine_");
    assertThat(created.path("default_token_ttl").asInt()).isEqualTo(3600);
    assertThat(created.at("/scoped_machines/0/name").asText()).isEqualTo("Billing");
    assertThat(created.at("/scoped_machines/0").has("scoped_machines")).isFalse();

    JsonNode read = clerk.ok("GET /machines/" + id);
    assertThat(read.toString()).doesNotContain(secret);
    assertThat(read.path("scoped_machines")).isEqualTo(created.path("scoped_machines"));
    assertThat(clerk.ok("GET /machines/" + id + "/secret_key").path("secret").asText())
        .isEqualTo(secret);
  }

  @Test
  void scopedMachinesMustExist() {
    assertThat(
            clerk
                .call("POST", "/machines", "{'name':'API','scoped_machines':['mch_none']}")
                .error())
        .isEqualTo("422 form_resource_not_found scoped_machines");
    assertThat(clerk.store().table(ObjectKind.MACHINE).size()).isZero();
  }

  @Test
  void updateChangesOnlyGivenFields() {
    String id = machine("API");
    clerk.ok("PATCH /machines/" + id, "{'default_token_ttl':60}");
    JsonNode updated = clerk.ok("PATCH /machines/" + id, "{'name':'Gateway'}");
    assertThat(updated.path("name").asText()).isEqualTo("Gateway");
    assertThat(updated.path("default_token_ttl").asInt()).isEqualTo(60);
    assertThat(updated.path("updated_at").asLong())
        .isGreaterThan(updated.path("created_at").asLong());
  }

  @Test
  void listFindsByNameOrId() {
    String api = machine("API");
    String worker = machine("Worker");
    assertThat(clerk.ok("GET /machines").path("data").findValuesAsText("id"))
        .containsExactly(worker, api);
    assertThat(clerk.ok("GET /machines?order_by=name").path("data").findValuesAsText("id"))
        .containsExactly(api, worker);
    assertThat(clerk.ok("GET /machines?query=work").path("data").findValuesAsText("id"))
        .containsExactly(worker);
    assertThat(clerk.ok("GET /machines?query=" + api).path("total_count").asInt()).isEqualTo(1);
    assertThat(clerk.ok("GET /machines?query=mch_").path("total_count").asInt()).isZero();
    JsonNode page = clerk.ok("GET /machines?limit=1&offset=1");
    assertThat(page.path("data").findValuesAsText("id")).containsExactly(api);
    assertThat(page.path("total_count").asInt()).isEqualTo(2);
    assertThat(clerk.call("GET", "/machines?order_by=colour").error())
        .isEqualTo("422 form_param_value_invalid order_by");
  }

  @Test
  void rotationReplacesTheSecretKey() {
    String id = machine("API");
    String first = clerk.ok("GET /machines/" + id + "/secret_key").path("secret").asText();
    String second =
        clerk
            .ok("POST /machines/" + id + "/secret_key/rotate", "{'previous_token_ttl':0}")
            .path("secret")
            .asText();
    assertThat(second).startsWith("ak_sandbox_machine_").isNotEqualTo(first);
    assertThat(clerk.ok("GET /machines/" + id + "/secret_key").path("secret").asText())
        .isEqualTo(second);
    assertThat(clerk.call("POST", "/machines/" + id + "/secret_key/rotate", "{}").error())
        .isEqualTo("422 form_param_missing previous_token_ttl");
    assertThat(
            clerk
                .call(
                    "POST",
                    "/machines/" + id + "/secret_key/rotate",
                    "{'previous_token_ttl':28801}")
                .error())
        .isEqualTo("422 form_param_value_too_large previous_token_ttl");
  }

  @Test
  void scopeHasOneDirection() {
    String from = machine("API");
    String to = machine("Worker");
    JsonNode scope = clerk.ok("POST /machines/" + from + "/scopes", scope(to));
    assertThat(scope.path("from_machine_id").asText()).isEqualTo(from);
    assertThat(scope.path("to_machine_id").asText()).isEqualTo(to);
    assertThat(clerk.ok("GET /machines/" + from).at("/scoped_machines/0/id").asText())
        .isEqualTo(to);
    assertThat(clerk.ok("GET /machines/" + to).path("scoped_machines")).isEmpty();

    clerk.ok("DELETE /machines/" + from + "/scopes/" + to);
    assertThat(clerk.ok("GET /machines/" + from).path("scoped_machines")).isEmpty();
    assertThat(clerk.call("DELETE", "/machines/" + from + "/scopes/" + to).error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void scopeNeedsAnotherMachineThatExists() {
    String id = machine("API");
    String other = machine("Worker");
    clerk.ok("POST /machines/" + id + "/scopes", scope(other));
    assertThat(clerk.call("POST", "/machines/" + id + "/scopes", scope(other)).error())
        .isEqualTo("409 conflict");
    assertThat(clerk.call("POST", "/machines/" + id + "/scopes", scope(id)).error())
        .isEqualTo("422 form_param_value_invalid to_machine_id");
    assertThat(clerk.call("POST", "/machines/" + id + "/scopes", scope("mch_none")).error())
        .isEqualTo("404 resource_not_found");
    assertThat(clerk.call("POST", "/machines/mch_none/scopes", scope(id)).error())
        .isEqualTo("404 resource_not_found");
  }

  @Test
  void machineHasAtMost150Scopes() {
    StringBuilder others = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      others.append(i == 0 ? "'" : ",'").append(machine("M" + i)).append("'");
    }
    String id =
        clerk
            .ok("POST /machines", "{'name':'API','scoped_machines':[" + others + "]}")
            .path("id")
            .asText();
    assertThat(clerk.call("POST", "/machines/" + id + "/scopes", scope(machine("M"))).error())
        .isEqualTo("403 quota_exceeded");
  }

  @Test
  void deletingAMachineRemovesItsScopesAndTokens() {
    String from = machine("API");
    String gone = machine("Worker");
    clerk.ok("POST /machines/" + from + "/scopes", scope(gone));
    String token = clerk.ok("POST /m2m_tokens", "{}").path("token").asText();
    assertThat(clerk.ok("DELETE /machines/" + gone).path("object").asText()).isEqualTo("machine");
    assertThat(clerk.ok("GET /machines/" + from).path("scoped_machines")).isEmpty();
    assertThat(clerk.call("POST", "/m2m_tokens/verify", "{'token':'" + token + "'}").status())
        .isEqualTo(404);
    assertThat(clerk.call("GET", "/machines/" + gone).error()).isEqualTo("404 resource_not_found");
  }

  private String machine(String name) {
    return clerk.ok("POST /machines", "{'name':'" + name + "'}").path("id").asText();
  }

  private static String scope(String to) {
    return "{'to_machine_id':'" + to + "'}";
  }
}
