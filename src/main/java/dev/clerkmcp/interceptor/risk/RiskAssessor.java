package dev.clerkmcp.interceptor.risk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.model.OrganizationRole;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.json.DeepMerge;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.JsonDiff;
import dev.clerkmcp.json.KeyNames;
import dev.clerkmcp.json.KeyPath;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.OperationFacts.Risk;
import dev.clerkmcp.registry.OperationFacts.Risky;
import dev.clerkmcp.registry.Pages;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which harm a request can do: from the facts of its operation, from its arguments and, for
 * roles, from what Clerk knows of them.
 */
public final class RiskAssessor {
  /** A call that concerns more users, addresses or phone numbers than this concerns many. */
  static final int MAX_FEW = 10;

  private static final String ROLE = "role";

  /** Texts that no person reads to the end; from {@link #MAX_SHORT} on, a digest tells more. */
  private static final Set<String> LONG_TEXTS = Set.of("body", "idp_certificate", "markup");

  private static final int MAX_SHORT = 500;

  /** Arguments that say where people and their credentials are sent. */
  private static final Pattern URL = Pattern.compile("(\\w+_)?ur[il]s?");

  /** Arguments that name a person, besides those with the ID of a user. */
  private static final Set<String> NAMES_OF_PEOPLE =
      Set.of("email_address", "identifier", "phone_number");

  /** The lists of addresses, numbers and wallets that a new user gets. */
  private static final List<String> CONTACTS =
      List.of("email_address", "phone_number", "web3_wallet");

  private static final String PRIVATE_METADATA = "private_metadata";

  /** The permissions that Clerk gives a member of every new instance. */
  private static final Set<String> OF_MEMBER =
      Set.of("org:sys_memberships:read", "org:sys_billing:read");

  /** The beginning of the permissions that Clerk itself enforces. */
  private static final String OF_CLERK = "org:sys_";

  private final TargetCache targets;
  private final KeyNames sensitiveKeys;
  private final boolean privateMetadataNever;

  /**
   * Prepares to assess.
   *
   * @param targets looks up roles, memberships and metadata
   * @param sensitiveKeys the keys of metadata that applications read as rights, in any spelling
   * @param privateMetadataNever whether no call may show private metadata; then the risks of a call
   *     do not depend on it either, since a caller could learn from them what it holds
   */
  public RiskAssessor(
      TargetCache targets, Collection<String> sensitiveKeys, boolean privateMetadataNever) {
    this.targets = targets;
    this.sensitiveKeys = KeyNames.of(sensitiveKeys);
    this.privateMetadataNever = privateMetadataNever;
  }

  /** The risks of one request, in the order of {@link Risk}; empty if it has none. */
  public SortedSet<Risk> of(ClerkRequest request) {
    return request.attribute(Risks.class, () -> new Risks(assess(request))).all();
  }

  /** The risks of the requests of one call; many people together are a risk of their own. */
  public SortedSet<Risk> of(List<ClerkRequest> requests) {
    SortedSet<Risk> risks = new TreeSet<>();
    requests.forEach(request -> risks.addAll(of(request)));
    Set<String> people = new HashSet<>();
    requests.forEach(request -> addPeople("", request.arguments(), people));
    if (people.size() > MAX_FEW) {
      risks.add(Risk.MASS);
    }
    return risks;
  }

  /**
   * The risks of one request of a call, which concerns many people as soon as its requests so far
   * do. A call that was planned has counted all its requests before it sends the first.
   */
  public SortedSet<Risk> inCall(ClerkRequest request) {
    SortedSet<Risk> risks = new TreeSet<>(of(request));
    if (countPeople(request) > MAX_FEW) {
      risks.add(Risk.MASS);
    }
    return risks;
  }

  /** Counts the people of a request, and returns how many its call names so far. */
  public int countPeople(ClerkRequest request) {
    Set<String> people =
        request
            .context()
            .whole()
            .attribute(People.class, () -> new People(ConcurrentHashMap.newKeySet()))
            .named();
    addPeople("", request.arguments(), people);
    return people.size();
  }

  /** The people that the requests of a call name. */
  private record People(Set<String> named) {}

  /**
   * Whether a person has to be asked about the requests of one call, as far as their effects and
   * risks demand it. What is lost for good, and a removal without a named risk, is always asked
   * about.
   *
   * @param lifted the risks of a request about which the person wants no question
   */
  public boolean needsQuestion(
      List<ClerkRequest> requests, Function<ClerkRequest, Set<Risk>> lifted) {
    if (requests.size() == 1 && requests.get(0).facts().needsNoQuestion()) {
      return false;
    }
    boolean mass = of(requests).contains(Risk.MASS);
    return requests.stream()
        .anyMatch(request -> removal(request) != null || !asked(request, mass, lifted).isEmpty());
  }

