package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;

/** What the instance's settings say of its organizations, or Clerk's defaults while none do. */
final class OrganizationDefaults {
  /** The id of the settings of organizations. */
  static final String SETTINGS = "organization_settings";

  private static final int MEMBERSHIPS = 5;
  private static final int ROLES = 10;
  private static final int DOMAINS = 10;

  private final Table settings;

  OrganizationDefaults(HandlerContext instance) {
    this.settings = instance.table(ObjectKind.SETTINGS);
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
    return setting("max_allowed_memberships").asInt(MEMBERSHIPS);
  }

  /** How many roles there may be besides admin and member; 0 is any number. */
  int roles() {
    return setting("max_allowed_roles").asInt(ROLES);
  }

  /** How many domains an organization may have; 0 is any number. */
  int domains() {
    return setting("max_allowed_domains").asInt(DOMAINS);
  }

  /** Whether members may delete a new organization. */
  boolean adminDeleteEnabled() {
    return setting("admin_delete_enabled").asBoolean(true);
  }

  /** The key of the role that creators get where no role set says. */
  String creatorRole() {
    String key = setting("creator_role").asText();
    return key.isEmpty() ? RoleCatalog.ADMIN : key;
  }

  /** The key of the role that domains enroll with; empty while none is set. */
  String domainsDefaultRole() {
    return setting("domains_default_role").asText();
  }

  private JsonNode setting(String name) {
    ObjectNode row = settings.find(SETTINGS);
    return row == null ? MissingNode.getInstance() : row.path(name);
  }
}
