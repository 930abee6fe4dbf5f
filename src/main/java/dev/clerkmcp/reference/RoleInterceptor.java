package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.argument.Argument;
import dev.clerkmcp.registry.argument.ArgumentSchema;
import dev.clerkmcp.registry.argument.ArgumentType;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces words for roles in arguments, such as {@code admin}, by Clerk's keys, such as {@code
 * org:admin}. A role that the instance does not have is refused: as a filter it would find nobody,
 * and in a change Clerk's refusal would not say which roles there are.
 */
public final class RoleInterceptor implements ToolInterceptor {
  private static final Endpoint ROLES = Endpoint.parse("GET /organization_roles");

  /** The arguments that take the key of a role, or a list of keys. */
  private static final Set<String> ARGUMENTS =
      Set.of(
          "creator_role_key",
          "default_role_key",
          "role",
          "role_key",
          "role_keys",
          "roles",
          "to_role_key");

  /** The arguments that take the ID of a role; a key is replaced by the ID. */
  private static final Set<String> ID_ARGUMENTS =
      Set.of("creator_role_id", "domains_default_role_id", "role_id");

  /** The roles that Clerk creates with every instance, so that they need no request. */
  private static final List<OrganizationRole> STANDARD =
      List.of(OrganizationRole.ADMIN, OrganizationRole.MEMBER);

  @Override
  public boolean concerns(ToolCallContext context) {
    return takesRole(context.tool().arguments());
  }

  private static boolean takesRole(ArgumentSchema schema) {
    return schema.all().stream()
        .anyMatch(
            argument ->
                ARGUMENTS.contains(argument.name())
                    || ID_ARGUMENTS.contains(argument.name())
                    || (element(argument.type()) instanceof ArgumentType.Fields fields
                        && takesRole(fields.properties())));
  }

  /** The type of an argument, or of its items. */
  private static ArgumentType element(ArgumentType type) {
    return type instanceof ArgumentType.Items items ? element(items.item()) : type;
  }

  @Override
  public JsonNode intercept(Chain chain) {
    ToolCallContext context = chain.context();
    Resolver resolver = new Resolver(context);
    ObjectNode arguments = context.arguments();
    ObjectNode resolved = resolver.resolved(context.tool().arguments(), arguments, "");
    for (Map.Entry<String, JsonNode> argument : resolved.properties()) {
      if (!argument.getValue().equals(arguments.get(argument.getKey()))) {
        context.set(argument.getKey(), argument.getValue());
      }
    }
    return chain.proceed();
  }

  /** Resolves the roles of one call, and reads the roles of the instance at most once. */
  private static final class Resolver {
    private final ToolCallContext context;
    private @Nullable List<JsonNode> roles;

    Resolver(ToolCallContext context) {
      this.context = context;
    }

    /**
     * The arguments with the keys of roles.
     *
     * @param prefix the path of the object around them, with a dot; empty for the tool itself
     * @throws RefusedException if the instance does not have a role
     */
    ObjectNode resolved(ArgumentSchema schema, ObjectNode values, String prefix) {
      ObjectNode resolved = values.deepCopy();
      for (Argument argument : schema.all()) {
        JsonNode value = values.get(argument.name());
        if (value != null) {
          resolved.set(
              argument.name(),
              resolved(argument, argument.type(), value, prefix + argument.name()));
        }
      }
      return resolved;
    }

    private JsonNode resolved(Argument argument, ArgumentType type, JsonNode value, String path) {
      if (type instanceof ArgumentType.Items items && value.isArray()) {
        ArrayNode list = Json.array();
        for (int i = 0; i < value.size(); i++) {
          list.add(resolved(argument, items.item(), value.get(i), "%s[%s]".formatted(path, i)));
        }
        return list;
      }
      if (type instanceof ArgumentType.Fields fields && value instanceof ObjectNode object) {
        return resolved(fields.properties(), object, path + ".");
      }
      if (!(type instanceof ArgumentType.Text) || !value.isTextual()) {
        return value;
      }
      if (ID_ARGUMENTS.contains(argument.name())) {
        return id(value.textValue(), path);
      }
      return ARGUMENTS.contains(argument.name()) ? role(value.textValue(), path) : value;
    }

