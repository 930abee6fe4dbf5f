package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The instance's domains: one that is primary, and satellites that share its users. */
final class Domains {
  private static final int LONGEST = 253; // RFC 1035

  /** A port may follow, as a development instance takes it. */
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\\d{1,5})?");

  private final HandlerContext instance;
  private final Table domains;

  Domains(HandlerContext instance) {
    this.instance = instance;
    this.domains = instance.table(ObjectKind.DOMAIN);
  }

  void register(Routes on) {
    on.on("GET /domains", call -> instance.page(call, List.copyOf(domains.rows())))
        .on("POST /domains", this::create)
        .on("DELETE /domains/{domain_id}", this::delete)
        .on("PATCH /domains/{domain_id}", this::update);
  }

  private JsonNode create(ApiRequest call) {
    ObjectNode domain = instance.newObject(ObjectKind.DOMAIN, "Domain").put("is_satellite", true);
    setName(domain, call.fields().path("name").asText());
    setProxy(domain, call);
    return domains.add(domain);
  }

  private JsonNode update(ApiRequest call) {
    return domains.change(
        call.variable("domain_id"),
        domain -> {
          String name = call.text("name");
          if (name != null) {
            setName(domain, name);
          }
          setProxy(domain, call);
        });
  }

  private JsonNode delete(ApiRequest call) {
    String id = call.variable("domain_id");
    if (!isSatellite(domains.get(id))) {
      throw ApiError.of(
          403,
          "operation_not_allowed_on_primary_domain",
          "The primary domain cannot be deleted, only renamed.");
    }
    domains.remove(id);
    return HandlerContext.deleted(ObjectKind.DOMAIN, id);
  }

  /** Sets the name and all that follows from it. */
  private void setName(ObjectNode domain, String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid",
          "name",
          "name must be a domain such as app.example.com, without https:// and without a path.");
    }
    if (domains.stream()
        .anyMatch(
            other ->
                other.path("name").asText().equals(name)
                    && !other.path("id").equals(domain.path("id")))) {
      throw ApiError.taken("name");
    }
    boolean satellite = isSatellite(domain);
    boolean development = name.contains(":") || name.equals("localhost");
    domain
        .put("name", name)
        .put("frontend_api_url", "https://clerk.sandbox.invalid/domains/" + name)
        .put(
            "accounts_portal_url",
            satellite ? null : "https://accounts.sandbox.invalid/domains/" + name)
        .put("development_origin", development ? "http://" + name : "");
    ArrayNode targets = domain.putArray("cname_targets");
    if (!development) {
      addTarget(targets, "clerk." + name, "frontend-api.sandbox.invalid");
      if (!satellite) {
        addTarget(targets, "accounts." + name, "accounts.sandbox.invalid");
      }
    }
  }

  private static void addTarget(ArrayNode targets, String host, String value) {
    targets.addObject().put("host", host).put("value", value).put("required", true);
  }

  /** Clerk takes proxies of production instances only; the sandbox takes them, to be tried out. */
  private static void setProxy(ObjectNode domain, ApiRequest call) {
    if (call.fields().has("proxy_url")) {
      String proxy = call.text("proxy_url");
      domain.put(
          "proxy_url", proxy == null ? null : AbsoluteUrl.https("proxy_url", proxy).toString());
    }
  }

  private static boolean isSatellite(JsonNode domain) {
    return domain.path("is_satellite").asBoolean();
  }
}
