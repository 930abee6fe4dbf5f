package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.reference.ListedObjects.Matches;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the users and organizations that a text refers to, in the instance of one call. Its
 * requests only read, and do not pass the interceptors.
 */
final class EntityLookup implements UserReference.Source {
  private static final Endpoint USERS = Endpoint.parse("GET /users");
  private static final Endpoint ORGANIZATIONS = Endpoint.parse("GET /organizations");
  private static final Endpoint ORGANIZATION =
      Endpoint.parse("GET /organizations/{organization_id}");

  private static final ObjectList BY_NAME =
      ObjectList.of("/organizations", "name").searchedBy("query").differingIn("slug");

  /** The form of a slug; other text must not get into a path. */
  private static final Pattern SLUG = Pattern.compile("[\\p{L}\\p{N}_-]{1,256}");

  /** Longer than any name of an organization, and short enough for the query of a request. */
  private static final int MAX_NAME_LENGTH = 256;

  private static final int MAX_CANDIDATES = 5;
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private final ToolCallContext context;
  private final ListedObjects listed;
  private final Visibility shown;
  private final Map<String, Matches> byName = new HashMap<>();

  EntityLookup(ToolCallContext context, ListedObjects listed, Visibility shown) {
    this.context = context;
    this.listed = listed;
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
      return name.equals(text) || name.equals(id);
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
   * All objects that have the text as an identifier, proven ones first. The whole name of an
   * organization is one if no other has it. A change looks for the name as well if the text is a
   * slug: of two organizations, one may have the name that is the slug of the other.
   *
   * @throws ClerkException if Clerk refuses to search
   * @throws RefusedException if Clerk does not return all organizations that may have the name
   */
  List<Candidate> exact(String text, ReferenceKind kind) {
    List<Candidate> exact = new ArrayList<>();
    if (kind.mayBeUser()) {
      UserReference.of(text)
          .exact(this)
          .forEach(match -> exact.add(Candidate.ofUser(match, shown)));
    }
    if (kind.mayBeOrganization()) {
      List<Candidate> organizations = new ArrayList<>();
      if (SLUG.matcher(text).matches()) {
        organizations.addAll(bySlug(text));
      }
      if (organizations.isEmpty() || !context.tool().effect().readOnly()) {
        for (Candidate named : byName(text).exact()) {
          if (organizations.stream().noneMatch(known -> known.id().equals(named.id()))) {
            organizations.add(named);
          }
        }
      }
      exact.addAll(organizations);
    }
    return exact;
  }

  /**
   * The only organization with a name of the same words, or with the text as a part of its name;
   * null if there is none or more than one.
   *
   * @throws ClerkException if Clerk refuses to search
   */
  @Nullable Candidate onlyPartial(String text, ReferenceKind kind) {
    if (kind != ReferenceKind.ORGANIZATION) {
      return null;
    }
    List<Candidate> partial = byName(text).partial();
    partial = partial.isEmpty() ? sameWords(text) : partial;
    return partial.size() == 1 ? partial.get(0) : null;
  }

  /** The organizations named by the same words, however they are joined: {@code blue-harbor}. */
  private List<Candidate> sameWords(String text) {
    String words = words(text);
    return byName(words).all().stream().filter(found -> words(found.name()).equals(words)).toList();
  }

  private static String words(String text) {
    return BETWEEN_WORDS.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
  }

  private Matches byName(String text) {
    boolean isName = !text.isEmpty() && text.length() <= MAX_NAME_LENGTH;
    return !isName || UserReference.of(text).isAddress()
        ? Matches.NONE
        : byName.computeIfAbsent(
            text, name -> listed.matching(name, ReferenceKind.ORGANIZATION, BY_NAME));
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
    if (similar.isEmpty() && kind.mayBeOrganization()) {
      similar.addAll(sameWords(text));
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
