package dev.clerkmcp.sandbox.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.contract.Call;
import dev.clerkmcp.sandbox.contract.Refusal;
import dev.clerkmcp.sandbox.world.Kind;
import dev.clerkmcp.sandbox.world.Table;
import java.net.URI;
import java.util.Locale;

/** Proxy checks: whether a proxy could stand before a domain. Nothing is connected to. */
final class ProxyChecks {
  private final Instance instance;
  private final Table domains;

  ProxyChecks(Instance instance) {
    this.instance = instance;
    this.domains = instance.table(Kind.DOMAIN);
  }

  void register(Routes on) {
    on.on("POST /proxy_checks", this::create);
  }

  private JsonNode create(Call call) {
    ObjectNode domain = domain(call);
    URI proxy = AbsoluteUrl.https("proxy_url", required(call, "proxy_url"));
    String name = domain.path("name").asText().replaceFirst(":\\d+$", "");
    String host = proxy.getHost().toLowerCase(Locale.ROOT);
    if (!host.equals(name) && !host.endsWith("." + name)) {
      throw Refusal.invalid(
          "invalid_proxy_configuration",
          "proxy_url",
          "proxy_url must be on %s or below it.".formatted(name));
    }
    ObjectNode check = instance.blankAnswer(call);
    return check
        .put("id", instance.world().newId("proxchk_"))
        .put("domain_id", domain.path("id").asText())
        .put("proxy_url", proxy.toString())
        .put("successful", true)
        .put("last_run_at", instance.now())
        .put("created_at", instance.now())
        .put("updated_at", instance.now());
  }

  private ObjectNode domain(Call call) {
    String id = required(call, "domain_id");
    ObjectNode domain = domains.find(id);
    if (domain == null) {
      throw Refusal.invalid(
          "form_resource_not_found", "domain_id", "No domain was found with id %s.".formatted(id));
    }
    return domain;
  }

  private static String required(Call call, String parameter) {
    String text = call.text(parameter);
    if (text == null) {
      throw Refusal.missing(parameter);
    }
    return text;
  }
}
