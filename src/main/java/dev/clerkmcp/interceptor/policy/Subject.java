package dev.clerkmcp.interceptor.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One person, address or email domain that a request touches, in one of the organizations that it
 * touches. The policy judges each by itself, so that the conditions of a rule never hold for two
 * people together.
 *
 * @param user as Clerk returns it; null for an address, a domain or an organization alone
 * @param addresses the addresses of the user, or the one address; a domain is {@code *@example.com}
 * @param organization null if the request touches none
 * @param member whether the request names only the organization, and touches this member with it
 * @param known false stands for people and organizations that could not be determined
 */
record Subject(
    @Nullable JsonNode user,
    List<Address> addresses,
    @Nullable JsonNode organization,
    boolean member,
    boolean known) {
  /** Stands for people and organizations that could not be determined. */
  static final Subject UNKNOWN = new Subject(null, List.of(), null, false, false);

  private static final Subject NOBODY = new Subject(null, List.of(), null, false, true);

  Subject {
    addresses = List.copyOf(addresses);
  }

  /**
   * An email address, or every address of a domain as {@code *@example.com}.
   *
   * @param verified whether it is proven to be the user's; an address without a user counts as
   *     verified, since only its owner gets what is sent to it
   */
  record Address(String text, boolean verified) {
    private static final Pattern PLAIN = Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

    /** The domain that mail goes to; {@code *.example.com} stands for all subdomains. */
    String domain() {
      return EmailAddress.of(text).mailDomain();
    }

    /** Whether its domain is a domain; a mail server may read any other text in its own way. */
    boolean isClear() {
      return PLAIN.matcher(domain()).matches();
    }
  }

  /** A user, with addresses that the user is given. */
  static Subject of(JsonNode user, List<String> further) {
    List<Address> addresses = new ArrayList<>();
    for (Contact contact : new ClerkUser(user).contacts(Identifier.EMAIL_ADDRESS)) {
      addresses.add(new Address(contact.value(), contact.isProven()));
    }
    further.forEach(address -> addresses.add(new Address(address, true)));
    return new Subject(user, addresses, null, false, true);
  }

  /** An address of a person who may not be a user, or a domain as {@code *@example.com}. */
  static Subject of(String address) {
    return new Subject(null, List.of(new Address(address, true)), null, false, true);
  }

  /** Each person in each organization; if there are only people or only organizations, those. */
  static List<Subject> each(List<Subject> people, List<JsonNode> organizations) {
    List<Subject> persons = people.isEmpty() ? List.of(NOBODY) : people;
    if (organizations.isEmpty()) {
      return persons;
    }
    List<Subject> all = new ArrayList<>();
    for (JsonNode organization : organizations) {
      persons.forEach(person -> all.add(person.in(organization, false)));
    }
    return all;
  }

  /** The same person in an organization. */
  Subject in(JsonNode other, boolean asMember) {
    return new Subject(user, addresses, other, asMember, known);
  }

  /** The organization without the person. */
  Subject organizationAlone() {
    return new Subject(null, List.of(), organization, false, known);
  }

  /** The objects whose metadata counts. */
  List<JsonNode> owners() {
    List<JsonNode> owners = new ArrayList<>();
    if (user != null) {
      owners.add(user);
    }
    if (organization != null) {
      owners.add(organization);
    }
    return owners;
  }

  /** The subject for a person who tests a policy. */
  ObjectNode toJson() {
    ObjectNode json = Json.object();
    if (user != null) {
      ObjectNode brief = new ClerkUser(user).brief();
      json.set("user", brief);
      for (Address address : addresses) { // those that the call adds, too
        if (!address.text().equals(brief.path("email").asText())) {
          json.withArray("addresses").add(address.text());
        }
      }
    } else if (!addresses.isEmpty()) {
      json.put("address", addresses.get(0).text());
    }
    if (organization != null) {
      json.set(
          "organization",
          Json.object()
              .put("id", organization.path("id").asText())
              .put("name", organization.path("name").asText()));
    }
    if (!known) {
      json.put("unknown", true);
    }
    return json;
  }
}