  /**
   * Why {@link #needsQuestion} demands a question, each in words that follow "because": first the
   * risks.
   */
  public Set<String> reasonsToAsk(
      List<ClerkRequest> requests, Function<ClerkRequest, Set<Risk>> lifted) {
    boolean mass = of(requests).contains(Risk.MASS);
    SortedSet<Risk> risks = new TreeSet<>();
    Set<String> removals = new LinkedHashSet<>();
    for (ClerkRequest request : requests) {
      risks.addAll(asked(request, mass, lifted));
      String removal = removal(request);
      if (removal != null) {
        removals.add(removal);
      }
    }
    Set<String> reasons = new LinkedHashSet<>();
    risks.forEach(risk -> reasons.add(risk.reason()));
    reasons.addAll(removals);
    return reasons;
  }

  /** Why a request needs a question that no rule lifts; null if it needs none. */
  private @Nullable String removal(ClerkRequest request) {
    if (request.effect().irreversible()) {
      return "it loses something for good";
    }
    return request.effect().destructive() && of(request).isEmpty()
        ? "it takes something away"
        : null;
  }

  /** The risks of a request about which a person has to be asked. */
  private Set<Risk> asked(
      ClerkRequest request, boolean mass, Function<ClerkRequest, Set<Risk>> lifted) {
    Set<Risk> asked = new TreeSet<>(of(request));
    if (mass) {
      asked.add(Risk.MASS);
    }
    if (!asked.isEmpty()) {
      asked.removeAll(lifted.apply(request));
    }
    return asked;
  }

