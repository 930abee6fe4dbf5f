package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Checks the conditions of a rule about the target of a request. A kind without conditions is not
 * checked. The other kinds must all hold: one of the organizations, one of the email domains, and
 * every value of the metadata. Example: the organizations {@code org_1, org_2} and the metadata
 * {@code plan: pro, role: owner} hold for a target in either organization if a user or organization
 * of the target has both values.
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

  /** Whether enough is known about a target; an absent field in Clerk's response is unknown. */
  boolean canBeEvaluated(RequestTarget target) {
    return !target.unclear()
        && (emailDomains.isEmpty()
            || target.users().stream().allMatch(user -> user.path("email_addresses").isArray()))
        && (publicMetadata.isEmpty()
            || owners(target).stream().allMatch(owner -> owner.has("public_metadata")));
  }

  /**
   * Whether each kind holds for at least one user, organization or address of the target. An email
   * domain holds for a user with any address there, verified or not.
   */
  boolean holdForAny(RequestTarget target) {
    return answers(target, this::hasNamedDomain).stream()
        .allMatch(answers -> answers.contains(true));
  }

  /**
   * Whether each kind holds for all that it applies to, and applies to at least one. An email
   * domain holds for a user if each of their addresses is proven and there.
   */
  boolean holdForAll(RequestTarget target) {
    return answers(target, this::hasOnlyNamedDomains).stream()
        .allMatch(answers -> !answers.isEmpty() && !answers.contains(false));
  }

  /** For each kind that is checked: whether it holds for each user, organization or address. */
  private List<List<Boolean>> answers(RequestTarget target, Predicate<ClerkUser> hasDomain) {
    List<List<Boolean>> answers = new ArrayList<>();
    if (!organizations.isEmpty()) {
      answers.add(target.organizations().stream().map(this::isNamed).toList());
    }
    if (!emailDomains.isEmpty()) {
      List<Boolean> addresses = new ArrayList<>();
      target.users().forEach(user -> addresses.add(hasDomain.test(new ClerkUser(user))));
      target.addresses().forEach(address -> addresses.add(isAtNamedDomain(address)));
      answers.add(addresses);
    }
    if (!publicMetadata.isEmpty()) {
      answers.add(owners(target).stream().map(this::hasMetadata).toList());
    }
    return answers;
  }

  private static List<JsonNode> owners(RequestTarget target) {
    List<JsonNode> owners = new ArrayList<>(target.users());
    owners.addAll(target.organizations());
    return owners;
  }

  private boolean isNamed(JsonNode organization) {
    return organizations.contains(organization.path("id").asText())
        || organizations.contains(organization.path("slug").asText());
  }

  private boolean hasNamedDomain(ClerkUser user) {
    return user.values(Identifier.EMAIL_ADDRESS).stream().anyMatch(this::isAtNamedDomain);
  }

  private boolean hasOnlyNamedDomains(ClerkUser user) {
    List<Contact> emails = user.contacts(Identifier.EMAIL_ADDRESS);
    return !emails.isEmpty()
        && emails.stream().allMatch(email -> email.isProven() && isAtNamedDomain(email.value()));
  }

  private boolean isAtNamedDomain(String address) {
    return emailDomains.stream().anyMatch(domain -> domain.has(address));
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
