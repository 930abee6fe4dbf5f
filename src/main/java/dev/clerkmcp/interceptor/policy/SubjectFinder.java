package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.impact.NamedDomains;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts.Dependent;
import dev.clerkmcp.registry.OperationFacts.Loses;
import dev.clerkmcp.registry.Pages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the people, addresses, email domains and organizations that a request touches: those that
 * it names, the users who have a named identifier, and the members of a deleted organization.
 */
final class SubjectFinder {
  private static final String USERS = "/users";
  private static final String ORGANIZATION_DOMAINS = "/organizations/{organization_id}/domains";
  private static final String ANY_AT = "*@";
  private static final String IDENTIFIER = "identifier";
  private static final String ORGANIZATION_ID = "organization_id";
  private static final String USER_ID = "user_id";
  private static final String LIMIT = "limit";

  private final TargetCache targets;

  SubjectFinder(TargetCache targets) {
    this.targets = targets;
  }

  /**
   * The subjects of a request; at least one.
   *
   * @throws ClerkException if they cannot be read
   */
  List<Subject> of(ClerkRequest request) {
    RequestTarget target = targets.of(request);
    List<Subject> people = new ArrayList<>();
    String owner = owner(request.arguments(), target);
    Map<String, JsonNode> users = new LinkedHashMap<>();
    target.users().forEach(user -> users.put(new ClerkUser(user).id(), user));
    boolean owned = users.containsKey(owner);
    List<String> strangers = owned ? List.of() : target.addresses();
    holders(request, target, strangers)
        .forEach(user -> users.putIfAbsent(new ClerkUser(user).id(), user));
    users.forEach(
        (id, user) ->
            people.add(
                Subject.of(user, owned && id.equals(owner) ? target.addresses() : List.of())));
    strangers.forEach(address -> people.add(Subject.of(address)));
    NamedDomains.in(sources(request, target), request.endpoint())
        .forEach(pattern -> people.add(Subject.of(pattern)));

    List<JsonNode> organizations = new ArrayList<>(target.organizations());
    addPlanned(request, organizations);
    List<Subject> subjects = new ArrayList<>(Subject.each(people, organizations));
    if (deletesOrganization(request)) {
      target.organizations().forEach(deleted -> addContents(request, deleted, subjects));
    }
    if (target.unclear()) {
      subjects.add(Subject.UNKNOWN);
    }
    return List.copyOf(subjects);
  }

  /**
   * Adds the organization that an earlier step of a plan will create, so that the plan is judged as
   * its requests will be.
   */
  private static void addPlanned(ClerkRequest request, List<JsonNode> organizations) {
    String id = request.arguments().path(ORGANIZATION_ID).asText();
    if (RequestPreview.isPlaceholder(id)) {
      ObjectNode planned = Json.object().put("id", id);
      planned.putObject("public_metadata");
      organizations.add(planned);
    }
  }

  /**
   * The user whose address is in the request, such as one that is added; empty if none is named.
   */
  private static String owner(ObjectNode arguments, RequestTarget target) {
    JsonNode state = target.state();
    return state == null
        ? arguments.path(USER_ID).asText("")
        : arguments.path(USER_ID).asText(state.path(USER_ID).asText(""));
  }

  /** The users to whom the named addresses, phone numbers and wallets verifiably belong. */
  private List<JsonNode> holders(
      ClerkRequest request, RequestTarget target, List<String> addresses) {
    List<JsonNode> holders = new ArrayList<>();
    Set<String> plain = new LinkedHashSet<>(addresses);
    plain.removeIf(address -> address.indexOf('*') >= 0);
    addHolders(request, Identifier.EMAIL_ADDRESS, plain, holders);
    for (JsonNode source : sources(request, target)) {
      String identifier = source.path(IDENTIFIER).asText("");
      if (identifier.startsWith("+")) {
        addHolders(request, Identifier.PHONE_NUMBER, Set.of(identifier), holders);
      } else if (isWallet(identifier)) {
        addHolders(request, Identifier.WEB3_WALLET, Set.of(identifier), holders);
      }
    }
    return holders;
  }

  private void addHolders(
      ClerkRequest request, Identifier kind, Set<String> values, List<JsonNode> holders) {
    if (values.isEmpty()) {
      return;
    }
    ObjectNode query = Json.object().put(LIMIT, Pages.LARGEST);
    ArrayNode wanted = query.putArray(kind.field());
    values.forEach(wanted::add);
    for (JsonNode user : targets.rows(request, USERS, query)) {
      boolean holds =
          new ClerkUser(user)
              .contacts(kind).stream()
                  .filter(Contact::isProven)
                  .anyMatch(
                      own -> values.stream().anyMatch(value -> kind.same(own.value(), value)));
      if (holds) {
        holders.add(user);
      }
    }
  }

  private static boolean isWallet(String identifier) {
    return identifier.startsWith("0x");
  }

  private static List<JsonNode> sources(ClerkRequest request, RequestTarget target) {
    return target.state() == null
        ? List.of(request.arguments())
        : List.of(request.arguments(), target.state());
  }

  private static boolean deletesOrganization(ClerkRequest request) {
    Loses loses = request.facts().loses();
    return loses != null && List.of(loses.also()).contains(Dependent.EVERYTHING_OF_ORGANIZATION);
  }

  /** Adds the members and the email domains of an organization, which are lost with it. */
  private void addContents(ClerkRequest request, JsonNode organization, List<Subject> subjects) {
    String id = organization.path("id").asText();
    ObjectNode query = Json.object().put(LIMIT, Pages.LARGEST);
    query.putArray(ORGANIZATION_ID).add(id);
    JsonNode members = targets.rows(request, USERS, query);
    members.forEach(member -> subjects.add(Subject.of(member, List.of()).in(organization, true)));
    if (members.size() >= Pages.LARGEST) {
      subjects.add(Subject.UNKNOWN);
    }
    ObjectNode first = Json.object().put(ORGANIZATION_ID, id).put(LIMIT, Pages.LARGEST);
    try {
      for (JsonNode domain : targets.rows(request, ORGANIZATION_DOMAINS, first)) {
        subjects.add(Subject.of(ANY_AT + domain.path("name").asText()).in(organization, true));
      }
    } catch (ClerkException e) {
      // An instance without organization domains refuses to list them, and there is none to lose.
      return;
    }
  }
}
