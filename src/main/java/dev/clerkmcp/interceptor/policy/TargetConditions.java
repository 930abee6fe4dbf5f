package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.interceptor.impact.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a rule of the policy says of those whom an operation touches. Of each kind that is given,
 * one has to hold; of the metadata, all.
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

  /** Whether the rule asks nothing about them. */
  boolean isEmpty() {
    return organizations.isEmpty() && emailDomains.isEmpty() && publicMetadata.isEmpty();
  }

  /** Whether enough is known of a target to tell if they hold; what is absent is not known. */
  boolean canBeTold(Target target) {
    return !target.unclear()
        && (emailDomains.isEmpty()
            || target.users().stream().allMatch(user -> user.path("email_addresses").isArray()))
        && (publicMetadata.isEmpty()
            || owners(target).stream().allMatch(owner -> owner.has("public_metadata")));
  }

  /** Whether each holds for someone touched. */
  boolean holdForAny(Target target) {
    return answers(target).stream().allMatch(answers -> answers.contains(true));
  }

  /** Whether each holds for everyone touched whom it could hold for, and there is someone. */
  boolean holdForAll(Target target) {
    return answers(target).stream()
        .allMatch(answers -> !answers.isEmpty() && !answers.contains(false));
  }

  /** For each condition that is given: whether it holds, one after the other touched. */
  private List<List<Boolean>> answers(Target target) {
    List<List<Boolean>> answers = new ArrayList<>();
    if (!organizations.isEmpty()) {
      answers.add(target.organizations().stream().map(this::isNamed).toList());
    }
    if (!emailDomains.isEmpty()) {
      List<Boolean> people = new ArrayList<>();
      target.users().forEach(user -> people.add(hasNamedDomain(user)));
      target.addresses().forEach(address -> people.add(isAtNamedDomain(address)));
      answers.add(people);
    }
    if (!publicMetadata.isEmpty()) {
      answers.add(owners(target).stream().map(this::hasMetadata).toList());
    }
    return answers;
  }

  private static List<JsonNode> owners(Target target) {
    List<JsonNode> owners = new ArrayList<>(target.users());
    owners.addAll(target.organizations());
    return owners;
  }

  private boolean isNamed(JsonNode organization) {
    return organizations.contains(organization.path("id").asText())
        || organizations.contains(organization.path("slug").asText());
  }

  /** Any address counts, verified or not. */
  private boolean hasNamedDomain(JsonNode user) {
    return new ClerkUser(user)
        .values(Identifier.EMAIL_ADDRESS).stream().anyMatch(this::isAtNamedDomain);
  }

  private boolean isAtNamedDomain(String address) {
    return emailDomains.stream().anyMatch(domain -> domain.has(address));
  }

  private boolean hasMetadata(JsonNode owner) {
    JsonNode metadata = owner.path("public_metadata");
    return publicMetadata.entrySet().stream()
        .allMatch(entry -> has(metadata, entry.getKey(), entry.getValue()));
  }

  /** A dot in a path may lead into an object, or be a part of a name. */
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

  /** Numbers are the same however they are written: 1, 1.0. */
  private static boolean isSame(JsonNode a, JsonNode b) {
    boolean numbers = a.isNumber() && b.isNumber();
    return numbers ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
  }
}
