package dev.clerkmcp.reference;

import dev.clerkmcp.registry.ToolDefinition;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the arguments that refer to a user or an organization: by name or, within an object or a
 * list of objects, by path without indexes.
 */
final class ReferringArguments {
  private static final Map<String, ReferenceKind> EVERYWHERE =
      Map.ofEntries(
          Map.entry("active_organization_id", ReferenceKind.ORGANIZATION),
          Map.entry("actor.sub", ReferenceKind.USER),
          Map.entry("created_by", ReferenceKind.USER),
          Map.entry("invitations.inviter_user_id", ReferenceKind.USER),
          Map.entry("inviter_user_id", ReferenceKind.USER),
          Map.entry("on_behalf_of.user_id", ReferenceKind.USER),
          Map.entry("org_id", ReferenceKind.ORGANIZATION),
          Map.entry("organization", ReferenceKind.ORGANIZATION),
          Map.entry("organization_id", ReferenceKind.ORGANIZATION),
          Map.entry("requesting_user_id", ReferenceKind.USER),
          Map.entry("uploader_user_id", ReferenceKind.USER),
          Map.entry("user_id", ReferenceKind.USER),
          Map.entry("user_ids", ReferenceKind.USER));

  /**
   * Arguments whose names have another meaning in other groups, such as the subject of an email.
   */
  private static final Map<String, Map<String, ReferenceKind>> IN_GROUP =
      Map.of(
          "api_keys",
          Map.of("subject", ReferenceKind.OWNER),
          "workflows",
          Map.of("admin", ReferenceKind.USER_OR_ADDRESS));

  /** Lists that are filters of Clerk's: a minus before an item excludes it, a plus includes it. */
  private static final Set<String> FILTERS = Set.of("organization_id", "user_id");

  private ReferringArguments() {}

  /** The kind that the argument at a path refers to; null if it takes no reference. */
  static @Nullable ReferenceKind find(ToolDefinition tool, String path) {
    ReferenceKind kind = IN_GROUP.getOrDefault(tool.group(), Map.of()).get(path);
    return kind == null ? EVERYWHERE.get(path) : kind;
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
