package dev.clerkmcp.interceptor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.OperationFacts.UndoneBy;
import dev.clerkmcp.registry.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state before a request, as far as its undo needs it: the object, and what Clerk does
 * not return with it (its owner, the owner's primary contact, and what is deleted together with
 * it).
 */
public final class FormerState {
  /** The field with the ID of the contact that was the primary one of its kind. */
  public static final String PRIMARY_ID = "former_primary_id";

  /** The field with the address or number that was the primary one of its kind. */
  public static final String FORMER_PRIMARY = "former_primary";

  /** How many active sessions the user had, if the request ends them. */
  public static final String ACTIVE_SESSIONS = "active_sessions";

  /** The field with the role set that was the one for new organizations, if it is replaced. */
  public static final String FORMER_INITIAL = "former_initial";

  /** The field with how many organizations had a role set that is replaced. */
  public static final String MOVED_ORGANIZATIONS = "moved_organizations";

  /** The field with the owner of a contact, as far as it may change with the contact. */
  public static final String OWNER = "former_owner";

  /** The fields of a user that may change with a contact or a second factor. */
  public static final List<String> OF_OWNER =
      List.of(
          "primary_email_address_id",
          "primary_phone_number_id",
          "primary_web3_wallet_id",
          "two_factor_enabled");

  /** A change of more users counts no sessions, since each user takes a request. */
  private static final int MAX_COUNTED_USERS = 10;

  /** The most rows that are recorded of each list that is deleted together with an object. */
  public static final int MAX_ROWS = Pages.LARGEST;

  private static final Map<String, String> PRIMARY_IDS =
      Map.of(
          "email_addresses", "primary_email_address_id",
          "phone_numbers", "primary_phone_number_id");

  private final TargetCache targets;

  public FormerState(TargetCache targets) {
    this.targets = targets;
  }

  /**
   * Whether an undo needs the state: a creation is undone without, unless it replaces a primary.
   */
  static boolean isNeeded(ClerkRequest request) {
    boolean creates = request.effect() == Effect.CREATE;
    return request.effect().changes()
        && (!creates || request.arguments().path("primary").asBoolean());
  }

  /**
   * The state before a request that is about to be sent; null if it is not needed or unknown.
   *
   * @throws ClerkException if Clerk refuses to read the object
   */
  public @Nullable JsonNode of(ClerkRequest request) {
    return isNeeded(request) ? of(request, targets.of(request)) : null;
  }

  /**
   * The change that a planned request would make; null if it changes nothing or its object does not
   * exist.
   */
  public @Nullable Change planned(ClerkRequest request) {
    ObjectNode arguments = request.shownArguments();
    ObjectNode answer =
        arguments.deepCopy().put("id", RequestPreview.placeholder(request.endpoint()));
    String tool = request.context().tool().name();
    if (!request.effect().changes()) {
      return null;
    }
    JsonNode before;
    try {
      if (isNeeded(request) && targets.of(request).missing()) {
        return null;
      }
      before = of(request);
    } catch (ClerkException e) {
      request.context().invocation().checkCancelled();
      before = null;
    }
    return new Change(tool, request.endpoint(), arguments, before, answer);
  }

  /** The object before a request; without an object, the affected users. */
  @Nullable JsonNode of(ClerkRequest request, RequestTarget target) {
    List<JsonNode> users = target.users();
    String primaryId = PRIMARY_IDS.get(request.endpoint().segments().get(0));
    if (primaryId != null && users.size() == 1) {
      ObjectNode contact =
          target.state() instanceof ObjectNode object ? object.deepCopy() : Json.object();
      contact.set("user_id", users.get(0).path("id"));
      contact.set(PRIMARY_ID, users.get(0).get(primaryId));
      addPrimary(users.get(0), request.endpoint().segments().get(0), contact);
      if (request.endpoint().method().equals("DELETE")) {
        contact.set(OWNER, owner(users.get(0)));
      }
      return contact;
    }
    if (target.state() == null) {
      return users.isEmpty() || target.missing() ? null : withSessions(request, users);
    }
    if (!(target.state() instanceof ObjectNode object)) {
      return target.state();
    }
    ObjectNode state = object.deepCopy();
    if (users.size() == 1 && !object.path("object").asText().equals("user")) {
      state.putIfAbsent("user_id", users.get(0).path("id"));
    }
    addSessions(request, users, state);
    addInitial(request, state);
    addOrganizations(request, state);
    UndoneBy undoneBy = request.facts().undoneBy();
    for (String list : undoneBy == null ? new String[0] : undoneBy.contents()) {
      addContents(list, request, state);
    }
    return state;
  }

