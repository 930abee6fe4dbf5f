package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Metadata;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SignedFilter;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SortOrder;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Handles the organization endpoints: creates, lists, changes and deletes organizations, with the
 * objects that belong to them.
 */
public final class Organizations {
  private static final Pattern SLUG = Pattern.compile("[a-z0-9-]+");
  private static final Pattern MARKUP =
      Pattern.compile("<[^>]*>|[a-z]+://|www\\.", Pattern.CASE_INSENSITIVE);

  private static final String MEMBERS_COUNT = "members_count";

  private final HandlerContext context;
  private final Table organizations;
  private final Table users;
  private final Table invitations;
  private final Table domains;
  private final Memberships memberships;
  private final RoleSets roleSets;
  private final OrganizationSettings settings;

  public Organizations(HandlerContext context, Memberships memberships, RoleSets roleSets) {
    this.context = context;
    this.organizations = context.table(ObjectKind.ORGANIZATION);
    this.users = context.table(ObjectKind.USER);
    this.invitations = context.table(ObjectKind.ORGANIZATION_INVITATION);
    this.domains = context.table(ObjectKind.ORGANIZATION_DOMAIN);
    this.memberships = memberships;
    this.roleSets = roleSets;
    this.settings = new OrganizationSettings(context);
  }

  public void register(Routes routes) {
    routes
        .on("GET /organizations", this::list)
        .on("POST /organizations", this::create)
        .on("GET /organizations/{organization_id}", this::read)
        .on("PATCH /organizations/{organization_id}", this::update)
        .on("DELETE /organizations/{organization_id}", this::delete)
        .on("PATCH /organizations/{organization_id}/metadata", this::mergeMetadata)
        .on("PUT /organizations/{organization_id}/metadata", this::replaceMetadata)
        .on("PUT /organizations/{organization_id}/logo", this::setLogo)
        .on("DELETE /organizations/{organization_id}/logo", this::deleteLogo);
  }

  private JsonNode list(ApiRequest request) {
    SortOrder order =
        OldListQuery.order(request, "-created_at", List.of("name", "created_at", MEMBERS_COUNT));
    Comparator<ObjectNode> comparator =
        order.field().equals(MEMBERS_COUNT)
            ? order.comparator(row -> IntNode.valueOf(memberships.count(id(row))))
            : order.comparator();
    return context.page(
        request, matches(request).sorted(comparator).map(row -> view(row, request)).toList());
  }

  /** An organization with the counts that the request asks for. */
  private ObjectNode view(ObjectNode organization, ApiRequest request) {
    ObjectNode view = organization.deepCopy();
    String id = id(organization);
    if (request.query().path("include_members_count").asBoolean()) {
      view.put(MEMBERS_COUNT, memberships.count(id));
      view.put("pending_invitations_count", memberships.pendingInvitations(id));
    }
    String elevated = "include_missing_member_with_elevated_permissions";
    if (request.query().path(elevated).asBoolean()) {
      view.put("missing_member_with_elevated_permissions", !memberships.hasElevated(id, ""));
    }
    return view;
  }

  private Stream<ObjectNode> matches(ApiRequest request) {
    SignedFilter ids = OldListQuery.signed(request.parameters("organization_id"));
    SignedFilter members = OldListQuery.signed(request.parameters("user_id"));
    return organizations.stream()
        .filter(OldListQuery.search(request, "name", "slug"))
        .filter(row -> ids.keeps(id(row)))
        .filter(row -> members.keepsAny(memberIds(row)));
  }

  private List<String> memberIds(ObjectNode organization) {
    return memberships.of(id(organization)).stream()
        .map(row -> row.path("user_id").asText())
        .toList();
  }

  private static String id(ObjectNode organization) {
    return organization.path("id").asText();
  }

  private JsonNode create(ApiRequest request) {
    checkSettings(request);
    ObjectNode organization = context.newObject(ObjectKind.ORGANIZATION, "Organization");
    organization.remove(
        List.of(
            "members_count",
            "pending_invitations_count",
            "missing_member_with_elevated_permissions",
            "created_by"));
    String name = name(request.fields().path("name").asText());
    String slug = request.text("slug");
    organization
        .put("name", name)
        .put("slug", slug == null ? slugOf(name) : slug(slug))
        .put("image_url", HandlerContext.imageUrl(organization.path("id").asText()))
        .put("max_allowed_memberships", settings.memberships())
        .put("admin_delete_enabled", settings.adminDeleteEnabled())
        .put("last_active_at", context.now());
    Metadata.create(organization, request.fields());
    ObjectNode initial = roleSets.findInitial();
    organization.put("role_set_key", initial == null ? null : initial.path("key").asText());
    setLimits(organization, request);
    setRoleSet(organization, request);
    String creator = request.text("created_by");
    if (creator == null) {
      return organizations.add(organization);
    }
    if (users.find(creator) == null) {
      throw ApiError.of(
          400,
          "organization_creator_not_found",
          "created_by: no user was found with id %s.".formatted(creator));
    }
    organizations.add(organization.put("created_by", creator));
    memberships.join(organization.path("id").asText(), creator, creatorRole(organization));
    return organization;
  }

  private void checkSettings(ApiRequest request) {
    if (!settings.enabled()) {
      throw ApiError.of(
          403,
          "organization_not_enabled_in_instance",
          "Organizations are off. PATCH /instance/organization_settings turns them on.");
    }
    if (request.has("slug") && !settings.slugsEnabled()) {
      throw ApiError.of(
          403,
          "organization_slugs_disabled",
          "slug cannot be given: slugs are off. PATCH /instance/organization_settings turns them on.");
    }
  }

