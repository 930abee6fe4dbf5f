package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.Dependent;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Describes in sentences what is lost with an operation: what is deleted with its object (the
 * cascade) and what ends with it, such as sessions and memberships. It sends at most twelve
 * requests; a number that cannot be read is reported as unknown.
 */
final class LossAnalyzer {
  private static final String ALLOWLIST = "/allowlist_identifiers";
  private static final String ID = "id";
  private static final String LIMIT = "limit";
  private static final String ORGANIZATION_ID = "organization_id";

  /** The path of the list of sessions. */
  static final String SESSIONS = "/sessions";

  private static final String USER_ID = "user_id";
  private static final String MEMBERSHIPS = EndpointReader.ORGANIZATION + "/memberships";

  private static final int MAX_USERS = 10;
  private static final int MAX_ORGANIZATIONS = 9;
  private static final int MAX_MEMBERSHIPS = 100;

  private final ObjectNode arguments;
  private final RequestTarget target;
  private final List<ClerkRequest> earlier;
  private final LossList losses;

  LossAnalyzer(
      ObjectNode arguments,
      RequestTarget target,
      List<ClerkRequest> earlier,
      EndpointReader reader) {
    this.arguments = arguments;
    this.target = target;
    this.earlier = earlier;
    this.losses = new LossList(reader);
  }

  /**
   * The sentences for an operation: first those that depend on Clerk's data, then the fixed one.
   */
  List<String> of(OperationFacts operation) {
    Loses loses = operation.loses();
    if (target.missing() || loses == null) {
      return List.of();
    }
    for (Dependent dependent : loses.also()) {
      analyze(operation, dependent);
    }
    String always = operation.loss(arguments);
    if (always != null) {
      losses.add(always);
    }
    return losses.sentences();
  }

  private void analyze(OperationFacts operation, Dependent dependent) {
    switch (dependent) {
      case SESSIONS -> sessions();
      case SESSIONS_IF_ASKED -> {
        if (operation.endsSessions(arguments)) {
          sessions();
        }
      }
      case EVERYTHING_OF_USER -> deletedUser();
      case EVERYTHING_OF_ORGANIZATION -> deletedOrganization();
      case SECOND_FACTORS -> secondFactors();
      case OTHER_EMAIL_ADDRESSES ->
          replaced(Identifier.EMAIL_ADDRESS, "email address is", "email addresses are");
      case OTHER_PHONE_NUMBERS -> {
        replaced(Identifier.PHONE_NUMBER, "phone number is", "phone numbers are");
        secondFactorNumbers(state());
      }
      case ONLY_EMAIL_ADDRESS -> only(Identifier.EMAIL_ADDRESS, "Is the user's only email address");
      case ONLY_PHONE_NUMBER -> only(Identifier.PHONE_NUMBER, "Is the user's only phone number");
      case IMAGE -> image();
      case METADATA_KEYS -> metadata();
      case ROLE -> role();
      case GROUP_ROLE_MAPPINGS ->
          losses.add(
              OptionalLong.of(EndpointReader.rows(target.state()).size()),
              "current mapping is replaced",
              "current mappings are replaced");
      case LAST_ALLOWED -> lastAllowed();
      case EMPTY_ALLOWLIST -> emptyAllowlist();
    }
  }

  private void deletedUser() {
    sessions();
    ObjectNode user = Json.object();
    user.set(USER_ID, arguments.path(USER_ID));
    memberships(user);
    losses.add(
        losses.count(
            EndpointReader.USER + "/organization_invitations",
            user.deepCopy().put("status", "pending")),
        "pending invitation to an organization stays unanswered",
        "pending invitations to organizations stay unanswered");
  }

  private void memberships(ObjectNode user) {
    JsonNode answer =
        losses.find(
            EndpointReader.USER + "/organization_memberships",
            user.deepCopy().put(LIMIT, MAX_MEMBERSHIPS));
    List<JsonNode> administered = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (JsonNode membership : EndpointReader.rows(answer)) {
      names.add(name(membership.path("organization")));
      if (OrganizationRole.in(membership).equals(OrganizationRole.ADMIN)) {
        administered.add(membership.path("organization"));
      }
    }
    OptionalLong total = total(answer);
    String which = ": " + QuotedText.first(names, total.orElse(0));
    losses.add(total, "membership ends", "memberships end", which);
    administered.stream().limit(MAX_ORGANIZATIONS).forEach(this::onlyAdmin);
    long unread = Math.max(0, total.orElse(0) - names.size());
    long unchecked = unread + Math.max(0, administered.size() - MAX_ORGANIZATIONS);
    if (unchecked > 0) {
      losses.add(
          unchecked == 1
              ? "May be the only admin of 1 more organization"
              : "May be the only admin of some of %s more organizations".formatted(unchecked));
    }
  }

