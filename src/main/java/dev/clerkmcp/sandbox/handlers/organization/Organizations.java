package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.InputRules;
import dev.clerkmcp.sandbox.handlers.support.Metadata;
import dev.clerkmcp.sandbox.handlers.support.Resource;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.text.Normalizer;
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
public final class Organizations extends Resource {
  private static final Pattern SLUG = Pattern.compile("[a-z0-9-]+");
  private static final Pattern MARKUP =
      Pattern.compile("<[^>]*>|[a-z]+://|www\\.", Pattern.CASE_INSENSITIVE);

  private static final String MEMBERS_COUNT = "members_count";

  private final Table users;
  private final Table invitations;
  private final Table domains;
  private final Memberships memberships;
  private final RoleSets roleSets;
  private final OrganizationSettings settings;

  public Organizations(HandlerContext context, Memberships memberships, RoleSets roleSets) {
    super(context, ObjectKind.ORGANIZATION, "/organizations");
    this.users = context.table(ObjectKind.USER);
    this.invitations = context.table(ObjectKind.ORGANIZATION_INVITATION);
    this.domains = context.table(ObjectKind.ORGANIZATION_DOMAIN);
    this.memberships = memberships;
    this.roleSets = roleSets;
    this.settings = new OrganizationSettings(context);
  }

  @Override
  public void register(Routes routes) {
    super.register(routes);
    String one = "/organizations/{organization_id}/";
    routes
        .on(
            "PATCH " + one + "metadata",
            request -> change(request, row -> Metadata.merge(row, request.fields())))
        .on(
            "PUT " + one + "metadata",
            request -> change(request, row -> Metadata.replace(row, request.fields())))
        .on("PUT " + one + "logo", this::setLogo)
        .on("DELETE " + one + "logo", this::deleteLogo);
  }

  @Override
  public List<String> searched() {
    return List.of("name", "slug");
  }

  @Override
  public Stream<JsonNode> values(ObjectNode row, String name) {
    return switch (name) {
      case "organization_id" -> Stream.of(row.path("id"));
      case "user_id" -> memberships.of(id(row)).stream().map(member -> member.path("user_id"));
      default -> Stream.of(row.path(name));
    };
  }

  @Override
  public JsonNode sortKey(ObjectNode row, String field) {
    return field.equals(MEMBERS_COUNT)
        ? IntNode.valueOf(memberships.count(id(row)))
        : row.path(field);
  }

  /** An organization with the counts that the request asks for. */
  @Override
  protected ObjectNode view(ObjectNode organization, ApiRequest request) {
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

  @Override
  protected void start(ObjectNode organization, ApiRequest request) {
    organization.remove(
        List.of(
            "members_count",
            "pending_invitations_count",
            "missing_member_with_elevated_permissions",
            "created_by"));
    ObjectNode initial = roleSets.findInitial();
    organization
        .put("image_url", HandlerContext.imageUrl(id(organization)))
        .put("max_allowed_memberships", settings.memberships())
        .put("admin_delete_enabled", settings.adminDeleteEnabled())
        .put("last_active_at", context.now())
        .put("role_set_key", initial == null ? null : initial.path("key").asText());
    Metadata.create(organization, request.fields());
    String creator = request.text("created_by");
    if (creator != null) {
      if (users.find(creator) == null) {
        throw ApiError.of(
            400,
            "organization_creator_not_found",
            "created_by: no user was found with id %s.",
            creator);
      }
      organization.put("created_by", creator);
    }
  }

  @Override
  protected void set(ObjectNode organization, ApiRequest request) {
    checkSettings(request);
    if (request.has("name")) {
      organization.put("name", name(request.field("name")));
    }
    String slug = request.text("slug");
    if (slug != null) {
      organization.put("slug", slug(slug));
    } else if (organization.path("slug").asText("").isEmpty()) {
      organization.put("slug", slugOf(organization.path("name").asText()));
    }
    setLimits(organization, request);
    setRoleSet(organization, request);
  }

  @Override
  protected JsonNode added(ObjectNode organization, ApiRequest request) {
    String creator = organization.path("created_by").asText("");
    if (!creator.isEmpty()) {
      memberships.join(id(organization), creator, creatorRole(organization));
    }
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
    return derivedKey(name, '-', "organization", slug -> rows.findBy("slug", slug) != null);
  }

  private String creatorRole(ObjectNode organization) {
    ObjectNode set = roleSets.findByKey(organization.path("role_set_key").asText());
    return set == null ? settings.creatorRole() : set.path("creator_role_key").asText();
  }

  /** Only this operation takes a slug too. */
  @Override
  public JsonNode get(ApiRequest request) {
    String slug = request.variable("organization_id").toLowerCase(Locale.ROOT);
    ObjectNode named = rows.findBy("slug", slug);
    return named == null ? super.get(request) : view(named, request);
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
    ObjectNode set = roleSets.findByKey(key);
    if (set == null) {
      throw ApiError.invalid(
          "form_resource_not_found",
          "role_set_key",
          "role_set_key: no role set was found with key %s.",
          key);
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
          "Members have roles that the role set %s lacks: %s.",
          key,
          String.join(", ", lost));
    }
    organization.put("role_set_key", key);
  }

  @Override
  protected void removing(ObjectNode organization) {
    memberships.removeAllIn(id(organization));
    for (Table table : List.of(invitations, domains)) {
      table.removeAll(row -> row.path("organization_id").asText().equals(id(organization)));
    }
  }

  private JsonNode setLogo(ApiRequest request) {
    ObjectNode organization = row(request);
    String uploader = request.text("uploader_user_id");
    if (uploader != null) {
      users.get(uploader);
    }
    if (!InputRules.hasImage(request)) {
      throw ApiError.of(
          400, "request_body_invalid", "file must be an image: jpeg, png, gif or webp.");
    }
    ObjectNode view = changeImage(id(organization), context.store().newId("img_")).deepCopy();
    view.set("logo_url", view.path("image_url"));
    return view;
  }

  private JsonNode deleteLogo(ApiRequest request) {
    ObjectNode organization = row(request);
    if (!organization.path("has_image").asBoolean()) {
      throw ApiError.of(404, "image_not_found", "The organization has no logo.");
    }
    return changeImage(id(organization), null);
  }

  private ObjectNode changeImage(String id, @Nullable String image) {
    return rows.change(
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
