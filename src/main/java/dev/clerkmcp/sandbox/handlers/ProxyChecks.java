package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.net.URI;
import java.util.Locale;

/** Proxy checks: whether a proxy could stand before a domain. Nothing is connected to. */
final class ProxyChecks {
  private final HandlerContext instance;
  private final Table domains;

  ProxyChecks(HandlerContext instance) {
    this.instance = instance;
    this.domains = instance.table(ObjectKind.DOMAIN);
  }

  void register(Routes on) {
    on.on("POST /proxy_checks", this::create);
  }

  private JsonNode create(ApiRequest call) {
    ObjectNode domain = domain(call);
    URI proxy = AbsoluteUrl.https("proxy_url", required(call, "proxy_url"));
    String name = domain.path("name").asText().replaceFirst(":\\d+$", "");
    String host = proxy.getHost().toLowerCase(Locale.ROOT);
    if (!host.equals(name) && !host.endsWith("." + name)) {
      throw ApiError.invalid(
          "invalid_proxy_configuration",
          "proxy_url",
          "proxy_url must be on %s or below it.".formatted(name));
    }
    ObjectNode check = instance.blankAnswer(call);
    return check
        .put("id", instance.store().newId("proxchk_"))
        .put("domain_id", domain.path("id").asText())
        .put("proxy_url", proxy.toString())
        .put("successful", true)
        .put("last_run_at", instance.now())
        .put("created_at", instance.now())
        .put("updated_at", instance.now());
  }

  private ObjectNode domain(ApiRequest call) {
    String id = required(call, "domain_id");
    ObjectNode domain = domains.find(id);
    if (domain == null) {
      throw ApiError.invalid(
          "form_resource_not_found", "domain_id", "No domain was found with id %s.".formatted(id));
    }
    return domain;
  }

  private static String required(ApiRequest call, String parameter) {
    String text = call.text(parameter);
    if (text == null) {
      throw ApiError.missing(parameter);
    }
    return text;
  }
}
