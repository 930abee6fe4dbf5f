package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what may be shown of what requests affect: nothing that the policy keeps tools from
 * reading. The safety checks use {@link TargetCache}, which hides nothing.
 */
public final class VisibleTargets {
  private static final Set<String> OWNERS = Set.of("user", "organization");

  private final TargetCache targets;
  private final ReadRules rules;

  public VisibleTargets(TargetCache targets, ReadRules rules) {
    this.targets = targets;
    this.rules = rules;
  }

  /** The rules that keep tools from reading. */
  public interface ReadRules {
    /** Whether there are any. */
    boolean exist();

    /**
     * The rule that keeps tools from reading what a request affects, such as {@code rule 2
     * (owners)}; null if there is none.
     *
     * @param reads the endpoints that read it
     */
    @Nullable String findRule(ClerkRequest request, Collection<Endpoint> reads);

    /**
     * The rule that keeps tools from reading a target about which no more is known; null if there
     * is none.
     *
     * @param reads the endpoints that read it
     */
    @Nullable String findRule(RequestTarget known, Collection<Endpoint> reads);

    /** The same for a target that one tool would read. */
    @Nullable String findRule(RequestTarget known, String tool);
  }

  /**
   * What a request affects.
   *
   * @param target what may be shown of it
   * @param losses what may be shown of what else is lost, in sentences
   * @param digest a hash that differs if anything that the request affects or loses differs, also
   *     what may not be shown
   */
  public record Affected(RequestTarget target, List<String> losses, String digest) {
    public Affected {
      losses = List.copyOf(losses);
    }
  }

  /**
   * What a request affects and loses.
   *
   * @param earlier the requests of its plan that are made before it
   * @throws ClerkException if it cannot be read, other than because the object does not exist
   */
  public Affected affected(ClerkRequest request, List<ClerkRequest> earlier) {
    RequestTarget target = targets.of(request);
    List<String> losses =
        request.effect().changes() && !target.missing()
            ? targets.losses(request, target, earlier)
            : List.of();
    String digest = Fingerprint.digest(target.stableState() + "\n" + losses);
    String rule = rules.findRule(request, reads(request, target));
    return rule == null
        ? new Affected(target, losses, digest)
        : new Affected(hidden(request, rule), List.of(), digest);
  }

  /**
   * What a request affects.
   *
   * @throws ClerkException if it cannot be read, other than because the object does not exist
   */
  RequestTarget target(ClerkRequest request) {
    RequestTarget target = targets.of(request);
    String rule = rules.findRule(request, reads(request, target));
    return rule == null ? target : hidden(request, rule);
  }

  private static RequestTarget hidden(ClerkRequest request, String rule) {
    return RequestTarget.hidden(hidden(request.endpoint(), request.shownArguments(), rule));
  }

  /** The description of a target by what the caller gave, and why it tells no more. */
  private static String hidden(Endpoint endpoint, ObjectNode arguments, String rule) {
    return "%s (names, addresses and current values are not shown: %s of the policy keeps tools from reading them)"
        .formatted(TargetReader.describeUnread(endpoint, arguments), rule);
  }

  /** Whether there are rules that keep tools from reading something. */
  public boolean hasRules() {
    return rules.exist();
  }

  /**
   * The rule that keeps tools from reading what the answer to a request shows; null if there is
   * none. If that cannot be looked up, a rule about people or organizations counts.
   */
  public @Nullable String findRuleAboutAnswer(ClerkRequest request) {
    Set<Endpoint> reads;
    try {
      reads = reads(request, targets.of(request));
    } catch (ClerkException e) {
      reads = new HashSet<>(targets.reads(request));
    }
    add(targets.findReader(request.endpoint()), reads);
    // What no endpoint reads, such as a new token, is subject to rules about all reading.
    return rules.findRule(request, reads.isEmpty() ? Set.of(request.endpoint()) : reads);
  }

