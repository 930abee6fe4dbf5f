package dev.clerkmcp.interceptor.where;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Lazy;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.MembershipIndex;
import dev.clerkmcp.json.Json;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of rows by name: columns and flags as answers show them, what this class
 * computes of users and organizations, and Clerk's own fields by path.
 */
final class RowFields {
  private static final String EXTERNAL_ACCOUNTS = "external_accounts";
  private static final String SEATS_LEFT = "seats_left";
  private static final String ROLE = "role";
  private static final String ROLES = "roles";
  private static final String ORGANIZATION_ROLE = "organization_role";
  private static final String EMAIL_ADDRESS = "email_address";
  private static final String PHONE_NUMBER = "phone_number";
  private static final List<String> OF_USERS =
      List.of(
          "password",
          "sso",
          "connected_account",
          "providers",
          "email_verified",
          EMAIL_ADDRESS,
          PHONE_NUMBER,
          "last_seen_at",
          "organizations",
          "admin_of",
          ROLE,
          ROLES,
          ORGANIZATION_ROLE);
  private static final List<String> OF_ORGANIZATIONS = List.of("admins", "members", SEATS_LEFT);

  private final RowColumns columns;
  private final Supplier<MembershipIndex> memberships;

  /**
   * Prepares to find values.
   *
   * @param memberships reads all memberships; called once, and only if a value needs them
   */
  RowFields(RowColumns columns, Supplier<MembershipIndex> memberships) {
    this.columns = columns;
    this.memberships = new Lazy<>(memberships);
  }

  /** The value of a field; a missing node if the row has none. */
  JsonNode in(JsonNode row, FieldName field) {
    if (field.isPath()) {
      return field.in(row);
    }
    JsonNode shown = columns.find(row, field.root());
    if (shown != null && !(shown.isMissingNode() && isRole(field))) {
      return shown;
    }
    JsonNode computed = computed(row, field.root());
    return computed == null ? field.in(row) : computed;
  }

  /** Whether a word is a flag of users or another of this server's names for their values. */
  static boolean isWordOfUsers(String word) {
    return OF_USERS.contains(word)
        || Arrays.stream(Flag.values()).anyMatch(flag -> flag.word().equals(word));
  }

  /** Whether a list can show a name of this server's on request: it costs no more than a read. */
  static boolean isShownIfAsked(FieldName field) {
    return !field.isPath()
        && !isRole(field)
        && (OF_USERS.contains(field.root()) || OF_ORGANIZATIONS.contains(field.root()));
  }

  /** Whether a field of users is their role in an organization. */
  static boolean isRole(FieldName field) {
    return !field.isPath() && Set.of(ROLE, ROLES, ORGANIZATION_ROLE).contains(field.root());
  }

  /** The row with the values that this class computes for fields, so that answers can show them. */
  JsonNode withComputed(JsonNode row, Collection<FieldName> fields) {
    ObjectNode with = Json.object().setAll((ObjectNode) row);
    for (FieldName field : fields) {
      JsonNode value = field.isPath() ? null : computed(row, field.root());
      if (value != null && columns.find(row, field.root()) == null) {
        with.set(field.root(), value);
      }
    }
    return with;
  }

  /** Whether rows like this one have the first key of a field, with a value or without. */
  boolean has(JsonNode row, FieldName field) {
    return row.has(field.root()) || (!field.isPath() && isOwnName(row, field.root()));
  }

  /** Whether it is a name of this server rather than of one of Clerk's fields. */
  private boolean isOwnName(JsonNode row, String name) {
    return columns.find(row, name) != null || computedNames(row).contains(name);
  }

  /** Clerk's own fields that the value comes from, by their names. */
  Set<String> sources(JsonNode row, FieldName field) {
    if (field.isPath()) {
      return new TreeSet<>(field.keys());
    }
    if (columns.find(row, field.root()) != null) {
      return columns.sources(row, field.root());
    }
    if (!computedNames(row).contains(field.root())) {
      return Set.of(field.root());
    }
    return switch (field.root()) {
      case EMAIL_ADDRESS, PHONE_NUMBER -> Set.of(field.root());
      default -> Set.of();
    };
  }

