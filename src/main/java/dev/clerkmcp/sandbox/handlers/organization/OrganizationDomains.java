package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Handles the endpoints of organizations' domains: users with an email address at such a domain may
 * join.
 */
public final class OrganizationDomains extends Resource {
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]");

  private static final List<String> MODES =
      List.of(
          "manual_invitation", "automatic_invitation", "automatic_suggestion", "enterprise_sso");

  /** Domains of public email providers, which no organization can have. */
  private static final Set<String> COMMON =
      Set.of("aol.com", "gmail.com", "hotmail.com", "icloud.com", "outlook.com", "yahoo.com");

  private final Table organizations;
  private final OrganizationSettings settings;

  public OrganizationDomains(HandlerContext context) {
    super(context, ObjectKind.ORGANIZATION_DOMAIN, "/organizations/{organization_id}/domains");
    this.organizations = context.table(ObjectKind.ORGANIZATION);
    this.settings = new OrganizationSettings(context);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    routes
        .on("GET /organization_domains", this::listOfInstance)
        .on(
            "POST /organizations/{organization_id}/domains/{domain_id}/verify_ownership",
            this::verifyOwnership);
  }

  @Override
  protected void start(ObjectNode domain, ApiRequest request) {
    String given = request.text("name");
    if (given == null) {
      throw ApiError.missing("name");
    }
    String name = name(given);
    String organizationId = domain.path("organization_id").asText();
    checkNew(organizationId, name);
    checkQuota(organizationId);
    domain.put("name", name).put("enrollment_mode", MODES.get(0));
    setVerified(domain, true);
  }

  @Override
  protected void set(ObjectNode domain, ApiRequest request) {
    String mode = request.text("enrollment_mode");
    if (mode != null) {
      domain.put("enrollment_mode", mode(mode));
    }
    if (request.has("verified")) {
      setVerified(domain, request.flag("verified", true));
    }
  }

  private void checkNew(String organizationId, String name) {
    if (COMMON.contains(name)) {
      throw ApiError.invalid(
          "organization_domain_common",
          "name",
          name + " belongs to a public email provider, so no organization can have it.");
    }
    for (ObjectNode other : rows.rows()) {
      if (other.path("name").asText().equals(name)) {
        boolean same = other.path("organization_id").asText().equals(organizationId);
        throw ApiError.invalid(
            same
                ? "organization_domain_already_exists_same_organization"
                : "organization_domain_already_exists",
            "name",
            "%s is a domain of %s organization already.",
            name,
            same ? "this" : "another");
      }
    }
  }

  private void checkQuota(String organizationId) {
    int most = settings.domains();
    if (most != 0 && rows.where("organization_id", organizationId).size() >= most) {
      throw ApiError.of(
          403,
          "organization_domain_quota_exceeded",
          "The organization has %s domains, the most that it may have.",
          most);
    }
  }

  /** Marks the ownership as verified; nothing is checked. */
  private JsonNode verifyOwnership(ApiRequest request) {
    ObjectNode domain = row(request);
    return domain.at("/ownership_verification/status").asText().equals("verified")
        ? view(domain)
        : change(
            request,
            row -> row.set("ownership_verification", verification("verified", context.now())));
  }

  @Override
  public JsonNode list(ApiRequest request) {
    String verified = request.parameter("verified");
    if (verified != null && !Set.of("true", "false").contains(verified)) {
      throw ApiError.invalid(
          "form_param_value_invalid", "verified", "verified must be true or false.");
    }
    String mode = request.parameter("enrollment_mode");
    if (mode != null) {
      String unused = mode(mode.startsWith("-") ? mode.substring(1) : mode); // must be one
    }
    return super.list(request);
  }

  private JsonNode listOfInstance(ApiRequest request) {
    String query = request.parameter("query");
    if (query != null && query.isBlank()) {
      throw ApiError.invalid("form_param_value_invalid", "query", "query must not be blank.");
    }
    if (query == null || !query.strip().startsWith(ObjectKind.ORGANIZATION.prefix())) {
      return page(request, rows.stream());
    }
    ApiRequest without = request.withoutParameter("query"); // it names an organization
    return page(without, rows.where("organization_id", query.strip()).stream());
  }

  @Override
  public Stream<JsonNode> values(ObjectNode domain, String name) {
    return Stream.of(
        switch (name) {
          case "domains" -> domain.path("name");
          case "verified" -> BooleanNode.valueOf(isVerified(domain));
          default -> domain.path(name);
        });
  }

  @Override
  public ObjectNode view(ObjectNode row) {
    ObjectNode view = row.deepCopy();
    view.set("verification", view.path("affiliation_verification"));
    view.set(
        "public_organization_data",
        Organizations.publicData(organizations.get(row.path("organization_id").asText())));
    return view;
  }

  private static void setVerified(ObjectNode domain, boolean verified) {
    domain.set(
        "affiliation_verification", verification(verified ? "verified" : "unverified", null));
  }

  private static boolean isVerified(ObjectNode domain) {
    return domain.path("affiliation_verification").path("status").asText().equals("verified");
  }

  /** A verification by the API itself, without a check. */
  private static ObjectNode verification(String status, @Nullable Long verifiedAt) {
    return Json.object()
        .put("status", status)
        .put("strategy", "manual_override")
        .putNull("attempts")
        .putNull("expire_at")
        .put("verified_at", verifiedAt);
  }

  private static String name(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid", "name", "name must be a domain such as example.com.");
    }
    return name;
  }

  private static String mode(String mode) {
    if (!MODES.contains(mode)) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "enrollment_mode",
          "enrollment_mode takes one of %s.",
          String.join(", ", MODES));
    }
    return mode;
  }
}
