package dev.clerkmcp.registry.argument;

import dev.clerkmcp.registry.text.SnakeCase;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the argument that a caller means by a common other word, such as {@code email} for {@code
 * email_address}. A word that may mean two arguments of a tool means none.
 */
final class ArgumentWords {
  private static final String ID = "_id";

  /** The arguments that a word may mean, among those that a tool has. */
  private static final Map<String, List<String>> MEANT_BY =
      Map.ofEntries(
          Map.entry("count", List.of("limit")),
          Map.entry("email", List.of("email_address", "emails")),
          Map.entry("email_addresses", List.of("emails", "email_address")),
          Map.entry("emails", List.of("email_address")),
          Map.entry("family_name", List.of("last_name")),
          Map.entry("firstname", List.of("first_name")),
          Map.entry("given_name", List.of("first_name")),
          Map.entry("identifier", List.of("user")),
          Map.entry("lastname", List.of("last_name")),
          Map.entry("mail", List.of("email_address", "emails")),
          Map.entry("max_results", List.of("limit")),
          Map.entry("org", List.of("organization_id", "organization")),
          Map.entry("org_id", List.of("organization_id", "organization")),
          Map.entry("organization_slug", List.of("organization_id", "organization")),
          Map.entry("page_size", List.of("limit")),
          Map.entry("per_page", List.of("limit")),
          Map.entry("phone", List.of("phone_number")),
          Map.entry("q", List.of("query", "user", "name_query")),
          Map.entry("query", List.of("user", "name_query")),
          Map.entry("redirect_uri", List.of("redirect_url")),
          Map.entry("role_key", List.of("role")),
          Map.entry("search", List.of("query", "user", "name_query")),
          Map.entry("sort", List.of("order_by")),
          Map.entry("sort_by", List.of("order_by")),
          Map.entry("surname", List.of("last_name")));

  /** Words for a user, by which a call that only reads names the one that it needs. */
  private static final Set<String> OF_USER =
      Set.of("email", "email_address", "external_id", "phone", "phone_number", "username");

  /** The arguments that take any identifier of a user. */
  private static final Set<String> USER = Set.of("user", "user_id");

  private ArgumentWords() {}

  /**
   * The name of the one argument that a word means; null if there is none or more than one.
   *
   * @param reading whether the call only reads, so that a user's identifier cannot be a new value
   */
  static @Nullable String find(String word, ArgumentSchema schema, boolean reading) {
    String name = SnakeCase.of(word).replace('-', '_').toLowerCase(Locale.ROOT);
    Set<String> meant = new LinkedHashSet<>(MEANT_BY.getOrDefault(name, List.of()));
    meant.add(name.endsWith(ID) ? name.substring(0, name.length() - ID.length()) : name + ID);
    meant.add(name + "s");
    meant.add(name + "_ids");
    if (name.endsWith(ID)) {
      meant.add(name + "s");
    }
    if (reading && OF_USER.contains(name)) {
      schema.requiredNames().stream().filter(USER::contains).forEach(meant::add);
    }
    if (name.endsWith(ID)) { // jwt_template_id means template_id
      schema.requiredNames().stream()
          .filter(own -> name.endsWith("_" + own) || own.endsWith("_" + name))
          .forEach(meant::add);
    }
    if (name.equals("id")) {
      schema.requiredNames().stream().filter(own -> own.endsWith(ID)).forEach(meant::add);
    }
    meant.removeIf(argument -> !isOwn(argument, schema));
    if (meant.contains("query")) {
      meant.remove("name_query"); // which searches less
    }
    return meant.size() == 1 ? meant.iterator().next() : null;
  }

  /** Whether a tool has the argument; options of a call have names of their own. */
  private static boolean isOwn(String name, ArgumentSchema schema) {
    Argument argument = schema.find(name);
    return argument != null && argument.listed();
  }
}