  /** The names of this server for values of a row. */
  Set<String> ownNames(JsonNode row) {
    Set<String> names = new TreeSet<>(columns.names(row));
    names.addAll(computedNames(row));
    return names;
  }

  private static List<String> computedNames(JsonNode row) {
    return switch (kind(row)) {
      case "user" -> OF_USERS;
      case "organization" -> OF_ORGANIZATIONS;
      default -> List.of();
    };
  }

  private static String kind(JsonNode row) {
    return row.path("object").asText();
  }

  private @Nullable JsonNode computed(JsonNode row, String name) {
    return switch (kind(row)) {
      case "user" -> ofUser(new ClerkUser(row), name);
      case "organization" ->
          name.equals(SEATS_LEFT) ? seatsLeft(row) : ofOrganization(row.path("id").asText(), name);
      default -> null;
    };
  }

  private @Nullable JsonNode ofUser(ClerkUser user, String name) {
    return switch (name) {
      case "password" -> user.json().path("password_enabled");
      case "sso" -> BooleanNode.valueOf(user.hasCompanySso());
      case "connected_account" -> BooleanNode.valueOf(user.hasConnectedAccount());
      case "providers" -> providers(user);
      case "email_verified" ->
          user.mainValue(Identifier.EMAIL_ADDRESS).isEmpty()
              ? NullNode.getInstance()
              : BooleanNode.valueOf(!user.is(Flag.UNVERIFIED_EMAIL));
      case EMAIL_ADDRESS -> texts(user.values(Identifier.EMAIL_ADDRESS));
      case PHONE_NUMBER -> texts(user.values(Identifier.PHONE_NUMBER));
      case "last_seen_at" ->
          user.lastSeenAt() == 0 ? NullNode.getInstance() : LongNode.valueOf(user.lastSeenAt());
      case "organizations" -> IntNode.valueOf(member(user).organizations());
      case "admin_of" -> IntNode.valueOf(member(user).managed());
      case ROLE, ROLES, ORGANIZATION_ROLE -> roles(user);
      default -> null;
    };
  }

  /** The providers of connected accounts, such as {@code google}. */
  private static ArrayNode providers(ClerkUser user) {
    Set<String> providers = new TreeSet<>();
    for (JsonNode account : user.json().path(EXTERNAL_ACCOUNTS)) {
      providers.add(account.path("provider").asText().replaceFirst("^(from_)?oauth_", ""));
    }
    return texts(providers);
  }

  private static ArrayNode texts(Collection<String> all) {
    ArrayNode texts = Json.array();
    all.forEach(texts::add);
    return texts;
  }

  private MembershipIndex.Member member(ClerkUser user) {
    return memberships.get().member(user.id());
  }

  /** The role in the organization that the call names, else the roles in all. */
  private JsonNode roles(ClerkUser user) {
    if (user.json().has(ORGANIZATION_ROLE)) {
      return user.json().path(ORGANIZATION_ROLE);
    }
    return texts(new TreeSet<>(member(user).roles()));
  }

  /** The free seats; pending invitations take one each. Null if there is no limit. */
  private static JsonNode seatsLeft(JsonNode organization) {
    long most = organization.path("max_allowed_memberships").asLong();
    long taken =
        organization.path("members_count").asLong()
            + organization.path("pending_invitations_count").asLong();
    return most > 0 && organization.has("members_count")
        ? LongNode.valueOf(Math.max(0, most - taken))
        : NullNode.getInstance();
  }

  private @Nullable JsonNode ofOrganization(String id, String name) {
    return switch (name) {
      case "admins" -> IntNode.valueOf(memberships.get().size(id).admins());
      case "members" -> IntNode.valueOf(memberships.get().size(id).members());
      default -> null;
    };
  }
}
