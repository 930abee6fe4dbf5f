package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.RequestPreview;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what plans, questions, dry runs and warnings may show of what requests affect: nothing
 * that the policy keeps tools from reading. The safety checks use {@link TargetCache}, which hides
 * nothing.
 */
public final class VisibleTargets {
  private final TargetCache targets;
  private final ReadRules rules;

  public VisibleTargets(TargetCache targets, ReadRules rules) {
    this.targets = targets;
    this.rules = rules;
  }

  /** The rules that keep tools from reading. */
  public interface ReadRules {
    /**
     * The rule that keeps tools from reading what a request affects, such as {@code rule 2
     * (owners)}; null if there is none.
     *
     * @param reads the endpoints that read it
     */
    @Nullable String findRule(ClerkRequest request, Collection<Endpoint> reads);

    /**
     * Whether a rule keeps tools from reading a user or an organization.
     *
     * @param read the endpoint that reads it
     */
    boolean hides(Endpoint read, JsonNode userOrOrganization);
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
   * @throws ClerkException if it cannot be read, other than because the object does not exist
   */
  public Affected affected(ClerkRequest request) {
    RequestTarget target = targets.of(request);
    List<String> losses =
        request.effect().changes() && !target.missing()
            ? targets.losses(request, target)
            : List.of();
    String digest = Fingerprint.digest(target.stableState() + "\n" + losses);
    String rule = rules.findRule(request, targets.reads(request));
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
    String rule = rules.findRule(request, targets.reads(request));
    return rule == null ? target : hidden(request, rule);
  }

  private static RequestTarget hidden(ClerkRequest request, String rule) {
    String path = RequestPreview.of(request.endpoint(), request.shownArguments()).path();
    return RequestTarget.hidden(
        "%s, which %s of the policy does not let tools read".formatted(path, rule));
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
        : targets.findForWarning(request, path, arguments);
  }

  /** Whether a user or an organization may be shown, as Clerk returns it. */
  boolean shows(JsonNode userOrOrganization) {
    boolean organization = userOrOrganization.path("object").asText().equals("organization");
    Endpoint read =
        targets.findEndpoint(organization ? EndpointReader.ORGANIZATION : EndpointReader.USER);
    return read != null && !rules.hides(read, userOrOrganization);
  }

  /** Clears the cache of a call, so that the current state is read again. */
  public void forget(ToolCallContext context) {
    targets.forget(context);
  }
}
