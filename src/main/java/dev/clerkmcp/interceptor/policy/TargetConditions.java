package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks the conditions of a rule about one {@link Subject}. A kind without conditions is not
 * checked. The other kinds must all hold: one of the organizations, one of the email domains, and
 * every value of the metadata. Example: the organizations {@code org_1, org_2} and the metadata
 * {@code plan: pro, role: owner} hold for a user in either organization if the user, or that
 * organization, has both values.
 *
 * @param organizations IDs and slugs
 * @param publicMetadata values by their dotted paths
 */
record TargetConditions(
    Set<String> organizations,
    List<EmailDomain> emailDomains,
    Map<String, JsonNode> publicMetadata) {
  TargetConditions {
    organizations = Set.copyOf(organizations);
    emailDomains = List.copyOf(emailDomains);
    publicMetadata = new TreeMap<>(publicMetadata);
  }

  /** Whether there are no conditions. */
  boolean isEmpty() {
    return organizations.isEmpty() && emailDomains.isEmpty() && publicMetadata.isEmpty();
  }

  /** Whether enough is known about a subject; an absent field in Clerk's response is unknown. */
  boolean canBeEvaluated(Subject subject) {
    JsonNode user = subject.user();
    boolean addressesKnown =
        (user == null || user.path("email_addresses").isArray())
            && subject.addresses().stream().allMatch(Subject.Address::isClear);
    return subject.known()
        && (emailDomains.isEmpty() || addressesKnown)
        && (publicMetadata.isEmpty()
            || subject.owners().stream().allMatch(owner -> owner.has("public_metadata")));
  }

  /**
   * Whether the conditions hold in part, as is enough to deny: any address is in a named domain,
   * verified or not, and the user or the organization has the metadata.
   */
  boolean holdForAny(Subject subject) {
    return (organizations.isEmpty() || isNamed(subject))
        && (emailDomains.isEmpty()
            || subject.addresses().stream().anyMatch(address -> isTouched(address.text())))
        && (publicMetadata.isEmpty() || subject.owners().stream().anyMatch(this::hasMetadata));
  }

  /**
   * Whether the conditions hold in full, as it takes to allow: every address is verified and in a
   * named domain, and the user and the organization both have the metadata. Domains say nothing
   * about an organization, so a rule with domains has to name the organization that the request
   * touches as well. A member of a deleted organization is allowed with the organization.
   */
  boolean holdForAll(Subject subject) {
    boolean hold =
        (organizations.isEmpty() || isNamed(subject))
            && (emailDomains.isEmpty()
                || (isAtNamedDomains(subject.addresses())
                    && (subject.organization() == null || isNamed(subject))))
            && (publicMetadata.isEmpty() || haveMetadata(subject.owners()));
    return hold || (subject.member() && holdForAll(subject.organizationAlone()));
  }

  private boolean isNamed(Subject subject) {
    JsonNode organization = subject.organization();
    return organization != null
        && (organizations.contains(organization.path("id").asText())
            || organizations.contains(organization.path("slug").asText()));
  }

  private boolean isTouched(String address) {
    return emailDomains.stream().anyMatch(domain -> domain.touches(address));
  }

  private boolean isAtNamedDomains(List<Subject.Address> addresses) {
    return !addresses.isEmpty()
        && addresses.stream()
            .allMatch(
                address ->
                    address.verified()
                        && emailDomains.stream().anyMatch(domain -> domain.has(address.text())));
  }

  private boolean haveMetadata(List<JsonNode> owners) {
    return !owners.isEmpty() && owners.stream().allMatch(this::hasMetadata);
  }

  private boolean hasMetadata(JsonNode owner) {
    JsonNode metadata = owner.path("public_metadata");
    return publicMetadata.entrySet().stream()
        .allMatch(entry -> has(metadata, entry.getKey(), entry.getValue()));
  }

  /**
   * Whether metadata has a value at a path. A dot in the path leads into an object, or is part of a
   * key.
   */
  private static boolean has(JsonNode metadata, String path, JsonNode value) {
    if (isOrContains(metadata.path(path), value)) {
      return true;
    }
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      JsonNode inner = metadata.path(path.substring(0, dot));
      if (inner.isObject() && has(inner, path.substring(dot + 1), value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOrContains(JsonNode found, JsonNode value) {
    if (!found.isArray()) {
      return isSame(found, value);
    }
    for (JsonNode element : found) {
      if (isSame(element, value)) {
        return true;
      }
    }
    return false;
  }

  /** Whether two values are equal; 1 and 1.0 are. */
  private static boolean isSame(JsonNode a, JsonNode b) {
    boolean numbers = a.isNumber() && b.isNumber();
    return numbers ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
  }
}
