package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Organizations: found, created, changed and deleted with all that belongs to them. */
final class Organizations {
  private static final Pattern SLUG = Pattern.compile("[a-z0-9-]+");
  private static final Set<String> IMAGES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

  private final HandlerContext instance;
  private final Table organizations;
  private final Table users;
  private final Table invitations;
  private final Table domains;
  private final Memberships memberships;
  private final RoleSets roleSets;
  private final OrganizationDefaults defaults;
  private final OrganizationList list;

  Organizations(HandlerContext instance, Memberships memberships, RoleSets roleSets) {
    this.instance = instance;
    this.organizations = instance.table(ObjectKind.ORGANIZATION);
    this.users = instance.table(ObjectKind.USER);
    this.invitations = instance.table(ObjectKind.ORGANIZATION_INVITATION);
    this.domains = instance.table(ObjectKind.ORGANIZATION_DOMAIN);
    this.memberships = memberships;
    this.roleSets = roleSets;
    this.defaults = new OrganizationDefaults(instance);
    this.list = new OrganizationList(instance, memberships);
  }

  void register(Routes on) {
    on.on("GET /organizations", list::page)
        .on("POST /organizations", this::create)
        .on("GET /organizations/{organization_id}", this::read)
        .on("PATCH /organizations/{organization_id}", this::update)
        .on("DELETE /organizations/{organization_id}", this::delete)
        .on("PATCH /organizations/{organization_id}/metadata", this::mergeMetadata)
        .on("PUT /organizations/{organization_id}/metadata", this::replaceMetadata)
        .on("PUT /organizations/{organization_id}/logo", this::setLogo)
        .on("DELETE /organizations/{organization_id}/logo", this::deleteLogo);
  }

  private JsonNode create(ApiRequest call) {
    checkSettings(call);
    ObjectNode organization = instance.newObject(ObjectKind.ORGANIZATION, "Organization");
    organization.remove(
        List.of(
            "members_count",
            "pending_invitations_count",
            "missing_member_with_elevated_permissions",
            "created_by"));
    String name = NameRules.ofOrganization(call.fields().path("name").asText());
    String slug = call.text("slug");
    organization
        .put("name", name)
        .put("slug", slug == null ? slugOf(name) : slug(slug))
        .put("image_url", imageUrl(organization.path("id").asText()))
        .put("max_allowed_memberships", defaults.memberships())
        .put("admin_delete_enabled", defaults.adminDeleteEnabled())
        .put("last_active_at", instance.now());
    Metadata.create(organization, call.fields());
    ObjectNode initial = roleSets.findInitial();
    organization.put("role_set_key", initial == null ? null : initial.path("key").asText());
    setLimits(organization, call);
    setRoleSet(organization, call);
    String creator = call.text("created_by");
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

  private void checkSettings(ApiRequest call) {
    if (!defaults.enabled()) {
      throw ApiError.of(
          403,
          "organization_not_enabled_in_instance",
          "Organizations are off. PATCH /instance/organization_settings turns them on.");
    }
    if (call.has("slug") && !defaults.slugsEnabled()) {
      throw ApiError.of(
          403,
          "organization_slugs_disabled",
          "slug cannot be given: slugs are off. PATCH /instance/organization_settings turns them on.");
    }
  }

  private String slugOf(String name) {
    return NameRules.derived(
        name, '-', "organization", slug -> organizations.findBy("slug", slug) != null);
  }

  private String creatorRole(ObjectNode organization) {
    ObjectNode set = roleSets.find(organization.path("role_set_key").asText());
    return set == null ? defaults.creatorRole() : set.path("creator_role_key").asText();
  }

  /** Of all paths only this one takes a slug as well. */
  private JsonNode read(ApiRequest call) {
    String name = call.variable("organization_id");
    ObjectNode organization = organizations.find(name);
    if (organization == null) {
      organization = organizations.findBy("slug", name.toLowerCase(Locale.ROOT));
    }
    if (organization == null) {
      throw ApiError.notFound("organization", name);
    }
    return list.view(organization, call);
  }

  private JsonNode update(ApiRequest call) {
    checkSettings(call);
    String name = call.text("name");
    String slug = call.text("slug");
    return organizations.change(
        call.variable("organization_id"),
        organization -> {
          if (name != null) {
            organization.put("name", NameRules.ofOrganization(name));
          }
          if (slug != null) {
            organization.put("slug", slug(slug));
          }
          setLimits(organization, call);
          setRoleSet(organization, call);
        });
  }

  private void setLimits(ObjectNode organization, ApiRequest call) {
    for (String field : List.of("max_allowed_memberships", "admin_delete_enabled")) {
      if (call.has(field)) {
        organization.set(field, call.fields().get(field));
      }
    }
    Long created = PastTime.of(call, "created_at", instance.now());
    if (created != null) {
      organization.put("created_at", created);
    }
  }

  private void setRoleSet(ObjectNode organization, ApiRequest call) {
    String key = call.text("role_set_key");
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
        .in(organization.path("id").asText())
        .forEach(row -> lost.add(row.path("role").asText()));
    lost.removeAll(RoleCatalog.texts(set.path("role_keys")));
    if (!lost.isEmpty()) {
      throw ApiError.of(
          422,
          "organization_role_on_set_assigned_to_user",
          "Members have roles that the role set %s lacks: %s."
              .formatted(key, String.join(", ", lost)));
    }
    organization.put("role_set_key", key);
  }

  private JsonNode delete(ApiRequest call) {
    String id = organizations.get(call.variable("organization_id")).path("id").asText();
    memberships.removeAllIn(id);
    for (Table table : List.of(invitations, domains)) {
      table.by("organization_id", id).forEach(row -> table.remove(row.path("id").asText()));
    }
    organizations.remove(id);
    return HandlerContext.deleted(ObjectKind.ORGANIZATION, id);
  }

  private JsonNode mergeMetadata(ApiRequest call) {
    return organizations.change(
        call.variable("organization_id"), row -> Metadata.merge(row, call.fields()));
  }

  private JsonNode replaceMetadata(ApiRequest call) {
    return organizations.change(
        call.variable("organization_id"), row -> Metadata.replace(row, call.fields()));
  }

  private JsonNode setLogo(ApiRequest call) {
    String id = organizations.get(call.variable("organization_id")).path("id").asText();
    String uploader = call.text("uploader_user_id");
    if (uploader != null) {
      users.get(uploader);
    }
    if (!IMAGES.contains(call.fields().path("file").asText())) {
      throw ApiError.of(
          400, "request_body_invalid", "file must be an image: jpeg, png, gif or webp.");
    }
    ObjectNode view = changeImage(id, instance.store().newId("img_")).deepCopy();
    view.set("logo_url", view.path("image_url"));
    return view;
  }

  private JsonNode deleteLogo(ApiRequest call) {
    String id = call.variable("organization_id");
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
                .put("image_url", imageUrl(image == null ? id : image)));
  }

  private static String imageUrl(String id) {
    return "https://clerk.sandbox.invalid/images/" + id;
  }

  private static String slug(String slug) {
    if (!SLUG.matcher(slug).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid", "slug", "slug takes small letters, digits and dashes.");
    }
    return slug;
  }
}