    private JsonNode id(String written, String path) {
      OrganizationRole role = OrganizationRole.of(written.toLowerCase(Locale.ROOT));
      JsonNode named = findNamed(role, written);
      for (JsonNode row : roles()) {
        if (row.path("id").asText().equals(written)) {
          return row.path("id");
        }
      }
      if (named != null) {
        context.noteForGood(
            "%s: %s was read as %s."
                .formatted(
                    path, QuotedText.plain(written), QuotedText.plain(named.path("id").asText())));
        return named.path("id");
      }
      if (roles().isEmpty()) {
        return TextNode.valueOf(written); // the roles cannot be read, so Clerk decides
      }
      throw notFound(written, path, row -> row.path("id").asText() + " (" + key(row) + ")");
    }

    private JsonNode role(String written, String path) {
      OrganizationRole role = OrganizationRole.of(written.toLowerCase(Locale.ROOT));
      String key = findStandard(role);
      if (key == null) {
        key = existing(role, written, path);
      }
      if (!key.equals(written)) {
        context.noteForGood(
            "%s: %s was read as %s.".formatted(path, QuotedText.plain(written), key));
      }
      return TextNode.valueOf(key);
    }

    private static @Nullable String findStandard(OrganizationRole role) {
      for (OrganizationRole standard : STANDARD) {
        if (standard.equals(role)) {
          return standard.key();
        }
      }
      return null;
    }

    private String existing(OrganizationRole role, String written, String path) {
      JsonNode named = findNamed(role, written);
      if (named != null) {
        return key(named);
      }
      if (roles().isEmpty()) {
        return role.key(); // the roles cannot be read, so Clerk decides
      }
      throw notFound(role.key(), path, Resolver::key);
    }

    /** The role with a key, else the only one with a name; null if there is none. */
    private @Nullable JsonNode findNamed(OrganizationRole role, String written) {
      List<JsonNode> named = new ArrayList<>();
      for (JsonNode row : roles()) {
        if (key(row).equals(role.key())) {
          return row;
        }
        if (row.path("name").asText().equalsIgnoreCase(written.strip())) {
          named.add(row);
        }
      }
      return named.size() == 1 ? named.get(0) : null;
    }

    /** The refusal of a role, with the roles that there are. */
    private RefusedException notFound(
        String role, String path, Function<JsonNode, String> described) {
      ObjectNode details = Json.object();
      for (JsonNode row : roles()) {
        details
            .withArray("roles")
            .addObject()
            .put("key", key(row))
            .put("name", row.path("name").asText());
      }
      return new RefusedException(
          "role_not_found",
          "%s: the instance has no role %s. Nothing was changed."
              .formatted(path, QuotedText.plain(role)),
          "Give one of these roles: "
              + String.join(", ", roles().stream().map(described).sorted().toList())
              + ".",
          details);
    }

    private static String key(JsonNode role) {
      return role.path("key").asText();
    }

    private List<JsonNode> roles() {
      List<JsonNode> known = roles;
      if (known == null) {
        known = read();
        roles = known;
      }
      return known;
    }

    private List<JsonNode> read() {
      List<JsonNode> read = new ArrayList<>();
      try {
        JsonNode page = context.read(ROLES, Json.object().put("limit", Pages.LARGEST));
        for (JsonNode row : ListPage.rowsOf(page)) {
          String key = row.path("key").asText("");
          if (key.equals(OrganizationRole.of(key).key()) && !key.isEmpty()) {
            read.add(row);
          }
        }
      } catch (ClerkException e) {
        return List.of();
      }
      return read;
    }
  }
}
