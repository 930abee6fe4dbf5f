package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Flag;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps that merge two users, in order. Memberships and metadata come first, because both users
 * can have the same. Then the user that is not kept is deleted. Email addresses, phone numbers and
 * the profile come last, because only one user can have an address, a number or a username. None is
 * added as verified: if the two are not one person, the kept user's account would be open to the
 * other.
 */
final class MergeSteps {
  private static final String PRIVATE = "private_metadata";

  private static final String ENDS_BAN =
      "The user to delete is banned, and the deletion ends the ban. If the ban is meant for the"
          + " person, ban the kept user too, or do not merge.";

  private final Account keep;
  private final Account giveUp;
  private final ArrayNode steps = Json.array();

  private MergeSteps(Account keep, Account giveUp) {
    this.keep = keep;
    this.giveUp = giveUp;
  }

  /**
   * A user with their memberships.
   *
   * @param user the user as Clerk returns it
   */
  record Account(JsonNode user, List<JsonNode> memberships) {
    Account {
      memberships = List.copyOf(memberships);
    }

    String id() {
      return user.path("id").asText();
    }

    boolean isBanned() {
      return new ClerkUser(user).is(Flag.BANNED);
    }

    /**
     * Whether to keep this user: the one in use, which a banned one is not; otherwise the one who
     * signed in last; otherwise the older one.
     */
    boolean isBetterThan(Account other) {
      if (isBanned() != other.isBanned()) {
        return other.isBanned();
      }
      long signedIn = user.path("last_sign_in_at").asLong();
      long otherSignedIn = other.user.path("last_sign_in_at").asLong();
      return signedIn == otherSignedIn
          ? user.path("created_at").asLong() <= other.user.path("created_at").asLong()
          : signedIn > otherSignedIn;
    }
  }

  /** The plan for two users. */
  static ObjectNode of(Account one, Account other) {
    boolean first = one.isBetterThan(other);
    return new MergeSteps(first ? one : other, first ? other : one).toJson();
  }

  private ObjectNode toJson() {
    memberships();
    metadata();
    step("delete", "clerk_user_delete")
        .put("user_id", giveUp.id())
        .put(
            "next",
            "Permanent; frees the identifiers for the next steps. If in doubt, clerk_user_ban first.");
    contacts("emails", "clerk_email_address_create", Identifier.EMAIL_ADDRESS);
    contacts("phones", "clerk_phone_number_create", Identifier.PHONE_NUMBER);
    profile();
    ObjectNode json = Json.object().put("keep", keep.id()).put("give_up", giveUp.id());
    if (giveUp.isBanned() && !keep.isBanned()) {
      json.putArray("warnings").add(ENDS_BAN);
    }
    json.set("steps", steps);
    if (giveUp.user().path(PRIVATE).isTextual()) { // a text says that it is not shown here
      json.putArray("not_compared").add(PRIVATE);
    }
    ArrayNode lost = Json.array();
    for (String list : List.of("external_accounts", "web3_wallets", "passkeys")) {
      if (!giveUp.user().path(list).isEmpty()) {
        lost.add(list);
      }
    }
    for (Identifier kind : List.of(Identifier.EMAIL_ADDRESS, Identifier.PHONE_NUMBER)) {
      if (new ClerkUser(giveUp.user()).contacts(kind).stream().anyMatch(c -> !c.isProven())) {
        lost.add("unverified_" + kind.userField());
      }
    }
    if (new ClerkUser(giveUp.user()).is(Flag.MFA)) {
      lost.add("mfa");
    }
    if (!lost.isEmpty()) {
      json.set("cannot_be_moved", lost);
    }
    return json;
  }

  private void memberships() {
    Map<String, String> roles = new HashMap<>();
    keep.memberships().forEach(row -> roles.put(organizationId(row), row.path("role").asText()));
    ArrayNode missing = Json.array();
    ArrayNode lower = Json.array();
    for (JsonNode row : giveUp.memberships()) {
      String role = row.path("role").asText();
      String present = roles.get(organizationId(row));
      ObjectNode told = Json.object().put("organization_id", organizationId(row)).put("role", role);
      if (present == null) {
        missing.add(told);
      } else if (isAdmin(role) && !isAdmin(present)) {
        lower.add(told);
      }
    }
    addRows("memberships", "clerk_org_membership_create", missing);
    addRows("roles", "clerk_org_membership_update", lower);
  }

  private static boolean isAdmin(String role) {
    return OrganizationRole.of(role).equals(OrganizationRole.ADMIN);
  }

  private void addRows(String name, String tool, ArrayNode rows) {
    if (!rows.isEmpty()) {
      step(name, tool).put("user_id", keep.id()).set("rows", rows);
    }
  }

  /** Of private metadata, only the number of keys is shown. */
  private void metadata() {
    ObjectNode copied = Json.object();
    ObjectNode differing = Json.object();
    for (String kind : FieldCatalog.USER_METADATA) {
      for (Map.Entry<String, JsonNode> entry : giveUp.user().path(kind).properties()) {
        JsonNode present = keep.user().path(kind).get(entry.getKey());
        if (!entry.getValue().equals(present)) {
          (present == null ? copied : differing).withArray("/" + kind).add(entry.getKey());
        }
      }
    }
    if (copied.isEmpty() && differing.isEmpty()) {
      return;
    }
    ObjectNode step = step("metadata", "clerk_metadata_set").put("user_id", keep.id());
    set(step, "copy", copied);
    set(step, "decide", differing);
  }

  private static void set(ObjectNode step, String name, ObjectNode keys) {
    int hidden = keys.path(PRIVATE).size();
    keys.remove(PRIVATE);
    ArrayNode paths = Json.array();
    for (Map.Entry<String, JsonNode> kind : keys.properties()) {
      kind.getValue().forEach(key -> paths.add(kind.getKey() + "." + key.asText()));
    }
    if (hidden > 0) {
      paths.add("%s (%s %s)".formatted(PRIVATE, hidden, hidden == 1 ? "key" : "keys"));
    }
    if (!paths.isEmpty()) {
      step.set(name, paths);
    }
  }

  private void contacts(String name, String tool, Identifier kind) {
    ClerkUser kept = new ClerkUser(keep.user());
    List<String> moved =
        new ClerkUser(giveUp.user())
            .provenValues(kind).stream().filter(value -> !kept.has(kind, value)).sorted().toList();
    if (moved.isEmpty()) {
      return;
    }
    ObjectNode step = step(name, tool).put("user_id", keep.id());
    ArrayNode rows = step.putArray("rows");
    moved.forEach(value -> rows.addObject().put(kind.field(), value).put("verified", false));
    step.put("next", "The user verifies each one.");
  }

  private void profile() {
    ObjectNode fields = Json.object();
    for (String field : List.of("first_name", "last_name", "username", "external_id")) {
      if (giveUp.user().hasNonNull(field) && !keep.user().hasNonNull(field)) {
        fields.set(field, giveUp.user().get(field));
      }
    }
    if (!fields.isEmpty()) {
      step("profile", "clerk_user_update").put("user_id", keep.id()).setAll(fields);
    }
  }

  private ObjectNode step(String name, String tool) {
    return steps.addObject().put("step", name).put("tool", tool);
  }

  private static String organizationId(JsonNode membership) {
    return membership.path("organization").path("id").asText();
  }
}
