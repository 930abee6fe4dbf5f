package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Looks users and organizations up in the instance of a run, past all guards. */
final class EntityLookup implements UserSource {
  private static final Endpoint USERS = Endpoint.parse("GET /users");
  private static final Endpoint ORGANIZATIONS = Endpoint.parse("GET /organizations");
  private static final Endpoint ORGANIZATION =
      Endpoint.parse("GET /organizations/{organization_id}");

  /** Nothing else is a slug, and nothing else goes into a path. */
  private static final Pattern SLUG = Pattern.compile("[\\p{L}\\p{N}_-]{1,256}");

  private static final int MOST_CANDIDATES = 5;

  private final ToolCallContext run;

  EntityLookup(ToolCallContext run) {
    this.run = run;
  }

  @Override
  public JsonNode matching(ObjectNode filter, int limit) {
    return rows(run.read(USERS, filter.deepCopy().put("limit", limit)));
  }

  /**
   * Everybody whom a text identifies.
   *
   * @throws ClerkException if Clerk refuses to say
   */
  List<Candidate> meanings(String text, ReferenceKind party) {
    List<Candidate> meanings = new ArrayList<>();
    if (party.mayBeUser()) {
      UserReference.of(text).exact(this).forEach(match -> meanings.add(Candidate.of(match)));
    }
    if (party.mayBeOrganization() && SLUG.matcher(text).matches()) {
      meanings.addAll(bySlug(text));
    }
    return meanings;
  }

  /**
   * Some whom a text may be meant to name.
   *
   * @throws ClerkException if Clerk refuses to say
   */
  List<Candidate> candidates(String text, ReferenceKind party) {
    List<Candidate> candidates = new ArrayList<>();
    if (party.mayBeUser()) {
      UserReference.of(text)
          .similar(this, MOST_CANDIDATES)
          .forEach(match -> candidates.add(Candidate.of(match)));
    }
    if (party.mayBeOrganization() && !UserReference.of(text).rounds().isEmpty()) {
      ObjectNode query = Json.object().put("query", text).put("limit", MOST_CANDIDATES);
      for (JsonNode organization : rows(run.read(ORGANIZATIONS, query))) {
        candidates.add(Candidate.ofOrganization(organization, "part of name or slug"));
      }
    }
    return candidates.subList(0, Math.min(candidates.size(), MOST_CANDIDATES));
  }

  private List<Candidate> bySlug(String slug) {
    try {
      JsonNode organization = run.read(ORGANIZATION, Json.object().put("organization_id", slug));
      return organization.path("slug").asText("").equalsIgnoreCase(slug)
          ? List.of(Candidate.ofOrganization(organization, "slug"))
          : List.of();
    } catch (ClerkException e) {
      if (e.status() == 404) {
        return List.of();
      }
      throw e;
    }
  }

  private static JsonNode rows(JsonNode answer) {
    return answer.isArray() ? answer : answer.path("data");
  }
}
