package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SignedFilter;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SortOrder;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.ArrayList;
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
public final class OrganizationDomains {
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]");

  private static final List<String> MODES =
      List.of(
          "manual_invitation", "automatic_invitation", "automatic_suggestion", "enterprise_sso");

  /** Domains of public email providers, which no organization can have. */
  private static final Set<String> COMMON =
      Set.of("aol.com", "gmail.com", "hotmail.com", "icloud.com", "outlook.com", "yahoo.com");

  private final HandlerContext context;
  private final Table domains;
  private final Table organizations;
  private final OrganizationSettings settings;

  public OrganizationDomains(HandlerContext context) {
    this.context = context;
    this.domains = context.table(ObjectKind.ORGANIZATION_DOMAIN);
    this.organizations = context.table(ObjectKind.ORGANIZATION);
    this.settings = new OrganizationSettings(context);
  }

  public void register(Routes routes) {
    routes
        .on("GET /organization_domains", this::listOfInstance)
        .on("GET /organizations/{organization_id}/domains", this::listOfOrganization)
        .on("POST /organizations/{organization_id}/domains", this::create)
        .on("PATCH /organizations/{organization_id}/domains/{domain_id}", this::update)
        .on("DELETE /organizations/{organization_id}/domains/{domain_id}", this::delete)
        .on(
            "POST /organizations/{organization_id}/domains/{domain_id}/verify_ownership",
            this::verifyOwnership);
  }

  private JsonNode create(ApiRequest request) {
    String organizationId = organizationId(request);
    String given = request.text("name");
    if (given == null) {
      throw ApiError.missing("name");
    }
    String name = name(given);
    checkNew(organizationId, name);
    checkQuota(organizationId);
    String mode = request.text("enrollment_mode");
    ObjectNode domain = context.newObject(ObjectKind.ORGANIZATION_DOMAIN, "OrganizationDomain");
    domain
        .put("organization_id", organizationId)
        .put("name", name)
        .put("enrollment_mode", mode == null ? MODES.get(0) : mode(mode));
    setVerified(domain, request.flag("verified", true));
    return view(domains.add(domain));
  }

  private void checkNew(String organizationId, String name) {
    if (COMMON.contains(name)) {
      throw ApiError.invalid(
          "organization_domain_common",
          "name",
          name + " belongs to a public email provider, so no organization can have it.");
    }
    for (ObjectNode other : domains.rows()) {
      if (other.path("name").asText().equals(name)) {
        boolean same = other.path("organization_id").asText().equals(organizationId);
        throw ApiError.invalid(
            same
                ? "organization_domain_already_exists_same_organization"
                : "organization_domain_already_exists",
            "name",
            "%s is a domain of %s organization already."
                .formatted(name, same ? "this" : "another"));
      }
    }
  }

  private void checkQuota(String organizationId) {
    int most = settings.domains();
    if (most != 0 && domains.by("organization_id", organizationId).size() >= most) {
      throw ApiError.of(
          403,
          "organization_domain_quota_exceeded",
          "The organization has %s domains, the most that it may have.".formatted(most));
    }
  }

  private JsonNode update(ApiRequest request) {
    String mode = request.text("enrollment_mode");
    return view(
        domains.change(
            domain(request).path("id").asText(),
            domain -> {
              if (mode != null) {
                domain.put("enrollment_mode", mode(mode));
              }
              if (request.has("verified")) {
                setVerified(domain, request.flag("verified", true));
              }
            }));
  }

  private JsonNode delete(ApiRequest request) {
    String id = domain(request).path("id").asText();
    domains.remove(id);
    return HandlerContext.deleted(ObjectKind.ORGANIZATION_DOMAIN, id);
  }

  /** Marks the ownership as verified; nothing is checked. */
  private JsonNode verifyOwnership(ApiRequest request) {
    ObjectNode domain = domain(request);
    if (domain.path("ownership_verification").path("status").asText().equals("verified")) {
      return view(domain);
    }
    return view(
        domains.change(
            domain.path("id").asText(),
            row -> row.set("ownership_verification", verification("verified", context.now()))));
  }

  private JsonNode listOfOrganization(ApiRequest request) {
    String organizationId = organizationId(request);
    String verified = request.parameter("verified");
    if (verified != null && !Set.of("true", "false").contains(verified)) {
      throw ApiError.invalid(
          "form_param_value_invalid", "verified", "verified must be true or false.");
    }
    List<String> modes = new ArrayList<>();
    String mode = request.parameter("enrollment_mode");
    if (mode != null) {
      mode(mode.startsWith("-") ? mode.substring(1) : mode);
      modes.add(mode);
    }
    return page(request, domains.by("organization_id", organizationId).stream(), modes);
  }

  private JsonNode listOfInstance(ApiRequest request) {
    String organizationId = request.parameter("organization_id");
    SignedFilter names = OldListQuery.unsigned(request.parameters("domains"));
    Stream<ObjectNode> found =
        domains.stream()
            .filter(
                row ->
                    organizationId == null
                        || row.path("organization_id").asText().equals(organizationId))
            .filter(row -> names.keeps(row.path("name").asText()));
    return page(
        request, search(request.parameter("query"), found), request.parameters("enrollment_mode"));
  }

  /**
   * Keeps the domains of an organization if the query starts like its id, else those whose name
   * contains it.
   */
  private static Stream<ObjectNode> search(@Nullable String query, Stream<ObjectNode> rows) {
    if (query == null) {
      return rows;
    }
    if (query.isBlank()) {
      throw ApiError.invalid("form_param_value_invalid", "query", "query must not be blank.");
    }
    String wanted = query.strip();
    String part = wanted.toLowerCase(Locale.ROOT);
    return rows.filter(
        row ->
            wanted.startsWith(ObjectKind.ORGANIZATION.prefix())
                ? row.path("organization_id").asText().equals(wanted)
                : row.path("name").asText().contains(part));
  }

  private JsonNode page(ApiRequest request, Stream<ObjectNode> rows, List<String> modes) {
    SortOrder order = OldListQuery.order(request, "-created_at", List.of("name", "created_at"));
    SignedFilter wanted = OldListQuery.signed(modes);
    String verified = request.parameter("verified");
    return context.page(
        request,
        rows.filter(row -> wanted.keeps(row.path("enrollment_mode").asText()))
            .filter(row -> verified == null || isVerified(row) == verified.equals("true"))
            .sorted(order.comparator())
            .map(this::view)
            .toList());
  }

  private ObjectNode view(ObjectNode row) {
    ObjectNode view = row.deepCopy();
    view.set("verification", view.path("affiliation_verification"));
    view.set(
        "public_organization_data",
        Organizations.publicData(organizations.get(row.path("organization_id").asText())));
    return view;
  }

  private String organizationId(ApiRequest request) {
    return organizations.get(request.variable("organization_id")).path("id").asText();
  }

  private ObjectNode domain(ApiRequest request) {
    String organizationId = organizationId(request);
    ObjectNode domain = domains.get(request.variable("domain_id"));
    if (!domain.path("organization_id").asText().equals(organizationId)) {
      throw ApiError.notFound("organization_domain", domain.path("id").asText());
    }
    return domain;
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
          "enrollment_mode takes one of %s.".formatted(String.join(", ", MODES)));
    }
    return mode;
  }
}
