package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** What the instance's settings say of its organizations, or Clerk's defaults while none do. */
public final class OrganizationSettings {
  /** The id of the settings of organizations. */
  public static final String ID = "organization_settings";

  public static final int DEFAULT_MEMBERSHIPS = 5;
  public static final int DEFAULT_ROLES = 10;
  public static final int DEFAULT_DOMAINS = 10;

  private final Table settings;

  OrganizationSettings(HandlerContext context) {
    this.settings = context.table(ObjectKind.SETTINGS);
  }

  /** Whether there can be organizations at all. */
  boolean enabled() {
    return setting("enabled").asBoolean(true);
  }

  /** Whether callers may choose slugs. */
  boolean slugsEnabled() {
    return !setting("slug_disabled").asBoolean(false);
  }

  /** How many members an organization may have where it does not say; 0 is any number. */
  int memberships() {
    return setting("max_allowed_memberships").asInt(DEFAULT_MEMBERSHIPS);
  }

  /** How many roles there may be besides admin and member; 0 is any number. */
  int roles() {
    return setting("max_allowed_roles").asInt(DEFAULT_ROLES);
  }

  /** How many domains an organization may have; 0 is any number. */
  int domains() {
    return setting("max_allowed_domains").asInt(DEFAULT_DOMAINS);
  }

  /** Whether members may delete a new organization. */
  boolean adminDeleteEnabled() {
    return setting("admin_delete_enabled").asBoolean(true);
  }

  /** The key of the role that creators get where no role set says. */
  String creatorRole() {
    String key = setting("creator_role").asText();
    return key.isEmpty() ? Roles.ADMIN : key;
  }

  /** The key of the role that domains enroll with; empty while none is set. */
  String domainsDefaultRole() {
    return setting("domains_default_role").asText();
  }

  private JsonNode setting(String name) {
    ObjectNode row = settings.find(ID);
    return row == null ? MissingNode.getInstance() : row.path(name);
  }
}
