package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** Reads the instance's settings for organizations, or Clerk's defaults if they are not set. */
public final class OrganizationSettings {
  /** The id of the row with these settings. */
  public static final String ID = "organization_settings";

  public static final int DEFAULT_MEMBERSHIPS = 5;
  public static final int DEFAULT_ROLES = 10;
  public static final int DEFAULT_DOMAINS = 10;

  private final Table settings;

  OrganizationSettings(HandlerContext context) {
    this.settings = context.table(ObjectKind.SETTINGS);
  }

  /** Whether organizations can be created. */
  boolean enabled() {
    return setting("enabled").asBoolean(true);
  }

  /** Whether requests may set slugs. */
  boolean slugsEnabled() {
    return !setting("slug_disabled").asBoolean(false);
  }

  /** The maximum number of members of a new organization; 0 for no limit. */
  int memberships() {
    return setting("max_allowed_memberships").asInt(DEFAULT_MEMBERSHIPS);
  }

  /** The maximum number of roles besides admin and member; 0 for no limit. */
  int roles() {
    return setting("max_allowed_roles").asInt(DEFAULT_ROLES);
  }

  /** The maximum number of domains of an organization; 0 for no limit. */
  int domains() {
    return setting("max_allowed_domains").asInt(DEFAULT_DOMAINS);
  }

  /** Whether members may delete a new organization. */
  boolean adminDeleteEnabled() {
    return setting("admin_delete_enabled").asBoolean(true);
  }

  /** The key of the role that creators get if the organization has no role set. */
  String creatorRole() {
    String key = setting("creator_role").asText();
    return key.isEmpty() ? Roles.ADMIN : key;
  }

  /** The key of the role for members who join by domain; empty if it is not set. */
  String domainsDefaultRole() {
    return setting("domains_default_role").asText();
  }

  private JsonNode setting(String name) {
    ObjectNode row = settings.find(ID);
    return row == null ? MissingNode.getInstance() : row.path(name);
  }
}
