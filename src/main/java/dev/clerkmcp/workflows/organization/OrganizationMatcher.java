package dev.clerkmcp.workflows.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.IsoTime;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.OrganizationTools.OrganizationExtras;
import dev.clerkmcp.tools.OrganizationTools.OrganizationFilter;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the existing organization that an onboarding may be about: the one with the given slug;
 * without a slug, the one with the slug that Clerk derives from the name, or with the same name.
 */
final class OrganizationMatcher {
  private final OrganizationTools organizations;

  OrganizationMatcher(OrganizationTools organizations) {
    this.organizations = organizations;
  }

  /**
   * The organization to continue; null if none matches.
   *
   * @param mayGoOn whether the caller wants to continue an existing organization
   * @throws RefusedException if one exists and the caller does not want to continue it, or if it is
   *     unclear which one is meant
   */
  @Nullable JsonNode find(String name, @Nullable String slug, boolean mayGoOn) {
    List<JsonNode> candidates = candidates(name, slug);
    if (candidates.isEmpty()) {
      return null;
    }
    if (!mayGoOn) {
      throw refused(
          "organization_exists",
          "An organization with this slug or name already exists.",
          "To complete this organization, call again with continue: true; for a new one, give"
              + " another slug.",
          candidates);
    }
    List<JsonNode> named =
        candidates.stream().filter(organization -> isNamed(organization, name)).toList();
    if (named.size() == 1) {
      return named.get(0);
    }
    throw refused(
        "organization_differs",
        named.isEmpty()
            ? "The organization with that slug has another name, so it is not continued."
            : "Several organizations have that name.",
        named.isEmpty()
            ? "Give its name exactly if it is meant, or another slug for a new one."
            : "Give the slug of the one that is meant, or another slug for a new one.",
        candidates);
  }

  /** A refusal that names the organizations in question. */
  static RefusedException refused(
      String code, String message, String next, List<JsonNode> organizations) {
    ObjectNode details = Json.object();
    ArrayNode rows = details.putArray("organizations");
    organizations.forEach(organization -> rows.add(row(organization)));
    return new RefusedException(code, message + " Nothing was changed.", next, details);
  }

  /** The fields that identify an organization in an answer. */
  static ObjectNode identity(JsonNode organization) {
    ObjectNode identity = Json.object();
    for (String field : List.of("id", "name", "slug")) {
      if (organization.hasNonNull(field)) {
        identity.set(field, organization.get(field));
      }
    }
    return identity;
  }

  private static ObjectNode row(JsonNode organization) {
    ObjectNode row = identity(organization);
    IsoTime.put(row, "created_at", organization.path("created_at"));
    return row;
  }

  private List<JsonNode> candidates(String name, @Nullable String slug) {
    List<JsonNode> candidates = new ArrayList<>();
    JsonNode bySlug = findBySlug(slug == null ? slugOf(name) : slug);
    if (bySlug != null) {
      candidates.add(bySlug);
    }
    if (slug != null) {
      return candidates;
    }
    for (JsonNode other :
        Pages.all(page -> organizations.list(OrganizationFilter.matching(name), page))) {
      boolean known = bySlug != null && other.path("id").equals(bySlug.path("id"));
      if (isNamed(other, name) && !known) {
        candidates.add(other);
      }
    }
    return candidates;
  }

  private @Nullable JsonNode findBySlug(String slug) {
    if (slug.isBlank()) {
      return null;
    }
    try {
      JsonNode found = organizations.get(slug, OrganizationExtras.NONE);
      return found.path("slug").asText().equalsIgnoreCase(slug) ? found : null;
    } catch (ClerkException e) {
      if (e.status() == 404) {
        return null;
      }
      throw e;
    }
  }

  private static boolean isNamed(JsonNode organization, String name) {
    return organization.path("name").asText().strip().equalsIgnoreCase(name.strip());
  }

  /**
   * The slug that Clerk derives from a name: lower-case letters and digits without accents, joined
   * by dashes.
   */
  private static String slugOf(String name) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    return plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip().replace(' ', '-');
  }
}