  private static void addPrimary(JsonNode user, String list, ObjectNode contact) {
    for (Identifier kind : Identifier.values()) {
      Contact primary =
          kind.userField().equals(list) ? new ClerkUser(user).findPrimary(kind) : null;
      if (primary != null) {
        contact.put(FORMER_PRIMARY, primary.value());
      }
    }
  }

  /** Adds which role set was initial, if the request makes another one so. */
  private void addInitial(ClerkRequest request, ObjectNode state) {
    String initial = "initial";
    boolean replaces =
        request.endpoint().route().equals("PATCH /role_sets/{role_set_key_or_id}")
            && request.arguments().path("type").asText().equals(initial)
            && !state.path("type").asText().equals(initial);
    JsonNode sets =
        replaces
            ? targets.findIfReadable(
                request, "/role_sets", Json.object().put("limit", Pages.LARGEST))
            : null;
    for (JsonNode set : sets == null ? Json.array() : ListPage.rowsOf(sets)) {
      if (set.path("type").asText().equals(initial)) {
        state.set(FORMER_INITIAL, set.path("key"));
      }
    }
  }

  /** Counts the organizations that a replaced role set leaves to another, unless they are many. */
  private void addOrganizations(ClerkRequest request, ObjectNode state) {
    if (!request.endpoint().route().equals("POST /role_sets/{role_set_key_or_id}/replace")) {
      return;
    }
    JsonNode answer =
        targets.findIfReadable(
            request, "/organizations", Json.object().put("limit", Pages.LARGEST));
    JsonNode rows = answer == null ? Json.array() : ListPage.rowsOf(answer);
    boolean isTold = rows.valueStream().allMatch(row -> row.has("role_set_key"));
    if (answer != null && isTold && rows.size() < Pages.LARGEST) {
      state.put(
          MOVED_ORGANIZATIONS,
          rows.valueStream()
              .filter(row -> row.path("role_set_key").equals(state.path("key")))
              .count());
    }
  }

  /** What of a user may change with a contact. */
  private static ObjectNode owner(JsonNode user) {
    List<String> kept = new ArrayList<>(OF_OWNER);
    kept.addAll(List.of("id", "object"));
    for (Identifier kind : Identifier.values()) {
      kept.add(kind.userField());
    }
    return ((ObjectNode) user).deepCopy().retain(kept);
  }

  /** How many sessions a change ended; null if that is not recorded. */
  public static @Nullable Long findEndedSessions(@Nullable JsonNode before) {
    if (before == null || !before.isArray()) {
      JsonNode sessions = before == null ? null : before.get(ACTIVE_SESSIONS);
      return sessions == null || !sessions.isIntegralNumber() ? null : sessions.asLong();
    }
    long sum = 0;
    for (JsonNode user : before) {
      Long own = findEndedSessions(user);
      if (own == null) {
        return null;
      }
      sum += own;
    }
    return sum;
  }

  private ArrayNode withSessions(ClerkRequest request, List<JsonNode> users) {
    ArrayNode all = Json.array();
    boolean counted =
        users.size() <= MAX_COUNTED_USERS && request.facts().endsSessions(request.arguments());
    for (JsonNode user : users) {
      JsonNode copy = user.deepCopy();
      if (counted && copy instanceof ObjectNode state) {
        addSessions(request, List.of(user), state);
      }
      all.add(copy);
    }
    return all;
  }

  /** Counts the sessions of the only user. It takes one request, which a plan may have made. */
  private void addSessions(ClerkRequest request, List<JsonNode> users, ObjectNode state) {
    if (users.size() != 1 || !request.facts().endsSessions(request.arguments())) {
      return;
    }
    OptionalLong active = targets.activeSessions(request, users.get(0).path("id").asText());
    if (active.isPresent()) {
      state.put(ACTIVE_SESSIONS, active.getAsLong());
    }
  }

  private void addContents(String list, ClerkRequest request, ObjectNode state) {
    ObjectNode query = request.arguments().deepCopy().put("limit", MAX_ROWS);
    if (list.equals("invitations")) {
      query.put("status", "pending"); // the others give no access any more
    }
    try {
      state.set(list, targets.rows(request, request.endpoint().path() + "/" + list, query));
    } catch (ClerkException e) {
      // The plan reports them as lost. The deletion itself may go on.
      request.context().invocation().checkCancelled();
    }
  }
}
