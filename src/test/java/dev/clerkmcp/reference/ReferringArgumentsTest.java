package dev.clerkmcp.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.FakeClerk;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.server.ToolModule;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Tests which arguments are references: those for users and organizations, and other IDs. */
final class ReferringArgumentsTest {
  private static final Collection<ToolDefinition> TOOLS =
      ToolModule.registry(FakeClerk.answering("{}").client()).tools();

  /** The exceptions by tool and path, with the reason. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "clerk_instance_org_domains_list query", "Clerk searches for a part of the name",
          "clerk_users_list starting_after", "a cursor from the previous page");

  private static final Map<String, String> SIMILAR_NAMES =
      Map.of(
          "attribute_mapping.user_id", "the name of an attribute",
          "saml.attribute_mapping.user_id", "the name of an attribute",
          "provider_user_id", "the ID at an OAuth provider",
          "starting_after", "a cursor");

  @Test
  void argumentsForUsersAndOrganizationsAreReferences() {
    Set<String> missing = new TreeSet<>();
    for (ToolDefinition tool : TOOLS) {
      walk(
          tool.arguments().fullSchema(),
          "",
          (path, description) -> {
            boolean asks = description.contains("user_...") || description.contains("org_...");
            boolean named = path.matches("(.*[._])?(user|org|organization)_ids?");
            if ((asks || (named && !SIMILAR_NAMES.containsKey(path)))
                && !EXCEPTIONS.containsKey(tool.name() + " " + path)
                && ReferringArguments.find(tool, path) == null) {
              missing.add(tool.name() + " " + path + ": " + description);
            }
          });
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void referencesNameExistingArguments() {
    Set<String> found = new TreeSet<>();
    for (ToolDefinition tool : TOOLS) {
      walk(
          tool.arguments().fullSchema(),
          "",
          (path, description) -> {
            if (ReferringArguments.find(tool, path) != null) {
              found.add(path);
            }
          });
    }
    assertThat(found)
        .containsExactly(
            "active_organization_id",
            "actor.sub",
            "add_permissions",
            "admin",
            "created_by",
            "dest_role_set_key",
            "directory_id",
            "domain_id",
            "enterprise_connection_id",
            "id",
            "identifier_id",
            "invitation_id",
            "invitations.inviter_user_id",
            "inviter_user_id",
            "machine_id",
            "oauth_application_id",
            "on_behalf_of.user_id",
            "org_id",
            "organization",
            "organization_id",
            "organization_role_id",
            "other_machine_id",
            "permission_id",
            "permissions",
            "plan_id",
            "remove_permissions",
            "requesting_user_id",
            "role_set_key",
            "role_set_key_or_id",
            "saml_connection_id",
            "scim_directory_id",
            "scoped_machines",
            "slug",
            "subject",
            "template_id",
            "to_machine_id",
            "uploader_user_id",
            "user_id",
            "user_ids",
            "waitlist_entry_id");
  }

  /** Elsewhere a subject is the subject of an email. */
  @Test
  void subjectIsReferenceOnlyForKeysAndTokens() {
    for (ToolDefinition tool : TOOLS) {
      if (tool.argumentNames().contains("subject")) {
        assertThat(ReferringArguments.find(tool, "subject"))
            .as(tool.name())
            .isEqualTo(
                switch (tool.group()) {
                  case "api_keys" -> ReferenceKind.OWNER;
                  case "machines" -> ReferenceKind.MACHINE;
                  default -> null;
                });
      }
    }
  }

  private static void walk(JsonNode schema, String prefix, BiConsumer<String, String> leaf) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String path = prefix + property.getKey();
      JsonNode value = property.getValue();
      String description = value.path("description").asText();
      JsonNode item = value.path("type").asText().equals("array") ? value.path("items") : value;
      if (item.path("type").asText().equals("object")) {
        walk(item, path + ".", leaf);
      } else {
        leaf.accept(path, description);
      }
    }
  }
}
