package dev.clerkmcp.sandbox.handlers.instance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Handles the endpoints of the instance's domains: a primary one, and satellites that share its
 * users.
 */
public final class Domains extends Resource {
  private static final int MAX_LENGTH = 253; // RFC 1035

  /** A domain name; development instances accept a port after it. */
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\\d{1,5})?");

  public Domains(HandlerContext context) {
    super(context, ObjectKind.DOMAIN, "/domains");
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes.on("POST /proxy_checks", this::checkProxy);
  }

  @Override
  protected void start(ObjectNode domain, ApiRequest request) {
    domain.put("is_satellite", true);
  }

  @Override
  protected void set(ObjectNode domain, ApiRequest request) {
    if (request.has("name")) {
      setName(domain, request.field("name"));
    }
    setProxy(domain, request);
  }

  @Override
  protected void removing(ObjectNode domain) {
    if (!isSatellite(domain)) {
      throw ApiError.of(
          403,
          "operation_not_allowed_on_primary_domain",
          "The primary domain cannot be deleted, only renamed.");
    }
  }

  /** Sets the name and the fields that are derived from it. */
  private void setName(ObjectNode domain, String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    if (name.length() > MAX_LENGTH || !NAME.matcher(name).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid",
          "name",
          "name must be a domain such as app.example.com, without https:// and without a path.");
    }
    if (isTaken("name", name, domain)) {
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

  /**
   * Sets the proxy. Clerk accepts a proxy only in production; the sandbox always does, so that it
   * can be tried.
   */
  private static void setProxy(ObjectNode domain, ApiRequest request) {
    if (request.fields().has("proxy_url")) {
      String proxy = request.text("proxy_url");
      domain.put(
          "proxy_url", proxy == null ? null : InputRules.httpsUrl("proxy_url", proxy).toString());
    }
  }

  private static boolean isSatellite(JsonNode domain) {
    return domain.path("is_satellite").asBoolean();
  }

  /** Checks the form of a proxy's URL; it makes no connection. */
  private JsonNode checkProxy(ApiRequest request) {
    ObjectNode domain = checkedDomain(request);
    URI proxy = InputRules.httpsUrl("proxy_url", required(request, "proxy_url"));
    String name = domain.path("name").asText().replaceFirst(":\\d+$", "");
    String host = proxy.getHost().toLowerCase(Locale.ROOT);
    if (!host.equals(name) && !host.endsWith("." + name)) {
      throw ApiError.invalid(
          "invalid_proxy_configuration", "proxy_url", "proxy_url must be on %s or below it.", name);
    }
    ObjectNode check = context.responseTemplate(request);
    return check
        .put("id", context.store().newId("proxchk_"))
        .put("domain_id", domain.path("id").asText())
        .put("proxy_url", proxy.toString())
        .put("successful", true)
        .put("last_run_at", context.now())
        .put("created_at", context.now())
        .put("updated_at", context.now());
  }

  private ObjectNode checkedDomain(ApiRequest request) {
    String id = required(request, "domain_id");
    ObjectNode domain = rows.find(id);
    if (domain == null) {
      throw ApiError.invalid(
          "form_resource_not_found", "domain_id", "No domain was found with id %s.", id);
    }
    return domain;
  }

  private static String required(ApiRequest request, String parameter) {
    String text = request.text(parameter);
    if (text == null) {
      throw ApiError.missing(parameter);
    }
    return text;
  }
}
