package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the users and organizations that a text refers to, in the instance of one call. Its
 * requests only read, and do not pass the interceptors.
 */
final class EntityLookup implements UserReference.Source {
  private static final Endpoint USERS = Endpoint.parse("GET /users");
  private static final Endpoint ORGANIZATIONS = Endpoint.parse("GET /organizations");
  private static final Endpoint ORGANIZATION =
      Endpoint.parse("GET /organizations/{organization_id}");

  /** The form of a slug; other text must not get into a path. */
  private static final Pattern SLUG = Pattern.compile("[\\p{L}\\p{N}_-]{1,256}");

  private static final int MAX_CANDIDATES = 5;

  private final ToolCallContext context;
  private final Visibility shown;

  EntityLookup(ToolCallContext context, Visibility shown) {
    this.context = context;
    this.shown = shown;
  }

  /**
   * An object that a text may refer to.
   *
   * @param id what the argument takes: the ID, or the key that Clerk wants instead
   * @param name empty if it has no name
   * @param unverified whether the text is not proven to be the user's, see {@link
   *     ClerkUser#isProven}
   * @param shown the fields that an answer shows of a candidate
   */
  record Candidate(String id, String name, boolean unverified, ObjectNode shown) {
    /** Whether the name is the text or what the argument takes, so that it tells nothing new. */
    boolean isKnownAs(String text) {
      return name.equalsIgnoreCase(text) || name.equals(id);
    }

    /** The status, as of an invitation; empty if it has none or it may not be shown. */
    String status() {
      String status = shown.path("status").asText("");
      return status.isEmpty() ? "" : QuotedText.plain(status);
    }

    /** The name for a note, which says of an organization that it is one: masks keep its name. */
    String quotedName() {
      return (id.startsWith("org_") ? "organization " : "") + QuotedText.name(name);
    }

    private static Candidate ofUser(UserReference.Match match, Visibility visibility) {
      String id = match.user().id();
      if (!visibility.shows(match.user().json(), USERS)) {
        return new Candidate(id, "", match.unverified(), match.addTo(Json.object().put("id", id)));
      }

      ClerkUser user = match.user();
      ObjectNode shown = user.brief();
      user.putFlags(shown);
      return new Candidate(id, user.name(), match.unverified(), match.addTo(shown));
    }

    private static Candidate ofOrganization(
        JsonNode organization, String matched, Visibility visibility) {
      String id = organization.path("id").asText();
      if (!visibility.shows(organization, ORGANIZATION)) {
        return new Candidate(id, "", false, Json.object().put("id", id).put("matched", matched));
      }
      String name = organization.path("name").asText("");
      ObjectNode shown = Json.object().put("id", id).put("name", name);
      shown.put("slug", organization.path("slug").asText("")).put("matched", matched);
      return new Candidate(id, name, false, shown);
    }
  }

  @Override
  public JsonNode matching(ObjectNode filter, int limit) {
    return ListPage.rowsOf(context.read(USERS, filter.deepCopy().put("limit", limit)));
  }

  /**
   * All objects that have the text as an identifier, proven ones first.
   *
   * @throws ClerkException if Clerk refuses to search
   */
  List<Candidate> exact(String text, ReferenceKind kind) {
    List<Candidate> exact = new ArrayList<>();
    if (kind.mayBeUser()) {
      UserReference.of(text)
          .exact(this)
          .forEach(match -> exact.add(Candidate.ofUser(match, shown)));
    }
    if (kind.mayBeOrganization() && SLUG.matcher(text).matches()) {
      exact.addAll(bySlug(text));
    }
    return exact;
  }

  /**
   * The first objects that the text may refer to, without those of which only the ID may be shown:
   * their names could be guessed letter by letter.
   *
   * @throws ClerkException if Clerk refuses to search
   */
  List<Candidate> similar(String text, ReferenceKind kind) {
    List<Candidate> similar = new ArrayList<>();
    UserReference reference = UserReference.of(text);
    if (kind.mayBeUser()) {
      reference.similar(this, MAX_CANDIDATES).stream()
          .filter(match -> shown.shows(match.user().json(), USERS))
          .forEach(match -> similar.add(Candidate.ofUser(match, shown)));
    }
    if (kind.mayBeOrganization() && !reference.rounds().isEmpty()) {
      ObjectNode query = Json.object().put("query", text).put("limit", MAX_CANDIDATES);
      for (JsonNode organization : ListPage.rowsOf(context.read(ORGANIZATIONS, query))) {
        if (shown.shows(organization, ORGANIZATION)) {
          similar.add(Candidate.ofOrganization(organization, "part of name or slug", shown));
        }
      }
    }
    return similar.subList(0, Math.min(similar.size(), MAX_CANDIDATES));
  }

  private List<Candidate> bySlug(String slug) {
    try {
      JsonNode organization =
          context.read(ORGANIZATION, Json.object().put("organization_id", slug));
      return organization.path("slug").asText("").equalsIgnoreCase(slug)
          ? List.of(Candidate.ofOrganization(organization, "slug", shown))
          : List.of();
    } catch (ClerkException e) {
      if (e.status() == 404) {
        return List.of();
      }
      throw e;
    }
  }
}
