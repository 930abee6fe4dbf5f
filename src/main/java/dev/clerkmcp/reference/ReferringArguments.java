package dev.clerkmcp.reference;

import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.argument.Argument;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the arguments that refer to an object: by name or, within an object or a list of objects,
 * by path without indexes.
 */
final class ReferringArguments {
  private static final Map<String, ReferenceKind> EVERYWHERE =
      Map.ofEntries(
          Map.entry("active_organization_id", ReferenceKind.ORGANIZATION),
          Map.entry("actor.sub", ReferenceKind.USER),
          Map.entry("created_by", ReferenceKind.USER),
          Map.entry("dest_role_set_key", ReferenceKind.ROLE_SET),
          Map.entry("directory_id", ReferenceKind.DIRECTORY),
          Map.entry("domain_id", ReferenceKind.DOMAIN),
          Map.entry("enterprise_connection_id", ReferenceKind.ENTERPRISE_CONNECTION),
          Map.entry("invitations.inviter_user_id", ReferenceKind.USER),
          Map.entry("inviter_user_id", ReferenceKind.USER),
          Map.entry("machine_id", ReferenceKind.MACHINE),
          Map.entry("oauth_application_id", ReferenceKind.OAUTH_APPLICATION),
          Map.entry("on_behalf_of.user_id", ReferenceKind.USER),
          Map.entry("org_id", ReferenceKind.ORGANIZATION),
          Map.entry("organization", ReferenceKind.ORGANIZATION),
          Map.entry("organization_id", ReferenceKind.ORGANIZATION),
          Map.entry("organization_role_id", ReferenceKind.ROLE),
          Map.entry("other_machine_id", ReferenceKind.MACHINE),
          Map.entry("permission_id", ReferenceKind.PERMISSION),
          Map.entry("plan_id", ReferenceKind.BILLING_PLAN),
          Map.entry("requesting_user_id", ReferenceKind.USER),
          Map.entry("role_set_key", ReferenceKind.ROLE_SET),
          Map.entry("role_set_key_or_id", ReferenceKind.ROLE_SET),
          Map.entry("saml_connection_id", ReferenceKind.SAML_CONNECTION),
          Map.entry("scim_directory_id", ReferenceKind.SCIM_DIRECTORY),
          Map.entry("scoped_machines", ReferenceKind.MACHINE),
          Map.entry("to_machine_id", ReferenceKind.MACHINE),
          Map.entry("uploader_user_id", ReferenceKind.USER),
          Map.entry("user_id", ReferenceKind.USER),
          Map.entry("user_ids", ReferenceKind.USER),
          Map.entry("waitlist_entry_id", ReferenceKind.WAITLIST_ENTRY));

  /**
   * Arguments whose names have another meaning in other groups, such as the subject of an email.
   */
  private static final Map<String, Map<String, ReferenceKind>> IN_GROUP =
      Map.ofEntries(
          Map.entry("allowlist", Map.of("identifier_id", ReferenceKind.ALLOWLIST_ENTRY)),
          Map.entry("api_keys", Map.of("subject", ReferenceKind.OWNER)),
          Map.entry("blocklist", Map.of("identifier_id", ReferenceKind.BLOCKLIST_ENTRY)),
          Map.entry("deprecated", Map.of("slug", ReferenceKind.MESSAGE_TEMPLATE)),
          Map.entry("invitations", Map.of("invitation_id", ReferenceKind.INVITATION)),
          Map.entry("jwt_templates", Map.of("template_id", ReferenceKind.JWT_TEMPLATE)),
          Map.entry("machines", Map.of("subject", ReferenceKind.MACHINE)),
          Map.entry("organization_domains", Map.of("domain_id", ReferenceKind.ORGANIZATION_DOMAIN)),
          Map.entry(
              "organization_invitations",
              Map.of("invitation_id", ReferenceKind.ORGANIZATION_INVITATION)),
          Map.entry("organization_roles", Map.of("permissions", ReferenceKind.PERMISSION)),
          Map.entry("redirect_urls", Map.of("id", ReferenceKind.REDIRECT_URL)),
          Map.entry("workflows", Map.of("admin", ReferenceKind.USER_OR_ADDRESS)));

  /** Arguments that one tool takes otherwise than its group. */
  private static final Map<String, Map<String, ReferenceKind>> IN_TOOL =
      Map.of("clerk_invitation_delete", Map.of("invitation_id", ReferenceKind.INVITATION_TO_ERASE));

  /** Lists that are filters of Clerk's: a minus before an item excludes it, a plus includes it. */
  private static final Set<String> FILTERS = Set.of("organization_id", "user_id");

  private ReferringArguments() {}

  /** The kind that the argument at a path refers to; null if it takes no reference. */
  static @Nullable ReferenceKind find(ToolDefinition tool, String path) {
    Argument argument = tool.arguments().find(path);
    String whole = argument == null || argument.partOf().isEmpty() ? path : argument.partOf();
    for (Map<String, ReferenceKind> closest :
        List.of(
            IN_TOOL.getOrDefault(tool.name(), Map.of()),
            IN_GROUP.getOrDefault(tool.group(), Map.of()),
            EVERYWHERE)) {
      ReferenceKind kind = closest.get(whole);
      if (kind != null) {
        return kind;
      }
    }
    return null;
  }

  /** Whether fields of the object at a path take references. */
  static boolean isAbove(String path) {
    return EVERYWHERE.keySet().stream().anyMatch(known -> known.startsWith(path + "."));
  }

  /** Whether the items of a list at a path may have a sign. */
  static boolean isFilter(String path) {
    return FILTERS.contains(path);
  }
}