  private void sessions() {
    if (target.users().size() > MAX_USERS) {
      losses.add("All active sessions of these %s users end".formatted(target.users().size()));
      return;
    }
    OptionalLong sum = OptionalLong.of(0);
    for (JsonNode user : target.users()) {
      OptionalLong active = total(losses.find(SESSIONS, activeSessions(user.path(ID).asText())));
      sum =
          sum.isEmpty() || active.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(sum.getAsLong() + active.getAsLong());
    }
    losses.add(sum, "active session ends", "active sessions end");
  }

  /** The arguments of a list of a user's active sessions, for its total. */
  static ObjectNode activeSessions(String userId) {
    return Json.object().put(USER_ID, userId).put("status", "active").put(LIMIT, 1);
  }

  private void secondFactors() {
    JsonNode user = state();
    if (user.path("totp_enabled").asBoolean()) {
      losses.add("The authenticator app can no longer be used as second factor");
    }
    if (user.path("backup_code_enabled").asBoolean()) {
      losses.add("All backup codes stop working");
    }
    secondFactorNumbers(user);
  }

  private void secondFactorNumbers(JsonNode user) {
    for (Contact number : new ClerkUser(user).contacts(Identifier.PHONE_NUMBER)) {
      if (number.isSecondFactor()) {
        losses.add(QuotedText.plain(number.value()) + " can no longer be used as second factor");
      }
    }
  }

  private void replaced(Identifier kind, String one, String many) {
    String kept = arguments.path(kind.field()).asText();
    List<String> dropped =
        new ClerkUser(state())
            .values(kind).stream()
                .filter(value -> !kind.same(value, kept))
                .map(QuotedText::plain)
                .toList();
    losses.add(
        OptionalLong.of(dropped.size()),
        "other " + one + " dropped",
        "other " + many + " dropped",
        ": " + QuotedText.first(dropped));
  }

  private void only(Identifier kind, String sentence) {
    if (!target.users().isEmpty()
        && !isAdded("POST /" + kind.userField(), USER_ID, target.users().get(0).path(ID))
        && new ClerkUser(target.users().get(0)).contacts(kind).size() == 1) {
      losses.add(sentence);
    }
  }

  private void image() {
    if (state().path("has_image").asBoolean()) {
      losses.add("The current image is lost");
    }
  }

  private void metadata() {
    for (String field : FieldCatalog.USER_METADATA) {
      JsonNode given = arguments.path(field);
      if (field.startsWith("private") && arguments.has(field)) {
        // How many keys are lost would tell whether it has a key that a caller guesses.
        losses.add("%s keeps only the given keys".formatted(field));
        continue;
      }
      List<String> lost = new ArrayList<>();
      state().path(field).fieldNames().forEachRemaining(lost::add);
      lost.removeIf(given::has);
      if (arguments.has(field) && !lost.isEmpty()) {
        List<String> keys = lost.stream().sorted().map(QuotedText::plain).toList();
        losses.add("%s loses %s".formatted(field, QuotedText.first(keys)));
      }
    }
  }

  private void deletedOrganization() {
    String id = state().path(ID).asText(arguments.path(ORGANIZATION_ID).asText());
    ObjectNode first = Json.object().put(ORGANIZATION_ID, id);
    JsonNode members = state().path("members_count");
    losses.add(
        members.isIntegralNumber()
            ? OptionalLong.of(members.asLong())
            : losses.count(MEMBERSHIPS, first.deepCopy()),
        "member loses access",
        "members lose access");
    losses.add(
        losses.count(
            EndpointReader.ORGANIZATION + "/invitations",
            first.deepCopy().put("status", "pending")),
        "pending invitation is void",
        "pending invitations are void");
    losses.add(
        losses.count(EndpointReader.ORGANIZATION + "/domains", first.deepCopy()),
        "email domain is deleted",
        "email domains are deleted");
    losses.add(
        losses.count("/enterprise_connections", first.deepCopy()),
        "enterprise connection belongs to it",
        "enterprise connections belong to it");
  }