  /**
   * Whether a value of the request carries one of the risks that its operation can have, or is a
   * URL, so that a person must see it whole.
   *
   * @param path the {@link KeyPath} to the value: {@code public_metadata.role}
   */
  public boolean carriesRisk(ClerkRequest request, String path, JsonNode value) {
    List<String> steps = KeyPath.keys(path);
    String last = steps.get(steps.size() - 1);
    boolean inMetadata = steps.stream().anyMatch(step -> step.endsWith("metadata"));
    if (!inMetadata && URL.matcher(last).matches()) {
      return true;
    }
    for (Risky risk : request.facts().risks()) {
      boolean carries =
          switch (risk.check()) {
            case NONE ->
                risk.when().length == 0
                    ? !inMetadata && !isLong(last, value)
                    : OperationFacts.arguments(risk).stream().anyMatch(name -> isAt(name, steps));
            case HIGHER_ROLE ->
                !inMetadata && last.equals(ROLE) && of(request).contains(risk.value());
            case SENSITIVE_METADATA -> inMetadata && isSensitive(request, steps, value);
            case SEVERAL_CONTACTS -> CONTACTS.contains(steps.get(0));
            case MANY_MEMBERS -> false;
          };
      if (carries) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLong(String name, JsonNode value) {
    return LONG_TEXTS.contains(name) && value.asText().length() > MAX_SHORT;
  }

  /** Whether a path leads to an argument that raises a risk, or to a part of it. */
  private static boolean isAt(String argument, List<String> steps) {
    List<String> names = List.of(argument.split("\\.", -1));
    return steps.size() >= names.size() && steps.subList(0, names.size()).equals(names);
  }

  /** Whether a change at a path sets, removes or covers a sensitive key of metadata. */
  private boolean isSensitive(ClerkRequest request, List<String> steps, JsonNode value) {
    return steps.stream().anyMatch(sensitiveKeys::occursIn)
        || hasSensitiveKey(value, true)
        || (changesObject(request) && losesSensitiveKey(request, steps));
  }

  private record Risks(SortedSet<Risk> all) {}

  private SortedSet<Risk> assess(ClerkRequest request) {
    SortedSet<Risk> risks = new TreeSet<>();
    for (Risky risk : request.facts().risks()) {
      if (OperationFacts.isRaised(risk, request.arguments()) && holds(risk, request)) {
        risks.add(risk.value());
      }
    }
    return Collections.unmodifiableSortedSet(risks);
  }

  private boolean holds(Risky risk, ClerkRequest request) {
    return switch (risk.check()) {
      case NONE -> true;
      case HIGHER_ROLE -> givesOrTakesHigherRole(request);
      case SENSITIVE_METADATA ->
          hasSensitiveKey(request.arguments(), false)
              || (changesObject(request) && losesSensitiveKey(request));
      case SEVERAL_CONTACTS ->
          CONTACTS.stream().mapToInt(name -> request.arguments().path(name).size()).sum() > 1;
      case MANY_MEMBERS -> hasManyMembers(request);
    };
  }

  /** Whether an organization has many members; if they cannot be counted, it does. */
  private boolean hasManyMembers(ClerkRequest request) {
    try {
      RequestTarget target = targets.of(request);
      return target.unclear()
          || target.organizations().stream()
              .anyMatch(found -> found.path("members_count").asLong(Long.MAX_VALUE) > MAX_FEW);
    } catch (ClerkException e) {
      return true;
    }
  }

  private boolean hasSensitiveKey(JsonNode value, boolean inMetadata) {
    if (value.isArray()) {
      for (JsonNode item : value) {
        if (hasSensitiveKey(item, inMetadata)) {
          return true;
        }
      }
      return false;
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String name = field.getKey();
      if ((inMetadata && sensitiveKeys.occursIn(name))
          || hasSensitiveKey(field.getValue(), inMetadata || name.endsWith("metadata"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean changesObject(ClerkRequest request) {
    String method = request.endpoint().method();
    return method.equals("PATCH") || method.equals("PUT");
  }

  /** Whether metadata without a sensitive key takes one away: by a null, or in place of it. */
  private boolean losesSensitiveKey(ClerkRequest request) {
    for (Map.Entry<String, JsonNode> argument : request.arguments().properties()) {
      String kind = argument.getKey();
      if (kind.endsWith("metadata") && losesSensitiveKey(request, kind, argument.getValue())) {
        return true;
      }
    }
    return false;
  }

  private boolean losesSensitiveKey(ClerkRequest request, String kind, JsonNode given) {
    JsonNode before = before(request, List.of(kind));
    if (before == null) {
      return true;
    }
    JsonNode after =
        request.endpoint().method().equals("PUT") ? given : DeepMerge.of(before, given);
    return JsonDiff.of(before, after, JsonDiff.Missing.WHOLE).stream()
        .anyMatch(
            difference ->
                difference.path().stream().anyMatch(sensitiveKeys::occursIn)
                    || (difference.before() != null && hasSensitiveKey(difference.before(), true)));
  }

  /** Whether the value that a request changes at a path has a sensitive key now. */
  private boolean losesSensitiveKey(ClerkRequest request, List<String> steps) {
    JsonNode before = before(request, steps);
    return before == null || hasSensitiveKey(before, true);
  }

  /**
   * The value now, at a path of keys; a missing node if there is none, null if it is unknown or
   * must stay so.
   */
  private @Nullable JsonNode before(ClerkRequest request, List<String> steps) {
    if (privateMetadataNever && steps.get(0).equals(PRIVATE_METADATA)) {
      return null;
    }
    RequestTarget target;
    try {
      target = targets.of(request);
    } catch (ClerkException e) {
      return null;
    }
    JsonNode value = target.state();
    if (value == null) {
      return target.missing() ? MissingNode.getInstance() : null;
    }
    for (String step : steps) {
      value = value.path(step);
    }
    return value;
  }

  /** Whether a role that is given, or the role that the member has now, is above the default. */
  private boolean givesOrTakesHigherRole(ClerkRequest request) {
    Set<OrganizationRole> roles = new HashSet<>();
    addRoles(request.arguments(), roles);
    if (request.endpoint().method().equals("PATCH")) {
      try {
        JsonNode member = targets.of(request).state();
        if (member != null && roles.equals(Set.of(OrganizationRole.in(member)))) {
          return false; // it stays as it is
        }
        if (member != null) {
          roles.add(OrganizationRole.in(member));
        }
      } catch (ClerkException e) {
        return true; // the member may be an admin now
      }
    }
    return roles.stream().anyMatch(role -> isHigher(role, request));
  }

  private static void addRoles(JsonNode value, Set<OrganizationRole> roles) {
    if (value.isArray()) {
      value.forEach(item -> addRoles(item, roles));
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (field.getKey().equals(ROLE)) {
        roles.add(OrganizationRole.of(field.getValue().asText()));
      } else if (!field.getKey().endsWith("metadata")) {
        addRoles(field.getValue(), roles);
      }
    }
  }

  /**
   * Whether a role may do more than a member; if the roles cannot be read, any other than the
   * member's. What a member may do is what Clerk gives every member, and what the application
   * itself lets its members do. Clerk's other permissions, such as managing members, count as more
   * even if somebody gave them to all members.
   */
  private boolean isHigher(OrganizationRole role, ClerkRequest request) {
    Map<OrganizationRole, Set<String>> permissions = permissions(request);
    if (permissions.isEmpty()) {
      return !role.equals(OrganizationRole.MEMBER);
    }
    Set<String> own = permissions.get(role);
    Set<String> common = permissions.getOrDefault(OrganizationRole.MEMBER, Set.of());
    return own == null
        || own.stream()
            .anyMatch(
                permission ->
                    !OF_MEMBER.contains(permission)
                        && (permission.startsWith(OF_CLERK) || !common.contains(permission)));
  }

  /** The permissions of each role; empty if they cannot be read. */
  private Map<OrganizationRole, Set<String>> permissions(ClerkRequest request) {
    Map<OrganizationRole, Set<String>> permissions = new HashMap<>();
    ObjectNode page = Json.object().put("limit", Pages.LARGEST);
    try {
      for (JsonNode role : targets.rows(request, "/organization_roles", page)) {
        Set<String> keys = new HashSet<>();
        role.path("permissions").forEach(permission -> keys.add(permission.path("key").asText()));
        permissions.put(OrganizationRole.of(role.path("key").asText()), keys);
      }
    } catch (ClerkException e) {
      return Map.of();
    }
    return permissions;
  }

  private static void addPeople(String name, JsonNode value, Set<String> people) {
    if (value.isArray()) {
      value.forEach(item -> addPeople(name, item, people));
    } else if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        if (!field.getKey().endsWith("metadata")) {
          addPeople(field.getKey(), field.getValue(), people);
        }
      }
    } else if (NAMES_OF_PEOPLE.contains(name) || name.startsWith("user_id")) {
      people.add(value.asText());
    }
  }
}
