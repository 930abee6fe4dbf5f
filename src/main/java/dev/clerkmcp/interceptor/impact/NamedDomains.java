package dev.clerkmcp.interceptor.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.model.EmailAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the email domains that arguments and Clerk's objects name, in Clerk's spelling: those of
 * connections, of organizations, of the instance, and of allowed and blocked identifiers. Whoever
 * decides about a domain, before a request or by its record, asks here.
 */
public final class NamedDomains {
  private static final String ANY_AT = "*@";

  /** The kinds of objects of which the name is a domain. */
  private static final Set<String> DOMAINS = Set.of("domain", "organization_domain");

  private NamedDomains() {}

  /**
   * All addresses of each domain, such as {@code *@example.com}.
   *
   * @param endpoint where the objects or arguments belong; of some endpoints, a name is a domain
   */
  public static Set<String> in(List<JsonNode> sources, Endpoint endpoint) {
    return in(sources, endpoint.segments().contains("domains"));
  }

  /** All addresses of each domain that an object of Clerk names. */
  static Set<String> in(JsonNode object) {
    return in(List.of(object), false);
  }

  private static Set<String> in(List<JsonNode> sources, boolean isOfDomains) {
    boolean withSubdomains =
        sources.stream()
            .flatMap(source -> source.findValues("allow_subdomains").stream())
            .anyMatch(JsonNode::asBoolean);
    Set<String> patterns = new LinkedHashSet<>();
    for (JsonNode source : sources) {
      List<String> own = new ArrayList<>();
      addTexts(source.path("domain"), own);
      addTexts(source.path("domains"), own);
      if (isOfDomains || isDomain(source)) {
        addTexts(source.path("name"), own);
      }
      String identifier = source.path("identifier").asText("");
      if (isDomain(identifier)) {
        own.add(identifier);
      }
      for (String name : own) {
        patterns.add(ANY_AT + name);
        if (withSubdomains) {
          patterns.add(ANY_AT + "*." + name);
        }
      }
    }
    return patterns;
  }

  /** Whether an object of Clerk is a domain, so that its name is one. */
  private static boolean isDomain(JsonNode object) {
    return DOMAINS.contains(object.path("object").asText());
  }

  private static boolean isDomain(String identifier) {
    return identifier.indexOf('.') >= 0
        && !EmailAddress.hasAtSign(identifier)
        && !identifier.startsWith("+")
        && !identifier.startsWith("0x"); // a wallet
  }

  private static void addTexts(JsonNode value, List<String> texts) {
    if (value.isArray()) {
      value.forEach(item -> addTexts(item, texts));
    } else if (value.isTextual() && !value.textValue().isBlank()) {
      texts.add(value.textValue());
    }
  }
}
