package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The email addresses of a user, as Clerk answers one. */
public final class UserEmails {
  private UserEmails() {}

  /** All in the form in which they are compared, each once. */
  public static List<String> of(JsonNode user) {
    return StreamSupport.stream(user.path("email_addresses").spliterator(), false)
        .map(UserEmails::address)
        .filter(address -> !address.isEmpty())
        .sorted()
        .distinct()
        .toList();
  }

  /** The primary one, as Clerk has it; null if there is none. */
  public static @Nullable JsonNode findPrimary(JsonNode user) {
    String id = user.path("primary_email_address_id").asText("");
    for (JsonNode email : user.path("email_addresses")) {
      if (!id.isEmpty() && email.path("id").asText().equals(id)) {
        return email;
      }
    }
    return null;
  }

  /** That of an address, as Clerk has it; null if it is not theirs. */
  public static @Nullable JsonNode find(JsonNode user, String address) {
    for (JsonNode email : user.path("email_addresses")) {
      if (address(email).equals(EmailList.normal(address))) {
        return email;
      }
    }
    return null;
  }

  /** The address of one of them in the form in which it is compared; empty if it has none. */
  public static String address(JsonNode email) {
    return EmailList.normal(email.path("email_address").asText(""));
  }

  /** Whether the user has shown that it is theirs. */
  public static boolean isVerified(JsonNode email) {
    return email.path("verification").path("status").asText().equals("verified");
  }
}