  /**
   * The endpoints that read what a target shows. How its users were found does not matter: one by
   * one, or by a search.
   */
  private Set<Endpoint> reads(ClerkRequest request, RequestTarget target) {
    Set<Endpoint> reads = new HashSet<>();
    targets.reads(request).forEach(read -> add(read, reads));
    addReaders(!target.users().isEmpty(), !target.organizations().isEmpty(), reads);
    return reads;
  }

  private void addReaders(boolean users, boolean organizations, Set<Endpoint> reads) {
    add(users ? targets.findEndpoint(EndpointReader.USER) : null, reads);
    add(organizations ? targets.findEndpoint(EndpointReader.ORGANIZATION) : null, reads);
  }

  private void add(@Nullable Endpoint read, Set<Endpoint> reads) {
    Endpoint reader =
        read != null && read.path().equals(EndpointReader.USERS)
            ? targets.findEndpoint(EndpointReader.USER)
            : read;
    if (reader != null) {
      reads.add(reader);
    }
  }

  /**
   * What may be shown of the target of a recorded request.
   *
   * @param arguments with secrets masked
   * @param record what else is recorded: the state before the request, and the answer
   * @param description the target in words
   */
  public String recorded(
      Endpoint endpoint, ObjectNode arguments, List<JsonNode> record, String description) {
    if (!rules.exist()) {
      return description;
    }
    List<JsonNode> all = new ArrayList<>(record);
    all.add(arguments);
    RequestTarget target = RecordedTarget.of(endpoint, all, description);
    Set<Endpoint> reads = new HashSet<>();
    add(targets.findReader(endpoint), reads);
    addReaders(
        target.unclear() || !target.users().isEmpty(),
        target.unclear() || !target.organizations().isEmpty(),
        reads);
    String rule = rules.findRule(target, reads);
    return rule == null ? description : hidden(endpoint, arguments, rule);
  }

  /**
   * Clerk's answer at a path; null if no endpoint reads it, a rule keeps tools from reading it, or
   * it cannot be read now. The answer may have other users and organizations than those that the
   * request names: {@link #shows} tells which of them may be shown.
   */
  @Nullable JsonNode find(ClerkRequest request, String path, ObjectNode arguments) {
    Endpoint endpoint = targets.findEndpoint(path);
    return endpoint == null || rules.findRule(request, Set.of(endpoint)) != null
        ? null
        : targets.findIfReadable(request, path, arguments);
  }

  /** Whether a user or an organization may be shown, as Clerk returns it. */
  public boolean shows(JsonNode userOrOrganization) {
    boolean organization = userOrOrganization.path("object").asText().equals("organization");
    List<JsonNode> found = List.of(userOrOrganization);
    Set<Endpoint> reads = new HashSet<>();
    addReaders(!organization, organization, reads);
    RequestTarget target =
        RequestTarget.ofPeople(
            organization ? List.of() : found,
            organization ? found : List.of(),
            List.of(),
            false,
            "");
    return rules.findRule(target, reads) == null;
  }

  /**
   * Whether an object that an endpoint returned may be shown, with the people and organizations
   * that it names.
   */
  public boolean shows(JsonNode object, Endpoint read) {
    if (OWNERS.contains(object.path("object").asText())) {
      return shows(object);
    }
    Endpoint reader = targets.findEndpoint(read.path());
    return reader == null
        || rules.findRule(RecordedTarget.of(read, List.of(object), ""), Set.of(reader)) == null;
  }

  /**
   * The rule that keeps a tool from reading an object which it picked out of a list, by the domains
   * of the object; null if there is none. Lists are not judged by their rows, and the users and
   * organizations that the tool was given are named by its requests.
   */
  public @Nullable String findRuleAboutDomains(JsonNode object, String tool) {
    Set<String> domains = NamedDomains.in(object);
    RequestTarget target =
        RequestTarget.ofPeople(List.of(), List.of(), List.copyOf(domains), false, "");
    return domains.isEmpty() ? null : rules.findRule(target, tool);
  }

  /** Clears the cache of a call, so that the current state is read again. */
  public void forget(ToolCallContext context) {
    targets.forget(context);
  }
}