  /** The role of a member who is removed or gets another role. */
  private void role() {
    OrganizationRole role = OrganizationRole.in(state());
    if (role.key().isEmpty() || role.equals(OrganizationRole.in(arguments))) {
      return;
    }
    if (!arguments.has("role")) { // the change of a role shows both
      losses.add("Loses the role " + QuotedText.plain(role.key()));
    }
    if (role.equals(OrganizationRole.ADMIN)) {
      onlyAdmin(state().path("organization"));
    }
  }

  private void onlyAdmin(JsonNode organization) {
    OptionalLong admins =
        losses.count(
            MEMBERSHIPS,
            Json.object()
                .put(ORGANIZATION_ID, organization.path(ID).asText(""))
                .put("role", OrganizationRole.ADMIN.key()));
    if (admins.isEmpty()) {
      losses.add("Unknown: how many admins %s has".formatted(name(organization)));
    } else if (admins.getAsLong() == 1) {
      losses.add("Is the only admin of " + name(organization));
    }
  }

  private void lastAllowed() {
    OptionalLong allowed = losses.count(ALLOWLIST, Json.object());
    if (allowed.isPresent() && allowed.getAsLong() == 1) {
      losses.add(
          "Is the last entry of the allowlist; an enabled but empty allowlist locks everyone out");
    }
  }

  /** Whether an earlier request adds something whose argument has the value. */
  private boolean isAdded(String route, String argument, JsonNode value) {
    return earlier.stream()
        .anyMatch(
            request ->
                request.endpoint().route().equals(route)
                    && request.arguments().path(argument).equals(value));
  }

  private void emptyAllowlist() {
    if (earlier.stream()
        .anyMatch(request -> request.endpoint().route().equals("POST " + ALLOWLIST))) {
      return;
    }
    if (!arguments.path("allowlist").asBoolean()
        && !arguments.path("restricted_to_allowlist").asBoolean()) {
      return;
    }
    OptionalLong allowed = losses.count(ALLOWLIST, Json.object());
    if (allowed.isEmpty()) {
      losses.add("Unknown: whether the allowlist is empty");
    } else if (allowed.getAsLong() == 0) {
      losses.add("The allowlist is empty: when enabled, it locks everyone out");
    }
  }

  /** The number of rows over all pages of the list in an answer; empty if it is unknown. */
  static OptionalLong total(@Nullable JsonNode answer) {
    JsonNode total = answer == null ? null : answer.get("total_count");
    return total == null || !total.isIntegralNumber()
        ? OptionalLong.empty()
        : OptionalLong.of(total.asLong());
  }

  private JsonNode state() {
    JsonNode state = target.state();
    return state == null ? Json.object() : state;
  }

  private static String name(JsonNode organization) {
    return "organization " + QuotedText.name(organization.path("name").asText(""));
  }

  /** Collects the sentences; a number that cannot be read is reported as unknown. */
  private static final class LossList {
    private final EndpointReader reader;
    private final List<String> sentences = new ArrayList<>();

    LossList(EndpointReader reader) {
      this.reader = reader;
    }

    List<String> sentences() {
      return List.copyOf(sentences);
    }

    void add(String sentence) {
      sentences.add(sentence);
    }

    /** Adds a number of losses, unless it is zero; empty means that it could not be read. */
    void add(OptionalLong count, String one, String many) {
      add(count, one, many, "");
    }

    /** Adds a number of losses, followed by a list of them. */
    void add(OptionalLong count, String one, String many, String which) {
      if (count.isEmpty()) {
        sentences.add("Unknown: how many " + many);
      } else if (count.getAsLong() > 0) {
        boolean single = count.getAsLong() == 1;
        sentences.add(count.getAsLong() + " " + (single ? one : many) + which);
      }
    }

    /** The number of rows of a list over all pages; empty if Clerk does not say. */
    OptionalLong count(String path, ObjectNode query) {
      return total(find(path, query.put("limit", 1)));
    }

    /** Clerk's answer; null if it refuses, since an unknown loss must not stop the call. */
    @Nullable JsonNode find(String path, ObjectNode query) {
      try {
        return reader.canRead(path) ? reader.find(path, query) : null;
      } catch (ClerkException e) {
        return null;
      }
    }
  }
}