  private String slugOf(String name) {
    return derivedKey(
        name, '-', "organization", slug -> organizations.findBy("slug", slug) != null);
  }

  private String creatorRole(ObjectNode organization) {
    ObjectNode set = roleSets.find(organization.path("role_set_key").asText());
    return set == null ? settings.creatorRole() : set.path("creator_role_key").asText();
  }

  /** Reads an organization by id or, only in this operation, by slug. */
  private JsonNode read(ApiRequest request) {
    String name = request.variable("organization_id");
    ObjectNode organization = organizations.find(name);
    if (organization == null) {
      organization = organizations.findBy("slug", name.toLowerCase(Locale.ROOT));
    }
    if (organization == null) {
      throw ApiError.notFound("organization", name);
    }
    return view(organization, request);
  }

  private JsonNode update(ApiRequest request) {
    checkSettings(request);
    String name = request.text("name");
    String slug = request.text("slug");
    return organizations.change(
        request.variable("organization_id"),
        organization -> {
          if (name != null) {
            organization.put("name", name(name));
          }
          if (slug != null) {
            organization.put("slug", slug(slug));
          }
          setLimits(organization, request);
          setRoleSet(organization, request);
        });
  }

  private void setLimits(ObjectNode organization, ApiRequest request) {
    for (String field : List.of("max_allowed_memberships", "admin_delete_enabled")) {
      if (request.has(field)) {
        organization.set(field, request.fields().get(field));
      }
    }
    Long created = request.pastTime("created_at", context.now());
    if (created != null) {
      organization.put("created_at", created);
    }
  }

  private void setRoleSet(ObjectNode organization, ApiRequest request) {
    String key = request.text("role_set_key");
    if (key == null) {
      return;
    }
    ObjectNode set = roleSets.find(key);
    if (set == null) {
      throw ApiError.invalid(
          "form_resource_not_found",
          "role_set_key",
          "role_set_key: no role set was found with key %s.".formatted(key));
    }
    Set<String> lost = new TreeSet<>();
    memberships
        .of(organization.path("id").asText())
        .forEach(row -> lost.add(row.path("role").asText()));
    lost.removeAll(HandlerContext.texts(set.path("role_keys")));
    if (!lost.isEmpty()) {
      throw ApiError.of(
          422,
          "organization_role_on_set_assigned_to_user",
          "Members have roles that the role set %s lacks: %s."
              .formatted(key, String.join(", ", lost)));
    }
    organization.put("role_set_key", key);
  }

  private JsonNode delete(ApiRequest request) {
    String id = organizations.get(request.variable("organization_id")).path("id").asText();
    memberships.removeAllIn(id);
    for (Table table : List.of(invitations, domains)) {
      table.by("organization_id", id).forEach(row -> table.remove(row.path("id").asText()));
    }
    organizations.remove(id);
    return HandlerContext.deleted(ObjectKind.ORGANIZATION, id);
  }

  private JsonNode mergeMetadata(ApiRequest request) {
    return organizations.change(
        request.variable("organization_id"), row -> Metadata.merge(row, request.fields()));
  }

  private JsonNode replaceMetadata(ApiRequest request) {
    return organizations.change(
        request.variable("organization_id"), row -> Metadata.replace(row, request.fields()));
  }

  private JsonNode setLogo(ApiRequest request) {
    String id = organizations.get(request.variable("organization_id")).path("id").asText();
    String uploader = request.text("uploader_user_id");
    if (uploader != null) {
      users.get(uploader);
    }
    if (!InputRules.hasImage(request)) {
      throw ApiError.of(
          400, "request_body_invalid", "file must be an image: jpeg, png, gif or webp.");
    }
    ObjectNode view = changeImage(id, context.store().newId("img_")).deepCopy();
    view.set("logo_url", view.path("image_url"));
    return view;
  }

  private JsonNode deleteLogo(ApiRequest request) {
    String id = request.variable("organization_id");
    if (!organizations.get(id).path("has_image").asBoolean()) {
      throw ApiError.of(404, "image_not_found", "The organization has no logo.");
    }
    return changeImage(id, null);
  }

  private ObjectNode changeImage(String id, @Nullable String image) {
    return organizations.change(
        id,
        row ->
            row.put("has_image", image != null)
                .put("image_url", HandlerContext.imageUrl(image == null ? id : image)));
  }

  private static String slug(String slug) {
    if (!SLUG.matcher(slug).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid", "slug", "slug takes lowercase letters, digits and dashes.");
    }
    return slug;
  }

  /**
   * The name of an organization. Emails show it, so it must not contain a link or markup.
   *
   * @throws ApiError with status 422 if it is not allowed
   */
  private static String name(String text) {
    String name = InputRules.name("name", text);
    if (MARKUP.matcher(name).find()) {
      throw ApiError.invalid(
          "form_param_value_invalid", "name", "name must not contain a URL or HTML.");
    }
    return name;
  }

  /**
   * Derives a slug or key from a name: its letters and digits without accents, joined by one
   * character, with a number appended if the result is taken.
   *
   * @param fallback used if the name has none of the letters a to z and no digit
   */
  static String derivedKey(String name, char joint, String fallback, Predicate<String> taken) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    String joined =
        plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip().replace(' ', joint);
    String first = joined.isEmpty() ? fallback : joined;
    String free = first;
    for (int i = 2; taken.test(free); i++) {
      free = first + joint + i;
    }
    return free;
  }

  /** The fields of an organization that invitations and domains show. */
  static ObjectNode publicData(ObjectNode organization) {
    ObjectNode data = Json.object();
    for (String field : List.of("id", "name", "slug", "image_url", "has_image")) {
      data.set(field, organization.path(field));
    }
    return data;
  }
}
